/**
 * @class vtkAPTAlgorithm
 * @brief common base of the filters: one place for errors, cancel and agreement of ranks
 *
 * An execution that fails reports one error (on rank 0) and leaves empty outputs; one that is
 * cancelled leaves the previous outputs. RequestData never fails for the executive, which would
 * add messages of its own.
 */
#ifndef vtkAPTAlgorithm_h
#define vtkAPTAlgorithm_h

#include "APTCSROFiltersModule.h"

#include <vtkAlgorithm.h>
#include <vtkSmartPointer.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace csro {
class Call;
}
class vtkDataObject;
class vtkDoubleArray;
class vtkStringArray;

class APTCSROFILTERS_EXPORT vtkAPTAlgorithm : public vtkAlgorithm {
public:
  vtkAbstractTypeMacro(vtkAPTAlgorithm, vtkAlgorithm);
  vtkTypeBool ProcessRequest(vtkInformation *request, vtkInformationVector **inputs,
                             vtkInformationVector *outputs) override;

  /// Asks for a cancel. Changes nothing that an output depends on: no Modified, or the rank that
  /// was asked would later execute alone.
  void SetAbortExecute(vtkTypeBool abort) override {
    this->AbortExecute = abort;
  }

  /// Asks the filters that execute in this process for a cancel. False when none does.
  static bool CancelRunning();
  /// Whether there are any that have not been asked.
  static bool IsAnyRunning();
  bool IsRunning() const;

  ///@{
  /// Threads of each rank; 0: OMP_NUM_THREADS, else the cores of the host, shared with the ranks
  /// on it. At most 4096.
  vtkSetMacro(Threads, int);
  vtkGetMacro(Threads, int);
  ///@}

  /// Whether an input port takes a group of data sets as one: those of ions do.
  virtual bool TakesGroups(int port);

  /// Whether each data set of a group is an input of its own there.
  virtual bool SplitsGroups(int) {
    return false;
  }

  /// Version of the plugin.
  const char *GetVersion() {
    return APTCSRO_VERSION;
  }

  /// Largest resident size so far, in bytes, summed over the ranks.
  vtkGetMacro(PeakMemory, double);

  /// Threads of this rank in the last execution.
  vtkGetMacro(ThreadsUsed, int);

  ///@{
  /// Names and colours (red, green, blue, 0 to 1) of the species in the first output; empty
  /// when it has none.
  vtkStringArray *GetSpeciesNames();
  vtkDoubleArray *GetSpeciesColors();
  ///@}

  /// Takes what is connected to the optional second input away.
  void RemoveOptionalInput() {
    this->SetInputConnection(1, nullptr);
  }

protected:
  vtkAPTAlgorithm();
  ~vtkAPTAlgorithm() override;

  /// Says what an input port takes (INPUT_REQUIRED_DATA_TYPE and so on). Groups of data sets come
  /// in at every port: those of ions are taken as one (Inputs.h), others are refused.
  virtual void DescribeInput(int port, vtkInformation *info);
  int FillInputPortInformation(int port, vtkInformation *info) final;

  /// States the range of a numeric property, in the constructor. Execute and Inform are not called
  /// with any other number: the error says so. The XML of the property says the same.
  ///@{
  template <typename Number>
  void Expect(const char *name, const Number &value, double lo, double hi, const char *unit = "") {
    this->Expectations.push_back(
        {name, lo, hi, unit, [&value] { return std::vector<double>(1, value); }});
  }
  template <typename Number>
  void Expect(const char *name, const std::vector<Number> &values, double lo, double hi,
              const char *unit = "") {
    this->Expectations.push_back({name, lo, hi, unit, [&values] {
                                    return std::vector<double>(values.begin(), values.end());
                                  }});
  }
  template <typename Number, size_t Count>
  void Expect(const char *name, const Number (&values)[Count], double lo, double hi,
              const char *unit = "") {
    this->Expectations.push_back(
        {name, lo, hi, unit, [&values] { return std::vector<double>(values, values + Count); }});
  }
  ///@}

  /// Says, in the constructor, that an input port after the first must be connected, and what the
  /// error says where it is not. (The executive would say so for every request, in its own words.)
  void Need(int port, const char *advice) {
    this->Needs.push_back({port, advice});
  }

  /// Describes outputs before they exist (extents). Errors wait for Execute.
  virtual void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs);

  /// Changes what is requested from the inputs.
  virtual void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs);

  /// Does the work; throws csro::Failure.
  virtual void RequestData(csro::Call &call, vtkInformationVector **inputs,
                           vtkInformationVector *outputs) = 0;

  /// Output of every rank under its own piece: what sources and image filters announce.
  static void AnnouncePieces(vtkInformationVector *outputs);

  /// Brings the first input up to date, the part that its information asks for.
  void UpdateInput();

private:
  struct Expectation {
    const char *Name;
    double Lo, Hi;
    const char *Unit;
    std::function<std::vector<double>()> Values;
  };

  struct Needed {
    int Port;
    const char *Advice;
  };

  /// The advice for the first input that is missing, "" when none is.
  std::string FindMissing();

  /// What is wrong with the inputs or the properties, "" when nothing is.
  std::string FindFault();
  void Announce(vtkInformationVector **inputs, vtkInformationVector *outputs);
  void ShareDemand(vtkInformation *request, vtkInformationVector *outputs);
  bool IsInputStopped(); // by Cancel, before it had made anything
  void Keep(vtkInformationVector *outputs);
  void Restore(vtkInformationVector *outputs);
  void Run(vtkInformationVector **inputs, vtkInformationVector *outputs);

  static std::vector<vtkAPTAlgorithm *> Running;

  std::vector<Expectation> Expectations;
  std::vector<Needed> Needs;
  int Threads = 0;
  int ThreadsUsed = 0;
  double PeakMemory = 0;
  vtkSmartPointer<vtkStringArray> Names;
  vtkSmartPointer<vtkDoubleArray> Colors;
  std::vector<vtkSmartPointer<vtkDataObject>> Kept;

  vtkAPTAlgorithm(const vtkAPTAlgorithm &) = delete;
  void operator=(const vtkAPTAlgorithm &) = delete;
};

#endif

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

  ///@{
  /// Threads of each rank; 0: OMP_NUM_THREADS, else the cores of the host, shared with the ranks
  /// on it.
  vtkSetClampMacro(Threads, int, 0, 4096);
  vtkGetMacro(Threads, int);
  ///@}

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

  /// Describes outputs before they exist (extents). Errors wait for Execute.
  virtual void Inform(vtkInformationVector **inputs, vtkInformationVector *outputs);

  /// Changes what is requested from the inputs.
  virtual void Demand(vtkInformationVector **inputs, vtkInformationVector *outputs);

  /// Does the work; throws csro::Failure.
  virtual void Execute(csro::Call &call, vtkInformationVector **inputs,
                       vtkInformationVector *outputs) = 0;

  /// Output of every rank under its own piece: what sources and image filters announce.
  static void AnnouncePieces(vtkInformationVector *outputs);

  /// Brings the first input up to date, the part that its information asks for.
  void UpdateInput();

private:
  void ShareDemand(vtkInformation *request, vtkInformationVector *outputs);
  void Keep(vtkInformationVector *outputs);
  void Restore(vtkInformationVector *outputs);
  void RequestData(vtkInformationVector **inputs, vtkInformationVector *outputs);

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

/**
 * @class vtkAPTReader
 * @brief reads atom probe ions and labels them by a range file
 *
 * Each rank reads its own part of the file.
 */
#ifndef vtkAPTReader_h
#define vtkAPTReader_h

#include "vtkAPTAlgorithm.h"

#include <string>
#include <vector>

class APTCSROFILTERS_EXPORT vtkAPTReader : public vtkAPTAlgorithm {
public:
  static vtkAPTReader *New();
  vtkTypeMacro(vtkAPTReader, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Ion files: one, or a series, of which each is a time step (0, 1, ...).
  void AddFileName(const char *name);
  void RemoveAllFileNames();
  void SetFileName(const char *name); // instead of all before
  int GetNumberOfFileNames();
  const char *GetFileName(int i); // nullptr where there is none
  ///@}

  ///@{
  /// Range file, for all time steps; without one the species are the types of ions of an .apt file,
  /// if any.
  void SetRangesFileName(const char *name);
  const char *GetRangesFileName();
  ///@}

  ///@{
  /// Whether ions whose position or mass is not finite are left out; they are an error otherwise.
  vtkSetMacro(LeaveOutNotFinite, bool);
  vtkGetMacro(LeaveOutNotFinite, bool);
  ///@}

  /// The range file beside the first file that is taken to be its own (csro_ranges_beside), ""
  /// without one.
  const char *GetRangesBeside();

protected:
  vtkAPTReader();
  ~vtkAPTReader() override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  // Which file of the series is asked for.
  size_t FindStep(vtkInformation *output) const;
  // Says when the range file was given for other ions and these have their own.
  void WarnOfFormerRanges();

  std::vector<std::string> FileNames;
  std::string Former; // the ions that the range file was given for, where they were changed since
  std::string RangesFileName;
  bool LeaveOutNotFinite = false;
  std::string RangesBeside;
};

#endif

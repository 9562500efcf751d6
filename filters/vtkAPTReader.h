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

class APTCSROFILTERS_EXPORT vtkAPTReader : public vtkAPTAlgorithm {
public:
  static vtkAPTReader *New();
  vtkTypeMacro(vtkAPTReader, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Ion file.
  vtkSetFilePathMacro(FileName);
  vtkGetFilePathMacro(FileName);
  ///@}

  ///@{
  /// Range file; without one the species are the types of ions of an .apt file, if any.
  vtkSetFilePathMacro(RangesFileName);
  vtkGetFilePathMacro(RangesFileName);
  ///@}

  ///@{
  /// Whether ions whose position or mass is not finite are left out; they are an error otherwise.
  vtkSetMacro(LeaveOutNotFinite, bool);
  vtkGetMacro(LeaveOutNotFinite, bool);
  ///@}

  /// The range file beside FileName under the same name, "" without one.
  const char *GetRangesBeside();

protected:
  vtkAPTReader();
  ~vtkAPTReader() override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *FileName = nullptr;
  char *RangesFileName = nullptr;
  bool LeaveOutNotFinite = false;
  std::string RangesBeside;
};

#endif

/**
 * @class vtkRangesWriter
 * @brief writes the ranges of ions as a range file (.rrng)
 *
 * Ions that a range file has labelled carry its ranges in the field array MassRanges. The first
 * rank writes.
 */
#ifndef vtkRangesWriter_h
#define vtkRangesWriter_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkRangesWriter : public vtkAPTAlgorithm {
public:
  static vtkRangesWriter *New();
  vtkTypeMacro(vtkRangesWriter, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// File to write.
  vtkSetFilePathMacro(FileName);
  vtkGetFilePathMacro(FileName);
  ///@}

  /// Updates the input and writes the file.
  void Write();

protected:
  vtkRangesWriter();
  ~vtkRangesWriter() override;
  void DescribeInput(int port, vtkInformation *info) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *FileName = nullptr;
};

#endif

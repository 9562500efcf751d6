/**
 * @class vtkAPTWriter
 * @brief writes atom probe ions as .pos, .epos, .csv, .xyz, .extxyz, .dump or .nxs
 *
 * The ending of the name chooses the format. Ions are written in the order of their IonId over all
 * ranks (without one: as they are). Each rank writes its own part in turn, the file takes its name
 * at the end: it is whole, or nothing is left and an older file stays.
 */
#ifndef vtkAPTWriter_h
#define vtkAPTWriter_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkAPTWriter : public vtkAPTAlgorithm {
public:
  static vtkAPTWriter *New();
  vtkTypeMacro(vtkAPTWriter, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// File to write.
  vtkSetFilePathMacro(FileName);
  vtkGetFilePathMacro(FileName);
  ///@}

  /// Updates the input and writes the file.
  void Write();

protected:
  vtkAPTWriter();
  ~vtkAPTWriter() override;
  void DescribeInput(int port, vtkInformation *info) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *FileName = nullptr;
};

#endif

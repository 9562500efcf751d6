/**
 * @class vtkMassSpectrum
 * @brief histogram of mass-to-charge, of all ions and of each species
 *
 * The output is a table for a chart (on rank 0). Masses in Da.
 */
#ifndef vtkMassSpectrum_h
#define vtkMassSpectrum_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkMassSpectrum : public vtkAPTAlgorithm {
public:
  static vtkMassSpectrum *New();
  vtkTypeMacro(vtkMassSpectrum, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Width of a bin.
  vtkSetMacro(BinWidth, double);
  vtkGetMacro(BinWidth, double);
  ///@}

  ///@{
  /// Where the histogram ends; it begins at 0.
  vtkSetMacro(UpperLimit, double);
  vtkGetMacro(UpperLimit, double);
  ///@}

protected:
  vtkMassSpectrum();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  double BinWidth = 0.01;
  double UpperLimit = 0;
};

#endif

/**
 * @class vtkMassSpectrum
 * @brief histogram of mass-to-charge, of all ions and of each species
 *
 * Output 0 is a table for a chart; output 1 an image of the pairs of ions of one pulse by both
 * masses (csro/multiple_hits.h), its points are the centres of the bins. On rank 0. Masses in Da.
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

  ///@{
  /// Of the pairs: width of a bin, and where they end.
  vtkSetMacro(PairWidth, double);
  vtkGetMacro(PairWidth, double);
  vtkSetMacro(PairLimit, double);
  vtkGetMacro(PairLimit, double);
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
  double PairWidth = 0.2;
  double PairLimit = 100;
};

#endif

/**
 * @class vtkSpectrumFit
 * @brief background and overlaps of a mass spectrum, corrected composition, charge states, peaks
 *
 * Outputs are tables on rank 0: the spectrum with its background, the ranges, the kinds of ions,
 * the corrected composition, the peaks. Masses in Da.
 */
#ifndef vtkSpectrumFit_h
#define vtkSpectrumFit_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkSpectrumFit : public vtkAPTAlgorithm {
public:
  static vtkSpectrumFit *New();
  vtkTypeMacro(vtkSpectrumFit, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// csro_background_model.
  vtkSetMacro(Background, int);
  vtkGetMacro(Background, int);
  ///@}

  ///@{
  /// Width of a bin of the spectrum.
  vtkSetMacro(BinWidth, double);
  vtkGetMacro(BinWidth, double);
  ///@}

  ///@{
  /// Where the spectrum ends; it begins at 0.
  vtkSetMacro(UpperLimit, double);
  vtkGetMacro(UpperLimit, double);
  ///@}

  ///@{
  /// Standard deviations by which a peak rises above the background and its surroundings.
  vtkSetMacro(PeakDeviations, double);
  vtkGetMacro(PeakDeviations, double);
  ///@}

protected:
  vtkSpectrumFit();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  int Background = 1;
  double BinWidth = 0.01;
  double UpperLimit = 200;
  double PeakDeviations = 5;
};

#endif

/**
 * @class vtkDataQuality
 * @brief whether a data set is good enough to look for order along its pole
 *
 * Input are the ions, output a table with a row for each quantity, on rank 0: value, interval,
 * unit, verdict and what it means in words.
 */
#ifndef vtkDataQuality_h
#define vtkDataQuality_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkDataQuality : public vtkAPTAlgorithm {
public:
  static vtkDataQuality *New();
  vtkTypeMacro(vtkDataQuality, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Spacing of the planes that the analysis assumes; 0: none.
  vtkSetMacro(PlaneSpacing, double);
  vtkGetMacro(PlaneSpacing, double);
  ///@}

  ///@{
  /// Species with their nominal shares, "Co 1, Cr 1, Ni 1"; empty: not known.
  vtkSetStringMacro(NominalComposition);
  vtkGetStringMacro(NominalComposition);
  ///@}

protected:
  vtkDataQuality();
  ~vtkDataQuality() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  double PlaneSpacing = 0;
  char *NominalComposition = nullptr;
};

#endif

/**
 * @class vtkProfile
 * @brief composition and density along an axis
 *
 * Input 0 are the ions, input 1, optional, their domain ions. The output is a table with a row per
 * bin, on rank 0.
 */
#ifndef vtkProfile_h
#define vtkProfile_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkProfile : public vtkAPTAlgorithm {
public:
  static vtkProfile *New();
  vtkTypeMacro(vtkProfile, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Of any length but 0.
  vtkSetVector3Macro(Direction, double);
  vtkGetVector3Macro(Direction, double);
  ///@}

  ///@{
  /// Of a bin, nm.
  vtkSetMacro(Width, double);
  vtkGetMacro(Width, double);
  ///@}

protected:
  vtkProfile();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  double Direction[3] = {0, 0, 1};
  double Width = 1;
};

#endif

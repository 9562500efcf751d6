/**
 * @class vtkProximityHistogram
 * @brief composition by the distance from the surface of domains, or from an isosurface
 *
 * Input 0 are the ions, input 1 their domain ions or a surface of triangles. The output is a table
 * with a row per bin, on rank 0.
 */
#ifndef vtkProximityHistogram_h
#define vtkProximityHistogram_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkProximityHistogram : public vtkAPTAlgorithm {
public:
  static vtkProximityHistogram *New();
  vtkTypeMacro(vtkProximityHistogram, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Largest distance, nm.
  vtkSetMacro(Reach, double);
  vtkGetMacro(Reach, double);
  ///@}

  ///@{
  /// Of a bin, nm.
  vtkSetMacro(Width, double);
  vtkGetMacro(Width, double);
  ///@}

  ///@{
  /// Whether the inside of a surface is the side that its normals point to.
  vtkSetMacro(Flip, bool);
  vtkGetMacro(Flip, bool);
  ///@}

protected:
  vtkProximityHistogram();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  double Reach = 3;
  double Width = 0.2;
  bool Flip = false;
};

#endif

/**
 * @class vtkVoxelizeAPT
 * @brief overlapping voxels over ions, with the ions of each species counted
 *
 * The output's points are the centres of the voxels. A voxel holds the ions of a ball around its
 * centre. Each rank has a block of voxels. Lengths in nm.
 */
#ifndef vtkVoxelizeAPT_h
#define vtkVoxelizeAPT_h

#include "vtkAPTAlgorithm.h"

#include <memory>

class APTCSROFILTERS_EXPORT vtkVoxelizeAPT : public vtkAPTAlgorithm {
public:
  static vtkVoxelizeAPT *New();
  vtkTypeMacro(vtkVoxelizeAPT, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum BoxModeType { BOX_OF_IONS, BOX_GIVEN };

  ///@{
  /// BOX_OF_IONS: the bounds of the ions, snapped inwards to the stride. BOX_GIVEN: BoxText or Box.
  vtkSetMacro(BoxMode, int);
  vtkGetMacro(BoxMode, int);
  ///@}

  ///@{
  /// xmin, xmax, ymin, ymax, zmin, zmax.
  vtkSetVector6Macro(Box, double);
  vtkGetVector6Macro(Box, double);
  ///@}

  ///@{
  /// The same as text, "x0,x1,y0,y1,z0,z1"; taken instead of Box when not empty.
  vtkSetStringMacro(BoxText);
  vtkGetStringMacro(BoxText);
  ///@}

  ///@{
  /// Edge of a voxel; a whole multiple of Stride.
  vtkSetMacro(Edge, double);
  vtkGetMacro(Edge, double);
  ///@}

  ///@{
  /// Distance of neighbouring voxels.
  vtkSetMacro(Stride, double);
  vtkGetMacro(Stride, double);
  ///@}

  ///@{
  /// Radius of the ball that a voxel takes its ions from.
  vtkSetMacro(BallRadius, double);
  vtkGetMacro(BallRadius, double);
  ///@}

protected:
  vtkVoxelizeAPT();
  ~vtkVoxelizeAPT() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct GridResult;

  void FindGrid(csro::Call &call, vtkInformationVector **inputs);

  int BoxMode = BOX_OF_IONS;
  double Box[6] = {-5, 5, -5, 5, -12, 0};
  char *BoxText = nullptr;
  double Edge = 1.0;
  double Stride = 0.5;
  double BallRadius = 0.75;
  std::unique_ptr<GridResult> Found;
};

#endif

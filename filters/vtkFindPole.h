/**
 * @class vtkFindPole
 * @brief where the lattice planes across z lie, from the ions alone
 *
 * Input are the ions: those with Species other than unranged count, all where there are no Species.
 * Output 0 are the ions, rotated so that the planes lie across z; output 1 the map, a point for
 * each block; output 2 a table of one row; output 3 a table of the poles in all directions. All but
 * the ions on rank 0. Lengths in nm, angles in degrees.
 */
#ifndef vtkFindPole_h
#define vtkFindPole_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkFindPole : public vtkAPTAlgorithm {
public:
  static vtkFindPole *New();
  vtkTypeMacro(vtkFindPole, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Smallest and largest spacing of the planes.
  vtkSetVector2Macro(SpacingRange, double);
  vtkGetVector2Macro(SpacingRange, double);
  ///@}

  ///@{
  /// Largest angle between the normal of the planes and z.
  vtkSetMacro(LargestTilt, double);
  vtkGetMacro(LargestTilt, double);
  ///@}

  ///@{
  /// Rotate the ions, so that the planes lie across z.
  vtkSetMacro(Align, bool);
  vtkGetMacro(Align, bool);
  vtkBooleanMacro(Align, bool);
  ///@}

  ///@{
  /// Look for planes in all directions, too.
  vtkSetMacro(AllDirections, bool);
  vtkGetMacro(AllDirections, bool);
  vtkBooleanMacro(AllDirections, bool);
  ///@}

protected:
  vtkFindPole();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  double SpacingRange[2] = {0.12, 0.4};
  double LargestTilt = 12;
  bool Align = true;
  bool AllDirections = false;
};

#endif

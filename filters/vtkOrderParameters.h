/**
 * @class vtkOrderParameters
 * @brief order parameters of all pairs of species, against randomised copies
 *
 * alpha_AB = 1 - p_AB / c_B (Warren and Cowley) by radial shells, by the nearest neighbours, or by
 * how many lattice planes lie between (csro/order_parameters.h). Output 0: a table with a row for
 * each pair and value; output 1: the same for a chart, with a row for each value; output 2, by
 * planes alone: what can be detected against the blur of the planes (csro/go_no_go.h). Tables are
 * on rank 0. Lengths in nm.
 */
#ifndef vtkOrderParameters_h
#define vtkOrderParameters_h

#include "vtkCopiesAlgorithm.h"

#include <memory>

class APTCSROFILTERS_EXPORT vtkOrderParameters : public vtkCopiesAlgorithm {
public:
  static vtkOrderParameters *New();
  vtkTypeMacro(vtkOrderParameters, vtkCopiesAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Species and elements, "Ni, Co"; empty: every element but hydrogen with 1 % of the ranged ions.
  vtkSetStringMacro(Species);
  vtkGetStringMacro(Species);
  ///@}

  ///@{
  /// What neighbours are told apart by: 0 radial shells, 1 nearest neighbours, 2 plane offsets.
  vtkSetMacro(By, int);
  vtkGetMacro(By, int);
  ///@}

  ///@{
  /// Radial shells: so many of equal thickness between two radii.
  vtkSetVector2Macro(Radii, double);
  vtkGetVector2Macro(Radii, double);
  vtkSetMacro(Shells, int);
  vtkGetMacro(Shells, int);
  ///@}

  ///@{
  /// Nearest neighbours: so many at most, and none farther away than Reach.
  vtkSetMacro(NearestNeighbours, int);
  vtkGetMacro(NearestNeighbours, int);
  vtkSetMacro(Reach, double);
  vtkGetMacro(Reach, double);
  ///@}

  ///@{
  /// Plane offsets: 0 .. PlaneOffsets planes between, not farther than Lateral across z; SigmaZ is
  /// the blur of the planes, 0: as measured.
  vtkSetMacro(PlaneOffsets, int);
  vtkGetMacro(PlaneOffsets, int);
  vtkSetMacro(Lateral, double);
  vtkGetMacro(Lateral, double);
  vtkSetMacro(SigmaZ, double);
  vtkGetMacro(SigmaZ, double);
  ///@}

  ///@{
  /// Length of a periodic box along x, y and z; 0: not periodic.
  vtkSetVector3Macro(Period, double);
  vtkGetVector3Macro(Period, double);
  ///@}

  ///@{
  /// Output 3: the ions with alpha of their own neighbours and of the cell of CellSize (nm) that
  /// they are in, output 4: the cells as an image; of shell number MapOf, of the MapOf nearest
  /// neighbours, or MapOf planes apart.
  vtkSetMacro(Maps, int);
  vtkGetMacro(Maps, int);
  vtkSetMacro(MapOf, int);
  vtkGetMacro(MapOf, int);
  vtkSetMacro(CellSize, double);
  vtkGetMacro(CellSize, double);
  ///@}

protected:
  vtkOrderParameters();
  ~vtkOrderParameters() override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Grid;
  struct Measurement;
  void FindCells(vtkInformationVector **inputs);

  std::unique_ptr<Grid> Found;
  char *Species = nullptr;
  int By = 0;
  double Radii[2] = {0, 1};
  int Shells = 10;
  int NearestNeighbours = 12;
  double Reach = 2;
  int PlaneOffsets = 6;
  double Lateral = 0.6;
  double SigmaZ = 0;
  double Period[3] = {0, 0, 0};
  int Maps = 0;
  int MapOf = 1;
  double CellSize = 2;
};

#endif

/**
 * @class vtkSpatialMaps
 * @brief spatial distribution maps of pairs of species, against randomised copies
 *
 * Where the ions of one species are from those of another (csro/spatial_map.h), along one axis, two
 * or three. Output 0: a table with a row for each pair; output 1: along one axis, the curve for a
 * chart; output 2: an image whose points are the middles of the cells. All on rank 0. Lengths in
 * nm.
 */
#ifndef vtkSpatialMaps_h
#define vtkSpatialMaps_h

#include "vtkCopiesAlgorithm.h"

struct csro_spatial_options;

class APTCSROFILTERS_EXPORT vtkSpatialMaps : public vtkCopiesAlgorithm {
public:
  static vtkSpatialMaps *New();
  vtkTypeMacro(vtkSpatialMaps, vtkCopiesAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Pairs of species, "Ni-Ni, Co-Cr"; empty: those of vtkComputeZSDM.
  vtkSetStringMacro(Pairs);
  vtkGetStringMacro(Pairs);
  ///@}

  ///@{
  /// The axes of the map: 0 z, 1 x, 2 y, 3 x and y, 4 x and z, 5 y and z, 6 all.
  vtkSetMacro(Axes, int);
  vtkGetMacro(Axes, int);
  ///@}

  ///@{
  /// The map goes from -Extent to Extent, with so many cells on either side of the one around 0.
  vtkSetMacro(Extent, double);
  vtkGetMacro(Extent, double);
  vtkSetMacro(Cells, int);
  vtkGetMacro(Cells, int);
  ///@}

  ///@{
  /// How far apart ions may be along axes that the map has not: x and y, z.
  vtkSetMacro(Lateral, double);
  vtkGetMacro(Lateral, double);
  vtkSetMacro(Thickness, double);
  vtkGetMacro(Thickness, double);
  ///@}

  ///@{
  /// Length of a periodic box along x, y and z; 0: not periodic.
  vtkSetVector3Macro(Period, double);
  vtkGetVector3Macro(Period, double);
  ///@}

protected:
  vtkSpatialMaps();
  ~vtkSpatialMaps() override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Measurement;
  csro_spatial_options MapOptions() const; // without the pairs
  void Shape(int extent[6], double origin[3], double spacing[3]) const;

  char *Pairs = nullptr;
  int Axes = 0;
  double Extent = 1;
  int Cells = 25;
  double Lateral = 0.5;
  double Thickness = 0.1;
  double Period[3] = {0, 0, 0};
};

#endif

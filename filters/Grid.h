// The voxel grid as VTK image data, and its layers over ranks.
#ifndef csroGrid_h
#define csroGrid_h

#include "Distribution.h"

#include <string>

class vtkDataArray;
class vtkDataObject;
class vtkImageData;
class vtkInformation;

namespace csro {
// What an image of voxels needs to be taken up again exactly: box, edge, stride, radius.
struct GridNumbers {
  double Box[6];
  double Edge, Stride, Radius;
};

// Field array CSRO_Grid.
void PutGrid(const GridNumbers &numbers, vtkDataObject *data);
// Fails when the data carries no grid.
csro_grid GetGrid(Call &call, vtkDataObject *data);

// The number of the voxel with its centre here (x fastest, then y, then z), -1 without.
int64_t VoxelAt(const csro_grid &grid, const double center[3]);

// Layers of voxels that one part of the data holds. Neighbouring parts share a layer, as pieces of
// VTK images do; the lower one of two parts does not own it.
struct Layers {
  csro_slab Stored; // what the part's image holds
  csro_slab Owned;  // disjoint, together the whole grid
};
Layers LayersOfPart(const csro_grid &grid, int part, int parts);

// Layers that an image holds; fails when it does not hold whole layers of the grid.
Layers LayersOfImage(Call &call, const csro_grid &grid, vtkImageData *image);

// Pixel layers that belong to the owned voxel layers; the last part has those beyond as well.
csro_slab PixelLayers(const csro_grid &grid, csro_slab owned);

// Ions within `halo` of the centres of the stored layers of every part (the one of this rank is
// given, the others are learnt). Collective.
SlabPlan PlanSlabs(Call &call, const csro_grid &grid, const Layers &mine, double halo);

// Announces the image of a grid; nullptr announces an empty one.
void AnnounceGrid(const csro_grid *grid, vtkInformation *output);
// Which part of the image is asked for.
int RequestedPart(const Call &call, vtkInformation *output, int &parts);
// Gives an image the extent of its layers.
void ShapeImage(const csro_grid &grid, csro_slab stored, vtkImageData *image);

// The extent of the input is that of the output; without an input an empty one.
void PassExtent(vtkInformation *input, vtkInformation *output);
// The same for the pixels: cells of one stride.
void AnnouncePixels(const csro_grid *grid, vtkInformation *output);
void ShapePixels(const csro_grid &grid, csro_slab pixels, vtkImageData *image);
// Asks for this rank's own ions.
void DemandIons(vtkInformation *input);
// Asks for whole layers of an image (may be null), the part that the output is asked for.
void DemandLayers(vtkInformation *output, vtkInformation *input);
// Asks for this rank's layers of an image of pixels (may be null).
void DemandPixels(vtkInformation *input);

// Field array zSDM_Bins: half range, total, first, kept.
void PutBinNumbers(const csro_bins &bins, vtkDataObject *data);
csro_bins GetBinNumbers(Call &call, vtkDataObject *data);
} // namespace csro

#endif

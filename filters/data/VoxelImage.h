// The voxel grid as VTK image data, and its blocks over ranks.
#ifndef csroVoxelImage_h
#define csroVoxelImage_h

#include "parallel/Distribution.h"

#include "csro/score.h"
#include "csro/voxels.h"
#include "csro/zsdm.h"

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

// Voxels that one part of the data holds (csro_grid_stored, csro_grid_owned).
struct Blocks {
  csro_block Stored; // what the part's image holds
  csro_block Owned;  // disjoint, together the whole grid
};

// What an image holds. Inside a local section.
Blocks BlocksOfImage(Call &call, const csro_grid &grid, vtkImageData *image);
// Fails when the parts that the output is asked for are not the whole grid: the image has been cut.
// Collective.
void CheckWhole(Call &call, const csro_grid &grid, const Blocks &mine, vtkInformation *output);

// Every rank owns the ions nearest to its own voxels and sees those within `halo` of the centres of
// what it stores. Collective.
Plan PlanVoxels(Call &call, const csro_grid &grid, const Blocks &mine, double halo);

// The voxels that each of so many parts owns: about as many ions each. Collective.
std::vector<csro_block> PartitionVoxels(Call &call, const csro_grid &grid, const csro_points &ions,
                                        int parts);

// The values of the wanted block of this rank from the ranks that own its voxels; owned and wanted
// are those of all ranks, the values those of mine.Stored. Collective.
std::vector<double> FetchVoxels(Call &call, const Blocks &mine, const double *values,
                                const std::vector<csro_block> &owned,
                                const std::vector<csro_block> &wanted);

// Scores of the pixels that belong to the own voxels (csro_grid_pixels), from the probabilities of
// mine.Stored; owned are the own voxels of all ranks. Collective.
std::vector<double> ScorePixels(Call &call, const csro_grid &grid, const Blocks &mine,
                                const std::vector<csro_block> &owned, const double *probability,
                                csro_score_rule rule);

// The selected pixels of this rank.
struct Selection {
  csro_grid Grid{};
  csro_block Block{};
  std::vector<uint8_t> Selected; // of the block
  std::vector<double> Score;     // the same, where asked for
};
// Ions stay where they are; every rank sees those that the pixels of its block can select.
// Collective.
Plan PlanPixels(Call &call, const csro_grid &grid, const csro_block &pixels, csro_extraction rule);
// Which ions of the view (`count` of them, distributed by PlanPixels) the pixels of all ranks
// select. Collective.
std::vector<uint8_t> SelectIons(Call &call, const PartIons &part, int64_t count,
                                const Selection &mine, csro_extraction rule);
// The scores of the pixels that these ions lie in, NaN outside of all pixels. Collective.
std::vector<double> ScoreIons(Call &call, const PartIons &part, int64_t count,
                              const Selection &mine);

// Announces the image of a grid; nullptr announces an empty one.
void AnnounceGrid(const csro_grid *grid, vtkInformation *output);
// Which part of the image is asked for.
int RequestedPart(const Call &call, vtkInformation *output, int &parts);
// Gives an image the extent of its voxels.
void ShapeImage(const csro_grid &grid, const csro_block &stored, vtkImageData *image);

// The extent of the input is that of the output; without an input an empty one.
void PassExtent(vtkInformation *input, vtkInformation *output);
// The same for the pixels: cells of one stride.
void AnnouncePixels(const csro_grid *grid, vtkInformation *output);
void ShapePixels(const csro_grid &grid, const csro_block &pixels, vtkImageData *image);
// Asks for this rank's own ions.
void DemandIons(vtkInformation *input);
// Asks for the part of an image (may be null) that the output is asked for.
void DemandVoxels(vtkInformation *output, vtkInformation *input);
// Asks for this rank's part of an image of pixels (may be null).
void DemandPixels(vtkInformation *input);

// Field array zSDM_Bins: half range, total, first, kept.
void PutBinNumbers(const csro_bins &bins, vtkDataObject *data);
csro_bins GetBinNumbers(Call &call, vtkDataObject *data);

// Field array zSDM_Partners: 1 for partners in the whole data.
void PutPartners(csro_partners partners, vtkDataObject *data);
csro_partners GetPartners(Call &call, vtkDataObject *data);
} // namespace csro

#endif

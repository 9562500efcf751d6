// From the labels of a randomised copy to the counts of its domains, by the chain that has made the
// domains of the data. What depends on the positions alone is made once for all copies.
#ifndef csroCopyRun_h
#define csroCopyRun_h

#include "data/ChainSettings.h"
#include "data/SpeciesPairs.h"
#include "data/VoxelImage.h"
#include "parallel/Distribution.h"

#include "csro/compare.h"

#include <vtkSmartPointer.h>

#include <array>
#include <cstdint>
#include <vector>

class vtkPointSet;
class vtkPolyData;

namespace csro {
// Of all ranks, the same on each.
struct CopyCounts {
  int64_t VoxelsDefined, VoxelsOverflowed, CountSum, PixelsSelected;
  int64_t IonsExtracted, Domains, Noise, Largest;
  std::array<int64_t, CSRO_SIZE_BINS> Histogram;
};

class CopyRun {
public:
  // chain, view and ions must outlive the run. Collective.
  CopyRun(Call &call, const ChainSettings &chain, const IonView &view, const SpeciesList &species,
          vtkPointSet *ions);

  // label: of the ions of the view; begin and end: the part of the filter's progress. inDomains (of
  // as many counts as there are labels, with unranged; or nullptr): ions of each label that are in
  // domains, of all ranks. Collective.
  CopyCounts Run(const std::vector<uint16_t> &label, double begin, double end,
                 std::vector<int64_t> *inDomains = nullptr);

private:
  std::vector<uint8_t> Select(const std::vector<uint16_t> &label, CopyCounts &counts);
  void Classify(const uint16_t *label, double *probability, CopyCounts &counts);
  void FindDomains(const std::vector<uint8_t> &keep, CopyCounts &counts,
                   const std::vector<uint16_t> &label, std::vector<int64_t> *inDomains);

  Call &Processes;
  const ChainSettings &Chain;
  const IonView &View;
  const SpeciesList &Species;
  vtkSmartPointer<vtkPolyData> Points; // of the ions, with their numbers alone
  std::vector<csro_block> Owned;       // voxels of every rank
  Blocks Mine{};
  csro_block Pixels{};
  PartIons OfVoxels, OfPixels; // ions that the voxels and pixels of this rank need
};
} // namespace csro

#endif

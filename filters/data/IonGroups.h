// Ions of several files, as ParaView groups them (Group Datasets).
#ifndef csroIonGroups_h
#define csroIonGroups_h

#include "parallel/FilterCall.h"

#include <vtkSmartPointer.h>

#include <string>
#include <vector>

class vtkCompositeDataSet;
class vtkPointSet;
class vtkPolyData;

namespace csro {
// All ions of a group as one data set, block after block, with the point arrays that every block
// has. Species are those of all blocks, by their names. IonId, AtomId and DomainId stay as they are
// where the blocks have different ones; else those of each block follow those of the block before.
// Blocks without points are left out. Collective; fails for blocks that are no points, and when
// some have Species or MassToCharge and others do not.
vtkSmartPointer<vtkPolyData> MergeGroup(Call &call, vtkCompositeDataSet *group,
                                        const std::string &who);

// The data sets of a group, each for itself; those that this rank does not have are empty.
// Collective; fails for blocks that are no points, and when there are none.
std::vector<vtkSmartPointer<vtkPointSet>> SplitGroup(Call &call, vtkCompositeDataSet *group,
                                                     const std::string &who);
} // namespace csro

#endif

// Species of ions: from a range file, from the types of an .apt file, or by their names.
#ifndef csroSpeciesLabels_h
#define csroSpeciesLabels_h

#include "data/IonArrays.h"
#include "parallel/Owned.h"

#include "csro/composition.h"
#include "csro/ranges.h"

#include <string>

class vtkUnsignedShortArray;

namespace csro {
using Ranges = Owned<csro_ranges_destroy>;
using AtomKinds = Owned<csro_atom_kinds_destroy>;

// A chemical element among the species: all that are exactly one atom of it, of any isotope and
// charge.
struct Element {
  std::string Symbol;
  std::vector<uint16_t> Labels; // ascending
};

// What the labels of ions stand for.
struct SpeciesList {
  std::vector<std::string> Names; // by label; 0 is unranged; empty without species
  std::vector<Element> Elements;  // in the order of their first label
};

// By the field arrays SpeciesNames and SpeciesCompositions; without the latter, names that are
// formulas are. Collective, as SharedSpeciesNames.
SpeciesList SharedSpecies(Call &call, vtkDataObject *data);

// What each label is composed of, as SpeciesCompositions says it; from the names where the data
// have no such array. Collective.
std::vector<std::string> CompositionsOf(Call &call, vtkDataObject *data,
                                        const std::vector<std::string> &names);

// Reads a range file; nullptr when no name is given. Inside of a local section.
Ranges ReadRanges(Call &call, const char *path);

// The label of each point, and the species that labels stand for.
struct Labels {
  vtkSmartPointer<vtkDataArray> Species;
  Ranges Known;          // nullptr: there is nothing to label by
  std::string Report;    // what is unusual in the range file, with the ions of all ranks
  bool Doubtful = false; // the report is worth a warning
};

// The species of the ions and the ranges that they carry (MassRanges); nullptr without species.
// Collective.
Ranges RangesOf(Call &call, vtkDataObject *ions);

// Each of these is collective.
Labels LabelByRanges(Call &call, Ranges ranges, vtkPointSet *ions);
Labels LabelByTypes(Call &call, vtkPointSet *ions);  // by the section "Ion Type" of .apt
Labels LabelAsBefore(Call &call, vtkPointSet *ions); // by the species that the ions have

// Writes Species, SpeciesNames, SpeciesCompositions, SpeciesColors, MassRanges (when there are
// ranges) and RangesReport (when there is anything to report) into the output; without labels every
// ion is unranged.
void PutLabels(Call &call, const Labels &labels, vtkPointSet *output); // collective

// The same for species given one by one.
void PutSpecies(vtkDataArray *labels, const csro_species *species, int count, vtkPointSet *output);
} // namespace csro

#endif

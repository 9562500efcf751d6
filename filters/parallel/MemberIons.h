// The ions of a statistic that data and randomised copies share: positions once, the groups (of
// species) of all members beside each other, distributed over the ranks.
#ifndef csroMemberIons_h
#define csroMemberIons_h

#include "data/SpeciesPairs.h"
#include "parallel/Distribution.h"
#include "parallel/RandomizedCopy.h"

#include "csro/neighbour_counts.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace csro {
struct MemberSettings {
  std::vector<NamedLabels> Groups; // of species, that do not overlap; none: all major elements
  int Copies = 0;
  uint64_t Seed = 1; // of the first copy
  CopyRules Rules;
  std::array<double, 3> Period{}; // nm, 0: not periodic along this axis
  int Parts = 1;                  // of space, with equal numbers of ions
};

// Fails where groups overlap. Inside a local section.
void CheckGroups(Call &call, const std::vector<NamedLabels> &groups, const SpeciesList &species);

// Ranged ions alone. Group 0 are those of no species that is named, the others follow.
class MemberIons {
public:
  // Makes the copies; ions must outlive it. Collective.
  MemberIons(Call &call, const IonView &ions, const SpeciesList &species,
             const MemberSettings &settings);
  // Before Distribute: the ranged ions of this rank in their order, their numbers over all ranks,
  // and their groups, [ion][member].
  csro_points Points() const {
    return {this->Positions.data(), true, static_cast<int64_t>(this->Number.size())};
  }
  const std::vector<int64_t> &Numbers() const {
    return this->Number;
  }
  const std::vector<uint8_t> &GroupRows() const {
    return this->Group;
  }
  // Sends every ion to where it is counted, and to whom it is a neighbour within this distance
  // (nm). Once. Collective.
  void Distribute(double reach);

  // After Distribute: of this rank. Valid as long as this.
  csro_labelled_ions View() const;
  // The species of an ion of the view in the data.
  uint16_t LabelOf(int64_t ion) const {
    return this->Where.Label[ion];
  }
  // After Distribute: values of the own ions of the view back to the ions that this was made of,
  // `missing` for those that are not ranged. Collective; not where the box is periodic.
  std::vector<float> Return(const std::vector<float> &own, int64_t ions, float missing) const;
  const std::vector<NamedLabels> &Groups() const { // without group 0
    return this->Named;
  }
  int Members() const {
    return this->Settings.Copies + 1;
  }

private:
  void FindGroups(const IonView &ions, const SpeciesList &species);
  void TakeRanged(const IonView &ions);
  void MakeCopies(const IonView &ions);
  void CutParts();
  void AddImages(double reach);

  Call &Processes;
  MemberSettings Settings;
  std::vector<NamedLabels> Named;
  std::vector<uint8_t> GroupOf;  // of each label
  std::vector<int64_t> Ranged;   // ions of the view
  std::vector<double> Positions; // of them
  std::vector<uint16_t> Labels;
  std::vector<uint8_t> Group; // [ion][member]
  std::vector<int64_t> Number;
  std::vector<uint8_t> Part;
  PartIons Where;
};
} // namespace csro

#endif

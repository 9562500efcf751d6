#include "parallel/PairGroups.h"

#include "parallel/SortIons.h"

#include <algorithm>

namespace csro {
OrderedIons::OrderedIons(Call &call, vtkPointSet *input)
    : Species(SharedSpecies(call, input)), Sorted(SortIons(call, input)) {
  call.RunLocal([&] { this->View = ViewIons(call, this->Sorted); });
}

PairGroups::PairGroups(Call &call, const OrderedIons &ions, const char *typed) {
  const std::string text = typed ? typed : "";
  if (text.find_first_not_of(' ') == std::string::npos)
    this->Pairs = DefaultPairs(call, ions.View, ions.Species);
  call.RunLocal([&] {
    if (this->Pairs.empty())
      this->Pairs = ParsePairs(call, text, ions.Species);
    if (this->Pairs.empty())
      call.Fail(CSRO_ERROR_DATA, WhyNoPairs(ions.Species));
    for (const Pair &pair : this->Pairs) {
      const int from = this->Find(pair.A);
      this->Of.push_back({from, this->Find(pair.B)});
    }
    if (this->Groups.size() >= CSRO_GROUPS)
      call.Fail(CSRO_ERROR_ARGUMENT, "Pairs: more than 63 species");
    CheckGroups(call, this->Groups, ions.Species);
  });
}

int PairGroups::Find(const std::vector<uint16_t> &labels) {
  const auto same = [&](const NamedLabels &one) { return one.Labels == labels; };
  const auto at = std::find_if(this->Groups.begin(), this->Groups.end(), same);
  const auto group = static_cast<int>(at - this->Groups.begin()) + 1;
  if (at == this->Groups.end())
    this->Groups.push_back({"", labels});
  return group;
}

std::string PairGroups::Key(size_t pair) const {
  return PairKey(this->Pairs[pair].Typed);
}
} // namespace csro

#include "data/SpeciesPairs.h"

#include "data/FieldArrays.h"
#include "parallel/Owned.h"

#include "csro/composition.h"
#include "csro/parse.h"

#include <vtkDataObject.h>

#include <algorithm>
#include <numeric>

namespace csro {
namespace {
// What can be typed, and the labels that each stands for.
struct Typeable {
  std::vector<std::string> Names;
  std::vector<std::vector<uint16_t>> Labels;
};

Typeable ListTypeable(const SpeciesList &species) {
  Typeable list;
  for (size_t label = 0; label < species.Names.size(); ++label) {
    list.Names.push_back(label == 0 ? "" : species.Names[label]); // 0 is unranged
    list.Labels.push_back({static_cast<uint16_t>(label)});
  }
  for (const Element &element : species.Elements) {
    const auto named = std::find(list.Names.begin(), list.Names.end(), element.Symbol);
    if (named == list.Names.end()) {
      list.Names.push_back(element.Symbol);
      list.Labels.push_back(element.Labels);
    } else {
      list.Labels[named - list.Names.begin()] = element.Labels;
    }
  }
  return list;
}

std::string Join(const std::vector<std::string> &names) {
  constexpr size_t shown = 16;
  std::string joined;
  for (size_t i = 0; i < std::min(names.size(), shown); ++i)
    joined += (i > 0 ? ", " : "") + names[i];
  return names.size() > shown ? joined + " and " + std::to_string(names.size() - shown) + " more"
                              : joined;
}

// Of all ranks.
struct ElementCounts {
  std::vector<int64_t> Ions; // of each element
  int64_t Ranged = 0;
};

ElementCounts CountElements(Call &call, const IonView &ions, const SpeciesList &species) {
  std::vector<int64_t> counts(std::max<size_t>(1, species.Names.size()), 0);
  call.RunLocal([&] {
    if (ions.Label && !species.Names.empty())
      call.Check(csro_label_counts(call.Context(), ions.Label, ions.Points.count,
                                   static_cast<int>(species.Names.size()) - 1, counts.data()));
  });
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  ElementCounts found;
  found.Ranged = std::accumulate(counts.begin() + 1, counts.end(), int64_t{0});
  for (const Element &element : species.Elements) {
    int64_t count = 0;
    for (const uint16_t label : element.Labels)
      count += counts[label];
    found.Ions.push_back(count);
  }
  return found;
}
} // namespace

std::vector<Pair> ParsePairs(Call &call, const std::string &text, const SpeciesList &species) {
  const Typeable list = ListTypeable(species);
  std::vector<const char *> known;
  for (const std::string &name : list.Names)
    known.push_back(name.c_str());
  int count = 0;
  csro_pair *read = nullptr;
  call.Check(csro_pairs_parse(call.Context(), text.c_str(), static_cast<int>(known.size()),
                              known.data(), &count, &read));
  const OwnedArray<csro_pair> owner(read);
  std::vector<Pair> pairs;
  for (int i = 0; i < count; ++i)
    pairs.push_back({list.Labels[read[i].a], list.Labels[read[i].b],
                     list.Names[read[i].a] + "-" + list.Names[read[i].b]});
  return pairs;
}

std::vector<NamedLabels> ParseSpecies(Call &call, const std::string &text, int most,
                                      const SpeciesList &species) {
  std::vector<csro_named_value> typed(most);
  int count = 0;
  call.Check(csro_named_values_parse(call.Context(), "Species", text.c_str(), 0, most, typed.data(),
                                     &count));
  std::vector<NamedLabels> found;
  for (int i = 0; i < count; ++i) {
    found.push_back({typed[i].name, FindLabels(typed[i].name, species)});
    if (found.back().Labels.empty())
      call.Fail(CSRO_ERROR_ARGUMENT,
                "Species: '" + found.back().Name + "' is no species of the ions");
  }
  return found;
}

std::vector<NamedLabels> MajorElements(Call &call, const IonView &ions,
                                       const SpeciesList &species) {
  const ElementCounts counts = CountElements(call, ions, species);
  std::vector<NamedLabels> elements;
  for (size_t e = 0; e < species.Elements.size(); ++e) {
    const Element &element = species.Elements[e];
    if (csro_element_is_major(element.Symbol.c_str(), counts.Ions[e], counts.Ranged))
      elements.push_back({element.Symbol, element.Labels});
  }
  return elements;
}

std::vector<Pair> DefaultPairs(Call &call, const IonView &ions, const SpeciesList &species) {
  std::vector<Pair> pairs;
  for (const NamedLabels &element : MajorElements(call, ions, species))
    pairs.push_back({element.Labels, element.Labels, element.Name + "-" + element.Name});
  return pairs;
}

const Element *DefaultElement(Call &call, const IonView &ions, const SpeciesList &species) {
  const ElementCounts counts = CountElements(call, ions, species);
  std::vector<const char *> symbols;
  for (const Element &element : species.Elements)
    symbols.push_back(element.Symbol.c_str());
  const int chosen = csro_element_choose(static_cast<int>(symbols.size()), symbols.data(),
                                         counts.Ions.data(), counts.Ranged);
  return chosen < 0 ? nullptr : &species.Elements[chosen];
}

std::string WhyNoPairs(const SpeciesList &species) {
  if (species.Names.size() < 2)
    return "no ion has a species: there are no ions, or they were read without a range file";
  const std::string &first = species.Names[1], &last = species.Names.back();
  const std::string known = Join({species.Names.begin() + 1, species.Names.end()});
  const std::string typed =
      ": name the pairs, as in " + first + "-" + last + " (Pairs; --pairs of csro_batch.py)";
  if (species.Elements.empty())
    return "no species is a chemical element (there are " + known + ")" + typed;
  return "no ion, or less than one in a hundred, is of a species that is a chemical element other "
         "than "
         "H (the "
         "species are " +
         known + ")" + typed;
}

std::vector<uint16_t> FindLabels(const std::string &name, const SpeciesList &species) {
  const Typeable list = ListTypeable(species);
  const auto found = std::find(list.Names.begin(), list.Names.end(), name);
  if (name.empty() || found == list.Names.end())
    return {};
  return list.Labels[found - list.Names.begin()];
}

std::vector<uint16_t> MergeMap(const std::vector<std::vector<uint16_t>> &sets, size_t labels) {
  std::vector<uint16_t> map(labels);
  std::iota(map.begin(), map.end(), uint16_t{0});
  bool merges = false;
  for (const std::vector<uint16_t> &set : sets)
    for (const uint16_t label : set) {
      map[label] = set[0];
      merges = merges || set.size() > 1;
    }
  return merges ? map : std::vector<uint16_t>{};
}

PairLabels::PairLabels(Call &call, const std::vector<Pair> &pairs, const uint16_t *labels,
                       int64_t count, const SpeciesList &species)
    : Labels(labels) {
  std::vector<std::vector<uint16_t>> sets;
  for (const Pair &pair : pairs)
    for (const std::vector<uint16_t> &side : {pair.A, pair.B})
      sets.push_back(side);
  std::vector<const std::vector<uint16_t> *> owner(species.Names.size(), nullptr);
  for (const std::vector<uint16_t> &set : sets)
    for (const uint16_t label : set) {
      if (owner[label] && *owner[label] != set)
        call.Fail(CSRO_ERROR_ARGUMENT,
                  "pairs '" + pairs[0].Typed + (pairs.size() > 1 ? "' ..." : "'") + ": species " +
                      species.Names[label] +
                      " stands there by itself and as a part of its element, expected one of them");
      owner[label] = &set;
    }
  const std::vector<uint16_t> map = MergeMap(sets, species.Names.size());
  if (map.empty() || !labels)
    return;
  this->Merged.resize(count);
  call.Check(csro_labels_map(call.Context(), labels, count, static_cast<int>(map.size()) - 1,
                             map.data(), this->Merged.data()));
  this->Labels = this->Merged.data();
}

std::string PairKey(std::string typed) {
  csro_pair_key(typed.data());
  return typed;
}

std::vector<std::string> PairsOfCurves(vtkDataObject *data) {
  return GetTexts(data, "zSDM_Pairs");
}

void AddPairsOfCurves(const std::vector<Pair> &pairs, vtkDataObject *data) {
  std::vector<std::string> all = PairsOfCurves(data);
  for (const Pair &pair : pairs)
    if (std::find(all.begin(), all.end(), pair.Typed) == all.end())
      all.push_back(pair.Typed);
  PutTexts(data, "zSDM_Pairs", all);
}
} // namespace csro

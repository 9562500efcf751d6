#include "Pairs.h"

#include "csro/composition.h"
#include "csro/typed.h"

#include <vtkDataObject.h>
#include <vtkFieldData.h>
#include <vtkNew.h>
#include <vtkStringArray.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace csro {
std::vector<Pair> ParsePairs(Call &call, const std::string &text,
                             const std::vector<std::string> &names) {
  std::vector<const char *> known;
  for (const std::string &name : names)
    known.push_back(known.empty() ? "" : name.c_str()); // 0 is unranged
  int count = 0;
  csro_pair *read = nullptr;
  call.Check(csro_pairs_parse(call.Context(), text.c_str(), static_cast<int>(known.size()),
                              known.data(), &count, &read));
  const std::unique_ptr<csro_pair, decltype(&std::free)> owner(read, &std::free);
  std::vector<Pair> pairs;
  for (int i = 0; i < count; ++i)
    pairs.push_back({static_cast<uint16_t>(read[i].a), static_cast<uint16_t>(read[i].b),
                     names[read[i].a] + "-" + names[read[i].b]});
  return pairs;
}

std::vector<Pair> DefaultPairs(Call &call, const IonView &ions,
                               const std::vector<std::string> &names) {
  std::vector<int64_t> counts(std::max<size_t>(1, names.size()), 0);
  call.Together([&] {
    if (ions.Label && !names.empty())
      call.Check(csro_label_counts(call.Context(), ions.Label, ions.Points.count,
                                   static_cast<int>(names.size()) - 1, counts.data()));
  });
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  const int64_t ranged = std::accumulate(counts.begin() + 1, counts.end(), int64_t{0});
  std::vector<Pair> pairs;
  for (const auto &[label, symbol] : Elements(names))
    if (counts[label] > 0 && counts[label] * 100 >= ranged)
      pairs.push_back({label, label, symbol + "-" + symbol});
  return pairs;
}

std::string PairKey(std::string typed) {
  csro_pair_key(typed.data());
  return typed;
}

std::vector<std::string> PairsOfCurves(vtkDataObject *data) {
  std::vector<std::string> pairs;
  auto *array = vtkStringArray::SafeDownCast(data->GetFieldData()->GetAbstractArray("zSDM_Pairs"));
  for (vtkIdType i = 0; array && i < array->GetNumberOfValues(); ++i)
    pairs.push_back(array->GetValue(i));
  return pairs;
}

void AddPairsOfCurves(const std::vector<Pair> &pairs, vtkDataObject *data) {
  std::vector<std::string> all = PairsOfCurves(data);
  for (const Pair &pair : pairs)
    if (std::find(all.begin(), all.end(), pair.Typed) == all.end())
      all.push_back(pair.Typed);
  vtkNew<vtkStringArray> array;
  array->SetName("zSDM_Pairs");
  for (const std::string &pair : all)
    array->InsertNextValue(pair);
  data->GetFieldData()->AddArray(array);
}
} // namespace csro

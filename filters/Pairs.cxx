#include "Pairs.h"

#include <algorithm>
#include <numeric>

namespace csro {
namespace {
uint16_t FindSpecies(Call &call, const std::string &name, const std::string &pair,
                     const std::vector<std::string> &names) {
  const auto first = names.empty() ? names.end() : names.begin() + 1; // 0 is unranged
  const auto found = std::find(first, names.end(), name);
  if (name.empty() || found == names.end()) {
    std::string known;
    for (size_t i = 1; i < names.size(); ++i)
      known += (i > 1 ? ", " : "") + names[i];
    call.Fail(CSRO_ERROR_ARGUMENT,
              "pair '" + pair + "': no species '" + name +
                  "', expected two of: " + (known.empty() ? "(the ions have no species)" : known));
  }
  return static_cast<uint16_t>(found - names.begin());
}

Pair ParsePair(Call &call, const std::string &text, const std::vector<std::string> &names) {
  const size_t dash = text.find('-');
  if (dash == std::string::npos)
    call.Fail(CSRO_ERROR_ARGUMENT, "pair '" + text + "': expected two species as in Ni-Ni");
  Pair pair{0, 0, text.substr(0, dash), text.substr(dash + 1)};
  pair.LabelA = FindSpecies(call, pair.A, text, names);
  pair.LabelB = FindSpecies(call, pair.B, text, names);
  return pair;
}
} // namespace

std::vector<Pair> ParsePairs(Call &call, const std::string &text,
                             const std::vector<std::string> &names) {
  static const char separators[] = ", ;\t\n";
  std::vector<Pair> pairs;
  for (size_t begin = text.find_first_not_of(separators); begin != std::string::npos;) {
    const size_t end = std::min(text.find_first_of(separators, begin), text.size());
    Pair pair = ParsePair(call, text.substr(begin, end - begin), names);
    const auto same = [&](const Pair &other) { return other.Key() == pair.Key(); };
    if (std::none_of(pairs.begin(), pairs.end(), same))
      pairs.push_back(std::move(pair));
    begin = text.find_first_not_of(separators, end);
  }
  return pairs;
}

std::vector<Pair> DefaultPairs(Call &call, const IonView &ions,
                               const std::vector<std::string> &names) {
  std::vector<int64_t> counts(std::max<size_t>(1, names.size()), 0);
  for (int64_t i = 0; ions.Label && i < ions.Points.count; ++i)
    if (ions.Label[i] < counts.size())
      ++counts[ions.Label[i]];
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  const int64_t ranged = std::accumulate(counts.begin() + 1, counts.end(), int64_t{0});
  std::vector<Pair> pairs;
  for (const auto &[label, symbol] : Elements(names))
    if (counts[label] > 0 && counts[label] * 100 >= ranged)
      pairs.push_back({label, label, symbol, symbol});
  return pairs;
}

std::string PairKey(std::string typed) {
  std::replace(typed.begin(), typed.end(), '-', '_');
  return typed;
}
} // namespace csro

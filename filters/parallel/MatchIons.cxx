#include "parallel/MatchIons.h"

#include "parallel/Exchange.h"

#include <vtkPointData.h>
#include <vtkPointSet.h>

#include <string>
#include <unordered_map>

namespace csro {
namespace {
struct Member {
  int64_t Ion, Domain;
};

// The ions of a view by the rank that keeps their numbers. Inside a local section.
template <typename Value, typename Make>
std::vector<std::vector<Value>> SortByRank(Call &call, const std::vector<int64_t> &numbers,
                                           Make &&make) {
  std::vector<std::vector<Value>> sorted(call.Ranks());
  for (size_t i = 0; i < numbers.size(); ++i)
    sorted[numbers[i] % call.Ranks()].push_back(make(i));
  return sorted;
}

std::vector<int64_t> ReadNumbers(Call &call, const IonView &view, vtkPointSet *points,
                                 const char *name, int64_t least, const std::string &who) {
  vtkDataArray *array = points->GetPointData()->GetArray(name);
  std::vector<int64_t> values(view.Points.count);
  if (view.Points.count > 0 && (!array || array->GetNumberOfComponents() != 1))
    call.Fail(CSRO_ERROR_DATA, who + " have no point array " + name);
  for (int64_t i = 0; i < view.Points.count; ++i) {
    values[i] = static_cast<int64_t>(array->GetComponent(view.Point(i), 0));
    if (values[i] < least)
      call.Fail(CSRO_ERROR_DATA, who + " have " + std::to_string(values[i]) + " in " + name +
                                     ", expected at least " + std::to_string(least));
  }
  return values;
}

// Whether all ranks have the array or no points. Collective.
bool HaveAll(Call &call, vtkPointSet *points, const char *name) {
  double has = points->GetNumberOfPoints() == 0 || points->GetPointData()->GetArray(name) ? 1 : 0;
  call.Minimum(&has, 1);
  return has > 0;
}
} // namespace

std::vector<int64_t> MatchDomains(Call &call, const IonView &view, vtkPointSet *ions,
                                  vtkPointSet *domains) {
  const bool atoms = HaveAll(call, ions, "AtomId") && HaveAll(call, domains, "AtomId");
  const char *const name = atoms ? "AtomId" : "IonId";
  std::vector<int64_t> numbers;
  std::vector<std::vector<Member>> members;
  std::vector<std::vector<int64_t>> asked;
  call.RunLocal([&] {
    const IonView own = ViewPoints(domains);
    const std::vector<int64_t> ids = ReadNumbers(call, own, domains, name, 0, "the domain ions");
    const std::vector<int64_t> domain =
        ReadNumbers(call, own, domains, "DomainId", -1, "the domain ions");
    members = SortByRank<Member>(call, ids, [&](size_t i) { return Member{ids[i], domain[i]}; });
    numbers = ReadNumbers(call, view, ions, name, 0, "the ions");
    asked = SortByRank<int64_t>(call, numbers, [&](size_t i) { return numbers[i]; });
  });
  members = Exchange(call, std::move(members));
  asked = Exchange(call, std::move(asked));
  std::vector<std::vector<int64_t>> answers(call.Ranks());
  call.RunLocal([&] {
    std::unordered_map<int64_t, int64_t> known;
    for (const auto &part : members)
      for (const Member &member : part)
        if (!known.emplace(member.Ion, member.Domain).second)
          call.Fail(CSRO_ERROR_DATA, std::string("two domain ions have the ") + name + " " +
                                         std::to_string(member.Ion));
    size_t found = 0;
    for (int rank = 0; rank < call.Ranks(); ++rank)
      for (const int64_t ion : asked[rank]) {
        const auto at = known.find(ion);
        found += at != known.end();
        answers[rank].push_back(at == known.end() ? -1 : at->second);
      }
    if (found != known.size())
      call.Fail(CSRO_ERROR_DATA,
                "the domain ions are not some of the ions: " + std::to_string(found) + " of " +
                    std::to_string(known.size()) + " have the " + name + " of one of them");
  });
  answers = Exchange(call, std::move(answers));
  std::vector<int64_t> result;
  call.RunLocal([&] {
    std::vector<size_t> next(call.Ranks(), 0);
    for (const int64_t number : numbers) {
      const auto rank = static_cast<size_t>(number % call.Ranks());
      result.push_back(answers[rank][next[rank]++]);
    }
  });
  return result;
}
} // namespace csro

#include "parallel/Permute.h"

#include "csro/random.h"
#include "csro/share.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace csro {
namespace {
constexpr int64_t ItemsPerRound = 1 << 20;

using Lists = std::vector<std::vector<int64_t>>;

// Where the items of the cells are.
struct Cells {
  Lists First;  // [rank][cell] the first of its items in the cell
  Lists Before; // [cell][rank] items of the cell on the ranks before it, and at the end all of them
};

Cells Locate(Call &call, const std::vector<int64_t> &counts) {
  Cells cells;
  const Lists all = Exchange(call, Lists(call.Ranks(), counts));
  call.RunLocal([&] {
    cells.Before.assign(counts.size(), {0});
    for (const std::vector<int64_t> &items : all) {
      std::vector<int64_t> first{0};
      for (size_t cell = 0; cell < items.size(); ++cell) {
        first.push_back(first.back() + items[cell]);
        cells.Before[cell].push_back(cells.Before[cell].back() + items[cell]);
      }
      cells.First.push_back(std::move(first));
    }
  });
  return cells;
}

// Asks for the own items from first to before last: which ones ask each rank, and what of its items
// they ask for.
void Ask(Call &call, const Cells &cells, const std::vector<uint64_t> &seeds, int64_t first,
         int64_t last, Lists &asking, Lists &questions) {
  asking.resize(call.Ranks());
  questions.resize(call.Ranks());
  const std::vector<int64_t> &own = cells.First[call.Rank()];
  for (int64_t item = first; item < last;) {
    const auto cell = std::upper_bound(own.begin(), own.end(), item) - own.begin() - 1;
    const std::vector<int64_t> &before = cells.Before[cell];
    csro_permutation permutation;
    csro_permutation_init(&permutation, seeds[cell], static_cast<uint64_t>(before.back()));
    const int64_t begin = item, end = std::min(own[cell + 1], last);
    std::vector<uint64_t> others(end - begin);
    csro_permutation_range(&permutation,
                           static_cast<uint64_t>(before[call.Rank()] + begin - own[cell]),
                           end - begin, call.Context()->threads, others.data());
    for (; item < end; ++item) {
      const auto other = static_cast<int64_t>(others[item - begin]);
      const auto rank = std::upper_bound(before.begin(), before.end(), other) - before.begin() - 1;
      asking[rank].push_back(item);
      questions[rank].push_back(cells.First[rank][cell] + other - before[rank]);
    }
  }
}
} // namespace

void Permute(Call &call, const std::vector<int64_t> &counts, const std::vector<uint64_t> &seeds,
             size_t size, const std::function<void(int64_t item, char *to)> &read,
             const std::function<void(int64_t item, const char *from)> &write) {
  const Cells cells = Locate(call, counts);
  const int64_t count = cells.First[call.Rank()].back();
  int64_t rounds = 0;
  for (const std::vector<int64_t> &first : cells.First)
    rounds = std::max(rounds, (first.back() + ItemsPerRound - 1) / ItemsPerRound);
  // Every rank asks for the same part of its items: each is then asked for about that of its own.
  for (int64_t round = 0; round < rounds; ++round) {
    const auto report = [&](double half) {
      call.Progress((static_cast<double>(round) + half) / static_cast<double>(rounds));
    };
    Lists asking, questions;
    std::vector<std::vector<char>> answers(call.Ranks());
    call.RunLocal([&] {
      report(0);
      const auto part = static_cast<int>(round), parts = static_cast<int>(rounds);
      Ask(call, cells, seeds, csro_share_begin(count, part, parts),
          csro_share_begin(count, part + 1, parts), asking, questions);
    });
    questions = Exchange(call, std::move(questions));
    call.RunLocal([&] {
      report(0.5);
      for (int rank = 0; rank < call.Ranks(); ++rank) {
        answers[rank].resize(questions[rank].size() * size);
        char *to = answers[rank].data();
        for (const int64_t item : questions[rank]) {
          read(item, to);
          to += size;
        }
      }
    });
    answers = Exchange(call, std::move(answers));
    call.RunLocal([&] {
      for (int rank = 0; rank < call.Ranks(); ++rank) {
        if (answers[rank].size() != asking[rank].size() * size)
          call.Fail(CSRO_ERROR_DATA, std::to_string(answers[rank].size()) + " bytes came for " +
                                         std::to_string(asking[rank].size()) + " ions of " +
                                         std::to_string(size) + " bytes each");
        const char *from = answers[rank].data();
        for (const int64_t item : asking[rank]) {
          write(item, from);
          from += size;
        }
      }
    });
  }
}
} // namespace csro

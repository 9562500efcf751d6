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

using Lists = std::vector<std::vector<int64_t>>; // by rank

// Asks for the own items first .. last - 1: which ones ask each rank, and what of its items they
// ask for.
void Ask(const Call &call, const csro_permutation &permutation, const std::vector<int64_t> &starts,
         int64_t first, int64_t last, Lists &asking, Lists &questions) {
  asking.resize(call.Ranks());
  questions.resize(call.Ranks());
  for (int64_t item = first; item < last; ++item) {
    const auto other = static_cast<int64_t>(
        csro_permutation_at(&permutation, static_cast<uint64_t>(starts[call.Rank()] + item)));
    const auto rank = std::upper_bound(starts.begin(), starts.end(), other) - starts.begin() - 1;
    asking[rank].push_back(item);
    questions[rank].push_back(other - starts[rank]);
  }
}
} // namespace

void Permute(Call &call, int64_t count, uint64_t seed, size_t size,
             const std::function<void(int64_t item, char *to)> &read,
             const std::function<void(int64_t item, const char *from)> &write) {
  std::vector<int64_t> starts{0}; // of each rank
  int64_t rounds = 0;
  for (const int64_t items : call.Gather(count)) {
    starts.push_back(starts.back() + items);
    rounds = std::max(rounds, (items + ItemsPerRound - 1) / ItemsPerRound);
  }
  csro_permutation permutation;
  csro_permutation_init(&permutation, seed, static_cast<uint64_t>(starts.back()));
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
      Ask(call, permutation, starts, csro_share_begin(count, part, parts),
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

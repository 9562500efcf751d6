// Values from every rank to every other.
#ifndef csroExchange_h
#define csroExchange_h

#include "parallel/FilterCall.h"

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace csro {
// Calls meet(rank, whether this rank sends first) for every other rank, such that all meet all in
// pairs and nobody waits in a circle.
template <typename Meet> void MeetAll(const Call &call, Meet &&meet) {
  int steps = 1;
  while (steps < call.Ranks())
    steps *= 2;
  for (int step = 1; step < steps; ++step) {
    const int partner = call.Rank() ^ step;
    if (partner < call.Ranks())
      meet(partner, call.Rank() < partner);
  }
}

// Messages of any size.
void SendBytes(Call &call, const void *bytes, size_t size, int to);
void ReceiveBytes(Call &call, void *bytes, size_t size, int from);

// How many values come from each rank, from how many this one sends to each. Collective.
std::vector<int64_t> ExchangeCounts(Call &call, const std::vector<int64_t> &outgoing);

// Fails when not as many values arrived, over all ranks, as were sent. Collective.
void CheckArrived(Call &call, int64_t sent, int64_t arrived);

// outgoing[rank] goes to `rank`; what came from there is in [rank] of the result. Collective.
template <typename Value>
std::vector<std::vector<Value>> Exchange(Call &call, std::vector<std::vector<Value>> outgoing) {
  static_assert(std::is_trivially_copyable<Value>::value, "values travel as bytes");
  std::vector<int64_t> counts(call.Ranks());
  int64_t sent = 0, arrived = 0;
  for (int rank = 0; rank < call.Ranks(); ++rank)
    sent += counts[rank] = static_cast<int64_t>(outgoing[rank].size());
  counts = ExchangeCounts(call, counts);
  std::vector<std::vector<Value>> incoming(call.Ranks());
  call.RunLocal([&] { // memory may be short on one rank alone
    for (int rank = 0; rank < call.Ranks(); ++rank)
      if (rank != call.Rank())
        incoming[rank].resize(counts[rank]);
  });
  incoming[call.Rank()] = std::move(outgoing[call.Rank()]);
  const auto send = [&](int to) {
    SendBytes(call, outgoing[to].data(), outgoing[to].size() * sizeof(Value), to);
    std::vector<Value>().swap(outgoing[to]);
  };
  const auto receive = [&](int from) {
    ReceiveBytes(call, incoming[from].data(), incoming[from].size() * sizeof(Value), from);
  };
  MeetAll(call, [&](int partner, bool sendFirst) {
    if (sendFirst)
      send(partner);
    receive(partner);
    if (!sendFirst)
      send(partner);
  });
  for (const auto &values : incoming)
    arrived += static_cast<int64_t>(values.size());
  CheckArrived(call, sent, arrived);
  return incoming;
}

// The values of all ranks on rank 0, one rank after the other; nothing on the others. Collective.
template <typename Value> std::vector<Value> GatherOnFirst(Call &call, std::vector<Value> mine) {
  std::vector<std::vector<Value>> values(call.Ranks());
  values[0] = std::move(mine);
  values = Exchange(call, std::move(values));
  std::vector<Value> all;
  call.RunLocal([&] {
    for (std::vector<Value> &part : values) {
      all.insert(all.end(), part.begin(), part.end());
      std::vector<Value>().swap(part);
    }
  });
  return all;
}
} // namespace csro

#endif

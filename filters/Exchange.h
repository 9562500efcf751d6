// Values from every rank to every other.
#ifndef csroExchange_h
#define csroExchange_h

#include "Adaptor.h"

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace csro {
// Part `part` of `parts` of `count` items: first and number.
struct Share {
  int64_t First, Count;
};
Share ShareOf(int64_t count, int part, int parts);

// One message of any size.
void SendBytes(Call &call, const void *bytes, size_t size, int to);
size_t ReceiveSize(Call &call, int from);
void ReceiveBytes(Call &call, void *bytes, size_t size, int from);

// The rank to meet in each step, such that all meet all in pairs and nobody waits in a circle.
// Steps are 1 .. StepsOfExchange - 1; a partner may not exist.
inline int PartnerOf(const Call &call, int step) {
  return call.Rank() ^ step;
}
int StepsOfExchange(const Call &call);

// Fails when not as many values arrived, over all ranks, as were sent.
void CheckArrived(Call &call, int64_t sent, int64_t arrived);

// outgoing[rank] goes to `rank`; what came from there is in [rank] of the result. Collective.
template <typename Value>
std::vector<std::vector<Value>> Exchange(Call &call, std::vector<std::vector<Value>> outgoing) {
  static_assert(std::is_trivially_copyable<Value>::value, "values travel as bytes");
  const int me = call.Rank();
  std::vector<std::vector<Value>> incoming(call.Ranks());
  int64_t sent = 0, arrived = 0;
  for (const auto &values : outgoing)
    sent += static_cast<int64_t>(values.size());
  incoming[me] = std::move(outgoing[me]);
  const auto send = [&](int to) {
    SendBytes(call, outgoing[to].data(), outgoing[to].size() * sizeof(Value), to);
    std::vector<Value>().swap(outgoing[to]);
  };
  const auto receive = [&](int from) {
    const size_t size = ReceiveSize(call, from);
    incoming[from].resize(size / sizeof(Value));
    ReceiveBytes(call, incoming[from].data(), size, from);
  };
  for (int step = 1; step < StepsOfExchange(call); ++step) {
    const int partner = PartnerOf(call, step);
    if (partner >= call.Ranks())
      continue;
    if (me < partner) {
      send(partner);
      receive(partner);
    } else {
      receive(partner);
      send(partner);
    }
  }
  for (const auto &values : incoming)
    arrived += static_cast<int64_t>(values.size());
  CheckArrived(call, sent, arrived);
  return incoming;
}
} // namespace csro

#endif

#include "parallel/Exchange.h"

#include <vtkMultiProcessController.h>

#include <algorithm>
#include <string>

namespace csro {
namespace {
constexpr int MessageTag = 7140;
constexpr size_t LargestMessage = size_t{1} << 28; // MPI counts are int
} // namespace

void SendBytes(Call &call, const void *bytes, size_t size, int to) {
  for (size_t at = 0; at < size; at += LargestMessage)
    call.Controller()->Send(static_cast<const char *>(bytes) + at,
                            static_cast<vtkIdType>(std::min(LargestMessage, size - at)), to,
                            MessageTag);
}

void ReceiveBytes(Call &call, void *bytes, size_t size, int from) {
  for (size_t at = 0; at < size; at += LargestMessage)
    call.Controller()->Receive(static_cast<char *>(bytes) + at,
                               static_cast<vtkIdType>(std::min(LargestMessage, size - at)), from,
                               MessageTag);
}

std::vector<int64_t> ExchangeCounts(Call &call, const std::vector<int64_t> &outgoing) {
  std::vector<long long> incoming(outgoing.begin(), outgoing.end());
  MeetAll(call, [&](int partner, bool sendFirst) {
    const long long count = outgoing[partner];
    if (sendFirst)
      call.Controller()->Send(&count, 1, partner, MessageTag);
    call.Controller()->Receive(&incoming[partner], 1, partner, MessageTag);
    if (!sendFirst)
      call.Controller()->Send(&count, 1, partner, MessageTag);
  });
  return {incoming.begin(), incoming.end()};
}

void CheckArrived(Call &call, int64_t sent, int64_t arrived) {
  int64_t totals[2] = {sent, arrived};
  call.Sum(totals, 2);
  call.RunLocal([&] {
    if (totals[0] != totals[1])
      call.Fail(CSRO_ERROR_DATA, "exchange between ranks: " + std::to_string(totals[1]) +
                                     " values arrived of " + std::to_string(totals[0]));
  });
}
} // namespace csro

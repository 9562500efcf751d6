#include "Exchange.h"

#include <vtkMultiProcessController.h>

#include <algorithm>
#include <string>

namespace csro {
namespace {
constexpr int MessageTag = 7140;
constexpr size_t LargestMessage = size_t{1} << 28; // MPI counts are int
} // namespace

Share ShareOf(int64_t count, int part, int parts) {
  const int64_t first = count / parts * part + std::min<int64_t>(part, count % parts);
  return {first, count / parts + (part < count % parts ? 1 : 0)};
}

void SendBytes(Call &call, const void *bytes, size_t size, int to) {
  const long long length = static_cast<long long>(size);
  call.Controller()->Send(&length, 1, to, MessageTag);
  for (size_t at = 0; at < size; at += LargestMessage)
    call.Controller()->Send(static_cast<const char *>(bytes) + at,
                            static_cast<vtkIdType>(std::min(LargestMessage, size - at)), to,
                            MessageTag);
}

size_t ReceiveSize(Call &call, int from) {
  long long length = 0;
  call.Controller()->Receive(&length, 1, from, MessageTag);
  return static_cast<size_t>(length);
}

void ReceiveBytes(Call &call, void *bytes, size_t size, int from) {
  for (size_t at = 0; at < size; at += LargestMessage)
    call.Controller()->Receive(static_cast<char *>(bytes) + at,
                               static_cast<vtkIdType>(std::min(LargestMessage, size - at)), from,
                               MessageTag);
}

int StepsOfExchange(const Call &call) {
  int steps = 1;
  while (steps < call.Ranks())
    steps *= 2;
  return steps;
}

void CheckArrived(Call &call, int64_t sent, int64_t arrived) {
  int64_t totals[2] = {sent, arrived};
  call.Sum(totals, 2);
  call.Together([&] {
    if (totals[0] != totals[1])
      call.Fail(CSRO_ERROR_DATA, "exchange between ranks: " + std::to_string(totals[1]) +
                                     " values arrived of " + std::to_string(totals[0]));
  });
}
} // namespace csro

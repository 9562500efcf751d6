#include "parallel/FilterCall.h"

#include "vtkAPTAlgorithm.h"

#include "csro/context.h"
#include "csro/cpu_limit.h"
#include "csro/memory.h"

#include <vtkCommunicator.h>
#include <vtkMultiProcessController.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include <sched.h>
#include <unistd.h>

namespace csro {
namespace {
// Who a rank shares its cores with: the name of its host and the cores it may run on.
struct Seat {
  char Host[256];
  cpu_set_t Cores;
};

Seat FindSeat() {
  Seat seat;
  std::memset(&seat, 0, sizeof seat);
  gethostname(seat.Host, sizeof seat.Host - 1);
  if (sched_getaffinity(0, sizeof seat.Cores, &seat.Cores) != 0 || CPU_COUNT(&seat.Cores) == 0) {
    CPU_SET(0, &seat.Cores);
  }
  return seat;
}

// Ranks on one host may be bound to cores of their own or share them all; the union of what they
// may use, divided by their number, fits both. No rank takes more than it may use itself, and all
// of them not more than a container allows.
struct Host {
  int Share;                   // cores of this rank
  std::vector<int> Neighbours; // the ranks on it, this one too
};

Host FindHost(vtkMultiProcessController *controller) {
  const Seat mine = FindSeat();
  const int ranks = controller ? controller->GetNumberOfProcesses() : 1;
  std::vector<Seat> seats(ranks, mine);
  if (ranks > 1) {
    controller->AllGather(reinterpret_cast<const char *>(&mine),
                          reinterpret_cast<char *>(seats.data()),
                          static_cast<vtkIdType>(sizeof mine));
  }
  Host host{1, {}};
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (int rank = 0; rank < ranks; ++rank) {
    if (std::strcmp(seats[rank].Host, mine.Host) == 0) {
      CPU_OR(&cores, &cores, &seats[rank].Cores);
      host.Neighbours.push_back(rank);
    }
  }
  const int limit = csro_cgroup_cpu_limit("/proc/self/cgroup", "/sys/fs/cgroup");
  const int share = std::min(CPU_COUNT(&cores), limit) / static_cast<int>(host.Neighbours.size());
  host.Share = std::max(1, std::min(share, CPU_COUNT(&mine.Cores)));
  return host;
}

// Collective when called for the first time.
const Host &ThisHost(vtkMultiProcessController *controller) {
  static const Host host = FindHost(controller);
  return host;
}

// In gigabytes, three digits.
std::string Gigabytes(double bytes) {
  std::ostringstream text;
  text.precision(3);
  text << bytes * 1e-9 << " GB";
  return text.str();
}

// What the user asks of all programs with OpenMP ("4", "4,2"); 0: nothing.
int AskedThreads() {
  const char *asked = std::getenv("OMP_NUM_THREADS");
  return asked ? std::max(0, std::min(4096, std::atoi(asked))) : 0;
}
} // namespace

void *Allocate(Call &call, int64_t count, size_t size) {
  void *memory = csro_allocate(call.Context(), count, size);
  if (!memory)
    call.Check(CSRO_ERROR_MEMORY);
  return memory;
}

int FairThreads(vtkMultiProcessController *controller) {
  const int share = ThisHost(controller).Share;
  const int asked = AskedThreads();
  return asked > 0 ? asked : share;
}

Call::Call(vtkAPTAlgorithm *filter)
    : Filter(filter), Processes(vtkMultiProcessController::GetGlobalController()),
      MyRank(Processes ? Processes->GetLocalProcessId() : 0),
      RankCount(Processes ? Processes->GetNumberOfProcesses() : 1), News(Processes) {
  csro_context_init(&this->Core);
  const int share = FairThreads(this->Processes);
  const int asked = filter->GetThreads(); // checked later
  this->Core.threads = asked > 0 ? std::min(asked, 4096) : share;
  this->Core.progress = &Call::OnProgress;
  this->Core.user = this;
}

int Call::OnProgress(void *user, double fraction) {
  auto *call = static_cast<Call *>(user);
  call->Filter->UpdateProgress(call->Begin + (call->End - call->Begin) * fraction);
  if (call->IsAsked())
    call->News.Tell();
  return call->News.IsKnown() ? 1 : 0;
}

bool Call::IsAsked() {
  return this->Filter->GetAbortExecute() || this->Filter->CheckAbort();
}

void Call::Progress(double fraction) {
  if (OnProgress(this, fraction) != 0)
    this->Fail(CSRO_CANCELLED, "cancelled by the user");
}

void Call::Stage(double begin, double end) {
  this->Begin = this->FrameBegin + (this->FrameEnd - this->FrameBegin) * begin;
  this->End = this->FrameBegin + (this->FrameEnd - this->FrameBegin) * end;
}

void Call::Frame(double begin, double end) {
  this->FrameBegin = begin;
  this->FrameEnd = end;
  this->Stage(0, 1);
}

void Call::Check(csro_status status) {
  if (status != CSRO_OK) {
    this->Fail(status, this->Core.message[0] ? this->Core.message : csro_status_text(status));
  }
}

void Call::Fail(csro_status status, const std::string &message) {
  throw Failure{status, message};
}

void Call::Agree(Failure failure) {
  if (failure.Status == CSRO_OK && (this->IsAsked() || this->News.IsKnown()))
    failure = {CSRO_CANCELLED, "cancelled by the user"};
  constexpr int64_t hasTold = 1024; // above every status
  std::vector<int64_t> statuses =
      this->Gather(failure.Status + (this->News.HasTold() ? hasTold : 0));
  std::vector<bool> told(this->RankCount);
  for (int rank = 0; rank < this->RankCount; ++rank) {
    told[rank] = statuses[rank] >= hasTold;
    statuses[rank] %= hasTold;
  }
  this->News.Settle(told);
  // An error outranks a cancel; among errors the lowest rank speaks.
  int speaker = -1;
  for (int rank = 0; rank < this->RankCount; ++rank) {
    const bool first = statuses[rank] != CSRO_OK && speaker < 0;
    if (first || (statuses[rank] > CSRO_CANCELLED && statuses[speaker] == CSRO_CANCELLED)) {
      speaker = rank;
    }
  }
  if (speaker < 0) {
    return;
  }
  std::array<char, sizeof this->Core.message> text{};
  if (speaker == this->MyRank) {
    failure.Message.copy(text.data(), text.size() - 1);
  }
  if (this->RankCount > 1) {
    this->Processes->Broadcast(text.data(), static_cast<vtkIdType>(text.size()), speaker);
  }
  throw Failure{static_cast<csro_status>(statuses[speaker]), text.data()};
}

void Call::Sum(int64_t *values, int64_t count) {
  constexpr int64_t most = 1 << 20; // at once
  for (int64_t first = 0; this->RankCount > 1 && first < count; first += most) {
    const int64_t now = std::min(most, count - first);
    const std::vector<long long> mine(values + first, values + first + now);
    std::vector<long long> all(now);
    this->Processes->AllReduce(mine.data(), all.data(), now, vtkCommunicator::SUM_OP);
    std::copy(all.begin(), all.end(), values + first);
  }
}

void Call::Sum(int32_t *values, int count) {
  if (this->RankCount > 1) {
    const std::vector<int> mine(values, values + count);
    this->Processes->AllReduce(mine.data(), values, count, vtkCommunicator::SUM_OP);
  }
}

void Call::Sum(double *values, int count) {
  if (this->RankCount > 1) {
    const std::vector<double> mine(values, values + count);
    this->Processes->AllReduce(mine.data(), values, count, vtkCommunicator::SUM_OP);
  }
}

void Call::Minimum(double *values, int count) {
  if (this->RankCount > 1) {
    const std::vector<double> mine(values, values + count);
    this->Processes->AllReduce(mine.data(), values, count, vtkCommunicator::MIN_OP);
  }
}

void Call::Maximum(double *values, int count) {
  if (this->RankCount > 1) {
    const std::vector<double> mine(values, values + count);
    this->Processes->AllReduce(mine.data(), values, count, vtkCommunicator::MAX_OP);
  }
}

void Call::Maximum(int64_t *values, int count) {
  if (this->RankCount > 1) {
    const std::vector<long long> mine(values, values + count);
    std::vector<long long> all(count);
    this->Processes->AllReduce(mine.data(), all.data(), count, vtkCommunicator::MAX_OP);
    std::copy(all.begin(), all.end(), values);
  }
}

std::vector<int64_t> Call::Gather(int64_t value) {
  std::vector<long long> all(this->RankCount, value);
  if (this->RankCount > 1) {
    const long long mine = value;
    this->Processes->AllGather(&mine, all.data(), 1);
  }
  return {all.begin(), all.end()};
}

void Call::Reserve(double bytes, const std::string &what, const std::string &advice) {
  constexpr double most = 0.95; // the rest is for all that is small
  const csro_memory memory = csro_memory_free("/proc", "/sys/fs/cgroup");
  const std::vector<int64_t> all = this->Gather(static_cast<int64_t>(std::min(bytes, 1e18)));
  this->RunLocal([&] {
    double onHost = 0;
    for (const int rank : ThisHost(this->Processes).Neighbours)
      onHost += static_cast<double>(all[rank]);
    const double free = static_cast<double>(memory.host), own = static_cast<double>(memory.process);
    const bool fits = onHost <= most * free, fitsOwn = bytes <= most * own;
    const bool byOwn = !fitsOwn && (fits || own < free);
    if (!(fits && fitsOwn))
      this->Fail(CSRO_ERROR_MEMORY, what + " take " + Gigabytes(byOwn ? bytes : onHost) + ", " +
                                        Gigabytes(byOwn ? own : free) +
                                        " of memory are free: " + advice);
  });
}

std::vector<std::string> Call::Share(const std::vector<std::string> &lines) {
  std::string text;
  for (const std::string &line : lines)
    text += line + '\n';
  const std::vector<int64_t> sizes = this->Gather(static_cast<int64_t>(text.size()));
  int speaker = 0;
  while (speaker < this->RankCount - 1 && sizes[speaker] == 0)
    ++speaker;
  text.resize(sizes[speaker]);
  if (this->RankCount > 1 && !text.empty())
    this->Processes->Broadcast(&text[0], sizes[speaker], speaker);
  std::vector<std::string> shared;
  std::istringstream rest(text);
  for (std::string line; std::getline(rest, line);)
    shared.push_back(line);
  return shared;
}
} // namespace csro

// What stands between a VTK filter and the core: context, progress and cancel, errors that all
// ranks agree on, threads.
#ifndef csroFilterCall_h
#define csroFilterCall_h

#include "parallel/Cancel.h"

#include "csro/context.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

class vtkAPTAlgorithm;
class vtkMultiProcessController;

namespace csro {
// Ends the execution of a filter, on every rank with the same status and message.
struct Failure {
  csro_status Status;
  std::string Message;
};

// One execution of a filter. Work alternates between local sections (RunLocal) and collective
// operations. Inside a local section a failed call of the core throws (Check, Fail); at its end the
// ranks agree, and either all go on or all leave. Collective operations stand outside of local
// sections, so no rank ever waits for one that has failed. A cancel that one rank is asked for ends
// the section on all ranks that report progress (Cancel.h).
class Call {
public:
  explicit Call(vtkAPTAlgorithm *filter);
  Call(const Call &) = delete;
  void operator=(const Call &) = delete;

  csro_context *Context() {
    return &this->Core;
  }
  vtkMultiProcessController *Controller() {
    return this->Processes;
  }
  int Rank() const {
    return this->MyRank;
  }
  int Ranks() const {
    return this->RankCount;
  }

  // The part of the filter's progress, of 0..1, that the core's calls cover from now on.
  void Stage(double begin, double end);
  // Stages from now on are parts of this part of the filter's progress: of one run of several.
  void Frame(double begin, double end);

  // The progress of work that is not the core's, of 0..1 of the stage; throws when it is cancelled.
  // Only inside RunLocal, as the next two.
  void Progress(double fraction);
  // Throws when the status of a core function is not CSRO_OK.
  void Check(csro_status status);
  [[noreturn]] void Fail(csro_status status, const std::string &message);

  // Runs a local section, then agrees.
  template <typename Work> void RunLocal(Work &&work) {
    Failure failure{CSRO_OK, {}};
    try {
      work();
    } catch (const Failure &caught) {
      failure = caught;
    } catch (const std::exception &caught) {
      failure = {CSRO_ERROR_MEMORY, caught.what()};
    }
    this->Agree(failure);
  }

  // Collective: sums, extremes and values of all ranks, in place.
  void Sum(int64_t *values, int64_t count);
  void Sum(int32_t *values, int count);
  void Sum(double *values, int count);
  void Minimum(double *values, int count);
  void Maximum(double *values, int count);
  void Maximum(int64_t *values, int count);
  std::vector<int64_t> Gather(int64_t value);
  // Fails when `bytes` of every rank do not fit into what is free on its host, or in its address
  // space: "`what` take 20.0 GB, 11.2 GB of memory are free: `advice`". Before the memory is taken.
  void Reserve(double bytes, const std::string &what, const std::string &advice);
  // The lines of the lowest rank that has any.
  std::vector<std::string> Share(const std::vector<std::string> &lines);

private:
  static int OnProgress(void *user, double fraction);
  bool IsAsked();
  void Agree(Failure failure);

  vtkAPTAlgorithm *Filter;
  vtkMultiProcessController *Processes;
  int MyRank;
  int RankCount;
  double Begin = 0;
  double End = 1;
  double FrameBegin = 0;
  double FrameEnd = 1;
  csro_context Core;
  CancelNews News;
};

// Memory of malloc for `count` values of `size` bytes; fails where there is none. Inside a local
// section.
void *Allocate(Call &call, int64_t count, size_t size);

// OMP_NUM_THREADS; where it is not set, the cores of the host that this process may use, shared
// with the ranks on it. Collective when called for the first time.
int FairThreads(vtkMultiProcessController *controller);
} // namespace csro

#endif

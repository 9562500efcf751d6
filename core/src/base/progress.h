/* Progress and cancel inside OpenMP loops. Any thread may call csro_progress_add; only the thread
 * that called the core (OpenMP's master) calls the user's callback, at most ten times a second. */
#ifndef CSRO_BASE_PROGRESS_H
#define CSRO_BASE_PROGRESS_H

#include "csro/context.h"

#include <stdatomic.h>
#include <stdint.h>

typedef struct csro_progress {
  csro_context *context;
  double begin, end; /* the part of 0..1 that this loop covers */
  int64_t total;
  double last; /* seconds, time of the last callback */
  _Atomic int64_t done;
  _Atomic int cancelled;
} csro_progress;

void csro_progress_start(csro_progress *progress, csro_context *context, int64_t total,
                         double begin, double end);

/* Reports that `count` more units are done. Returns true when the call was cancelled: loops then
 * skip their remaining work. */
bool csro_progress_add(csro_progress *progress, int64_t count);

/* CSRO_OK, or CSRO_CANCELLED with its message. Call after the loop, outside the parallel region. */
csro_status csro_progress_end(csro_progress *progress);

#endif

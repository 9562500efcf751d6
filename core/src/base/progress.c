#include "base/progress.h"

#include <omp.h>

static const double seconds_between_callbacks = 0.1;

static void call_back(csro_progress *progress, double fraction) {
  csro_context *context = progress->context;
  if (!context->progress)
    return;
  double now = omp_get_wtime();
  if (now - progress->last < seconds_between_callbacks)
    return;
  progress->last = now;
  if (context->progress(context->user, fraction) != 0)
    atomic_store_explicit(&progress->cancelled, 1, memory_order_relaxed);
}

void csro_progress_start(csro_progress *progress, csro_context *context, int64_t total,
                         double begin, double end) {
  progress->context = context;
  progress->begin = begin;
  progress->end = end;
  progress->total = total > 0 ? total : 1;
  progress->last = 0;
  atomic_init(&progress->done, 0);
  atomic_init(&progress->cancelled, 0);
  call_back(progress, begin);
}

bool csro_progress_add(csro_progress *progress, int64_t count) {
  int64_t done = atomic_fetch_add_explicit(&progress->done, count, memory_order_relaxed) + count;
  if (omp_get_thread_num() == 0)
    call_back(progress, progress->begin + (progress->end - progress->begin) * (double)done /
                                              (double)progress->total);
  return atomic_load_explicit(&progress->cancelled, memory_order_relaxed) != 0;
}

csro_status csro_progress_end(csro_progress *progress) {
  if (atomic_load(&progress->cancelled))
    return csro_fail(progress->context, CSRO_CANCELLED, "cancelled by the user");
  return CSRO_OK;
}

#include "statistics/centres.h"

#include "base/progress.h"

#include <string.h>

enum { CHUNK = 64 }; /* places */

static csro_status visit_places(csro_context *own, const csro_centres *c, int thread, int64_t begin,
                                int64_t end) {
  csro_status status = CSRO_OK;
  for (int64_t place = begin; place < end && status == CSRO_OK; place++) {
    const int64_t ion = c->sorted->index[place];
    if (ion < c->ions->own && !(c->ions->part[ion] & CSRO_IMAGE))
      status = c->measure(own, c->all, thread, place);
  }
  return status;
}

/* Chunks in turns: neighbouring chunks are about equally full. */
static csro_status visit_chunks(csro_context *own, const csro_centres *c, int thread, int threads,
                                csro_progress *progress) {
  const int64_t total = c->sorted->cells.count, chunks = (total + CHUNK - 1) / CHUNK;
  csro_status status = CSRO_OK;
  for (int64_t chunk = thread; chunk < chunks && status == CSRO_OK; chunk += threads) {
    const int64_t begin = chunk * CHUNK, end = begin + CHUNK < total ? begin + CHUNK : total;
    status = visit_places(own, c, thread, begin, end);
    if (csro_progress_add(progress, end - begin))
      break;
  }
  return status;
}

csro_status csro_centres_visit(csro_context *context, const csro_centres *centres) {
  csro_progress progress;
  csro_progress_start(&progress, context, centres->sorted->cells.count, 0.05, 1);
  csro_status failed = CSRO_OK;
#pragma omp parallel for num_threads(context->threads) schedule(static, 1)
  for (int t = 0; t < context->threads; t++) {
    csro_context own;
    csro_context_init(&own);
    own.threads = 1;
    const csro_status status = visit_chunks(&own, centres, t, context->threads, &progress);
#pragma omp critical(csro_centres)
    if (status != CSRO_OK) {
      failed = status;
      memcpy(context->message, own.message, sizeof own.message);
    }
  }
  return failed != CSRO_OK ? failed : csro_progress_end(&progress);
}

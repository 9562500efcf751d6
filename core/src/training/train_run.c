/* An epoch of a fold is one piece of work. A free thread takes the fold that is furthest behind, so
 * that five folds keep two threads busy to the end. The folds do not share anything, hence neither
 * order nor threads change a result. */
#include "training/train_run.h"

#include "training/blas_threads.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct fold_state {
  bool busy;
  int done, told; /* epochs that are finished, and that the caller knows of */
} fold_state;

typedef struct run {
  const csro_train_data *data;
  const csro_train_options *options;
  csro_fold *folds;
  fold_state *states;
  csro_train_epoch *history;
  csro_progress progress;
} run;

/* Both functions are called inside the critical section. */
static bool all_finished(const run *r) {
  for (int f = 0; f < r->options->folds; f++)
    if (r->states[f].busy || !r->folds[f].finished)
      return false;
  return true;
}

static int furthest_behind(const run *r) {
  int chosen = -1;
  for (int f = 0; f < r->options->folds; f++)
    if (!r->states[f].busy && !r->folds[f].finished &&
        (chosen < 0 || r->states[f].done < r->states[chosen].done))
      chosen = f;
  return chosen;
}

/* The fold to work on, or -1 when there is none now; *end when there will be none. */
static int take_fold(run *r, bool *end) {
  int fold;
#pragma omp critical(csro_folds)
  {
    *end = all_finished(r);
    fold = furthest_behind(r);
    if (fold >= 0)
      r->states[fold].busy = true;
  }
  return fold;
}

static void give_back(run *r, int fold) {
#pragma omp critical(csro_folds)
  {
    r->states[fold].busy = false;
    r->states[fold].done = r->folds[fold].epochs;
  }
}

static void tell_fold(run *r, int fold) {
  fold_state *state = &r->states[fold];
  int done;
#pragma omp critical(csro_folds)
  done = state->done;
  for (; state->told < done; state->told++)
    r->options->epoch_done(r->options->user, fold, state->told,
                           &r->history[(int64_t)fold * r->options->epochs + state->told]);
}

static void tell_all(run *r) {
  for (int f = 0; f < r->options->folds && r->options->epoch_done; f++)
    tell_fold(r, f);
}

static void epoch_of(run *r, int fold) {
  csro_fold *of = &r->folds[fold];
  csro_fold_epoch(of, r->data, r->options, &r->progress,
                  &r->history[(int64_t)fold * r->options->epochs + of->epochs]);
  give_back(r, fold);
}

/* The calling thread stays to the end, to report and to cancel; the others may go as soon as every
 * unfinished fold has a thread. */
static void work(run *r) {
  const struct timespec pause = {.tv_nsec = 20000000};
  bool calling = omp_get_thread_num() == 0, end = false;
  while (!end && !csro_progress_add(&r->progress, 0)) {
    int fold = take_fold(r, &end);
    if (fold >= 0)
      epoch_of(r, fold);
    else if (!calling)
      return;
    else if (!end)
      nanosleep(&pause, NULL);
    if (calling)
      tell_all(r);
  }
}

csro_status csro_folds_run(csro_context *context, const csro_train_data *data,
                           const csro_train_options *options, csro_fold *folds,
                           csro_train_epoch *history) {
  run r = {.data = data, .options = options, .folds = folds, .history = history};
  r.states = csro_allocate(context, options->folds, sizeof *r.states);
  if (!r.states)
    return CSRO_ERROR_MEMORY;
  memset(r.states, 0, (size_t)options->folds * sizeof *r.states);
  int64_t samples = 0;
  for (int f = 0; f < options->folds; f++)
    samples += folds[f].sample_count;
  csro_progress_start(&r.progress, context, samples * options->epochs, 0.0, 1.0);
  int blas_threads = csro_blas_single_thread();
#pragma omp parallel num_threads(context->threads)
  work(&r);
  csro_blas_restore(blas_threads);
  free(r.states);
  return csro_progress_end(&r.progress);
}

#include "csro/background.h"
#include "csro/distributions.h"
#include "csro/share.h"

#include "base/progress.h"
#include "ranges/mass_intervals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { nearest_windows = 6, median_reach = 10, block_ions = 65536 };

static const double gap_below = 0.1, gap_above = 0.3, widest = 0.25, before = 2; /* Da */

/* Windows first .. last - 1 of the used ones. */
typedef struct run {
  int first, last;
} run;

struct csro_background {
  int ranges, windows, used;
  double lowest, highest; /* Da, of the ions */
  csro_pieces pieces;     /* labelled 1 + place */
  double *shape;          /* integral of 1 / sqrt(m) over each place */
  double *center;         /* Da, of each place */
  int *window;            /* the used ones, ascending */
  run *of;                /* windows that give the level of each range */
  csro_background_model model;
};

void csro_background_destroy(csro_background **background) {
  if (!background || !*background)
    return;
  csro_pieces_release(&(*background)->pieces);
  free((*background)->shape);
  free((*background)->center);
  free((*background)->window);
  free((*background)->of);
  free(*background);
  *background = NULL;
}

int csro_background_places(const csro_background *background) {
  return background->ranges + background->windows;
}

static double integral(double lo, double hi) {
  return 2 * (sqrt(fmax(hi, 0)) - sqrt(fmax(lo, 0)));
}

static int compare_ranges(const void *a, const void *b) {
  const csro_range *p = a, *q = b;
  return (p->lo > q->lo) - (p->lo < q->lo);
}

/* Windows of a width in the gaps of sorted ranges; `place` may be NULL. Returns how many. */
static int cut_gaps(const csro_range *sorted, int ranges, double lowest, double highest,
                    double width, csro_range *place) {
  int count = 0;
  double from = fmax(fmax(lowest, 0), sorted[0].lo - before);
  double end = sorted[0].hi; /* of the ranges so far */
  for (int r = 0; r <= ranges; r++) {
    const double to = r < ranges ? sorted[r].lo - gap_below : highest;
    const double gap = fmin(to, highest) - from;
    const int parts = gap > gap_below ? (int)ceil(gap / width) : 0;
    for (int k = 0; k < parts; k++, count++)
      if (place)
        place[count] =
            (csro_range){.lo = from + gap * k / parts, .hi = from + gap * (k + 1) / parts};
    if (r == ranges)
      break;
    end = fmax(end, sorted[r].hi);
    from = fmax(from, end + gap_above);
  }
  return count;
}

/* Ranges, then windows, of species that are their own place. */
static csro_status list_places(csro_context *context, const csro_range *range, int ranges,
                               double lowest, double highest, csro_ranges *places) {
  csro_range *sorted = csro_allocate(context, ranges, sizeof *sorted);
  if (!sorted)
    return CSRO_ERROR_MEMORY;
  memcpy(sorted, range, (size_t)ranges * sizeof *sorted);
  qsort(sorted, (size_t)ranges, sizeof *sorted, compare_ranges);
  double width = widest;
  while (cut_gaps(sorted, ranges, lowest, highest, width, NULL) > CSRO_BACKGROUND_WINDOWS)
    width *= 2;
  const int windows = cut_gaps(sorted, ranges, lowest, highest, width, NULL);
  places->count = ranges + windows;
  places->range = csro_allocate(context, places->count, sizeof *places->range);
  if (places->range) {
    memcpy(places->range, range, (size_t)ranges * sizeof *range);
    cut_gaps(sorted, ranges, lowest, highest, width, places->range + ranges);
    for (int i = 0; i < places->count; i++)
      places->range[i].species = i;
  }
  free(sorted);
  return places->range ? CSRO_OK : CSRO_ERROR_MEMORY;
}

/* The open gaps between two ends are the pieces that have a width. */
static void measure(const csro_ranges *places, csro_background *background) {
  const csro_pieces *pieces = &background->pieces;
  for (int i = 0; i < places->count; i++) {
    background->shape[i] = 0;
    background->center[i] = (places->range[i].lo + places->range[i].hi) / 2;
  }
  for (int64_t i = 1; i < pieces->count; i++)
    if (pieces->label[2 * i] > 0)
      background->shape[pieces->label[2 * i] - 1] += integral(pieces->end[i - 1], pieces->end[i]);
}

static csro_status fill(csro_context *context, const csro_ranges *places,
                        csro_background *background) {
  const csro_status status = csro_pieces_init(context, places, &background->pieces);
  if (status != CSRO_OK)
    return status;
  background->shape = csro_allocate(context, places->count, sizeof *background->shape);
  background->center = csro_allocate(context, places->count, sizeof *background->center);
  background->window = csro_allocate(context, background->windows, sizeof *background->window);
  background->of = csro_allocate(context, background->ranges, sizeof *background->of);
  if (!background->shape || !background->center || !background->window || !background->of)
    return CSRO_ERROR_MEMORY;
  memset(background->of, 0, (size_t)background->ranges * sizeof *background->of);
  measure(places, background);
  return CSRO_OK;
}

csro_status csro_background_create(csro_context *context, const csro_range *range, int ranges,
                                   double lowest, double highest, csro_background **background) {
  *background = NULL;
  if (ranges < 1 || ranges > CSRO_BACKGROUND_RANGES)
    return csro_fail(context, CSRO_ERROR_DATA, "%d ranges of mass-to-charge, expected 1 to %d",
                     ranges, CSRO_BACKGROUND_RANGES);
  csro_ranges places = {0};
  csro_status status = list_places(context, range, ranges, lowest, highest, &places);
  csro_background *made = status == CSRO_OK ? csro_allocate(context, 1, sizeof *made) : NULL;
  if (made) {
    *made = (csro_background){
        .ranges = ranges, .windows = places.count - ranges, .lowest = lowest, .highest = highest};
    status = fill(context, &places, made);
  } else {
    status = CSRO_ERROR_MEMORY;
  }
  free(places.range);
  if (status == CSRO_OK)
    *background = made;
  else
    csro_background_destroy(&made);
  return status;
}

int csro_background_range_at(const csro_background *background, double mass) {
  const int place = background->pieces.label[csro_piece_of(&background->pieces, mass)] - 1;
  return place < background->ranges ? place : -1;
}

/* own: a row of counts per thread, zeros. */
static csro_status count_shares(csro_context *context, const csro_background *background,
                                const void *mass, bool is_double, const int64_t *index,
                                int64_t count, int64_t *own) {
  const csro_pieces *pieces = &background->pieces;
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int t = 0; t < context->threads; t++) {
    int64_t *mine = own + (int64_t)t * (csro_background_places(background) + 1), begin, left;
    csro_share(count, t, context->threads, &begin, &left);
    for (const int64_t end = begin + left; begin < end; begin++) {
      if (begin % block_ions == 0 && csro_progress_add(&progress, block_ions))
        break;
      const int64_t i = index ? index[begin] : begin;
      mine[pieces->label[csro_piece_of(pieces, is_double ? ((const double *)mass)[i]
                                                         : (double)((const float *)mass)[i])]]++;
    }
  }
  return csro_progress_end(&progress);
}

csro_status csro_background_count(csro_context *context, const csro_background *background,
                                  const void *mass, bool is_double, const int64_t *index,
                                  int64_t count, int64_t *counts) {
  const int places = csro_background_places(background);
  const size_t size = (size_t)(places + 1) * sizeof *counts;
  memset(counts, 0, (size_t)places * sizeof *counts);
  int64_t *own = csro_allocate(context, context->threads, size);
  if (!own)
    return CSRO_ERROR_MEMORY;
  memset(own, 0, (size_t)context->threads * size);
  const csro_status status = count_shares(context, background, mass, is_double, index, count, own);
  for (int t = 0; t < context->threads; t++)
    for (int i = 0; i < places; i++)
      counts[i] += own[(int64_t)t * (places + 1) + i + 1];
  free(own);
  return status;
}

static int compare_doubles(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Counts that a window would have by the median rate of those around it. */
static double usual(const csro_background *background, const int64_t *counts, int window) {
  double rate[2 * median_reach + 1];
  int count = 0;
  for (int w = window - median_reach; w <= window + median_reach; w++)
    if (w >= 0 && w < background->windows)
      rate[count++] =
          (double)counts[background->ranges + w] / background->shape[background->ranges + w];
  qsort(rate, (size_t)count, sizeof *rate, compare_doubles);
  return rate[count / 2] * background->shape[background->ranges + window];
}

/* The nearest of the used windows, which are in the order of their masses. */
static run find_run(const csro_background *background, double mass) {
  if (background->model != CSRO_BACKGROUND_LOCAL || background->used <= nearest_windows)
    return (run){0, background->used};
  const double *center = background->center + background->ranges;
  run near = {0, nearest_windows};
  while (near.last < background->used && center[background->window[near.last]] - mass <
                                             mass - center[background->window[near.first]]) {
    near.first++;
    near.last++;
  }
  return near;
}

static double sum_counts(const csro_background *background, const int64_t *counts, run of) {
  double sum = 0;
  for (int i = of.first; i < of.last; i++)
    sum += (double)counts[background->ranges + background->window[i]];
  return sum;
}

static double sum_shapes(const csro_background *background, run of) {
  double sum = 0;
  for (int i = of.first; i < of.last; i++)
    sum += background->shape[background->ranges + background->window[i]];
  return sum;
}

static void judge(const csro_background *background, const int64_t *counts,
                  csro_background_report *report) {
  const run all = {0, background->used};
  report->windows = background->windows;
  report->used = background->used;
  report->counts = sum_counts(background, counts, all);
  report->level = report->counts / sum_shapes(background, all);
  for (int i = 0; i < background->used; i++) {
    const int place = background->ranges + background->window[i];
    const double mean = report->level * background->shape[place];
    report->chi2 += ((double)counts[place] - mean) * ((double)counts[place] - mean) / mean;
  }
  report->dof = background->used - 1;
  report->p_value = csro_chi2_tail(report->chi2, report->dof);
}

void csro_background_fit(csro_background *background, csro_background_model model,
                         const int64_t *counts, csro_background_report *report) {
  *report = (csro_background_report){0};
  background->used = 0;
  background->model = model;
  for (int w = 0; w < background->windows; w++) {
    const double mean = fmax(usual(background, counts, w), 1);
    if ((double)counts[background->ranges + w] <= mean + 4 * sqrt(mean))
      background->window[background->used++] = w;
  }
  judge(background, counts, report);
  for (int r = 0; r < background->ranges; r++)
    background->of[r] = find_run(background, background->center[r]);
}

void csro_background_text(csro_background_model model, const csro_background_report *report,
                          char text[CSRO_BACKGROUND_TEXT]) {
  text[0] = 0;
  if (model == CSRO_BACKGROUND_NONE)
    return;
  if (report->used == 0)
    snprintf(text, CSRO_BACKGROUND_TEXT,
             "no gap between the ranges is wide enough to measure the background: nothing is "
             "subtracted");
  else if (model == CSRO_BACKGROUND_FLIGHT_TIME && report->p_value < 0.001)
    snprintf(text, CSRO_BACKGROUND_TEXT,
             "the background between the ranges is not the same at all times of flight (chi2 %.0f "
             "of %d degrees of freedom): the local background follows it",
             report->chi2, report->dof);
}

static bool is_empty(const csro_background *background) {
  return background->model == CSRO_BACKGROUND_NONE || background->used == 0;
}

double csro_background_of(const csro_background *background, const int64_t *counts, int range) {
  if (is_empty(background))
    return 0;
  const run of = background->of[range];
  return background->shape[range] * sum_counts(background, counts, of) / sum_shapes(background, of);
}

double csro_background_covariance(const csro_background *background, const int64_t *counts, int r,
                                  int q) {
  if (is_empty(background))
    return 0;
  const run a = background->of[r], b = background->of[q];
  const run both = {a.first > b.first ? a.first : b.first, a.last < b.last ? a.last : b.last};
  return background->shape[r] * background->shape[q] * sum_counts(background, counts, both) /
         (sum_shapes(background, a) * sum_shapes(background, b));
}

double csro_background_density(const csro_background *background, const int64_t *counts,
                               double mass) {
  if (is_empty(background) ||
      !(mass > 0 && mass >= background->lowest && mass <= background->highest))
    return 0;
  const run of = find_run(background, mass);
  return sum_counts(background, counts, of) / sum_shapes(background, of) / sqrt(mass);
}

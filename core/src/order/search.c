#include "order/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double csro_search_density = 0.03;
const double csro_search_wander = 1;
static const double apart = 2.5;        /* nm, between domains that are judged at the same time */
static const double taken_around = 0.6; /* nm */
static const double peak_volume = 0.3; /* nm^3, of the places that share the evidence of the best */
static const float smallest_base = 1e-3f;
static const double judged = 0.05, explains = 0.5; /* probabilities worth judging, taking out */

double csro_search_probability(double evidence, double density) {
  return 1 / (1 + exp(-(evidence + log(density))));
}

static double occupied_volume(const csro_signal_ions *ions) {
  int64_t occupied = 0;
  for (int64_t c = 0; c < ions->n[0] * ions->n[1] * ions->n[2]; c++)
    occupied += ions->start[c + 1] > ions->start[c];
  return (double)occupied * ions->size * ions->size * ions->size;
}

static csro_status start(csro_search *s, const csro_points *points, const float *signal,
                         const csro_grid *grid) {
  const csro_order_options *o = s->options;
  double bounds[6];
  csro_status status = csro_points_bounds(s->context, points, bounds);
  if (status == CSRO_OK && !(bounds[0] <= bounds[1]))
    status = csro_fail(s->context, CSRO_ERROR_DATA, "there are no ions to find order in");
  if (status == CSRO_OK)
    status = csro_signal_ions_make(s->context, points, signal, bounds, &s->ions);
  if (status == CSRO_OK)
    status =
        csro_ball_profiles_make(s->context, o->diameter, o->sigma_xy, o->sigma_z, &s->profiles);
  if (status == CSRO_OK)
    status = csro_places_make(s->context, grid, bounds, &s->places);
  if (status != CSRO_OK)
    return status;
  int64_t n = s->ions.count;
  s->volume = occupied_volume(&s->ions);
  s->original = csro_allocate(s->context, n, sizeof *s->original);
  s->claimed = csro_allocate(s->context, n, sizeof *s->claimed);
  s->base = csro_allocate(s->context, n, sizeof *s->base);
  if (!s->original || !s->claimed || !s->base)
    return CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < n; i++) {
    s->original[i] = s->ions.signal[i];
    s->claimed[i] = 0;
    s->base[i] = 1;
  }
  return CSRO_OK;
}

void csro_search_visit(csro_search *s, const csro_posterior *p, csro_ion_visitor visit,
                       void *data) {
  int64_t lo[3], hi[3];
  double reach_xy = s->profiles.reach_xy + csro_search_wander;
  double reach_z = s->profiles.reach_z + csro_search_wander;
  if (!csro_signal_block(&s->ions, p->place, reach_xy, reach_z, lo, hi))
    return;
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++) {
      int64_t row = (k * s->ions.n[1] + j) * s->ions.n[0];
      for (int64_t i = s->ions.start[row + lo[0]]; i < s->ions.start[row + hi[0] + 1]; i++) {
        double x = s->ions.x[i] - p->place[0], y = s->ions.y[i] - p->place[1];
        if (x * x + y * y <= reach_xy * reach_xy)
          visit(s, p, i, data);
      }
    }
}

/* What a domain holds of an ion no other can explain. */
static void claim(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  (void)data;
  double r[3] = {s->ions.x[i], s->ions.y[i], s->ions.z[i]};
  double share = csro_posterior_share(p, &s->profiles, r) * p->domain.probability;
  double held = share * (1 - s->claimed[i]), e = s->original[i];
  /* An ion that the domain rules out has the ratio 0. */
  s->base[i] = fmaxf(s->base[i] + (float)(held * (p->domain.odd ? -e : e)), smallest_base);
  s->claimed[i] += (float)held;
  s->ions.signal[i] = (float)((1 - s->claimed[i]) * e / s->base[i]);
}

/* Takes the posterior over. */
static csro_status keep(csro_search *s, csro_posterior *posterior, bool taken_out) {
  if (s->count == s->capacity) {
    int64_t capacity = 2 * s->capacity + 64;
    csro_found_domain *more = realloc(s->found, (size_t)capacity * sizeof *more);
    if (!more)
      return csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
    s->found = more;
    s->capacity = capacity;
  }
  s->found[s->count++] = (csro_found_domain){*posterior, taken_out};
  *posterior = (csro_posterior){0};
  return CSRO_OK;
}

static csro_status find_posteriors(csro_search *s, int64_t count, double (*centers)[3],
                                   csro_posterior *posteriors) {
  csro_status status = CSRO_OK;
#pragma omp parallel num_threads(s->context->threads)
  {
    csro_evidence_scratch scratch = {0};
#pragma omp for schedule(dynamic)
    for (int64_t c = 0; c < count; c++)
      if (!csro_posterior_make(&s->ions, &s->profiles, centers[c], s->places.step,
                               csro_search_wander, &scratch, &posteriors[c])) {
#pragma omp atomic write
        status = CSRO_ERROR_MEMORY;
      }
    csro_evidence_scratch_free(&scratch);
  }
  return status == CSRO_OK ? CSRO_OK : csro_fail(s->context, status, "out of memory");
}

/* Judges places that do not touch each other. */
static csro_status judge(csro_search *s, int64_t count, double (*centers)[3]) {
  csro_posterior *posteriors = csro_allocate(s->context, count, sizeof *posteriors);
  if (!posteriors)
    return CSRO_ERROR_MEMORY;
  memset(posteriors, 0, (size_t)count * sizeof *posteriors);
  csro_status status = find_posteriors(s, count, centers, posteriors);
  double reach = s->profiles.reach_xy + s->options->diameter[1] / 2;
  for (int64_t c = 0; c < count && status == CSRO_OK; c++) {
    csro_posterior *p = &posteriors[c];
    p->domain.probability = csro_search_probability(p->domain.evidence, csro_search_density);
    bool taken_out = p->domain.probability >= explains;
    csro_places_mark(&s->places, centers[c], taken_around, s->places.taken);
    if (taken_out) {
      csro_search_visit(s, p, claim, NULL);
      csro_places_mark(&s->places, centers[c], reach, s->places.stale);
    }
    status = keep(s, p, taken_out);
  }
  for (int64_t c = 0; c < count; c++)
    csro_posterior_free(&posteriors[c]);
  free(posteriors);
  return status;
}

static int by_evidence(const void *a, const void *b) {
  const csro_ordered_domain *p = &((const csro_found_domain *)a)->posterior.domain;
  const csro_ordered_domain *q = &((const csro_found_domain *)b)->posterior.domain;
  if (p->evidence != q->evidence)
    return p->evidence > q->evidence ? -1 : 1;
  for (int axis = 0; axis < 3; axis++)
    if (p->center[axis] != q->center[axis])
      return p->center[axis] < q->center[axis] ? -1 : 1;
  return 0;
}

static csro_status search_all(csro_search *s) {
  double evidence = log(judged / (csro_search_density * peak_volume));
  int64_t count = 1;
  double begin = 0, end = 0.6; /* of the progress: later rounds are ever shorter */
  while (count > 0) {
    double(*centers)[3] = NULL;
    csro_status status =
        csro_places_update(s->context, &s->ions, &s->profiles, begin, end, &s->places);
    begin = end;
    end += (0.95 - end) / 2;
    if (status == CSRO_OK)
      status = csro_places_best(s->context, &s->places, evidence, apart, &count, &centers);
    if (status == CSRO_OK)
      status = judge(s, count, centers);
    free(centers);
    if (status != CSRO_OK)
      return status;
  }
  if (s->count > 0)
    qsort(s->found, (size_t)s->count, sizeof *s->found, by_evidence);
  return CSRO_OK;
}

csro_status csro_search_run(csro_context *context, const csro_points *points, const float *signal,
                            const csro_order_options *options, const csro_grid *grid,
                            csro_search *search) {
  *search = (csro_search){.context = context, .options = options};
  csro_status status = start(search, points, signal, grid);
  if (status == CSRO_OK)
    status = search_all(search);
  if (status != CSRO_OK)
    csro_search_free(search);
  return status;
}

void csro_search_free(csro_search *s) {
  for (int64_t d = 0; d < s->count; d++)
    csro_posterior_free(&s->found[d].posterior);
  free(s->found);
  free(s->original);
  free(s->claimed);
  free(s->base);
  csro_places_free(&s->places);
  csro_ball_profiles_free(&s->profiles);
  csro_signal_ions_free(&s->ions);
  *s = (csro_search){0};
}

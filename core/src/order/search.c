#include "order/search.h"

#include "order/messages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double csro_search_density = 0.03;
const double csro_search_wander = 1;
static const double used_around = 0.6; /* nm */
static const double peak_volume =
    0.3; /* nm^3, of the candidate centres that share the evidence of the best */
static const float smallest_base = 1e-3f;
static const double fitted = 0.05, explains = 0.5; /* probabilities worth fitting, subtracting */
/* Order is searched again as weak where its strength is below this with 95 %; by how much the
 * strength of what was found is more than what is best expected then, and the least of that: as
 * found in specimens of order 0.5 to 1. */
static const double weak = 0.95, overestimate = 0.24, least_expected = 0.4;

/* Of a domain that was fitted; its balls follow. */
typedef struct finding {
  csro_ordered_domain domain;
  double position[3];
  int64_t balls, subtracted, rival;
} finding;

double csro_search_probability(double evidence, double density) {
  return 1 / (1 + exp(-(evidence + log(density))));
}

double csro_search_reach(const csro_ball_profiles *profiles) {
  int largest = CSRO_BALL_LANES - 1;
  return fmax(profiles->reach_xy[largest], profiles->reach_z[largest]) + csro_search_wander + 1e-5;
}

/* The ions around the candidate centres that this part looks at, by whole cells. */
static double halo_of(const csro_ball_profiles *profiles) {
  return csro_search_reach(profiles) + CSRO_ORDER_SURFACE + CSRO_ORDER_CELL;
}

double csro_order_halo(const csro_order_options *options) {
  csro_ball_profiles profiles;
  csro_ball_profiles_measure(options->diameter, options->sigma_xy, options->sigma_z, &profiles);
  return fmax(halo_of(&profiles), 2.001 * CSRO_ORDER_PIXEL);
}

bool csro_search_borders(const csro_search *s, const double position[3], double reach) {
  for (int a = 0; a < 3; a++)
    if (position[a] - reach <= s->part.lo[a] || position[a] + reach >= s->part.hi[a])
      return true;
  return false;
}

void csro_search_open(double reach, csro_message_buffer *messages) {
  messages->size = 0;
  messages->reach = reach;
}

double csro_search_rare(const csro_order_options *options) {
  static const double common = 0.25;
  return options->fraction > 0 ? fmax(common - options->fraction, 0) : 0;
}

/* Where the species is rare, few ions speak: what contradicts must count for more. */
static double first_strength(const csro_order_options *options) {
  return CSRO_ORDER_STRENGTH + csro_search_rare(options);
}

csro_status csro_order_check(csro_context *context, const csro_order_options *o) {
  bool sizes =
      o->diameter[0] >= CSRO_SHORTEST && o->diameter[1] > o->diameter[0] && o->diameter[1] <= 20;
  if (!sizes)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "diameters of domains %g to %g nm: expected 0 < smallest < largest <= 20",
                     o->diameter[0], o->diameter[1]);
  csro_status status =
      csro_check_number(context, "position noise in x and y in nm", o->sigma_xy, 0.01, 2);
  if (status == CSRO_OK)
    status = csro_check_number(context, "position noise in z in nm", o->sigma_z, 0.001, 2);
  if (status == CSRO_OK)
    status = csro_check_number(context, "expected strength of order", o->strength, 0, 1);
  return status;
}

/* Signals of this strength, of which no domain holds anything. */
static void expect(csro_search *s, double strength) {
  const float factor = (float)(strength / s->expected);
  s->expected = strength;
  for (int64_t i = 0; i < s->ions.count; i++) {
    s->original[i] *= factor;
    s->ions.signal[i] = s->original[i];
    s->claimed[i] = 0;
    s->base[i] = 1;
  }
  for (int r = 0; r < s->rivals; r++)
    for (int64_t i = 0; i < s->ions.count; i++)
      s->rival[r].original[i] *= factor;
}

/* The rivals' signals in the order of the ions. */
static csro_status take_rivals(csro_search *s) {
  const csro_order_options *o = s->options;
  s->rival = csro_allocate(s->context, o->rivals, sizeof *s->rival);
  if (!s->rival)
    return CSRO_ERROR_MEMORY;
  for (; s->rivals < o->rivals; s->rivals++) {
    csro_search_rival *rival = &s->rival[s->rivals];
    rival->one_phase = o->rival[s->rivals].one_phase;
    rival->original = csro_allocate(s->context, s->ions.count, sizeof *rival->original);
    if (!rival->original)
      return CSRO_ERROR_MEMORY;
    for (int64_t i = 0; i < s->ions.count; i++)
      rival->original[i] = o->rival[s->rivals].signal[s->ions.index[i]];
  }
  return CSRO_OK;
}

static csro_status start(csro_search *s, const float *signal) {
  const csro_order_options *o = s->options;
  const csro_order_part *part = &s->part;
  csro_status status =
      csro_ball_profiles_init(s->context, o->diameter, o->sigma_xy, o->sigma_z, &s->profiles);
  s->profiles.one_phase = o->one_phase;
  if (status == CSRO_OK)
    status = csro_candidate_grid_init(s->context, s->grid, part->bounds, part->lo, part->hi,
                                      &s->centers);
  if (status != CSRO_OK)
    return status;
  double around[6], reach = csro_search_reach(&s->profiles) + CSRO_ORDER_SURFACE;
  for (int a = 0; a < 3; a++) {
    around[2 * a] = part->lo[a] - reach;
    around[2 * a + 1] = part->hi[a] + reach;
  }
  status = csro_signal_ions_init(s->context, s->points, signal, part->bounds, around, &s->ions);
  if (status != CSRO_OK)
    return status;
  int64_t n = s->ions.count;
  s->original = csro_allocate(s->context, n, sizeof *s->original);
  s->claimed = csro_allocate(s->context, n, sizeof *s->claimed);
  s->base = csro_allocate(s->context, n, sizeof *s->base);
  if (!s->original || !s->claimed || !s->base)
    return CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < n; i++)
    s->original[i] = s->ions.signal[i];
  status = take_rivals(s);
  if (status != CSRO_OK)
    return status;
  s->expected = CSRO_ORDER_STRENGTH;
  expect(s, o->strength > 0 ? o->strength : first_strength(o));
  return CSRO_OK;
}

csro_status csro_order_search_create(csro_context *context, const csro_points *points,
                                     const float *signal, const csro_order_options *options,
                                     const csro_grid *grid, const csro_order_part *part,
                                     csro_search **out) {
  *out = NULL;
  csro_status status = csro_order_check(context, options);
  if (status == CSRO_OK && !(part->bounds[0] <= part->bounds[1]))
    status = csro_fail(context, CSRO_ERROR_DATA, "there are no ions to find order in");
  if (status != CSRO_OK)
    return status;
  csro_search *s = csro_allocate(context, 1, sizeof *s);
  if (!s)
    return CSRO_ERROR_MEMORY;
  *s = (csro_search){.context = context,
                     .points = points,
                     .options = options,
                     .grid = grid,
                     .part = *part,
                     .end = 0.6}; /* later rounds are ever shorter */
  status = start(s, signal);
  if (status == CSRO_OK)
    *out = s;
  else
    csro_order_search_destroy(&s);
  return status;
}

static void drop_found(csro_search *s) {
  for (int64_t d = 0; d < s->count; d++) {
    csro_posterior_release(&s->found[d].posterior);
    free(s->found[d].member);
  }
  s->count = s->applied = 0;
}

bool csro_order_search_again(csro_search *s, const int64_t sums[CSRO_STRENGTHS]) {
  const csro_order_strength found = csro_order_strength_of(sums);
  const bool may = s->options->strength == 0 && s->expected == first_strength(s->options);
  if (!may || s->profiles.one_phase || !(found.high < weak))
    return false;
  drop_found(s);
  expect(s, fmax(found.value - overestimate, least_expected));
  csro_candidate_grid_restart(&s->centers);
  return true;
}

double csro_order_search_expected(const csro_search *search) {
  return search->expected;
}

void csro_order_search_destroy(csro_search **search) {
  csro_search *s = search ? *search : NULL;
  if (!s)
    return;
  drop_found(s);
  free(s->found);
  free(s->candidate);
  for (int r = 0; r < s->rivals; r++)
    free(s->rival[r].original);
  free(s->rival);
  free(s->original);
  free(s->claimed);
  free(s->base);
  csro_candidate_grid_release(&s->centers);
  csro_ball_profiles_release(&s->profiles);
  csro_signal_ions_release(&s->ions);
  free(s);
  *search = NULL;
}

void csro_search_visit(csro_search *s, const csro_posterior *p, csro_ion_visitor visit,
                       void *data) {
  int64_t lo[3], hi[3];
  double reach_xy = p->reach[0] + 1e-5, reach_z = p->reach[1] + 1e-5;
  if (!csro_signal_block(&s->ions, p->position, reach_xy, reach_z, lo, hi))
    return;
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++) {
      int64_t end = s->ions.start[csro_signal_cell(&s->ions, hi[0], j, k) + 1];
      for (int64_t i = s->ions.start[csro_signal_cell(&s->ions, lo[0], j, k)]; i < end; i++) {
        double x = s->ions.x[i] - p->position[0], y = s->ions.y[i] - p->position[1];
        if (x * x + y * y <= reach_xy * reach_xy && fabs(s->ions.z[i] - p->position[2]) <= reach_z)
          visit(s, p, i, data);
      }
    }
}

static int by_place(const void *a, const void *b) {
  const csro_placed_domain *p = a, *q = b;
  if (p->along != q->along)
    return p->along < q->along ? -1 : 1;
  int64_t m = p->found->posterior.domain.candidate, n = q->found->posterior.domain.candidate;
  return (m > n) - (m < n);
}

csro_placed_domain *csro_search_line(csro_search *s, bool subtracted, int64_t *count) {
  csro_placed_domain *line = csro_allocate(s->context, s->count, sizeof *line);
  const double *bounds = s->part.bounds;
  int axis = 0;
  *count = 0;
  if (!line)
    return NULL;
  for (int a = 1; a < 3; a++)
    if (bounds[2 * a + 1] - bounds[2 * a] > bounds[2 * axis + 1] - bounds[2 * axis])
      axis = a;
  for (int64_t d = 0; d < s->count; d++)
    if (s->found[d].subtracted == subtracted && s->found[d].rival == 0)
      line[(*count)++] =
          (csro_placed_domain){s->found[d].posterior.domain.center[axis], &s->found[d]};
  if (*count > 0)
    qsort(line, (size_t)*count, sizeof *line, by_place);
  return line;
}

/* What a domain holds of an ion no other can explain. data: signals of its kind of order. */
static void claim(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  const double kind = (double)((const float *)data)[i];
  double r[3] = {s->ions.x[i], s->ions.y[i], s->ions.z[i]};
  double share = csro_posterior_member(p, &s->profiles, r, 0) * p->domain.existence;
  double held = share * (1 - s->claimed[i]), e = s->original[i];
  /* An ion that the domain rules out has the ratio 0. */
  s->base[i] = fmaxf(s->base[i] + (float)(held * (p->domain.odd ? -kind : kind)), smallest_base);
  s->claimed[i] += (float)held;
  s->ions.signal[i] = (float)((1 - s->claimed[i]) * e / s->base[i]);
}

/* Takes the posterior over. */
static csro_status keep(csro_search *s, csro_found_domain *found) {
  if (s->count == s->capacity) {
    int64_t capacity = 2 * s->capacity + 64;
    csro_found_domain *more = realloc(s->found, (size_t)capacity * sizeof *more);
    if (!more)
      return csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
    s->found = more;
    s->capacity = capacity;
  }
  s->found[s->count] = *found;
  s->found[s->count++].least = NAN;
  found->posterior = (csro_posterior){0};
  return CSRO_OK;
}

csro_status csro_order_search_scan(csro_search *s, csro_message_buffer *messages) {
  double evidence = log(fitted / (csro_search_density * peak_volume));
  double apart = csro_candidate_grid_apart(&s->profiles);
  csro_search_open(apart, messages);
  free(s->candidate);
  s->candidate = NULL;
  s->candidates = 0;
  csro_status status =
      csro_candidate_grid_update(s->context, &s->ions, &s->profiles, s->begin, s->end, &s->centers);
  s->begin = s->end;
  s->end += (0.95 - s->end) / 2;
  if (status == CSRO_OK)
    status = csro_candidate_grid_candidates(s->context, &s->centers, &s->profiles, evidence,
                                            &s->candidates, &s->candidate);
  for (int64_t c = 0; c < s->candidates && status == CSRO_OK; c++) {
    double r[3];
    csro_candidate_grid_get(&s->centers, s->candidate[c].number, r);
    if (csro_search_borders(s, r, apart))
      status = csro_message_buffer_add(s->context, messages, r, &s->candidate[c],
                                       sizeof *s->candidate, NULL, 0);
  }
  return status;
}

/* The own candidates and those around. */
static csro_status add_candidates(csro_search *s, const char *bytes, int64_t size) {
  int64_t at = 0, text, more = 0;
  while (csro_message_buffer_next(bytes, size, &at, &text))
    more++;
  csro_candidate *all =
      realloc(s->candidate, (size_t)(s->candidates + more + 1) * sizeof *s->candidate);
  if (!all)
    return csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
  s->candidate = all;
  at = 0;
  for (const char *from; (from = csro_message_buffer_next(bytes, size, &at, &text));)
    memcpy(&s->candidate[s->candidates++], from, sizeof *s->candidate);
  return CSRO_OK;
}

/* One domain, its kind, and the strength of its order where it is to be subtracted. */
static bool fit_one(csro_search *s, const double center[3], csro_evidence_column *column,
                    csro_found_domain *found) {
  csro_posterior *p = &found->posterior;
  found->own = true;
  found->among = 1;
  if (!csro_posterior_init(&s->ions, &s->profiles, center, s->centers.step, csro_search_wander,
                           column, p))
    return false;
  p->domain.existence = csro_search_probability(p->domain.evidence, csro_search_density);
  found->subtracted = p->domain.existence >= explains;
  if (s->rivals > 0 && !csro_search_compare_rivals(s, found))
    return false;
  if (!found->subtracted || found->rival > 0)
    return true;
  if (!csro_search_strengths(s, p, found->ratio))
    return false;
  p->domain.strength = csro_search_mean_strength(found->ratio);
  return true;
}

static csro_status find_posteriors(csro_search *s, int64_t count, double (*centers)[3],
                                   csro_found_domain *found) {
  csro_status status = CSRO_OK;
#pragma omp parallel num_threads(s->context->threads)
  {
    csro_evidence_column column = {0};
#pragma omp for schedule(dynamic)
    for (int64_t c = 0; c < count; c++)
      if (!fit_one(s, centers[c], &column, &found[c])) {
#pragma omp atomic write
        status = CSRO_ERROR_MEMORY;
      }
    csro_evidence_column_release(&column);
  }
  return status == CSRO_OK ? CSRO_OK : csro_fail(s->context, status, "out of memory");
}

static csro_status send_finding(csro_search *s, const csro_found_domain *found,
                                csro_message_buffer *messages) {
  const csro_posterior *p = &found->posterior;
  finding text = {p->domain,
                  {p->position[0], p->position[1], p->position[2]},
                  p->balls.count,
                  found->subtracted,
                  found->rival};
  if (!csro_search_borders(s, p->position, messages->reach))
    return CSRO_OK;
  return csro_message_buffer_add(s->context, messages, p->position, &text, sizeof text,
                                 csro_ball_mixture_bytes(&p->balls),
                                 csro_ball_mixture_size(&p->balls));
}

/* Fits candidate centres that do not touch each other. */
static csro_status fit(csro_search *s, int64_t count, const int64_t *numbers, double (*centers)[3],
                       csro_found_domain *found, csro_message_buffer *messages) {
  memset(found, 0, (size_t)count * sizeof *found);
  csro_status status = find_posteriors(s, count, centers, found);
  for (int64_t c = 0; c < count && status == CSRO_OK; c++) {
    found[c].posterior.domain.candidate = numbers[c];
    status = keep(s, &found[c]);
    if (status == CSRO_OK)
      status = send_finding(s, &s->found[s->count - 1], messages);
  }
  for (int64_t c = 0; c < count; c++)
    csro_posterior_release(&found[c].posterior);
  return status;
}

csro_status csro_order_search_fit(csro_search *s, const char *bytes, int64_t size,
                                  csro_message_buffer *messages, int64_t *fitted_centers) {
  /* A part needs all that changes ions it sees. */
  csro_search_open(halo_of(&s->profiles) + csro_search_reach(&s->profiles), messages);
  *fitted_centers = 0;
  csro_status status = add_candidates(s, bytes, size);
  if (status != CSRO_OK)
    return status;
  int64_t count = 0, *numbers = csro_allocate(s->context, s->candidates, sizeof *numbers);
  status = numbers ? csro_candidate_grid_best(s->context, &s->centers, s->candidates, s->candidate,
                                              &count, numbers)
                   : CSRO_ERROR_MEMORY;
  double(*centers)[3] = csro_allocate(s->context, count, sizeof *centers);
  csro_found_domain *found = csro_allocate(s->context, count, sizeof *found);
  if (status == CSRO_OK && (!centers || !found))
    status = CSRO_ERROR_MEMORY;
  for (int64_t c = 0; c < count && status == CSRO_OK; c++)
    csro_candidate_grid_get(&s->centers, numbers[c], centers[c]);
  if (status == CSRO_OK)
    status = fit(s, count, numbers, centers, found, messages);
  if (status == CSRO_OK)
    *fitted_centers = count;
  free(numbers);
  free(centers);
  free(found);
  return status;
}

/* What other parts have found. */
static csro_status add_findings(csro_search *s, const char *bytes, int64_t size) {
  int64_t at = 0, length;
  for (const char *text; (text = csro_message_buffer_next(bytes, size, &at, &length));) {
    finding found;
    memcpy(&found, text, sizeof found);
    csro_found_domain other = {.posterior = {.domain = found.domain},
                               .subtracted = found.subtracted != 0,
                               .rival = (int)found.rival,
                               .among = 1};
    csro_posterior *p = &other.posterior;
    memcpy(p->position, found.position, sizeof p->position);
    if (!csro_ball_mixture_init(found.balls, &p->balls))
      return csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
    memcpy(csro_ball_mixture_bytes(&p->balls), text + sizeof found,
           csro_ball_mixture_size(&p->balls));
    csro_posterior_measure_reach(p, &s->profiles);
    csro_status status = keep(s, &other);
    csro_posterior_release(p);
    if (status != CSRO_OK)
      return status;
  }
  return CSRO_OK;
}

static int by_candidate(const void *a, const void *b) {
  int64_t p = ((const csro_found_domain *)a)->posterior.domain.candidate;
  int64_t q = ((const csro_found_domain *)b)->posterior.domain.candidate;
  return p < q ? -1 : p > q;
}

csro_status csro_order_search_apply(csro_search *s, const char *bytes, int64_t size) {
  csro_status status = add_findings(s, bytes, size);
  if (status != CSRO_OK || s->applied == s->count)
    return status;
  qsort(s->found + s->applied, (size_t)(s->count - s->applied), sizeof *s->found, by_candidate);
  for (; s->applied < s->count; s->applied++) {
    const csro_found_domain *found = &s->found[s->applied];
    const csro_posterior *p = &found->posterior;
    csro_candidate_grid_use(&s->centers, p->position, used_around);
    if (!found->subtracted)
      continue;
    csro_search_visit(s, p, claim,
                      found->rival > 0 ? s->rival[found->rival - 1].original : s->original);
    /* Where the largest ball would overlap with it. */
    csro_candidate_grid_outdate(&s->centers, p->domain.center,
                                (p->domain.diameter + s->options->diameter[1]) / 2);
  }
  return CSRO_OK;
}

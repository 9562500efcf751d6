#include "order/search.h"

#include "order/messages.h"

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

/* Of a domain that was judged; its balls follow. */
typedef struct finding {
  csro_ordered_domain domain;
  double place[3];
  int64_t balls, taken_out;
} finding;

double csro_search_probability(double evidence, double density) {
  return 1 / (1 + exp(-(evidence + log(density))));
}

double csro_search_reach(const csro_ball_profiles *profiles) {
  return fmax(profiles->reach_xy, profiles->reach_z) + csro_search_wander + 1e-5;
}

/* The ions around the places that this part looks at, by whole cells. */
static double halo_of(const csro_ball_profiles *profiles) {
  return csro_search_reach(profiles) + CSRO_ORDER_CELL;
}

double csro_order_halo(const csro_order_options *options) {
  csro_ball_profiles profiles;
  csro_ball_profiles_measure(options->diameter, options->sigma_xy, options->sigma_z, &profiles);
  return fmax(halo_of(&profiles), 2.001 * CSRO_ORDER_PIXEL);
}

bool csro_search_borders(const csro_search *s, const double place[3], double reach) {
  for (int a = 0; a < 3; a++)
    if (place[a] - reach <= s->part.lo[a] || place[a] + reach >= s->part.hi[a])
      return true;
  return false;
}

void csro_search_open(double reach, csro_order_mail *mail) {
  mail->size = 0;
  mail->reach = reach;
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
  return status;
}

static csro_status start(csro_search *s, const float *signal) {
  const csro_order_options *o = s->options;
  const csro_order_part *part = &s->part;
  csro_status status =
      csro_ball_profiles_make(s->context, o->diameter, o->sigma_xy, o->sigma_z, &s->profiles);
  if (status == CSRO_OK)
    status = csro_places_make(s->context, s->grid, part->bounds, part->lo, part->hi, &s->places);
  if (status != CSRO_OK)
    return status;
  double around[6], reach = csro_search_reach(&s->profiles);
  for (int a = 0; a < 3; a++) {
    around[2 * a] = part->lo[a] - reach;
    around[2 * a + 1] = part->hi[a] + reach;
  }
  status = csro_signal_ions_make(s->context, s->points, signal, part->bounds, around, &s->ions);
  if (status != CSRO_OK)
    return status;
  int64_t n = s->ions.count;
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
    csro_order_search_free(&s);
  return status;
}

void csro_order_search_free(csro_search **search) {
  csro_search *s = search ? *search : NULL;
  if (!s)
    return;
  for (int64_t d = 0; d < s->count; d++)
    csro_posterior_free(&s->found[d].posterior);
  free(s->found);
  free(s->candidate);
  free(s->original);
  free(s->claimed);
  free(s->base);
  csro_places_free(&s->places);
  csro_ball_profiles_free(&s->profiles);
  csro_signal_ions_free(&s->ions);
  free(s);
  *search = NULL;
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
      int64_t end = s->ions.start[csro_signal_cell(&s->ions, hi[0], j, k) + 1];
      for (int64_t i = s->ions.start[csro_signal_cell(&s->ions, lo[0], j, k)]; i < end; i++) {
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
static csro_status keep(csro_search *s, csro_posterior *posterior, bool taken_out, bool own) {
  if (s->count == s->capacity) {
    int64_t capacity = 2 * s->capacity + 64;
    csro_found_domain *more = realloc(s->found, (size_t)capacity * sizeof *more);
    if (!more)
      return csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
    s->found = more;
    s->capacity = capacity;
  }
  s->found[s->count++] = (csro_found_domain){*posterior, NAN, 0, taken_out, own};
  *posterior = (csro_posterior){0};
  return CSRO_OK;
}

csro_status csro_order_search_look(csro_search *s, csro_order_mail *mail) {
  double evidence = log(judged / (csro_search_density * peak_volume));
  csro_search_open(apart, mail);
  free(s->candidate);
  s->candidate = NULL;
  s->candidates = 0;
  csro_status status =
      csro_places_update(s->context, &s->ions, &s->profiles, s->begin, s->end, &s->places);
  s->begin = s->end;
  s->end += (0.95 - s->end) / 2;
  if (status == CSRO_OK)
    status =
        csro_places_candidates(s->context, &s->places, evidence, &s->candidates, &s->candidate);
  for (int64_t c = 0; c < s->candidates && status == CSRO_OK; c++) {
    double r[3];
    csro_places_get(&s->places, s->candidate[c].number, r);
    if (csro_search_borders(s, r, apart))
      status =
          csro_order_mail_add(s->context, mail, r, &s->candidate[c], sizeof *s->candidate, NULL, 0);
  }
  return status;
}

/* The own candidates and those around. */
static csro_status add_candidates(csro_search *s, const char *bytes, int64_t size) {
  int64_t at = 0, text, more = 0;
  while (csro_order_mail_next(bytes, size, &at, &text))
    more++;
  csro_candidate *all =
      realloc(s->candidate, (size_t)(s->candidates + more + 1) * sizeof *s->candidate);
  if (!all)
    return csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
  s->candidate = all;
  at = 0;
  for (const char *from; (from = csro_order_mail_next(bytes, size, &at, &text));)
    memcpy(&s->candidate[s->candidates++], from, sizeof *s->candidate);
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

static csro_status mail_finding(csro_search *s, const csro_found_domain *found,
                                csro_order_mail *mail) {
  const csro_posterior *p = &found->posterior;
  finding text = {p->domain, {p->place[0], p->place[1], p->place[2]}, p->count, found->taken_out};
  if (!csro_search_borders(s, p->place, mail->reach))
    return CSRO_OK;
  return csro_order_mail_add(s->context, mail, p->place, &text, sizeof text, p->balls,
                             (size_t)p->count * sizeof *p->balls);
}

/* Judges places that do not touch each other. */
static csro_status judge(csro_search *s, int64_t count, const int64_t *numbers,
                         double (*centers)[3], csro_posterior *posteriors, csro_order_mail *mail) {
  memset(posteriors, 0, (size_t)count * sizeof *posteriors);
  csro_status status = find_posteriors(s, count, centers, posteriors);
  for (int64_t c = 0; c < count && status == CSRO_OK; c++) {
    csro_ordered_domain *domain = &posteriors[c].domain;
    domain->place = numbers[c];
    domain->probability = csro_search_probability(domain->evidence, csro_search_density);
    status = keep(s, &posteriors[c], domain->probability >= explains, true);
    if (status == CSRO_OK)
      status = mail_finding(s, &s->found[s->count - 1], mail);
  }
  for (int64_t c = 0; c < count; c++)
    csro_posterior_free(&posteriors[c]);
  return status;
}

csro_status csro_order_search_judge(csro_search *s, const char *bytes, int64_t size,
                                    csro_order_mail *mail, int64_t *judged_places) {
  /* A part needs all that changes ions it sees. */
  csro_search_open(halo_of(&s->profiles) + csro_search_reach(&s->profiles), mail);
  *judged_places = 0;
  csro_status status = add_candidates(s, bytes, size);
  if (status != CSRO_OK)
    return status;
  int64_t count = 0, *numbers = csro_allocate(s->context, s->candidates, sizeof *numbers);
  status = numbers ? csro_places_best(s->context, &s->places, apart, s->candidates, s->candidate,
                                      &count, numbers)
                   : CSRO_ERROR_MEMORY;
  double(*centers)[3] = csro_allocate(s->context, count, sizeof *centers);
  csro_posterior *posteriors = csro_allocate(s->context, count, sizeof *posteriors);
  if (status == CSRO_OK && (!centers || !posteriors))
    status = CSRO_ERROR_MEMORY;
  for (int64_t c = 0; c < count && status == CSRO_OK; c++)
    csro_places_get(&s->places, numbers[c], centers[c]);
  if (status == CSRO_OK)
    status = judge(s, count, numbers, centers, posteriors, mail);
  if (status == CSRO_OK)
    *judged_places = count;
  free(numbers);
  free(centers);
  free(posteriors);
  return status;
}

/* What other parts have found. */
static csro_status add_findings(csro_search *s, const char *bytes, int64_t size) {
  int64_t at = 0, length;
  for (const char *text; (text = csro_order_mail_next(bytes, size, &at, &length));) {
    finding found;
    memcpy(&found, text, sizeof found);
    csro_posterior p = {.domain = found.domain, .count = found.balls};
    memcpy(p.place, found.place, sizeof p.place);
    p.balls = csro_allocate(s->context, p.count, sizeof *p.balls);
    if (!p.balls)
      return CSRO_ERROR_MEMORY;
    memcpy(p.balls, text + sizeof found, (size_t)p.count * sizeof *p.balls);
    csro_status status = keep(s, &p, found.taken_out, false);
    csro_posterior_free(&p);
    if (status != CSRO_OK)
      return status;
  }
  return CSRO_OK;
}

static int by_place(const void *a, const void *b) {
  int64_t p = ((const csro_found_domain *)a)->posterior.domain.place;
  int64_t q = ((const csro_found_domain *)b)->posterior.domain.place;
  return p < q ? -1 : p > q;
}

csro_status csro_order_search_take(csro_search *s, const char *bytes, int64_t size) {
  csro_status status = add_findings(s, bytes, size);
  if (status != CSRO_OK || s->taken == s->count)
    return status;
  qsort(s->found + s->taken, (size_t)(s->count - s->taken), sizeof *s->found, by_place);
  double reach = s->profiles.reach_xy + s->options->diameter[1] / 2;
  for (; s->taken < s->count; s->taken++) {
    const csro_found_domain *found = &s->found[s->taken];
    const csro_posterior *p = &found->posterior;
    csro_places_mark(&s->places, p->place, taken_around, s->places.taken);
    if (!found->taken_out)
      continue;
    csro_search_visit(s, p, claim, NULL);
    csro_places_mark(&s->places, p->place, reach, s->places.stale);
  }
  return CSRO_OK;
}

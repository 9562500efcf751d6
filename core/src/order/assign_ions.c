/* What was found: the density of domains, and the ions of each. */
#include "order/messages.h"
#include "order/search.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const double reported = 0.2; /* probability that there is a domain */
static const double core = 0.75; /* of the membership of its most probable ion: a domain's ions */
/* What is left of the share of ions that fitted balls promise, less multiples of the cube of what
 * sigma_xy is more than usual (nm), of what order is weaker and of what the species is rarer than
 * a quarter: as found in the specimens of CSRO_ORDER_UNSURE. */
static const double kept = 0.88, usual = 0.3, more_blurred = 2.3, less_ordered = 0.12, rarer = 0.6;
/* Standard deviation of the share, times by how much the species is rarer: few ions tell where a
 * domain ends. */
static const double loose = 0.43;
static const double smallest_density = 1e-9;
static const double least_room = 0.25; /* of the volume */
static const double pixel = CSRO_ORDER_PIXEL;

static csro_status volume_grid(csro_context *context, const double bounds[6], csro_grid *grid) {
  double box[6];
  for (int a = 0; a < 3; a++) {
    box[2 * a] = bounds[2 * a];
    box[2 * a + 1] =
        bounds[2 * a] + pixel * (floor((bounds[2 * a + 1] - bounds[2 * a]) / pixel) + 1);
  }
  return csro_grid_init(context, box, pixel, pixel, pixel, grid);
}

/* The pixels with their lower corner in the part's box. */
static int64_t first_pixel(const csro_grid *grid, int axis, double at) {
  double i = ceil((at - grid->origin[axis]) / grid->stride);
  return (int64_t)fmin(fmax(i, 0), (double)grid->pixels[axis]);
}

csro_status csro_order_search_tally(csro_search *s, csro_occupancy *occupancy) {
  csro_grid grid;
  csro_block block;
  *occupancy = (csro_occupancy){0};
  csro_status status = volume_grid(s->context, s->part.bounds, &grid);
  if (status != CSRO_OK)
    return status;
  for (int a = 0; a < 3; a++) {
    block.lo[a] = first_pixel(&grid, a, s->part.lo[a]);
    block.hi[a] = first_pixel(&grid, a, s->part.hi[a]);
    if (block.lo[a] >= block.hi[a])
      return CSRO_OK;
  }
  return csro_occupancy_count(s->context, &grid, &block, s->points, occupancy);
}

double csro_order_volume(const csro_order_part *part, const csro_occupancy *o) {
  if (o->interior_ions > 0)
    return csro_occupancy_volume(&(csro_grid){.stride = pixel}, o);
  double volume = 1;
  for (int a = 0; a < 3; a++)
    volume *= fmax(part->bounds[2 * a + 1] - part->bounds[2 * a], pixel);
  return volume;
}

/* Whether the balls around two candidate centres are the same ones, and this is the weaker sum. */
static bool repeats(const csro_ordered_domain *weaker, const csro_ordered_domain *other) {
  double square = 0;
  for (int a = 0; a < 3; a++)
    square += (weaker->center[a] - other->center[a]) * (weaker->center[a] - other->center[a]);
  if (square > csro_search_wander * csro_search_wander)
    return false;
  if (weaker->evidence != other->evidence)
    return weaker->evidence < other->evidence;
  return weaker->candidate > other->candidate;
}

/* A peak that is too weak to be subtracted is found again from the candidate centres around it,
 * whose balls reach over it: it must count once. */
static csro_status find_repeated(csro_search *s) {
  int64_t count;
  csro_placed_domain *line = csro_search_line(s, false, &count);
  if (!line)
    return CSRO_ERROR_MEMORY;
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic, 64)
  for (int64_t i = 0; i < count; i++) {
    const csro_ordered_domain *domain = &line[i].found->posterior.domain;
    bool repeated = false;
    for (int64_t k = i; k-- > 0 && line[i].along - line[k].along <= csro_search_wander;)
      repeated = repeated || repeats(domain, &line[k].found->posterior.domain);
    for (int64_t k = i + 1; k < count && line[k].along - line[i].along <= csro_search_wander; k++)
      repeated = repeated || repeats(domain, &line[k].found->posterior.domain);
    line[i].found->repeated = repeated;
  }
  free(line);
  return CSRO_OK;
}

/* The volume of the places where peaks were fitted, less what the others are more likely in. */
static csro_status find_room(csro_search *s, int64_t *room) {
  /* Nothing is stale after the last round: the marks are free. */
  for (int64_t d = 0; d < s->count; d++) {
    const csro_posterior *p = &s->found[d].posterior;
    double reach = fmax(csro_search_wander, p->domain.diameter / 2);
    if (!s->found[d].repeated)
      csro_candidate_grid_outdate(&s->centers, p->position, reach);
  }
  return csro_candidate_grid_room(s->context, &s->centers, room);
}

csro_status csro_order_search_peaks(csro_search *s, int64_t *count, csro_order_peak **peaks,
                                    int64_t *room) {
  *count = *room = 0;
  *peaks = NULL;
  csro_status status = find_repeated(s);
  if (status == CSRO_OK)
    status = find_room(s, room);
  if (status != CSRO_OK)
    return status;
  *peaks = csro_allocate(s->context, s->count, sizeof **peaks);
  if (!*peaks)
    return CSRO_ERROR_MEMORY;
  for (int64_t d = 0; d < s->count; d++) {
    const csro_ordered_domain *domain = &s->found[d].posterior.domain;
    if (s->found[d].own && !s->found[d].repeated && s->found[d].rival == 0)
      (*peaks)[(*count)++] = (csro_order_peak){domain->evidence, domain->larger};
  }
  return CSRO_OK;
}

static int falling(const void *a, const void *b) {
  const csro_order_peak *p = a, *q = b;
  if (p->evidence != q->evidence)
    return p->evidence > q->evidence ? -1 : 1;
  return p->larger > q->larger ? -1 : p->larger < q->larger;
}

double csro_order_room(const csro_grid *grid, double volume, int64_t room) {
  double step = csro_candidate_step(grid);
  double found = (double)room / CSRO_ROOM_UNIT * step * step * step;
  return fmin(fmax(found, least_room * volume), volume);
}

/* The density of domains that a peak may be one of. */
static double density_at(csro_order_densities density, double larger) {
  return density.sought * (1 - larger) + density.larger * larger;
}

/* The densities that equal the sums of the probabilities they give: the fixed point of expectation
 * and maximisation. 0 where they fall to nothing. */
csro_order_densities csro_order_density(int64_t count, csro_order_peak *peaks, double room) {
  csro_order_densities density = {csro_search_density, csro_search_density}, before;
  bool settled = false;
  if (count > 0)
    qsort(peaks, (size_t)count, sizeof *peaks, falling);
  for (int steps = 0; !settled && steps < 10000; steps++) {
    double sought = 0, larger = 0;
    before = density;
    for (int64_t k = 0; k < count; k++) {
      double here = density_at(before, peaks[k].larger);
      double each = csro_search_probability(peaks[k].evidence, here) / here;
      sought += each * before.sought * (1 - peaks[k].larger);
      larger += each * before.larger * peaks[k].larger;
    }
    density.sought = fmax(sought / room, smallest_density);
    density.larger = fmax(larger / room, smallest_density);
    settled = fabs(density.sought - before.sought) + fabs(density.larger - before.larger) <=
              1e-6 * (before.sought + before.larger);
  }
  if (density.sought + density.larger <= 2 * smallest_density)
    return (csro_order_densities){0, 0};
  return density;
}

static int by_evidence(const void *a, const void *b) {
  const csro_ordered_domain *p = &((const csro_found_domain *)a)->posterior.domain;
  const csro_ordered_domain *q = &((const csro_found_domain *)b)->posterior.domain;
  if (p->evidence != q->evidence)
    return p->evidence > q->evidence ? -1 : 1;
  return p->candidate < q->candidate ? -1 : p->candidate > q->candidate;
}

static double signal_for(const csro_search *s, const csro_posterior *p, int64_t i) {
  return p->domain.odd ? -s->original[i] : s->original[i];
}

static void position(const csro_search *s, int64_t i, double r[3]) {
  r[0] = s->ions.x[i], r[1] = s->ions.y[i], r[2] = s->ions.z[i];
}

double csro_search_membership(const csro_search *s, const csro_posterior *p, int64_t i) {
  double r[3];
  position(s, i, r);
  return csro_posterior_member(p, &s->profiles, r, signal_for(s, p, i));
}

/* Which ions may belong to a domain: the least membership. */
typedef struct weight {
  int64_t candidate;
  double least;
} weight;

csro_status csro_order_search_rate(csro_search *s, csro_order_densities density,
                                   csro_message_buffer *messages) {
  /* Domains compete for the ions of those around. */
  csro_search_open(2 * csro_search_reach(&s->profiles), messages);
  s->density = density;
  bool enough = true;
  if (s->count > 0)
    qsort(s->found, (size_t)s->count, sizeof *s->found, by_evidence);
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic) reduction(&& : enough)
  for (int64_t d = 0; d < s->count; d++) {
    csro_posterior *p = &s->found[d].posterior;
    const csro_found_domain *f = &s->found[d];
    p->domain.existence =
        csro_search_probability(p->domain.evidence, density_at(density, p->domain.larger)) *
        f->among;
    if (!f->own || f->repeated || f->rival > 0 || p->domain.existence < reported)
      continue;
    enough = csro_search_find_members(s, core, &s->found[d]) && enough;
  }
  csro_status status = enough ? CSRO_OK : csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
  for (int64_t d = 0; d < s->count && status == CSRO_OK; d++) {
    const csro_found_domain *f = &s->found[d];
    weight text = {f->posterior.domain.candidate, f->least};
    if (!isnan(f->least) && csro_search_borders(s, f->posterior.position, messages->reach))
      status = csro_message_buffer_add(s->context, messages, f->posterior.position, &text,
                                       sizeof text, NULL, 0);
  }
  return status;
}

/* Sorted centres, each with what belongs to it. */
typedef struct named {
  int64_t candidate, number;
} named;

static int by_candidate(const void *a, const void *b) {
  const named *p = a, *q = b;
  return p->candidate < q->candidate ? -1 : p->candidate > q->candidate;
}

static int64_t number_of(const named *list, int64_t count, int64_t candidate) {
  named wanted = {candidate, -1};
  const named *found =
      count > 0 ? bsearch(&wanted, list, (size_t)count, sizeof *list, by_candidate) : NULL;
  return found ? found->number : -1;
}

/* The weights that other parts have given the domains found there. */
static csro_status apply_weights(csro_search *s, const char *bytes, int64_t size) {
  named *list = csro_allocate(s->context, s->count, sizeof *list);
  if (!list)
    return CSRO_ERROR_MEMORY;
  for (int64_t d = 0; d < s->count; d++)
    list[d] = (named){s->found[d].posterior.domain.candidate, d};
  if (s->count > 0)
    qsort(list, (size_t)s->count, sizeof *list, by_candidate);
  int64_t at = 0, length;
  for (const char *text; (text = csro_message_buffer_next(bytes, size, &at, &length));) {
    weight w;
    memcpy(&w, text, sizeof w);
    int64_t d = number_of(list, s->count, w.candidate);
    if (d >= 0)
      s->found[d].least = w.least;
  }
  free(list);
  return CSRO_OK;
}

/* Each ion belongs to the most evident domain that takes it. */
typedef struct ownership {
  int32_t number;
  double least;
  _Atomic int32_t *owner; /* number of the domain of each ion in the cells */
  int64_t ions;
  double *inside; /* for each ball: expected number of the domain's ions in it */
} ownership;

static void take(ownership *o, int64_t i) {
  int32_t owner = o->owner[i];
  while (owner > o->number && !atomic_compare_exchange_weak(&o->owner[i], &owner, o->number)) {
  }
}

static void claim(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  ownership *o = data;
  if (o->owner[i] > o->number && csro_search_membership(s, p, i) >= o->least)
    take(o, i);
}

static void count_own(csro_search *s, const csro_posterior *p, int64_t i, ownership *o) {
  if (o->owner[i] != o->number)
    return;
  double r[3];
  position(s, i, r);
  o->ions++;
  csro_posterior_add(p, &s->profiles, r, signal_for(s, p, i), o->inside);
}

/* Share of the volume that domains have, all sizes of a density being alike. */
static double filled(const csro_search *s) {
  double share = 0;
  for (int k = 0; k < CSRO_BALL_LANES; k++) {
    bool larger = k >= CSRO_ORDER_RADII;
    double each = larger ? s->density.larger / (CSRO_BALL_LANES - CSRO_ORDER_RADII)
                         : s->density.sought / CSRO_ORDER_RADII;
    share += each * 4.18879 * pow(s->profiles.radius[k], 3);
  }
  return fmin(share, 1);
}

static double believed(const csro_search *s) {
  const double blur = fmax(s->options->sigma_xy - usual, 0);
  const double lack = fmax(CSRO_ORDER_STRENGTH - s->expected, 0);
  const double rare = csro_search_rare(s->options);
  return fmax(kept - more_blurred * blur * blur * blur - less_ordered * lack - rarer * rare, 0.5);
}

/* Whether at least half of a domain's ions belong to domains, and how many do, given that it
 * exists: of each ball it may be. Balls are fitted to the very ions that they are to explain, which
 * promises too much; the others are in domains as often as anywhere. */
static void rate_ions(const csro_search *s, const double *inside, csro_found_domain *found) {
  const csro_posterior *p = &found->posterior;
  const double ions = (double)p->domain.ions, around = filled(s);
  const double left = believed(s), rare = loose * csro_search_rare(s->options);
  double square = 0;
  found->majority = found->share = 0;
  for (int64_t b = 0; b < p->balls.count && ions > 0; b++) {
    double own = left * inside[b] / ions, share = own + (1 - own) * around;
    double chance = share * (1 - share) / ions + rare * rare, part = (double)p->balls.weight[b];
    found->majority += part * csro_order_majority(share, sqrt(chance));
    found->share += part * share;
    square += part * (share * share + chance);
  }
  found->spread = sqrt(fmax(square - found->share * found->share, 0));
  found->majority = fmin(found->majority, 1); /* weights add up to 1 only nearly */
  found->share = fmin(found->share, 1);
}

static bool measure(csro_search *s, int64_t d, _Atomic int32_t *owner) {
  csro_found_domain *found = &s->found[d];
  csro_posterior *p = &found->posterior;
  ownership o = {.number = (int32_t)d, .owner = owner};
  o.inside = calloc((size_t)p->balls.count + 1, sizeof *o.inside);
  if (!o.inside)
    return false;
  for (int64_t m = 0; m < found->members; m++)
    count_own(s, p, found->member[m].ion, &o);
  p->domain.ions = o.ions;
  rate_ions(s, o.inside, found);
  free(o.inside);
  return true;
}

static csro_status assign_ions(csro_search *s, _Atomic int32_t *owner) {
  bool enough = true;
  for (int64_t i = 0; i < s->ions.count; i++)
    owner[i] = INT32_MAX;
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic)
  for (int64_t d = 0; d < s->count; d++) {
    ownership o = {.number = (int32_t)d, .least = s->found[d].least, .owner = owner};
    for (int64_t m = 0; m < s->found[d].members; m++)
      take(&o, s->found[d].member[m].ion);
    if (!isnan(o.least) && !s->found[d].own)
      csro_search_visit(s, &s->found[d].posterior, claim, &o);
  }
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic) reduction(&& : enough)
  for (int64_t d = 0; d < s->count; d++)
    if (s->found[d].own && !isnan(s->found[d].least))
      enough = measure(s, d, owner) && enough;
  return enough ? CSRO_OK : csro_fail(s->context, CSRO_ERROR_MEMORY, "out of memory");
}

static void list_domains(const csro_search *s, const _Atomic int32_t *owner, csro_order *order) {
  for (int64_t i = 0; i < s->points->count; i++) {
    order->domain[i] = -1;
    order->claimed[i] = 0;
  }
  for (int64_t i = 0; i < s->ions.count; i++)
    order->claimed[s->ions.index[i]] = s->claimed[i];
  for (int64_t i = 0; i < s->ions.count; i++)
    if (owner[i] < INT32_MAX)
      order->domain[s->ions.index[i]] = s->found[owner[i]].posterior.domain.candidate;
  for (int64_t d = 0; d < s->count; d++) {
    const csro_found_domain *f = &s->found[d];
    if (!f->own || f->repeated || f->rival > 0)
      continue;
    order->evidence[order->fitted++] = f->posterior.domain.evidence;
    if (isnan(f->least))
      continue;
    csro_ordered_domain *domain = &order->domains[order->count++];
    *domain = f->posterior.domain;
    domain->probability = domain->existence * f->majority;
    domain->ion_share = domain->existence * f->share;
    domain->share_spread =
        sqrt(domain->existence *
             (f->spread * f->spread + (1 - domain->existence) * f->share * f->share));
  }
}

void csro_order_release(csro_order *order) {
  if (!order)
    return;
  free(order->domains);
  free(order->domain);
  free(order->claimed);
  free(order->evidence);
  *order = (csro_order){0};
}

csro_status csro_order_search_report(csro_search *s, const char *bytes, int64_t size,
                                     csro_order *order) {
  *order =
      (csro_order){.density = s->density.sought + s->density.larger, .sought = s->density.sought};
  csro_status status = apply_weights(s, bytes, size);
  if (status != CSRO_OK)
    return status;
  _Atomic int32_t *owner = csro_allocate(s->context, s->ions.count, sizeof *owner);
  order->domains = csro_allocate(s->context, s->count, sizeof *order->domains);
  order->domain = csro_allocate(s->context, s->points->count, sizeof *order->domain);
  order->evidence = csro_allocate(s->context, s->count, sizeof *order->evidence);
  order->claimed = csro_allocate(s->context, s->points->count, sizeof *order->claimed);
  bool enough = owner && order->domains && order->domain && order->claimed && order->evidence;
  status = enough ? assign_ions(s, owner) : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    list_domains(s, owner, order);
  else
    csro_order_release(order);
  free(owner);
  return status;
}

static int by_probability(const void *a, const void *b) {
  const csro_ordered_domain *p = a, *q = b;
  if (p->probability != q->probability)
    return p->probability > q->probability ? -1 : 1;
  if (p->evidence != q->evidence)
    return p->evidence > q->evidence ? -1 : 1;
  return p->candidate < q->candidate ? -1 : p->candidate > q->candidate;
}

void csro_order_rank(int64_t count, csro_ordered_domain *domains) {
  if (count > 0)
    qsort(domains, (size_t)count, sizeof *domains, by_probability);
}

csro_status csro_order_number(csro_context *context, int64_t domains, const int64_t *candidate,
                              int64_t count, int64_t *domain) {
  named *list = csro_allocate(context, domains, sizeof *list);
  if (!list)
    return CSRO_ERROR_MEMORY;
  for (int64_t d = 0; d < domains; d++)
    list[d] = (named){candidate[d], d};
  if (domains > 0)
    qsort(list, (size_t)domains, sizeof *list, by_candidate);
  for (int64_t i = 0; i < count; i++)
    domain[i] = domain[i] < 0 ? -1 : number_of(list, domains, domain[i]);
  free(list);
  return CSRO_OK;
}

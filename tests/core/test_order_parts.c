/* The search for order in parts of a specimen, as processes share it, gives what one search gives,
 * bit for bit. */
#include "check.h"
#include "csro/distributed_order.h"
#include "order_trial.h"

enum { PARTS = 7 };

/* They fill space; the fifth is thinner than the places are apart, the last one is empty. */
#define ALL INFINITY
static const double boxes[PARTS][2][3] = {
    {{-ALL, -ALL, -ALL}, {-0.3, ALL, -6.1}}, {{-ALL, -ALL, -6.1}, {-0.3, ALL, ALL}},
    {{-0.3, -ALL, -ALL}, {ALL, 0.77, ALL}},  {{-0.3, 0.77, -ALL}, {ALL, ALL, -3.2}},
    {{-0.3, 0.77, -3.2}, {ALL, ALL, -3.15}}, {{-0.3, 0.77, -3.15}, {ALL, ALL, ALL}},
    {{ALL, ALL, ALL}, {-ALL, -ALL, -ALL}},
};

/* One process. */
typedef struct part {
  csro_order_part box;
  csro_points points;
  float *signal, *other;
  csro_order_rival rival;
  csro_order_options options;
  int64_t *index; /* of its ions in the specimen */
  csro_search *search;
  csro_message_buffer out, in;
  csro_order order;
} part;

static void *need(int64_t count, size_t size) {
  void *memory = calloc((size_t)count + 1, size);
  CHECK(memory != NULL);
  return memory;
}

static bool inside(const csro_order_part *box, const double r[3], double around) {
  for (int a = 0; a < 3; a++)
    if (!(r[a] >= box->lo[a] - around && r[a] < box->hi[a] + around))
      return false;
  return true;
}

/* The ions of a part and its halo, the last one of the specimen first. other: NULL, or the signals
 * of a rival. */
static void make_part(csro_context *context, const trial *t, const float *other,
                      const double bounds[6], int number, part *p) {
  *p = (part){0};
  memcpy(p->box.bounds, bounds, sizeof p->box.bounds);
  memcpy(p->box.lo, boxes[number][0], sizeof p->box.lo);
  memcpy(p->box.hi, boxes[number][1], sizeof p->box.hi);
  double halo = csro_order_halo(&t->options), r[3];
  float *xyz = need(3 * t->points.count, sizeof *xyz);
  p->signal = need(t->points.count, sizeof *p->signal);
  p->other = need(t->points.count, sizeof *p->other);
  p->index = need(t->points.count, sizeof *p->index);
  for (int64_t i = t->points.count - 1; i >= 0; i--) {
    csro_points_get(&t->points, i, r);
    if (!inside(&p->box, r, halo))
      continue;
    for (int a = 0; a < 3; a++)
      xyz[3 * p->points.count + a] = (float)r[a];
    p->signal[p->points.count] = t->signal[i];
    p->other[p->points.count] = other ? other[i] : 0;
    p->index[p->points.count++] = i;
  }
  p->points.xyz = xyz;
  p->rival = (csro_order_rival){p->other, false};
  p->options = t->options;
  p->options.rivals = other ? 1 : 0;
  p->options.rival = &p->rival;
  CHECK_OK(context, csro_order_search_create(context, &p->points, p->signal, &p->options, &t->grid,
                                             &p->box, &p->search));
}

static void free_part(part *p) {
  csro_order_search_destroy(&p->search);
  csro_message_buffer_release(&p->out);
  csro_message_buffer_release(&p->in);
  csro_order_release(&p->order);
  free((void *)p->points.xyz);
  free(p->signal);
  free(p->other);
  free(p->index);
}

/* Letters to the parts within their reach, those of the last part first. */
static void deliver(part *parts) {
  for (int to = 0; to < PARTS; to++) {
    csro_message_buffer *in = &parts[to].in;
    in->size = 0;
    for (int from = PARTS - 1; from >= 0; from--) {
      const csro_message_buffer *out = &parts[from].out;
      csro_message message;
      for (int64_t at = 0; at < out->size; at += message.size) {
        memcpy(&message, out->bytes + at, sizeof message);
        if (from == to || !inside(&parts[to].box, message.position, out->reach + 1e-9))
          continue;
        in->bytes = realloc(in->bytes, (size_t)(in->size + message.size));
        memcpy(in->bytes + in->size, out->bytes + at, (size_t)message.size);
        in->size += message.size;
      }
    }
  }
}

static void run_rounds(csro_context *context, part *parts) {
  int64_t fitted;
  do {
    fitted = 0;
    for (int k = 0; k < PARTS; k++)
      CHECK_OK(context, csro_order_search_scan(parts[k].search, &parts[k].out));
    deliver(parts);
    for (int k = 0; k < PARTS; k++) {
      int64_t here;
      CHECK_OK(context, csro_order_search_fit(parts[k].search, parts[k].in.bytes, parts[k].in.size,
                                              &parts[k].out, &here));
      fitted += here;
    }
    deliver(parts);
    for (int k = 0; k < PARTS; k++)
      CHECK_OK(context,
               csro_order_search_apply(parts[k].search, parts[k].in.bytes, parts[k].in.size));
  } while (fitted > 0);
}

static csro_order_densities find_density(csro_context *context, const csro_grid *grid, part *parts,
                                         csro_order *all) {
  csro_occupancy total = {0};
  csro_order_peak *peaks = NULL;
  int64_t room = 0, more;
  for (int k = 0; k < PARTS; k++) {
    csro_occupancy here;
    CHECK_OK(context, csro_order_search_tally(parts[k].search, &here));
    total.interior_pixels += here.interior_pixels;
    total.interior_ions += here.interior_ions;
    total.other_ions += here.other_ions;
    int64_t count;
    csro_order_peak *own;
    CHECK_OK(context, csro_order_search_peaks(parts[k].search, &count, &own, &more));
    room += more;
    peaks = realloc(peaks, (size_t)(all->fitted + count + 1) * sizeof *peaks);
    memcpy(peaks + all->fitted, own, (size_t)count * sizeof *own);
    all->fitted += count;
    free(own);
  }
  double volume = csro_order_volume(&parts->box, &total);
  csro_order_densities density =
      csro_order_density(all->fitted, peaks, csro_order_room(grid, volume, room));
  all->evidence = need(all->fitted, sizeof *all->evidence);
  for (int64_t k = 0; k < all->fitted; k++)
    all->evidence[k] = peaks[k].evidence;
  free(peaks);
  return density;
}

/* Joins the domains of all parts. */
static void join(csro_context *context, int64_t ions, part *parts, double volume, csro_order *all) {
  int64_t links = 0, balls = all->count;
  csro_order_link *link = need(1000, sizeof *link);
  for (int k = 0; k < PARTS; k++) {
    int64_t count;
    csro_order_link *own;
    CHECK_OK(context, csro_order_search_links(parts[k].search, &count, &own));
    CHECK(links + count <= 1000);
    memcpy(link + links, own, (size_t)count * sizeof *own);
    links += count;
    free(own);
  }
  int64_t *ball = need(balls, sizeof *ball), *root = need(balls, sizeof *root);
  int64_t *list = need(balls, sizeof *list);
  double fewer;
  CHECK_OK(context,
           csro_order_join(context, links, link, &all->count, all->domains, ball, root, &fewer));
  all->density = fmax(all->density - fewer / volume, 0);
  for (int64_t d = 0; d < all->count; d++)
    list[d] = all->domains[d].candidate;
  CHECK_OK(context, csro_order_number(context, all->count, list, balls, root));
  CHECK_OK(context, csro_order_number(context, balls, ball, ions, all->domain));
  for (int64_t i = 0; i < ions; i++)
    all->domain[i] = all->domain[i] < 0 ? -1 : root[all->domain[i]];
  free(link);
  free(ball);
  free(root);
  free(list);
}

static void sum_strengths(part *parts, int64_t sums[CSRO_STRENGTHS]) {
  int64_t here[CSRO_STRENGTHS];
  memset(sums, 0, CSRO_STRENGTHS * sizeof *sums);
  for (int k = 0; k < PARTS; k++) {
    csro_order_search_strength(parts[k].search, here);
    for (int j = 0; j < CSRO_STRENGTHS; j++)
      sums[j] += here[j];
  }
}

/* All rounds; again where order is weak. */
static void search_all(csro_context *context, part *parts, bool weak) {
  int64_t sums[CSRO_STRENGTHS];
  run_rounds(context, parts);
  sum_strengths(parts, sums);
  for (int k = 0; k < PARTS; k++)
    CHECK(csro_order_search_again(parts[k].search, sums) == weak);
  if (weak)
    run_rounds(context, parts);
  CHECK(!csro_order_search_again(parts->search, sums));
}

/* What csro_order_find returns. ball[ions]: the candidates of the domains before they are joined;
 * the density of those of the sizes looked for is returned. */
static double put_together(csro_context *context, const csro_grid *grid, int64_t ions, part *parts,
                           double volume, int64_t *ball, csro_order *all) {
  *all = (csro_order){0};
  const csro_order_densities density = find_density(context, grid, parts, all);
  all->density = density.sought + density.larger;
  all->sought = density.sought;
  for (int k = 0; k < PARTS; k++)
    CHECK_OK(context, csro_order_search_rate(parts[k].search, density, &parts[k].out));
  deliver(parts);
  all->domain = need(ions, sizeof *all->domain);
  for (int k = 0; k < PARTS; k++) {
    part *p = &parts[k];
    CHECK_OK(context, csro_order_search_report(p->search, p->in.bytes, p->in.size, &p->order));
    all->domains =
        realloc(all->domains, (size_t)(all->count + p->order.count + 1) * sizeof *all->domains);
    memcpy(all->domains + all->count, p->order.domains,
           (size_t)p->order.count * sizeof *all->domains);
    all->count += p->order.count;
    for (int64_t i = 0; i < p->points.count; i++) {
      double r[3];
      csro_points_get(&p->points, i, r);
      if (inside(&p->box, r, 0))
        all->domain[p->index[i]] = p->order.domain[i];
    }
  }
  int64_t sums[CSRO_STRENGTHS];
  sum_strengths(parts, sums);
  all->strength = csro_order_strength_of(sums);
  all->expected = csro_order_search_expected(parts->search);
  memcpy(ball, all->domain, (size_t)ions * sizeof *ball);
  join(context, ions, parts, volume, all);
  return density.sought;
}

/* The ions of a part's own domains are all known to it. */
static void check_own(const part *p, const int64_t *ball) {
  for (int64_t d = 0; d < p->order.count; d++) {
    int64_t ions = 0;
    for (int64_t i = 0; i < p->points.count; i++)
      if (p->order.domain[i] == p->order.domains[d].candidate) {
        ions++;
        CHECK_EQ(ball[p->index[i]], p->order.domain[i]);
      }
    CHECK_EQ(ions, p->order.domains[d].ions);
  }
}

static void cover(csro_context *context, const csro_grid *grid, part *parts, double density,
                  const float *expected) {
  const csro_block whole = csro_block_whole(grid->n);
  int64_t n = csro_block_size(&whole);
  double *in = need(n, sizeof *in), *out = need(n, sizeof *out);
  double *in_part = need(n, sizeof *in), *out_part = need(n, sizeof *out);
  for (int64_t v = 0; v < n; v++)
    out[v] = 1;
  for (int k = 0; k < PARTS; k++) {
    csro_block b = csro_order_search_reach(parts[k].search, &whole);
    CHECK_OK(context, csro_order_search_voxel_odds(parts[k].search, &b, in_part, out_part));
    int64_t at = 0;
    for (int64_t z = b.lo[2]; z < b.hi[2]; z++)
      for (int64_t y = b.lo[1]; y < b.hi[1]; y++)
        for (int64_t x = b.lo[0]; x < b.hi[0]; x++, at++) {
          int64_t v = (z * grid->n[1] + y) * grid->n[0] + x;
          in[v] += in_part[at];
          out[v] *= out_part[at];
        }
  }
  for (int64_t v = 0; v < n; v++)
    CHECK_NEAR(csro_order_probability(density, in[v], out[v]), expected[v], 1e-6);
  free(in);
  free(out);
  free(in_part);
  free(out_part);
}

static void check_same(const csro_order *a, const csro_order *b, int64_t ions) {
  CHECK(a->density == b->density && a->sought == b->sought && a->expected == b->expected);
  CHECK(a->strength.value == b->strength.value && a->strength.low == b->strength.low);
  CHECK_EQ(a->count, b->count);
  CHECK_EQ(a->fitted, b->fitted);
  CHECK(memcmp(a->evidence, b->evidence, (size_t)a->fitted * sizeof *a->evidence) == 0);
  CHECK(memcmp(a->domain, b->domain, (size_t)ions * sizeof *a->domain) == 0);
  for (int64_t d = 0; d < a->count; d++) {
    const csro_ordered_domain *p = &a->domains[d], *q = &b->domains[d];
    CHECK_EQ(p->candidate, q->candidate);
    CHECK_EQ(p->ions, q->ions);
    CHECK_EQ(p->odd, q->odd);
    CHECK(p->probability == q->probability && p->evidence == q->evidence);
    CHECK(p->diameter == q->diameter && p->center[2] == q->center[2]);
  }
}

/* types: NULL, or the species that are rich in some domains each. */
static void test_parts(csro_context *context, double density, double larger, double strength,
                       const char *types) {
  trial t;
  csro_order one, many;
  part parts[PARTS];
  double bounds[6];
  csro_specimen specimen = trial_specimen(density, larger);
  specimen.order = strength;
  if (types)
    CHECK_OK(context, csro_specimen_set_order(context, &specimen, CSRO_ORDER_PLANES, types));
  make_trial_from(context, &specimen, false, &t);
  float *other = types ? need(t.points.count, sizeof *other) : NULL;
  const csro_order_rival rival = {other, false};
  t.options.rivals = types ? 1 : 0;
  t.options.rival = &rival;
  if (types)
    CHECK_OK(context, csro_order_signal(context, t.specimen.label, CHROMIUM, NULL, t.points.count,
                                        t.even, false, other));
  CHECK_OK(context,
           csro_order_find(context, &t.points, t.signal, &t.options, &t.grid, t.probability, &one));
  bool weak = strength < 1;
  CHECK((one.expected < 0.65) == weak && (one.expected == CSRO_ORDER_STRENGTH) == !weak);
  CHECK(one.count > (larger > 1 ? 1 : 10));
  context->threads = 1;
  CHECK_OK(context, csro_points_bounds(context, &t.points, bounds));
  for (int k = 0; k < PARTS; k++)
    make_part(context, &t, other, bounds, k, &parts[k]);
  search_all(context, parts, weak);
  int64_t *ball = need(t.points.count, sizeof *ball);
  double prior = put_together(context, &t.grid, t.points.count, parts, one.volume, ball, &many);
  check_same(&one, &many, t.points.count);
  cover(context, &t.grid, parts, prior, t.probability);
  for (int k = 0; k < PARTS; k++) {
    check_own(&parts[k], ball);
    free_part(&parts[k]);
  }
  csro_order_release(&one);
  csro_order_release(&many);
  free(ball);
  free(other);
  free_trial(&t);
}

/* The planes of all ions from the sums of two halves. */
static void test_planes(csro_context *context) {
  trial t;
  make_trial(context, 0.02, 1, false, &t);
  double bounds[6];
  csro_planes planes;
  const float *xyz = t.points.xyz;
  int64_t half = t.points.count / 3, sums;
  const csro_points first = {xyz, false, half};
  const csro_points rest = {xyz + 3 * half, false, t.points.count - half};
  CHECK_OK(context, csro_points_bounds(context, &t.points, bounds));
  CHECK_OK(context, csro_planes_begin(context, bounds, 0.18, NULL, &planes));
  sums = csro_planes_sums(&planes);
  int64_t(*a)[3] = need(sums, sizeof *a), (*b)[3] = need(sums, sizeof *b);
  for (bool again = true; again;) {
    csro_planes_sum(context, &planes, &rest, t.specimen.label + half, a);
    csro_planes_sum(context, &planes, &first, t.specimen.label, b);
    for (int64_t k = 0; k < csro_planes_sums(&planes); k++)
      for (int c = 0; c < 3; c++)
        a[k][c] += b[k][c];
    CHECK_OK(context, csro_planes_coarsen(context, &planes, a, &again));
  }
  CHECK_OK(context, csro_planes_end(context, a, &planes));
  CHECK(planes.sigma_z == t.planes.sigma_z && planes.coherence == t.planes.coherence);
  CHECK_EQ(csro_planes_blocks(&planes), csro_planes_blocks(&t.planes));
  for (int64_t k = 0; k < csro_planes_blocks(&planes); k++)
    CHECK(planes.height[k] == t.planes.height[k]);
  free(a);
  free(b);
  csro_planes_release(&planes);
  free_trial(&t);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 2;
  test_planes(&context);
  test_parts(&context, 0.05, 1, 1, NULL);
  test_parts(&context, 0.06, 1, 1, "Ni 1, Cr 1");
  test_parts(&context, 0.06, 1, 0.6, NULL);  /* searched again */
  test_parts(&context, 0.008, 2.4, 1, NULL); /* balls that are parts of one domain */
  return check_end();
}

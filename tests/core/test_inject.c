/* Planted domains: what stays, how sharp their order is beside that of a specimen which has such
 * domains, and the same from any number of threads and processes. */
#include "csro/inject.h"
#include "order_trial.h"

static const double density = 0.02;

typedef struct planted {
  csro_injection in;
  uint16_t *kind;
  int32_t *domain;
  int64_t *from;
} planted;

static void set_kinds(csro_context *context, trial *t, planted *p) {
  int64_t n = t->points.count, blocks = csro_planes_blocks(&t->planes);
  p->kind = malloc((size_t)n * sizeof *p->kind);
  for (int64_t i = 0; i < n; i++) {
    uint16_t label = t->specimen.label[i];
    p->kind[i] = label == 0        ? CSRO_INJECT_STAYS
                 : label == NICKEL ? CSRO_INJECT_RICH
                                   : CSRO_INJECT_OTHER;
  }
  int64_t(*sums)[3] = malloc((size_t)(blocks + CSRO_INJECT_KINDS + 1) * sizeof *sums);
  CHECK_OK(context,
           csro_planes_sum_blur(context, &t->planes, &t->points, p->kind, CSRO_INJECT_KINDS, sums));
  CHECK_OK(context, csro_planes_set_blur(context, CSRO_INJECT_KINDS, sums, &t->planes));
  free(sums);
  p->domain = malloc((size_t)n * sizeof *p->domain);
  p->from = malloc((size_t)n * sizeof *p->from);
}

static csro_inject_options options_of(double order) {
  csro_inject_options options;
  csro_inject_options_init(&options);
  options.density = density;
  options.diameter[0] = 1.6;
  options.diameter[1] = 2.0;
  options.order[0] = options.order[1] = order;
  options.seed = 3;
  return options;
}

static void plant(csro_context *context, const trial *t, const csro_inject_options *options,
                  planted *p) {
  CHECK_OK(context, csro_inject(context, options, &t->points, p->kind, &t->planes, &p->in,
                                p->domain, p->from));
}

static void free_planted(planted *p) {
  csro_injection_release(&p->in);
  free(p->kind);
  free(p->domain);
  free(p->from);
}

static double apart(const double a[3], const double b[3]) {
  return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
              (a[2] - b[2]) * (a[2] - b[2]));
}

/* Labels change places inside of domains alone, none is lost, unranged ions keep theirs. */
static void check_labels(const trial *t, const planted *p) {
  int64_t n = t->points.count, moved = 0;
  uint8_t *used = calloc((size_t)n, 1);
  for (int64_t i = 0; i < n; i++) {
    int64_t from = p->from[i];
    CHECK(from >= 0 && from < n && !used[from]);
    used[from] = 1;
    CHECK(from == i || p->domain[from] == p->domain[i]);
    moved += from != i;
    if (p->domain[i] < 0 || p->kind[i] == CSRO_INJECT_STAYS)
      CHECK_EQ(from, i);
    if (p->kind[i] == CSRO_INJECT_STAYS)
      CHECK(p->domain[i] < 0);
  }
  CHECK(moved > 100);
  free(used);
}

static void check_places(const planted *p) {
  for (int64_t a = 0; a < p->in.count; a++) {
    const csro_true_domain *one = &p->in.domains[a];
    CHECK(one->diameter >= 1.6 && one->diameter <= 2.0);
    for (int64_t b = 0; b < a; b++)
      CHECK(apart(one->center, p->in.domains[b].center) >=
            (one->diameter + p->in.domains[b].diameter) / 2);
  }
}

/* Mean over the domains of | mean parity of the rich ions |, weighted by ions. even is of all. */
static double contrast(int64_t n, const int32_t *domain, const uint16_t *label, const float *even,
                       int64_t domains) {
  double *sum = calloc((size_t)domains, sizeof *sum), all = 0, ions = 0;
  for (int64_t i = 0; i < n; i++)
    if (domain[i] >= 0 && label[i] == NICKEL) {
      sum[domain[i]] += (double)even[i];
      ions++;
    }
  for (int64_t d = 0; d < domains; d++)
    all += fabs(sum[d]);
  free(sum);
  return all / ions;
}

/* The contrast of planted domains, with the labels that their ions have then. */
static double contrast_of(csro_context *context, const trial *t, const planted *p) {
  int64_t n = t->points.count;
  uint16_t *label = malloc((size_t)n * sizeof *label);
  float *even = malloc((size_t)n * sizeof *even);
  for (int64_t i = 0; i < n; i++)
    label[i] = t->specimen.label[p->from[i]];
  CHECK_OK(context,
           csro_planes_parity(context, &t->planes, t->planes.sigma_z, &t->points, NULL, even));
  double found = contrast(n, p->domain, label, even, p->in.count);
  free(label);
  free(even);
  return found;
}

/* The same of a specimen that has such domains. */
static double true_contrast(csro_context *context) {
  trial t;
  make_trial(context, 0.05, 1, false, &t);
  float *even = t.signal;
  CHECK_OK(context,
           csro_planes_parity(context, &t.planes, t.planes.sigma_z, &t.points, NULL, even));
  double found = contrast(t.points.count, t.specimen.true_domain, t.specimen.label, even,
                          (int64_t)(0.05 * 768));
  free_trial(&t);
  return found;
}

static void test_order(csro_context *context, trial *t) {
  csro_inject_options options = options_of(1);
  planted p = {0};
  set_kinds(context, t, &p);
  plant(context, t, &options, &p);
  CHECK_NEAR(p.in.volume, 8 * 8 * 12, 0.08 * 8 * 8 * 12);
  CHECK(p.in.count >= 10 && p.in.count <= 17);
  check_labels(t, &p);
  check_places(&p);
  double full = contrast_of(context, t, &p), expected = true_contrast(context);
  CHECK_NEAR(full, expected, 0.04); /* 0.04 is two standard deviations */
  free_planted(&p);
  p = (planted){0};
  set_kinds(context, t, &p);
  options = options_of(0.5);
  plant(context, t, &options, &p);
  CHECK_NEAR(contrast_of(context, t, &p), full / 2, 0.1);
  free_planted(&p);
}

/* Two processes, the second with the later ions. */
static void inject_parts(csro_context *context, const trial *t, const csro_inject_options *options,
                         planted *p) {
  int64_t n = t->points.count, half = n / 3, count = 0;
  const float *xyz = t->points.xyz;
  const csro_points part[2] = {{xyz, false, half}, {xyz + 3 * half, false, n - half}};
  double bounds[6];
  CHECK_OK(context, csro_points_bounds(context, &t->points, bounds));
  CHECK_OK(context, csro_injection_begin(context, options, bounds, &p->in));
  int64_t candidates = p->in.candidates;
  int64_t *near = malloc((size_t)candidates * sizeof *near),
          *all = calloc((size_t)candidates, sizeof *all);
  for (int k = 0; k < 2; k++) {
    CHECK_OK(context, csro_injection_count(context, &p->in, &part[k], p->kind + k * half, near));
    for (int64_t c = 0; c < candidates; c++)
      all[c] += near[c];
  }
  CHECK_OK(context, csro_injection_place(context, all, &p->in));
  free(near);
  free(all);
  for (int k = 0; k < 2; k++)
    CHECK_OK(context, csro_injection_join(context, &p->in, &t->planes, &part[k], p->kind + k * half,
                                          k * half, p->domain + k * half));
  csro_inject_member *members = malloc((size_t)n * sizeof *members);
  int64_t *from = malloc((size_t)n * sizeof *from);
  for (int32_t d = 0; d < p->in.count; d++) /* sorted by domain and number */
    for (int64_t i = 0; i < n; i++)
      if (p->domain[i] == d) {
        int k = i >= half;
        csro_injection_describe(&p->in, &t->planes, &part[k], p->kind + k * half, k * half,
                                p->domain + k * half, i - k * half, &members[count++]);
      }
  CHECK_OK(context, csro_injection_exchange(context, &p->in, count, members, from));
  for (int64_t i = 0; i < n; i++)
    p->from[i] = i;
  for (int64_t m = 0; m < count; m++)
    p->from[members[m].number] = members[from[m]].number;
  free(members);
  free(from);
}

static void test_parts(csro_context *context, trial *t) {
  csro_inject_options options = options_of(0.8);
  planted whole = {0}, parts = {0};
  set_kinds(context, t, &whole);
  set_kinds(context, t, &parts);
  context->threads = 1;
  plant(context, t, &options, &whole);
  context->threads = 3;
  inject_parts(context, t, &options, &parts);
  size_t n = (size_t)t->points.count;
  CHECK_EQ(whole.in.count, parts.in.count);
  CHECK(memcmp(whole.domain, parts.domain, n * sizeof *whole.domain) == 0);
  CHECK(memcmp(whole.from, parts.from, n * sizeof *whole.from) == 0);
  free_planted(&whole);
  free_planted(&parts);
}

static void test_limits(csro_context *context, trial *t) {
  csro_inject_options options = options_of(1);
  planted p = {0};
  set_kinds(context, t, &p);
  options.order[1] = 1.5;
  CHECK_FAILS(
      context,
      csro_inject(context, &options, &t->points, p.kind, &t->planes, &p.in, p.domain, p.from),
      CSRO_ERROR_ARGUMENT, "strongest planted order");
  CHECK(p.in.domains == NULL);
  options = options_of(1);
  for (int64_t i = 0; i < t->points.count; i++)
    p.kind[i] = p.kind[i] == CSRO_INJECT_RICH ? CSRO_INJECT_OTHER : p.kind[i];
  CHECK_FAILS(
      context,
      csro_inject(context, &options, &t->points, p.kind, &t->planes, &p.in, p.domain, p.from),
      CSRO_ERROR_DATA, "0 ions of the ordering species");
  free_planted(&p);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  trial t;
  make_trial(&context, 0, 1, false, &t);
  test_order(&context, &t);
  test_parts(&context, &t);
  test_limits(&context, &t);
  free_trial(&t);
  return check_end();
}

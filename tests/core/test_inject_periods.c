/* Planted order with a period of three and of four planes is as sharp as that of crystals which
 * have it, and turns up in the phase that is told. */
#include "crystal_specimen.h"
#include "csro/inject.h"

static csro_context context;

/* A structure, and how its planes show it. */
typedef struct structure {
  const char *parent, *name;
  double a, spacing;
  int hkl[3], period;
} structure;

typedef struct crystal {
  csro_specimen_ions made;
  csro_points points;
  csro_planes planes;
  uint16_t *kind;
  float *pattern[4]; /* of each phase */
} crystal;

static void make(const structure *s, double density, crystal *c) {
  simulate_crystal(&context, s->parent, s->name, s->a, s->hkl, s->spacing, density, &c->made);
  int64_t n = c->made.ions.count;
  c->points = (csro_points){c->made.ions.xyz, false, n};
  c->kind = malloc((size_t)n * sizeof *c->kind);
  for (int64_t i = 0; i < n; i++)
    c->kind[i] = c->made.label[i] == AL + 1   ? CSRO_INJECT_RICH
                 : c->made.label[i] == FE + 1 ? CSRO_INJECT_OTHER
                                              : CSRO_INJECT_STAYS;
  CHECK_OK(&context, csro_planes_fit(&context, &c->points, c->kind, s->spacing, NULL, &c->planes));
  for (int q = 0; q < s->period; q++) {
    c->pattern[q] = malloc((size_t)n * sizeof(float));
    CHECK_OK(&context, csro_planes_phase(&context, &c->planes, 0, s->period, q, &c->points, NULL,
                                         c->pattern[q]));
  }
}

static void release(const structure *s, crystal *c) {
  for (int q = 0; q < s->period; q++)
    free(c->pattern[q]);
  free(c->kind);
  csro_planes_release(&c->planes);
  csro_specimen_ions_release(&c->made);
}

/* The mean over domains, weighted by ions, of the mean pattern of their rich ions, of the phase of
 * which that is largest: 1 if all were in rich planes that are sharp. from and phase of planted
 * domains; NULL: true ones. *told: how many have the phase that they are said to have. */
static double contrast(const structure *s, const crystal *c, int64_t domains, const int32_t *domain,
                       const int64_t *from, const int *phase, int64_t *told) {
  double(*sum)[4] = calloc((size_t)domains, sizeof *sum), all = 0, ions = 0;
  for (int64_t i = 0; i < c->points.count; i++)
    if (domain[i] >= 0 && c->kind[from ? from[i] : i] == CSRO_INJECT_RICH) {
      for (int q = 0; q < s->period; q++)
        sum[domain[i]][q] += (double)c->pattern[q][i] / (s->period - 1);
      ions++;
    }
  for (int64_t d = 0; d < domains; d++) {
    int best = 0;
    for (int q = 1; q < s->period; q++)
      best = sum[d][q] > sum[d][best] ? q : best;
    all += sum[d][best];
    *told += phase && best == phase[d];
  }
  free(sum);
  return all / ions;
}

static void test_structure(const structure *s) {
  crystal ordered = {0}, random = {0};
  int64_t told = 0, domains = (int64_t)(0.05 * 768);
  make(s, 0.05, &ordered);
  double expected = contrast(s, &ordered, domains, ordered.made.true_domain, NULL, NULL, &told);
  release(s, &ordered);
  make(s, 0, &random);
  csro_inject_options options;
  csro_inject_options_init(&options);
  options.density = 0.03;
  options.diameter[0] = 1.4;
  options.diameter[1] = 2;
  options.period = s->period;
  csro_injection in;
  size_t n = (size_t)random.points.count;
  int32_t *domain = malloc(n * sizeof *domain);
  int64_t *from = malloc(n * sizeof *from);
  for (double order = 1; order >= 0.5; order -= 0.5) {
    options.order[0] = options.order[1] = order;
    CHECK_OK(&context, csro_inject(&context, &options, &random.points, random.kind, &random.planes,
                                   &in, domain, from));
    CHECK(in.count >= 15);
    told = 0;
    double found = contrast(s, &random, in.count, domain, from, in.phase, &told);
    CHECK_NEAR(found, order * expected, 0.07);
    CHECK(told >= in.count * 9 / 10);
    csro_injection_release(&in);
  }
  options.period = 5;
  CHECK_FAILS(&context,
              csro_inject(&context, &options, &random.points, random.kind, &random.planes, &in,
                          domain, from),
              CSRO_ERROR_ARGUMENT, "period in planes");
  free(domain);
  free(from);
  release(s, &random);
}

int main(void) {
  csro_context_init(&context);
  const structure third = {"fcc", "MoPt2", 0.36, 0.36 / sqrt(8), {2, 2, 0}, 3};
  const structure fourth = {"bcc", "D0_3", 0.29, 0.29 / sqrt(12), {1, 1, 1}, 4};
  test_structure(&third);
  test_structure(&fourth);
  return check_end();
}

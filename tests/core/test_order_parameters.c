/* Order parameters of crystals, with their errors and what copies say. */
#include "check.h"
#include "csro/order_parameters.h"
#include "csro/random.h"

static csro_context context;

enum { CELLS = 6 };

/* A periodic crystal of cubic cells. */
typedef struct crystal {
  int sites;
  double site[4][3];
  uint8_t group[4];
} crystal;

static void measure(const crystal *c, int cells_along_z, double first, double last,
                    csro_order_parameter out[4]) {
  int64_t count = (int64_t)CELLS * CELLS * CELLS * c->sites, n = 0;
  double(*xyz)[3] = calloc((size_t)count, sizeof *xyz);
  uint8_t *group = calloc((size_t)count, 1);
  for (int64_t cell = 0; cell < CELLS * CELLS * CELLS; cell++)
    for (int s = 0; s < c->sites; s++, n++) {
      const int64_t at[3] = {cell % CELLS, cell / CELLS % CELLS, cell / CELLS / CELLS};
      for (int axis = 0; axis < 3; axis++)
        xyz[n][axis] = (double)at[axis] + c->site[s][axis];
      /* L1_1: every second plane along <111> */
      group[n] = cells_along_z ? (uint8_t)((int64_t)(xyz[n][0] + xyz[n][1] + xyz[n][2] + 0.1) % 2)
                               : c->group[s];
    }
  const csro_points points = {xyz, true, count};
  const double bounds[6] = {0, CELLS, 0, CELLS, 0, CELLS}, period[3] = {CELLS, CELLS, CELLS};
  csro_periodic_ions images;
  CHECK_OK(&context, csro_periodic_ions_make(&context, &points, bounds, period, last, &images));
  int64_t *number = calloc((size_t)images.count, sizeof *number);
  uint8_t *all = calloc((size_t)images.count, 1), *part = calloc((size_t)images.count, 1);
  for (int64_t i = 0; i < images.count; i++) {
    number[i] = i < count ? i : images.of[i - count];
    all[i] = group[number[i]];
    part[i] = i < count ? 0 : CSRO_IMAGE;
  }
  const csro_labelled_ions ions = {
      {images.xyz, true, images.count}, images.count, number, part, 1, 2, 1, all};
  const csro_neighbour_bins bins = {CSRO_NEIGHBOURS_SHELLS, 1, first, last, 0, 0, NULL};
  const csro_order_values values = {CSRO_NEIGHBOURS_SHELLS, 0, 1, 0, NULL};
  csro_neighbour_counts counts;
  csro_order_test test;
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, &bins, &counts));
  CHECK_OK(&context, csro_order_parameters_make(&context, &counts, &values, out, &test));
  csro_neighbour_counts_release(&counts);
  csro_periodic_ions_release(&images);
  free(number);
  free(part);
  free(all);
  free(group);
  free(xyz);
}

static void check_crystals(void) {
  const double close = 1e-12;
  csro_order_parameter found[4];
  const crystal fcc = {4, {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}}, {0, 1, 1, 1}};
  measure(&fcc, 0, 0, 0.8, found); /* L1_2, first shell */
  CHECK_NEAR(found[0].alpha, 1, close);
  CHECK_NEAR(found[0].multicomponent, -1.0 / 3, close);
  CHECK_NEAR(found[1].alpha, -1.0 / 3, close);
  CHECK_NEAR(found[1].multicomponent, -1.0 / 3, close);
  CHECK_NEAR(found[2].alpha, -1.0 / 3, close);
  CHECK_NEAR(found[3].alpha, 1.0 / 9, close);
  CHECK_EQ(found[0].neighbours, 12 * CELLS * CELLS * CELLS);
  measure(&fcc, 0, 0.8, 1.1, found); /* second shell: one sublattice */
  CHECK_NEAR(found[0].alpha, 1 - 1 / 0.25, close);
  CHECK_NEAR(found[1].alpha, 1, close);
  crystal l10 = fcc;
  l10.group[1] = 0;
  measure(&l10, 0, 0, 0.8, found);
  CHECK_NEAR(found[0].alpha, 1.0 / 3, close);
  CHECK_NEAR(found[1].alpha, -1.0 / 3, close);
  CHECK_NEAR(found[3].multicomponent, -1.0 / 3, close);
  const crystal b2 = {2, {{0, 0, 0}, {0.5, 0.5, 0.5}}, {0, 1}};
  measure(&b2, 0, 0, 0.9, found);
  CHECK_NEAR(found[0].alpha, 1, close);
  CHECK_NEAR(found[1].alpha, -1, close);
  measure(&b2, 0, 0.9, 1.1, found);
  CHECK_NEAR(found[3].alpha, -1, close);
  measure(&fcc, 1, 0, 0.8, found); /* L1_1: half of the nearest are like, none of the next */
  CHECK_NEAR(found[0].alpha, 0, close);
  measure(&fcc, 1, 0.8, 1.1, found);
  CHECK_NEAR(found[0].alpha, 1, close);
  CHECK_NEAR(found[1].alpha, -1, close);
  CHECK(isnan(found[0].error) && isnan(found[0].low) && isnan(found[0].mean) && isnan(found[0].p));
}

/* Ions on blurred planes, of which every second one is richer in group 1 by a contrast; with copies
 * that have the labels of the others. */
typedef struct layers {
  csro_neighbour_counts counts;
  csro_order_parameter *value;
  csro_order_test test;
} layers;

enum { VALUES = 5, LAYER_IONS = 40000, COPIES = 19, MEMBERS = 1 + COPIES };
static const double spacing = 0.2, blur = 0.07, share = 0.3;

static layers measure_layers(double contrast, uint64_t seed) {
  csro_random random;
  csro_random_init(&random, seed, 0);
  const int64_t n = LAYER_IONS;
  double(*xyz)[3] = calloc((size_t)n, sizeof *xyz), *height = calloc((size_t)n, sizeof *height);
  uint8_t *group = calloc((size_t)n * MEMBERS, 1), *part = calloc((size_t)n, 1);
  int64_t *number = calloc((size_t)n, sizeof *number);
  for (int64_t i = 0; i < n; i++) {
    const uint64_t plane = csro_random_below(&random, 50);
    const double rich = share * (1 + (plane % 2 == 0 ? contrast : -contrast));
    xyz[i][0] = 10 * csro_random_uniform(&random);
    xyz[i][1] = 10 * csro_random_uniform(&random);
    xyz[i][2] = (double)plane * spacing + blur * csro_random_normal(&random);
    height[i] = xyz[i][2] / spacing;
    group[i * MEMBERS] = csro_random_uniform(&random) < rich;
    part[i] = (uint8_t)(4 * (int)(xyz[i][0] / 2.5) + (int)(xyz[i][1] / 2.5));
    number[i] = i;
  }
  for (int m = 1; m < MEMBERS; m++) {
    csro_permutation permutation;
    csro_permutation_init(&permutation, seed * 100 + (uint64_t)m, (uint64_t)n);
    for (int64_t i = 0; i < n; i++)
      group[i * MEMBERS + m] =
          group[(int64_t)csro_permutation_at(&permutation, (uint64_t)i) * MEMBERS];
  }
  const double variance = blur * blur / spacing / spacing;
  const csro_labelled_ions ions = {{xyz, true, n}, n, number, part, 16, 2, MEMBERS, group};
  const csro_neighbour_bins bins = {
      CSRO_NEIGHBOURS_PLANES, 60, 0, VALUES + 1, 0.5, spacing, height};
  const csro_order_values values = {CSRO_NEIGHBOURS_PLANES, 0, VALUES, 0.1,
                                    (double[]){variance, variance}};
  layers found = {.value = calloc(4 * VALUES, sizeof *found.value)};
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, &bins, &found.counts));
  CHECK_OK(&context,
           csro_order_parameters_make(&context, &found.counts, &values, found.value, &found.test));
  free(xyz);
  free(height);
  free(group);
  free(part);
  free(number);
  return found;
}

static void free_layers(layers *of) {
  csro_neighbour_counts_release(&of->counts);
  free(of->value);
}

static void check_planes(void) {
  layers found = measure_layers(0.5, 3);
  const csro_order_parameter *like = found.value + (ptrdiff_t)3 * VALUES;
  for (int planes = 0; planes < VALUES; planes++) {
    const double expected = planes % 2 == 0 ? -0.25 : 0.25;
    CHECK_NEAR(like[planes].alpha, expected, 0.03);
    CHECK(like[planes].low < expected && like[planes].high > expected);
    CHECK(like[planes].error < 0.02);
    CHECK_NEAR(like[planes].p, 1.0 / MEMBERS, 1e-12);
    CHECK(fabs(like[planes].z) > 8);
    CHECK_NEAR(like[planes].multicomponent, -like[planes].alpha * 3 / 7, 0.01);
  }
  CHECK_NEAR(found.test.all.p, 1.0 / MEMBERS, 1e-12);
  CHECK(found.test.all.largest > 3.9 &&
        found.test.all.median < 3.5); /* at most the root of MEMBERS - 1 */
  CHECK(found.value[found.test.at].p < 0.06);
  free_layers(&found);
}

/* Without order: how often the interval, the limit and p are wrong. */
static void check_chance(void) {
  enum { SEEDS = 30 };
  int outside = 0, beyond = 0, small = 0, of = 0, large = 0;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    layers found = measure_layers(0, seed);
    large += found.test.all.p <= 0.1;
    for (int k = 0; k < 2; k++, of++) { /* next plane: like and unlike */
      const csro_order_parameter *value = &found.value[(2 + k) * VALUES + 1];
      outside += value->low > 0 || value->high < 0;
      beyond += fabs(value->mean) > value->limit;
      small += value->p <= 0.05;
      CHECK(value->limit > 0 && value->limit < 0.05);
    }
    free_layers(&found);
  }
  CHECK_EQ(of, 2 * SEEDS);
  CHECK(outside <= 8);
  CHECK(beyond == 0);
  CHECK(small <= 8);
  CHECK(large <= 8);
}

static void check_text(void) {
  char text[CSRO_ORDER_PARAMETER_TEXT];
  csro_order_parameter value = {.value = 1,
                                .alpha = 0.002,
                                .low = 0.001,
                                .high = 0.003,
                                .mean = 0.0001,
                                .p = 0.05,
                                .limit = 0.0028};
  const csro_domains_of_alpha domains = {0.18, 0.6, 1.5, 1.0 / 3};
  csro_order_parameter_text(&value, "Ni-Ni, next plane", 19, &domains, text);
  CHECK(strstr(text, "Ni-Ni, next plane: alpha = 0.002 (95 %: 0.001 to 0.003)"));
  CHECK(strstr(text, "p = 0.05: rarer neighbours than chance gives"));
  CHECK(strstr(text, "below |alpha| = 0.0028, which is order strength 0.5 in "));
  value.p = 0.4;
  csro_order_parameter_text(&value, "Ni-Ni", 19, NULL, text);
  CHECK(
      strstr(text, "no evidence of order; order of this kind, if any, is below |alpha| = 0.0028."));
  value.p = 0.1; /* the smallest of nine copies */
  csro_order_parameter_text(&value, "Ni-Ni", 9, NULL, text);
  CHECK(strstr(text, "p = 0.1: too few copies for a verdict;"));
  csro_order_parameter_text(&value, "Ni-Ni", 0, NULL, text);
  CHECK(strstr(text, "without randomised copies"));
  value.alpha = NAN;
  csro_order_parameter_text(&value, "Ni-Ni", 19, NULL, text);
  CHECK(strcmp(text, "Ni-Ni: no neighbours.") == 0);
  CHECK(csro_alpha_of_domains(&domains, 1, 1, 0.05) > 0);
  CHECK_NEAR(csro_alpha_of_domains(&domains, 2, 0.5, 0.05) * 4,
             csro_alpha_of_domains(&domains, 2, 1, 0.05), 1e-12);
  CHECK_NEAR(csro_alpha_of_domains(&domains, 9, 1, 0.05), 0, 1e-12); /* farther than a domain */
}

int main(void) {
  csro_context_init(&context);
  context.threads = 2;
  check_crystals();
  check_planes();
  check_chance();
  check_text();
  return check_end();
}

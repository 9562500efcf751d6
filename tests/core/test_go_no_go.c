/* The go/no-go map against what randomised copies of simulated alloys have. */
#include "check.h"
#include "csro/go_no_go.h"
#include "csro/order_parameters.h"
#include "csro/random.h"

enum { IONS = 60000, COPIES = 59, MEMBERS = 1 + COPIES, GROUPS = 2, VALUES = 4 };

static csro_context context;

/* Ions at random in planes, of which 30 % are of group 1. */
static void check_copies(const csro_go_no_go *map, double blur, double lateral) {
  const double spacing = 0.2, side = 12, share = 0.3;
  csro_random random;
  csro_random_init(&random, 4, 0);
  double(*xyz)[3] = calloc(IONS, sizeof *xyz), *height = calloc(IONS, sizeof *height);
  uint8_t *group = calloc((size_t)IONS * MEMBERS, 1), *part = calloc(IONS, 1);
  int64_t *number = calloc(IONS, sizeof *number);
  for (int64_t i = 0; i < IONS; i++) {
    xyz[i][0] = side * csro_random_uniform(&random);
    xyz[i][1] = side * csro_random_uniform(&random);
    height[i] = (double)csro_random_below(&random, 60) + blur * csro_random_normal(&random);
    xyz[i][2] = spacing * height[i];
    part[i] = (uint8_t)(4 * (int)(xyz[i][0] / side * 4) + (int)(xyz[i][1] / side * 4));
    number[i] = i;
  }
  for (int m = 0; m < MEMBERS; m++) {
    csro_permutation permutation;
    csro_permutation_init(&permutation, (uint64_t)m, IONS);
    for (int64_t i = 0; i < IONS; i++)
      group[i * MEMBERS + m] =
          (double)csro_permutation_at(&permutation, (uint64_t)i) < share * IONS;
  }
  const csro_labelled_ions ions = {{xyz, true, IONS}, IONS, number, part, 16, GROUPS,
                                   MEMBERS,           group};
  const csro_neighbour_bins bins = {
      CSRO_NEIGHBOURS_PLANES, 10 * (VALUES + 1), 0, VALUES + 1, lateral, spacing, height};
  const csro_order_values values = {CSRO_NEIGHBOURS_PLANES, 0, VALUES, 0.1,
                                    (double[]){blur * blur, blur * blur}};
  csro_neighbour_counts counts;
  csro_order_parameter out[GROUPS * GROUPS * VALUES];
  csro_order_test test;
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, &bins, &counts));
  CHECK_OK(&context, csro_order_parameters_make(&context, &counts, &values, out, &test));
  const csro_go_no_go_data data = {IONS, share, lateral};
  const double found = CSRO_SMALLEST_ALPHA * out[3 * VALUES + 1].deviation,
               efficiency = csro_go_no_go_efficiency(&counts, 10, lateral);
  CHECK_NEAR(found / csro_go_no_go_alpha(map, blur, efficiency, &data), 1, 0.3);
  csro_neighbour_counts_release(&counts);
  free(xyz);
  free(height);
  free(group);
  free(part);
  free(number);
}

int main(void) {
  csro_context_init(&context);
  context.threads = 2;
  const csro_go_no_go_data usual = {1e6, 0.5, 0.6};
  csro_go_no_go map;
  csro_go_no_go_get(&map);
  CHECK(map.blurs >= 8 && map.efficiencies >= 5);
  for (int b = 0; b < map.blurs; b++)
    for (int e = 0; e < map.efficiencies; e++) {
      CHECK_NEAR(csro_go_no_go_alpha(&map, map.blur[b], map.efficiency[e], &usual), map.alpha[b][e],
                 1e-12);
      CHECK(map.alpha[b][e] > 0 && (e == 0 || map.alpha[b][e] < map.alpha[b][e - 1]));
      CHECK(b == 0 || map.alpha[b][e] > map.alpha[b - 1][e]);
    }
  CHECK_NEAR(csro_go_no_go_alpha(&map, 0.3, 0.5, &(csro_go_no_go_data){4e6, 0.25, 0.3}),
             csro_go_no_go_alpha(&map, 0.3, 0.5, &usual) * 3, 1e-12);
  CHECK(isnan(csro_go_no_go_alpha(&map, 2, 0.5, &usual)));
  CHECK(isnan(csro_go_no_go_alpha(&map, 0.3, 0, &usual)));
  check_copies(&map, 0.15, 0.5);
  check_copies(&map, 0.4, 0.3);
  return check_end();
}

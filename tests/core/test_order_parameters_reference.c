/* The Warren-Cowley parameters of a relaxed cell of three types, in a periodic box. */
#include "check.h"
#include "csro/order_parameters.h"

static csro_context context;

enum { ATOMS = 4000 };

int main(void) {
  csro_context_init(&context);
  csro_ions atoms;
  CHECK_OK(&context,
           csro_ions_read(&context, check_reference("warren_cowley/fcc.dump"), 0, 1, &atoms));
  CHECK_EQ(atoms.count, ATOMS);
  CHECK(atoms.has_box && atoms.species_count == 3);
  static uint8_t type[ATOMS];
  for (int i = 0; i < ATOMS; i++)
    type[i] = (uint8_t)(atoms.species_names[atoms.species[i] - 1][4] - '1'); /* of Type1 */
  const double edge = atoms.box[0], bounds[6] = {0, edge, 0, edge, 0, edge},
               period[3] = {edge, edge, edge};
  CHECK_NEAR(edge, 3.535847, 1e-12);
  const double shell = 0.3; /* between the first and the second */
  const csro_points points = {atoms.xyz, true, ATOMS};
  csro_periodic_ions images;
  CHECK_OK(&context, csro_periodic_ions_make(&context, &points, bounds, period, shell, &images));
  int64_t *number = calloc((size_t)images.count, sizeof *number);
  uint8_t *group = calloc((size_t)images.count, 1), *part = calloc((size_t)images.count, 1);
  for (int64_t i = 0; i < images.count; i++) {
    number[i] = i < ATOMS ? i : images.of[i - ATOMS];
    group[i] = type[number[i]];
    part[i] = i < ATOMS ? 0 : CSRO_IMAGE;
  }
  const csro_labelled_ions ions = {
      {images.xyz, true, images.count}, images.count, number, part, 1, 3, 1, group};
  const double expected[9] = {0.33578938, -0.24112737, -0.09491391, -0.24112737, 0.06615814,
                              0.17515013, -0.09491391, 0.17515013,  -0.08016501};
  const csro_neighbour_bins bins[2] = {{CSRO_NEIGHBOURS_SHELLS, 1, 0, shell, 0, 0, NULL},
                                       {CSRO_NEIGHBOURS_RANKED, 12, 0, shell, 0, 0, NULL}};
  for (int k = 0; k < 2; k++) {
    const csro_order_values values = {bins[k].kind, 0, bins[k].count, 0, NULL};
    csro_neighbour_counts counts;
    csro_order_test test;
    csro_order_parameter *found = calloc((size_t)(9 * bins[k].count), sizeof *found);
    CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, &bins[k], &counts));
    CHECK_OK(&context, csro_order_parameters_make(&context, &counts, &values, found, &test));
    CHECK_EQ(counts.lacking[0], 0);
    for (int pair = 0; pair < 9; pair++)
      CHECK_NEAR(found[(pair + 1) * bins[k].count - 1].alpha, expected[pair], 1e-6);
    csro_neighbour_counts_release(&counts);
    free(found);
  }
  csro_periodic_ions_release(&images);
  csro_ions_release(&atoms);
  free(number);
  free(group);
  free(part);
  return check_end();
}

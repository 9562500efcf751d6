/* Spatial distribution maps against brute force. */
#include "csro/spatial_map.h"
#include "neighbour_trial.h"

static csro_context context;

enum { IONS = 600, MEMBERS = 3, PAIRS = 3 };
static const csro_group_pair pairs[PAIRS] = {{1, 1}, {1, 2}, {2, 0}};

/* The cell along one axis, by going through their borders; -1 outside. */
static int slow_cell(double value, double width, int half) {
  for (int cell = -half; cell <= half; cell++) {
    const double lo = (cell - 0.5) * width, hi = (cell + 0.5) * width;
    if (cell > 0   ? value >= lo && value < hi
        : cell < 0 ? value > lo && value <= hi
                   : value > lo && value < hi)
      return cell + half;
  }
  return -1;
}

static void measure_slowly(const trial *t, const csro_spatial_options *o, csro_spatial_map *out) {
  memset(out->sums, 0, (size_t)out->size * sizeof *out->sums);
  for (int64_t i = 0; i < t->count; i++) {
    out->ions[t->group[i * t->members]]++;
    for (int64_t j = 0; j < t->count; j++) {
      int at[3];
      bool inside = distance2(t, i, j) > 0;
      for (int a = 0; a < 3; a++) {
        at[a] = slow_cell(t->xyz[j][a] - t->xyz[i][a], csro_spatial_width(o, a), o->half[a]);
        inside = inside && at[a] >= 0;
      }
      if (!inside)
        continue;
      const int64_t cell =
          ((int64_t)at[2] * csro_spatial_cells(o, 1) + at[1]) * csro_spatial_cells(o, 0) + at[0];
      out->all[cell]++;
      for (int m = 0; m < t->members; m++)
        for (int p = 0; p < PAIRS; p++)
          out->of[((int64_t)p * t->members + m) * out->cells + cell] +=
              t->group[i * t->members + m] == pairs[p].from &&
              t->group[j * t->members + m] == pairs[p].to;
    }
  }
}

static void check_brute_force(const double limit[3], const int half[3]) {
  trial t = make_trial(IONS, MEMBERS);
  const csro_labelled_ions ions = labelled(&t);
  const csro_spatial_options options = {
      PAIRS, pairs, {limit[0], limit[1], limit[2]}, {half[0], half[1], half[2]}};
  csro_spatial_map found, expected;
  CHECK_OK(&context, csro_spatial_map_make(&context, &ions, &options, &expected));
  measure_slowly(&t, &options, &expected);
  for (context.threads = 1; context.threads <= 3; context.threads++) {
    CHECK_OK(&context, csro_spatial_map_make(&context, &ions, &options, &found));
    CHECK(memcmp(found.sums, expected.sums, (size_t)found.size * sizeof *found.sums) == 0);
    csro_spatial_map_release(&found);
  }
  context.threads = 1;
  /* like pairs: the same when turned round, also where vectors end at a border */
  for (int64_t cell = 0; cell < expected.cells; cell++)
    CHECK_EQ(expected.of[cell], expected.of[expected.cells - 1 - cell]);
  csro_spatial_map_release(&expected);
  csro_spatial_map_release(NULL);
  free_trial(&t);
}

int main(void) {
  csro_context_init(&context);
  check_brute_force((double[]){0.45, 0.55, 1.03}, (int[]){0, 0, 12});
  check_brute_force((double[]){0.9, 0.61, 0.3}, (int[]){7, 0, 0});
  check_brute_force((double[]){0.7, 0.81, 0.11}, (int[]){4, 5, 0});
  check_brute_force((double[]){0.5, 0.5, 0.7}, (int[]){3, 2, 4});
  trial t = make_trial(10, 1);
  const csro_labelled_ions ions = labelled(&t);
  csro_spatial_map map;
  CHECK_FAILS(&context,
              csro_spatial_map_make(&context, &ions,
                                    &(csro_spatial_options){1, pairs, {1, 1, 0}, {1, 1, 1}}, &map),
              CSRO_ERROR_ARGUMENT, "up to 1, 1 and 0 nm");
  CHECK_FAILS(&context,
              csro_spatial_map_make(&context, &ions,
                                    &(csro_spatial_options){1, pairs, {1, 1, 1}, {999, 999, 999}},
                                    &map),
              CSRO_ERROR_ARGUMENT, "134217728 cells in all");
  CHECK(!map.sums);
  free_trial(&t);
  return check_end();
}

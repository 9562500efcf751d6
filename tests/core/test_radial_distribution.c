/* Pair correlation against brute force, the window against a box, and ions at random in a cone. */
#include "csro/pair_window.h"
#include "csro/radial_distribution.h"
#include "neighbour_trial.h"

static csro_context context;

/* Each pair of ions against what labels at random give. */
static void check_ratio(void) {
  trial t = make_trial(500, 3);
  const csro_labelled_ions ions = labelled(&t);
  const csro_neighbour_bins bins = {CSRO_NEIGHBOURS_SHELLS, 12, 0, 0.9, 0, 0, NULL};
  csro_neighbour_counts counts;
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, &bins, &counts));
  for (int m = 0; m < t.members; m++)
    for (int a = 0; a < t.groups; a++)
      for (int b = 0; b < t.groups; b++) {
        double found[12] = {0}, all[12] = {0}, of_a = 0, of_b = 0;
        for (int64_t i = 0; i < t.count; i++) {
          of_a += t.group[i * t.members] == a; /* numbers are those of the data */
          of_b += t.group[i * t.members] == b;
          for (int64_t j = 0; j < t.count; j++) {
            const int bin = distance2(&t, i, j) > 0 ? bin_of(&t, &bins, i, j, 0) : -1;
            if (bin < 0)
              continue;
            all[bin]++;
            found[bin] += t.group[i * t.members + m] == a && t.group[j * t.members + m] == b;
          }
        }
        for (int bin = 0; bin < 12; bin++) {
          const double chance = of_a * (of_b - (a == b)) / (500.0 * 499);
          const double ratio = csro_radial_ratio(&counts, m, a, b, bin);
          if (all[bin] > 0)
            CHECK_NEAR(ratio, found[bin] / (all[bin] * chance), 1e-12);
          else
            CHECK(isnan(ratio));
        }
      }
  csro_neighbour_counts_release(&counts);
  free_trial(&t);
}

/* Ions around a box of cells: the inside is a box, whose overlap is a product. */
static void check_room(void) {
  enum { X = 9, Y = 7, Z = 8, BINS = 20 };
  static double xyz[X * Y * Z][3];
  for (int i = 0; i < X * Y * Z; i++)
    for (int axis = 0; axis < 3; axis++)
      xyz[i][axis] = 0.5 + (axis == 0 ? i % X : axis == 1 ? i / X % Y : i / (X * Y));
  const csro_points points = {xyz, true, X * Y * Z};
  csro_map map;
  CHECK_OK(&context, csro_map_init(&context, (double[]){0, X, 0, Y, 0, Z}, 1, -1, &map));
  int64_t *counts = malloc((size_t)map.cells * sizeof *counts);
  CHECK_OK(&context, csro_map_count(&context, &map, &points, NULL, NULL, counts));
  csro_pair_window window;
  CHECK_OK(&context, csro_pair_window_make(&context, &map, counts, &window));
  CHECK_NEAR(csro_pair_window_volume(&window), (X - 2) * (Y - 2) * (Z - 2), 1e-9);
  CHECK(csro_pair_window_holds(&window, (double[]){1.01, 5.99, 3}));
  CHECK(!csro_pair_window_holds(&window, (double[]){0.99, 3, 3}));
  CHECK(!csro_pair_window_holds(&window, (double[]){3, 3, -400}));
  double room[BINS], found[BINS], width = 3.0 / BINS, pi = acos(-1.0);
  for (context.threads = 1; context.threads <= 2; context.threads++) {
    CHECK_OK(&context, csro_pair_window_room(&context, &window, 3, BINS, found));
    if (context.threads == 1)
      memcpy(room, found, sizeof room);
    CHECK(memcmp(room, found, sizeof room) == 0);
  }
  for (int bin = 0; bin < BINS; bin++) {
    /* isotropised overlap of a box (Gille): volume, surface, edges and corners */
    double expected = 0;
    for (int k = 0; k < 100; k++) {
      const double r = (bin + (k + 0.5) / 100) * width, a = X - 2, b = Y - 2, c = Z - 2;
      expected += (a * b * c - (a * b + b * c + c * a) * r / 2 +
                   (a + b + c) * 2 * r * r / (3 * pi) - r * r * r / (4 * pi)) *
                  4 * pi * r * r * width / 100;
    }
    CHECK_NEAR(room[bin] / expected, 1, 1e-3);
  }
  CHECK_FAILS(&context, csro_pair_window_room(&context, &window, 300, BINS, found),
              CSRO_ERROR_ARGUMENT, "up to 300 nm");
  csro_pair_window_release(&window);
  csro_pair_window_release(NULL);
  free(counts);
}

/* Ions at random in a cone, with CSRO_PRINT many times: g is 1 within what counting gives, and
 * pairs are those of the window.
 */
enum { CONE_BINS = 10 };

static void check_cone(uint64_t state, double cone_g[CONE_BINS]) {
  enum { MANY = 40000, BINS = CONE_BINS, SPLIT = 30000 };
  double(*xyz)[3] = calloc(MANY, sizeof *xyz);
  int64_t *number = calloc(MANY, sizeof *number);
  uint8_t *zeros = calloc(MANY, 1);
  for (int64_t i = 0; i < MANY;) {
    for (int axis = 0; axis < 3; axis++)
      xyz[i][axis] = cloud_between(&state, -9, 9);
    if (hypot(xyz[i][0], xyz[i][1]) < 6 - xyz[i][2] / 3) {
      number[i] = i;
      i++;
    }
  }
  const csro_labelled_ions ions = {{xyz, true, MANY}, MANY, number, zeros, 1, 1, 1, zeros};
  const csro_neighbour_bins bins = {CSRO_NEIGHBOURS_SHELLS, BINS, 0, 2, 0, 0, NULL};
  csro_map map;
  CHECK_OK(&context, csro_map_init(&context, (double[]){-9, 9, -9, 9, -9, 9}, 1, -1, &map));
  int64_t *counts = malloc((size_t)map.cells * sizeof *counts), sums[1 + BINS] = {0};
  CHECK_OK(&context, csro_map_count(&context, &map, &ions.points, NULL, NULL, counts));
  csro_pair_window window;
  CHECK_OK(&context, csro_pair_window_make(&context, &map, counts, &window));
  CHECK_OK(&context, csro_pair_window_count(&context, &window, &ions, &bins, sums));
  double room[BINS];
  CHECK_OK(&context, csro_pair_window_room(&context, &window, 2, BINS, room));
  const double volume = csro_pair_window_volume(&window);
  int64_t inside = 0, slow[BINS] = {0};
  for (int64_t i = 0; i < MANY; i++)
    if (csro_pair_window_holds(&window, xyz[i])) {
      inside++;
      for (int64_t j = 0; j < SPLIT / 100; j++) /* some by brute force */
        if (i != j && csro_pair_window_holds(&window, xyz[j])) {
          const double d = sqrt(pow(xyz[i][0] - xyz[j][0], 2) + pow(xyz[i][1] - xyz[j][1], 2) +
                                pow(xyz[i][2] - xyz[j][2], 2));
          if (d < 2)
            slow[(int)(d * BINS / 2)]++;
        }
    }
  CHECK_EQ(sums[0], inside);
  for (int bin = 0; bin < BINS; bin++) {
    const double g = csro_radial_all(sums[1 + bin], sums[0], volume, room[bin]);
    cone_g[bin] = g;
    const double error = sqrt(2 / (double)sums[1 + bin]);
    CHECK(fabs(g - 1) < 4 * hypot(error, 3.5e-3)); /* 3.5e-3: seen in 30 seeds */
    /* those of the first ions are a share of all */
    const double share = (double)slow[bin] / (double)sums[1 + bin] * MANY / (SPLIT / 100.0);
    CHECK_NEAR(share, 1, 0.35);
  }
  /* a process counts what it owns: two halves have all */
  int64_t parts[2][1 + BINS];
  for (int half = 0; half < 2; half++) {
    csro_labelled_ions part = ions;
    double(*moved)[3] = malloc(MANY * sizeof *moved);
    int64_t *moved_number = malloc(MANY * sizeof *moved_number);
    for (int64_t i = 0; i < MANY; i++) {
      const int64_t from = (i + half * SPLIT) % MANY;
      memcpy(moved[i], xyz[from], sizeof *moved);
      moved_number[i] = number[from];
    }
    part.points.xyz = moved;
    part.number = moved_number;
    part.own = half == 0 ? SPLIT : MANY - SPLIT;
    CHECK_OK(&context, csro_pair_window_count(&context, &window, &part, &bins, parts[half]));
    free(moved);
    free(moved_number);
  }
  for (int k = 0; k <= BINS; k++)
    CHECK_EQ(parts[0][k] + parts[1][k], sums[k]);
  CHECK_NEAR(csro_shell_volume(1, 2), 4 * acos(-1.0) / 3 * 7, 1e-12);
  CHECK(isnan(csro_radial_all(0, 1, volume, 1)));
  csro_pair_window_release(&window);
  free(counts);
  free(xyz);
  free(number);
  free(zeros);
}

int main(void) {
  csro_context_init(&context);
  check_ratio();
  check_room();
  double g[CONE_BINS], mean = 0, squares = 0;
  const int seeds = getenv("CSRO_PRINT") ? 30 : 1;
  for (int seed = 9; seed < 9 + seeds; seed++) {
    check_cone((uint64_t)seed, g);
    mean += g[CONE_BINS - 1] / seeds;
    squares += g[CONE_BINS - 1] * g[CONE_BINS - 1] / seeds;
  }
  if (seeds > 1)
    printf("g at 1.8 to 2 nm, %d seeds: mean %.4f, standard error %.4f\n", seeds, mean,
           sqrt((squares - mean * mean) / seeds));
  return check_end();
}

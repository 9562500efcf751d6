/* A few ions far from all others: what they cost, and that the others' results stay. */
#include "check.h"
#include "csro/domains.h"
#include "csro/order.h"
#include "csro/zsdm.h"

#include <time.h>

enum { IONS = 20000, BINS = 200 };

static csro_context context;
static double xyz[3 * (IONS + 3)];
static uint16_t label[IONS + 3];

static double next(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return (*state >> 8) / (double)(1 << 24);
}

static void make_ions(void) {
  uint32_t state = 5;
  for (int i = 0; i < IONS; i++) {
    xyz[3 * i] = 10 * next(&state);
    xyz[3 * i + 1] = 10 * next(&state);
    xyz[3 * i + 2] = -12 * next(&state);
    label[i] = (uint16_t)(next(&state) * 3);
  }
}

static void count(int64_t ions, uint16_t a, uint16_t b, int64_t *counts) {
  const csro_points points = {xyz, true, ions};
  csro_bins bins;
  CHECK_OK(&context, csro_bins_init(&context, 1.5, BINS, 1.5, &bins));
  CHECK_OK(&context, csro_zsdm_region(&context, &points, ions - (ions > IONS ? 1 : 0), label, a, b,
                                      &bins, counts));
}

static void test_region(void) {
  const double far[] = {1e3, 1e5, -1e9};
  int64_t expected[2][BINS], found[BINS];
  count(IONS, 1, 1, expected[0]);
  count(IONS, 1, 2, expected[1]);
  for (size_t k = 0; k < sizeof far / sizeof *far; k++)
    for (int axis = 0; axis < 3; axis++)
      for (int strays = 1; strays <= 3; strays += 2) {
        memset(xyz + (size_t)3 * IONS, 0, 9 * sizeof *xyz);
        for (int s = 0; s < strays; s++) {
          xyz[3 * (IONS + s) + axis] = far[k] * (1 + s);
          label[IONS + s] = 1;
        }
        clock_t begin = clock();
        for (int other = 0; other < 2; other++) {
          count(IONS + strays, 1, (uint16_t)(1 + other), found);
          CHECK(memcmp(found, expected[other], sizeof found) == 0);
        }
        CHECK((double)(clock() - begin) < 20.0 * CLOCKS_PER_SEC);
      }
}

static void test_too_far(void) {
  const double far[] = {1e30, 3e38};
  int64_t counts[BINS], domain[IONS + 1], domains;
  csro_bins bins;
  CHECK_OK(&context, csro_bins_init(&context, 1.5, BINS, 1.5, &bins));
  for (int k = 0; k < 2; k++) {
    memset(xyz + (size_t)3 * IONS, 0, 3 * sizeof *xyz);
    xyz[3 * IONS + k] = far[k];
    const csro_points points = {xyz, true, IONS + 1};
    CHECK_FAILS(&context, csro_zsdm_region(&context, &points, IONS, label, 1, 1, &bins, counts),
                CSRO_ERROR_DATA, "positions span");
    CHECK_FAILS(&context, csro_dbscan(&context, &points, 0.4, 3, domain, &domains), CSRO_ERROR_DATA,
                "positions span");
    csro_planes planes;
    CHECK_FAILS(&context, csro_planes_fit(&context, &points, label, 0.18, NULL, &planes),
                CSRO_ERROR_DATA, "are there stray ions?");
    csro_grid grid;
    float signal[IONS + 1];
    memset(signal, 0, sizeof signal);
    const csro_order_options options = {{1, 3}, 0.3, 0.03, 0, false, 0, NULL, 0};
    csro_order order;
    CHECK_OK(&context,
             csro_grid_init(&context, (double[6]){0, 10, 0, 10, -12, 0}, 1, 0.5, 0.75, &grid));
    CHECK_FAILS(&context, csro_order_find(&context, &points, signal, &options, &grid, NULL, &order),
                CSRO_ERROR_ARGUMENT, "are there stray ions?");
  }
}

int main(void) {
  csro_context_init(&context);
  make_ions();
  test_region();
  test_too_far();
  return check_end();
}

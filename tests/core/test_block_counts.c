/* Frequency distributions against counting by hand; chance; the curve through space. */
#include "check.h"
#include "csro/block_counts.h"
#include "random_points.h"

static csro_context context;

static void check_counts(void) {
  enum { IONS = 1037, MEMBERS = 3, GROUPS = 4, BLOCK = 25 };
  static uint8_t group[IONS][MEMBERS];
  uint64_t state = 2;
  for (int i = 0; i < IONS; i++)
    for (int m = 0; m < MEMBERS; m++)
      group[i][m] = (uint8_t)(GROUPS * cloud_uniform(&state));
  csro_block_counts counts, parts;
  for (context.threads = 1; context.threads <= 3; context.threads++) {
    CHECK_OK(&context, csro_block_counts_init(&context, BLOCK, GROUPS, MEMBERS, &counts));
    CHECK_OK(&context, csro_block_counts_add(&context, &counts, group[0], IONS));
    int64_t blocks = 0;
    for (int m = 0; m < MEMBERS; m++)
      for (int g = 0; g < GROUPS; g++) {
        int64_t expected[BLOCK + 1] = {0};
        for (int block = 0; block < IONS / BLOCK; block++) {
          int n = 0;
          for (int i = 0; i < BLOCK; i++)
            n += group[block * BLOCK + i][m] == g;
          expected[n]++;
          blocks++;
        }
        CHECK(memcmp(expected, csro_block_counts_of(&counts, m, g), sizeof expected) == 0);
      }
    CHECK_EQ(blocks, MEMBERS * GROUPS * 41);
    /* two processes */
    CHECK_OK(&context, csro_block_counts_init(&context, BLOCK, GROUPS, MEMBERS, &parts));
    CHECK_OK(&context, csro_block_counts_add(&context, &parts, group[0], 10 * BLOCK));
    CHECK_OK(&context,
             csro_block_counts_add(&context, &parts, group[10 * BLOCK], IONS - 10 * BLOCK));
    CHECK(memcmp(parts.sums, counts.sums, (size_t)counts.size * sizeof *counts.sums) == 0);
    csro_block_counts_release(&parts);
    csro_block_counts_release(&counts);
  }
  context.threads = 1;
  csro_block_counts_release(NULL);
  CHECK_FAILS(&context, csro_block_counts_init(&context, 1, 1, 1, &counts), CSRO_ERROR_ARGUMENT,
              "blocks of 1 ions");
  CHECK(!counts.sums);
}

/* A small table by hand. */
static void check_test(void) {
  const int64_t blocks[] = {30, 50, 15, 5}; /* of 3 ions: share 95/300 */
  const csro_frequency found = csro_frequency_of(blocks, 3);
  const double p = 95.0 / 300, q = 1 - p;
  const double expected[] = {100 * q * q * q, 300 * p * q * q, 300 * p * p * q, 100 * p * p * p};
  /* 3 ions: below 5 blocks expected, counted with 2 */
  CHECK(expected[3] < 5 && expected[2] > 5);
  const double chi2 = pow(30 - expected[0], 2) / expected[0] +
                      pow(50 - expected[1], 2) / expected[1] +
                      pow(20 - expected[2] - expected[3], 2) / (expected[2] + expected[3]);
  CHECK_EQ(found.blocks, 100);
  CHECK_EQ(found.classes, 3);
  CHECK_NEAR(found.share, p, 1e-14);
  CHECK_NEAR(found.chi2, chi2, 1e-10);
  CHECK_NEAR(found.p, erfc(sqrt(chi2 / 2)), 1e-9); /* one degree of freedom */
  CHECK_NEAR(found.mu, sqrt(chi2 / (100 + chi2)), 1e-12);
  CHECK_NEAR(found.mu_of_chance, sqrt(1.0 / 101), 1e-12);
  const csro_frequency few = csro_frequency_of((int64_t[]){3, 1, 0}, 2);
  CHECK(isnan(few.p) && isnan(few.mu) && few.blocks == 4);
  CHECK(isnan(csro_frequency_of((int64_t[]){0, 0, 0}, 2).share));
  CHECK_NEAR(csro_binomial_blocks(10, 0, 5, 0), 10, 0);
  CHECK_NEAR(csro_binomial_blocks(10, 1, 5, 5), 10, 0);
}

/* Labels at random: p is uniform, mu as large as chance says; labels in clusters are found. */
static void check_chance(void) {
  enum { TRIALS = 300, BLOCKS = 400, BLOCK = 50, IONS = BLOCKS * BLOCK };
  static uint8_t group[IONS];
  uint64_t state = 4;
  double below[4] = {0}, mu = 0, of_chance = 0;
  for (int trial = 0; trial < TRIALS; trial++) {
    for (int i = 0; i < IONS; i++)
      group[i] = cloud_uniform(&state) < 0.2;
    csro_block_counts counts;
    CHECK_OK(&context, csro_block_counts_init(&context, BLOCK, 2, 1, &counts));
    CHECK_OK(&context, csro_block_counts_add(&context, &counts, group, IONS));
    const csro_frequency found = csro_frequency_of(csro_block_counts_of(&counts, 0, 1), BLOCK);
    mu += found.mu / TRIALS;
    of_chance += found.mu_of_chance / TRIALS;
    for (int k = 0; k < 4; k++)
      below[k] += found.p < (double[]){0.05, 0.25, 0.5, 0.75}[k];
    csro_block_counts_release(&counts);
  }
  if (getenv("CSRO_PRINT"))
    printf("%d trials without clusters, p below 0.05, 0.25, 0.5, 0.75: %.3f %.3f %.3f %.3f; mu "
           "%.4f, of chance %.4f\n",
           TRIALS, below[0] / TRIALS, below[1] / TRIALS, below[2] / TRIALS, below[3] / TRIALS, mu,
           of_chance);
  for (int k = 0; k < 4; k++) {
    const double share = (double[]){0.05, 0.25, 0.5, 0.75}[k];
    CHECK_NEAR(below[k] / TRIALS, share, 4 * sqrt(share * (1 - share) / TRIALS));
  }
  CHECK_NEAR(mu / of_chance, 1, 0.03);
  for (int i = 0; i < IONS; i++)
    group[i] = cloud_uniform(&state) < (i / BLOCK % 2 ? 0.25 : 0.15);
  csro_block_counts counts;
  CHECK_OK(&context, csro_block_counts_init(&context, BLOCK, 2, 1, &counts));
  CHECK_OK(&context, csro_block_counts_add(&context, &counts, group, IONS));
  CHECK(csro_frequency_of(csro_block_counts_of(&counts, 0, 1), BLOCK).p < 1e-4);
  csro_block_counts_release(&counts);
}

static int by_key(const void *a, const void *b) {
  const uint64_t *x = a, *y = b;
  return (x[0] > y[0]) - (x[0] < y[0]);
}

/* The cells of a cube are met once each, every one beside the one before. */
static void check_curve(void) {
  enum { EDGE = 16, CELLS = EDGE * EDGE * EDGE };
  static double xyz[CELLS][3];
  static uint64_t key[CELLS], at[CELLS][2];
  for (int i = 0; i < CELLS; i++)
    for (int a = 0; a < 3; a++)
      xyz[i][a] = 0.5 + (a == 0 ? i % EDGE : a == 1 ? i / EDGE % EDGE : i / (EDGE * EDGE));
  const csro_points points = {xyz, true, CELLS};
  CHECK_OK(&context,
           csro_curve_keys(&context, &points, (double[]){0, EDGE, 0, EDGE - 1, 0, EDGE - 2}, key));
  for (int i = 0; i < CELLS; i++) {
    at[i][0] = key[i];
    at[i][1] = (uint64_t)i;
  }
  qsort(at, CELLS, sizeof at[0], by_key);
  for (int i = 1; i < CELLS; i++) {
    double steps = 0;
    for (int a = 0; a < 3; a++)
      steps += fabs(xyz[at[i][1]][a] - xyz[at[i - 1][1]][a]);
    CHECK_NEAR(steps, 1, 0);
  }
}

int main(void) {
  csro_context_init(&context);
  check_counts();
  check_test();
  check_chance();
  check_curve();
  return check_end();
}

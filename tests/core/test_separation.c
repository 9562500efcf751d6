/* Maximum separation: against the definition for random ions, hand-made cases, errors, threads. */
#include "check.h"
#include "csro/separation.h"
#include "random_points.h"

#include <math.h>

enum { IONS = 900, MOST = 8 };

static csro_context context;
static double xyz[3 * IONS];
static uint8_t solute[IONS];
static const csro_points ions = {xyz, true, IONS};

static bool is_near(int64_t i, int64_t j, double distance) {
  double d2 = 0;
  for (int a = 0; a < 3; a++)
    d2 += (xyz[3 * i + a] - xyz[3 * j + a]) * (xyz[3 * i + a] - xyz[3 * j + a]);
  return i != j && d2 <= distance * distance;
}

static int64_t smallest_near(const int64_t *cluster, const bool *gives, int64_t i,
                             double distance) {
  int64_t smallest = -1;
  for (int64_t j = 0; j < IONS; j++)
    if (gives[j] && cluster[j] >= 0 && is_near(i, j, distance) &&
        (smallest < 0 || cluster[j] < smallest))
      smallest = cluster[j];
  return smallest;
}

static void spread(int64_t *cluster, const bool *core, int64_t from, double distance) {
  for (int64_t j = 0; j < IONS; j++)
    if (core[j] && cluster[j] < 0 && is_near(from, j, distance)) {
      cluster[j] = cluster[from];
      spread(cluster, core, j, distance);
    }
}

/* Steps 1 to 4. */
static int64_t oracle_of_solutes(const csro_separation *s, int64_t *cluster) {
  static bool core[IONS];
  static int64_t size[IONS], number[IONS];
  int64_t count = 0, left = 0;
  for (int64_t i = 0; i < IONS; i++) {
    int near = 0;
    for (int64_t j = 0; j < IONS; j++)
      near += solute[j] && is_near(i, j, s->core_distance);
    core[i] = solute[i] && near >= s->order;
    cluster[i] = -1;
  }
  for (int64_t i = 0; i < IONS; i++)
    if (core[i] && cluster[i] < 0) {
      size[count] = 0;
      cluster[i] = count++;
      spread(cluster, core, i, s->distance);
    }
  for (int64_t i = 0; i < IONS; i++) {
    if (solute[i] && !core[i])
      cluster[i] = smallest_near(cluster, core, i, s->distance);
    if (cluster[i] >= 0)
      size[cluster[i]]++;
  }
  for (int64_t c = 0; c < count; c++)
    number[c] = size[c] >= s->min_size ? left++ : -1;
  for (int64_t i = 0; i < IONS; i++)
    cluster[i] = cluster[i] >= 0 ? number[cluster[i]] : -1;
  return left;
}

static int64_t oracle(const csro_separation *s, int64_t *cluster) {
  static bool member[IONS], leaves[IONS];
  int64_t count = oracle_of_solutes(s, cluster);
  for (int64_t i = 0; i < IONS; i++)
    member[i] = cluster[i] >= 0;
  for (int64_t i = 0; i < IONS; i++)
    if (!solute[i] && s->envelope > 0)
      cluster[i] = smallest_near(cluster, member, i, s->envelope);
  for (int64_t i = 0; i < IONS; i++) {
    leaves[i] = false;
    for (int64_t j = 0; j < IONS && s->erosion > 0; j++)
      leaves[i] = leaves[i] || (cluster[j] < 0 && is_near(i, j, s->erosion));
  }
  for (int64_t i = 0; i < IONS; i++)
    if (leaves[i] && !solute[i])
      cluster[i] = -1;
  return count;
}

/* Solutes, a tenth of the ions, crowd around a few places. */
static void make_ions(uint64_t seed) {
  double center[MOST][3];
  for (int c = 0; c < MOST; c++)
    for (int a = 0; a < 3; a++)
      center[c][a] = cloud_between(&seed, 0, 5);
  for (int64_t i = 0; i < IONS; i++) {
    solute[i] = cloud_uniform(&seed) < 0.15;
    int c = (int)(cloud_uniform(&seed) * MOST);
    bool is_crowded = solute[i] && cloud_uniform(&seed) < 0.7;
    for (int a = 0; a < 3; a++)
      xyz[3 * i + a] = is_crowded ? center[c][a] + cloud_between(&seed, -0.5, 0.5)
                                  : cloud_between(&seed, -500, -495);
    if (is_crowded)
      for (int a = 0; a < 3; a++)
        xyz[3 * i + a] -= 500;
  }
}

static void check_against_oracle(const csro_separation *s) {
  static int64_t expected[IONS], found[IONS];
  int64_t count, expected_count = oracle(s, expected);
  for (context.threads = 1; context.threads <= 3; context.threads++) {
    CHECK_OK(&context, csro_separation_find(&context, &ions, solute, s, found, &count));
    CHECK_EQ(count, expected_count);
    for (int64_t i = 0; i < IONS; i++)
      CHECK_EQ(found[i], expected[i]);
  }
}

static void check_random(void) {
  int64_t clusters = 0;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    make_ions(seed);
    for (int order = 0; order <= 4; order += 2)
      for (int surround = 0; surround < 3; surround++) {
        csro_separation s = {order, 0.45, 0.4, 3, 0, 0};
        s.envelope = surround > 0 ? 0.4 : 0;
        s.erosion = surround > 1 ? 0.3 : 0;
        check_against_oracle(&s);
        static int64_t cluster[IONS];
        clusters += oracle(&s, cluster);
      }
  }
  CHECK(clusters > 80);
}

/* Five solutes in a row, 0.5 nm apart, one at the end of 0.7 nm; solvent beside them. */
static void check_by_hand(void) {
  const double row[][3] = {{0, 0, 0},   {0.5, 0, 0}, {1, 0, 0},    {1.5, 0, 0},
                           {2.2, 0, 0}, {0, 0.3, 0}, {0, 0.59, 0}, {4, 4, 4}};
  const uint8_t is_solute[] = {1, 1, 1, 1, 1, 0, 0, 0};
  const csro_points points = {row, true, 8};
  csro_separation s = {0, 0, 0.5, 4, 0.3, 0};
  int64_t cluster[8], count;
  CHECK_OK(&context, csro_separation_find(&context, &points, is_solute, &s, cluster, &count));
  CHECK_EQ(count, 1);
  const int64_t linked[] = {0, 0, 0, 0, -1, 0, -1, -1};
  for (int i = 0; i < 8; i++)
    CHECK_EQ(cluster[i], linked[i]);
  s.erosion = 0.3; /* 0.29 to the ion that stayed out */
  CHECK_OK(&context, csro_separation_find(&context, &points, is_solute, &s, cluster, &count));
  CHECK_EQ(cluster[5], -1);
  CHECK_EQ(cluster[0], 0);
  s.min_size = 5;
  CHECK_OK(&context, csro_separation_find(&context, &points, is_solute, &s, cluster, &count));
  CHECK_EQ(count, 0);
  s = (csro_separation){2, 0.5, 0.5, 1, 0, 0}; /* the ends join, but are no cores */
  CHECK_OK(&context, csro_separation_find(&context, &points, is_solute, &s, cluster, &count));
  CHECK_EQ(count, 1);
  CHECK_EQ(cluster[0], 0);
  CHECK_EQ(cluster[4], -1);
}

static void check_errors(void) {
  const csro_separation good = {1, 0.5, 0.5, 2, 0.5, 0.5};
  int64_t cluster[IONS], count;
  csro_separation bad[6] = {good, good, good, good, good, good};
  bad[0].order = -1;
  bad[1].core_distance = 0;
  bad[2].distance = NAN;
  bad[3].min_size = 0;
  bad[4].envelope = -1;
  bad[5].erosion = INFINITY;
  for (int i = 0; i < 6; i++) {
    CHECK_EQ(csro_separation_find(&context, &ions, solute, &bad[i], cluster, &count),
             CSRO_ERROR_ARGUMENT);
    CHECK_EQ(count, 0);
    CHECK_EQ(cluster[0], -1);
  }
  const csro_points none = {xyz, true, 0};
  CHECK_OK(&context, csro_separation_find(&context, &none, solute, &good, cluster, &count));
  CHECK_EQ(count, 0);
}

/* Around ions at random there is one other on average. */
static void check_suggestion(void) {
  const double volume = 1000, pi = acos(-1);
  const double distance = csro_separation_suggest(500, volume);
  CHECK_NEAR(4 * pi / 3 * pow(distance, 3) * 500 / volume, 1, 1e-12);
  CHECK(isnan(csro_separation_suggest(0, volume)));
  CHECK(isnan(csro_separation_suggest(5, NAN)));
}

int main(void) {
  csro_context_init(&context);
  check_suggestion();
  check_random();
  check_by_hand();
  check_errors();
  return check_end();
}

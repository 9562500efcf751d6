#include "order/kind_blocks.h"

#include "base/counting_sort.h"
#include "order/planes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double two_pi = 6.283185307179586;
static const double cell = 0.8;                               /* nm, half a block */
static const double strengths[] = {0.0625, 0.125, 0.25, 0.5}; /* of the mean over a block */
enum { STRENGTHS = sizeof strengths / sizeof *strengths, CORNERS = 8 };

/* Sums over the ions of a cell, or of a block. */
typedef struct sums {
  double ions, power[4][CSRO_PATTERNS]; /* of the patterns and their powers 1 .. 4 */
  double ions_of[CSRO_KINDS_SPECIES], pattern_of[CSRO_KINDS_SPECIES][CSRO_PATTERNS];
} sums;

/* The cells of a part: those of its blocks. They hold sums as float[width]. */
typedef struct cells {
  const csro_kinds_task *task;
  const csro_points *points;
  const uint16_t *label;
  double origin[3];
  int64_t first[3], n[3]; /* of the cells held */
  int64_t *begin, *ion;   /* ions by cell */
  int width;
  float *values;
} cells;

/* cos and sin of 2 pi w and of the phase of a plane. */
static void turn(const double step[2], double phase[2]) {
  double cosine = phase[0] * step[0] - phase[1] * step[1];
  phase[1] = phase[0] * step[1] + phase[1] * step[0];
  phase[0] = cosine;
}

static double in_one(double value) {
  return fmin(fmax(value, -1), 1);
}

void csro_plane_patterns(double height, double spacing, double sigma,
                         int32_t pattern[CSRO_PATTERNS]) {
  double blur = fmax(sigma / spacing, 0.05), nearest = round(height), all = 0;
  double three[3] = {0}, four[4] = {0}, decoy[CSRO_DECOYS] = {0}; /* a quarter of a wave apart */
  int reach = (int)ceil(4 * blur) + 1;
  int plane = (int)(nearest - 12 * floor(nearest / 12)) + 12 * reach - reach;
  double angle = two_pi * CSRO_DECOY_WAVE;
  const double step[2] = {cos(angle), sin(angle)};
  double phase[2] = {cos(angle * (nearest - reach)), sin(angle * (nearest - reach))};
  for (int k = -reach; k <= reach; k++, plane++, turn(step, phase)) {
    double distance = (height - nearest - k) / blur, weight = exp(-distance * distance / 2);
    all += weight;
    three[plane % 3] += weight;
    four[plane % 4] += weight;
    decoy[0] -= weight * in_one(sqrt(2) * phase[1]);
    decoy[1] -= weight * in_one(sqrt(2) * phase[0]);
  }
  double scale = CSRO_PATTERN_UNIT / all;
  pattern[0] = (int32_t)lrint((four[0] - four[1] + four[2] - four[3]) * scale);
  for (int q = 0; q < 3; q++)
    pattern[1 + q] = (int32_t)lrint(3 * three[q] * scale) - CSRO_PATTERN_UNIT;
  for (int q = 0; q < 4; q++)
    pattern[4 + q] = (int32_t)lrint(4 * four[q] * scale) - CSRO_PATTERN_UNIT;
  for (int d = 0; d < CSRO_DECOYS; d++)
    pattern[8 + d] = (int32_t)lrint(decoy[d] * scale);
}

double csro_plane_pattern(csro_plane_place place, double spacing, int period, int phase) {
  int32_t all[CSRO_PATTERNS];
  csro_plane_patterns(place.height, spacing, place.sigma, all);
  int which = period == 2 ? 0 : period == 3 ? 1 + phase : 4 + phase;
  double unit = period == 2 && phase == 1 ? -1.0 / CSRO_PATTERN_UNIT : 1.0 / CSRO_PATTERN_UNIT;
  return all[which] * unit;
}

csro_status csro_planes_phase(csro_context *context, const csro_planes *planes, double sigma_z,
                              int period, int phase, const csro_points *points,
                              const uint16_t *label, float *pattern) {
  if (period < 2 || period > 4 || phase < 0 || phase >= period)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "phase %d of a period of %d planes: expected 2 to 4 planes and a phase below",
                     phase, period);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    csro_plane_place place = csro_planes_place(planes, sigma_z, r, label ? label[i] : -1);
    pattern[i] = (float)csro_plane_pattern(place, planes->spacing, period, phase);
  }
  return CSRO_OK;
}

/* The cells of the blocks whose lowest cell is the part's. Blocks begin a cell before the ions do,
 * so that each set of them covers all ions. */
static void cut(const csro_order_part *part, cells *c) {
  for (int a = 0; a < 3; a++) {
    const double *bounds = &part->bounds[2 * a];
    double last = floor((bounds[1] - bounds[0]) / cell);
    c->origin[a] = bounds[0];
    double low = ceil((part->lo[a] - bounds[0]) / cell - 0.5);
    double high = ceil((part->hi[a] - bounds[0]) / cell - 0.5); /* not included */
    c->first[a] = (int64_t)fmax(-1, fmin(low, last + 1));
    c->n[a] = (int64_t)fmax(0, fmin(high, last + 1) - (double)c->first[a]) + 1;
  }
}

/* -1 for ions that are elsewhere or do not count. */
static int64_t cell_of(const cells *c, int64_t i) {
  if (c->label[i] == 0)
    return -1;
  double r[3];
  int64_t at[3];
  csro_points_get(c->points, i, r);
  for (int a = 0; a < 3; a++) {
    at[a] = (int64_t)floor((r[a] - c->origin[a]) / cell) - c->first[a];
    if (at[a] < 0 || at[a] >= c->n[a])
      return -1;
  }
  return (at[2] * c->n[1] + at[1]) * c->n[0] + at[0];
}

static csro_status sort(csro_context *context, cells *c) {
  int64_t all = c->n[0] * c->n[1] * c->n[2];
  c->begin = csro_allocate(context, all + 1, sizeof *c->begin);
  c->ion = csro_allocate(context, c->points->count, sizeof *c->ion);
  if (!c->begin || !c->ion)
    return CSRO_ERROR_MEMORY;
  memset(c->begin, 0, (size_t)all * sizeof *c->begin);
  for (int64_t i = 0; i < c->points->count; i++) {
    int64_t at = cell_of(c, i);
    if (at >= 0)
      c->begin[at]++;
  }
  c->begin[all] = csro_keys_begin(c->begin, all, 0);
  for (int64_t i = 0; i < c->points->count; i++) {
    int64_t at = cell_of(c, i);
    if (at >= 0)
      c->ion[c->begin[at]++] = i;
  }
  csro_keys_restore(c->begin, all, 0);
  return CSRO_OK;
}

/* Whole numbers, whose sums do not depend on the order of the ions, as floats. */
static void sum_cell(const cells *c, int64_t at) {
  const csro_kinds_task *task = c->task;
  int64_t powers[4][CSRO_PATTERNS] = {0}, pattern_of[CSRO_KINDS_SPECIES][CSRO_PATTERNS];
  int64_t ions_of[CSRO_KINDS_SPECIES] = {0};
  memset(pattern_of, 0, (size_t)task->species * sizeof *pattern_of);
  for (int64_t k = c->begin[at]; k < c->begin[at + 1]; k++) {
    double r[3];
    int32_t pattern[CSRO_PATTERNS];
    int label = c->label[c->ion[k]], species = label <= task->labels ? task->of_label[label] : -1;
    csro_points_get(c->points, c->ion[k], r);
    csro_plane_place place = csro_planes_place(task->planes, task->sigma_z, r, label);
    csro_plane_patterns(place.height, task->planes->spacing, place.sigma, pattern);
    for (int p = 0; p < CSRO_PATTERNS; p++) {
      int64_t g = pattern[p], square = g * g;
      powers[0][p] += g;
      powers[1][p] += square;
      powers[2][p] += square * g;
      powers[3][p] += square * square;
    }
    if (species < 0)
      continue;
    ions_of[species]++;
    for (int p = 0; p < CSRO_PATTERNS; p++)
      pattern_of[species][p] += pattern[p];
  }
  float *to = c->values + at * c->width;
  *to++ = (float)(c->begin[at + 1] - c->begin[at]);
  for (int k = 0; k < 4; k++)
    for (int p = 0; p < CSRO_PATTERNS; p++)
      *to++ = (float)powers[k][p];
  for (int s = 0; s < task->species; s++) {
    *to++ = (float)ions_of[s];
    for (int p = 0; p < CSRO_PATTERNS; p++)
      *to++ = (float)pattern_of[s][p];
  }
}

static void add_cell(const cells *c, int64_t at, sums *s) {
  const float *from = c->values + at * c->width;
  s->ions += *from++;
  for (int k = 0; k < 4; k++)
    for (int p = 0; p < CSRO_PATTERNS; p++)
      s->power[k][p] += *from++;
  for (int k = 0; k < c->task->species; k++) {
    s->ions_of[k] += *from++;
    for (int p = 0; p < CSRO_PATTERNS; p++)
      s->pattern_of[k][p] += *from++;
  }
}

/* The cells at the corners of a block. */
static void sum_block(const cells *c, const int64_t lowest[3], sums *s) {
  *s = (sums){0};
  for (int corner = 0; corner < CORNERS; corner++) {
    int64_t at[3];
    for (int a = 0; a < 3; a++)
      at[a] = lowest[a] - c->first[a] + (corner >> a & 1);
    add_cell(c, (at[2] * c->n[1] + at[1]) * c->n[0] + at[0], s);
  }
}

/* From powers of the patterns to those about their mean, in their own units. */
static void center(sums *s) {
  double unit = 1, n = s->ions;
  for (int k = 0; k < 4; k++) {
    unit /= CSRO_PATTERN_UNIT;
    for (int p = 0; p < CSRO_PATTERNS; p++)
      s->power[k][p] *= unit;
  }
  for (int p = 0; p < CSRO_PATTERNS; p++) {
    double mean = s->power[0][p] / n, s2 = s->power[1][p], s3 = s->power[2][p];
    s->power[1][p] = s2 - n * mean * mean;
    s->power[2][p] = s3 - 3 * mean * s2 + 2 * n * mean * mean * mean;
    s->power[3][p] += -4 * mean * s3 + 6 * mean * mean * s2 - 3 * n * mean * mean * mean * mean;
  }
}

/* What is rated: patterns, of which each is looked for as it is and, where they are not all phases
 * of their period, with the other sign. */
static const struct {
  int first, patterns, signs, rich; /* rich: P - 1 */
} rated[CSRO_RATED] = {{0, 1, 2, 1}, {1, 3, 1, 2}, {4, 4, 1, 3}, {8, CSRO_DECOYS, 2, 1}};
enum { PHASES = 4 };

/* ln of the mean of exp(a T - K(a)) over strengths a and phases. */
static double likelihood_of(const sums *s, int species, int what) {
  double n = s->ions, x = s->ions_of[species] / n, exponent[STRENGTHS * PHASES];
  if (!(x > 0 && x < 1))
    return 0;
  double variance = x * (1 - x), all = 1 - x;
  double kappa[3] = {variance / (all * all) / 2 * n / (n - 1),
                     variance * (1 - 2 * x) / (all * all * all) / 6,
                     variance * (1 - 6 * variance) / (all * all * all * all) / 24};
  double most = fmin(1, (1 - x) / (x * rated[what].rich)); /* rich planes hold nothing else */
  double best = -INFINITY, sum = 0;
  int count = 0, phases = rated[what].patterns * rated[what].signs;
  for (int q = 0; q < phases; q++) {
    int p = rated[what].first + q % rated[what].patterns;
    double sign = q < rated[what].patterns ? 1 : -1;
    double t = sign / all * (s->pattern_of[species][p] / CSRO_PATTERN_UNIT - x * s->power[0][p]);
    for (int k = 0; k < STRENGTHS; k++) {
      double a = strengths[k] * most, b = a * sign;
      double cumulant = a * a *
                        (kappa[0] * s->power[1][p] + b * kappa[1] * s->power[2][p] +
                         a * a * kappa[2] * s->power[3][p]);
      exponent[count] = a * t - cumulant;
      best = fmax(best, exponent[count++]);
    }
  }
  for (int k = 0; k < count; k++)
    sum += exp(exponent[k] - best);
  return best + log(sum / count);
}

static void rate_block(const cells *c, const int64_t lowest[3], int64_t block,
                       csro_kind_blocks *blocks) {
  sums s;
  float *to = blocks->likelihood + block * blocks->kinds;
  sum_block(c, lowest, &s);
  blocks->set[block] = 0;
  for (int a = 0; a < 3; a++)
    blocks->set[block] |= (uint8_t)((lowest[a] & 1) << a);
  memset(to, 0, (size_t)blocks->kinds * sizeof *to);
  if (s.ions < 2)
    return;
  center(&s);
  for (int kind = 0; kind < blocks->kinds; kind++)
    to[kind] = (float)likelihood_of(&s, kind / CSRO_RATED, kind % CSRO_RATED);
}

static csro_status rate(csro_context *context, cells *c, csro_kind_blocks *blocks) {
  int64_t n[3], all = c->n[0] * c->n[1] * c->n[2];
  for (int a = 0; a < 3; a++)
    n[a] = c->n[a] - 1;
  blocks->kinds = c->task->species * CSRO_RATED;
  blocks->count = n[0] * n[1] * n[2];
  blocks->set = csro_allocate(context, blocks->count, sizeof *blocks->set);
  blocks->likelihood =
      csro_allocate(context, blocks->count * blocks->kinds, sizeof *blocks->likelihood);
  c->width = 1 + 4 * CSRO_PATTERNS + c->task->species * (1 + CSRO_PATTERNS);
  c->values = csro_allocate(context, all * c->width, sizeof *c->values);
  if (!blocks->set || !blocks->likelihood || !c->values)
    return CSRO_ERROR_MEMORY;
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 64)
  for (int64_t at = 0; at < all; at++)
    sum_cell(c, at);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 64)
  for (int64_t block = 0; block < blocks->count; block++) {
    const int64_t lowest[3] = {c->first[0] + block % n[0], c->first[1] + block / n[0] % n[1],
                               c->first[2] + block / n[0] / n[1]};
    rate_block(c, lowest, block, blocks);
  }
  return CSRO_OK;
}

csro_status csro_kind_blocks_init(csro_context *context, const csro_kinds_task *task,
                                  const csro_points *points, const uint16_t *label,
                                  const csro_order_part *part, csro_kind_blocks *blocks) {
  *blocks = (csro_kind_blocks){0};
  cells c = {.task = task, .points = points, .label = label};
  cut(part, &c);
  csro_status status = sort(context, &c);
  if (status == CSRO_OK)
    status = rate(context, &c, blocks);
  if (status != CSRO_OK)
    csro_kind_blocks_release(blocks);
  free(c.begin);
  free(c.ion);
  free(c.values);
  return status;
}

void csro_kind_blocks_release(csro_kind_blocks *blocks) {
  if (!blocks)
    return;
  free(blocks->set);
  free(blocks->likelihood);
  *blocks = (csro_kind_blocks){0};
}

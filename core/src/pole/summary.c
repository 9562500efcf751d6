#include "pole/summary.h"

#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* A straight line in x, y, z through what the blocks have: value = mean + slope (r - middle), by
 * least squares. */
typedef struct line {
  double mean, slope[3], mean_error, slope_error[3];
} line;

typedef struct fit {
  double weight, middle[3], inverse[3][3];
  int64_t blocks;
} fit;

/* Blocks are weighed by their certainty, but none by more than this (1/nm) gives: strong blocks
 * differ by what planes do, not by chance. Component 0 .. 2 of k, or its length (3). */
static const double certain = 0.01;

static double variance_of(const csro_pole_block *block, int component) {
  double deviation = block->deviation[component < 2 ? component : 2];
  return deviation * deviation;
}

static double weight_of(const csro_pole_block *block, int component) {
  return block->orientation == 0 ? 1 / (variance_of(block, component) + certain * certain) : 0;
}

enum { FEWEST_BLOCKS = 8 }; /* for slopes */

static int64_t count_of(const csro_pole_map *map) {
  return map->n[0] * map->n[1] * map->n[2];
}

/* Inverse of a symmetric positive matrix; directions along which blocks do not differ are held
 * by a small number on the diagonal: their slope becomes 0. */
static void invert(const double m[3][3], double inverse[3][3]) {
  double trace = m[0][0] + m[1][1] + m[2][2], h[3][3];
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      h[i][j] = m[i][j] + (i == j) * (1e-9 * trace + 1e-12);
  double det = 0;
  for (int i = 0; i < 3; i++)
    det +=
        h[0][i] * (h[1][(i + 1) % 3] * h[2][(i + 2) % 3] - h[1][(i + 2) % 3] * h[2][(i + 1) % 3]);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      int a = (j + 1) % 3, b = (j + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
      inverse[i][j] = (h[a][c] * h[b][d] - h[a][d] * h[b][c]) / det;
    }
}

static fit prepare(const csro_pole_map *map, int component) {
  fit f = {0};
  double spread[3][3] = {{0}};
  for (int64_t b = 0; b < count_of(map); b++) {
    const csro_pole_block *block = &map->blocks[b];
    double w = weight_of(block, component);
    f.blocks += w > 0;
    f.weight += w;
    for (int a = 0; a < 3; a++)
      f.middle[a] += w * block->center[a];
  }
  for (int a = 0; a < 3; a++)
    f.middle[a] /= f.weight;
  for (int64_t b = 0; b < count_of(map); b++) {
    const csro_pole_block *block = &map->blocks[b];
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++)
        spread[i][j] += weight_of(block, component) * (block->center[i] - f.middle[i]) *
                        (block->center[j] - f.middle[j]);
  }
  invert(spread, f.inverse);
  return f;
}

static double length_of(const double v[3]) {
  return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static double value_of(const csro_pole_block *block, int component) {
  return component < 3 ? block->wave[component] : length_of(block->wave);
}

static double along(const line *l, const fit *f, const double r[3]) {
  double value = l->mean;
  for (int a = 0; a < 3; a++)
    value += l->slope[a] * (r[a] - f->middle[a]);
  return value;
}

static line fit_line(const csro_pole_map *map, const fit *f, int component) {
  line l = {0};
  double moment[3] = {0}, rest = 0, squares = 0, noise = 0;
  for (int64_t b = 0; b < count_of(map); b++)
    l.mean +=
        weight_of(&map->blocks[b], component) * value_of(&map->blocks[b], component) / f->weight;
  for (int64_t b = 0; b < count_of(map); b++)
    for (int a = 0; a < 3; a++)
      moment[a] += weight_of(&map->blocks[b], component) *
                   (map->blocks[b].center[a] - f->middle[a]) *
                   (value_of(&map->blocks[b], component) - l.mean);
  for (int a = 0; f->blocks >= FEWEST_BLOCKS && a < 3; a++)
    for (int c = 0; c < 3; c++)
      l.slope[a] += f->inverse[a][c] * moment[c];
  for (int64_t b = 0; b < count_of(map); b++) {
    const csro_pole_block *block = &map->blocks[b];
    double w = weight_of(block, component);
    double off = value_of(block, component) - along(&l, f, block->center);
    rest += w * off * off;
    squares += w * w;
    noise += w * w * variance_of(block, component);
  }
  /* variance of one block: what the blocks scatter by, or what counting alone gives */
  double freedom = (double)f->blocks > 4 ? (double)(f->blocks - 4) / (double)f->blocks : 1;
  double scatter = f->blocks > 4 ? rest / f->weight / freedom : 0;
  double variance = fmax(scatter, noise / squares);
  l.mean_error = sqrt(variance * squares) / f->weight;
  for (int a = 0; a < 3; a++) /* a line needs more blocks than it has numbers */
    l.slope_error[a] = f->blocks >= FEWEST_BLOCKS
                           ? sqrt(fmax(variance * f->inverse[a][a] * squares / f->weight, 0))
                           : INFINITY;
  return l;
}

/* The curvature of the planes along x and y from how k turns: the larger one. */
static void set_curvature(const line k[3], csro_pole_summary *summary) {
  double q = length_of(summary->wave);
  double xx = k[0].slope[0] / q, yy = k[1].slope[1] / q;
  double xy = (k[0].slope[1] + k[1].slope[0]) / (2 * q);
  double mean = (xx + yy) / 2, half = hypot((xx - yy) / 2, xy);
  summary->curvature = mean >= 0 ? mean + half : mean - half;
  summary->curvature_error = fmax(k[0].slope_error[0], k[1].slope_error[1]) / q;
}

static void set_sharpness(csro_pole_map *map) {
  csro_pole_summary *summary = &map->summary;
  double coherent = 0, all = 0, with_planes = 0, ions = 0;
  for (int64_t b = 0; b < count_of(map); b++) {
    const csro_pole_block *block = &map->blocks[b];
    double n = (double)block->ions;
    ions += n;
    with_planes += block->resolved ? n : 0;
    if (block->orientation != 0)
      continue;
    coherent += n * n * block->coherence * block->coherence;
    all += n * n;
  }
  summary->share = ions > 0 ? with_planes / ions : 0;
  summary->coherence = all > 0 ? sqrt(coherent / all) : 0;
  double c = fmin(fmax(summary->coherence, 1e-6), 1);
  summary->sigma_z = summary->spacing / (2 * pi) * sqrt(-2 * log(c));
}

/* The middle of the ions: of all, or where there are several orientations, of the largest. */
static void find_middle(const csro_pole_map *map, double middle[3]) {
  double ions = 0;
  middle[0] = middle[1] = middle[2] = 0;
  for (int64_t b = 0; b < count_of(map); b++) {
    const csro_pole_block *block = &map->blocks[b];
    if (map->summary.orientations > 1 && block->orientation != 0)
      continue;
    ions += (double)block->ions;
    for (int a = 0; a < 3; a++)
      middle[a] += (double)block->ions * block->center[a];
  }
  for (int a = 0; a < 3; a++)
    middle[a] /= ions;
}

/* Blocks in which planes are tilted more show them less, so the mean of those that show them is
 * not that of the planes: the line is. */
static void move_to(const double middle[3], const fit *f, line *l) {
  double error = l->mean_error * l->mean_error;
  for (int a = 0; a < 3; a++) {
    double step = l->slope_error[a] * (middle[a] - f->middle[a]);
    error += step * step;
  }
  l->mean = along(l, f, middle);
  l->mean_error = sqrt(error);
}

void csro_pole_summarise(csro_pole_map *map) {
  csro_pole_summary *summary = &map->summary;
  double middle[3];
  line k[4];
  find_middle(map, middle);
  for (int c = 0; c < 4; c++) {
    fit f = prepare(map, c);
    k[c] = fit_line(map, &f, c);
    if (f.blocks >= FEWEST_BLOCKS)
      move_to(middle, &f, &k[c]);
  }
  /* the mean normal, with the mean length: where planes are curved, that of the mean k is less */
  const double mean[3] = {k[0].mean, k[1].mean, k[2].mean};
  for (int a = 0; a < 3; a++)
    summary->wave[a] = mean[a] * k[3].mean / length_of(mean);
  summary->spacing = 1 / k[3].mean;
  summary->spacing_error = k[3].mean_error / (k[3].mean * k[3].mean);
  summary->tilt = atan2(hypot(mean[0], mean[1]), mean[2]) * 180 / pi;
  summary->tilt_x = atan2(-mean[1], mean[2]) * 180 / pi;
  summary->tilt_y = atan2(mean[0], mean[2]) * 180 / pi;
  summary->tilt_error = hypot(k[0].mean_error, k[1].mean_error) / k[3].mean * 180 / pi;
  set_curvature(k, summary);
  summary->drift = -k[3].slope[2] / k[3].mean;
  summary->drift_error = k[3].slope_error[2] / k[3].mean;
  set_sharpness(map);
}

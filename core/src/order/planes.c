#include "csro/planes.h"

#include "csro/voxels.h"
#include "order/plane_waves.h"
#include "order/planes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* A block whose |sum exp(i phase)|^2 / ions exceeds this shows its planes: without planes the value
 * is exponentially distributed with mean 1. */
static const double block_shows = 10, data_show = 11.5;
static const double smallest_block = 3; /* nm */
/* By how much another grain has to be seen better in a block than the nearest one. */
static const double clearly = 3;
enum { LARGEST_BLOCKS = 1 << 24 };

enum { COSINE = CSRO_COSINE, SINE = CSRO_SINE, IONS = CSRO_IONS };
static const double unit = CSRO_PLANE_UNIT;

static double square(const int64_t block[3]) {
  double re = (double)block[COSINE] / unit, im = (double)block[SINE] / unit;
  return re * re + im * im;
}

static double strength(const int64_t block[3]) {
  return block[IONS] > 0 ? square(block) / (double)block[IONS] : 0;
}

int64_t csro_planes_block_at(const csro_planes *planes, const double r[3]) {
  int64_t c[3];
  for (int a = 0; a < 3; a++) {
    double cell = floor((r[a] - planes->origin[a]) / planes->size);
    c[a] = (int64_t)fmin(fmax(cell, 0), (double)(planes->n[a] - 1));
  }
  return (c[2] * planes->n[1] + c[1]) * planes->n[0] + c[0];
}

/* Number of the block and its centre. */
static void center_of(const csro_planes *planes, int64_t b, double center[3]) {
  for (int a = 0; a < 3; a++) {
    center[a] = planes->origin[a] + planes->size * ((double)(b % planes->n[a]) + 0.5);
    b /= planes->n[a];
  }
}

static double along(const double wave[3], const double from[3], const double to[3]) {
  return wave[0] * (to[0] - from[0]) + wave[1] * (to[1] - from[1]) + wave[2] * (to[2] - from[2]);
}

static void add_ion(double angle, int64_t sum[3]) {
#pragma omp atomic
  sum[COSINE] += llrint(cos(angle) * unit);
#pragma omp atomic
  sum[SINE] += llrint(sin(angle) * unit);
#pragma omp atomic
  sum[IONS]++;
}

void csro_planes_sum(csro_context *context, const csro_planes *planes, const csro_points *points,
                     const uint16_t *label, int64_t (*sums)[3]) {
  int64_t blocks = csro_planes_blocks(planes);
  memset(sums, 0, (size_t)csro_planes_sums(planes) * sizeof *sums);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    if (label[i] == 0)
      continue;
    double r[3];
    csro_points_get(points, i, r);
    int64_t b = csro_planes_block_at(planes, r);
    double center[3];
    center_of(planes, b, center);
    add_ion(2 * pi * along(planes->wave[b], center, r), sums[b]);
    if (planes->other_grain[b] >= 0)
      add_ion(2 * pi * along(planes->other_wave[b], center, r), sums[blocks + b]);
  }
}

/* Whether the blocks that hold half of the ions, or more, show their planes. */
static bool most_show(int64_t (*sums)[3], int64_t n) {
  int64_t shown = 0, all = 0;
  for (int64_t b = 0; b < n; b++) {
    all += sums[b][IONS];
    shown += strength(sums[b]) >= block_shows ? sums[b][IONS] : 0;
  }
  return all > 0 && 2 * shown >= all;
}

/* Cuts the bounds into blocks of this size; the last size is one block. */
static void cut(double size, csro_planes *planes) {
  planes->size = size;
  for (int a = 0; a < 3; a++) {
    double low = planes->bounds[2 * a], high = planes->bounds[2 * a + 1];
    planes->n[a] = (int64_t)fmax(1, ceil((high - low) / size));
    planes->origin[a] = (low + high) / 2 - size * (double)planes->n[a] / 2;
  }
}

/* The blocks' wave vectors and grains. */
static csro_status orient(csro_context *context, csro_planes *planes) {
  int64_t n = csro_planes_blocks(planes);
  free(planes->wave);
  free(planes->grain);
  free(planes->other_wave);
  free(planes->other_grain);
  planes->wave = csro_allocate(context, n, sizeof *planes->wave);
  planes->grain = csro_allocate(context, n, sizeof *planes->grain);
  planes->other_wave = csro_allocate(context, n, sizeof *planes->other_wave);
  planes->other_grain = csro_allocate(context, n, sizeof *planes->other_grain);
  if (!planes->wave || !planes->grain || !planes->other_wave || !planes->other_grain)
    return CSRO_ERROR_MEMORY;
  for (int64_t b = 0; b < n; b++) {
    double center[3];
    center_of(planes, b, center);
    planes->grain[b] = 0;
    planes->other_grain[b] = -1;
    memcpy(planes->wave[b], (double[3]){0, 0, 1 / planes->spacing}, sizeof *planes->wave);
    if (!planes->map)
      continue;
    planes->grain[b] = csro_plane_wave(planes->map, center, -1, planes->wave[b]);
    planes->other_grain[b] =
        csro_plane_wave(planes->map, center, planes->grain[b], planes->other_wave[b]);
  }
  return CSRO_OK;
}

/* Gives the blocks near two grains to the one whose planes they show better. */
static void settle(csro_planes *planes, int64_t (*sums)[3]) {
  int64_t n = csro_planes_blocks(planes);
  for (int64_t b = 0; b < n; b++) {
    if (planes->other_grain[b] < 0 || strength(sums[n + b]) < strength(sums[b]) + clearly)
      continue;
    memcpy(sums[b], sums[n + b], sizeof *sums);
    memcpy(planes->wave[b], planes->other_wave[b], sizeof *planes->wave);
    planes->grain[b] = planes->other_grain[b];
  }
}

csro_status csro_planes_begin(csro_context *context, const double bounds[6], double spacing,
                              const csro_pole_map *map, csro_planes *planes) {
  *planes = (csro_planes){.spacing = map ? map->summary.spacing : spacing, .map = map};
  if (map && !map->summary.found)
    return csro_fail(context, CSRO_ERROR_DATA,
                     "no lattice planes across z are seen in the ions: the order along this pole "
                     "cannot be told");
  csro_status status = csro_check_number(context, "the spacing of the lattice planes in nm",
                                         planes->spacing, CSRO_SHORTEST, CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
  if (!(bounds[0] <= bounds[1]))
    return csro_fail(context, CSRO_ERROR_DATA, "there are no ions to find lattice planes in");
  for (int a = 0; a < 3; a++)
    if (!(bounds[2 * a + 1] - bounds[2 * a] <= CSRO_LONGEST))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "the ions span %g nm along %c, expected at most %g: are there stray ions?",
                       bounds[2 * a + 1] - bounds[2 * a], "xyz"[a], CSRO_LONGEST);
  memcpy(planes->bounds, bounds, sizeof planes->bounds);
  double size = smallest_block;
  cut(size, planes);
  while ((double)planes->n[0] * (double)planes->n[1] * (double)planes->n[2] > LARGEST_BLOCKS)
    cut(size *= 2, planes);
  return orient(context, planes);
}

csro_status csro_planes_coarsen(csro_context *context, csro_planes *planes, int64_t (*sums)[3],
                                bool *again) {
  int64_t n = csro_planes_blocks(planes);
  *again = n > 1 && !most_show(sums, n);
  if (!*again) {
    settle(planes, sums);
    return CSRO_OK;
  }
  cut(2 * planes->size, planes);
  return orient(context, planes);
}

/* The height of a block's centre that is nearest to `near`: heights are known up to a whole
 * number. */
static double follow(const int64_t block[3], double near) {
  double height = -atan2((double)block[SINE], (double)block[COSINE]) / (2 * pi);
  return height + round(near - height);
}

/* The height of a block's centre by that of its neighbour: planes bend like a parabola between. */
static double predict(const csro_planes *planes, int64_t from, int64_t to) {
  double here[3], there[3];
  center_of(planes, from, here);
  center_of(planes, to, there);
  double rise = along(planes->wave[from], here, there) + along(planes->wave[to], here, there);
  return planes->height[from] + rise / 2;
}

/* Neighbours of block b along the axes; returns their number. */
static int neighbours(const csro_planes *planes, int64_t b, int64_t out[6]) {
  int64_t step = 1, rest = b;
  int count = 0;
  for (int a = 0; a < 3; a++) {
    int64_t at = rest % planes->n[a];
    rest /= planes->n[a];
    if (at > 0)
      out[count++] = b - step;
    if (at + 1 < planes->n[a])
      out[count++] = b + step;
    step *= planes->n[a];
  }
  return count;
}

/* Spreads heights breadth first from the blocks in the queue. Blocks that show their planes take
 * their own height, with `weak` the others take the one that their neighbour predicts. */
static void spread(int64_t (*sums)[3], csro_planes *planes, bool weak, int64_t *queue,
                   int64_t queued) {
  for (int64_t head = 0; head < queued; head++) {
    int64_t next[6];
    int count = neighbours(planes, queue[head], next);
    for (int k = 0; k < count; k++) {
      bool shows = strength(sums[next[k]]) >= block_shows;
      bool known = !isnan(planes->height[next[k]]);
      if (known || (!shows && !weak) || planes->grain[next[k]] != planes->grain[queue[head]])
        continue;
      double near = predict(planes, queue[head], next[k]);
      planes->height[next[k]] = shows ? follow(sums[next[k]], near) : near;
      queue[queued++] = next[k];
    }
  }
}

/* The strongest block without a height, -1 when all have one. */
static int64_t strongest_left(int64_t (*sums)[3], const csro_planes *planes) {
  int64_t best = -1;
  for (int64_t b = 0; b < csro_planes_blocks(planes); b++)
    if (isnan(planes->height[b]) && (best < 0 || strength(sums[b]) > strength(sums[best])))
      best = b;
  return best;
}

/* Each region of a grain begins at its strongest block: its blocks that show planes first, then
 * those around them, then what is left of it. */
static csro_status set_heights(csro_context *context, int64_t (*sums)[3], csro_planes *planes) {
  int64_t n = csro_planes_blocks(planes);
  planes->height = csro_allocate(context, n, sizeof *planes->height);
  int64_t *queue = csro_allocate(context, n, sizeof *queue);
  if (!planes->height || !queue) {
    free(queue);
    return CSRO_ERROR_MEMORY;
  }
  for (int64_t b = 0; b < n; b++)
    planes->height[b] = NAN;
  for (int64_t first; (first = strongest_left(sums, planes)) >= 0;) {
    int64_t known = 0;
    planes->height[first] = follow(sums[first], 0);
    queue[0] = first;
    spread(sums, planes, false, queue, 1);
    for (int64_t b = 0; b < n; b++)
      if (!isnan(planes->height[b]))
        queue[known++] = b;
    spread(sums, planes, true, queue, known);
  }
  free(queue);
  return CSRO_OK;
}

static void measure_sharpness(int64_t (*sums)[3], csro_planes *planes) {
  double excess = 0, pairs = 0;
  for (int64_t b = 0; b < csro_planes_blocks(planes); b++) {
    double n = (double)sums[b][IONS];
    excess += square(sums[b]) - n;
    pairs += n * (n - 1);
  }
  double mean = pairs > 0 ? fmin(fmax(excess / pairs, 1e-12), 1) : 1e-12;
  planes->coherence = sqrt(mean);
  planes->sigma_z = planes->spacing / (2 * pi) * sqrt(-log(mean));
}

csro_status csro_planes_end(csro_context *context, int64_t (*sums)[3], csro_planes *planes) {
  csro_status status = CSRO_OK;
  if (!planes->map && csro_planes_blocks(planes) == 1 && strength(sums[0]) < data_show)
    status = csro_fail(context, CSRO_ERROR_DATA,
                       "no lattice planes %g nm apart along z are seen in the ions: the order "
                       "along this pole cannot be told",
                       planes->spacing);
  if (status == CSRO_OK)
    status = set_heights(context, sums, planes);
  if (status == CSRO_OK)
    measure_sharpness(sums, planes);
  else
    csro_planes_release(planes);
  return status;
}

csro_status csro_planes_fit(csro_context *context, const csro_points *points, const uint16_t *label,
                            double spacing, const csro_pole_map *map, csro_planes *planes) {
  double bounds[6];
  int64_t(*sums)[3] = NULL;
  csro_status status = csro_points_bounds(context, points, bounds);
  *planes = (csro_planes){0};
  if (status == CSRO_OK)
    status = csro_planes_begin(context, bounds, spacing, map, planes);
  for (bool again = true; again && status == CSRO_OK;) {
    free(sums);
    sums = csro_allocate(context, csro_planes_sums(planes), sizeof *sums);
    status = sums ? CSRO_OK : CSRO_ERROR_MEMORY;
    if (status == CSRO_OK) {
      csro_planes_sum(context, planes, points, label, sums);
      status = csro_planes_coarsen(context, planes, sums, &again);
    }
  }
  if (status == CSRO_OK)
    status = csro_planes_end(context, sums, planes);
  else
    csro_planes_release(planes);
  free(sums);
  return status;
}

void csro_planes_release(csro_planes *planes) {
  if (!planes)
    return;
  free(planes->wave);
  free(planes->grain);
  free(planes->other_wave);
  free(planes->other_grain);
  free(planes->height);
  free(planes->variance);
  free(planes->shift);
  free(planes->extra);
  *planes = (csro_planes){0};
}

void csro_planes_corners(const csro_planes *planes, const double r[3], csro_plane_corners *c) {
  int64_t low[3], high[3];
  double share[3];
  for (int a = 0; a < 3; a++) {
    double last = (double)(planes->n[a] - 1);
    double at = fmin(fmax((r[a] - planes->origin[a]) / planes->size - 0.5, 0), last);
    low[a] = (int64_t)at;
    high[a] = low[a] + (low[a] + 1 < planes->n[a]);
    share[a] = at - (double)low[a];
    c->inside[a] = planes->origin[a] + planes->size * (at + 0.5);
  }
  for (int corner = 0; corner < 8; corner++) {
    int64_t at[3];
    double weight = 1;
    for (int a = 0; a < 3; a++) {
      bool up = corner >> a & 1;
      at[a] = up ? high[a] : low[a];
      weight *= up ? share[a] : 1 - share[a];
    }
    c->block[corner] = (at[2] * planes->n[1] + at[1]) * planes->n[0] + at[0];
    c->weight[corner] = weight;
  }
  int32_t grain = planes->grain[csro_planes_block_at(planes, r)];
  double all = 0;
  for (int k = 0; k < 8; k++)
    all += c->weight[k] *= planes->grain[c->block[k]] == grain;
  for (int k = 0; k < 8; k++)
    c->weight[k] /= all;
}

double csro_planes_height(const csro_planes *planes, const double r[3]) {
  csro_plane_corners c;
  csro_planes_corners(planes, r, &c);
  double height = 0;
  for (int k = 0; k < 8; k++) {
    if (c.weight[k] == 0)
      continue;
    double center[3];
    const double *wave = planes->wave[c.block[k]];
    center_of(planes, c.block[k], center);
    double rise = along(wave, center, c.inside) / 2 + along(wave, c.inside, r);
    height += c.weight[k] * (planes->height[c.block[k]] + rise);
  }
  return height;
}

/* What plane `plane` counts for: even or odd, or what it is in a decoy. */
static double kind_of(double plane, int period, int decoy) {
  if (decoy == 0)
    return fmod(plane, 2) == 0 ? 1 : -1;
  if (period > 2) {
    double turns = (period == 3 ? CSRO_DECOY_WAVE_3 : CSRO_DECOY_WAVE_4) * plane + 0.25 * decoy;
    return (turns - floor(turns)) * period < 1 ? period - 1 : -1;
  }
  double wave = sqrt(2) * cos(2 * pi * (CSRO_DECOY_WAVE * plane + 0.25 * decoy));
  return fmin(fmax(wave, -1), 1);
}

csro_plane_mix csro_planes_mix_decoy(double height, double spacing, double sigma_z, int period,
                                     int decoy) {
  double sigma = fmax(sigma_z / spacing, 0.05), nearest = round(height), all = 0, difference = 0;
  int reach = (int)ceil(4 * sigma) + 1;
  for (int k = -reach; k <= reach; k++) {
    double distance = (height - nearest - k) / sigma;
    double weight = exp(-distance * distance / 2);
    all += weight;
    difference += weight * kind_of(nearest + k, period, decoy);
  }
  return (csro_plane_mix){.ions = all / (sqrt(2 * pi) * sigma), .even = difference / all};
}

csro_plane_mix csro_planes_mix(double height, double spacing, double sigma_z) {
  return csro_planes_mix_decoy(height, spacing, sigma_z, 2, 0);
}

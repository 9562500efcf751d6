#include "csro/planes.h"

#include "csro/voxels.h"
#include "order/planes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* A block whose |sum exp(i phase)|^2 / ions exceeds this shows its planes: without planes the value
 * is exponentially distributed with mean 1. */
static const double block_shows = 10, data_show = 11.5;
static const double smallest_block = 3; /* nm */
enum { LARGEST_BLOCKS = 1 << 24 };

/* Sums over the ions of a block: fixed point, for whole numbers add up to the same in any order. */
enum { COSINE, SINE, IONS };
static const double unit = 1 << 30;

static double square(const int64_t block[3]) {
  double re = (double)block[COSINE] / unit, im = (double)block[SINE] / unit;
  return re * re + im * im;
}

static double strength(const int64_t block[3]) {
  return block[IONS] > 0 ? square(block) / (double)block[IONS] : 0;
}

static int64_t block_at(const csro_planes *planes, const double r[3]) {
  int64_t c[3];
  for (int a = 0; a < 3; a++) {
    double cell = floor((r[a] - planes->origin[a]) / planes->size);
    c[a] = (int64_t)fmin(fmax(cell, 0), (double)(planes->n[a] - 1));
  }
  return (c[2] * planes->n[1] + c[1]) * planes->n[0] + c[0];
}

void csro_planes_sum(csro_context *context, const csro_planes *planes, const csro_points *points,
                     const uint16_t *label, int64_t (*sums)[3]) {
  memset(sums, 0, (size_t)csro_planes_blocks(planes) * sizeof *sums);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    if (label[i] == 0)
      continue;
    double r[3];
    csro_points_get(points, i, r);
    int64_t *sum = sums[block_at(planes, r)];
    double angle = 2 * pi * r[2] / planes->spacing;
#pragma omp atomic
    sum[COSINE] += llrint(cos(angle) * unit);
#pragma omp atomic
    sum[SINE] += llrint(sin(angle) * unit);
#pragma omp atomic
    sum[IONS]++;
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

csro_status csro_planes_begin(csro_context *context, const double bounds[6], double spacing,
                              csro_planes *planes) {
  *planes = (csro_planes){.spacing = spacing};
  csro_status status = csro_check_number(context, "the spacing of the lattice planes in nm",
                                         spacing, CSRO_SHORTEST, CSRO_LONGEST);
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
  return CSRO_OK;
}

bool csro_planes_coarsen(csro_planes *planes, int64_t (*sums)[3]) {
  int64_t n = csro_planes_blocks(planes);
  if (n == 1 || most_show(sums, n))
    return false;
  cut(2 * planes->size, planes);
  return true;
}

/* The phase of a block that is nearest to `near`: phases are known up to a multiple of pi. */
static double follow(const int64_t block[3], double near) {
  double phase = atan2((double)block[SINE], (double)block[COSINE]) / 2;
  return phase + pi * round((near - phase) / pi);
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

/* Spreads phases breadth first from the blocks in the queue. Blocks that show their planes take
 * their own phase, with `weak` the others take the one of the neighbour that reaches them. */
static void spread(int64_t (*sums)[3], csro_planes *planes, bool weak, int64_t *queue,
                   int64_t queued) {
  for (int64_t head = 0; head < queued; head++) {
    int64_t next[6];
    int count = neighbours(planes, queue[head], next);
    for (int k = 0; k < count; k++) {
      bool shows = strength(sums[next[k]]) >= block_shows;
      if (!isnan(planes->phase[next[k]]) || (!shows && !weak))
        continue;
      double near = planes->phase[queue[head]];
      planes->phase[next[k]] = shows ? follow(sums[next[k]], near) : near;
      queue[queued++] = next[k];
    }
  }
}

static csro_status set_phases(csro_context *context, int64_t (*sums)[3], csro_planes *planes) {
  int64_t n = csro_planes_blocks(planes), strongest = 0, known = 0;
  planes->phase = csro_allocate(context, n, sizeof *planes->phase);
  int64_t *queue = csro_allocate(context, n, sizeof *queue);
  if (!planes->phase || !queue) {
    free(queue);
    return CSRO_ERROR_MEMORY;
  }
  for (int64_t b = 0; b < n; b++) {
    planes->phase[b] = NAN;
    if (strength(sums[b]) > strength(sums[strongest]))
      strongest = b;
  }
  planes->phase[strongest] = follow(sums[strongest], 0);
  queue[0] = strongest;
  spread(sums, planes, false, queue, 1);
  for (int64_t b = 0; b < n; b++)
    if (!isnan(planes->phase[b]))
      queue[known++] = b;
  spread(sums, planes, true, queue, known);
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
  if (csro_planes_blocks(planes) == 1 && strength(sums[0]) < data_show)
    status = csro_fail(context, CSRO_ERROR_DATA,
                       "no lattice planes %g nm apart along z are seen in the ions: the order "
                       "along this pole cannot be told",
                       planes->spacing);
  if (status == CSRO_OK)
    status = set_phases(context, sums, planes);
  if (status == CSRO_OK)
    measure_sharpness(sums, planes);
  else
    csro_planes_release(planes);
  return status;
}

csro_status csro_planes_fit(csro_context *context, const csro_points *points, const uint16_t *label,
                            double spacing, csro_planes *planes) {
  double bounds[6];
  csro_status status = csro_points_bounds(context, points, bounds);
  *planes = (csro_planes){0};
  if (status == CSRO_OK)
    status = csro_planes_begin(context, bounds, spacing, planes);
  if (status != CSRO_OK)
    return status;
  int64_t(*sums)[3] = csro_allocate(context, csro_planes_blocks(planes), sizeof *sums);
  if (!sums) {
    csro_planes_release(planes);
    return CSRO_ERROR_MEMORY;
  }
  do
    csro_planes_sum(context, planes, points, label, sums);
  while (csro_planes_coarsen(planes, sums));
  status = csro_planes_end(context, sums, planes);
  free(sums);
  return status;
}

void csro_planes_release(csro_planes *planes) {
  if (!planes)
    return;
  free(planes->phase);
  *planes = (csro_planes){0};
}

/* Linear between the centres of the blocks, constant beyond the outermost. */
static double phase_at(const csro_planes *planes, const double r[3]) {
  int64_t low[3], high[3];
  double share[3];
  for (int a = 0; a < 3; a++) {
    double last = (double)(planes->n[a] - 1);
    double at = fmin(fmax((r[a] - planes->origin[a]) / planes->size - 0.5, 0), last);
    low[a] = (int64_t)at;
    high[a] = low[a] + (low[a] + 1 < planes->n[a]);
    share[a] = at - (double)low[a];
  }
  double sum = 0;
  for (int corner = 0; corner < 8; corner++) {
    int64_t c[3];
    double weight = 1;
    for (int a = 0; a < 3; a++) {
      bool up = corner >> a & 1;
      c[a] = up ? high[a] : low[a];
      weight *= up ? share[a] : 1 - share[a];
    }
    sum += weight * planes->phase[(c[2] * planes->n[1] + c[1]) * planes->n[0] + c[0]];
  }
  return sum;
}

csro_plane_mix csro_planes_mix(double height, double spacing, double sigma_z) {
  double sigma = fmax(sigma_z / spacing, 0.05), nearest = round(height), all = 0, difference = 0;
  int reach = (int)ceil(4 * sigma) + 1;
  for (int k = -reach; k <= reach; k++) {
    double distance = (height - nearest - k) / sigma;
    double weight = exp(-distance * distance / 2);
    all += weight;
    difference += k & 1 ? -weight : weight;
  }
  double even = fmod(nearest, 2) == 0 ? difference / all : -difference / all;
  return (csro_plane_mix){.ions = all / (sqrt(2 * pi) * sigma), .even = even};
}

csro_status csro_planes_parity(csro_context *context, const csro_planes *planes, double sigma_z,
                               const csro_points *points, float *even) {
  csro_status status = csro_check_number(context, "the blur of the planes in nm", sigma_z,
                                         CSRO_SHORTEST, CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    double height = r[2] / planes->spacing - phase_at(planes, r) / pi;
    even[i] = (float)csro_planes_mix(height, planes->spacing, sigma_z).even;
  }
  return CSRO_OK;
}

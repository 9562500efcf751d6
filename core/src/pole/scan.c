#include "pole/scan.h"

#include "base/clones.h"
#include "csro/voxels.h"
#include "pole/dft.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
static const double lateral_step = 0.125, lateral_first = -1.5; /* 1/nm */
static const double largest_edge = 5.5, bin_width = 0.04;
static const double apart = 0.5; /* 1/nm: peaks closer than this are one */
enum { LARGEST_BLOCKS = 1 << 24, FEWEST_IONS = 50 };
enum { COLUMNS = CSRO_SCAN_COLUMNS * CSRO_SCAN_COLUMNS };
enum { LATERAL = CSRO_SCAN_LATERAL, LATERALS = LATERAL * LATERAL };

/* Axes with the direction as the third; the identity for z. */
static void make_frame(const double direction[3], double frame[3][3]) {
  double length =
      sqrt(direction[0] * direction[0] + direction[1] * direction[1] + direction[2] * direction[2]);
  double w[3], u[3];
  for (int a = 0; a < 3; a++)
    w[a] = direction[a] / length;
  int across = fabs(w[0]) > 0.9; /* an axis that is not along it */
  for (int a = 0; a < 3; a++)
    u[a] = (a == across) - w[across] * w[a];
  length = sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]);
  for (int a = 0; a < 3; a++) {
    frame[0][a] = u[a] / length;
    frame[2][a] = w[a];
  }
  for (int a = 0; a < 3; a++)
    frame[1][a] = w[(a + 1) % 3] * frame[0][(a + 2) % 3] - w[(a + 2) % 3] * frame[0][(a + 1) % 3];
}

csro_status csro_pole_scan_init(csro_context *context, const double bounds[6],
                                const double direction[3], double height,
                                const csro_pole_options *options, csro_pole_scan *scan) {
  *scan = (csro_pole_scan){.tilt = options->tilt,
                           .spacing = {options->spacing[0], options->spacing[1]}};
  make_frame(direction, scan->frame);
  double blocks = 1;
  for (int a = 0; a < 3; a++) {
    double middle = 0, half = 0;
    for (int b = 0; b < 3; b++) {
      middle += scan->frame[a][b] * (bounds[2 * b] + bounds[2 * b + 1]) / 2;
      half += fabs(scan->frame[a][b]) * (bounds[2 * b + 1] - bounds[2 * b]) / 2;
    }
    double extent = fmax(2 * half, 1e-3) * (1 + 1e-9);
    double cuts = a < 2 ? ceil(extent / largest_edge) : fmax(1, round(extent / height));
    blocks *= cuts;
    if (!(blocks <= LARGEST_BLOCKS))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "the ions span %g x %g x %g nm, too much to look for lattice planes: are "
                       "there stray ions?",
                       bounds[1] - bounds[0], bounds[3] - bounds[2], bounds[5] - bounds[4]);
    scan->n[a] = (int64_t)cuts;
    scan->size[a] = extent / cuts;
    scan->origin[a] = middle - extent / 2;
  }
  scan->bins = (int)ceil(scan->size[2] / bin_width);
  scan->step = 0.5 / fmax(scan->size[2], 1);
  scan->first = cos(options->tilt * pi / 180) / options->spacing[1];
  scan->heights = (int)ceil((1 / options->spacing[0] - scan->first) / scan->step) + 1;
  return CSRO_OK;
}

void csro_pole_scan_release(csro_pole_scan *scan) {
  if (!scan)
    return;
  free(scan->slot);
  *scan = (csro_pole_scan){0};
}

/* The block of an ion, and where it is in there (0 .. 1 along each axis). */
static int64_t place(const csro_pole_scan *scan, const csro_points *points, int64_t i,
                     double within[3]) {
  double r[3];
  int64_t block = 0;
  csro_points_get(points, i, r);
  for (int a = 2; a >= 0; a--) {
    double at = (r[0] * scan->frame[a][0] + r[1] * scan->frame[a][1] + r[2] * scan->frame[a][2] -
                 scan->origin[a]) /
                scan->size[a];
    double cell = fmin(fmax(floor(at), 0), (double)(scan->n[a] - 1));
    within[a] = fmin(fmax(at - cell, 0), 1);
    block = block * scan->n[a] + (int64_t)cell;
  }
  return block;
}

void csro_pole_scan_count(const csro_context *context, const csro_pole_scan *scan,
                          const csro_points *points, const uint16_t *label, int32_t *counts) {
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double within[3];
    if (label && label[i] == 0)
      continue;
    int64_t block = place(scan, points, i, within);
#pragma omp atomic
    counts[block]++;
  }
}

static int compare_counts(const void *a, const void *b) {
  int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

/* Blocks at the surface hold few ions and would only add noise: those with at least a quarter of
 * the ions of a full one, evenly spread. */
csro_status csro_pole_scan_choose(csro_context *context, csro_pole_scan *scan,
                                  const int32_t *counts) {
  int64_t blocks = csro_pole_scan_blocks(scan), rich = 0, next = 0;
  scan->slot = csro_allocate(context, blocks, sizeof *scan->slot);
  int32_t *sorted = csro_allocate(context, blocks, sizeof *sorted);
  if (!scan->slot || !sorted) {
    free(sorted);
    return CSRO_ERROR_MEMORY;
  }
  memcpy(sorted, counts, (size_t)blocks * sizeof *sorted);
  qsort(sorted, (size_t)blocks, sizeof *sorted, compare_counts);
  int64_t empty = 0;
  while (empty < blocks && sorted[empty] == 0)
    empty++;
  int32_t full = empty < blocks ? sorted[empty + (blocks - empty) * 9 / 10] : 0;
  int32_t least = full / 4 > FEWEST_IONS ? full / 4 : FEWEST_IONS;
  free(sorted);
  for (int64_t b = 0; b < blocks; b++)
    rich += counts[b] >= least;
  int64_t most =
      (int64_t)(CSRO_SCAN_HEIGHT * CSRO_SCAN_BLOCKS / fmax(scan->size[2], CSRO_SCAN_HEIGHT));
  scan->chosen = rich < most ? rich : most;
  int64_t taken = 0;
  for (int64_t b = 0; b < blocks; b++) {
    scan->slot[b] = -1;
    if (counts[b] < least)
      continue;
    if (next++ * scan->chosen / rich == taken)
      scan->slot[b] = (int32_t)taken++;
  }
  scan->chosen = taken;
  return CSRO_OK;
}

void csro_pole_scan_fill(const csro_context *context, const csro_pole_scan *scan,
                         const csro_points *points, const uint16_t *label, int32_t *bins) {
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double within[3];
    if (label && label[i] == 0)
      continue;
    int64_t slot = scan->slot[place(scan, points, i, within)];
    if (slot < 0)
      continue;
    int column[2];
    for (int a = 0; a < 2; a++)
      column[a] = (int)fmin(within[a] * CSRO_SCAN_COLUMNS, CSRO_SCAN_COLUMNS - 1);
    int64_t bin = (int64_t)fmin(within[2] * scan->bins, scan->bins - 1);
    int64_t at = (slot * COLUMNS + column[1] * CSRO_SCAN_COLUMNS + column[0]) * scan->bins + bin;
#pragma omp atomic
    bins[at]++;
  }
}

/* The tables of a scan, and what one thread works with. */
typedef struct spectrum {
  const csro_pole_scan *scan;
  float *cosine, *sine;     /* [bins][heights] along the third axis */
  float *mean_re, *mean_im; /* [heights] their means over the bins */
  csro_dft lateral[2];
  float *memory;
} spectrum;

static csro_status spectrum_init(csro_context *context, const csro_pole_scan *scan, spectrum *s) {
  int64_t heights = scan->heights, table = scan->bins * heights;
  const int64_t lateral = LATERAL * CSRO_SCAN_COLUMNS;
  s->memory = csro_allocate(context, 2 * table + 2 * heights + 4 * lateral, sizeof(float));
  s->scan = scan;
  if (!s->memory)
    return CSRO_ERROR_MEMORY;
  float *next = s->memory;
  s->cosine = next, next += table;
  s->sine = next, next += table;
  s->mean_re = next, next += heights;
  s->mean_im = next, next += heights;
  for (int a = 0; a < 2; a++) {
    s->lateral[a] = (csro_dft){CSRO_SCAN_COLUMNS, LATERAL, next, next + lateral};
    const csro_dft_axis axis = {lateral_first, lateral_step, 0, scan->size[a] / CSRO_SCAN_COLUMNS};
    csro_dft_fill(&axis, &s->lateral[a]);
    next += 2 * lateral;
  }
  for (int64_t h = 0; h < heights; h++) {
    double k = scan->first + scan->step * (double)h, re = 0, im = 0;
    for (int64_t b = 0; b < scan->bins; b++) {
      double angle = 2 * pi * k * scan->size[2] * ((double)b + 0.5) / scan->bins;
      s->cosine[b * heights + h] = (float)cos(angle);
      s->sine[b * heights + h] = (float)-sin(angle);
      re += cos(angle);
      im -= sin(angle);
    }
    s->mean_re[h] = (float)(re / scan->bins);
    s->mean_im[h] = (float)(im / scan->bins);
  }
  return CSRO_OK;
}

/* Spectra of the columns of a block along the third axis, without their means: the ends of a block
 * are no planes. re[COLUMNS][heights]; returns the ions. */
CSRO_CLONES static double transform_columns(const spectrum *s, const int32_t *bins, float *re,
                                            float *im) {
  const int heights = s->scan->heights;
  double ions = 0;
  for (int c = 0; c < COLUMNS; c++, bins += s->scan->bins, re += heights, im += heights) {
    float in_column = 0;
    for (int b = 0; b < s->scan->bins; b++)
      in_column += (float)bins[b];
    ions += (double)in_column;
    for (int h = 0; h < heights; h++) {
      re[h] = -in_column * s->mean_re[h];
      im[h] = -in_column * s->mean_im[h];
    }
    for (int b = 0; b < s->scan->bins; b++) {
      if (bins[b] == 0)
        continue;
      const float n = (float)bins[b];
      const float *cosine = s->cosine + (int64_t)b * heights;
      const float *sine = s->sine + (int64_t)b * heights;
      for (int h = 0; h < heights; h++) {
        re[h] += n * cosine[h];
        im[h] += n * sine[h];
      }
    }
  }
  return ions;
}

static int64_t workspace(const csro_pole_scan *scan) {
  return 2 * scan->heights * (int64_t)(COLUMNS + LATERAL * CSRO_SCAN_COLUMNS + LATERAL);
}

/* |sum exp(-2 pi i k r)|^2 / ions of a block: power[LATERAL y][LATERAL x][heights]. */
static void block_power(const spectrum *s, const int32_t *bins, float *room, float *power) {
  const int64_t heights = s->scan->heights;
  const int64_t columns = COLUMNS * heights, rows = LATERAL * CSRO_SCAN_COLUMNS * heights;
  float *re = room, *im = re + columns, *y_re = im + columns, *y_im = y_re + rows;
  float *x_re = y_im + rows, *x_im = x_re + LATERAL * heights;
  float inverse = (float)(1 / fmax(transform_columns(s, bins, re, im), 1));
  csro_dft_apply(&s->lateral[1], CSRO_SCAN_COLUMNS * heights, re, im, y_re, y_im);
  for (int y = 0; y < LATERAL; y++, power += LATERAL * heights) {
    int64_t row = y * CSRO_SCAN_COLUMNS * heights;
    csro_dft_apply(&s->lateral[0], heights, y_re + row, y_im + row, x_re, x_im);
    for (int64_t i = 0; i < LATERAL * heights; i++)
      power[i] = (x_re[i] * x_re[i] + x_im[i] * x_im[i]) * inverse;
  }
}

/* What the blocks have together, by wave number. */
typedef struct spectra {
  int64_t size;
  float *sum, *largest;
} spectra;

static void merge(const csro_context *context, const float *power, int64_t blocks, spectra *all) {
#pragma omp parallel for num_threads(context->threads)
  for (int64_t k = 0; k < all->size; k++)
    for (int64_t b = 0; b < blocks; b++) {
      all->sum[k] += power[b * all->size + k];
      all->largest[k] = fmaxf(all->largest[k], power[b * all->size + k]);
    }
}

/* In batches, so that the sums have one order. */
static csro_status add_spectra(csro_context *context, const spectrum *s, const int32_t *bins,
                               spectra *all) {
  enum { BATCH = 16 };
  int threads = context->threads < BATCH ? context->threads : BATCH;
  int64_t room = workspace(s->scan), chosen = s->scan->chosen;
  float *rooms = csro_allocate(context, room * threads, sizeof(float));
  float *power = csro_allocate(context, all->size * BATCH, sizeof(float));
  for (int64_t first = 0; rooms && power && first < chosen; first += BATCH) {
    int64_t blocks = chosen - first < BATCH ? chosen - first : BATCH;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int64_t b = 0; b < blocks; b++)
      block_power(s, bins + (first + b) * COLUMNS * s->scan->bins,
                  rooms + room * omp_get_thread_num(), power + b * all->size);
    merge(context, power, blocks, all);
  }
  csro_status status = rooms && power ? CSRO_OK : CSRO_ERROR_MEMORY;
  free(rooms);
  free(power);
  return status;
}

/* The wave vector of a place in the spectra, in the frame of the scan; false outside of the cone
 * and the spacings. */
static bool wave_at(const csro_pole_scan *scan, int64_t at, double k[3]) {
  int64_t column = at / scan->heights, row = column / LATERAL;
  k[0] = lateral_first + lateral_step * (double)(column % LATERAL);
  k[1] = lateral_first + lateral_step * (double)row;
  k[2] = scan->first + scan->step * (double)(at % scan->heights);
  double across = hypot(k[0], k[1]), length = hypot(across, k[2]);
  return across <= k[2] * tan(scan->tilt * pi / 180) + lateral_step / 2 &&
         length * scan->spacing[1] >= 1 && length * scan->spacing[0] <= 1;
}

static int compare_floats(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* Mean power of a wave number without planes, from the median of all: few show planes. */
static csro_status find_noise(csro_context *context, const csro_pole_scan *scan, const spectra *all,
                              double *noise) {
  float *sorted = csro_allocate(context, all->size, sizeof *sorted);
  if (!sorted)
    return CSRO_ERROR_MEMORY;
  memcpy(sorted, all->sum, (size_t)all->size * sizeof *sorted);
  qsort(sorted, (size_t)all->size, sizeof *sorted, compare_floats);
  double blocks = (double)scan->chosen; /* median of the gamma distribution: near n - 1/3 */
  *noise = (double)sorted[all->size / 2] / (blocks - 0.307);
  free(sorted);
  return CSRO_OK;
}

/* ln of the chance of a sum of n exponential variables of mean 1 at or above this: saddle point. */
static double log_tail(double sum, double n) {
  double excess = sum / n - 1;
  if (excess <= 0)
    return 0;
  return n * (log(1 + excess) - excess) - log(fmax(sqrt(2 * pi * n) * excess, 1));
}

/* ln of the chance at a wave number, of one among `trials`: all that are looked at, a bound. */
static double log_chance(const csro_pole_scan *scan, const spectra *all, int64_t at, double noise,
                         double trials) {
  double blocks = (double)scan->chosen;
  double together = log_tail((double)all->sum[at] / noise, blocks);
  double alone = log(blocks) - (double)all->largest[at] / noise;
  return log(2 * trials) + fmin(together, alone);
}

bool csro_pole_is_same(const double a[3], const double b[3]) {
  double off = 0;
  for (int i = 0; i < 3; i++)
    off += (a[i] - b[i]) * (a[i] - b[i]);
  return off < apart * apart;
}

void csro_pole_list(const csro_pole_direction *peak, int most, csro_pole_direction *peaks,
                    int *count) {
  int kept = 0;
  for (int p = 0; p < *count; p++) {
    bool same = csro_pole_is_same(peaks[p].wave, peak->wave);
    if (same && peaks[p].log_chance <= peak->log_chance)
      return;
    if (!same)
      peaks[kept++] = peaks[p];
  }
  int at = kept;
  while (at > 0 && peaks[at - 1].log_chance > peak->log_chance)
    at--;
  *count = kept;
  if (at == most)
    return;
  kept -= kept == most;
  memmove(peaks + at + 1, peaks + at, (size_t)(kept - at) * sizeof *peaks);
  peaks[at] = *peak;
  *count = kept + 1;
}

/* From the frame of the scan to that of the ions. */
static void turn_back(const csro_pole_scan *scan, double wave[3]) {
  const double own[3] = {wave[0], wave[1], wave[2]};
  for (int a = 0; a < 3; a++)
    wave[a] = own[0] * scan->frame[0][a] + own[1] * scan->frame[1][a] + own[2] * scan->frame[2][a];
}

static void find_peaks(const csro_pole_scan *scan, const spectra *all, double noise, double ions,
                       double least, int most, csro_pole_direction *peaks, int *count) {
  csro_pole_direction peak, best = {.log_chance = INFINITY};
  double trials = 0;
  for (int64_t at = 0; at < all->size; at++)
    trials += wave_at(scan, at, peak.wave);
  for (int64_t at = 0; at < all->size; at++) {
    if (!wave_at(scan, at, peak.wave))
      continue;
    double excess = (double)all->sum[at] / noise - (double)scan->chosen;
    peak.log_chance = log_chance(scan, all, at, noise, fmax(trials, 1));
    peak.coherence = sqrt(fmin(fmax(excess / ions, 0), 1));
    if (peak.log_chance <= least)
      csro_pole_list(&peak, most, peaks, count);
    if (peak.log_chance < best.log_chance)
      best = peak;
  }
  if (*count == 0 && best.log_chance < INFINITY)
    csro_pole_list(&best, most, peaks, count);
  for (int p = 0; p < *count; p++) {
    turn_back(scan, peaks[p].wave);
    memcpy(peaks[p].seen, scan->frame[2], sizeof peaks[p].seen);
  }
}

static double count_bins(const csro_pole_scan *scan, const int32_t *bins) {
  int64_t ions = 0;
  for (int64_t b = 0; b < csro_pole_scan_bins(scan); b++)
    ions += bins[b];
  return fmax((double)ions, 1);
}

csro_status csro_pole_scan_peaks(csro_context *context, const csro_pole_scan *scan,
                                 const int32_t *bins, double least, int most,
                                 csro_pole_direction *peaks, int *count, double *noise) {
  *count = 0;
  *noise = 1;
  if (scan->chosen == 0)
    return CSRO_OK;
  spectrum s = {0};
  spectra all = {.size = LATERALS * (int64_t)scan->heights};
  all.sum = csro_allocate(context, 2 * all.size, sizeof *all.sum);
  csro_status status = all.sum ? spectrum_init(context, scan, &s) : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK) {
    all.largest = all.sum + all.size;
    memset(all.sum, 0, (size_t)(2 * all.size) * sizeof *all.sum);
    status = add_spectra(context, &s, bins, &all);
  }
  if (status == CSRO_OK)
    status = find_noise(context, scan, &all, noise);
  if (status == CSRO_OK)
    find_peaks(scan, &all, *noise, count_bins(scan, bins), least, most, peaks, count);
  free(s.memory);
  free(all.sum);
  return status;
}

/* What a peak leaves at another place of a scan, of its power: 1 / (pi L k)^2 along each axis at
 * most, and every column width along x and y again. */
static double leak(const csro_pole_scan *scan, const double from[3], const double to[3]) {
  double left = 1;
  for (int a = 0; a < 3; a++) {
    double off = 0, rate = a < 2 ? CSRO_SCAN_COLUMNS / scan->size[a] : INFINITY;
    for (int b = 0; b < 3; b++)
      off += scan->frame[a][b] * (to[b] - from[b]);
    if (a < 2)
      off -= rate * round(off / rate);
    double phase = pi * off * fmin(scan->size[a], 6); /* blocks are not all full */
    left /= fmax(1, phase * phase);
  }
  return left;
}

csro_status csro_pole_prune(csro_context *context, const double bounds[6],
                            const csro_pole_options *options, csro_pole_direction *peaks,
                            int *count) {
  const double margin = 4;
  int kept = 0;
  for (int p = 0; p < *count; p++) {
    csro_pole_scan scan;
    double leaks = 0, power = peaks[p].coherence * peaks[p].coherence;
    csro_status status =
        csro_pole_scan_init(context, bounds, peaks[p].seen, CSRO_SCAN_HEIGHT, options, &scan);
    if (status != CSRO_OK)
      return status;
    for (int q = 0; q < kept; q++) {
      const double *k = peaks[q].wave, mirrored[3] = {-k[0], -k[1], -k[2]};
      double both = leak(&scan, k, peaks[p].wave) + leak(&scan, mirrored, peaks[p].wave);
      leaks += both * peaks[q].coherence * peaks[q].coherence;
    }
    csro_pole_scan_release(&scan);
    if (power > margin * leaks)
      peaks[kept++] = peaks[p];
  }
  *count = kept;
  return CSRO_OK;
}

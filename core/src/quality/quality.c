#include "quality/quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
static const double cell_edge = 2;                         /* nm */
static const double near_pair = 0.8, far_pair[2] = {2, 4}; /* nm, across z */
enum { LARGEST_CELLS = 1 << 22 };

static csro_status lay_cells(csro_context *context, csro_quality *q) {
  double cells = 1;
  for (int a = 0; a < 3; a++) {
    double extent = fmax(q->bounds[2 * a + 1] - q->bounds[2 * a], 1e-3) * (1 + 1e-9);
    double n = fmax(1, round(extent / cell_edge));
    cells *= n;
    if (!(cells <= LARGEST_CELLS))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "the ions span %g x %g x %g nm, too much to judge: are there stray ions?",
                       q->bounds[1] - q->bounds[0], q->bounds[3] - q->bounds[2],
                       q->bounds[5] - q->bounds[4]);
    q->n[a] = (int64_t)n;
    q->edge[a] = extent / n;
    q->origin[a] = (q->bounds[2 * a] + q->bounds[2 * a + 1]) / 2 - extent / 2;
  }
  q->cells = (int64_t)cells;
  return CSRO_OK;
}

csro_status csro_quality_create(csro_context *context, const double bounds[6],
                                const csro_pole_map *map, int labels, csro_quality **quality) {
  *quality = NULL;
  if (!(bounds[0] <= bounds[1]))
    return csro_fail(context, CSRO_ERROR_DATA, "there are no ions to judge");
  csro_quality *q = csro_allocate(context, 1, sizeof *q);
  if (!q)
    return CSRO_ERROR_MEMORY;
  *q = (csro_quality){.map = map, .labels = labels < 2 ? 2 : labels};
  memcpy(q->bounds, bounds, sizeof q->bounds);
  csro_status status = lay_cells(context, q);
  if (status == CSRO_OK) {
    q->blocks = map->blocks ? map->n[0] * map->n[1] * map->n[2] : 0;
    int64_t cells = q->cells * q->labels, waves = 3 * q->blocks * q->labels;
    q->size = cells + waves + 4 * q->labels + 3;
    q->sums = csro_allocate(context, q->size, sizeof *q->sums);
    if (q->sums) {
      memset(q->sums, 0, (size_t)q->size * sizeof *q->sums);
      q->waves = q->sums + cells;
      q->pairs = q->waves + waves;
      q->hits = q->pairs + 4 * q->labels;
      *quality = q;
      return CSRO_OK;
    }
    status = CSRO_ERROR_MEMORY;
  }
  csro_quality_destroy(&q);
  return status;
}

void csro_quality_destroy(csro_quality **quality) {
  if (!quality || !*quality)
    return;
  free((*quality)->sums);
  free(*quality);
  *quality = NULL;
}

int64_t csro_quality_sums(csro_quality *quality, int64_t **sums) {
  *sums = quality->sums;
  return quality->size;
}

static int64_t place(const double r[3], const double origin[3], const double edge[3],
                     const int64_t n[3]) {
  int64_t at = 0;
  for (int a = 2; a >= 0; a--) {
    double cell = floor((r[a] - origin[a]) / edge[a]);
    at = at * n[a] + (int64_t)fmin(fmax(cell, 0), (double)(n[a] - 1));
  }
  return at;
}

/* The wave of an ion, in the block of the map that it lies in. */
static void add_wave(csro_quality *q, const double r[3], int label) {
  const csro_pole_block *first = q->map->blocks;
  double edge[3], origin[3], phase = 0;
  for (int a = 0; a < 3; a++) {
    origin[a] = first->box[2 * a];
    edge[a] = first->box[2 * a + 1] - first->box[2 * a];
  }
  int64_t block = place(r, origin, edge, q->map->n);
  if (first[block].orientation != 0)
    return;
  for (int a = 0; a < 3; a++)
    phase += r[a] * first[block].wave[a];
  int64_t *sum = q->waves + 3 * (block * q->labels + label);
  int64_t re = llrint(cos(2 * pi * phase) / CSRO_WAVE_UNIT);
  int64_t im = llrint(sin(2 * pi * phase) / CSRO_WAVE_UNIT);
#pragma omp atomic
  sum[0] += re;
#pragma omp atomic
  sum[1] += im;
#pragma omp atomic
  sum[2]++;
}

static void add_pairs(csro_quality *q, const csro_points *points, const uint16_t *label, int64_t i,
                      const double r[3], int own) {
  for (int64_t j = i - CSRO_QUALITY_REACH < 0 ? 0 : i - CSRO_QUALITY_REACH; j < i; j++) {
    double p[3];
    int other = label ? label[j] : 1;
    csro_points_get(points, j, p);
    double distance = hypot(p[0] - r[0], p[1] - r[1]);
    bool is_near = distance < near_pair, is_far = distance >= far_pair[0] && distance < far_pair[1];
    if (other == 0 || (!is_near && !is_far))
      continue;
    int64_t *pairs = q->pairs + 4 * own + (is_near ? 0 : 2);
    if (own == other) {
#pragma omp atomic
      pairs[0]++;
    }
#pragma omp atomic
    pairs[1]++;
  }
}

csro_status csro_quality_add(csro_context *context, csro_quality *quality,
                             const csro_points *points, const uint16_t *label, int64_t before) {
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = before; i < points->count; i++) {
    double r[3];
    int own = label ? label[i] : 1;
    if (own >= quality->labels)
      continue;
    csro_points_get(points, i, r);
    int64_t cell = place(r, quality->origin, quality->edge, quality->n);
#pragma omp atomic
    quality->sums[cell * quality->labels + own]++;
    if (own == 0)
      continue;
    if (quality->blocks > 0)
      add_wave(quality, r, own);
    add_pairs(quality, points, label, i, r, own);
  }
  return CSRO_OK;
}

void csro_quality_add_hits(csro_quality *quality, const double *ions_per_pulse, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    bool is_alone = ions_per_pulse[i] == 1;
    quality->hits[is_alone ? 0 : 1]++;
    quality->hits[2] += ions_per_pulse[i] > 1;
  }
}

static int64_t ions_of(const csro_quality *q, int64_t cell) {
  int64_t ions = 0;
  for (int l = 0; l < q->labels; l++)
    ions += q->sums[cell * q->labels + l];
  return ions;
}

static int compare(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* The cells around hold a seventh of what cells hold as a rule, or more. */
static bool is_inside(const csro_quality *q, const int64_t *ions, int64_t cell, int64_t least) {
  const int64_t at[3] = {cell % q->n[0], cell / q->n[0] % q->n[1], cell / q->n[0] / q->n[1]};
  for (int64_t z = at[2] - 1; z <= at[2] + 1; z++)
    for (int64_t y = at[1] - 1; y <= at[1] + 1; y++)
      for (int64_t x = at[0] - 1; x <= at[0] + 1; x++) {
        bool in = x >= 0 && y >= 0 && z >= 0 && x < q->n[0] && y < q->n[1] && z < q->n[2];
        if (!in || ions[(z * q->n[1] + y) * q->n[0] + x] < least)
          return false;
      }
  return true;
}

csro_status csro_quality_inside(csro_context *context, const csro_quality *quality, bool *inside) {
  int64_t *ions = csro_allocate(context, 2 * quality->cells, sizeof *ions), filled = 0;
  if (!ions)
    return CSRO_ERROR_MEMORY;
  int64_t *sorted = ions + quality->cells;
  for (int64_t c = 0; c < quality->cells; c++) {
    ions[c] = ions_of(quality, c);
    if (ions[c] > 0)
      sorted[filled++] = ions[c];
  }
  qsort(sorted, (size_t)filled, sizeof *sorted, compare);
  int64_t usual = filled > 0 ? sorted[filled * 3 / 4] : 1;
  for (int64_t c = 0; c < quality->cells; c++)
    inside[c] = is_inside(quality, ions, c, usual / 7 > 0 ? usual / 7 : 1);
  free(ions);
  return CSRO_OK;
}

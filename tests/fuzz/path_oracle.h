/* The path from masses to domains by brute force, as the headers of the core define it. */
#ifndef PATH_ORACLE_H
#define PATH_ORACLE_H

#include "csro/domains.h"
#include "csro/ranges.h"
#include "csro/score.h"
#include "csro/zsdm.h"

#include <math.h>
#include <string.h>

static inline uint16_t oracle_label(const csro_ranges *ranges, double mass) {
  for (int i = 0; i < ranges->count; i++)
    if (ranges->range[i].lo <= mass && mass <= ranges->range[i].hi)
      return (uint16_t)(1 + ranges->range[i].species);
  return 0;
}

static inline double oracle_distance2(const double a[3], const double b[3]) {
  double dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
  return dx * dx + dy * dy + dz * dz;
}

/* Voxel `voxel` of the block. */
static inline void oracle_center(const csro_grid *grid, const csro_block *block, int64_t voxel,
                                 double center[3]) {
  for (int axis = 0; axis < 3; axis++) {
    int64_t length = block->hi[axis] - block->lo[axis];
    center[axis] = grid->origin[axis] + (double)(block->lo[axis] + voxel % length) * grid->stride +
                   grid->edge / 2;
    voxel /= length;
  }
}

/* Adds the pair j - i to the histogram. */
static inline void oracle_pair(const csro_bins *bins, const double i[3], const double j[3],
                               int64_t *counts) {
  double dz = j[2] - i[2];
  if (oracle_distance2(j, i) > bins->half_range * bins->half_range || j[0] == i[0] || dz == 0)
    return;
  int bin = (int)((dz + bins->half_range) * (bins->total / (2 * bins->half_range))) - bins->first;
  if (bin >= 0 && bin < bins->kept)
    counts[bin]++;
}

/* The z-SDM of a ball, of a whole region for a radius of INFINITY. */
static inline void oracle_curve(const double center[3], double radius, int64_t ions,
                                const double (*r)[3], const uint16_t *label, const uint16_t pair[2],
                                const csro_bins *bins, csro_partners partners, int64_t *counts) {
  memset(counts, 0, (size_t)bins->kept * sizeof *counts);
  for (int64_t i = 0; i < ions; i++) {
    if (label[i] != pair[0] || oracle_distance2(r[i], center) > radius * radius)
      continue;
    for (int64_t j = 0; j < ions; j++)
      if (j != i && label[j] == pair[1] &&
          (partners == CSRO_PARTNERS_IN_DATA || oracle_distance2(r[j], center) <= radius * radius))
        oracle_pair(bins, r[i], r[j], counts);
  }
}

static inline double oracle_score(const csro_grid *grid, const double *probability,
                                  const int64_t pixel[3], csro_score_rule rule) {
  double sum = 0;
  int terms = 0;
  for (int64_t k = pixel[2] - grid->ratio + 1; k <= pixel[2]; k++)
    for (int64_t j = pixel[1] - grid->ratio + 1; j <= pixel[1]; j++)
      for (int64_t i = pixel[0] - grid->ratio + 1; i <= pixel[0]; i++) {
        if (i < 0 || j < 0 || k < 0 || i >= grid->n[0] || j >= grid->n[1] || k >= grid->n[2])
          continue;
        sum += probability[(k * grid->n[1] + j) * grid->n[0] + i];
        terms++;
      }
  return rule == CSRO_SCORE_SUM ? sum : sum * (8.0 / terms);
}

/* Whether any selected pixel holds the ion. */
static inline bool oracle_kept(const csro_grid *grid, const uint8_t *selected, csro_extraction rule,
                               const double r[3]) {
  const double radius = grid->stride / 2 * 1.414;
  int64_t at = 0;
  for (int64_t k = 0; k < grid->pixels[2]; k++)
    for (int64_t j = 0; j < grid->pixels[1]; j++)
      for (int64_t i = 0; i < grid->pixels[0]; i++) {
        const int64_t pixel[3] = {i, j, k};
        double center[3];
        bool inside = true;
        for (int a = 0; a < 3; a++) {
          center[a] = grid->origin[a] + grid->stride * (double)pixel[a] + grid->stride / 2;
          inside &= floor((r[a] - grid->origin[a]) / grid->stride) == (double)pixel[a];
        }
        if (rule == CSRO_EXTRACT_BALL)
          inside = oracle_distance2(r, center) <= radius * radius;
        if (selected[at++] && inside)
          return true;
      }
  return false;
}

static inline bool oracle_is_core(int64_t ions, const double (*r)[3], double eps, int min_samples,
                                  int64_t i) {
  int neighbours = 0;
  for (int64_t j = 0; j < ions; j++)
    neighbours += oracle_distance2(r[j], r[i]) <= eps * eps;
  return neighbours >= min_samples;
}

/* DBSCAN as connected components of core ions. Returns the number of domains. */
static inline int64_t oracle_dbscan(int64_t ions, const double (*r)[3], double eps, int min_samples,
                                    bool *core, int64_t *label) {
  int64_t domains = 0;
  for (int64_t i = 0; i < ions; i++) {
    core[i] = oracle_is_core(ions, r, eps, min_samples, i);
    label[i] = core[i] ? i : -1;
  }
  for (bool changed = true; changed;) { /* the smallest core ion of each component */
    changed = false;
    for (int64_t i = 0; i < ions; i++)
      for (int64_t j = 0; j < ions; j++)
        if (core[i] && core[j] && label[j] < label[i] &&
            oracle_distance2(r[j], r[i]) <= eps * eps) {
          label[i] = label[j];
          changed = true;
        }
  }
  for (int64_t i = 0; i < ions; i++)
    if (core[i])
      label[i] = label[i] == i ? domains++ : label[label[i]];
  for (int64_t i = 0; i < ions; i++)
    for (int64_t j = 0; j < ions && !core[i]; j++)
      if (core[j] && oracle_distance2(r[j], r[i]) <= eps * eps &&
          (label[i] < 0 || label[j] < label[i]))
        label[i] = label[j];
  return domains;
}

#endif

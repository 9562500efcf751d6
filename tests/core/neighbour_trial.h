/* Random labelled ions, and their neighbours by brute force. */
#ifndef CSRO_TEST_NEIGHBOUR_TRIAL_H
#define CSRO_TEST_NEIGHBOUR_TRIAL_H

#include "check.h"
#include "csro/neighbour_counts.h"
#include "random_points.h"

typedef struct trial {
  int64_t count;
  int groups, members, parts;
  double (*xyz)[3];
  double *height;
  uint8_t *group, *part;
  int64_t *number;
} trial;

/* In a cube of 3 nm; some pairs at the same place, some at equal distances. */
static inline trial make_trial(int64_t count, int members) {
  trial t = {.count = count, .groups = 3, .members = members, .parts = 9};
  uint64_t state = 5;
  t.xyz = calloc((size_t)count, sizeof *t.xyz);
  t.height = calloc((size_t)count, sizeof *t.height);
  t.group = calloc((size_t)(count * members), 1);
  t.part = calloc((size_t)count, 1);
  t.number = calloc((size_t)count, sizeof *t.number);
  for (int64_t i = 0; i < count; i++) {
    for (int axis = 0; axis < 3; axis++) {
      t.xyz[i][axis] = cloud_between(&state, 0, 3);
      if (i % 3 == 0) /* on a lattice: ties */
        t.xyz[i][axis] = floor(t.xyz[i][axis] * 5) / 5;
    }
    t.height[i] = t.xyz[i][2] / 0.2 + 0.1 * t.xyz[i][0];
    for (int m = 0; m < members; m++)
      t.group[i * members + m] = (uint8_t)(3 * cloud_uniform(&state));
    t.part[i] = (uint8_t)(t.parts * cloud_uniform(&state));
    t.number[i] = (i * 7919) % count; /* a permutation: count is no multiple of 7919 */
  }
  return t;
}

static inline void free_trial(trial *t) {
  free(t->xyz);
  free(t->height);
  free(t->group);
  free(t->part);
  free(t->number);
}

static inline csro_labelled_ions labelled(const trial *t) {
  return (csro_labelled_ions){{t->xyz, true, t->count},
                              t->count,
                              t->number,
                              t->part,
                              t->parts,
                              t->groups,
                              t->members,
                              t->group};
}

static inline double distance2(const trial *t, int64_t i, int64_t j) {
  double dx = t->xyz[j][0] - t->xyz[i][0], dy = t->xyz[j][1] - t->xyz[i][1],
         dz = t->xyz[j][2] - t->xyz[i][2];
  return dx * dx + dy * dy + dz * dz;
}

/* The ions near ion i by distance, then number; returns how many. */
static inline int64_t sort_near(const trial *t, int64_t i, double reach, int64_t *near) {
  int64_t count = 0;
  for (int64_t j = 0; j < t->count; j++) {
    const double d = distance2(t, i, j);
    if (!(d > 0) || d > reach * reach)
      continue;
    int64_t at = count++;
    for (; at > 0; at--) {
      const double other = distance2(t, i, near[at - 1]);
      if (other < d || (other == d && t->number[near[at - 1]] < t->number[j]))
        break;
      near[at] = near[at - 1];
    }
    near[at] = j;
  }
  return count;
}

/* The bin of a pair; -1 for none. `rank` of j among the neighbours of i. */
static inline int bin_of(const trial *t, const csro_neighbour_bins *bins, int64_t i, int64_t j,
                         int64_t rank) {
  const double d = sqrt(distance2(t, i, j));
  const double across = hypot(t->xyz[j][0] - t->xyz[i][0], t->xyz[j][1] - t->xyz[i][1]);
  double bin = (double)rank;
  if (bins->kind == CSRO_NEIGHBOURS_SHELLS)
    bin = (d - bins->first) * (bins->count / (bins->last - bins->first));
  else if (bins->kind == CSRO_NEIGHBOURS_PLANES)
    bin = across <= bins->lateral ? fabs(t->height[j] - t->height[i]) * (bins->count / bins->last)
                                  : -1;
  return bin >= 0 && bin < bins->count ? (int)bin : -1;
}

#endif

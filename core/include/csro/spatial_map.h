/* Spatial distribution maps: where the ions of one group are from those of another, in all three
 * dimensions or fewer, of the data and all their copies at once. */
#ifndef CSRO_SPATIAL_MAP_H
#define CSRO_SPATIAL_MAP_H

#include "csro/neighbour_counts.h"

CSRO_API_BEGIN

typedef struct csro_spatial_options {
  int pairs;
  const csro_group_pair *pair; /* [pairs] vectors go from an ion of a group to one of the other */
  double limit[3];             /* nm: pairs that are this far apart along an axis are not counted */
  int half[3]; /* cells along each axis on either side of the middle one; 0: not told apart */
} csro_spatial_options;

/* Cells along an axis, and their width in nm; the middle of the middle one is 0. */
static inline int csro_spatial_cells(const csro_spatial_options *options, int axis) {
  return 2 * options->half[axis] + 1;
}
static inline double csro_spatial_width(const csro_spatial_options *options, int axis) {
  return 2 * options->limit[axis] / csro_spatial_cells(options, axis);
}

/* How far from an ion its neighbours are, at most. */
double csro_spatial_reach(const csro_spatial_options *options);

/* Counts of pairs by their vector; x fastest, then y, then z. The sums over processes, in `sums`
 * one after the other, are those of the whole. Like pairs are counted from both ends, so their map
 * is the same when it is turned round. */
typedef struct csro_spatial_map {
  int pairs, members, groups;
  int64_t cells, size, *sums;
  int64_t *ions; /* [groups] whose neighbours are counted, of the data */
  int64_t *all;  /* [cells] pairs of all ions */
  int64_t *of;   /* [pairs][members][cells] */
} csro_spatial_map;

/* Release with csro_spatial_map_release; zeroed on error. CSRO_ERROR_ARGUMENT: limits or numbers
 * out of their ranges (0 to 100 nm, 0 to 1000 cells on either side, 2^27 cells in all). */
csro_status csro_spatial_map_make(csro_context *context, const csro_labelled_ions *ions,
                                  const csro_spatial_options *options, csro_spatial_map *map);
void csro_spatial_map_release(csro_spatial_map *map);

CSRO_API_END

#endif

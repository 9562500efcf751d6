/* What an analysis has summed up, for the rows of its report. */
#ifndef CSRO_QUALITY_QUALITY_H
#define CSRO_QUALITY_QUALITY_H

#include "csro/quality.h"

/* Sums of a search: cells[cell][label], waves[block][label][3] (cosine and sine in units of
 * CSRO_WAVE_UNIT, ions), pairs[label][4] (near pairs of one species, near pairs of all that start
 * with it, the same far away), hits[3] (ions that came alone, in multiple hits, first of these). */
struct csro_quality {
  double bounds[6];
  const csro_pole_map *map;
  int labels;
  double origin[3], edge[3];
  int64_t n[3], cells, blocks, size;
  int64_t *sums, *waves, *pairs, *hits;
};

#define CSRO_WAVE_UNIT 0x1p-20

/* Interior cells: those whose neighbours hold ions, too. inside[cells] is owned by the caller. */
csro_status csro_quality_inside(csro_context *context, const csro_quality *quality, bool *inside);

#endif

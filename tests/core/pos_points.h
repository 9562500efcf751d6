/* A .pos file of the reference cases as points and masses, for tests below the readers. */
#ifndef POS_POINTS_H
#define POS_POINTS_H

#include "check.h"
#include "csro/ions.h"
#include "csro/ranges.h"

typedef struct pos_points {
  csro_ions ions;
  csro_points points;
  uint16_t *label;
  csro_ranges *ranges;
} pos_points;

static inline pos_points pos_points_read(csro_context *context, const char *ions,
                                         const char *ranges) {
  pos_points out = {0};
  CHECK_OK(context, csro_ions_read(context, ions, 0, 1, &out.ions));
  CHECK_OK(context, csro_ranges_read(context, ranges, &out.ranges));
  out.points = (csro_points){out.ions.xyz, out.ions.is_double, out.ions.count};
  out.label = malloc((size_t)out.ions.count * sizeof *out.label);
  CHECK_OK(context, csro_ranges_apply(context, out.ranges, out.ions.mass, out.ions.is_double,
                                      out.ions.count, out.label));
  return out;
}

static inline void pos_points_free(pos_points *points) {
  csro_ranges_destroy(&points->ranges);
  csro_ions_release(&points->ions);
  free(points->label);
}

#endif

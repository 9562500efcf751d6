#include "csro/neighbour_counts.h"

#include "csro/voxels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double most_periods = 1.2; /* a little more than one: atoms leave the box */

static csro_status check(csro_context *context, const double bounds[6], const double period[3],
                         double reach) {
  for (int axis = 0; axis < 3; axis++) {
    const double length = bounds[2 * axis + 1] - bounds[2 * axis];
    if (period[axis] == 0)
      continue;
    if (!(period[axis] >= 2 * reach))
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "a period of %g nm along %c for neighbours up to %g nm away: expected at "
                       "least twice that",
                       period[axis], "xyz"[axis], reach);
    if (!(length <= most_periods * period[axis]))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "the ions span %g nm along %c, expected at most the period of %g nm", length,
                       "xyz"[axis], period[axis]);
  }
  return CSRO_OK;
}

/* Calls for each image of an ion in the box that is within reach of it; returns how many. */
static int64_t images_of(const double box[6], const double period[3], double reach,
                         const double r[3], double (*out)[3]) {
  int64_t count = 0;
  for (int image = 0; image < 27; image++) {
    const int step[3] = {image % 3 - 1, image / 3 % 3 - 1, image / 9 - 1};
    double at[3];
    bool near = image != 13; /* the ion itself */
    for (int axis = 0; axis < 3 && near; axis++) {
      at[axis] = r[axis] + step[axis] * period[axis];
      near = (step[axis] == 0 || period[axis] > 0) && at[axis] >= box[2 * axis] - reach &&
             at[axis] <= box[2 * axis + 1] + reach;
    }
    if (near)
      memcpy(out[count++], at, sizeof at);
  }
  return count;
}

static void wrap(const double bounds[6], const double period[3], double r[3]) {
  for (int axis = 0; axis < 3; axis++)
    if (period[axis] > 0) {
      const double from = r[axis] - bounds[2 * axis];
      r[axis] = bounds[2 * axis] + from - period[axis] * floor(from / period[axis]);
    }
}

csro_status csro_periodic_ions_make(csro_context *context, const csro_points *points,
                                    const double bounds[6], const double period[3], double reach,
                                    csro_periodic_ions *ions) {
  *ions = (csro_periodic_ions){0};
  csro_status status = check(context, bounds, period, reach);
  if (status != CSRO_OK)
    return status;
  double box[6], r[3], image[27][3];
  for (int axis = 0; axis < 3; axis++) {
    box[2 * axis] = bounds[2 * axis];
    box[2 * axis + 1] = period[axis] > 0 ? bounds[2 * axis] + period[axis] : bounds[2 * axis + 1];
    ions->bounds[2 * axis] = box[2 * axis] - (period[axis] > 0 ? reach : 0);
    ions->bounds[2 * axis + 1] = box[2 * axis + 1] + (period[axis] > 0 ? reach : 0);
  }
  for (int64_t i = 0; i < points->count; i++) {
    csro_points_get(points, i, r);
    wrap(bounds, period, r);
    ions->images += images_of(box, period, reach, r, image);
  }
  ions->xyz = csro_allocate(context, 3 * (points->count + ions->images), sizeof *ions->xyz);
  ions->of = csro_allocate(context, ions->images, sizeof *ions->of);
  if (!ions->xyz || !ions->of) {
    csro_periodic_ions_release(ions);
    return CSRO_ERROR_MEMORY;
  }
  int64_t next = 0;
  for (int64_t i = 0; i < points->count; i++) {
    csro_points_get(points, i, r);
    wrap(bounds, period, r);
    memcpy(ions->xyz + 3 * i, r, sizeof r);
    const int64_t images = images_of(box, period, reach, r, image);
    for (int64_t k = 0; k < images; k++, next++) {
      memcpy(ions->xyz + 3 * (points->count + next), image[k], sizeof image[k]);
      ions->of[next] = i;
    }
  }
  ions->count = points->count + ions->images;
  return CSRO_OK;
}

void csro_periodic_ions_release(csro_periodic_ions *ions) {
  if (!ions)
    return;
  free(ions->xyz);
  free(ions->of);
  *ions = (csro_periodic_ions){0};
}

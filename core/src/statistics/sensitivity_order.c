#include "csro/sensitivity.h"
#include "statistics/normal_quantile.h"

#include <math.h>

/* What the search finds for full order, and how much less it finds where order is weaker: only
 * domains that leave evidence are asked, which are the strongest ones (specimens of order 0.5, 0.7
 * and 1 give 0.58, 0.73 and 0.95: means of three). */
static const double found_full = 0.95, falls = 0.74;
static const double unlike = 0.1; /* of order: what this differs by, from specimen to specimen */
static const double weakest = 0.3;
enum { FEWEST_REPORTS = 5 };

csro_estimate csro_sensitivity_order(const csro_estimate *strength, int64_t reports, double level) {
  if (isnan(strength->value) || reports < FEWEST_REPORTS)
    return (csro_estimate){NAN, NAN, NAN};
  double value = 1 - (found_full - strength->value) / falls;
  double half = csro_normal_quantile(level) * unlike;
  value = fmin(fmax(value, weakest), 1);
  csro_estimate order = {value, fmax(value - half, weakest), fmin(value + half, 1)};
  if (order.high == 1)
    order.value = 1;
  return order;
}

#include "csro/bins.h"

#include <math.h>

const csro_bins csro_bins_published = {1.5, 200, 54, 93};

enum { MOST_BINS = 100000 };

csro_status csro_bins_init(csro_context *context, double half_range, int total, double window,
                           csro_bins *bins) {
  *bins = (csro_bins){0};
  csro_status status =
      csro_check_number(context, "z-SDM half range in nm", half_range, CSRO_SHORTEST, CSRO_LONGEST);
  if (status == CSRO_OK)
    status = csro_check_number(context, "z-SDM window in nm", window, CSRO_SHORTEST, CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
  if (total < 2 || total > MOST_BINS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d z-SDM bins, expected 2 to %d", total,
                     MOST_BINS);
  bins->half_range = half_range;
  bins->total = total;
  bins->first = 0;
  bins->kept = total;
  if (window < half_range) {
    double width = 2 * half_range / total;
    int first = (int)lround((half_range - window) / width);
    int last = (int)lround((half_range + window) / width);
    bins->first = first;
    bins->kept = (last < total ? last : total - 1) - first + 1;
  }
  return CSRO_OK;
}

double csro_bins_center(const csro_bins *bins, int b) {
  return (bins->first + b + 0.5) * (2 * bins->half_range / bins->total) - bins->half_range;
}

csro_count_type csro_count_type_for(int64_t largest) {
  if (largest <= UINT8_MAX)
    return CSRO_U8;
  return largest <= UINT16_MAX ? CSRO_U16 : CSRO_U32;
}

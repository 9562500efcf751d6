#include "csro/profile.h"
#include "csro/share.h"
#include "csro/voxels.h"

#include "base/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { block_ions = 65536, largest_copies = 1 << 23 };

csro_status csro_profile_init(csro_context *context, double lowest, double highest, double width,
                              csro_profile *profile) {
  *profile = (csro_profile){0, 0, 0};
  csro_status status =
      csro_check_number(context, "width of a bin in nm", width, CSRO_SHORTEST, CSRO_LONGEST);
  if (status == CSRO_OK)
    status = csro_check_number(context, "lowest value of a profile in nm", lowest, -CSRO_LONGEST,
                               CSRO_LONGEST);
  if (status == CSRO_OK)
    status = csro_check_number(context, "highest value of a profile in nm", highest, lowest,
                               CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
  const double begin = floor(lowest / width), bins = floor(highest / width) - begin + 1;
  if (!(bins <= CSRO_PROFILE_BINS))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "bins of %g nm from %g to %g nm, expected at most %d bins", width, lowest,
                     highest, CSRO_PROFILE_BINS);
  *profile = (csro_profile){begin * width, width, (int)bins};
  return CSRO_OK;
}

/* The quotient may be rounded across an edge; the last bin keeps what rounding pushes out. */
int csro_profile_bin(const csro_profile *profile, double value) {
  const double quotient = floor((value - profile->first) / profile->width);
  if (!(quotient >= -1 && quotient <= profile->bins))
    return -1;
  int64_t bin = (int64_t)quotient;
  bin += value >= profile->first + (double)(bin + 1) * profile->width;
  bin -= value < profile->first + (double)bin * profile->width;
  return bin >= 0 && bin < profile->bins ? (int)bin : -1;
}

csro_status csro_direction_init(csro_context *context, const double direction[3], double unit[3]) {
  const double length =
      sqrt(direction[0] * direction[0] + direction[1] * direction[1] + direction[2] * direction[2]);
  if (!(length > 1e-100 && length < 1e100))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the direction (%g, %g, %g) has no length, expected a vector other than zero",
                     direction[0], direction[1], direction[2]);
  for (int a = 0; a < 3; a++)
    unit[a] = direction[a] / length;
  return CSRO_OK;
}

csro_status csro_profile_project(csro_context *context, const csro_points *points,
                                 const double unit[3], double *value) {
  csro_progress progress;
  csro_progress_start(&progress, context, points->count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t begin = 0; begin < points->count; begin += block_ions) {
    const int64_t end = points->count - begin < block_ions ? points->count : begin + block_ions;
    if (csro_progress_add(&progress, end - begin))
      continue;
    for (int64_t i = begin; i < end; i++) {
      double r[3];
      csro_points_get(points, i, r);
      value[i] = r[0] * unit[0] + r[1] * unit[1] + r[2] * unit[2];
    }
  }
  return csro_progress_end(&progress);
}

/* Returns how many labels are above the number of species. */
static int64_t count_block(const csro_profile *profile, const double *value, const uint16_t *label,
                           int64_t begin, int64_t end, int species_count, int64_t *counts) {
  int64_t above = 0;
  for (int64_t i = begin; i < end; i++) {
    const int species = label ? label[i] : 0, bin = csro_profile_bin(profile, value[i]);
    if (species > species_count)
      above++;
    else if (bin >= 0)
      counts[(int64_t)bin * (species_count + 1) + species]++;
  }
  return above;
}

csro_status csro_profile_count(csro_context *context, const csro_profile *profile,
                               const double *value, const uint16_t *label, int64_t count,
                               int species_count, int64_t *counts) {
  const int64_t size = (int64_t)profile->bins * (species_count + 1);
  const int64_t fit = largest_copies / size;
  const int copies = fit < 1 ? 1 : fit < context->threads ? (int)fit : context->threads;
  memset(counts, 0, (size_t)size * sizeof *counts);
  int64_t *copy = csro_allocate(context, copies * size, sizeof *copy), above = 0;
  if (!copy)
    return CSRO_ERROR_MEMORY;
  memset(copy, 0, (size_t)(copies * size) * sizeof *copy);
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(copies) reduction(+ : above)
  for (int t = 0; t < copies; t++) {
    int64_t begin, left;
    csro_share(count, t, copies, &begin, &left);
    while (left > 0 && !csro_progress_add(&progress, block_ions)) {
      const int64_t n = left < block_ions ? left : block_ions;
      above += count_block(profile, value, label, begin, begin + n, species_count, copy + t * size);
      begin += n;
      left -= n;
    }
  }
  for (int64_t i = 0; i < copies * size; i++)
    counts[i % size] += copy[i];
  free(copy);
  const csro_status status = csro_progress_end(&progress);
  if (status == CSRO_OK && above > 0)
    return csro_fail(context, CSRO_ERROR_DATA, "%lld labels are above the number of species, %d",
                     (long long)above, species_count);
  return status;
}

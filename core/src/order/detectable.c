#include "csro/detectable.h"

#include "csro/order.h"
#include "order/evidence.h"
#include "order/planes.h"

#include <math.h>
#include <stdlib.h>

enum { HEIGHTS = 32 };
static const double pi = 3.14159265358979323846;
static const double shared_volume = 0.04;                        /* nm^3, v of the header */
static const double smallest = 0.3, largest = 10, close = 0.005; /* nm */

/* Sum of the log likelihood ratio over ions: mean and variance, or their density per nm^3. */
typedef struct expectation {
  double mean, variance;
} expectation;

/* One species of this fraction and signal at one height, where the share of domain ions is p. */
static void add_species(double ions, double fraction, double p, double signal, expectation *sum) {
  double seen = ions * fraction * (1 + p * signal); /* the domain's order is perfect */
  double gain = log(1 + p * signal * CSRO_ORDER_STRENGTH);
  sum->mean += seen * gain;
  sum->variance += seen * gain * gain;
}

/* Per nm^3 where the share is p. Heights from an even plane to the odd one: those between the other
 * pairs of planes are their mirror images. */
static expectation expect_at(const csro_detectable *data, const csro_plane_mix *mix, double p) {
  expectation sum = {0, 0};
  double x = data->fraction;
  for (int h = 0; h < HEIGHTS; h++) {
    double ions = data->ions * mix[h].ions / HEIGHTS, even = mix[h].even;
    add_species(ions, x, p, even, &sum);
    if (!data->same_species)
      add_species(ions, 1 - x, p, -even * x / (1 - x), &sum);
  }
  return sum;
}

/* The ball of this diameter, of `depths` by `distances` shares. */
static expectation expect_of(const csro_detectable *data, const csro_plane_mix *mix,
                             const float *share, int depths, int distances) {
  expectation sum = {0, 0};
  double step = CSRO_PROFILE_STEP;
  for (int row = 0; row < depths; row++)
    for (int column = 0; column < distances; column++) {
      double volume = 2 * (2 * pi * (column + 0.5) * step * step * step); /* above and below */
      expectation here = expect_at(data, mix, share[(int64_t)row * distances + column]);
      sum.mean += volume * here.mean;
      sum.variance += volume * here.variance;
    }
  return sum;
}

static double chance(const csro_detectable *data, const expectation *sum) {
  double surplus = sum->mean + log(data->density * shared_volume);
  return erfc(-surplus / sqrt(2 * sum->variance)) / 2;
}

static csro_status chance_of(csro_context *context, const csro_detectable *data,
                             const csro_plane_mix *mix, double diameter, double *probability) {
  int depths = csro_profile_steps(diameter / 2, data->sigma_z);
  int distances = csro_profile_steps(diameter / 2, data->sigma_xy);
  float *share = csro_allocate(context, (int64_t)depths * distances, sizeof *share);
  if (!share)
    return CSRO_ERROR_MEMORY;
  csro_profile_fill(diameter / 2, data->sigma_xy, data->sigma_z, depths, distances, share);
  expectation sum = expect_of(data, mix, share, depths, distances);
  *probability = chance(data, &sum);
  free(share);
  return CSRO_OK;
}

static csro_status check(csro_context *context, const csro_detectable *data) {
  const struct {
    const char *name;
    double value, least, most;
  } values[] = {{"the density of ranged ions per nm^3", data->ions, 1e-9, 1e9},
                {"the fraction of the ordering species", data->fraction, 1e-12, 1 - 1e-12},
                {"the spacing of the lattice planes in nm", data->plane_spacing, 0.01, 10},
                {"the position noise in x and y in nm", data->sigma_xy, 0.01, 2},
                {"the position noise in z in nm", data->sigma_z, 0.001, 2},
                {"the density of domains per nm^3", data->density, 1e-12, 10}};
  for (size_t k = 0; k < sizeof values / sizeof *values; k++)
    if (!(values[k].value >= values[k].least && values[k].value <= values[k].most))
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "%s is %g, expected %g to %g", values[k].name,
                       values[k].value, values[k].least, values[k].most);
  return CSRO_OK;
}

csro_status csro_order_chances(csro_context *context, const csro_detectable *data, int64_t count,
                               const double *diameter, double *probability) {
  csro_plane_mix mix[HEIGHTS];
  csro_status status = check(context, data);
  for (int64_t k = 0; k < count; k++)
    probability[k] = 0;
  if (status != CSRO_OK)
    return status;
  for (int h = 0; h < HEIGHTS; h++)
    mix[h] = csro_planes_mix((h + 0.5) / HEIGHTS, data->plane_spacing, data->sigma_z);
  for (int64_t k = 0; k < count && status == CSRO_OK; k++)
    if (diameter[k] > 0 && diameter[k] <= 20)
      status = chance_of(context, data, mix, diameter[k], &probability[k]);
    else
      status = csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "the diameter of a domain is %g nm, expected above 0 and at most 20",
                         diameter[k]);
  for (int64_t k = 0; k < count && status != CSRO_OK; k++)
    probability[k] = 0;
  return status;
}

csro_status csro_order_detectable(csro_context *context, const csro_detectable *data,
                                  double probability, double *diameter) {
  double low = smallest, high = largest, found[2];
  *diameter = 0;
  if (!(probability > 0 && probability < 1))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the probability of detection is %g, expected above 0 and below 1",
                     probability);
  csro_status status =
      csro_order_chances(context, data, 2, (const double[]){smallest, largest}, found);
  if (status == CSRO_OK && found[1] < probability)
    low = high = NAN;
  else if (status == CSRO_OK && found[0] >= probability)
    high = smallest;
  while (status == CSRO_OK && high - low > close) {
    double middle = (low + high) / 2;
    status = csro_order_chances(context, data, 1, &middle, found);
    *(found[0] >= probability ? &high : &low) = middle;
  }
  if (status == CSRO_OK)
    *diameter = high;
  return status;
}

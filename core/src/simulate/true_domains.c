#include "simulate/specimen_check.h"
#include "simulate/specimen_shape.h"
#include "simulate/specimen_streams.h"

#include <math.h>
#include <stdlib.h>

static double draw_diameter(const csro_specimen *specimen, csro_random *random) {
  const double falls = 4; /* by a factor e in the whole range */
  double span = specimen->diameter[1] - specimen->diameter[0], u = csro_random_uniform(random);
  if (specimen->sizes == CSRO_SIZES_FALLING)
    u = -log(1 - u * (1 - exp(-falls))) / falls;
  return specimen->diameter[0] + u * span;
}

static void draw_direction(csro_random *random, double out[3]) {
  double z = 2 * csro_random_uniform(random) - 1, q = sqrt(1 - z * z);
  double azimuth = 2 * acos(-1.0) * csro_random_uniform(random);
  out[0] = q * cos(azimuth);
  out[1] = q * sin(azimuth);
  out[2] = z;
}

static int draw_type(const csro_specimen *specimen, csro_random *random) {
  double sum = 0;
  int type = 0;
  for (int k = 0; k < specimen->order_type_count; k++)
    sum += specimen->order_types[k].share;
  double left = csro_random_uniform(random) * sum;
  for (int k = 0; k < specimen->order_type_count; k++) {
    if (specimen->order_types[k].share > 0) /* rounding may leave a bit after the last */
      type = k;
    left -= specimen->order_types[k].share;
    if (left < 0)
      break;
  }
  return type;
}

static csro_true_domain place_domain(const csro_specimen *specimen, const double widest[2],
                                     int32_t number) {
  csro_true_domain placed = {.flattening = specimen->flattening};
  csro_random random;
  csro_domain_place_start(&random, specimen->seed, number);
  do {
    placed.center[0] = (2 * csro_random_uniform(&random) - 1) * widest[0];
    placed.center[1] = (2 * csro_random_uniform(&random) - 1) * widest[1];
    placed.center[2] = -csro_random_uniform(&random) * specimen->height;
  } while (!csro_specimen_inside(specimen, placed.center));
  placed.diameter = draw_diameter(specimen, &random);
  if (placed.flattening > 0)
    draw_direction(&random, placed.normal);
  if (specimen->order_type_count > 1)
    placed.type = draw_type(specimen, &random);
  return placed;
}

/* Half the width, across the normal, and half the thickness, nm. */
static void half_axes(const csro_true_domain *domain, double half[2]) {
  double ratio = 1 - domain->flattening;
  half[0] = domain->diameter / 2 / cbrt(ratio);
  half[1] = half[0] * ratio;
}

double csro_true_domain_reach(const csro_true_domain *domain) {
  double half[2];
  half_axes(domain, half);
  return half[0];
}

bool csro_true_domain_holds(const csro_true_domain *domain, const double r[3], double margin) {
  double square = 0, along = 0;
  for (int axis = 0; axis < 3; axis++) {
    double away = r[axis] - domain->center[axis];
    square += away * away;
    along += away * domain->normal[axis];
  }
  if (domain->flattening == 0) {
    double radius = domain->diameter / 2 + margin;
    return square <= radius * radius;
  }
  double half[2];
  half_axes(domain, half);
  double width = half[0] + margin, thickness = half[1] + margin;
  double across = fmax(square - along * along, 0);
  return across / (width * width) + along * along / (thickness * thickness) <= 1;
}

csro_status csro_specimen_domains(csro_context *context, const csro_specimen *specimen,
                                  int64_t *count, csro_true_domain **out) {
  *count = 0;
  *out = NULL;
  csro_status status = csro_specimen_check(context, specimen);
  if (status != CSRO_OK)
    return status;
  double widest[2];
  csro_specimen_half_max(specimen, widest);
  int64_t n = (int64_t)floor(specimen->domain_density * csro_specimen_volume(specimen) + 0.5);
  csro_true_domain *placed = csro_allocate(context, n, sizeof *placed);
  if (!placed)
    return CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < n; i++)
    placed[i] = place_domain(specimen, widest, (int32_t)i);
  *count = n;
  *out = placed;
  return CSRO_OK;
}

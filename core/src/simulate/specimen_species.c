#include "simulate/specimen_species.h"

#include "simulate/specimen_detector.h"

/* Fractions of the species at r; they sum to 1. */
static void fractions_at(const csro_specimen *s, const double r[3], double *fractions) {
  double sum = 0, rest = 0;
  int special = s->gradient.axis == CSRO_AXIS_NONE ? -1 : s->gradient.species;
  for (int k = 0; k < s->species_count; k++) {
    sum += s->species[k].share;
    rest += k == special ? 0 : s->species[k].share;
  }
  double fraction = 0;
  if (special >= 0) {
    const csro_ramp ramp = {s->gradient.axis, s->gradient.to};
    fraction = csro_ramp_at(s, &ramp, s->gradient.from, r);
    sum = rest / (1 - fraction);
  }
  for (int k = 0; k < s->species_count; k++)
    fractions[k] = k == special ? fraction : rest > 0 ? s->species[k].share / sum : 0;
}

static bool is_even(const csro_specimen *s) {
  for (int k = 1; k < s->species_count; k++)
    if (s->species[k].share != s->species[0].share)
      return false;
  return s->gradient.axis == CSRO_AXIS_NONE;
}

int csro_site_start(csro_random *random, const csro_specimen *specimen, int64_t number,
                    const double r[3]) {
  csro_random_init(random, specimen->seed, (uint64_t)number);
  if (is_even(specimen))
    return (int)csro_random_below(random, (uint64_t)specimen->species_count);
  double fractions[CSRO_SPECIMEN_SPECIES];
  fractions_at(specimen, r, fractions);
  double left = csro_random_uniform(random);
  int last = 0;
  for (int k = 0; k < specimen->species_count; k++) {
    if (fractions[k] > 0) /* rounding may leave a bit after the last */
      last = k;
    if (left < fractions[k])
      return k;
    left -= fractions[k];
  }
  return last;
}

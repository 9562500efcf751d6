#include "simulate/specimen_masses.h"

#include "csro/specimen.h"
#include "simulate/specimen_streams.h"

#include <math.h>

typedef struct isotope {
  uint8_t label;
  double mass;       /* Da */
  double cumulative; /* natural abundance, summed up over the isotopes of the element */
} isotope;

static const isotope isotopes[] = {
    {CSRO_LABEL_CO, 58.93319, 1.00000}, {CSRO_LABEL_CR, 49.94604, 0.04345},
    {CSRO_LABEL_CR, 51.94051, 0.88134}, {CSRO_LABEL_CR, 52.94065, 0.97635},
    {CSRO_LABEL_CR, 53.93888, 1.00000}, {CSRO_LABEL_NI, 57.93534, 0.68077},
    {CSRO_LABEL_NI, 59.93079, 0.94300}, {CSRO_LABEL_NI, 60.93106, 0.95440},
    {CSRO_LABEL_NI, 61.92834, 0.99074}, {CSRO_LABEL_NI, 63.92797, 1.00000},
    {CSRO_LABEL_H, 1.00783, 1.00000},
};

enum { BACKGROUND_LO = 1, BACKGROUND_HI = 120 }; /* Da */

static const double doubly_charged = 0.85; /* fraction of the metal ions; H is 1+ */
static const double peak_sigma = 0.025;    /* Da */
static const double tail_fraction = 0.25;  /* ions that are late by an exponential delay ... */
static const double tail_mean = 0.06;      /* ... of this mean, Da */

static double isotope_mass(csro_random *random, uint8_t label) {
  const isotope *found = isotopes;
  while (found->label != label)
    found++;
  double share = csro_random_uniform(random);
  while (share >= found->cumulative)
    found++;
  return found->mass;
}

double csro_simulated_mass(csro_random *random, uint8_t label) {
  if (label == CSRO_LABEL_BACKGROUND)
    return BACKGROUND_LO + csro_random_uniform(random) * (BACKGROUND_HI - BACKGROUND_LO);
  double mass = isotope_mass(random, label);
  if (label != CSRO_LABEL_H && csro_random_uniform(random) < doubly_charged)
    mass /= 2;
  mass += peak_sigma * csro_random_normal(random);
  if (csro_random_uniform(random) < tail_fraction)
    mass -= tail_mean * log(1 - csro_random_uniform(random));
  return mass;
}

/* Each window reaches from 0.08 Da below its isotope to 0.30 Da above: all of the peak, nearly all
 * of the tail, and clear of the next isotope half a dalton away. */
const char *csro_specimen_rrng(void) {
  return "[Ions]\n"
         "Number=4\n"
         "Ion1=Co\n"
         "Ion2=Cr\n"
         "Ion3=Ni\n"
         "Ion4=H\n"
         "[Ranges]\n"
         "Number=21\n"
         "Range1=29.387 29.767 Vol:0.01110 Co:1 Color:0066CC\n"
         "Range2=58.853 59.233 Vol:0.01110 Co:1 Color:0066CC\n"
         "Range3=24.893 25.273 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range4=25.890 26.270 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range5=26.390 26.770 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range6=26.889 27.269 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range7=49.866 50.246 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range8=51.861 52.241 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range9=52.861 53.241 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range10=53.859 54.239 Vol:0.01200 Cr:1 Color:CC3399\n"
         "Range11=28.888 29.268 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range12=29.885 30.265 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range13=30.386 30.766 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range14=30.884 31.264 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range15=31.884 32.264 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range16=57.855 58.235 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range17=59.851 60.231 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range18=60.851 61.231 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range19=61.848 62.228 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range20=63.848 64.228 Vol:0.01094 Ni:1 Color:33A02C\n"
         "Range21=0.928 1.308 Vol:0 H:1 Color:999933\n";
}

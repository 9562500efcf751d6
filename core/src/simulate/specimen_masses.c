#include "simulate/specimen_masses.h"

#include "csro/specimen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BACKGROUND_LO = 1, BACKGROUND_HI = 120 }; /* Da */

static const double doubly_charged = 0.85; /* fraction of the metal ions; H is 1+ */
static const double peak_sigma = 0.025;    /* Da */
static const double tail_fraction = 0.25;  /* ions that are late by an exponential delay ... */
static const double tail_mean = 0.06;      /* ... of this mean, Da */

/* Each window reaches from 0.08 Da below its isotope to 0.30 Da above: all of the peak, nearly all
 * of the tail, and clear of the next isotope half a dalton away. */
static const double window_below = 0.08, window_above = 0.30;

static bool is_hydrogen(const csro_simulated_element *element) {
  return strcmp(element->symbol, "H") == 0;
}

static double isotope_mass(csro_random *random, const csro_simulated_element *element) {
  const csro_isotope *isotope = csro_natural_isotopes(element->number);
  double share = csro_random_uniform(random), cumulative = isotope->percent / 100;
  while (share >= cumulative && isotope[1].percent > 0) {
    isotope++;
    cumulative += isotope->percent / 100;
  }
  return isotope->mass;
}

double csro_simulated_mass(csro_random *random, const csro_simulated_element *element) {
  double mass = isotope_mass(random, element);
  if (!is_hydrogen(element) && csro_random_uniform(random) < doubly_charged)
    mass /= 2;
  mass += peak_sigma * csro_random_normal(random);
  if (csro_random_uniform(random) < tail_fraction)
    mass -= tail_mean * log(1 - csro_random_uniform(random));
  return mass;
}

double csro_simulated_background(csro_random *random) {
  return BACKGROUND_LO + csro_random_uniform(random) * (BACKGROUND_HI - BACKGROUND_LO);
}

/* A peak and its window. */
typedef struct peak {
  const csro_simulated_element *element;
  double mass, height; /* Da; fraction of the ions */
} peak;

enum { PEAKS_MOST = (CSRO_SPECIMEN_SPECIES + 1) * 2 * csro_most_isotopes };

/* The peaks of an element: 2+ first. */
static int add_peaks(const csro_simulated_element *element, double share, int count, peak *peaks) {
  const csro_isotope *isotopes = csro_natural_isotopes(element->number);
  int charges = is_hydrogen(element) ? 1 : 2;
  for (int charge = charges; charge >= 1; charge--)
    for (const csro_isotope *isotope = isotopes; isotope->percent > 0; isotope++) {
      double part = charges == 1 ? 1 : charge == 2 ? doubly_charged : 1 - doubly_charged;
      peaks[count++] = (peak){element, isotope->mass / charge, share * part * isotope->percent};
    }
  return count;
}

/* Of two peaks whose windows overlap the larger one keeps its own. */
static bool has_window(int count, const peak *peaks, int k) {
  for (int other = 0; other < count; other++) {
    bool overlap = fabs(peaks[other].mass - peaks[k].mass) <= window_below + window_above;
    bool larger = peaks[other].height > peaks[k].height ||
                  (peaks[other].height == peaks[k].height && other < k);
    if (other != k && overlap && larger)
      return false;
  }
  return true;
}

csro_status csro_check_element(csro_context *context, const char *symbol) {
  const csro_simulated_element *element = csro_simulated_element_find(symbol);
  if (element && !is_hydrogen(element))
    return CSRO_OK;
  char known[256];
  csro_simulated_elements_list(sizeof known, known);
  return csro_fail(context, CSRO_ERROR_ARGUMENT,
                   "'%.3s' is no element of an alloy that can be simulated, expected one of %s",
                   symbol, known);
}

static csro_status list_peaks(csro_context *context, const csro_specimen *specimen, int *count,
                              peak *peaks) {
  *count = 0;
  for (int k = 0; k < specimen->species_count; k++) {
    const char *symbol = specimen->species[k].symbol;
    const csro_simulated_element *element = csro_simulated_element_find(symbol);
    csro_status status = csro_check_element(context, symbol);
    if (status != CSRO_OK)
      return status;
    *count = add_peaks(element, specimen->species[k].share, *count, peaks);
  }
  *count = add_peaks(csro_simulated_element_find("H"), 1, *count, peaks);
  return CSRO_OK;
}

/* Integers only: a decimal point would follow the locale. */
static int print_range(char *out, size_t size, int number, const peak *from) {
  const csro_simulated_element *element = from->element;
  int lo = (int)lround((from->mass - window_below) * 1000);
  int hi = (int)lround((from->mass + window_above) * 1000);
  int volume = (int)lround(element->volume * 1e5);
  return snprintf(out, size, "Range%d=%d.%03d %d.%03d Vol:%d.%05d %s:1 Color:%s\n", number,
                  lo / 1000, lo % 1000, hi / 1000, hi % 1000, volume / 100000, volume % 100000,
                  element->symbol, element->color);
}

csro_status csro_specimen_ranges(csro_context *context, const csro_specimen *specimen,
                                 char **text) {
  enum { LINE = 96 };
  *text = NULL;
  peak peaks[PEAKS_MOST];
  int count, windows = 0, printed = 0;
  csro_status status = list_peaks(context, specimen, &count, peaks);
  if (status != CSRO_OK)
    return status;
  for (int k = 0; k < count; k++)
    windows += has_window(count, peaks, k);
  const int size = (count + CSRO_SPECIMEN_SPECIES + 8) * LINE;
  char *made = csro_allocate(context, size, 1);
  if (!made)
    return CSRO_ERROR_MEMORY;
  int at = snprintf(made, (size_t)size, "[Ions]\nNumber=%d\n", specimen->species_count + 1);
  for (int k = 0; k < specimen->species_count; k++)
    at +=
        snprintf(made + at, (size_t)(size - at), "Ion%d=%s\n", k + 1, specimen->species[k].symbol);
  at += snprintf(made + at, (size_t)(size - at), "Ion%d=H\n[Ranges]\nNumber=%d\n",
                 specimen->species_count + 1, windows);
  for (int k = 0; k < count; k++)
    if (has_window(count, peaks, k))
      at += print_range(made + at, (size_t)(size - at), ++printed, &peaks[k]);
  *text = made;
  return CSRO_OK;
}

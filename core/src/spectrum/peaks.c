#include "csro/peaks.h"

#include "ranges/elements.h"
#include "spectrum/isotopologues.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double reach = 0.1, smoothing = 0.02, prominent = 2, near = 0.05; /* Da */

enum { most_peaks = 10000, most_charge = 3, most_elements = 128 };

typedef struct search {
  const csro_spectrum *spectrum;
  const int64_t *counts;
  const csro_ranges *ranges;
  const csro_background *background;
  const int64_t *places;
  double *smooth; /* counts per bin, mean over 2 half + 1 bins */
  int half;
  double deviations;
} search;

/* Mean counts of the bins around each; prefix sums are exact, for counts are integers. */
static csro_status smooth_counts(csro_context *context, search *s) {
  const int bins = s->spectrum->bins;
  int64_t *before = csro_allocate(context, bins + 1, sizeof *before);
  s->smooth = csro_allocate(context, bins, sizeof *s->smooth);
  if (before && s->smooth) {
    before[0] = 0;
    for (int i = 0; i < bins; i++)
      before[i + 1] = before[i] + s->counts[i];
    for (int i = 0; i < bins; i++) {
      const int from = i > s->half ? i - s->half : 0;
      const int to = i + s->half < bins ? i + s->half + 1 : bins;
      s->smooth[i] = (double)(before[to] - before[from]) / (to - from);
    }
  }
  free(before);
  return before && s->smooth ? CSRO_OK : CSRO_ERROR_MEMORY;
}

static double background_at(const search *s, int bin) {
  return s->background ? csro_background_density(s->background, s->places,
                                                 csro_spectrum_center(s->spectrum, bin)) *
                             s->spectrum->width
                       : 0;
}

/* The lowest place between a bin and a higher one in a direction, or as far as is looked. */
static double saddle(const search *s, int bin, int step) {
  const int far = (int)(prominent / s->spectrum->width);
  double least = s->smooth[bin];
  for (int i = bin + step, k = 0; i >= 0 && i < s->spectrum->bins && k < far; i += step, k++) {
    if (s->smooth[i] > s->smooth[bin])
      return least;
    least = fmin(least, s->smooth[i]);
  }
  return least;
}

static bool is_highest(const search *s, int bin) {
  const double height = s->smooth[bin];
  const bool left = bin == 0 || s->smooth[bin - 1] < height;
  int right = bin + 1;
  while (right < s->spectrum->bins && s->smooth[right] == height)
    right++;
  return height > 0 && left && (right == s->spectrum->bins || s->smooth[right] < height);
}

static bool is_prominent(const search *s, int bin) {
  const double counts = s->smooth[bin] * (2 * s->half + 1);
  const double valley = fmax(saddle(s, bin, -1), saddle(s, bin, 1)) * (2 * s->half + 1);
  return counts - valley > (s->deviations + 3) * sqrt(counts);
}

/* Half of the height, to both sides. */
static double width_of(const search *s, int bin) {
  const double level = background_at(s, bin), half = level + (s->smooth[bin] - level) / 2;
  double width = 0;
  for (int step = -1; step <= 1; step += 2) {
    int i = bin;
    while (i + step >= 0 && i + step < s->spectrum->bins && s->smooth[i + step] > half)
      i += step;
    const int next = i + step;
    const bool inside = next >= 0 && next < s->spectrum->bins;
    const double rest = inside ? (s->smooth[i] - half) / (s->smooth[i] - s->smooth[next]) : 0;
    width += (abs(i - bin) + rest) * s->spectrum->width;
  }
  return width;
}

/* The share of the isotopologue of a species at a mass. */
static double share_near(const csro_species *species, int charge, double mass) {
  csro_isotopologue ion[csro_most_isotopologues];
  double share = 0;
  for (int i = csro_isotopologues(species, ion) - 1; i >= 0; i--)
    if (fabs(ion[i].mass / charge - mass) <= near)
      share += ion[i].share;
  return share;
}

typedef struct candidate {
  char name[24];
  double share;
} candidate;

static int compare_shares(const void *a, const void *b) {
  const candidate *p = a, *q = b;
  return (p->share < q->share) - (p->share > q->share);
}

/* An element with a partner ("" alone, the element itself twice). */
static void try_ion(const char *symbol, const char *partner, double mass, candidate *list,
                    int *count, int most) {
  csro_species species = {.components = 1, .component = {{.count = 1}}};
  const bool twice = strcmp(symbol, partner) == 0;
  snprintf(species.component[0].symbol, sizeof species.component[0].symbol, "%s", symbol);
  if (twice) {
    species.component[0].count = 2;
  } else if (*partner) {
    species.components = 2;
    species.component[1] = (csro_component){.count = 1};
    snprintf(species.component[1].symbol, sizeof species.component[1].symbol, "%s", partner);
  }
  for (int charge = 1; charge <= most_charge && *count < most; charge++) {
    const double share = share_near(&species, charge, mass);
    if (share < 0.01)
      continue;
    candidate *one = &list[(*count)++];
    snprintf(one->name, sizeof one->name, "%.4s%.4s %d+", symbol, twice ? "2" : partner, charge);
    one->share = share;
  }
}

static void name_candidates(const search *s, csro_peak *peak) {
  enum { most = 64 };
  static const char *const partners[] = {"", "H", "C", "N", "O"};
  candidate list[most];
  int count = 0, elements = 0;
  const char *element[most_elements];
  for (int k = 0; k < s->ranges->species_count; k++)
    for (int c = 0; c < s->ranges->species[k].components; c++) {
      const char *symbol = s->ranges->species[k].component[c].symbol;
      bool known = csro_element_find(symbol, strlen(symbol)) == 0 || elements == most_elements;
      for (int e = 0; e < elements && !known; e++)
        known = strcmp(element[e], symbol) == 0;
      if (known)
        continue;
      element[elements++] = symbol;
      for (size_t p = 0; p < sizeof partners / sizeof *partners; p++)
        if (strcmp(partners[p], symbol) != 0)
          try_ion(symbol, partners[p], peak->mass, list, &count, most);
      try_ion(symbol, symbol, peak->mass, list, &count, most);
    }
  qsort(list, (size_t)count, sizeof *list, compare_shares);
  size_t length = 0;
  for (int i = 0; i < count && length + sizeof list[i].name + 3 < CSRO_PEAK_TEXT; i++)
    length += (size_t)snprintf(peak->candidates + length, CSRO_PEAK_TEXT - length, "%s%s",
                               i > 0 ? ", " : "", list[i].name);
}

/* All but the name. */
static void measure(const search *s, int bin, csro_peak *peak) {
  const double width = s->spectrum->width;
  const int around = (int)ceil(reach / width - 0.5);
  *peak = (csro_peak){.mass = csro_spectrum_center(s->spectrum, bin), .range = -1};
  peak->width = width_of(s, bin);
  for (int i = bin - around; i <= bin + around; i++)
    if (i >= 0 && i < s->spectrum->bins) {
      peak->counts += (double)s->counts[i];
      peak->background += background_at(s, i);
    }
  peak->deviations = (peak->counts - peak->background) / sqrt(peak->background + 1);
  for (int r = 0; r < s->ranges->count && peak->range < 0; r++)
    if (peak->mass >= s->ranges->range[r].lo && peak->mass <= s->ranges->range[r].hi)
      peak->range = r;
}

csro_status csro_peaks_find(csro_context *context, const csro_spectrum *spectrum,
                            const int64_t *counts, const csro_ranges *ranges,
                            const csro_background *background, const int64_t *places,
                            double deviations, csro_peak **peaks, int *count) {
  search s = {spectrum, counts, ranges, background, places, NULL, 0, deviations};
  *peaks = NULL;
  *count = 0;
  s.half = (int)fmax(0, round((smoothing / spectrum->width - 1) / 2));
  csro_status status = smooth_counts(context, &s);
  csro_peak *made = status == CSRO_OK ? csro_allocate(context, most_peaks, sizeof *made) : NULL;
  if (!made) {
    free(s.smooth);
    return CSRO_ERROR_MEMORY;
  }
  for (int bin = 0; bin < spectrum->bins && *count < most_peaks; bin++) {
    if (!is_highest(&s, bin) || !is_prominent(&s, bin))
      continue;
    measure(&s, bin, &made[*count]);
    if (made[*count].deviations < deviations)
      continue;
    if (made[*count].range < 0)
      name_candidates(&s, &made[*count]);
    ++*count;
  }
  free(s.smooth);
  *peaks = made;
  return CSRO_OK;
}

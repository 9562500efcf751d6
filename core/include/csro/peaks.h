/* The peaks of a mass spectrum. */
#ifndef CSRO_PEAKS_H
#define CSRO_PEAKS_H

#include "csro/background.h"
#include "csro/spectrum.h"

CSRO_API_BEGIN

enum { CSRO_PEAK_TEXT = 96 };

typedef struct csro_peak {
  double mass;       /* Da, where the smoothed spectrum is highest */
  double width;      /* Da, full width at half of the height above the background */
  double counts;     /* within 0.1 Da of it */
  double background; /* of these */
  double deviations; /* (counts - background) / sqrt(background + 1): how significant */
  int range;         /* that holds it, -1: none */
  /* What it may be when no range holds it: ions of one of the species' elements, alone or with H,
   * C, N, O or twice, of charge 1 to 3, with an isotopologue of 1 % or more within 0.05 Da; the
   * most frequent isotopologues first, "" when there is none. */
  char candidates[CSRO_PEAK_TEXT];
} csro_peak;

/* Peaks rise above the background by `deviations`, and above the lowest place between them and any
 * higher one (within 2 Da) by three standard deviations of their height more: the lowest of many
 * places is low by chance. counts: of all ions, in
 * the bins of `spectrum` (csro_spectrum_count, its first row); background may be NULL (none).
 * Ascending in mass; release *peaks with free. */
csro_status csro_peaks_find(csro_context *context, const csro_spectrum *spectrum,
                            const int64_t *counts, const csro_ranges *ranges,
                            const csro_background *background, const int64_t *places,
                            double deviations, csro_peak **peaks, int *count);

CSRO_API_END

#endif

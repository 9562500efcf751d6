/* Peaks taken apart: how many ions of each kind there are by the ranges of a spectrum, without the
 * background, and where isotopes of several kinds lie in one range by their natural abundances. */
#ifndef CSRO_SPECTRUM_FIT_H
#define CSRO_SPECTRUM_FIT_H

#include "csro/background.h"
#include "csro/composition.h"

CSRO_API_BEGIN

/* A composition in one charge state. The composition is that of a species of the range file
 * (without mass numbers the isotopes are the natural ones), the charge that which the file states,
 * else the one of 1 to 4 by which most of its isotopes lie in the range. A range without
 * composition, or with one that no charge explains, is a kind of its own, of which no other range
 * holds anything. */
typedef struct csro_ion_kind {
  int species;                  /* the first with this composition */
  int charge;                   /* 0: not known */
  bool by_mass;                 /* false: a range of its own */
  double count, standard_error; /* ions, with those of isotopes outside of all ranges; NaN where the
                                   ranges do not tell the kind from others */
  double share;                 /* of the composition's ions in all charge states */
  double ratio, ratio_error;    /* to the next lower charge state of the same composition, NaN
                                   without one */
} csro_ion_kind;

/* What a range holds: counts - background = corrected; fitted of all kinds, of which `foreign` are
 * ions of other compositions than the range's own. */
typedef struct csro_range_row {
  int kind; /* the one that the range file means */
  int64_t counts;
  double background, background_error;
  double corrected, standard_error;
  double fitted, foreign;
} csro_range_row;

/* An element (kind of atom of csro_atom_kinds, isotopes merged). Fractions of all atoms: as the
 * range file has them, and corrected. */
typedef struct csro_corrected_fraction {
  csro_fraction raw;
  double atoms;                 /* corrected */
  double value, standard_error; /* NaN when a kind of ion with it is not known */
} csro_corrected_fraction;

typedef struct csro_spectrum_fit {
  int ranges;
  csro_range_row *range;
  int ions;
  csro_ion_kind *ion; /* in the order of their first range */
  csro_atom_kinds *atoms;
  csro_corrected_fraction *fraction; /* atoms->count */
  double chi2;                       /* of the ranges about the fit */
  int dof;
  double p_value;
  char words[600]; /* what does not fit, "" when all does */
} csro_spectrum_fit;

/* The counts of the ranges are Poisson with the mean F x + b: F_rk is the natural share of kind k
 * in range r, b the background of `background` (fitted). x solves the weighted least squares with
 * the weights 1 / (F x + b) of the solution, which have no bias where counts are few; the errors
 * are those of counts and background, propagated. counts: of csro_background_count, of the whole
 * data or a part. ranges->count must be that of `background`. CSRO_ERROR_DATA: more than
 * CSRO_BACKGROUND_RANGES kinds. Release with csro_spectrum_fit_release. */
csro_status csro_spectrum_fit_make(csro_context *context, const csro_ranges *ranges,
                                   const csro_background *background, const int64_t *counts,
                                   csro_spectrum_fit *fit);
void csro_spectrum_fit_release(csro_spectrum_fit *fit);

/* The composition of a region by the labels of its ions, less the background in the ranges of each
 * species; overlaps stay. label_counts: species_count + 1, as csro_label_counts gives them; counts:
 * of csro_background_count for the ions of the region, NULL (as background) where nothing is known
 * of the masses: then value is that of the raw fraction. rows: atoms->count, a negative corrected
 * number stays one. atoms is that of `ranges`. */
csro_status csro_region_composition(csro_context *context, const csro_ranges *ranges,
                                    const csro_atom_kinds *atoms, const int64_t *label_counts,
                                    const csro_background *background, const int64_t *counts,
                                    csro_corrected_fraction *rows);

CSRO_API_END

#endif

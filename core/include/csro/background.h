/* The background of a mass spectrum, from the masses between the ranges. */
#ifndef CSRO_BACKGROUND_H
#define CSRO_BACKGROUND_H

#include "csro/ranges.h"

CSRO_API_BEGIN

/* Noise comes at any time of flight t, and m/n goes with t^2: so many counts per Da as 1 / sqrt(m)
 * (Larson et al., Local Electrode Atom Probe Tomography, 2013). */
typedef enum csro_background_model {
  CSRO_BACKGROUND_NONE,        /* nothing is subtracted */
  CSRO_BACKGROUND_FLIGHT_TIME, /* one level for the whole spectrum */
  CSRO_BACKGROUND_LOCAL        /* for each range the level of the nearest windows */
} csro_background_model;

enum { CSRO_BACKGROUND_RANGES = 1000, CSRO_BACKGROUND_WINDOWS = 4000 }; /* at most */

/* Where masses are counted: first the ranges, each without what an earlier one has of it, then
 * windows in the gaps between the ranges, 0.3 Da above and 0.1 Da below them, at most 0.25 Da wide
 * (wider where more than CSRO_BACKGROUND_WINDOWS were needed), from 2 Da below the lowest range on.
 */
typedef struct csro_background csro_background;

/* The windows between lowest and highest, the smallest and the largest mass of the ions (Da).
 * CSRO_ERROR_DATA: more ranges than CSRO_BACKGROUND_RANGES, or none. */
csro_status csro_background_create(csro_context *context, const csro_range *range, int ranges,
                                   double lowest, double highest, csro_background **background);
void csro_background_destroy(csro_background **background);

/* Ranges and windows. */
int csro_background_places(const csro_background *background);

/* Counts masses (float32 or double, is_double): counts[places]. Counts of several processes add up.
 * index: the ions to count by their place among the masses, NULL: the first `count`. */
csro_status csro_background_count(csro_context *context, const csro_background *background,
                                  const void *mass, bool is_double, const int64_t *index,
                                  int64_t count, int64_t *counts);

/* How the model suits the windows. Windows with far more counts than those around (by more than
 * four standard deviations above their median) hold peaks without a range: they are left out. */
typedef struct csro_background_report {
  int windows, used; /* without any that is used no background is subtracted */
  double counts;     /* in the used ones */
  double level;      /* counts per Da at m is level / sqrt(m) for one level */
  double chi2;       /* of one level over the used windows */
  int dof;
  double p_value;
} csro_background_report;

/* Chooses the windows by the counts of the whole data, and the model: before the functions below.
 */
void csro_background_fit(csro_background *background, csro_background_model model,
                         const int64_t *counts, csro_background_report *report);

enum { CSRO_BACKGROUND_TEXT = 300 };
/* What is wrong with the background as a sentence, "" when nothing is. */
void csro_background_text(csro_background_model model, const csro_background_report *report,
                          char text[CSRO_BACKGROUND_TEXT]);

/* The expected background ions of a range in a region with these counts: of the whole data or a
 * part of it. Independent Poisson counts c of windows give b = s_r sum c / sum s, with s the
 * integral of 1 / sqrt(m) over a range or window; covariances s_r s_q sum c / (sum s sum s), summed
 * over the windows that both have. */
double csro_background_of(const csro_background *background, const int64_t *counts, int range);
double csro_background_covariance(const csro_background *background, const int64_t *counts, int r,
                                  int q);
/* Expected background counts per Da at a mass, 0 below the lowest and above the highest ion. */
double csro_background_density(const csro_background *background, const int64_t *counts,
                               double mass);
/* The range that holds a mass, -1 when none does. */
int csro_background_range_at(const csro_background *background, double mass);

CSRO_API_END

#endif

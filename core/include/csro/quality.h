/* Whether a data set is good enough to look for order along its pole: what is wrong with it, in
 * numbers and words. Lengths in nm, angles in degrees. */
#ifndef CSRO_QUALITY_H
#define CSRO_QUALITY_H

#include "csro/pole.h"

CSRO_API_BEGIN

typedef enum csro_verdict { CSRO_VERDICT_OK, CSRO_VERDICT_WARNING, CSRO_VERDICT_BAD } csro_verdict;

/* What is known of the data. All may be left zero. */
typedef struct csro_quality_options {
  double spacing;           /* of the lattice that the model or the search assumes; 0: none */
  const double *nominal;    /* [labels] atoms of each species in the alloy, in any unit, 0 for those
                               that are not known; NULL: none known */
  const char *const *names; /* [labels] of the species; label 0 is unranged */
} csro_quality_options;

/* A row of the report: a value with its interval (two standard errors to either side; NaN where
 * none is known) and what it means. */
typedef struct csro_quality_row {
  char quantity[64], unit[16];
  double value, low, high;
  csro_verdict verdict;
  char words[256];
} csro_quality_row;

/* The report. The array belongs to it. */
typedef struct csro_quality_report {
  int64_t count;
  csro_quality_row *rows;
  csro_verdict verdict; /* the worst */
  char words[512];      /* one line for the whole */
} csro_quality_report;

/* What is counted: ions of each label in cells of about 2 nm, their waves in the blocks of the map,
 * and pairs of ions that follow one another. Each process:
 *   csro_quality_create, with the bounds of all ions and the map of their planes (kept: it must
 *     live as long)
 *   csro_quality_add, with its ions, in the order of evaporation
 *   csro_quality_add_hits, where it is known with how many others ions came
 *   the sums of all processes are added (whole numbers, so in any order)
 *   csro_quality_report_make, csro_quality_destroy */
typedef struct csro_quality csro_quality;
enum { CSRO_QUALITY_REACH = 16 };

/* labels: number of labels, with 0. CSRO_ERROR_DATA without ions or with bounds that no specimen
 * has. */
csro_status csro_quality_create(csro_context *context, const double bounds[6],
                                const csro_pole_map *map, int labels, csro_quality **quality);
void csro_quality_destroy(csro_quality **quality);
int64_t csro_quality_sums(csro_quality *quality, int64_t **sums);

/* label NULL: all ions are 1. The first `before` points are those that lie before the ions of this
 * process, up to CSRO_QUALITY_REACH of them: they are looked back at, not counted. */
csro_status csro_quality_add(csro_context *context, csro_quality *quality,
                             const csro_points *points, const uint16_t *label, int64_t before);

/* ions_per_pulse[count] as .epos has it: 1 for an ion that came alone, n for the first of n that
 * came together and 0 for the others (or n for each). */
void csro_quality_add_hits(csro_quality *quality, const double *ions_per_pulse, int64_t count);

/* Every statement needs an effect that matters and one that chance does not make (5 standard
 * errors). Release *report with csro_quality_report_release. */
csro_status csro_quality_report_make(csro_context *context, const csro_quality *quality,
                                     const csro_quality_options *options,
                                     csro_quality_report *report);
void csro_quality_report_release(csro_quality_report *report);

CSRO_API_END

#endif

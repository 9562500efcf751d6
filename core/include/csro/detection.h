/* How well order is detected in a specimen whose ordered domains are known: voxel by voxel and
 * domain by domain. Lengths in nm. */
#ifndef CSRO_DETECTION_H
#define CSRO_DETECTION_H

#include "csro/evaluation.h"
#include "csro/specimen.h"
#include "csro/voxels.h"

CSRO_API_BEGIN

/* Size classes of true domains: class 0 lies below edges[0], class k holds edges[k - 1] <= diameter
 * < edges[k], class edge_count the rest. Edges rise. */
typedef struct csro_size_classes {
  int edge_count; /* one less than the classes */
  const double *edges;
} csro_size_classes;

/* The size class (0 .. edge_count) of a diameter. */
int csro_size_class(const csro_size_classes *classes, double diameter);

/* --- Voxels --- */

/* What a voxel is, by its centre: the number (>= 0) of the true domain that it lies in (of several,
 * the smallest: that one has the atoms), OUTSIDE when it is farther than `margin` from the surface
 * of every true domain, else BETWEEN. Voxels of a domain are positive examples, those outside
 * negative ones; those between hold some order, and count as neither. */
enum { CSRO_VOXEL_OUTSIDE = -1, CSRO_VOXEL_BETWEEN = -2 };

/* truth[voxel] for all voxels of the grid. CSRO_ERROR_ARGUMENT: a margin that is not 0 or more. */
csro_status csro_voxel_truth(csro_context *context, const csro_grid *grid, int64_t count,
                             const csro_true_domain *domains, double margin, int32_t *truth);

/* ROC curve of a score: voxels outside against those of the domains of one size class, or of all
 * for size_class -1. Voxels without a defined score (NaN) are left out. */
csro_status csro_voxel_roc(csro_context *context, int64_t voxels, const float *score,
                           const int32_t *truth, const csro_true_domain *domains,
                           const csro_size_classes *classes, int size_class, csro_roc *roc);

/* Positive examples of that curve: voxels of the domains of one size class, or of all for -1, whose
 * score is defined. */
int64_t csro_voxel_positives(int64_t voxels, const float *score, const int32_t *truth,
                             const csro_true_domain *domains, const csro_size_classes *classes,
                             int size_class);

/* --- Domains --- */

/* A report is a domain that the detection found: the ions of one number >= 0. It is false when less
 * than half of its ions belong to true domains. A true domain is recalled when at least RECALL_IONS
 * of its ions are in one report that is not false. */
enum { CSRO_RECALL_IONS = 3 };

/* The true domain of an ion that may belong to one which is none of those listed, in data into
 * which others were planted (csro/inject.h): for the reports it counts as if it did. */
enum { CSRO_TRUTH_UNKNOWN = -2 };

/* What is true of the reports above a threshold of their rank value, from the highest value down;
 * reports of equal value come together. Row 0 has no reports, the last row has all. */
typedef struct csro_detection {
  int64_t rows;
  int classes;
  double *value;     /* [rows], the threshold: infinity in row 0; NaN for reports without a value,
                        which come last */
  int64_t *reports;  /* [rows], how many */
  int64_t *wrong;    /* [rows], false ones among them */
  int64_t *recalled; /* [rows][classes], true domains of each size class */
  int64_t *domains;  /* [classes], all true domains */
} csro_detection;

/* report[ion] and truth[ion] are the numbers of the report and of the true domain of each ion, < 0
 * for none, but CSRO_TRUTH_UNKNOWN. value[values] ranks the reports by their numbers, the highest
 * first; NULL: all are equal. The order of the ions does not matter. CSRO_ERROR_DATA: a true domain
 * that does not exist, a report without a row in value. */
csro_status csro_detection_init(csro_context *context, int64_t ions, const int64_t *report,
                                const int64_t *truth, int64_t values, const double *value,
                                int64_t count, const csro_true_domain *domains,
                                const csro_size_classes *classes, csro_detection *detection);
/* Frees the arrays and zeroes the struct. */
void csro_detection_release(csro_detection *detection);

/* The last row whose share of false reports is at most `target`; row 0 when no other is. */
int64_t csro_detection_row(const csro_detection *detection, double target);

/* True domains of a size class, or of all for size_class -1. */
int64_t csro_detection_domains(const csro_detection *detection, int size_class);
/* Share (0 .. 1) of them that is recalled in a row (0 .. rows - 1); NaN where there are none. */
double csro_detection_recall(const csro_detection *detection, int64_t row, int size_class);

/* Shares (0 .. 1) of the reports of a row that are false (false discovery rate), and that are not;
 * NaN for a row without reports. */
double csro_detection_fdr(const csro_detection *detection, int64_t row);
double csro_detection_precision(const csro_detection *detection, int64_t row);

CSRO_API_END

#endif

/* From counts to probabilities: preprocessing and ensemble, block by block, so that neither the
 * preprocessed curves nor the activations of a whole data set are ever in memory. */
#ifndef CSRO_CLASSIFY_H
#define CSRO_CLASSIFY_H

#include "csro/model.h"

CSRO_API_BEGIN

/* Probabilities of the ordered classes for n voxels. counts[c] is channel c: n x bins counts of
 * type types[c]. mean[k] and deviation[k] are arrays of n: for ordered class k + 1 the mean and
 * the (population) standard deviation over the members, in double; NaN where any channel is
 * undefined. k runs over the class_count - 1 ordered classes. deviation may be NULL, mean may not.
 * members, when not NULL, gets [n][member_count][class_count]
 * float32. The result of a voxel depends on its own counts only, bit for bit: it is the same for
 * any number of threads and any distribution of voxels over ranks.
 *
 * Absurd but finite weights can overflow within a network: such a voxel is undefined as well, and
 * overflow[voxel] (NULL: not wanted) is 1 for it and 0 for all others.
 *
 * preprocessing is the model's own or, for the published analysis, PUBLISHED. Curves of fewer than
 * minimum_counts counts are undefined: a handful of pairs at the surface of a specimen shows no
 * order, but min-max normalisation makes peaks of them (0 for the published analysis).
 *
 * CSRO_ERROR_ARGUMENT: n below 0, a channel without counts or of an unknown type, members that do
 * not fit the model. n = 0 writes nothing. After an error or a cancel the outputs are written in
 * part. */
csro_status csro_classify(csro_context *context, const csro_model *model,
                          csro_preprocessing preprocessing, int64_t minimum_counts, int64_t n,
                          const csro_count_type *types, const void *const *counts,
                          double *const *mean, double *const *deviation, float *members,
                          uint8_t *overflow);

/* Ions whose curves have the model's bins; conditions as in csro_zsdm_voxels. Nothing is owned. */
typedef struct csro_ion_curves {
  const csro_grid *grid;
  const csro_block *block;
  const csro_points *points;
  const uint16_t *label;
  const uint16_t (*pairs)[2]; /* [channel_count] labels a and b of each channel of the model */
  csro_partners partners;
} csro_ion_curves;

/* The same straight from the ions, for the voxels of a block: every thread makes, prepares and
 * classifies a few hundred curves at a time, so that memory is needed for the cell lists of the
 * pairs' ions and the results alone. Same bits as csro_zsdm_voxels and csro_classify. mean[k] and
 * deviation[k] (NULL for none) have one value per voxel of the block, in its order. */
csro_status csro_classify_ions(csro_context *context, const csro_model *model,
                               csro_preprocessing preprocessing, int64_t minimum_counts,
                               const csro_ion_curves *ions, double *const *mean,
                               double *const *deviation, uint8_t *overflow);

/* Of the voxels of `owned` those with a probability (mean is not NaN), and those where the networks
 * overflowed. mean[voxels of stored] and overflow as csro_classify(stored) writes them; owned lies
 * in stored, or is empty. */
typedef struct csro_classified {
  int64_t defined, overflowed;
} csro_classified;
csro_classified csro_classified_count(const csro_block *stored, const csro_block *owned,
                                      const double *mean, const uint8_t *overflow);

/* What the networks see of n voxels: inputs[n][bins][channels], NaN in the whole row of a voxel
 * that is undefined in any channel. Counts, conditions and errors as in csro_classify. */
csro_status csro_classify_inputs(csro_context *context, const csro_model *model,
                                 csro_preprocessing preprocessing, int64_t minimum_counts,
                                 int64_t n, const csro_count_type *types, const void *const *counts,
                                 float *inputs);

CSRO_API_END

#endif

/* Classification where only the selected pixels matter: as csro_classify_ions, csro_scores and a
 * threshold, but without the members of the ensemble that can no longer change which pixels are
 * selected. */
#ifndef CSRO_CANDIDATES_H
#define CSRO_CANDIDATES_H

#include "csro/classify.h"
#include "csro/score.h"

CSRO_API_BEGIN

/* Which pixels are selected: those whose score of one ordered class exceeds the threshold. */
typedef struct csro_selection_rule {
  int ordered_class; /* 1 .. class_count - 1 of the model */
  csro_score_rule score;
  double threshold;
} csro_selection_rule;

/* What else is counted in passing, over all voxels of the block. */
typedef struct csro_candidate_counts {
  int64_t defined;    /* voxels with a probability; as if every member had been run */
  int64_t overflowed; /* see csro_classify */
  int64_t count_sum;  /* counts of all curves, as csro_zsdm_sum, all channels together */
  int64_t curves_run; /* curves times members that the networks were run on: a fraction of (defined
                         + overflowed) * member_count, more only where most pixels are selected */
} csro_candidate_counts;

/* probability[voxel of the block]: the mean over the members, with the bits of csro_classify_ions,
 * for every voxel of a pixel that is selected; for other voxels that mean or an upper bound of it,
 * such that csro_scores selects no pixel that it would not select with the means. NaN where a curve
 * is undefined. Pixels that also need voxels outside of the block are taken into account with the
 * highest probability there, so blocks of several ranks can be scored together.
 *
 * After m of M members a mean is at most (sum so far + M - m) / M. A voxel goes through a further
 * member only while one of its pixels can still exceed the threshold by the bounds of all its
 * voxels (with a margin far above rounding); a pixel with an undefined voxel cannot. Where a part
 * of a member (an eighth of its largest layer) already proves a probability below 0.01, that bound
 * stands for it; members of which only bounds are known are run in the end on the voxels of pixels
 * that are not excluded. Models whose absurd weights could overflow go through all members. Which
 * members are left out, and curves_run, depend on the block, never on the threads.
 *
 * Memory: what the networks see of some layers of the block, and 11 bytes per voxel.
 * CSRO_ERROR_ARGUMENT: members that do not fit the model, no such class. After an error or a cancel
 * the output is written in part. */
csro_status csro_classify_candidates(csro_context *context, const csro_model *model,
                                     csro_preprocessing preprocessing, int64_t minimum_counts,
                                     const csro_ion_curves *ions, const csro_selection_rule *rule,
                                     double *probability, csro_candidate_counts *counts);

CSRO_API_END

#endif

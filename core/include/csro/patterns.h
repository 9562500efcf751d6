/* Pattern banks: simulated z-SDMs of random and ordered crystals to train classifiers on, made from
 * a recipe (paper, Experimental Section "Training data"). */
#ifndef CSRO_PATTERNS_H
#define CSRO_PATTERNS_H

#include "csro/recipe.h"

CSRO_API_BEGIN

/* A bank. The arrays belong to it; release with csro_patterns_release. */
typedef struct csro_patterns {
  int64_t count;
  int channels, bins;               /* as the recipe has them */
  uint32_t *counts;                 /* [count][channels][bins] */
  uint8_t *label;                   /* [count], class of the recipe: 0 random, others ordered */
  float (*parameters)[CSRO_VALUES]; /* [count], of each pattern, in the units of
                                       csro_pattern_parameters; NaN where the recipe does not say */
} csro_patterns;

/* Names of the parameters, with their units: "SigmaXY_nm". */
extern const char *const csro_pattern_parameters[CSRO_VALUES];

/* The bank of a recipe, class by class. limit > 0: a random choice of that many patterns of the
 * bank. Each pattern has its own random stream: same recipe and seed, same patterns, for any number
 * of threads and any limit.
 *
 * A crystal loses atoms until floor(sites x efficiency) are left, in a ball each atom is detected
 * with the probability. Noise is followed for three standard deviations into a ball. The recipe is
 * one that csro_recipe_read and its relatives have accepted; it is not needed afterwards. On error
 * *patterns is zeroed. */
csro_status csro_patterns_init(csro_context *context, const csro_recipe *recipe, uint64_t seed,
                               int64_t limit, csro_patterns *patterns);
/* Frees the arrays and zeroes the struct. */
void csro_patterns_release(csro_patterns *patterns);

/* Inputs of networks, preprocessed: inputs[count][bins][channels], NaN in the channel of a curve
 * without contrast. Of the bank count, channels, bins and counts are read alone: it may be one of
 * the caller's own. Errors as of csro_curves_preprocess. */
csro_status csro_patterns_inputs(csro_context *context, const csro_patterns *patterns,
                                 csro_preprocessing preprocessing, float *inputs);

/* The mean counts of the patterns of a class, mean[channels][bins]; zeros when it has none. */
void csro_patterns_mean(const csro_patterns *patterns, int label, double *mean);

CSRO_API_END

#endif

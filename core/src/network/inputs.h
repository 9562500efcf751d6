/* From the counts of a model's channels to what its networks see. */
#ifndef CSRO_NETWORK_INPUTS_H
#define CSRO_NETWORK_INPUTS_H

#include "csro/classify.h"

/* inputs[rows][bins][channels] of the voxels from `first` on; a row with an undefined channel
 * begins with NaN. curves is room for rows x bins. For the rest see csro_classify. */
csro_status csro_inputs_init(csro_context *context, const csro_model *model,
                             csro_preprocessing preprocessing, int64_t minimum_counts,
                             int64_t first, int64_t rows, const csro_count_type *types,
                             const void *const *counts, float *curves, float *inputs);

/* Networks have their model's bins, channels and classes. `who` begins the message. */
csro_status csro_members_check(csro_context *context, const char *who, const csro_model *model);

/* The same, and every channel has its counts. */
csro_status csro_inputs_check(csro_context *context, const char *who, const csro_model *model,
                              const csro_count_type *types, const void *const *counts);

#endif

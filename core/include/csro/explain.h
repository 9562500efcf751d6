/* Which parts of a curve decide for a class: gradient-weighted class activation (Grad-CAM,
 * Selvaraju et al., ICCV 2017) along the z-SDM. */
#ifndef CSRO_EXPLAIN_H
#define CSRO_EXPLAIN_H

#include "csro/model.h"

CSRO_API_BEGIN

/* For n curves as the networks see them, inputs[n][bins][channels] of csro_classify_inputs, and one
 * class of the model. "Class" below is the value of the class before softmax.
 *
 * activation[n][bins]: for each member the filters of the last convolution are weighted by the mean
 * over its positions of d class / d filter; the positive part of their weighted sum is the map of
 * the member. The mean of the maps over the members is interpolated linearly from positions to bins
 * (a position stands in the middle of the bins that it sees; beyond the first and the last position
 * the map goes on level) and scaled so that its largest value is 1; a map of zeros stays. Members
 * without a convolution: |d class / d input x input|, summed over the channels.
 *
 * gradient[n][bins][channels], may be NULL: d class / d input, mean over the members, not scaled.
 *
 * Rows that begin with NaN are undefined: NaN. Each row depends on its own input only, bit for bit,
 * for any number of threads. CSRO_ERROR_ARGUMENT: no such class, members that do not fit the
 * model. */
csro_status csro_explain(csro_context *context, const csro_model *model, int class_index, int64_t n,
                         const float *inputs, float *activation, float *gradient);

CSRO_API_END

#endif

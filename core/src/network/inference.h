/* Inference with the caller's scratch memory, for loops over many blocks. */
#ifndef CSRO_NETWORK_INFERENCE_H
#define CSRO_NETWORK_INFERENCE_H

#include "csro/network.h"

/* Most rows of one call of csro_network_run. */
enum { CSRO_NETWORK_ROWS = 512 };

/* The weights in the order in which the kernels read them: how many floats, and the packing. */
int64_t csro_network_packed(const csro_network *network);
void csro_network_pack(const csro_network *network, float *packed);

/* Those of `count` networks of the same shape, one after the other, in memory of malloc. */
csro_status csro_networks_pack(csro_context *context, int count, const csro_network *networks,
                               float **packed);

/* Whether any value of any of the networks could overflow for inputs of at most `largest`, by the
 * sums of their weights. */
bool csro_networks_can_overflow(int count, const csro_network *networks, double largest);

/* Floats of scratch memory that csro_network_run needs for this network. */
int64_t csro_network_scratch(const csro_network *network);

/* out[rows][classes] from in[rows][bins][channels], rows <= CSRO_NETWORK_ROWS. A row's result is
 * the same, bit for bit, at any place among any other rows (dense.h). A row that overflows in any
 * layer is NaN: what comes out then is no answer, even where it is finite. */
void csro_network_run(const csro_network *network, const float *packed, int rows, const float *in,
                      float *scratch, float *out);

/* The layers up to flatten alone. block[0] becomes [rows][values] of flatten, block[1] room for as
 * many rows of the widest dense layer, both in scratch; finite[rows]: which rows do not overflow.
 */
void csro_network_front(const csro_network *network, const float *packed, int rows, const float *in,
                        float *scratch, float *block[2], bool *finite);

#endif

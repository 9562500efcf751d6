/* Dense layers in inference. Each output is one chain of multiply-adds over its own row's inputs in
 * their order, so that a row's result is the same, bit for bit, at any place among any other rows:
 * voxels may be dealt to blocks, threads and ranks as they come. OpenBLAS's sgemm cannot be used
 * for that: where its kernels take twelve columns at a time (Haswell to Zen 3), the order of the
 * sum depends on a row's place in its dozen. */
#ifndef CSRO_NETWORK_DENSE_H
#define CSRO_NETWORK_DENSE_H

#include "csro/network.h"

/* Floats of the packed weights of a dense layer. */
int64_t csro_dense_packed(const csro_layer *layer);

/* Weights and bias in the order in which the kernel of this machine reads them. */
void csro_dense_pack(const csro_layer *layer, float *packed);

/* out[rows][units] = in[rows][inputs] x weights + bias, without the activation. */
void csro_dense_rows(const csro_layer *layer, const float *packed, int rows, const float *in,
                     float *out);

#endif

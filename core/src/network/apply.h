/* Inference with the caller's scratch memory, for loops over many blocks. */
#ifndef CSRO_NETWORK_APPLY_H
#define CSRO_NETWORK_APPLY_H

#include "csro/network.h"

/* Most rows of one call of csro_network_run, and of one matrix product. */
enum { CSRO_NETWORK_ROWS = 512 };

/* Floats of scratch memory that csro_network_run needs for this network. */
int64_t csro_network_scratch(const csro_network *network);

/* out[rows][classes] from in[rows][bins][channels], rows <= CSRO_NETWORK_ROWS. */
void csro_network_run(const csro_network *network, int rows, const float *in, float *scratch,
                      float *out);

/* OpenBLAS has its own threads; ours run over blocks instead. Returns the number of OpenBLAS's
 * threads, for csro_blas_restore. Both are called outside parallel regions. */
int csro_blas_single_thread(void);
void csro_blas_restore(int threads);

#endif

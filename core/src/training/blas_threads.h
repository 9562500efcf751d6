/* OpenBLAS has its own threads, which training and explanations turn off: theirs run over folds and
 * rows instead. */
#ifndef CSRO_TRAINING_BLAS_THREADS_H
#define CSRO_TRAINING_BLAS_THREADS_H

/* Returns the number of OpenBLAS's threads, for csro_blas_restore. Both are called outside parallel
 * regions. */
int csro_blas_single_thread(void);
void csro_blas_restore(int threads);

#endif

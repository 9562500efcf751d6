#include "training/blas_threads.h"

#include <cblas.h>

int csro_blas_single_thread(void) {
  int threads = openblas_get_num_threads();
  openblas_set_num_threads(1);
  return threads;
}

void csro_blas_restore(int threads) {
  openblas_set_num_threads(threads);
}

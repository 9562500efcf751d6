#include "base/progress.h"
#include "voxel/sparse_cell_list.h"

enum { BLOCK = 64 }; /* rows: enough to start windows once for many */

csro_status csro_sparse_cells_for_each_row(csro_context *context, const csro_sparse_cells *cells,
                                           csro_sparse_row_work *work, void *user, double begin,
                                           double end) {
  int32_t blocks = cells->row_count / BLOCK + 1;
  csro_progress progress;
  csro_progress_start(&progress, context, blocks, begin, end);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 1)
  for (int32_t b = 0; b < blocks; b++) {
    if (csro_progress_add(&progress, 1))
      continue;
    int32_t first = b * BLOCK;
    int32_t last = cells->row_count - first < BLOCK ? cells->row_count : first + BLOCK;
    csro_sparse_windows windows;
    for (int32_t row = first; row < last; row++) {
      if (row == first)
        csro_sparse_windows_start(cells, row, &windows);
      else
        csro_sparse_windows_advance(cells, row, &windows);
      work(user, &windows, row);
    }
  }
  return csro_progress_end(&progress);
}

/* Labels by mass. */
#include "base/progress.h"
#include "ranges/mass_intervals.h"

#include <string.h>

enum { block_ions = 65536 };

static csro_status label_all(csro_context *context, const csro_pieces *pieces, const void *mass,
                             bool is_double, int64_t count, uint16_t *label) {
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t begin = 0; begin < count; begin += block_ions) {
    int64_t end = count - begin < block_ions ? count : begin + block_ions;
    if (csro_progress_add(&progress, end - begin))
      continue;
    if (is_double)
      for (int64_t i = begin; i < end; i++)
        label[i] = pieces->label[csro_piece_of(pieces, ((const double *)mass)[i])];
    else
      for (int64_t i = begin; i < end; i++)
        label[i] = pieces->label[csro_piece_of(pieces, (double)((const float *)mass)[i])];
  }
  return csro_progress_end(&progress);
}

csro_status csro_ranges_apply(csro_context *context, const csro_ranges *ranges, const void *mass,
                              bool is_double, int64_t count, uint16_t *label) {
  if (ranges->count == 0) {
    memset(label, 0, (size_t)count * sizeof *label);
    return CSRO_OK;
  }
  csro_pieces pieces;
  csro_status status = csro_pieces_init(context, ranges, &pieces);
  if (status == CSRO_OK)
    status = label_all(context, &pieces, mass, is_double, count, label);
  csro_pieces_release(&pieces);
  return status;
}

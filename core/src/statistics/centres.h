/* A loop with all threads over the ions whose neighbours are measured: the own ones that are no
 * images. */
#ifndef CSRO_STATISTICS_CENTRES_H
#define CSRO_STATISTICS_CENTRES_H

#include "statistics/neighbour_cells.h"

typedef struct csro_centres {
  const csro_labelled_ions *ions;
  const csro_neighbour_cells *sorted;
  /* Measures the ion at a place of the cells; context: of the thread. */
  csro_status (*measure)(csro_context *context, void *all, int thread, int64_t place);
  void *all;
} csro_centres;

/* Neighbouring places go to the same thread. Ends at the first error, or when cancelled. */
csro_status csro_centres_visit(csro_context *context, const csro_centres *centres);

#endif

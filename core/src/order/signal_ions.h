/* The ions of a search for order with their signals, by cells. */
#ifndef CSRO_ORDER_SIGNAL_IONS_H
#define CSRO_ORDER_SIGNAL_IONS_H

#include "csro/ions.h"

/* The ions sorted by cells, within a cell by their positions and signals: sums over the ions around
 * a candidate centre are bit for bit the same whatever the order the ions came in and whatever part
 * of the specimen is held. Cells are counted from the lowest corner of the whole specimen; the
 * cells first .. first + n - 1 are held. signal: the change of an ion's likelihood, relative to no
 * order, when it comes from a domain whose even planes are the rich ones; -signal for the odd ones.
 */
typedef struct csro_signal_ions {
  double origin[3];
  int64_t first[3], n[3], count;
  int64_t *start;            /* of each cell held, x fastest */
  int64_t *index;            /* place in the caller's arrays */
  float *x, *y, *z, *signal; /* CSRO_SIGNAL_SPARE more than there are ions, for vector code */
} csro_signal_ions;

#define CSRO_ORDER_CELL 0.4 /* nm */
enum { CSRO_SIGNAL_SPARE = 16 };

/* bounds: of the ions of the whole specimen (xmin, xmax, ymin ...). Holds the cells that touch
 * `around`; ions elsewhere are left out. CSRO_ERROR_ARGUMENT: 2^31 ions or more. */
csro_status csro_signal_ions_init(csro_context *context, const csro_points *points,
                                  const float *signal, const double bounds[6],
                                  const double around[6], csro_signal_ions *ions);
void csro_signal_ions_release(csro_signal_ions *ions);

/* Number of the cell (i, j, k), counted from the lowest corner of the specimen. */
static inline int64_t csro_signal_cell(const csro_signal_ions *ions, int64_t i, int64_t j,
                                       int64_t k) {
  return ((k - ions->first[2]) * ions->n[1] + j - ions->first[1]) * ions->n[0] + i - ions->first[0];
}

/* The cells held around a centre, lo .. hi inclusive; false when there are none. */
bool csro_signal_block(const csro_signal_ions *ions, const double center[3], double reach_xy,
                       double reach_z, int64_t lo[3], int64_t hi[3]);

#endif

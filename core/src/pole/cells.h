/* The ions as waves: of each small cell the sum of exp(-2 pi i q z), q being near the wave numbers
 * that are looked for. All wave vectors near (0, 0, q), in blocks of any size, follow from these.
 */
#ifndef CSRO_POLE_CELLS_H
#define CSRO_POLE_CELLS_H

#include "csro/pole.h"

typedef struct csro_pole_cells {
  double q;
  double origin[3], size[3];
  int64_t n[3];      /* x fastest */
  int64_t blocks[3]; /* smallest blocks: n over CSRO_CELLS_EDGE */
  int32_t *sums;     /* [cells][3] cosine and sine in units of CSRO_CELL_UNIT, ions */
} csro_pole_cells;

#define CSRO_CELL_UNIT 0x1p-14
/* Cells of the smallest block along x and y, and along z. */
enum { CSRO_CELLS_ACROSS = 12, CSRO_CELLS_ALONG = 6 };

static inline int csro_cells_edge(int axis) {
  return axis < 2 ? CSRO_CELLS_ACROSS : CSRO_CELLS_ALONG;
}
static inline int64_t csro_pole_cells_count(const csro_pole_cells *cells) {
  return cells->n[0] * cells->n[1] * cells->n[2];
}

csro_status csro_pole_cells_init(csro_context *context, const double bounds[6], double q,
                                 csro_pole_cells *cells);
void csro_pole_cells_add(const csro_context *context, const csro_pole_cells *cells,
                         const csro_points *points, const uint16_t *label, int32_t *sums);

/* Takes the ions of cells at the surface out, to 0.8 nm along x and y: with the noise of their
 * positions they come from further inside, which would make tilted planes look less tilted. */
csro_status csro_pole_cells_trim(csro_context *context, csro_pole_cells *cells);

/* The middle of a cell along an axis. */
static inline double csro_cell_middle(const csro_pole_cells *cells, int axis, int64_t index) {
  return cells->origin[axis] + cells->size[axis] * ((double)index + 0.5);
}

/* Where wave vectors are looked for: within a cone about z, near a length, and, if `near` is above
 * 0, within that distance of a middle. */
typedef struct csro_pole_window {
  double length, tilt; /* 1/nm, degrees */
  double middle[3], near;
} csro_pole_window;

/* The wave vectors of blocks of smallest blocks times `scale` along each axis, which number
 * n[axis] = ceil(cells->blocks[axis] / scale). `noise` is the power of a wave without planes. Fills
 * box, center, ions, resolved, wave, deviation, coherence, power; orientation is -1. */
csro_status csro_pole_blocks(csro_context *context, const csro_pole_cells *cells,
                             const csro_pole_window *window, int scale, double noise,
                             csro_pole_block *blocks);

/* Sum over the cells of a range (low <= index < high on each axis) for which `within` is NULL or
 * holds, of their waves relative to k: |sum|^2 and ions. Cells whose middle is further than
 * `radius` from x, y are left out. */
typedef struct csro_cylinder {
  double x, y, radius;
} csro_cylinder;
double csro_pole_cells_power(const csro_pole_cells *cells, const int64_t low[3],
                             const int64_t high[3], const csro_cylinder *cylinder,
                             const double k[3], double *ions);
/* What the size of the cells leaves of the amplitude of a wave. */
double csro_pole_cells_fade(const csro_pole_cells *cells, const double k[3]);

#endif

#include "crystal/crystal.h"

#include <math.h>

double csro_crystal_spacing(csro_pole pole, double a) {
  return pole == CSRO_POLE_002 ? a / 2 : a / sqrt(3.0);
}

csro_status csro_crystal_init(csro_context *context, csro_pole pole, double a, const double half[2],
                              const double z[2], csro_crystal *crystal) {
  csro_crystal made = {.pole = pole, .plane_spacing = csro_crystal_spacing(pole, a)};
  if (pole == CSRO_POLE_002) {
    made.row_spacing = a / 2;
    made.column_spacing = a;
  } else {
    made.column_spacing = a / sqrt(2.0);
    made.row_spacing = made.column_spacing * sqrt(0.75);
  }
  double first_plane = ceil(-z[1] / made.plane_spacing - 0.5);
  double planes = fmax(floor(-z[0] / made.plane_spacing + 0.5) - first_plane, 0);
  double half_rows = ceil(half[1] / made.row_spacing) + 1;
  double half_columns = ceil(half[0] / made.column_spacing) + 1;
  double sites = planes * (2 * half_rows + 1) * (2 * half_columns + 1);
  if (!(sites <= ldexp(1.0, CSRO_CRYSTAL_TOO_LARGE) && fabs(first_plane) <= ldexp(1.0, 60)))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the specimen has %.3g lattice sites, more than the largest number of 2^%d",
                     sites, CSRO_CRYSTAL_TOO_LARGE);
  made.planes = (int64_t)planes;
  made.rows = 2 * (int64_t)half_rows + 1;
  made.columns = 2 * (int64_t)half_columns + 1;
  made.first_plane = (int64_t)first_plane;
  made.first_row = -(int64_t)half_rows;
  made.first_column = -(int64_t)half_columns;
  *crystal = made;
  return CSRO_OK;
}

void csro_crystal_position(const csro_crystal *crystal, int64_t plane, int64_t row, int64_t column,
                           double out[3]) {
  int64_t p = plane + crystal->first_plane;
  int64_t r = row + crystal->first_row, c = column + crystal->first_column;
  int stacking = crystal->pole == CSRO_POLE_002 ? (int)(p & 1) : (int)((p % 3 + 3) % 3);
  double lift = crystal->pole == CSRO_POLE_002 ? 0.0 : stacking / 3.0;
  out[0] = ((double)c + 0.5 * (double)((r + stacking) & 1)) * crystal->column_spacing;
  out[1] = ((double)r + lift) * crystal->row_spacing;
  out[2] = -((double)p + 0.5) * crystal->plane_spacing;
}

static void clip(double lo, double hi, int64_t limit, int64_t out[2]) {
  double first = fmin(fmax(floor(lo), 0.0), (double)limit);
  double end = fmin(fmax(ceil(hi) + 1.0, first), (double)limit);
  out[0] = (int64_t)first;
  out[1] = (int64_t)end;
}

csro_site_block csro_crystal_block(const csro_crystal *crystal, const double lo[3],
                                   const double hi[3]) {
  csro_site_block block;
  double above = (double)crystal->first_plane + 0.5;
  clip(-hi[2] / crystal->plane_spacing - above, -lo[2] / crystal->plane_spacing - above,
       crystal->planes, block.plane);
  /* One row or column less at the lower end: stacking moves sites towards larger x and y. */
  clip(lo[1] / crystal->row_spacing - (double)crystal->first_row - 1.0,
       hi[1] / crystal->row_spacing - (double)crystal->first_row, crystal->rows, block.row);
  clip(lo[0] / crystal->column_spacing - (double)crystal->first_column - 1.0,
       hi[0] / crystal->column_spacing - (double)crystal->first_column, crystal->columns,
       block.column);
  return block;
}

int csro_crystal_sublattice(const csro_crystal *crystal, int64_t plane, int64_t row) {
  int parity = (int)((plane + crystal->first_plane) & 1);
  if (crystal->pole == CSRO_POLE_111)
    return parity;
  return (int)(2 * parity + ((row + crystal->first_row) & 1));
}

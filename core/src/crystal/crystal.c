#include "crystal/crystal.h"

#include "csro/configuration.h"
#include "csro/recipe.h"

#include <math.h>
#include <stdlib.h>

csro_status csro_crystal_init(csro_context *context, const csro_specimen *specimen,
                              csro_crystal *crystal) {
  const double a = specimen->lattice_constant;
  *crystal = (csro_crystal){.pole = specimen->pole};
  const csro_recipe *recipe = specimen->recipe;
  const csro_configuration *configuration = specimen->configuration;
  if (recipe || configuration) {
    crystal->cell = csro_allocate(context, 1, sizeof *crystal->cell);
    if (!crystal->cell)
      return CSRO_ERROR_MEMORY;
    csro_status status =
        csro_cell_crystal_init(context,
                               configuration ? &configuration->structure
                                             : &recipe->structures[recipe->classes[0].structure],
                               configuration ? configuration->pole : recipe->pole, crystal->cell);
    crystal->plane_spacing = crystal->cell->plane_spacing;
    return status;
  }
  if (specimen->pole == CSRO_POLE_002) {
    crystal->plane_spacing = a / 2;
    crystal->row_spacing = a / 2;
    crystal->column_spacing = a;
  } else {
    crystal->plane_spacing = a / sqrt(3.0);
    crystal->column_spacing = a / sqrt(2.0);
    crystal->row_spacing = crystal->column_spacing * sqrt(0.75);
  }
  return CSRO_OK;
}

void csro_crystal_release(csro_crystal *crystal) {
  if (!crystal)
    return;
  csro_cell_crystal_release(crystal->cell);
  free(crystal->cell);
  *crystal = (csro_crystal){0};
}

/* Lattice numbers first .. end - 1 of planes, rows and columns. */
static void enclose_fcc(const csro_crystal *crystal, const double half[2], const double z[2],
                        double first[3], double end[3]) {
  first[0] = ceil(-z[1] / crystal->plane_spacing - 0.5);
  end[0] = fmax(floor(-z[0] / crystal->plane_spacing + 0.5), first[0]);
  const double spacing[3] = {0, crystal->row_spacing, crystal->column_spacing};
  for (int k = 1; k < 3; k++) {
    double reach = ceil(half[2 - k] / spacing[k]) + 1;
    first[k] = -reach;
    end[k] = reach + 1;
  }
}

csro_status csro_crystal_enclose(csro_context *context, const double half[2], const double z[2],
                                 csro_crystal *crystal) {
  double first[3], end[3], sites = 1, farthest = 0;
  if (crystal->cell)
    csro_cell_bounds(crystal->cell, (const double[3]){-half[0], -half[1], z[0]},
                     (const double[3]){half[0], half[1], z[1]}, first, end);
  else
    enclose_fcc(crystal, half, z, first, end);
  for (int k = 0; k < 3; k++) {
    sites *= end[k] - first[k];
    farthest = fmax(farthest, fabs(first[k]));
  }
  if (!(sites <= ldexp(1.0, CSRO_CRYSTAL_TOO_LARGE) && farthest <= ldexp(1.0, 60)))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the specimen has %.3g lattice sites, more than the largest number of 2^%d",
                     sites, CSRO_CRYSTAL_TOO_LARGE);
  crystal->first_plane = (int64_t)first[0];
  crystal->first_row = (int64_t)first[1];
  crystal->first_column = (int64_t)first[2];
  crystal->planes = (int64_t)(end[0] - first[0]);
  crystal->rows = (int64_t)(end[1] - first[1]);
  crystal->columns = (int64_t)(end[2] - first[2]);
  return CSRO_OK;
}

void csro_crystal_position(const csro_crystal *crystal, int64_t plane, int64_t row, int64_t column,
                           double out[3]) {
  int64_t p = plane + crystal->first_plane;
  int64_t r = row + crystal->first_row, c = column + crystal->first_column;
  if (crystal->cell) {
    csro_cell_position(crystal->cell, p, r, c, out);
    return;
  }
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
  if (crystal->cell) {
    double first[3], end[3];
    csro_cell_bounds(crystal->cell, lo, hi, first, end);
    clip(first[0] - (double)crystal->first_plane, end[0] - (double)crystal->first_plane,
         crystal->planes, block.plane);
    clip(first[1] - (double)crystal->first_row, end[1] - (double)crystal->first_row, crystal->rows,
         block.row);
    clip(first[2] - (double)crystal->first_column, end[2] - (double)crystal->first_column,
         crystal->columns, block.column);
    return block;
  }
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

int csro_crystal_cubic_sublattice(const csro_crystal *crystal, int64_t plane, int64_t row,
                                  int64_t column) {
  if (crystal->pole == CSRO_POLE_002)
    return csro_crystal_sublattice(crystal, plane, row);
  /* In whole steps to nearest neighbours: along the row, to the next row, to the next plane. The
   * steps lead to the sublattices 1, 2 and 3 of the group {0, 1, 2, 3} under exclusive or, which
   * neighbours never share. */
  int64_t p = plane + crystal->first_plane;
  int64_t r = row + crystal->first_row, c = column + crystal->first_column;
  int64_t stacking = (p % 3 + 3) % 3, rows = r + (stacking - p) / 3;
  int64_t columns = (2 * c + ((r + stacking) & 1) - rows - p) / 2;
  return (int)((columns & 1) ^ 2 * (rows & 1) ^ 3 * (p & 1));
}

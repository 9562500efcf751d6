#include "pole/cells.h"

#include "csro/voxels.h"

#include <math.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
static const double largest_edge = 5.5, height = 0.8;
enum { LARGEST_CELLS = 1 << 25 };

/* A cell is a whole number of 1 / q high: an even density then leaves nothing in it. */
csro_status csro_pole_cells_init(csro_context *context, const double bounds[6], double q,
                                 csro_pole_cells *cells) {
  *cells = (csro_pole_cells){.q = q};
  double total = 1;
  for (int a = 0; a < 3; a++) {
    double extent = fmax(bounds[2 * a + 1] - bounds[2 * a], 1e-3) * (1 + 1e-9);
    double edge = fmax(2, round(height * q)) / q * CSRO_CELLS_ALONG;
    double blocks = ceil(extent / (a < 2 ? largest_edge : edge));
    cells->size[a] = (a < 2 ? extent / blocks : edge) / csro_cells_edge(a);
    total *= blocks * csro_cells_edge(a);
    if (!(total <= LARGEST_CELLS))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "the ions span %g x %g x %g nm, too much to look for lattice planes: are "
                       "there stray ions?",
                       bounds[1] - bounds[0], bounds[3] - bounds[2], bounds[5] - bounds[4]);
    cells->blocks[a] = (int64_t)blocks;
    cells->n[a] = cells->blocks[a] * csro_cells_edge(a);
    cells->origin[a] =
        (bounds[2 * a] + bounds[2 * a + 1]) / 2 - cells->size[a] * (double)cells->n[a] / 2;
  }
  return CSRO_OK;
}

void csro_pole_cells_add(const csro_context *context, const csro_pole_cells *cells,
                         const csro_points *points, const uint16_t *label, int32_t *sums) {
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    int64_t cell = 0;
    if (label && label[i] == 0)
      continue;
    csro_points_get(points, i, r);
    for (int a = 2; a >= 0; a--) {
      double at = floor((r[a] - cells->origin[a]) / cells->size[a]);
      cell = cell * cells->n[a] + (int64_t)fmin(fmax(at, 0), (double)(cells->n[a] - 1));
    }
    double angle = 2 * pi * cells->q * r[2];
    int32_t *sum = sums + 3 * cell;
    int32_t re = (int32_t)lrint(cos(angle) / CSRO_CELL_UNIT);
    int32_t im = (int32_t)lrint(-sin(angle) / CSRO_CELL_UNIT);
#pragma omp atomic
    sum[0] += re;
#pragma omp atomic
    sum[1] += im;
#pragma omp atomic
    sum[2]++;
  }
}

double csro_pole_cells_fade(const csro_pole_cells *cells, const double k[3]) {
  double fade = 1;
  for (int a = 0; a < 3; a++) {
    double x = pi * (a < 2 ? k[a] : k[a] - cells->q) * cells->size[a];
    fade *= fabs(x) < 1e-6 ? 1 : sin(x) / x;
  }
  return fade;
}

double csro_pole_cells_power(const csro_pole_cells *cells, const int64_t low[3],
                             const int64_t high[3], const csro_cylinder *cylinder,
                             const double k[3], double *ions) {
  double re = 0, im = 0;
  *ions = 0;
  for (int64_t j = low[1]; j < high[1]; j++)
    for (int64_t i = low[0]; i < high[0]; i++) {
      double x = csro_cell_middle(cells, 0, i), y = csro_cell_middle(cells, 1, j);
      if (hypot(x - cylinder->x, y - cylinder->y) > cylinder->radius)
        continue;
      for (int64_t l = low[2]; l < high[2]; l++) {
        const int32_t *sum = cells->sums + 3 * ((l * cells->n[1] + j) * cells->n[0] + i);
        if (sum[2] == 0)
          continue;
        double z = csro_cell_middle(cells, 2, l);
        double angle = -2 * pi * (k[0] * x + k[1] * y + (k[2] - cells->q) * z);
        double c = cos(angle), s = sin(angle);
        re += c * sum[0] - s * sum[1];
        im += c * sum[1] + s * sum[0];
        *ions += sum[2];
      }
    }
  return (re * re + im * im) * CSRO_CELL_UNIT * CSRO_CELL_UNIT;
}

#include "csro/domains.h"

#include "base/progress.h"
#include "csro/voxels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Eigenvalues below this part of the largest one are the rounding of a flat or straight domain. */
static const double flat = 1e-14;

/* Sums of dx dx, dy dy, dz dz, dx dy, dx dz, dy dz about the centre. */
typedef struct moments {
  double sum[6];
} moments;

static csro_status check_input(csro_context *context, const csro_points *points,
                               const int64_t *domain, int64_t domain_count, const uint16_t *label,
                               int species_count) {
  for (int64_t i = 0; i < points->count; i++) {
    if (domain[i] < -1 || domain[i] >= domain_count)
      return csro_fail(context, CSRO_ERROR_DATA, "domain of ion %lld is %lld, expected -1 .. %lld",
                       (long long)i, (long long)domain[i], (long long)domain_count - 1);
    if (label && label[i] >= species_count)
      return csro_fail(context, CSRO_ERROR_DATA, "species of ion %lld is %d, expected 0 .. %d",
                       (long long)i, label[i], species_count - 1);
  }
  double bounds[6];
  return csro_points_bounds(context, points, bounds);
}

static void start_row(csro_domain *row) {
  memset(row, 0, sizeof *row);
  for (int axis = 0; axis < 3; axis++) {
    row->lo[axis] = INFINITY;
    row->hi[axis] = -INFINITY;
  }
}

static void add_position(csro_domain *row, const double r[3]) {
  row->size++;
  for (int axis = 0; axis < 3; axis++) {
    row->center[axis] += r[axis];
    row->lo[axis] = fmin(row->lo[axis], r[axis]);
    row->hi[axis] = fmax(row->hi[axis], r[axis]);
  }
}

static void add_moments(moments *m, const csro_domain *row, const double r[3]) {
  double x = r[0] - row->center[0], y = r[1] - row->center[1], z = r[2] - row->center[2];
  const double product[6] = {x * x, y * y, z * z, x * y, x * z, y * z};
  for (int i = 0; i < 6; i++)
    m->sum[i] += product[i];
}

/* Rotates the plane (p, q) so that a[p][q] vanishes (Jacobi). */
static void rotate(double a[3][3], int p, int q) {
  if (a[p][q] == 0)
    return;
  double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  double t = 1 / (fabs(theta) + sqrt(theta * theta + 1));
  t = theta < 0 ? -t : t;
  double cosine = 1 / sqrt(t * t + 1), sine = t * cosine, off = a[p][q];
  int r = 3 - p - q;
  double rp = a[r][p], rq = a[r][q];
  a[p][p] -= t * off;
  a[q][q] += t * off;
  a[p][q] = a[q][p] = 0;
  a[r][p] = a[p][r] = cosine * rp - sine * rq;
  a[r][q] = a[q][r] = sine * rp + cosine * rq;
}

/* Eigenvalues of a symmetric matrix, largest first. */
static void eigenvalues(double a[3][3], double out[3]) {
  const int most_sweeps = 50; /* converges quadratically: five or six are enough */
  for (int sweep = 0; sweep < most_sweeps; sweep++) {
    double off = fabs(a[0][1]) + fabs(a[0][2]) + fabs(a[1][2]);
    double diagonal = fabs(a[0][0]) + fabs(a[1][1]) + fabs(a[2][2]);
    if (off <= DBL_MIN || off <= diagonal * DBL_EPSILON / 1024)
      break;
    rotate(a, 0, 1);
    rotate(a, 0, 2);
    rotate(a, 1, 2);
  }
  double x = a[0][0], y = a[1][1], z = a[2][2];
  out[0] = fmax(x, fmax(y, z));
  out[2] = fmin(x, fmin(y, z));
  out[1] = fmax(fmin(x, y), fmin(fmax(x, y), z));
}

static void finish_row(csro_domain *row, const moments *m) {
  double n = (double)row->size; /* 0 gives NaN everywhere */
  for (int axis = 0; axis < 3 && row->size == 0; axis++)
    row->lo[axis] = row->hi[axis] = NAN;
  double xx = m->sum[0] / n, yy = m->sum[1] / n, zz = m->sum[2] / n;
  double xy = m->sum[3] / n, xz = m->sum[4] / n, yz = m->sum[5] / n;
  double matrix[3][3] = {{xx, xy, xz}, {xy, yy, yz}, {xz, yz, zz}}, square[3];
  eigenvalues(matrix, square);
  for (int k = 0; k < 3; k++) {
    row->gyration_axes[k] = sqrt(k == 0 ? xx : k == 1 ? yy : zz);
    row->gyration[k] = square[k] <= flat * square[0] ? 0 : sqrt(square[k]);
  }
  row->aspect_ratio = row->gyration[0] > 0 ? row->gyration[1] / row->gyration[0] : NAN;
  row->oblateness = row->gyration[1] > 0 ? row->gyration[2] / row->gyration[1] : NAN;
}

/* Ions are added one after another, in the order of the input: the sums never depend on the number
 * of threads. */
static csro_status measure(csro_context *context, const csro_points *points, const int64_t *domain,
                           int64_t domain_count, csro_domain *rows, moments *sums) {
  const int64_t block = 65536;
  csro_progress progress;
  csro_progress_start(&progress, context, 2 * points->count, 0, 1);
  for (int pass = 0; pass < 2; pass++) {
    for (int64_t i = 0; i < points->count; i++) {
      if (i % block == 0 && csro_progress_add(&progress, block))
        return csro_progress_end(&progress);
      if (domain[i] < 0)
        continue;
      double r[3];
      csro_points_get(points, i, r);
      if (pass == 0)
        add_position(&rows[domain[i]], r);
      else
        add_moments(&sums[domain[i]], &rows[domain[i]], r);
    }
    for (int64_t d = 0; d < domain_count; d++)
      for (int axis = 0; axis < 3 && pass == 0; axis++)
        rows[d].center[axis] /= (double)rows[d].size;
  }
  for (int64_t d = 0; d < domain_count; d++)
    finish_row(&rows[d], &sums[d]);
  return csro_progress_end(&progress);
}

csro_status csro_domains_measure(csro_context *context, const csro_points *points,
                                 const int64_t *domain, int64_t domain_count, const uint16_t *label,
                                 int species_count, csro_domain *rows, int64_t *composition) {
  size_t composition_size = (size_t)domain_count * (size_t)species_count * sizeof *composition;
  for (int64_t d = 0; d < domain_count; d++)
    start_row(&rows[d]);
  if (label)
    memset(composition, 0, composition_size);
  csro_status status = check_input(context, points, domain, domain_count, label, species_count);
  moments *sums = NULL;
  if (status == CSRO_OK) {
    sums = csro_allocate(context, domain_count, sizeof *sums);
    status = sums ? CSRO_OK : CSRO_ERROR_MEMORY;
  }
  if (status == CSRO_OK) {
    memset(sums, 0, (size_t)domain_count * sizeof *sums);
    status = measure(context, points, domain, domain_count, rows, sums);
  }
  free(sums);
  if (status != CSRO_OK) {
    memset(rows, 0, (size_t)domain_count * sizeof *rows);
    return status;
  }
  for (int64_t i = 0; label && i < points->count; i++)
    if (domain[i] >= 0)
      composition[domain[i] * species_count + label[i]]++;
  return CSRO_OK;
}

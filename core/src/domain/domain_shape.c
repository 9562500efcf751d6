#include "csro/domains.h"

#include "base/progress.h"
#include "csro/voxels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Eigenvalues below this part of the largest one are the rounding of a flat or straight domain. */
static const double flat = 1e-14;
/* Eigenvalues closer than this part of the largest one are equal: any axis would do. */
static const double equal = 1e-6;

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

static void start(csro_domain_sums *sums) {
  memset(sums, 0, sizeof *sums);
  for (int axis = 0; axis < 3; axis++) {
    sums->lo[axis] = INFINITY;
    sums->hi[axis] = -INFINITY;
  }
}

static void add_position(csro_domain_sums *sums, const double r[3]) {
  sums->size++;
  for (int axis = 0; axis < 3; axis++) {
    sums->center[axis] += r[axis];
    sums->lo[axis] = fmin(sums->lo[axis], r[axis]);
    sums->hi[axis] = fmax(sums->hi[axis], r[axis]);
  }
}

/* `count` ions at distance d from the centre. */
static void add_moments(csro_domain_sums *sums, const double d[3], double count) {
  const double product[6] = {d[0] * d[0], d[1] * d[1], d[2] * d[2],
                             d[0] * d[1], d[0] * d[2], d[1] * d[2]};
  for (int i = 0; i < 6; i++)
    sums->moments[i] += count * product[i];
}

void csro_domain_sums_add(csro_domain_sums *sums, const csro_domain_sums *other) {
  if (other->size == 0)
    return;
  if (sums->size == 0) {
    *sums = *other;
    return;
  }
  double here = (double)sums->size, there = (double)other->size, total = here + there, apart[3];
  for (int axis = 0; axis < 3; axis++) {
    apart[axis] = other->center[axis] - sums->center[axis];
    sums->center[axis] += apart[axis] * (there / total);
    sums->lo[axis] = fmin(sums->lo[axis], other->lo[axis]);
    sums->hi[axis] = fmax(sums->hi[axis], other->hi[axis]);
  }
  for (int i = 0; i < 6; i++)
    sums->moments[i] += other->moments[i];
  /* both move to the common centre (Chan, Golub and LeVeque, Am. Stat. 37 (1983) 242) */
  add_moments(sums, apart, here * there / total);
  sums->size += other->size;
}

/* Rotates the plane (p, q) so that a[p][q] vanishes (Jacobi), and the axes with it. */
static void rotate(double a[3][3], double axis[3][3], int p, int q) {
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
  for (int k = 0; k < 3; k++) {
    const double of_p = axis[p][k], of_q = axis[q][k];
    axis[p][k] = cosine * of_p - sine * of_q;
    axis[q][k] = sine * of_p + cosine * of_q;
  }
}

/* Eigenvalues of a symmetric matrix, largest first, and their axes. */
static void eigenvalues(double a[3][3], double out[3], double axis[3][3]) {
  const int most_sweeps = 50; /* converges quadratically: five or six are enough */
  double of[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  for (int sweep = 0; sweep < most_sweeps; sweep++) {
    double off = fabs(a[0][1]) + fabs(a[0][2]) + fabs(a[1][2]);
    double diagonal = fabs(a[0][0]) + fabs(a[1][1]) + fabs(a[2][2]);
    if (off <= DBL_MIN || off <= diagonal * DBL_EPSILON / 1024)
      break;
    rotate(a, of, 0, 1);
    rotate(a, of, 0, 2);
    rotate(a, of, 1, 2);
  }
  int order[3] = {0, 1, 2};
  for (int k = 0; k < 3; k++) /* three steps sort three */
    if (a[order[k % 2]][order[k % 2]] < a[order[k % 2 + 1]][order[k % 2 + 1]]) {
      const int first = order[k % 2];
      order[k % 2] = order[k % 2 + 1];
      order[k % 2 + 1] = first;
    }
  for (int k = 0; k < 3; k++) {
    out[k] = a[order[k]][order[k]];
    memcpy(axis[k], of[order[k]], sizeof axis[k]);
  }
}

/* An axis has no sign: z, else y, else x is positive. */
static void turn_up(double axis[3]) {
  static const double level = 1e-9;
  int k = 2;
  while (k > 0 && fabs(axis[k]) < level)
    k--;
  const double sign = axis[k] < 0 ? -1 : 1;
  for (int i = 0; i < 3; i++)
    axis[i] *= sign;
}

static void finish_row(const csro_domain_sums *sums, csro_domain *row) {
  memset(row, 0, sizeof *row);
  row->size = sums->size;
  double n = (double)row->size; /* 0 gives NaN everywhere */
  for (int axis = 0; axis < 3; axis++) {
    row->center[axis] = row->size > 0 ? sums->center[axis] : NAN;
    row->lo[axis] = row->size > 0 ? sums->lo[axis] : NAN;
    row->hi[axis] = row->size > 0 ? sums->hi[axis] : NAN;
    row->extent[axis] = fmax(row->center[axis] - row->lo[axis], row->hi[axis] - row->center[axis]);
  }
  const double *m = sums->moments;
  double xx = m[0] / n, yy = m[1] / n, zz = m[2] / n, xy = m[3] / n, xz = m[4] / n, yz = m[5] / n;
  double matrix[3][3] = {{xx, xy, xz}, {xy, yy, yz}, {xz, yz, zz}}, square[3];
  eigenvalues(matrix, square, row->axis);
  for (int k = 0; k < 3; k++) {
    row->gyration_axes[k] = sqrt(k == 0 ? xx : k == 1 ? yy : zz);
    row->gyration[k] = square[k] <= flat * square[0] ? 0 : sqrt(square[k]);
    turn_up(row->axis[k]);
  }
  for (int k = 0; k < 3; k++) {
    const bool is_any = (k > 0 && square[k - 1] - square[k] <= equal * square[0]) ||
                        (k < 2 && square[k] - square[k + 1] <= equal * square[0]);
    for (int i = 0; i < 3 && is_any; i++)
      row->axis[k][i] = NAN;
    row->reach[k] = isnan(row->gyration[k]) || (is_any && row->gyration[k] > 0) ? NAN : 0;
  }
  row->aspect_ratio = row->gyration[0] > 0 ? row->gyration[1] / row->gyration[0] : NAN;
  row->oblateness = row->gyration[1] > 0 ? row->gyration[2] / row->gyration[1] : NAN;
  const double *rg = row->gyration_axes, *extent = row->extent, ball = 4 * acos(-1) / 3;
  row->radius = sqrt(xx + yy + zz);
  row->guinier = sqrt(5. / 3) * row->radius;
  row->gyration_volume = ball * rg[0] * rg[1] * rg[2];
  row->extent_volume = ball * extent[0] * extent[1] * extent[2];
}

void csro_domains_finish(const csro_domain_sums *sums, int64_t domain_count, csro_domain *rows) {
  for (int64_t d = 0; d < domain_count; d++)
    finish_row(&sums[d], &rows[d]);
}

/* Ions are added one after another, in the order of the input: the sums never depend on the number
 * of threads. */
static csro_status add_ions(csro_context *context, const csro_points *points, const int64_t *domain,
                            int64_t domain_count, csro_domain_sums *sums) {
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
      csro_domain_sums *of = &sums[domain[i]];
      if (pass == 0) {
        add_position(of, r);
        continue;
      }
      for (int axis = 0; axis < 3; axis++)
        r[axis] -= of->center[axis];
      add_moments(of, r, 1);
    }
    for (int64_t d = 0; d < domain_count; d++)
      for (int axis = 0; axis < 3 && pass == 0 && sums[d].size > 0; axis++)
        sums[d].center[axis] /= (double)sums[d].size;
  }
  return csro_progress_end(&progress);
}

csro_status csro_domains_sum(csro_context *context, const csro_points *points,
                             const int64_t *domain, int64_t domain_count, const uint16_t *label,
                             int species_count, csro_domain_sums *sums, int64_t *composition) {
  for (int64_t d = 0; d < domain_count; d++)
    start(&sums[d]);
  if (label)
    memset(composition, 0, (size_t)domain_count * (size_t)species_count * sizeof *composition);
  csro_status status = check_input(context, points, domain, domain_count, label, species_count);
  if (status == CSRO_OK)
    status = add_ions(context, points, domain, domain_count, sums);
  if (status != CSRO_OK) {
    memset(sums, 0, (size_t)domain_count * sizeof *sums);
    return status;
  }
  for (int64_t i = 0; label && i < points->count; i++)
    if (domain[i] >= 0)
      composition[domain[i] * species_count + label[i]]++;
  return CSRO_OK;
}

void csro_domains_add_reach(const csro_points *points, const int64_t *domain, csro_domain *rows) {
  for (int64_t i = 0; i < points->count; i++) {
    if (domain[i] < 0)
      continue;
    csro_domain *row = &rows[domain[i]];
    double r[3];
    csro_points_get(points, i, r);
    for (int k = 0; k < 3; k++) {
      double along = 0;
      for (int axis = 0; axis < 3; axis++)
        along += (r[axis] - row->center[axis]) * row->axis[k][axis];
      row->reach[k] = fmax(row->reach[k], fabs(along)); /* the number where one is NaN */
    }
  }
}

csro_status csro_domains_measure(csro_context *context, const csro_points *points,
                                 const int64_t *domain, int64_t domain_count, const uint16_t *label,
                                 int species_count, csro_domain *rows, int64_t *composition) {
  csro_domain_sums *sums = csro_allocate(context, domain_count, sizeof *sums);
  csro_status status = sums ? csro_domains_sum(context, points, domain, domain_count, label,
                                               species_count, sums, composition)
                            : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK) {
    csro_domains_finish(sums, domain_count, rows);
    csro_domains_add_reach(points, domain, rows);
  } else
    memset(rows, 0, (size_t)domain_count * sizeof *rows);
  free(sums);
  return status;
}

const char *csro_domain_shape(const csro_domain *domain) {
  static const double limit = 0.5;
  if (isnan(domain->aspect_ratio) || isnan(domain->oblateness))
    return "";
  if (domain->aspect_ratio > limit)
    return domain->oblateness > limit ? "sphere" : "disc";
  return domain->oblateness > limit ? "rod" : "lath";
}

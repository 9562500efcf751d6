#include "csro/sensitivity.h"
#include "csro/voxels.h"
#include "inject/point_bins.h"
#include "statistics/normal_quantile.h"

#include <math.h>
#include <stdlib.h>

/* nm: ions so far around a reported ball belong to it; and so far inside to nothing else, as
 * domains are reported somewhat too large. */
static const double margin = 0.3, inside = 0.15;

double csro_normal_quantile(double level) {
  double lo = 0, hi = 10;
  for (int k = 0; k < 60; k++) {
    double middle = (lo + hi) / 2;
    if (erf(middle / sqrt(2.0)) < level)
      lo = middle;
    else
      hi = middle;
  }
  return lo;
}

csro_estimate csro_share_interval(double k, double n, double level) {
  if (!(n > 0))
    return (csro_estimate){NAN, NAN, NAN};
  double z = csro_normal_quantile(level), count = n, share = k / n;
  double scale = 1 / (1 + z * z / count), middle = scale * (share + z * z / (2 * count));
  double half = scale * z * sqrt(share * (1 - share) / count + z * z / (4 * count * count));
  return (csro_estimate){share, fmax(middle - half, 0), fmin(middle + half, 1)};
}

/* The balls that were reported, in bins of how far they reach. */
static csro_status bin_reports(csro_context *context, const csro_reports *data,
                               csro_point_bins *bins) {
  double bounds[6] = {0}, reach = 0;
  for (int64_t d = 0; d < data->count; d++) {
    reach = fmax(reach, data->diameter[d] / 2 + margin);
    for (int a = 0; a < 3; a++) {
      const double at = data->center[d][a];
      bounds[2 * a] = d == 0 ? at : fmin(bounds[2 * a], at);
      bounds[2 * a + 1] = d == 0 ? at : fmax(bounds[2 * a + 1], at);
    }
  }
  csro_status status =
      csro_point_bins_init(context, bounds, fmax(reach, margin), data->count, bins);
  for (int64_t d = 0; d < data->count && status == CSRO_OK; d++)
    csro_point_bins_add(bins, d, data->center[d]);
  return status;
}

static bool is_reported(const csro_reports *data, const csro_point_bins *bins, const double r[3],
                        double around) {
  int64_t heads[27];
  const int count = csro_point_bins_near(bins, r, heads);
  for (int k = 0; k < count; k++)
    for (int64_t d = heads[k]; d >= 0; d = bins->next[d]) {
      const double *c = data->center[d], reach = fmax(data->diameter[d] / 2 + around, 0);
      const double x = r[0] - c[0], y = r[1] - c[1], z = r[2] - c[2];
      if (x * x + y * y + z * z <= reach * reach)
        return true;
    }
  return false;
}

csro_status csro_sensitivity_neighbours(csro_context *context, const csro_reports *data,
                                        const csro_points *points, int64_t *truth) {
  csro_point_bins bins;
  csro_status status = bin_reports(context, data, &bins);
  if (status != CSRO_OK)
    return status;
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    if (truth[i] < 0)
      truth[i] = is_reported(data, &bins, r, margin) ? CSRO_TRUTH_UNKNOWN : -1;
    else if ((truth[i] & 1) && is_reported(data, &bins, r, -inside))
      truth[i] = CSRO_TRUTH_UNKNOWN;
  }
  csro_point_bins_release(&bins);
  return CSRO_OK;
}

/* An ion of a report. */
typedef struct reported_ion {
  int64_t report, truth;
} reported_ion;

static int by_report(const void *a, const void *b) {
  const reported_ion *p = a, *q = b;
  if (p->report != q->report)
    return p->report < q->report ? -1 : 1;
  return (p->truth > q->truth) - (p->truth < q->truth);
}

/* The ions begin .. end - 1 of a report. */
static void judge(const reported_ion *ions, int64_t begin, int64_t end, const csro_reports *reports,
                  csro_planted *planted) {
  int64_t outside = 0, most = 0, owner = -1;
  for (int64_t i = begin; i < end; i++)
    outside += ions[i].truth == -1;
  if (2 * outside > end - begin)
    return;
  for (int64_t i = begin, next; i < end; i = next) {
    int64_t truth = ions[i].truth;
    for (next = i + 1; next < end && ions[next].truth == truth;)
      next++;
    if (truth == -1)
      continue;
    if (truth >= 0 && next - i >= CSRO_RECALL_IONS)
      planted[truth].recalled = true;
    if (next - i > most) {
      most = next - i;
      owner = truth;
    }
  }
  int64_t report = ions[begin].report;
  if (owner < 0 || most < CSRO_RECALL_IONS || planted[owner].evidence > reports->evidence[report])
    return;
  planted[owner].own = true;
  planted[owner].evidence = reports->evidence[report];
  planted[owner].strength = reports->strength[report];
}

csro_status csro_sensitivity_match(csro_context *context, int64_t ions, const int64_t *report,
                                   const int64_t *truth, const csro_reports *reports, int64_t count,
                                   const csro_true_domain *domains, const double *order,
                                   csro_planted *planted) {
  reported_ion *list = csro_allocate(context, ions, sizeof *list);
  if (!list)
    return CSRO_ERROR_MEMORY;
  int64_t listed = 0;
  for (int64_t i = 0; i < ions; i++) {
    if (report[i] < 0 || report[i] >= reports->count)
      continue;
    if (truth[i] >= count) {
      free(list);
      return csro_fail(context, CSRO_ERROR_DATA,
                       "ion %lld belongs to true domain %lld, the table has %lld", (long long)i,
                       (long long)truth[i], (long long)count);
    }
    bool known = truth[i] >= 0 || truth[i] == CSRO_TRUTH_UNKNOWN;
    list[listed++] = (reported_ion){report[i], known ? truth[i] : -1};
  }
  for (int64_t d = 0; d < count; d++)
    planted[d] = (csro_planted){.diameter = domains[d].diameter, .order = order ? order[d] : 1};
  if (listed > 0)
    qsort(list, (size_t)listed, sizeof *list, by_report);
  for (int64_t i = 0, next; i < listed; i = next) {
    for (next = i + 1; next < listed && list[next].report == list[i].report;)
      next++;
    judge(list, i, next, reports, planted);
  }
  free(list);
  return CSRO_OK;
}

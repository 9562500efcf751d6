#include "csro/sensitivity.h"
#include "statistics/normal_quantile.h"

#include <math.h>
#include <stdlib.h>

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

void csro_sensitivity_weigh(int64_t count, csro_planted *planted, double order) {
  const double alike = 0.05, width = 0.06;
  double lowest = INFINITY, highest = 0, sum = 0, squares = 0;
  for (int64_t d = 0; d < count; d++) {
    lowest = fmin(lowest, planted[d].order);
    highest = fmax(highest, planted[d].order);
  }
  double at = isnan(order) ? highest : fmin(fmax(order, lowest), highest);
  for (int64_t d = 0; d < count; d++) {
    double off = highest - lowest > alike ? (planted[d].order - at) / width : 0;
    planted[d].weight = exp(-off * off / 2);
    sum += planted[d].weight;
    squares += planted[d].weight * planted[d].weight;
  }
  for (int64_t d = 0; d < count && squares > 0; d++)
    planted[d].weight *= sum / squares;
}

csro_estimate csro_sensitivity_recall(int64_t count, const csro_planted *planted, double low,
                                      double high, double level, int64_t *domains) {
  double recalled = 0, all = 0;
  *domains = 0;
  for (int64_t d = 0; d < count; d++)
    if (planted[d].diameter >= low && planted[d].diameter < high) {
      recalled += planted[d].recalled ? planted[d].weight : 0;
      all += planted[d].weight;
      ++*domains;
    }
  return csro_share_interval(recalled, all, level);
}

/* A logistic curve: the log odds at diameter d are at + slope (d - middle); the matrix is that of
 * second derivatives. */
typedef struct curve {
  double middle, at, slope, aa, ab, bb;
} curve;

/* By Newton's method; a weak prior (a standard deviation of 10 and of 30 per nm) holds curves that
 * separate all found from all others. */
static curve fit_curve(int64_t count, const csro_planted *planted) {
  enum { STEPS = 60 };
  curve c = {0};
  for (int64_t d = 0; d < count; d++)
    c.middle += planted[d].diameter / (double)count;
  for (int step = 0; step < STEPS; step++) {
    double a = -c.at / 100, b = -c.slope / 900;
    c.aa = 1.0 / 100, c.ab = 0, c.bb = 1.0 / 900;
    for (int64_t d = 0; d < count; d++) {
      double x = planted[d].diameter - c.middle, p = 1 / (1 + exp(-c.at - c.slope * x));
      double rest = planted[d].weight * ((planted[d].recalled ? 1 : 0) - p);
      double weight = planted[d].weight * p * (1 - p);
      a += rest;
      b += rest * x;
      c.aa += weight;
      c.ab += weight * x;
      c.bb += weight * x * x;
    }
    double determinant = c.aa * c.bb - c.ab * c.ab;
    double move[2] = {(c.bb * a - c.ab * b) / determinant, (c.aa * b - c.ab * a) / determinant};
    double size = fmax(fabs(move[0]) / 2, fabs(move[1]) / 10), scale = size > 1 ? 1 / size : 1;
    c.at += scale * move[0];
    c.slope += scale * move[1];
  }
  return c;
}

csro_estimate csro_sensitivity_limit(int64_t count, const csro_planted *planted, double level) {
  csro_estimate limit = {NAN, NAN, NAN};
  if (count < 1)
    return limit;
  double smallest = INFINITY, largest = 0;
  for (int64_t d = 0; d < count; d++) {
    smallest = fmin(smallest, planted[d].diameter);
    largest = fmax(largest, planted[d].diameter);
  }
  curve c = fit_curve(count, planted);
  double half = c.middle - c.at / c.slope;
  if (!(c.slope > 0 && half >= smallest && half <= largest))
    return limit;
  /* Fieller: the x at which at + slope x = 0 is no more than z standard deviations away. */
  double z = csro_normal_quantile(level), determinant = c.aa * c.bb - c.ab * c.ab;
  double va = c.bb / determinant, vb = c.aa / determinant, vab = -c.ab / determinant;
  double g = c.slope * c.slope - z * z * vb, h = c.at * c.slope - z * z * vab;
  double k = c.at * c.at - z * z * va, root = h * h - g * k;
  limit.value = half;
  if (g > 0 && root >= 0) {
    limit.low = c.middle + (-h - sqrt(root)) / g;
    limit.high = c.middle + (-h + sqrt(root)) / g;
  }
  return limit;
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
  if (owner < 0 || most < CSRO_RECALL_IONS || planted[owner].reported > reports->diameter[report])
    return;
  planted[owner].reported = reports->diameter[report];
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
    planted[d] =
        (csro_planted){.diameter = domains[d].diameter, .order = order ? order[d] : 1, .weight = 1};
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

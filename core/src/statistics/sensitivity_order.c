#include "csro/sensitivity.h"
#include "statistics/normal_quantile.h"

#include <math.h>

enum { FEWEST_REPORTS = 5, FEWEST_PLANTED = 20, UNKNOWNS = 3 };

double csro_report_contrast(double evidence) {
  return sqrt(fmax(evidence, 0));
}

/* Least squares: contrast = line[0] + line[1] order + line[2] diameter. */
typedef struct plane_fit {
  double matrix[UNKNOWNS][UNKNOWNS + 1], line[UNKNOWNS];
  double lowest, highest; /* orders planted */
  int64_t found;
} plane_fit;

static void sum_up(int64_t count, const csro_planted *planted, plane_fit *fit) {
  fit->lowest = INFINITY;
  for (int64_t d = 0; d < count; d++) {
    const csro_planted *p = &planted[d];
    fit->lowest = fmin(fit->lowest, p->order);
    fit->highest = fmax(fit->highest, p->order);
    if (!(p->reported > 0))
      continue;
    const double row[UNKNOWNS + 1] = {1, p->order, p->reported, p->contrast};
    for (int i = 0; i < UNKNOWNS; i++)
      for (int j = 0; j <= UNKNOWNS; j++)
        fit->matrix[i][j] += row[i] * row[j];
    fit->found++;
  }
}

/* By elimination; the matrix is positive definite, or there is no solution. */
static bool solve(plane_fit *fit) {
  double(*m)[UNKNOWNS + 1] = fit->matrix;
  for (int k = 0; k < UNKNOWNS; k++) {
    if (!(m[k][k] > 1e-9 * (double)fit->found))
      return false;
    for (int i = 0; i < UNKNOWNS; i++) {
      double factor = i == k ? 0 : m[i][k] / m[k][k];
      for (int j = k; j <= UNKNOWNS; j++)
        m[i][j] -= factor * m[k][j];
    }
  }
  for (int k = 0; k < UNKNOWNS; k++)
    fit->line[k] = m[k][UNKNOWNS] / m[k][k];
  return true;
}

csro_estimate csro_sensitivity_order(int64_t count, const csro_planted *planted,
                                     const csro_reports *reports, double level) {
  csro_estimate order = {NAN, NAN, NAN};
  plane_fit fit = {0};
  sum_up(count, planted, &fit);
  if (reports->count < FEWEST_REPORTS || fit.found < FEWEST_PLANTED || !reports->contrast ||
      !solve(&fit) || !(fit.line[1] > 0))
    return order;
  double sum = 0, square = 0, weights = 0, squares = 0;
  for (int64_t d = 0; d < reports->count; d++) {
    double weight = reports->probability[d];
    double at =
        (reports->contrast[d] - fit.line[0] - fit.line[2] * reports->diameter[d]) / fit.line[1];
    sum += weight * at;
    square += weight * at * at;
    weights += weight;
    squares += weight * weight;
  }
  if (!(weights > 0))
    return order;
  double mean = sum / weights, spread = fmax(square / weights - mean * mean, 0);
  double half = csro_normal_quantile(level) *
                sqrt(spread * (squares / (weights * weights) + 2 / (double)fit.found));
  order.value = fmin(fmax(mean, fit.lowest), fit.highest);
  order.low = fmin(fmax(mean - half, fit.lowest), fit.highest);
  order.high = fmin(fmax(mean + half, fit.lowest), fit.highest);
  return order;
}

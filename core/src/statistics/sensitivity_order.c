#include "csro/sensitivity.h"
#include "statistics/normal_quantile.h"

#include <math.h>

static const double unlike = 0.1; /* of order: planted domains do not overlap, true ones do */
enum { FEWEST_REPORTS = 5, FEWEST_PLANTED = 20, UNKNOWNS = 3, COLUMNS = 2 * UNKNOWNS + 1 };

double csro_report_contrast(double evidence) {
  return sqrt(fmax(evidence, 0));
}

/* Least squares: contrast = line[0] + line[1] order + line[2] diameter. The normal equations, their
 * right side and the unit matrix, which become the unit matrix, the line and the inverse. */
typedef struct line_fit {
  double matrix[UNKNOWNS][COLUMNS], line[UNKNOWNS];
  double variance;        /* of contrasts about the line */
  double lowest, highest; /* orders planted */
  int64_t found;
} line_fit;

static void sum_up(int64_t count, const csro_planted *planted, line_fit *fit) {
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
  for (int i = 0; i < UNKNOWNS; i++)
    fit->matrix[i][UNKNOWNS + 1 + i] = 1;
}

/* By elimination; the matrix is positive definite, or there is no solution. */
static bool solve(line_fit *fit) {
  double(*m)[COLUMNS] = fit->matrix;
  for (int k = 0; k < UNKNOWNS; k++) {
    double pivot = m[k][k];
    if (!(pivot > 1e-9 * (double)fit->found))
      return false;
    for (int j = 0; j < COLUMNS; j++)
      m[k][j] /= pivot;
    for (int i = 0; i < UNKNOWNS; i++) {
      double factor = i == k ? 0 : m[i][k];
      for (int j = 0; j < COLUMNS; j++)
        m[i][j] -= factor * m[k][j];
    }
  }
  for (int k = 0; k < UNKNOWNS; k++)
    fit->line[k] = m[k][UNKNOWNS];
  return true;
}

static void find_variance(int64_t count, const csro_planted *planted, line_fit *fit) {
  for (int64_t d = 0; d < count; d++) {
    const csro_planted *p = &planted[d];
    double off = p->contrast - fit->line[0] - fit->line[1] * p->order - fit->line[2] * p->reported;
    fit->variance += p->reported > 0 ? off * off / (double)(fit->found - UNKNOWNS) : 0;
  }
}

/* Variance of the line at an order and a diameter. */
static double variance_at(const line_fit *fit, double order, double diameter) {
  const double row[UNKNOWNS] = {1, order, diameter};
  double sum = 0;
  for (int i = 0; i < UNKNOWNS; i++)
    for (int j = 0; j < UNKNOWNS; j++)
      sum += row[i] * fit->matrix[i][UNKNOWNS + 1 + j] * row[j];
  return fit->variance * sum;
}

csro_estimate csro_sensitivity_order(int64_t count, const csro_planted *planted,
                                     const csro_reports *reports, double level) {
  csro_estimate order = {NAN, NAN, NAN};
  line_fit fit = {0};
  sum_up(count, planted, &fit);
  if (reports->count < FEWEST_REPORTS || fit.found < FEWEST_PLANTED || !reports->contrast ||
      !solve(&fit) || !(fit.line[1] > 0))
    return order;
  find_variance(count, planted, &fit);
  double contrast = 0, diameter = 0, weights = 0, squares = 0;
  for (int64_t d = 0; d < reports->count; d++) {
    double weight = reports->probability[d];
    contrast += weight * reports->contrast[d];
    diameter += weight * reports->diameter[d];
    weights += weight;
    squares += weight * weight;
  }
  if (!(weights > 0))
    return order;
  contrast /= weights;
  diameter /= weights;
  double value = (contrast - fit.line[0] - fit.line[2] * diameter) / fit.line[1];
  value = fmin(fmax(value, fit.lowest), fit.highest);
  double variance =
      fit.variance * squares / (weights * weights) + variance_at(&fit, value, diameter);
  double error = sqrt(variance / (fit.line[1] * fit.line[1]) + unlike * unlike);
  double half = csro_normal_quantile(level) * error;
  order.low = fmax(value - half, fit.lowest);
  order.high = fmin(value + half, fit.highest);
  order.value = order.high < fit.highest ? value : fit.highest;
  return order;
}

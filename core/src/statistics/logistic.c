#include "statistics/logistic.h"

#include <math.h>
#include <string.h>

enum { N = CSRO_FEATURES, STEPS = 40 };
static const double longest_step = 3, least_step = 1e-9;

double csro_logistic_at(const double coefficient[N], const double feature[N]) {
  double sum = 0;
  for (int k = 0; k < N; k++)
    sum += coefficient[k] * feature[k];
  return 1 / (1 + exp(-sum));
}

/* Cholesky's factor of a matrix that is positive definite. */
static void factorise(double a[N][N]) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j <= i; j++) {
      double sum = a[i][j];
      for (int k = 0; k < j; k++)
        sum -= a[i][k] * a[j][k];
      a[i][j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / a[j][j];
    }
}

/* x becomes the solution of L^T y = x. */
static void solve_upper(const double l[N][N], double x[N]) {
  for (int i = N - 1; i >= 0; i--) {
    for (int k = i + 1; k < N; k++)
      x[i] -= l[k][i] * x[k];
    x[i] /= l[i][i];
  }
}

static void solve(const double l[N][N], double x[N]) {
  for (int i = 0; i < N; i++) {
    for (int k = 0; k < i; k++)
      x[i] -= l[i][k] * x[k];
    x[i] /= l[i][i];
  }
  solve_upper(l, x);
}

/* First and second derivatives of the logarithm of the posterior, the latter negative. */
static void derive(const csro_logistic_prior *prior, int64_t count, const double (*feature)[N],
                   const bool *yes, const double at[N], double first[N], double second[N][N]) {
  memset(second, 0, sizeof(double[N][N]));
  for (int j = 0; j < N; j++) {
    second[j][j] = 1 / (prior->deviation[j] * prior->deviation[j]);
    first[j] = (prior->mean[j] - at[j]) * second[j][j];
  }
  for (int64_t i = 0; i < count; i++) {
    const double *f = feature[i], p = csro_logistic_at(at, f);
    for (int j = 0; j < N; j++) {
      first[j] += ((yes[i] ? 1 : 0) - p) * f[j];
      for (int k = 0; k <= j; k++)
        second[j][k] += p * (1 - p) * f[j] * f[k];
    }
  }
}

void csro_logistic_fit(const csro_logistic_prior *prior, int64_t count, const double (*feature)[N],
                       const bool *yes, csro_logistic *out) {
  double move[N], size = 1;
  memset(out, 0, sizeof *out);
  memcpy(out->mean, prior->mean, sizeof out->mean);
  for (int step = 0; step < STEPS && size > least_step; step++) {
    derive(prior, count, feature, yes, out->mean, move, out->factor);
    factorise(out->factor);
    solve(out->factor, move);
    size = 0;
    for (int k = 0; k < N; k++)
      size = fmax(size, fabs(move[k]));
    for (int k = 0; k < N; k++)
      out->mean[k] += move[k] * fmin(longest_step / size, 1);
  }
}

void csro_logistic_draw(const csro_logistic *fit, csro_random *random, double coefficient[N]) {
  for (int k = 0; k < N; k++)
    coefficient[k] = csro_random_normal(random);
  solve_upper(fit->factor, coefficient);
  for (int k = 0; k < N; k++)
    coefficient[k] += fit->mean[k];
}

#include "spectrum/least_squares.h"

#include <math.h>

static const double singular = 1e-9; /* of the diagonal */

/* Row k of the Cholesky factor L, in the lower triangle; the pivot is 0 for one that depends. */
static void factor_row(int n, double *matrix, int k) {
  double *row = matrix + (long)k * n;
  for (int j = 0; j < k; j++) {
    const double *other = matrix + (long)j * n;
    double sum = row[j];
    for (int i = 0; i < j; i++)
      sum -= row[i] * other[i];
    row[j] = other[j] > 0 ? sum / other[j] : 0;
  }
  double rest = row[k];
  for (int i = 0; i < k; i++)
    rest -= row[i] * row[i];
  row[k] = rest > singular * row[k] ? sqrt(rest) : 0;
}

/* The unknowns before k that make up k: L' c = row k. */
static void mark_mixed(int n, const double *matrix, int k, double *c, bool *mixed) {
  mixed[k] = true;
  for (int j = k - 1; j >= 0; j--) {
    const double pivot = matrix[(long)j * n + j];
    double sum = matrix[(long)k * n + j];
    for (int i = j + 1; i < k; i++)
      sum -= matrix[(long)i * n + j] * c[i];
    c[j] = pivot > 0 ? sum / pivot : 0;
    if (fabs(c[j]) > 1e-6)
      mixed[j] = true;
  }
}

/* Column k of the inverse, its elements from k on: L L' x = unit vector. */
static void solve_unit(int n, const double *matrix, int k, double *x) {
  for (int i = 0; i < n; i++) {
    const double pivot = matrix[(long)i * n + i];
    double sum = i == k;
    for (int j = k; j < i; j++)
      sum -= matrix[(long)i * n + j] * x[j];
    x[i] = i >= k && pivot > 0 ? sum / pivot : 0;
  }
  for (int i = n - 1; i >= 0; i--) {
    const double pivot = matrix[(long)i * n + i];
    double sum = x[i];
    for (int j = i + 1; j < n; j++)
      sum -= matrix[(long)j * n + i] * x[j];
    x[i] = pivot > 0 ? sum / pivot : 0;
  }
}

void csro_invert_symmetric(int n, double *matrix, double *inverse, bool *mixed) {
  for (int k = 0; k < n; k++) {
    mixed[k] = false;
    factor_row(n, matrix, k);
  }
  for (int k = 0; k < n; k++)
    if (!(matrix[(long)k * n + k] > 0))
      mark_mixed(n, matrix, k, inverse, mixed);
  for (int k = 0; k < n; k++)
    solve_unit(n, matrix, k, inverse + (long)k * n);
}

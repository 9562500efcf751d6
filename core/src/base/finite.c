#include "csro/finite.h"

#include <math.h>

enum { ROWS_AT_ONCE = 4096 };

/* x - x is 0 for every finite number and NaN for all others: one sum tells of many values. */
static bool all_floats_finite(const float *value, int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; i++)
    sum += value[i] - value[i];
  return sum == 0;
}

static bool all_doubles_finite(const double *value, int64_t count) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; i++)
    sum += value[i] - value[i];
  return sum == 0;
}

static bool all_finite(const void *values, bool is_double, int64_t from, int64_t count) {
  return is_double ? all_doubles_finite((const double *)values + from, count)
                   : all_floats_finite((const float *)values + from, count);
}

void csro_count_not_finite(const csro_context *context, const void *values, bool is_double,
                           int64_t rows, int components, int64_t *count, int64_t *first) {
  int64_t found = 0, lowest = INT64_MAX;
  const int64_t blocks = rows / ROWS_AT_ONCE + (rows % ROWS_AT_ONCE > 0);
#pragma omp parallel for num_threads(context->threads) schedule(static) reduction(+ : found) reduction(min : lowest)
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t begin = block * ROWS_AT_ONCE;
    const int64_t end = block + 1 < blocks ? begin + ROWS_AT_ONCE : rows;
    if (all_finite(values, is_double, begin * components, (end - begin) * components))
      continue;
    for (int64_t row = begin; row < end; row++)
      if (!all_finite(values, is_double, row * components, components)) {
        found++;
        lowest = row < lowest ? row : lowest;
      }
  }
  *count = found;
  *first = found > 0 ? lowest : -1;
}

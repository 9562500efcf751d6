#include "csro/monte_carlo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Mean and variance of the mean as if the values were independent. */
static double variance_of_mean(int64_t count, const double *value, double *mean) {
  double sum = 0, squares = 0;
  for (int64_t k = 0; k < count; k++)
    sum += value[k];
  *mean = sum / (double)count;
  for (int64_t k = 0; k < count; k++)
    squares += (value[k] - *mean) * (value[k] - *mean);
  return squares / ((double)count * (double)(count - 1));
}

csro_estimate csro_estimate_mean(int64_t count, const double *value) {
  enum { FEWEST = 16 };
  csro_estimate out = {NAN, NAN, NAN};
  double *block = count > 0 ? malloc((size_t)count * sizeof *block) : NULL, mean;
  if (!block)
    return out;
  memcpy(block, value, (size_t)count * sizeof *block);
  const double naive = count > 1 ? variance_of_mean(count, block, &out.mean) : 0;
  double found = naive, size = 1;
  if (count == 1)
    out.mean = value[0];
  for (int64_t n = count / 2; n >= FEWEST && naive > 0; n /= 2) {
    for (int64_t k = 0; k < n; k++)
      block[k] = (block[2 * k] + block[2 * k + 1]) / 2;
    found = variance_of_mean(n, block, &mean);
    size *= 2;
    if (size * size * size > 2 * (double)count * (found / naive) * (found / naive))
      break;
  }
  free(block);
  if (count >= 4) {
    out.error = sqrt(found);
    out.tau = naive > 0 ? found / naive / 2 : 0.5;
  }
  return out;
}

static void add_estimate(csro_estimate *to, int runs, const csro_estimate *from) {
  const double n = runs;
  to->error = sqrt(n * n * to->error * to->error + from->error * from->error) / (n + 1);
  to->mean = (n * to->mean + from->mean) / (n + 1);
  to->tau = (n * to->tau + from->tau) / (n + 1);
}

void csro_state_point_add(csro_state_point *to, int runs, const csro_state_point *from,
                          int species_count) {
  add_estimate(&to->energy, runs, &from->energy);
  add_estimate(&to->heat_capacity, runs, &from->heat_capacity);
  to->near_accepted = (runs * to->near_accepted + from->near_accepted) / (runs + 1);
  to->far_accepted = (runs * to->far_accepted + from->far_accepted) / (runs + 1);
  for (int p = 0; p < CSRO_ORDERS; p++)
    for (int s = 0; s < species_count; s++)
      add_estimate(&to->order[p][s], runs, &from->order[p][s]);
  for (int k = 0; k < to->shells * species_count * species_count; k++)
    add_estimate(&to->alpha[k], runs, &from->alpha[k]);
}

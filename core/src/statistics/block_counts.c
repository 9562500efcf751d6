#include "csro/block_counts.h"

#include "base/progress.h"
#include "csro/distributions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AXIS_BITS = CSRO_CURVE_BITS / 3, CHUNK = 256 };
static const double least_expected = 5;

/* Cell of the curve -> place along it. */
static uint64_t curve_key(uint32_t x[3]) {
  const uint32_t top = 1u << (AXIS_BITS - 1);
  for (uint32_t q = top; q > 1; q >>= 1) {
    const uint32_t below = q - 1;
    for (int a = 0; a < 3; a++) {
      if (x[a] & q) {
        x[0] ^= below;
      } else {
        const uint32_t swap = (x[0] ^ x[a]) & below;
        x[0] ^= swap;
        x[a] ^= swap;
      }
    }
  }
  x[1] ^= x[0];
  x[2] ^= x[1];
  uint32_t turn = 0;
  for (uint32_t q = top; q > 1; q >>= 1)
    if (x[2] & q)
      turn ^= q - 1;
  uint64_t key = 0;
  for (int bit = AXIS_BITS - 1; bit >= 0; bit--)
    for (int a = 0; a < 3; a++)
      key = key << 1 | ((x[a] ^ turn) >> bit & 1);
  return key;
}

csro_status csro_curve_keys(csro_context *context, const csro_points *points,
                            const double bounds[6], uint64_t *key) {
  double edge = 0;
  for (int a = 0; a < 3; a++)
    edge = fmax(edge, bounds[2 * a + 1] - bounds[2 * a]);
  const double last = (1u << AXIS_BITS) - 1, scale = edge > 0 ? last / edge : 0;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    uint32_t cell[3];
    csro_points_get(points, i, r);
    for (int a = 0; a < 3; a++)
      cell[a] = (uint32_t)fmin(fmax((r[a] - bounds[2 * a]) * scale, 0), last);
    key[i] = curve_key(cell);
  }
  return CSRO_OK;
}

csro_status csro_block_counts_init(csro_context *context, int block, int groups, int members,
                                   csro_block_counts *counts) {
  *counts = (csro_block_counts){0};
  if (block < 2 || block > CSRO_LARGEST_BLOCK)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "blocks of %d ions, expected 2 to %d", block,
                     CSRO_LARGEST_BLOCK);
  const int64_t size = (int64_t)members * groups * (block + 1);
  int64_t *sums = csro_allocate(context, size, sizeof *sums);
  if (!sums)
    return CSRO_ERROR_MEMORY;
  memset(sums, 0, (size_t)size * sizeof *sums);
  *counts = (csro_block_counts){block, groups, members, size, sums};
  return CSRO_OK;
}

void csro_block_counts_release(csro_block_counts *counts) {
  if (!counts)
    return;
  free(counts->sums);
  *counts = (csro_block_counts){0};
}

/* One block; of[members][groups] is zero before and after. */
static void add_block(csro_block_counts *counts, const uint8_t *group, int32_t *of) {
  const int groups = counts->groups, members = counts->members;
  for (int64_t i = 0; i < counts->block; i++)
    for (int m = 0; m < members; m++)
      of[m * groups + group[i * members + m]]++;
  for (int64_t k = 0; k < (int64_t)members * groups; k++) {
    int64_t *sum = &counts->sums[k * (counts->block + 1) + of[k]];
#pragma omp atomic update
    (*sum)++;
    of[k] = 0;
  }
}

csro_status csro_block_counts_add(csro_context *context, csro_block_counts *counts,
                                  const uint8_t *group, int64_t ions) {
  const int64_t blocks = ions / counts->block, row = (int64_t)counts->block * counts->members;
  const int64_t values = (int64_t)counts->members * counts->groups;
  int32_t *of = calloc((size_t)(values * context->threads), sizeof *of);
  if (!of)
    return csro_fail(context, CSRO_ERROR_MEMORY, "no memory for %d threads", context->threads);
  csro_progress progress;
  csro_progress_start(&progress, context, blocks, 0, 1);
#pragma omp parallel for num_threads(context->threads) schedule(static, 1)
  for (int t = 0; t < context->threads; t++)
    for (int64_t begin = (int64_t)t * CHUNK; begin < blocks;
         begin += (int64_t)CHUNK * context->threads) {
      const int64_t end = begin + CHUNK < blocks ? begin + CHUNK : blocks;
      for (int64_t block = begin; block < end; block++)
        add_block(counts, group + block * row, of + t * values);
      if (csro_progress_add(&progress, end - begin))
        break;
    }
  free(of);
  return csro_progress_end(&progress);
}

double csro_binomial_blocks(int64_t blocks, double share, int block, int n) {
  if (share <= 0 || share >= 1)
    return n == (share <= 0 ? 0 : block) ? (double)blocks : 0;
  return (double)blocks * exp(lgamma(block + 1.0) - lgamma(n + 1.0) - lgamma(block - n + 1.0) +
                              n * log(share) + (block - n) * log1p(-share));
}

/* A class of numbers of ions. */
struct class {
  double observed, expected;
};

static void add_class(const struct class *one, csro_frequency *out) {
  const double difference = one->observed - one->expected;
  out->chi2 += difference * difference / one->expected;
  out->classes++;
}

csro_frequency csro_frequency_of(const int64_t *blocks, int block) {
  csro_frequency out = {.share = NAN, .dof = NAN, .p = NAN, .mu = NAN, .mu_of_chance = NAN};
  double ions = 0;
  for (int n = 0; n <= block; n++) {
    out.blocks += blocks[n];
    ions += (double)n * (double)blocks[n];
  }
  if (out.blocks > 0) {
    out.share = ions / ((double)out.blocks * block);
    struct class last = {0, 0}, now = {0, 0}; /* what is left in the end goes to the last one */
    for (int n = 0; n <= block; n++) {
      now.observed += (double)blocks[n];
      now.expected += csro_binomial_blocks(out.blocks, out.share, block, n);
      if (now.expected < least_expected)
        continue;
      if (last.expected > 0)
        add_class(&last, &out);
      last = now;
      now = (struct class){0, 0};
    }
    last.observed += now.observed;
    last.expected += now.expected;
    if (last.expected > 0)
      add_class(&last, &out);
  }
  if (out.classes < 3) {
    out.chi2 = NAN;
    return out;
  }
  const double all = (double)out.blocks;
  out.dof = out.classes - 2;
  out.p = csro_chi2_tail(out.chi2, out.dof);
  out.mu = sqrt(out.chi2 / (all + out.chi2));
  out.mu_of_chance = sqrt(out.dof / (all + out.dof));
  return out;
}

/* Frequency distribution: ions cut into blocks of equal numbers, and how many ions of a group each
 * block has, against a binomial distribution; of the data and all their copies at once. */
#ifndef CSRO_BLOCK_COUNTS_H
#define CSRO_BLOCK_COUNTS_H

#include "csro/ions.h"

CSRO_API_BEGIN

/* Where each point is along Hilbert's curve through the cube at the lower corner of the bounds
 * (xmin, xmax, ...), as wide as the largest of them: points that follow each other along it are
 * compact in space (Skilling, AIP Conf. Proc. 707 (2004) 381). key[count], below
 * 2^CSRO_CURVE_BITS. */
enum { CSRO_CURVE_BITS = 48 };
csro_status csro_curve_keys(csro_context *context, const csro_points *points,
                            const double bounds[6], uint64_t *key);

enum { CSRO_LARGEST_BLOCK = 100000 };

/* Whole numbers, in `sums`: the sums over processes are those of the whole. */
typedef struct csro_block_counts {
  int block; /* ions of a block */
  int groups, members;
  int64_t size, *sums; /* [members][groups][block + 1] blocks that have so many ions of the group */
} csro_block_counts;

/* All zero. Release with csro_block_counts_release; zeroed on error. CSRO_ERROR_ARGUMENT: a block
 * of fewer than 2 or more than CSRO_LARGEST_BLOCK ions. */
csro_status csro_block_counts_init(csro_context *context, int block, int groups, int members,
                                   csro_block_counts *counts);
void csro_block_counts_release(csro_block_counts *counts);

/* Adds ions in their order, group[ions][members], block after block; those after the last whole
 * block are left out. */
csro_status csro_block_counts_add(csro_context *context, csro_block_counts *counts,
                                  const uint8_t *group, int64_t ions);

static inline const int64_t *csro_block_counts_of(const csro_block_counts *counts, int member,
                                                  int group) {
  return counts->sums + ((int64_t)member * counts->groups + group) * (counts->block + 1);
}

/* Against the binomial distribution with the share that the group has of all ions in blocks. NaN
 * where fewer than three classes are left. */
typedef struct csro_frequency {
  int64_t blocks;
  double share;
  int classes; /* numbers of ions, put together until at least 5 blocks are expected in each */
  double chi2; /* of the classes */
  double dof;  /* classes - 2: the share comes from the data */
  double p;    /* of chi2 */
  double mu;   /* contingency coefficient sqrt(chi2 / (blocks + chi2)) */
  double mu_of_chance; /* sqrt(dof / (blocks + dof)): grows when blocks are few */
} csro_frequency;

/* blocks[block + 1], of one group of one member. */
csro_frequency csro_frequency_of(const int64_t *blocks, int block);

/* Blocks that are expected to have n of `block` ions. */
double csro_binomial_blocks(int64_t blocks, double share, int block, int n);

CSRO_API_END

#endif

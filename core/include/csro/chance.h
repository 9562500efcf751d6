/* What chance gives, and what is left of the domains found when that is taken off.
 *
 * The same search is made where there is no order: in randomised copies (labels have changed
 * places; the ions are those of a random alloy) and with decoys (csro_planes_decoy: the ions as
 * they are, searched for a pattern of planes that no structure has). Copies have the pattern of the
 * order but forget what the detection does to ions of one species that hit close together (pile-up
 * makes neighbouring planes differ); decoys see that, as far as it is not confined to the wave
 * number of the order. lambda(E), the number of peaks of at least the evidence E that chance gives
 * in the data, is
 *   lambda_copies max(1, q)^1.5, q = lambda_decoys / lambda_copies, for the test, and
 *   lambda_copies max(1, min(q^1.5, (q / 1.7)^3)) where there is order:
 * what disturbs neighbouring planes disturbs decoys by about two thirds (in logarithms; seen in
 * specimens with pile-up of several kinds), and weak domains leave something in decoys. Either
 * lambda is counted as far as 30 peaks are left above E, and beyond that falls exponentially as the
 * excesses of these do. */
#ifndef CSRO_CHANCE_H
#define CSRO_CHANCE_H

#include "csro/order.h"

CSRO_API_BEGIN

/* Evidence in searches without order, all together. */
typedef struct csro_chance_list {
  int64_t count;
  const double *evidence; /* [count], the highest first */
  double searches; /* how many; a search in a part of the ions alone counts as that part. 0: none */
} csro_chance_list;

typedef struct csro_chance {
  csro_chance_list copies, decoys; /* arrays are owned by the caller */
  double volume; /* of the ions, nm^3: without copies and decoys, chance gives at most
                    volume exp(-E) peaks of at least the evidence E (the mean Bayes factor of a
                    random alloy is 1) */
} csro_chance;

/* How many peaks of at least this evidence chance gives in data with order. */
double csro_chance_expected(const csro_chance *chance, double evidence);

/* Largest chance at which there is order. */
#define CSRO_CHANCE_LEVEL 0.02

/* Is there any order? The data's peaks are counted above their highest, 2nd, 4th, 8th, ... evidence
 * and compared with what chance gives. */
typedef struct csro_chance_test {
  bool order;    /* p is at most CSRO_CHANCE_LEVEL */
  double p;      /* chance that data without order have as many more than expected, at any of these
                    and in any phase (Bonferroni); how well `expected` is known is taken into account. 1
                    without      peaks */
  int64_t peaks; /* where they are most above: the number of peaks ... */
  double evidence; /* ... of at least this evidence ... */
  double expected; /* ... and how many chance gives */
} csro_chance_test;

/* evidence[count] of the data, the highest first. phases: how many searches are tested side by
 * side, those of the phases of a period of three or four planes, else 1. */
csro_chance_test csro_chance_try(const csro_chance *chance, int phases, int64_t count,
                                 const double *evidence);

/* The test in a sentence. */
enum { CSRO_CHANCE_TEXT = 400 };
void csro_chance_text(const csro_chance *chance, const csro_chance_test *test,
                      char text[CSRO_CHANCE_TEXT]);

/* Lowers the probabilities (never raises them) until as many of the data's peaks are false, from
 * the most evident down, as chance gives: with lambda at the evidence of each peak, the slope of
 * its greatest convex minorant over the rank is the share of false ones there. The domains are then
 * in the order of csro_order_rank. evidence[count] of the data as above. CSRO_ERROR_MEMORY: all as
 * it was. */
csro_status csro_chance_lower(csro_context *context, const csro_chance *chance, int64_t count,
                              const double *evidence, int64_t domains, csro_ordered_domain *domain);

/* What decoys are left of the ions with label > 0 (csro_decoy_share), in units of 2^-20 ions: whole
 * numbers, so those of several processes add up to the same in any order. */
int64_t csro_chance_unclaimed(const uint16_t *label, const float *claimed, int64_t count);
#define CSRO_CHANCE_ION (1 << 20)

/* A kind of order that is a rival (csro_order_options). */
typedef struct csro_control_rival {
  uint16_t rich;
  int period, phase;
} csro_control_rival;

/* What a search was made of, and how much it is compared with. */
typedef struct csro_control {
  const csro_points *points;
  const uint16_t *label; /* [points->count] */
  const csro_planes *planes;
  double sigma_z; /* of csro_planes_parity */
  uint16_t rich;
  int period, phase; /* 2 and 0, or those of csro_planes_phase */
  bool same_species; /* of csro_order_signal */
  const csro_order_options *options;
  const csro_grid *grid;
  int copies, decoys; /* 0 or more; at most CSRO_DECOYS */
  uint64_t seed;      /* of the first copy; the next ones have the next */
  int rivals;
  const csro_control_rival *rival; /* [rivals]; those of options do not count */
} csro_control;

/* The whole of it, for ions of one process: order is what csro_order_find has found in these ions.
 * Copies and decoys are searched, the test is made and probabilities are lowered. Without order
 * beyond chance no domain is left, and their density is 0. Errors as of csro_order_find; order is
 * then unchanged. */
csro_status csro_order_compare(csro_context *context, const csro_control *control,
                               csro_order *order, csro_chance_test *test);

CSRO_API_END

#endif

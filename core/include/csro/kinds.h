/* Which kinds of order lattice planes across z show: which species is rich in every second, third
 * or fourth plane, over the whole of the ions, without a search for single domains.
 *
 * Ions are taken together in cubic blocks of 1.6 nm. A kind of order is a species and a period P:
 * one plane of P is rich in the species, those between hold less. With g, for a domain of phase q,
 * P - 1 at the height of rich planes and -1 at that of the others (the mean over the planes that an
 * ion found at its height may come from), its labels have the likelihood ratio
 *   exp(a T - K(a)),  T = sum g y,  y = (label is the species - x) / (1 - x),
 * against a random alloy, x being the share of the species in the block, and K the cumulant
 * generating function of T where the labels of the block change places, to the fourth order:
 * gradients of composition are no order. a is the strength of the order times the part
 * of the block that is in a domain; of the mean over strengths and phases, L, follows the Bayes
 * factor mean over w of product over blocks (1 - w + w L), w being the share of blocks with
 * domains; last it is averaged over eight ways to cut space into blocks. `evidence` is its natural
 * logarithm. Where there is no order the Bayes factor has the mean 1, so that evidence above ln n
 * comes by chance in at most one of n specimens.
 *
 * Kinds compete: where Ni fills every second plane, the others fill those between. The kind of the
 * largest evidence is taken first; the evidence of the others beside it (`further`) is against the
 * alloy with domains of the kinds found so far in the place of a random one.
 *
 * Pile-up makes neighbouring planes differ, too. It does so at other wave numbers as well, so the
 * same evidence is found for the decoys of csro_planes_decoy, and `further` is what a kind has more
 * than twice these. Lengths in nm. */
#ifndef CSRO_KINDS_H
#define CSRO_KINDS_H

#include "csro/distributed_order.h"
#include "csro/planes.h"

CSRO_API_BEGIN

enum {
  CSRO_KINDS_SPECIES = 16, /* at most so many are looked at */
  CSRO_KINDS_SHORTEST = 2, /* periods, in planes */
  CSRO_KINDS_LONGEST = 4,
  CSRO_KINDS = CSRO_KINDS_SPECIES * (CSRO_KINDS_LONGEST - CSRO_KINDS_SHORTEST + 1)
};
/* Chance of any kind to be found where there is none, at most. */
#define CSRO_KINDS_CHANCE 0.02

typedef enum csro_kind_verdict {
  CSRO_KIND_NONE,      /* no more than chance gives */
  CSRO_KIND_FOUND,     /* there is order of this kind */
  CSRO_KIND_EXPLAINED, /* seen, but what is seen follows from the kinds found */
  CSRO_KIND_IN_DECOYS  /* seen, but decoys show as much: what makes planes differ is no order */
} csro_kind_verdict;

typedef struct csro_order_kind_row {
  int species; /* 0 .. species - 1 */
  int period;  /* in planes */
  double evidence, further;
  double decoy; /* evidence of the decoys of this species */
  double share; /* of the blocks, that have such domains; 0 unless found */
  csro_kind_verdict verdict;
} csro_order_kind_row;

/* The scores in progress. */
typedef struct csro_kinds csro_kinds;

/* What is scored. */
typedef struct csro_kinds_task {
  const csro_planes *planes;
  double sigma_z;        /* blur of the planes; 0: as measured */
  int species;           /* 1 .. CSRO_KINDS_SPECIES */
  int labels;            /* of_label[labels + 1] */
  const int *of_label;   /* the species of a label, -1 for others */
  const double *ions_of; /* [species] ions of all processes: the rarer of two equals is named */
} csro_kinds_task;

/* Sums up the ions of the part and of what is around it: a process has to see the ions up to 1.3 nm
 * from its box. Ions of label 0 do not count. Task is not needed afterwards. Release with
 * csro_kinds_destroy; on error *kinds is NULL. CSRO_ERROR_ARGUMENT: no species, or too many. */
csro_status csro_kinds_create(csro_context *context, const csro_kinds_task *task,
                              const csro_points *points, const uint16_t *label,
                              const csro_order_part *part, csro_kinds **kinds);
void csro_kinds_destroy(csro_kinds **kinds);

/* Rounds: csro_kinds_sum, sums of all processes (whole numbers), csro_kinds_decide, until *again is
 * false. sums[csro_kinds_sums]. */
int64_t csro_kinds_sums(const csro_kinds *kinds);
void csro_kinds_sum(csro_kinds *kinds, int64_t *sums);
void csro_kinds_decide(csro_kinds *kinds, const int64_t *sums, bool *again);

/* The kinds, those found first, then by evidence. row[CSRO_KINDS]; returns how many. */
int csro_kinds_list(const csro_kinds *kinds, csro_order_kind_row *row);

/* All of it where one process has all ions. row[CSRO_KINDS]. */
csro_status csro_kinds_find(csro_context *context, const csro_kinds_task *task,
                            const csro_points *points, const uint16_t *label,
                            csro_order_kind_row *row, int *count);

CSRO_API_END

#endif

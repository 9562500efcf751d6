/* How much more likely the ions around a candidate centre are with an ordered ball there than
 * without. */
#ifndef CSRO_ORDER_EVIDENCE_H
#define CSRO_ORDER_EVIDENCE_H

#include "order/ball_profiles.h"
#include "order/signal_ions.h"

#define CSRO_NO_EVIDENCE -1e4f

/* The ions around candidate centres above each other, in layers of cells. Scratch of one thread;
 * starts from zero, grows as needed. */
typedef struct csro_evidence_column {
  const csro_signal_ions *ions;
  const csro_ball_profiles *profiles;
  int size;          /* index of the largest balls that all their ions were gathered of */
  int64_t lo, hi;    /* layers gathered, hi not included */
  int64_t *start;    /* of each, and the end */
  int32_t *distance; /* of each ion from the line of centres, in steps of the profiles; where they
                         end, the number of their entries */
  float *z, *signal; /* of each ion */
  int64_t (*run)[2]; /* cells of each row */
  int64_t room, layers, rows;
} csro_evidence_column;
void csro_evidence_column_release(csro_evidence_column *column);

/* Gathers the ions of balls up to a size, with the centres (at[0], at[1], z), z[0] <= z <= z[1].
 * False when memory is short. */
bool csro_evidence_gather(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                          int size, const double at[2], const double z[2],
                          csro_evidence_column *column);

/* Natural logarithm of the likelihood ratio for a ball of each radius at one of these heights: with
 * its even ([0]) or its odd planes ([1]) rich; CSRO_NO_EVIDENCE for balls larger than were
 * gathered. Those larger than are looked for have less, for they are rare. The same bit for bit
 * whatever else was gathered. */
void csro_evidence_at(const csro_evidence_column *column, double z, float out[2][CSRO_BALL_LANES]);

/* The same at one centre, for all balls where the largest of those looked for explains the ions
 * best. Without memory false. */
bool csro_evidence_larger(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                          const double center[3], csro_evidence_column *column,
                          float found[2][CSRO_BALL_LANES]);

#endif

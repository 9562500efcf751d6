/* How much more likely the ions around a candidate centre are with an ordered ball there than
 * without. */
#ifndef CSRO_ORDER_EVIDENCE_H
#define CSRO_ORDER_EVIDENCE_H

#include "order/ball_profiles.h"
#include "order/signal_ions.h"

/* Scratch of one thread; starts from zero, grows as needed. */
typedef struct csro_evidence_scratch {
  int64_t capacity;
  int32_t *entry;
  float *signal;
} csro_evidence_scratch;
void csro_evidence_scratch_release(csro_evidence_scratch *scratch);

/* Natural logarithm of the likelihood ratio for a ball of each radius: with its even ([0]) or its
 * odd planes ([1]) rich. False when memory is short. */
bool csro_evidence(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                   const double center[3], csro_evidence_scratch *scratch,
                   float out[CSRO_ORDER_RADII][2]);

#endif

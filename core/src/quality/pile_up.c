#include "quality/quality.h"

#include <math.h>
#include <stdio.h>

static const double significant = 5, matters = 0.05;

/* Among ions that follow one another, pairs of one species should be as frequent near each other as
 * far from each other; near hits of equal time of flight are lost in the detector. */
void csro_report_pile_up(csro_report_writer *w) {
  const csro_quality *q = w->quality;
  double sum = 0, weights = 0;
  for (int l = 1; l < q->labels; l++) {
    const int64_t *pairs = q->pairs + 4 * l;
    double near_same = (double)pairs[0], near_all = (double)pairs[1];
    double far_same = (double)pairs[2], far_all = (double)pairs[3];
    if (near_same < 50 || far_same < 50)
      continue;
    double ratio = near_same / near_all / (far_same / far_all);
    double variance = ratio * ratio * (1 / near_same + 1 / far_same);
    sum += ratio / variance;
    weights += 1 / variance;
  }
  if (weights <= 0)
    return;
  double ratio = sum / weights, error = 1 / sqrt(weights);
  bool lost = ratio < 1 - matters && 1 - ratio > significant * error;
  csro_report_add(
      w, "Near pairs of one species", ratio, error, "of expected",
      lost ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
      lost ? "pile-up of the detector: of ions that follow one another nearby, %.0f %% of "
             "the pairs of one species are missing; pairs of one species look rarer than "
             "they are"
           : "no pile-up of the detector (%.0f %% missing)",
      100 * (1 - ratio));
}

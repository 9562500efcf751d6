#include "quality/report_writer.h"

#include <math.h>
#include <stdio.h>

static const double significant = 5, matters = 0.05, many_multiples = 0.3;

/* Of ions that hit together and near each other, some are taken for one. Without any ion that came
 * alone or first, the numbers of ions are not known. */
void csro_report_hits(csro_report_writer *w) {
  double alone = (double)w->quality->hits[0], multiple = (double)w->quality->hits[1];
  double first = (double)w->quality->hits[2], ions = alone + multiple;
  if (alone + first <= 0)
    return;
  double share = multiple / ions, together = first > 0 ? multiple / first : 1;
  double error = sqrt(together * share * (1 - share) / ions);
  bool many = share - significant * error > many_multiples;
  csro_report_add(w, "Multiple hits", share, error, "of the ions",
                  many ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
                  many ? "%.0f %% of the ions came in multiple hits: the detector loses some of "
                         "those that hit near each other, of one species first, so that its pairs "
                         "look rarer than they are"
                       : "%.0f %% of the ions came in multiple hits",
                  100 * share);
}

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

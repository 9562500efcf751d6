#include "csro/order.h"

#include <math.h>

csro_order_species csro_order_count(const uint16_t *label, uint16_t rich, int64_t count) {
  csro_order_species counts = {0};
  for (int64_t i = 0; i < count; i++) {
    counts.ranged += label[i] > 0;
    counts.rich += label[i] == rich;
  }
  return counts;
}

csro_status csro_order_signal(csro_context *context, const uint16_t *label, uint16_t rich,
                              const csro_order_species *all, int64_t count, const float *even,
                              bool same_species, float *signal) {
  return csro_order_phase_signal(context, label, rich, all, count, even, 2, same_species, signal);
}

csro_status csro_order_phase_signal(csro_context *context, const uint16_t *label, uint16_t rich,
                                    const csro_order_species *all, int64_t count,
                                    const float *pattern, int period, bool same_species,
                                    float *signal) {
  csro_order_species counts = all ? *all : csro_order_count(label, rich, count);
  if (counts.rich == 0 || counts.rich == counts.ranged)
    return csro_fail(context, CSRO_ERROR_DATA,
                     "%lld of %lld ranged ions are of the ordering species: order needs ions of it "
                     "and of others",
                     (long long)counts.rich, (long long)counts.ranged);
  double share = (double)counts.rich / (double)(counts.ranged - counts.rich);
  /* Rich planes hold at most nothing else: a majority is richer there by less. */
  const double strength = CSRO_ORDER_STRENGTH * fmin(1, 1 / (share * (period - 1)));
  float own = (float)strength, others = same_species ? 0 : -(float)(strength * share);
  for (int64_t i = 0; i < count; i++)
    signal[i] = (label[i] == rich ? own : label[i] > 0 ? others : 0) * pattern[i];
  return CSRO_OK;
}

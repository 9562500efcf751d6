#include "csro/order.h"

csro_status csro_order_signal(csro_context *context, const uint16_t *label, uint16_t rich,
                              int64_t count, const float *even, bool same_species, float *signal) {
  int64_t ranged = 0, richer = 0;
  for (int64_t i = 0; i < count; i++) {
    ranged += label[i] > 0;
    richer += label[i] == rich;
  }
  if (richer == 0 || richer == ranged)
    return csro_fail(context, CSRO_ERROR_DATA,
                     "%lld of %lld ranged ions are of the ordering species: order needs ions of it "
                     "and of others",
                     (long long)richer, (long long)ranged);
  float others = same_species ? 0 : -(float)((double)richer / (double)(ranged - richer));
  for (int64_t i = 0; i < count; i++)
    signal[i] = label[i] == rich ? even[i] : label[i] > 0 ? others * even[i] : 0;
  return CSRO_OK;
}

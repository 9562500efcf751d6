#include "csro/domains.h"

csro_status csro_domain_sizes(csro_context *context, const int64_t *domain, int64_t count,
                              int64_t domain_count, int64_t *size) {
  for (int64_t i = 0; i < count; i++) {
    if (domain[i] < -1 || domain[i] >= domain_count)
      return csro_fail(context, CSRO_ERROR_DATA,
                       "ion %lld is in domain %lld, expected -1 (none) to %lld", (long long)i,
                       (long long)domain[i], (long long)domain_count - 1);
    if (domain[i] >= 0)
      size[domain[i]]++;
  }
  return CSRO_OK;
}

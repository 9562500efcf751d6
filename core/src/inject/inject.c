#include "csro/inject.h"
#include "csro/voxels.h"

#include <stdlib.h>

static csro_status check_kinds(csro_context *context, const csro_points *points,
                               const uint16_t *kind) {
  int64_t ions[CSRO_INJECT_KINDS + 1] = {0};
  for (int64_t i = 0; i < points->count; i++)
    ions[kind[i]]++;
  if (ions[CSRO_INJECT_RICH] > 0 && ions[CSRO_INJECT_OTHER] > 0)
    return CSRO_OK;
  return csro_fail(context, CSRO_ERROR_DATA,
                   "%lld ions of the ordering species and %lld others: order needs both",
                   (long long)ions[CSRO_INJECT_RICH], (long long)ions[CSRO_INJECT_OTHER]);
}

static int by_domain(const void *a, const void *b) {
  const csro_inject_member *p = a, *q = b;
  if (p->domain != q->domain)
    return p->domain < q->domain ? -1 : 1;
  return (p->number > q->number) - (p->number < q->number);
}

/* from[] of all ions, by those that belong to domains. */
static csro_status exchange_all(csro_context *context, const csro_injection *injection,
                                const csro_planes *planes, const csro_points *points,
                                const uint16_t *kind, const int32_t *domain, int64_t *from) {
  int64_t count = 0;
  for (int64_t i = 0; i < points->count; i++) {
    count += domain[i] >= 0;
    from[i] = i;
  }
  csro_inject_member *members = csro_allocate(context, count, sizeof *members);
  int64_t *taken = csro_allocate(context, count, sizeof *taken);
  csro_status status = members && taken ? CSRO_OK : CSRO_ERROR_MEMORY;
  int64_t m = 0;
  for (int64_t i = 0; i < points->count && status == CSRO_OK; i++)
    if (domain[i] >= 0)
      csro_injection_describe(injection, planes, points, kind, 0, domain, i, &members[m++]);
  if (status == CSRO_OK && count > 0) {
    qsort(members, (size_t)count, sizeof *members, by_domain);
    status = csro_injection_exchange(context, injection, count, members, taken);
  }
  for (m = 0; m < count && status == CSRO_OK; m++)
    from[members[m].number] = members[taken[m]].number;
  free(members);
  free(taken);
  return status;
}

static csro_status place_all(csro_context *context, const csro_points *points, const uint16_t *kind,
                             csro_injection *injection) {
  int64_t *near = csro_allocate(context, injection->candidates, sizeof *near);
  if (!near)
    return CSRO_ERROR_MEMORY;
  csro_status status = csro_injection_count(context, injection, points, kind, near);
  if (status == CSRO_OK)
    status = csro_injection_place(context, near, injection);
  free(near);
  return status;
}

csro_status csro_inject(csro_context *context, const csro_inject_options *options,
                        const csro_points *points, const uint16_t *kind, const csro_planes *planes,
                        csro_injection *injection, int32_t *domain, int64_t *from) {
  *injection = (csro_injection){0};
  double bounds[6];
  csro_status status = csro_points_bounds(context, points, bounds);
  if (status == CSRO_OK)
    status = check_kinds(context, points, kind);
  if (status == CSRO_OK)
    status = csro_injection_begin(context, options, bounds, injection);
  if (status == CSRO_OK)
    status = place_all(context, points, kind, injection);
  if (status == CSRO_OK)
    status = csro_injection_join(context, injection, planes, points, kind, 0, domain);
  if (status == CSRO_OK)
    status = exchange_all(context, injection, planes, points, kind, domain, from);
  if (status != CSRO_OK)
    csro_injection_release(injection);
  return status;
}

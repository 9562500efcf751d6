#include "csro/separation.h"
#include "domain/near.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

double csro_separation_suggest(int64_t solutes, double volume) {
  const double pi = acos(-1);
  return solutes > 0 && volume > 0 ? cbrt(3 * volume / (4 * pi * (double)solutes)) : NAN;
}

csro_status csro_separation_check(csro_context *context, const csro_separation *settings) {
  const csro_separation *s = settings;
  if (s->order < 0 || s->order > 1000)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "order is %d, expected 0 to 1000", s->order);
  if (s->min_size < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "min_size is %lld, expected at least 1",
                     (long long)s->min_size);
  csro_status status = csro_check_number(context, "distance in nm", s->distance, DBL_MIN, DBL_MAX);
  if (status == CSRO_OK && s->order > 0)
    status = csro_check_number(context, "core_distance in nm", s->core_distance, DBL_MIN, DBL_MAX);
  if (status == CSRO_OK)
    status = csro_check_number(context, "envelope in nm", s->envelope, 0, DBL_MAX);
  if (status == CSRO_OK)
    status = csro_check_number(context, "erosion in nm", s->erosion, 0, DBL_MAX);
  return status;
}

/* ---- core ions ---- */

typedef struct core_search {
  const uint8_t *is_solute;
  int order;
  int *near; /* solute ions found so far */
} core_search;

static bool is_solute(void *user, int64_t i) {
  core_search *search = user;
  return search->is_solute[i] != 0;
}

static bool count_solute(void *user, int64_t i, int64_t j) {
  core_search *search = user;
  search->near[i] += search->is_solute[j];
  return search->near[i] >= search->order;
}

csro_status csro_separation_cores(csro_context *context, const csro_points *points, int64_t own,
                                  const uint8_t *is_solute_ion, const csro_separation *settings,
                                  uint8_t *is_core) {
  csro_status status = csro_separation_check(context, settings);
  if (status != CSRO_OK)
    return status;
  for (int64_t i = 0; i < own; i++)
    is_core[i] = is_solute_ion[i] && settings->order == 0;
  if (settings->order == 0)
    return CSRO_OK;
  core_search search = {is_solute_ion, settings->order, csro_allocate(context, own, sizeof(int))};
  if (!search.near)
    return CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < own; i++)
    search.near[i] = 0;
  const csro_near_visitor visitor = {is_solute, count_solute, &search};
  status = csro_near_visit(context, points, own, settings->core_distance, &visitor);
  for (int64_t i = 0; i < own; i++)
    is_core[i] = search.near[i] >= settings->order;
  free(search.near);
  return status;
}

/* ---- ions that join ---- */

typedef struct join_search {
  const int64_t *cluster;
  int64_t *joined;
} join_search;

static bool is_outside(void *user, int64_t i) {
  join_search *search = user;
  return search->cluster[i] == CSRO_SEPARATION_OUTSIDE;
}

static bool join(void *user, int64_t i, int64_t j) {
  join_search *search = user;
  int64_t offered = search->cluster[j], *joined = &search->joined[i];
  if (offered >= 0 && (*joined < 0 || offered < *joined))
    *joined = offered;
  return *joined == 0;
}

csro_status csro_separation_join(csro_context *context, const csro_points *points, int64_t own,
                                 const int64_t *cluster, double distance, int64_t *joined) {
  for (int64_t i = 0; i < own; i++)
    joined[i] = cluster[i];
  join_search search = {cluster, joined};
  const csro_near_visitor visitor = {is_outside, join, &search};
  return csro_near_visit(context, points, own, distance, &visitor);
}

int64_t csro_separation_drop(const int64_t *solutes, int64_t count, int64_t min_size,
                             int64_t *number) {
  int64_t left = 0;
  for (int64_t c = 0; c < count; c++)
    number[c] = solutes[c] >= min_size ? left++ : CSRO_SEPARATION_OUTSIDE;
  return left;
}

/* ---- ions that leave ---- */

typedef struct erosion {
  const int64_t *cluster;
  const uint8_t *is_envelope;
  uint8_t *eroded;
} erosion;

static bool may_leave(void *user, int64_t i) {
  erosion *e = user;
  return e->is_envelope[i] && e->cluster[i] >= 0;
}

static bool leave(void *user, int64_t i, int64_t j) {
  erosion *e = user;
  e->eroded[i] = e->cluster[j] == CSRO_SEPARATION_OUTSIDE;
  return e->eroded[i];
}

csro_status csro_separation_erode(csro_context *context, const csro_points *points, int64_t own,
                                  const int64_t *cluster, const uint8_t *is_envelope,
                                  double distance, uint8_t *eroded) {
  for (int64_t i = 0; i < own; i++)
    eroded[i] = 0;
  erosion e = {cluster, is_envelope, eroded};
  const csro_near_visitor visitor = {may_leave, leave, &e};
  return csro_near_visit(context, points, own, distance, &visitor);
}

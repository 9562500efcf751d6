#include "csro/separation.h"
#include "csro/domains.h"

#include <stdlib.h>
#include <string.h>

/* What a search keeps of each ion. */
typedef struct separation {
  csro_context *context;
  const csro_points *points;
  const uint8_t *is_solute;
  const csro_separation *settings;
  uint8_t *flag;           /* core ions, then ions of the envelope */
  int64_t *next, *cluster; /* the next state of cluster */
  int64_t count;
} separation;

/* Steps 1 and 2: next[ion] is the cluster of a core ion. */
static csro_status link_cores(separation *s, char *xyz, int64_t *label) {
  size_t size = 3 * (s->points->is_double ? sizeof(double) : sizeof(float));
  int64_t cores = 0, used = 0;
  const char *from = s->points->xyz;
  for (int64_t i = 0; i < s->points->count; i++)
    if (s->flag[i])
      memcpy(xyz + size * (size_t)cores++, from + size * (size_t)i, size);
  csro_points core = {xyz, s->points->is_double, cores};
  csro_status status = csro_dbscan(s->context, &core, s->settings->distance, 1, label, &s->count);
  for (int64_t i = 0; i < s->points->count; i++) {
    int64_t none = s->is_solute[i] ? CSRO_SEPARATION_OUTSIDE : CSRO_SEPARATION_IGNORED;
    s->next[i] = s->flag[i] ? label[used++] : none;
  }
  return status;
}

static csro_status link(separation *s) {
  size_t size = 3 * (s->points->is_double ? sizeof(double) : sizeof(float));
  char *xyz = csro_allocate(s->context, s->points->count, size);
  int64_t *label = csro_allocate(s->context, s->points->count, sizeof *label);
  csro_status status = xyz && label ? link_cores(s, xyz, label) : CSRO_ERROR_MEMORY;
  free(xyz);
  free(label);
  return status;
}

/* Step 4, from next to cluster. */
static csro_status drop_small(separation *s) {
  int64_t *solutes = csro_allocate(s->context, 2 * s->count, sizeof *solutes);
  if (!solutes)
    return CSRO_ERROR_MEMORY;
  int64_t *number = solutes + s->count;
  memset(solutes, 0, (size_t)s->count * sizeof *solutes);
  for (int64_t i = 0; i < s->points->count; i++)
    if (s->cluster[i] >= 0)
      solutes[s->cluster[i]]++;
  s->count = csro_separation_drop(solutes, s->count, s->settings->min_size, number);
  for (int64_t i = 0; i < s->points->count; i++)
    s->cluster[i] = s->cluster[i] >= 0 ? number[s->cluster[i]] : CSRO_SEPARATION_OUTSIDE;
  free(solutes);
  return CSRO_OK;
}

/* Steps 5 and 6. */
static csro_status surround(separation *s) {
  int64_t count = s->points->count;
  for (int64_t i = 0; i < count; i++) {
    bool may_join = s->cluster[i] < 0 && !s->is_solute[i];
    s->next[i] = s->cluster[i] < 0 && !may_join ? CSRO_SEPARATION_IGNORED : s->cluster[i];
    s->flag[i] = may_join;
  }
  csro_status status = csro_separation_join(s->context, s->points, count, s->next,
                                            s->settings->envelope, s->cluster);
  for (int64_t i = 0; i < count; i++)
    if (s->cluster[i] == CSRO_SEPARATION_IGNORED)
      s->cluster[i] = CSRO_SEPARATION_OUTSIDE;
  if (status != CSRO_OK || s->settings->erosion <= 0)
    return status;
  uint8_t *eroded = csro_allocate(s->context, count, sizeof *eroded);
  if (!eroded)
    return CSRO_ERROR_MEMORY;
  status = csro_separation_erode(s->context, s->points, count, s->cluster, s->flag,
                                 s->settings->erosion, eroded);
  for (int64_t i = 0; i < count; i++)
    if (eroded[i])
      s->cluster[i] = CSRO_SEPARATION_OUTSIDE;
  free(eroded);
  return status;
}

static csro_status find(separation *s) {
  csro_status status = csro_separation_cores(s->context, s->points, s->points->count, s->is_solute,
                                             s->settings, s->flag);
  if (status == CSRO_OK)
    status = link(s);
  if (status == CSRO_OK)
    status = csro_separation_join(s->context, s->points, s->points->count, s->next,
                                  s->settings->distance, s->cluster);
  if (status == CSRO_OK)
    status = drop_small(s);
  if (status == CSRO_OK && s->settings->envelope > 0)
    status = surround(s);
  return status;
}

csro_status csro_separation_find(csro_context *context, const csro_points *points,
                                 const uint8_t *is_solute, const csro_separation *settings,
                                 int64_t *cluster, int64_t *count) {
  separation s = {.context = context, .points = points, .is_solute = is_solute};
  s.settings = settings;
  s.cluster = cluster;
  s.flag = csro_allocate(context, points->count, sizeof *s.flag);
  s.next = csro_allocate(context, points->count, sizeof *s.next);
  csro_status status = s.flag && s.next ? find(&s) : CSRO_ERROR_MEMORY;
  free(s.flag);
  free(s.next);
  *count = status == CSRO_OK ? s.count : 0;
  for (int64_t i = 0; status != CSRO_OK && i < points->count; i++)
    cluster[i] = CSRO_SEPARATION_OUTSIDE;
  return status;
}

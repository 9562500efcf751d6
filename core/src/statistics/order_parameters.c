#include "csro/order_parameters.h"

#include "csro/distributions.h"
#include "statistics/plane_offsets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PARTS = 8, BEYOND = 3 };

/* One pair of groups, of which all members have their values. */
struct pair {
  const csro_neighbour_counts *counts;
  const csro_order_values *values;
  const csro_plane_offsets *planes;
  int a, b;
  double share;     /* of b among the ions */
  double *measured; /* [bins] */
  double *weight;   /* [bins] */
  double *member;   /* [members][values] */
  double *part;     /* [parts][values] */
  double *largest;  /* [members] |z| of the values so far */
};

/* Neighbours of an ion of group a in a bin: of group b, and of all groups; without those of a part
 * of space, where that is not NULL. */
static void take(const struct pair *pair, const int64_t *of, const int64_t *without, int bin,
                 double *of_b, double *of_all) {
  const int groups = pair->counts->groups;
  const int64_t row = ((int64_t)pair->a * pair->counts->bins + bin) * groups;
  int64_t all = 0;
  for (int b = 0; b < groups; b++)
    all += of[row + b] - (without ? without[row + b] : 0);
  *of_b = (double)(of[row + pair->b] - (without ? without[row + pair->b] : 0));
  *of_all = (double)all;
}

/* alpha of each value. */
static void find_values(const struct pair *pair, const int64_t *of, const int64_t *without,
                        double *value) {
  double of_b = 0, of_all = 0, before_b = 0, before_all = 0;
  for (int bin = 0; bin < pair->counts->bins; bin++) {
    take(pair, of, without, bin, &of_b, &of_all);
    if (pair->values->kind == CSRO_NEIGHBOURS_RANKED) {
      of_b = before_b += of_b;
      of_all = before_all += of_all;
    }
    pair->weight[bin] = of_all;
    pair->measured[bin] = of_all > 0 ? 1 - of_b / of_all / pair->share : NAN;
  }
  if (pair->values->kind != CSRO_NEIGHBOURS_PLANES) {
    memcpy(value, pair->measured, (size_t)pair->values->count * sizeof *value);
    return;
  }
  double fitted[CSRO_OFFSETS];
  csro_plane_offsets_fit(pair->planes, pair->weight, pair->measured, fitted);
  memcpy(value, fitted, (size_t)pair->values->count * sizeof *value);
}

/* Standard error by the jackknife over the parts of space that hold neighbours (Efron and Stein,
 * Ann. Statist. 9 (1981) 586); *parts: how many. */
static double jackknife(const struct pair *pair, int value, int *parts) {
  const int values = pair->values->count;
  double sum = 0, squares = 0;
  *parts = 0;
  for (int part = 0; part < pair->counts->parts; part++) {
    const double without = pair->part[(int64_t)part * values + value];
    if (isnan(without))
      continue;
    sum += without;
    ++*parts;
  }
  for (int part = 0; part < pair->counts->parts; part++) {
    const double without = pair->part[(int64_t)part * values + value];
    if (!isnan(without))
      squares += (without - sum / *parts) * (without - sum / *parts);
  }
  return *parts >= LEAST_PARTS ? sqrt(squares * (*parts - 1) / *parts) : NAN;
}

static void describe(const struct pair *pair, int value, csro_order_parameter *out) {
  int parts = 0;
  *out = (csro_order_parameter){.a = pair->a, .b = pair->b, .value = value};
  out->alpha = pair->member[value];
  out->multicomponent =
      pair->a == pair->b ? -out->alpha * pair->share / (1 - pair->share) : out->alpha;
  for (int bin = 0; bin < pair->counts->bins; bin++) {
    double of_b, of_all;
    take(pair, pair->counts->of, NULL, bin, &of_b, &of_all);
    if (pair->values->kind == CSRO_NEIGHBOURS_PLANES || bin == value ||
        (pair->values->kind == CSRO_NEIGHBOURS_RANKED && bin < value))
      out->neighbours += of_all;
  }
  out->error = jackknife(pair, value, &parts);
  const double half = csro_student_quantile(0.05, parts - 1) * out->error;
  out->low = out->alpha - half;
  out->high = out->alpha + half;
  const csro_member_value of =
      csro_members_compare(pair->member + value, pair->counts->members, pair->values->count);
  out->mean = of.mean;
  out->deviation = of.deviation;
  out->z = of.z;
  out->p = of.p;
  const double center = isnan(out->mean) ? 0 : out->mean;
  out->limit = fabs(out->alpha - center) + csro_student_quantile(0.1, parts - 1) * out->error;
}

/* Share of a group among the ions that are not in this part. */
static double share_of(const csro_neighbour_counts *counts, int group, int without) {
  double ions = 0, all = 0;
  for (int part = 0; part < counts->parts; part++)
    for (int b = 0; b < counts->groups && part != without; b++) {
      const double count = (double)counts->ions[(int64_t)part * counts->groups + b];
      ions += b == group ? count : 0;
      all += count;
    }
  return ions / all;
}

static void find_pair(struct pair *pair, csro_order_parameter *out) {
  const csro_neighbour_counts *counts = pair->counts;
  const int64_t block = csro_neighbour_block(counts);
  const int values = pair->values->count;
  pair->share = share_of(counts, pair->b, -1);
  for (int m = 0; m < counts->members; m++)
    find_values(pair, counts->of + m * block, NULL, pair->member + (int64_t)m * values);
  for (int part = 0; part < counts->parts; part++) {
    const int64_t *of = counts->of_part + part * block;
    double *value = pair->part + (int64_t)part * values, all = 0, of_b, of_all;
    for (int bin = 0; bin < counts->bins; bin++) {
      take(pair, of, NULL, bin, &of_b, &of_all);
      all += of_all;
    }
    pair->share = share_of(counts, pair->b, part);
    if (all > 0)
      find_values(pair, counts->of, of, value);
    for (int v = 0; v < values && !(all > 0); v++)
      value[v] = NAN; /* nothing of it is there */
  }
  pair->share = share_of(counts, pair->b, -1);
  for (int v = 0; v < values; v++)
    describe(pair, v, &out[v]);
}

static csro_status check(csro_context *context, const csro_neighbour_counts *counts,
                         const csro_order_values *values) {
  const bool planes = values->kind == CSRO_NEIGHBOURS_PLANES;
  const double bins = planes ? values->count / values->planes_per_bin : values->count;
  if (values->count < 1 || !(bins <= counts->bins) || (!planes && values->count != counts->bins) ||
      (planes && values->count + BEYOND > CSRO_OFFSETS))
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d values of %d bins, expected %s",
                     values->count, counts->bins,
                     planes ? "bins up to one plane beyond, and at most 29" : "as many");
  return CSRO_OK;
}

/* Neighbours of all ions, of all groups. */
static void sum_over_groups(const csro_neighbour_counts *counts, double *total) {
  for (int bin = 0; bin < counts->bins; bin++)
    total[bin] = 0;
  for (int a = 0; a < counts->groups; a++)
    for (int bin = 0; bin < counts->bins; bin++)
      for (int b = 0; b < counts->groups; b++)
        total[bin] += (double)counts->of[((int64_t)a * counts->bins + bin) * counts->groups + b];
}

static csro_status find_pairs(csro_context *context, struct pair *pair, const double *total,
                              csro_order_parameter *out, csro_order_test *test) {
  const csro_order_values *values = pair->values;
  const int first = values->first_group, groups = pair->counts->groups - first;
  csro_plane_offsets planes = {0};
  csro_status status = CSRO_OK;
  pair->planes = &planes;
  for (int k = 0; k < groups * groups && status == CSRO_OK; k++) {
    pair->a = first + k / groups;
    pair->b = first + k % groups;
    if (values->kind == CSRO_NEIGHBOURS_PLANES)
      status = csro_plane_offsets_init(context, pair->counts->bins, values->planes_per_bin,
                                       values->variance[pair->a] + values->variance[pair->b],
                                       values->count + BEYOND, total, &planes);
    if (status != CSRO_OK)
      break;
    find_pair(pair, out + (int64_t)k * values->count);
    for (int v = 0; v < values->count; v++)
      if (csro_members_keep_largest(pair->member + v, pair->counts->members, values->count,
                                    pair->largest))
        test->at = k * values->count + v;
    csro_plane_offsets_release(&planes);
  }
  pair->planes = NULL;
  return status;
}

csro_status csro_order_parameters_make(csro_context *context, const csro_neighbour_counts *counts,
                                       const csro_order_values *values, csro_order_parameter *out,
                                       csro_order_test *test) {
  csro_status status = check(context, counts, values);
  *test = (csro_order_test){0};
  if (status != CSRO_OK)
    return status;
  const long long members = counts->members, bins = counts->bins;
  double *room = csro_allocate(context, 3 * bins + members, sizeof *room);
  struct pair pair = {.counts = counts, .values = values};
  pair.member = csro_allocate(context, members * values->count, sizeof *room);
  pair.part = csro_allocate(context, (long long)counts->parts * values->count, sizeof *room);
  if (room && pair.member && pair.part) {
    double *const total = room + 2 * bins;
    pair.measured = room;
    pair.weight = room + bins;
    pair.largest = room + 3 * bins;
    for (int m = 0; m < counts->members; m++)
      pair.largest[m] = 0;
    sum_over_groups(counts, total);
    status = find_pairs(context, &pair, total, out, test);
    test->all = csro_members_test_all(pair.largest, counts->members);
  } else {
    status = CSRO_ERROR_MEMORY;
  }
  free(room);
  free(pair.member);
  free(pair.part);
  return status;
}

#include "csro/order_parameters.h"

#include "csro/distributions.h"
#include "statistics/plane_offsets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PARTS = 8, BEYOND = 3 };

/* One pair of groups, of which all members have their values. Rows are the neighbours of the ions
 * of group a, [bins][groups]. */
struct pair {
  const csro_neighbour_counts *counts;
  const csro_order_values *values;
  const csro_plane_offsets *planes;
  int a, b;
  double share;     /* of b among the ions */
  double *measured; /* [bins] */
  double *weight;   /* [bins] */
  double *member;   /* [members][values] */
  double *without;  /* [parts][values] without the pairs that have an ion in a part of space */
  int64_t *left;    /* row */
  int64_t *ends;    /* [1 + parts][groups] neighbours of each group: of all ions, of pairs that
                       have an ion in a part */
  double *largest;  /* [members] |z| of the values so far */
};

static int64_t row_size(const struct pair *pair) {
  return (int64_t)pair->counts->bins * pair->counts->groups;
}

/* Of a member, or of a part. */
static const int64_t *row_of(const struct pair *pair, const int64_t *of, int64_t which) {
  return of + which * csro_neighbour_block(pair->counts) + pair->a * row_size(pair);
}

/* Neighbours in a bin: of group b, and of all groups. */
static void take(const struct pair *pair, const int64_t *row, int bin, double *of_b,
                 double *of_all) {
  const int groups = pair->counts->groups;
  int64_t all = 0;
  for (int b = 0; b < groups; b++)
    all += row[bin * groups + b];
  *of_b = (double)row[bin * groups + pair->b];
  *of_all = (double)all;
}

/* alpha of each value. */
static void find_values(const struct pair *pair, const int64_t *row, double *value) {
  double of_b = 0, of_all = 0, before_b = 0, before_all = 0;
  for (int bin = 0; bin < pair->counts->bins; bin++) {
    take(pair, row, bin, &of_b, &of_all);
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

/* Share of a group among the ions. */
static double share_of(const csro_neighbour_counts *counts, int group) {
  double ions = 0, all = 0;
  for (int part = 0; part < counts->parts; part++)
    for (int b = 0; b < counts->groups; b++) {
      const double count = (double)counts->ions[(int64_t)part * counts->groups + b];
      ions += b == group ? count : 0;
      all += count;
    }
  return ions / all;
}

/* ends[groups]: neighbours of each group in all bins, of one block of counts. */
static void sum_ends(const csro_neighbour_counts *counts, const int64_t *block, int64_t *ends) {
  const int groups = counts->groups;
  for (int b = 0; b < groups; b++)
    ends[b] = 0;
  for (int64_t k = 0; k < csro_neighbour_block(counts); k++)
    ends[k % groups] += block[k];
}

/* Share of group b among the neighbours that are left without a part. As good as that of the ions,
 * but what leaves it is what leaves the counts: ions near the border leave in part. With the share
 * among the ions, a part that by chance has more of b would change alpha though alpha is the same.
 */
static double share_without(const struct pair *pair, int part) {
  const int groups = pair->counts->groups;
  const int64_t *touching = pair->ends + (1 + (int64_t)part) * groups;
  int64_t of_b = 0, all = 0;
  for (int g = 0; g < groups; g++) {
    const int64_t left = pair->ends[g] - touching[g];
    of_b += g == pair->b ? left : 0;
    all += left;
  }
  return (double)of_b / (double)all;
}

static bool is_empty(const int64_t *row, int64_t size) {
  for (int64_t k = 0; k < size; k++)
    if (row[k] != 0)
      return false;
  return true;
}

/* The values without each part: its ions, and the pairs that have one of them. */
static void leave_out_parts(struct pair *pair) {
  const int parts = pair->counts->parts, values = pair->values->count;
  const int64_t size = row_size(pair), *whole = row_of(pair, pair->counts->of, 0);
  for (int p = 0; p < parts; p++) {
    const int64_t *touching = row_of(pair, pair->counts->touching, p);
    double *without = pair->without + (int64_t)p * values;
    pair->share = share_without(pair, p);
    for (int64_t k = 0; k < size; k++)
      pair->left[k] = whole[k] - touching[k];
    find_values(pair, pair->left, without);
    for (int v = 0; v < values && is_empty(touching, size); v++)
      without[v] = NAN; /* nothing of it is there */
  }
}

/* Standard error by the jackknife over the parts of space that hold neighbours; *parts: how many.
 * Not too small on average: pairs across a border leave with either part, and so count twice (Efron
 * and Stein, Ann. Statist. 9 (1981) 586). */
static double jackknife(const struct pair *pair, int value, int *parts) {
  double mean = 0, squares = 0;
  *parts = 0;
  for (int64_t part = 0; part < pair->counts->parts; part++) {
    const double without = pair->without[part * pair->values->count + value];
    if (isnan(without))
      continue;
    const double apart = without - mean; /* from the mean so far (Welford) */
    ++*parts;
    mean += apart / *parts;
    squares += apart * (without - mean);
  }
  return *parts < LEAST_PARTS ? NAN : sqrt(squares * (*parts - 1) / *parts);
}

static void describe(const struct pair *pair, int value, csro_order_parameter *out) {
  int parts = 0;
  *out = (csro_order_parameter){.a = pair->a, .b = pair->b, .value = value};
  out->alpha = pair->member[value];
  out->multicomponent =
      pair->a == pair->b ? -out->alpha * pair->share / (1 - pair->share) : out->alpha;
  for (int bin = 0; bin < pair->counts->bins; bin++) {
    double of_b, of_all;
    take(pair, row_of(pair, pair->counts->of, 0), bin, &of_b, &of_all);
    if (pair->values->kind == CSRO_NEIGHBOURS_PLANES || bin == value ||
        (pair->values->kind == CSRO_NEIGHBOURS_RANKED && bin < value))
      out->neighbours += of_all;
  }
  out->error = pair->counts->parts < LEAST_PARTS ? NAN : jackknife(pair, value, &parts);
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

static void find_pair(struct pair *pair, csro_order_parameter *out) {
  const csro_neighbour_counts *counts = pair->counts;
  const int values = pair->values->count;
  pair->share = share_of(counts, pair->b);
  for (int m = 0; m < counts->members; m++)
    find_values(pair, row_of(pair, counts->of, m), pair->member + (int64_t)m * values);
  if (counts->parts >= LEAST_PARTS)
    leave_out_parts(pair);
  pair->share = share_of(counts, pair->b);
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

/* *total[bins], and what the pairs need; total, pair->member and pair->left are to be freed. */
static csro_status allocate(csro_context *context, struct pair *pair, double **total) {
  const csro_neighbour_counts *counts = pair->counts;
  const long long members = counts->members, bins = counts->bins, parts = counts->parts,
                  values = pair->values->count, size = row_size(pair);
  *total = csro_allocate(context, 3 * bins + members, sizeof **total);
  pair->member = csro_allocate(context, (members + parts) * values, sizeof *pair->member);
  pair->left = csro_allocate(context, size + (1 + parts) * counts->groups, sizeof *pair->left);
  if (!*total || !pair->member || !pair->left)
    return CSRO_ERROR_MEMORY;
  pair->measured = *total + bins;
  pair->weight = pair->measured + bins;
  pair->largest = pair->weight + bins;
  pair->ends = pair->left + size;
  const int64_t block = csro_neighbour_block(counts);
  sum_ends(counts, counts->of, pair->ends);
  for (int64_t k = 0; k < parts; k++)
    sum_ends(counts, counts->touching + k * block, pair->ends + (1 + k) * counts->groups);
  pair->without = pair->member + members * values;
  for (int m = 0; m < members; m++)
    pair->largest[m] = 0;
  return CSRO_OK;
}

csro_status csro_order_parameters_make(csro_context *context, const csro_neighbour_counts *counts,
                                       const csro_order_values *values, csro_order_parameter *out,
                                       csro_order_test *test) {
  csro_status status = check(context, counts, values);
  *test = (csro_order_test){0};
  if (status != CSRO_OK)
    return status;
  struct pair pair = {.counts = counts, .values = values};
  double *total = NULL;
  status = allocate(context, &pair, &total);
  if (status == CSRO_OK) {
    sum_over_groups(counts, total);
    status = find_pairs(context, &pair, total, out, test);
    test->all = csro_members_test_all(pair.largest, counts->members);
  }
  free(total);
  free(pair.member);
  free(pair.left);
  return status;
}

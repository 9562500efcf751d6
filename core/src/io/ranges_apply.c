/* Labels by mass. The ends of all ranges cut the masses into pieces: the ends themselves and the
 * open gaps between them; every piece has one label. */
#include "base/progress.h"
#include "csro/ranges.h"

#include <stdlib.h>
#include <string.h>

enum { bucket_count = 4096, block_ions = 65536 };

typedef struct lookup {
  int64_t count;    /* ends, ascending, each once */
  double *end;      /* Da */
  uint16_t *label;  /* 2 count + 1: label[2 i] between end i-1 and end i, label[2 i + 1] at end i */
  int64_t *next;    /* 2 count + 2: scratch, see paint */
  double per_mass;  /* buckets per Da */
  int64_t *ends_up; /* bucket_count + 1: ends in the buckets below */
} lookup;

static void lookup_free(lookup *table) {
  free(table->end);
  free(table->label);
  free(table->next);
  free(table->ends_up);
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Grows with the mass, so a mass is never in a bucket below that of a smaller one. */
static int64_t bucket_of(const lookup *table, double mass) {
  double bucket = (mass - table->end[0]) * table->per_mass;
  return bucket < bucket_count - 1 ? (int64_t)bucket : bucket_count - 1;
}

/* How many ends are <= mass, for end[0] <= mass. */
static int64_t ends_up_to(const lookup *table, double mass) {
  int64_t bucket = bucket_of(table, mass);
  int64_t low = table->ends_up[bucket], high = table->ends_up[bucket + 1];
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (table->end[middle] <= mass)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static uint16_t label_of(const lookup *table, double mass) {
  if (!(mass >= table->end[0] && mass <= table->end[table->count - 1]))
    return 0;
  int64_t below = ends_up_to(table, mass);
  return table->label[table->end[below - 1] == mass ? 2 * below - 1 : 2 * below];
}

/* The first piece from i on that has no label yet. Paths are shortened on the way. */
static int64_t next_unpainted(int64_t *next, int64_t i) {
  while (next[i] != i) {
    next[i] = next[next[i]];
    i = next[i];
  }
  return i;
}

static void paint(lookup *table, const csro_ranges *ranges) {
  int64_t pieces = 2 * table->count + 1;
  memset(table->label, 0, (size_t)pieces * sizeof *table->label);
  for (int64_t i = 0; i <= pieces; i++)
    table->next[i] = i;
  for (int r = 0; r < ranges->count; r++) {
    const csro_range *range = &ranges->range[r];
    int64_t last = 2 * ends_up_to(table, range->hi) - 1;
    int64_t i = next_unpainted(table->next, 2 * ends_up_to(table, range->lo) - 1);
    for (; i <= last; i = next_unpainted(table->next, i)) {
      table->label[i] = (uint16_t)(range->species + 1);
      table->next[i] = i + 1;
    }
  }
}

static void sort_ends(lookup *table, const csro_ranges *ranges) {
  int64_t total = 2 * (int64_t)ranges->count;
  for (int i = 0; i < ranges->count; i++) {
    table->end[2 * i] = ranges->range[i].lo;
    table->end[2 * i + 1] = ranges->range[i].hi;
  }
  qsort(table->end, (size_t)total, sizeof *table->end, compare_doubles);
  table->count = 1;
  for (int64_t i = 1; i < total; i++)
    if (table->end[i] != table->end[table->count - 1])
      table->end[table->count++] = table->end[i];
}

static void fill_buckets(lookup *table) {
  double width = table->end[table->count - 1] - table->end[0];
  table->per_mass = width > 0 ? bucket_count / width : 0;
  memset(table->ends_up, 0, (bucket_count + 1) * sizeof *table->ends_up);
  for (int64_t i = 0; i < table->count; i++)
    table->ends_up[bucket_of(table, table->end[i]) + 1]++;
  for (int b = 0; b < bucket_count; b++)
    table->ends_up[b + 1] += table->ends_up[b];
}

static csro_status lookup_make(csro_context *context, const csro_ranges *ranges, lookup *table) {
  int64_t ends = 2 * (int64_t)ranges->count;
  *table = (lookup){.end = csro_allocate(context, ends, sizeof *table->end),
                    .label = csro_allocate(context, 2 * ends + 1, sizeof *table->label),
                    .next = csro_allocate(context, 2 * ends + 2, sizeof *table->next),
                    .ends_up = csro_allocate(context, bucket_count + 1, sizeof *table->ends_up)};
  if (!table->end || !table->label || !table->next || !table->ends_up)
    return CSRO_ERROR_MEMORY;
  sort_ends(table, ranges);
  fill_buckets(table);
  paint(table, ranges);
  return CSRO_OK;
}

static csro_status label_all(csro_context *context, const lookup *table, const void *mass,
                             bool is_double, int64_t count, uint16_t *label) {
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t begin = 0; begin < count; begin += block_ions) {
    int64_t end = count - begin < block_ions ? count : begin + block_ions;
    if (csro_progress_add(&progress, end - begin))
      continue;
    if (is_double)
      for (int64_t i = begin; i < end; i++)
        label[i] = label_of(table, ((const double *)mass)[i]);
    else
      for (int64_t i = begin; i < end; i++)
        label[i] = label_of(table, (double)((const float *)mass)[i]);
  }
  return csro_progress_end(&progress);
}

csro_status csro_ranges_apply(csro_context *context, const csro_ranges *ranges, const void *mass,
                              bool is_double, int64_t count, uint16_t *label) {
  if (ranges->count == 0) {
    memset(label, 0, (size_t)count * sizeof *label);
    return CSRO_OK;
  }
  lookup table;
  csro_status status = lookup_make(context, ranges, &table);
  if (status == CSRO_OK)
    status = label_all(context, &table, mass, is_double, count, label);
  lookup_free(&table);
  return status;
}

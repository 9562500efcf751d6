#include "voxel/cell_sort.h"

#include "base/counting_sort.h"
#include "base/progress.h"
#include "csro/share.h"

#include <stdlib.h>
#include <string.h>

/* A radix sort of items (key, index of the point), 32 bits each. Boxes of up to 2^32 cells, which
 * is what atom probe data have, need one key; others are sorted by one axis after the other. */
enum { KEY_BITS = 32, MOST_DIGIT_BITS = 11, MOST_DIGITS = 1 << MOST_DIGIT_BITS };

typedef struct sorting {
  csro_context *context;
  const csro_points *points;
  const csro_cell_places *places;
  int64_t count;
  int parts;      /* shares of the items, one per thread */
  int64_t *start; /* [part][digit] */
  uint64_t *items, *other;
} sorting;

/* ---- keys ---- */

static uint64_t place(const sorting *s, uint64_t item, int axis) {
  double r[3];
  csro_points_get(s->points, (int64_t)(uint32_t)item, r);
  return (uint64_t)csro_cell_place(s->places, r, axis);
}

/* The number of the cell in the box. */
static void set_box_keys(sorting *s) {
  uint64_t nx = (uint64_t)s->places->count[0], ny = (uint64_t)s->places->count[1];
#pragma omp parallel for num_threads(s->context->threads)
  for (int64_t i = 0; i < s->count; i++) {
    uint64_t item = s->items[i];
    uint64_t key = (place(s, item, 2) * ny + place(s, item, 1)) * nx + place(s, item, 0);
    s->items[i] = key << KEY_BITS | (uint32_t)item;
  }
}

static void set_axis_keys(sorting *s, int axis, int shift) {
#pragma omp parallel for num_threads(s->context->threads)
  for (int64_t i = 0; i < s->count; i++) {
    uint64_t item = s->items[i];
    s->items[i] = place(s, item, axis) >> shift << KEY_BITS | (uint32_t)item;
  }
}

/* ---- sorting ---- */

static void count_digits(sorting *s, int shift, int digits) {
#pragma omp parallel for num_threads(s->context->threads) schedule(static, 1)
  for (int part = 0; part < s->parts; part++) {
    int64_t count[MOST_DIGITS] = {0}, first, items;
    csro_share(s->count, part, s->parts, &first, &items);
    for (int64_t i = first; i < first + items; i++)
      count[s->items[i] >> shift & (uint64_t)(digits - 1)]++;
    memcpy(s->start + (int64_t)part * MOST_DIGITS, count, sizeof count);
  }
  csro_parts_begin(s->start, s->parts, MOST_DIGITS, digits, 0);
}

/* One stable pass. */
static void sort_by_digit(sorting *s, int shift, int digits) {
  count_digits(s, shift, digits);
#pragma omp parallel for num_threads(s->context->threads) schedule(static, 1)
  for (int part = 0; part < s->parts; part++) {
    int64_t *start = s->start + (int64_t)part * MOST_DIGITS, first, items;
    csro_share(s->count, part, s->parts, &first, &items);
    for (int64_t i = first; i < first + items; i++) {
      uint64_t item = s->items[i];
      s->other[start[item >> shift & (uint64_t)(digits - 1)]++] = item;
    }
  }
  uint64_t *swap = s->items;
  s->items = s->other;
  s->other = swap;
}

/* Sorts by the keys, which are below 2^bits, in equal passes. */
static csro_status sort_by_keys(sorting *s, int bits) {
  int passes = (bits + MOST_DIGIT_BITS - 1) / MOST_DIGIT_BITS;
  for (int pass = 0; pass < passes; pass++) {
    int from = bits * pass / passes, to = bits * (pass + 1) / passes;
    csro_progress progress;
    csro_progress_start(&progress, s->context, passes, 0, 0.1);
    csro_progress_add(&progress, pass);
    csro_status status = csro_progress_end(&progress);
    if (status != CSRO_OK)
      return status;
    sort_by_digit(s, KEY_BITS + from, 1 << (to - from));
  }
  return CSRO_OK;
}

static int bits_of(int64_t places) {
  int bits = 0;
  for (uint64_t largest = (uint64_t)places - 1; largest > 0; largest >>= 1)
    bits++;
  return bits;
}

static csro_status sort_points(sorting *s) {
  const int64_t *count = s->places->count;
  if ((double)count[0] * (double)count[1] * (double)count[2] <= 4294967296.0) {
    set_box_keys(s);
    return sort_by_keys(s, bits_of(count[0] * count[1] * count[2]));
  }
  csro_status status = CSRO_OK;
  for (int axis = 0; axis < 3; axis++)
    for (int shift = 0, bits = bits_of(count[axis]); shift < bits; shift += KEY_BITS) {
      set_axis_keys(s, axis, shift);
      status = sort_by_keys(s, bits - shift < KEY_BITS ? bits - shift : KEY_BITS);
      if (status != CSRO_OK)
        return status;
    }
  return status;
}

csro_status csro_cell_order(csro_context *context, const csro_points *points,
                            const csro_cell_places *places, uint64_t *items) {
  sorting s = {context, points, places, points->count, context->threads, NULL, items, NULL};
  s.start = csro_allocate(context, (int64_t)s.parts * MOST_DIGITS, sizeof *s.start);
  uint64_t *scratch = csro_allocate(context, s.count, sizeof *scratch);
  s.other = scratch;
  csro_status status = s.start && scratch ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK) {
    for (int64_t i = 0; i < s.count; i++)
      items[i] = (uint64_t)i;
    status = sort_points(&s);
  }
  if (status == CSRO_OK && s.items != items)
    memcpy(items, s.items, (size_t)s.count * sizeof *items);
  free(scratch);
  free(s.start);
  return status;
}

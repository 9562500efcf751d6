#include "ranges/mass_intervals.h"

#include <stdlib.h>
#include <string.h>

void csro_pieces_release(csro_pieces *pieces) {
  if (!pieces)
    return;
  free(pieces->end);
  free(pieces->label);
  free(pieces->ends_up);
  memset(pieces, 0, sizeof *pieces);
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The first piece from i on that has no label yet. Paths are shortened on the way. */
static int64_t next_unpainted(int64_t *next, int64_t i) {
  while (next[i] != i) {
    next[i] = next[next[i]];
    i = next[i];
  }
  return i;
}

/* next: 2 count + 2, scratch. The first range to come paints a piece. */
static void paint(csro_pieces *pieces, const csro_ranges *ranges, int64_t *next) {
  int64_t count = 2 * pieces->count + 1;
  memset(pieces->label, 0, (size_t)count * sizeof *pieces->label);
  for (int64_t i = 0; i <= count; i++)
    next[i] = i;
  for (int r = 0; r < ranges->count; r++) {
    const csro_range *range = &ranges->range[r];
    int64_t last = csro_piece_of(pieces, range->hi);
    int64_t i = next_unpainted(next, csro_piece_of(pieces, range->lo));
    for (; i <= last; i = next_unpainted(next, i)) {
      pieces->label[i] = (uint16_t)(range->species + 1);
      next[i] = i + 1;
    }
  }
}

static void sort_ends(csro_pieces *pieces, const csro_ranges *ranges) {
  int64_t total = 2 * (int64_t)ranges->count;
  for (int i = 0; i < ranges->count; i++) {
    pieces->end[2 * i] = ranges->range[i].lo;
    pieces->end[2 * i + 1] = ranges->range[i].hi;
  }
  qsort(pieces->end, (size_t)total, sizeof *pieces->end, compare_doubles);
  pieces->count = 1;
  for (int64_t i = 1; i < total; i++)
    if (pieces->end[i] != pieces->end[pieces->count - 1])
      pieces->end[pieces->count++] = pieces->end[i];
}

static void fill_buckets(csro_pieces *pieces) {
  double width = pieces->end[pieces->count - 1] - pieces->end[0];
  pieces->per_mass = width > 0 ? csro_piece_buckets / width : 0;
  memset(pieces->ends_up, 0, (csro_piece_buckets + 1) * sizeof *pieces->ends_up);
  for (int64_t i = 0; i < pieces->count; i++)
    pieces->ends_up[csro_pieces_bucket(pieces, pieces->end[i]) + 1]++;
  for (int b = 0; b < csro_piece_buckets; b++)
    pieces->ends_up[b + 1] += pieces->ends_up[b];
}

csro_status csro_pieces_init(csro_context *context, const csro_ranges *ranges,
                             csro_pieces *pieces) {
  int64_t ends = 2 * (int64_t)ranges->count;
  int64_t *next = csro_allocate(context, 2 * ends + 2, sizeof *next);
  *pieces = (csro_pieces){
      .end = csro_allocate(context, ends, sizeof *pieces->end),
      .label = csro_allocate(context, 2 * ends + 1, sizeof *pieces->label),
      .ends_up = csro_allocate(context, csro_piece_buckets + 1, sizeof *pieces->ends_up)};
  bool made = next && pieces->end && pieces->label && pieces->ends_up;
  if (made) {
    sort_ends(pieces, ranges);
    fill_buckets(pieces);
    paint(pieces, ranges, next);
  } else {
    csro_pieces_release(pieces);
  }
  free(next);
  return made ? CSRO_OK : CSRO_ERROR_MEMORY;
}

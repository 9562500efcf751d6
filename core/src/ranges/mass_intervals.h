/* The pieces that the ends of all ranges cut the masses into: the ends themselves and the open gaps
 * between them. Every piece has one label. */
#ifndef CSRO_RANGES_MASS_INTERVALS_H
#define CSRO_RANGES_MASS_INTERVALS_H

#include "csro/ranges.h"

enum { csro_piece_buckets = 4096 };

/* Piece 2 i is between end i-1 and end i, piece 2 i + 1 is end i; 2 count + 1 pieces. */
typedef struct csro_pieces {
  int64_t count;    /* ends, ascending, each once */
  double *end;      /* Da */
  uint16_t *label;  /* of each piece */
  double per_mass;  /* buckets per Da */
  int64_t *ends_up; /* csro_piece_buckets + 1: ends in the buckets below */
} csro_pieces;

/* At least one range. On error *pieces is zeroed. */
csro_status csro_pieces_init(csro_context *context, const csro_ranges *ranges, csro_pieces *pieces);
void csro_pieces_release(csro_pieces *pieces); /* frees the arrays and zeroes the struct */

/* Grows with the mass, so a mass is never in a bucket below that of a smaller one. */
static inline int64_t csro_pieces_bucket(const csro_pieces *pieces, double mass) {
  double bucket = (mass - pieces->end[0]) * pieces->per_mass;
  return bucket < csro_piece_buckets - 1 ? (int64_t)bucket : csro_piece_buckets - 1;
}

/* The piece that holds a mass: 0 below the first end, above the last one and for NaN. */
static inline int64_t csro_piece_of(const csro_pieces *pieces, double mass) {
  if (!(mass >= pieces->end[0] && mass <= pieces->end[pieces->count - 1]))
    return 0;
  int64_t bucket = csro_pieces_bucket(pieces, mass);
  int64_t low = pieces->ends_up[bucket], high = pieces->ends_up[bucket + 1];
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (pieces->end[middle] <= mass)
      low = middle + 1;
    else
      high = middle;
  }
  return pieces->end[low - 1] == mass ? 2 * low - 1 : 2 * low;
}

#endif

/* Blocks of space and what their ions say of each kind of order (csro/kinds.h). */
#ifndef CSRO_ORDER_KIND_BLOCKS_H
#define CSRO_ORDER_KIND_BLOCKS_H

#include "csro/kinds.h"
#include "order/planes.h"

/* Patterns of planes: with a period of two, one (of the other phase it is the negative), then three
 * with a period of three, four with a period of four, and the decoys (csro_planes_decoy). */
enum {
  CSRO_PATTERNS = 8 + CSRO_DECOYS,
  CSRO_KIND_PERIODS = CSRO_KINDS_LONGEST - CSRO_KINDS_SHORTEST + 1
};
/* What is rated of a species: its kinds by their period, then the decoys. */
enum { CSRO_RATED = CSRO_KIND_PERIODS + 1 };

/* Of each pattern, P - 1 where the planes that an ion at this height comes from are rich, -1 where
 * they are poor (decoys: 1 and -1), in steps of 2^-10. height: csro_plane_place; spacing and sigma
 * in nm. */
void csro_plane_patterns(double height, double spacing, double sigma,
                         int32_t pattern[CSRO_PATTERNS]);
#define CSRO_PATTERN_UNIT 1024
/* That of one phase of a period of 2 to 4 planes, in units of 1. */
double csro_plane_pattern(csro_plane_place place, double spacing, int period, int phase);

/* Blocks whose lowest cell has its centre in the part's box, in eight sets: those of one set tile
 * space. */
typedef struct csro_kind_blocks {
  int kinds;         /* species x CSRO_RATED */
  int64_t count;     /* blocks */
  uint8_t *set;      /* 0 .. 7 */
  float *likelihood; /* [count][kinds] ln of the mean over phases and strengths */
} csro_kind_blocks;

csro_status csro_kind_blocks_init(csro_context *context, const csro_kinds_task *task,
                                  const csro_points *points, const uint16_t *label,
                                  const csro_order_part *part, csro_kind_blocks *blocks);
void csro_kind_blocks_release(csro_kind_blocks *blocks);

#endif

/* Hard specimens: the tables "Hard specimens" of docs/detection.md. */
#ifndef CSRO_BENCH_DETECTION_HARD_H
#define CSRO_BENCH_DETECTION_HARD_H

#include "detection_sample.h"

typedef struct hard_options {
  uint64_t first, last; /* seeds */
  const char *row;      /* rows whose name holds this */
  int nulls;            /* 0, or so many seeds of each row without domains instead */
} hard_options;

enum { HARD_CLASSES = 3 };

typedef struct hard_row {
  const char *name;
  csro_specimen specimen;
  uint16_t rich;   /* label that is looked for; 0: as the kinds of order say */
  double sigma_xy; /* that the search is told; 0: it measures it */
  double edges[HARD_CLASSES + 1];
  bool equivalent; /* beside it a clean specimen whose planes are as sharp */
  bool told;       /* beside it the test that is told place and size of each domain */
  bool null;       /* with --nulls: not when that is the specimen of another row */
} hard_row;

/* All rows; *count of them, owned by the caller (free). */
hard_row *hard_rows(csro_context *context, int *count);

/* Writes the tables. */
void run_hard(csro_context *context, const hard_options *options);

#endif

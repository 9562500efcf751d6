/* What the benchmarks share: the specimen, memory and errors of a program that just stops. */
#ifndef CSRO_BENCH_MEASURE_H
#define CSRO_BENCH_MEASURE_H

#include "csro/specimen.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void stop(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

static inline void must(csro_context *context, csro_status status) {
  if (status != CSRO_OK)
    stop(context->message);
}

static inline void *memory(int64_t count, size_t size) {
  void *block = calloc(count > 0 ? (size_t)count : 1, size);
  if (!block)
    stop("out of memory");
  return block;
}

/* "VmRSS", the memory in use, or "VmHWM", its peak, in bytes. */
static inline double memory_now(const char *name) {
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  double kibibytes = 0;
  while (file && fgets(line, sizeof line, file))
    if (strncmp(line, name, strlen(name)) == 0)
      kibibytes = atof(line + strlen(name) + 1);
  if (file)
    fclose(file);
  return kibibytes * 1024;
}

/* Gives freed memory back and lets the peak begin anew. Returns the memory in use. */
static inline double memory_restart(void) {
  malloc_trim(0);
  FILE *file = fopen("/proc/self/clear_refs", "w");
  if (file) {
    fputs("5", file);
    fclose(file);
  }
  return memory_now("VmRSS");
}

/* The frustum of 1.4 million ions (120 nm high, radius 7.5 to 10.5 nm), every length times `scale`,
 * and its box. */
static inline csro_specimen frustum(double scale, double box[6]) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  specimen.shape = CSRO_SHAPE_FRUSTUM;
  specimen.height = 120 * scale;
  specimen.radius[0] = 7.5 * scale;
  specimen.radius[1] = 10.5 * scale;
  specimen.domain_density = 0.05;
  specimen.diameter[0] = 0.7;
  specimen.diameter[1] = 2.0;
  const double half = round(20 * scale) / 2, depth = round(240 * scale) / 2; /* whole steps */
  memcpy(box, (double[6]){-half, half, -half, half, -depth, 0}, 6 * sizeof *box);
  return specimen;
}

#endif

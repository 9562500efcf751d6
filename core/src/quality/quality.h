/* What the parts of a report share. */
#ifndef CSRO_QUALITY_QUALITY_H
#define CSRO_QUALITY_QUALITY_H

#include "csro/quality.h"

/* Sums of a search: cells[cell][label], waves[block][label][3] (cosine and sine in units of
 * CSRO_WAVE_UNIT, ions), pairs[label][4] (near pairs of one species, near pairs of all that start
 * with it, the same far away), hits[3] (ions that came alone, in multiple hits, first of these). */
struct csro_quality {
  double bounds[6];
  const csro_pole_map *map;
  int labels;
  double origin[3], edge[3];
  int64_t n[3], cells, blocks, size;
  int64_t *sums, *waves, *pairs, *hits;
};

#define CSRO_WAVE_UNIT 0x1p-20

/* A report while it is written: rows for which there is no memory are counted all the same. */
typedef struct csro_report_writer {
  csro_context *context;
  const csro_quality *quality;
  const csro_quality_options *options;
  csro_quality_report *report;
  int64_t room;
  csro_status status;
} csro_report_writer;

/* A row with value - 2 error .. value + 2 error. */
void csro_report_add(csro_report_writer *writer, const char *quantity, double value, double error,
                     const char *unit, csro_verdict verdict, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 7, 8)))
#endif
    ;
const char *csro_report_species(const csro_report_writer *writer, int label);

/* The parts. */
void csro_report_planes(csro_report_writer *writer);
void csro_report_species_planes(csro_report_writer *writer);
void csro_report_density(csro_report_writer *writer);
void csro_report_composition(csro_report_writer *writer);
void csro_report_hits(csro_report_writer *writer);
void csro_report_pile_up(csro_report_writer *writer);

/* Interior cells: those whose neighbours hold ions, too. inside[cells] is owned by the caller. */
csro_status csro_quality_inside(csro_context *context, const csro_quality *quality, bool *inside);

#endif

/* Writes the rows of a report. */
#ifndef CSRO_QUALITY_REPORT_WRITER_H
#define CSRO_QUALITY_REPORT_WRITER_H

#include "quality/quality.h"

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

#endif

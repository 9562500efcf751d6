#include "quality/report_writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *csro_report_species(const csro_report_writer *writer, int label) {
  return writer->options->names ? writer->options->names[label] : "the ions";
}

void csro_report_add(csro_report_writer *writer, const char *quantity, double value, double error,
                     const char *unit, csro_verdict verdict, const char *format, ...) {
  csro_quality_report *report = writer->report;
  if (report->count == writer->room) {
    int64_t room = 2 * writer->room + 32;
    csro_quality_row *rows = realloc(report->rows, (size_t)room * sizeof *rows);
    if (!rows) {
      writer->status = csro_fail(writer->context, CSRO_ERROR_MEMORY, "out of memory");
      return;
    }
    report->rows = rows;
    writer->room = room;
  }
  csro_quality_row *row = &report->rows[report->count++];
  *row = (csro_quality_row){.value = value, .verdict = verdict};
  row->low = value - 2 * error;
  row->high = value + 2 * error;
  snprintf(row->quantity, sizeof row->quantity, "%s", quantity);
  snprintf(row->unit, sizeof row->unit, "%s", unit);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(row->words, sizeof row->words, format, arguments);
  va_end(arguments);
  if (verdict > report->verdict)
    report->verdict = verdict;
}

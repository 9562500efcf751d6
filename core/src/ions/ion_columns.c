/* The parts of csro_ions that not every file has: further columns, and the note. */
#include "ions/ion_readers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t csro_column_size(csro_column_type type) {
  static const unsigned char sizes[] = {
      [CSRO_COLUMN_INT8] = 1,    [CSRO_COLUMN_UINT8] = 1,  [CSRO_COLUMN_INT16] = 2,
      [CSRO_COLUMN_UINT16] = 2,  [CSRO_COLUMN_INT32] = 4,  [CSRO_COLUMN_UINT32] = 4,
      [CSRO_COLUMN_INT64] = 8,   [CSRO_COLUMN_UINT64] = 8, [CSRO_COLUMN_FLOAT32] = 4,
      [CSRO_COLUMN_FLOAT64] = 8,
  };
  return sizes[type];
}

csro_column *csro_ions_add_column(csro_context *context, csro_ions *ions, const char *name,
                                  const char *unit, csro_column_type type, int components) {
  int count = ions->column_count;
  csro_column *columns = csro_allocate(context, count + 1, sizeof *columns);
  void *data = csro_allocate(context, ions->count, (size_t)components * csro_column_size(type));
  if (!columns || !data) {
    free(columns);
    free(data);
    return NULL;
  }
  if (count > 0)
    memcpy(columns, ions->columns, (size_t)count * sizeof *columns);
  free(ions->columns);
  ions->columns = columns;
  columns[count] = (csro_column){.type = type, .components = components, .data = data};
  snprintf(columns[count].name, sizeof columns->name, "%s", name);
  snprintf(columns[count].unit, sizeof columns->unit, "%s", unit);
  ions->column_count++;
  return &columns[count];
}

csro_status csro_ions_note(csro_context *context, csro_ions *ions, const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  size_t length = ions->note ? strlen(ions->note) : 0;
  char *note = csro_allocate(context, (long long)(length + strlen(line) + 2), 1);
  if (!note)
    return CSRO_ERROR_MEMORY;
  sprintf(note, "%s%s\n", ions->note ? ions->note : "", line);
  free(ions->note);
  ions->note = note;
  return CSRO_OK;
}

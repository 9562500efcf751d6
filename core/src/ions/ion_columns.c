/* The parts of csro_ions that not every file has: further columns, and the note. */
#include "ions/ion_columns.h"

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

const csro_column *csro_ions_find_column(const csro_ions *ions, const char *name) {
  for (int c = 0; c < ions->column_count; c++)
    if (ions->columns[c].components == 1 && strcmp(ions->columns[c].name, name) == 0)
      return &ions->columns[c];
  return NULL;
}

double csro_column_value(const csro_column *column, int64_t i) {
  const void *data = column->data;
  switch (column->type) {
  case CSRO_COLUMN_INT8:
    return ((const int8_t *)data)[i];
  case CSRO_COLUMN_UINT8:
    return ((const uint8_t *)data)[i];
  case CSRO_COLUMN_INT16:
    return ((const int16_t *)data)[i];
  case CSRO_COLUMN_UINT16:
    return ((const uint16_t *)data)[i];
  case CSRO_COLUMN_INT32:
    return ((const int32_t *)data)[i];
  case CSRO_COLUMN_UINT32:
    return ((const uint32_t *)data)[i];
  case CSRO_COLUMN_INT64:
    return (double)((const int64_t *)data)[i];
  case CSRO_COLUMN_UINT64:
    return (double)((const uint64_t *)data)[i];
  case CSRO_COLUMN_FLOAT32:
    return (double)((const float *)data)[i];
  case CSRO_COLUMN_FLOAT64:
    break;
  }
  return ((const double *)data)[i];
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

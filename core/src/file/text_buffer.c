#include "file/text_buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void grow(csro_text_buffer *out, int64_t room) {
  if (room <= out->room)
    return;
  const int64_t larger = room > 2 * out->room ? room : 2 * out->room;
  char *text = csro_allocate(out->context, larger, 1);
  if (!text) {
    out->status = CSRO_ERROR_MEMORY;
    return;
  }
  if (out->text)
    memcpy(text, out->text, (size_t)out->length + 1);
  free(out->text);
  out->text = text;
  out->room = larger;
}

void csro_text_put(csro_text_buffer *out, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (out->status == CSRO_OK)
    grow(out, out->length + size + 1);
  if (out->status == CSRO_OK) {
    vsnprintf(out->text + out->length, (size_t)size + 1, format, again);
    out->length += size;
  }
  va_end(again);
}

void csro_text_put_number(csro_text_buffer *out, double value) {
  char text[40];
  snprintf(text, sizeof text, "%.15g", value);
  if (strtod(text, NULL) != value)
    snprintf(text, sizeof text, "%.17g", value);
  csro_text_put(out, "%s", text);
}

#include "csro/context.h"

#include <omp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void csro_context_init(csro_context *context) {
  memset(context, 0, sizeof *context);
  context->threads = omp_get_num_procs();
}

/* What is wrong stands behind the path: a long text loses its middle. */
static void shorten(csro_context *context, const char *text, size_t length) {
  static const char gap[] = " ... ";
  const size_t room = sizeof context->message - sizeof gap, head = room / 2, tail = room - head;
  memcpy(context->message, text, head);
  memcpy(context->message + head, gap, sizeof gap - 1);
  memcpy(context->message + head + sizeof gap - 1, text + length - tail, tail + 1);
}

csro_status csro_fail(csro_context *context, csro_status status, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(context->message, sizeof context->message, format, arguments);
  va_end(arguments);
  if (length >= (int)sizeof context->message) {
    char *text = malloc((size_t)length + 1);
    if (text) {
      vsnprintf(text, (size_t)length + 1, format, again);
      shorten(context, text, (size_t)length);
    }
    free(text);
  }
  va_end(again);
  return status;
}

csro_status csro_check_number(csro_context *context, const char *name, double value, double lo,
                              double hi) {
  if (value >= lo && value <= hi)
    return CSRO_OK;
  return csro_fail(context, CSRO_ERROR_ARGUMENT, "%s is %g, expected %g to %g", name, value, lo,
                   hi);
}

void *csro_allocate(csro_context *context, long long count, size_t size) {
  void *memory = NULL;
  if (count >= 0 && (size == 0 || (unsigned long long)count <= (SIZE_MAX / 2) / size))
    memory = malloc(count > 0 && size > 0 ? (size_t)count * size : 1);
  if (!memory)
    csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: %lld items of %zu bytes", count, size);
  return memory;
}

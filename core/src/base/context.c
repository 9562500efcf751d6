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

csro_status csro_fail(csro_context *context, csro_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(context->message, sizeof context->message, format, arguments);
  va_end(arguments);
  return status;
}

void *csro_allocate(csro_context *context, long long count, size_t size) {
  void *memory = NULL;
  if (count >= 0 && (size == 0 || (unsigned long long)count <= (SIZE_MAX / 2) / size))
    memory = malloc(count > 0 && size > 0 ? (size_t)count * size : 1);
  if (!memory)
    csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: %lld items of %zu bytes", count, size);
  return memory;
}

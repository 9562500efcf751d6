/* A text that grows in memory before it becomes a file. The locale is that of the caller. */
#ifndef CSRO_FILE_TEXT_BUFFER_H
#define CSRO_FILE_TEXT_BUFFER_H

#include "csro/context.h"

#include <stdint.h>

/* Begins as {.context = context}. After an error nothing more is put; the caller frees text. */
typedef struct csro_text_buffer {
  csro_context *context;
  char *text; /* ends with 0; NULL as long as nothing was put */
  int64_t length, room;
  csro_status status;
} csro_text_buffer;

__attribute__((format(printf, 2, 3))) void csro_text_put(csro_text_buffer *out, const char *format,
                                                         ...);

/* With as many digits as it takes to read the same value back, 15 or 17. */
void csro_text_put_number(csro_text_buffer *out, double value);

#endif

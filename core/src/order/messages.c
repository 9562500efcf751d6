#include "order/messages.h"

#include <stdlib.h>
#include <string.h>

csro_status csro_message_buffer_add(csro_context *context, csro_message_buffer *messages,
                                    const double position[3], const void *head, size_t head_size,
                                    const void *tail, size_t tail_size) {
  csro_message message = {.position = {position[0], position[1], position[2]}};
  message.size = (int64_t)(sizeof message + ((head_size + tail_size + 7) & ~(size_t)7));
  if (messages->size + message.size > messages->capacity) {
    int64_t capacity = 2 * messages->capacity + message.size;
    char *more = realloc(messages->bytes, (size_t)capacity);
    if (!more)
      return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory");
    messages->bytes = more;
    messages->capacity = capacity;
  }
  char *to = messages->bytes + messages->size;
  memset(to, 0, (size_t)message.size);
  memcpy(to, &message, sizeof message);
  memcpy(to + sizeof message, head, head_size);
  if (tail_size > 0)
    memcpy(to + sizeof message + head_size, tail, tail_size);
  messages->size += message.size;
  return CSRO_OK;
}

const char *csro_message_buffer_next(const char *bytes, int64_t size, int64_t *at,
                                     int64_t *text_size) {
  csro_message message;
  if (*at >= size)
    return NULL;
  const char *from = bytes + *at;
  memcpy(&message, from, sizeof message);
  *at += message.size;
  *text_size = message.size - (int64_t)sizeof message;
  return from + sizeof message;
}

void csro_message_buffer_release(csro_message_buffer *messages) {
  if (!messages)
    return;
  free(messages->bytes);
  *messages = (csro_message_buffer){0};
}

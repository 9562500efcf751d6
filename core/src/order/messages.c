#include "order/messages.h"

#include <stdlib.h>
#include <string.h>

csro_status csro_order_mail_add(csro_context *context, csro_order_mail *mail, const double place[3],
                                const void *head, size_t head_size, const void *tail,
                                size_t tail_size) {
  csro_order_letter letter = {.place = {place[0], place[1], place[2]}};
  letter.size = (int64_t)(sizeof letter + ((head_size + tail_size + 7) & ~(size_t)7));
  if (mail->size + letter.size > mail->capacity) {
    int64_t capacity = 2 * mail->capacity + letter.size;
    char *more = realloc(mail->bytes, (size_t)capacity);
    if (!more)
      return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory");
    mail->bytes = more;
    mail->capacity = capacity;
  }
  char *to = mail->bytes + mail->size;
  memset(to, 0, (size_t)letter.size);
  memcpy(to, &letter, sizeof letter);
  memcpy(to + sizeof letter, head, head_size);
  if (tail_size > 0)
    memcpy(to + sizeof letter + head_size, tail, tail_size);
  mail->size += letter.size;
  return CSRO_OK;
}

const char *csro_order_mail_next(const char *bytes, int64_t size, int64_t *at, int64_t *text_size) {
  csro_order_letter letter;
  if (*at >= size)
    return NULL;
  const char *from = bytes + *at;
  memcpy(&letter, from, sizeof letter);
  *at += letter.size;
  *text_size = letter.size - (int64_t)sizeof letter;
  return from + sizeof letter;
}

void csro_order_mail_free(csro_order_mail *mail) {
  if (!mail)
    return;
  free(mail->bytes);
  *mail = (csro_order_mail){0};
}

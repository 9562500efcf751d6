/* Letters between the parts of a search (csro/order_parts.h). */
#ifndef CSRO_ORDER_MESSAGES_H
#define CSRO_ORDER_MESSAGES_H

#include "csro/distributed_order.h"

/* Adds a letter of two texts, the second one may be empty. */
csro_status csro_order_mail_add(csro_context *context, csro_order_mail *mail, const double place[3],
                                const void *head, size_t head_size, const void *tail,
                                size_t tail_size);

/* The next letter's text and its bytes; *at starts from 0. NULL at the end. */
const char *csro_order_mail_next(const char *bytes, int64_t size, int64_t *at, int64_t *text_size);

#endif

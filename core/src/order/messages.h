/* Messages between the parts of a search (csro/distributed_order.h). */
#ifndef CSRO_ORDER_MESSAGES_H
#define CSRO_ORDER_MESSAGES_H

#include "csro/distributed_order.h"

/* Adds a message of two texts, the second one may be empty. */
csro_status csro_message_buffer_add(csro_context *context, csro_message_buffer *messages,
                                    const double position[3], const void *head, size_t head_size,
                                    const void *tail, size_t tail_size);

/* The next message's text and its bytes; *at starts from 0. NULL at the end. */
const char *csro_message_buffer_next(const char *bytes, int64_t size, int64_t *at,
                                     int64_t *text_size);

#endif

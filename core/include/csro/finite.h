/* Numbers that are none. */
#ifndef CSRO_FINITE_H
#define CSRO_FINITE_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* Counts the rows of `components` values (float32 or double) that hold a NaN or an infinity; *first
 * is the lowest of them, -1 without any. */
void csro_count_not_finite(const csro_context *context, const void *values, bool is_double,
                           int64_t rows, int components, int64_t *count, int64_t *first);

CSRO_API_END

#endif

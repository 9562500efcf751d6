/* Range files as .rrng, in memory. */
#ifndef CSRO_RANGES_RRNG_TEXT_H
#define CSRO_RANGES_RRNG_TEXT_H

#include "csro/ranges.h"

/* What csro_ranges_write writes. `name` is for messages; *text comes from malloc. */
csro_status csro_ranges_to_rrng(csro_context *context, const char *name, const csro_ranges *ranges,
                                char **text);

#endif

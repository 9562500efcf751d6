/* What the readers of typed text share: blanks, separators and the place of an error. */
#ifndef CSRO_PARSE_USER_TEXT_H
#define CSRO_PARSE_USER_TEXT_H

#include "csro/context.h"

typedef struct csro_typed_text {
  csro_context *context;
  const char *what; /* "pairs", for messages */
  const char *text; /* all of it */
} csro_typed_text;

const char *csro_typed_skip_blanks(const char *p);

/* Where a word ends: at a blank, comma, semicolon or the end of the text. */
const char *csro_typed_word_end(const char *p);

/* "pairs 'Ni-Xx': character 4: 'Xx', expected EXPECTED": what was found is begin .. end - 1,
 * "the end" at the end of the text. */
csro_status csro_typed_fail(const csro_typed_text *typed, const char *begin, const char *end,
                            const char *expected);

#endif

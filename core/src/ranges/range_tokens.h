/* Lines, words and numbers of range files. */
#ifndef CSRO_RANGES_RANGE_TOKENS_H
#define CSRO_RANGES_RANGE_TOKENS_H

#include "ions/text_line.h"
#include "ranges/ranges_builder.h"

/* Without blanks around it. */
csro_line csro_text_trim(csro_line line);

/* Trimmed, without a comment: that starts at one of the marks, first or behind a blank; "#33FFFF"
 * behind a colon is a colour. */
csro_line csro_text_without_comment(csro_line line, const char *marks);

bool csro_text_equals(csro_line text, const char *word); /* in any case */

/* Takes the first word off the rest. */
bool csro_text_next_word(csro_line *rest, csro_line *word);

/* False when the text does not fit or is empty. */
bool csro_text_copy(csro_line text, char *out, size_t size);

/* The whole text is: a finite number, a whole number from 0 to 1e6. */
bool csro_text_number(csro_line text, locale_t c_locale, double *value);
bool csro_text_count(csro_line text, locale_t c_locale, int *count);

/* Red, green and blue as numbers from 0 to 1; no colour (color[0] < 0) when they are not. */
bool csro_text_color(const csro_line words[3], locale_t c_locale, float color[3]);

/* "PATH: line N: 'found', expected ..." */
csro_status csro_ranges_fail_line(const csro_ranges_builder *builder, int line, csro_line found,
                                  const char *expected);

/* Goes through the lines of a text that are not blank, trimmed; LF, CRLF and CR end a line. */
typedef struct csro_text_cursor {
  const char *p, *end;
  int number; /* of the line, from 1 */
  csro_line line;
} csro_text_cursor;

bool csro_text_next_line(csro_text_cursor *cursor);

/* The words of the line, at most `most`; returns how many there are. */
int csro_text_words(csro_line line, csro_line *words, int most);

bool csro_text_is_utf8(csro_line text);

/* The same text in UTF-8; comes from malloc, NULL without memory. */
char *csro_text_from_latin1(csro_context *context, csro_line text, size_t *size);

#endif

#include "parse/user_text.h"

#include "ions/text_line.h"

#include <string.h>

static const char blanks[] = " \t\r\n";

const char *csro_typed_skip_blanks(const char *p) {
  return p + strspn(p, blanks);
}

const char *csro_typed_word_end(const char *p) {
  return p + strcspn(p, " \t\r\n,;");
}

/* From 1; the bytes of one character of UTF-8 count once. */
static int character_at(const char *text, const char *p) {
  int character = 1;
  for (; text < p; text++)
    character += ((unsigned char)*text & 0xc0) != 0x80;
  return character;
}

csro_status csro_typed_fail(const csro_typed_text *typed, const char *begin, const char *end,
                            const char *expected) {
  char all[81], found[81], wanted[641];
  const char *text = typed->text;
  csro_line_copy_printable((csro_line){text, text + strlen(text)}, all, sizeof all);
  csro_line_copy_printable((csro_line){begin, end}, found, sizeof found);
  csro_line_copy_printable((csro_line){expected, expected + strlen(expected)}, wanted,
                           sizeof wanted);
  const char *mark = *begin ? "'" : "";
  return csro_fail(typed->context, CSRO_ERROR_ARGUMENT,
                   "%s '%s': character %d: %s%s%s, expected %s", typed->what, all,
                   character_at(text, begin), mark, *begin ? found : "the end", mark, wanted);
}

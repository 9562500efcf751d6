/* Boxes as people type them. */
#include "base/number.h"
#include "csro/parse.h"
#include "parse/user_text.h"

#include <math.h>
#include <string.h>

/* Behind a comma or semicolon with blanks around it, or behind blanks; NULL without any. */
static const char *skip_separator(const char *p) {
  const char *next = csro_typed_skip_blanks(p);
  if (*next == ',' || *next == ';')
    return csro_typed_skip_blanks(next + 1);
  return next > p ? next : NULL;
}

static csro_status read_numbers(const csro_typed_text *typed, locale_t c_locale, double box[6]) {
  const char *p = csro_typed_skip_blanks(typed->text);
  for (int i = 0; i < 6; i++) {
    const char *word = p, *end = word + strlen(word);
    p = csro_number_parse(word, end, false, c_locale, &box[i]);
    const char *next = p ? (i < 5 ? skip_separator(p) : csro_typed_skip_blanks(p)) : NULL;
    if (i < 5 && p && p == end)
      return csro_typed_fail(typed, end, end, "six numbers x0,x1,y0,y1,z0,z1 in nm");
    if (!next || !isfinite(box[i])) {
      return csro_typed_fail(typed, word, csro_typed_word_end(word),
                             "a finite number, one of six numbers x0,x1,y0,y1,z0,z1 in nm");
    }
    p = next;
  }
  if (*p)
    return csro_typed_fail(typed, p, p + strlen(p),
                           "nothing behind six numbers x0,x1,y0,y1,z0,z1 in nm");
  return CSRO_OK;
}

csro_status csro_box_parse(csro_context *context, const char *text, double box[6]) {
  csro_typed_text typed = {context, "box", text};
  csro_status status;
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (c_locale == (locale_t)0) {
    status = csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: C locale");
  } else {
    status = read_numbers(&typed, c_locale, box);
    freelocale(c_locale);
  }
  if (status != CSRO_OK)
    memset(box, 0, 6 * sizeof *box);
  return status;
}

/* Numbers by name as people type them. */
#include "base/number.h"
#include "csro/parse.h"
#include "parse/user_text.h"

#include <math.h>
#include <string.h>

typedef struct value_reader {
  csro_typed_text typed;
  locale_t c_locale;
  double otherwise;
} value_reader;

static bool ends_item(const char *p) {
  return *p == 0 || *p == ',' || *p == ';';
}

/* One item at *p, and the blanks behind it. */
static csro_status read_item(const value_reader *reader, const char **p, csro_named_value *value) {
  const char *name = *p, *end = csro_typed_word_end(name);
  size_t length = (size_t)(end - name);
  if (length == 0 || length >= sizeof value->name)
    return csro_typed_fail(&reader->typed, name, end, "a name and a number, as in Ni 0.5");
  memcpy(value->name, name, length);
  value->name[length] = 0;
  const char *word = csro_typed_skip_blanks(end);
  if (ends_item(word) && !isnan(reader->otherwise)) {
    value->value = reader->otherwise;
    *p = word;
    return CSRO_OK;
  }
  const char *behind =
      csro_number_parse(word, word + strlen(word), false, reader->c_locale, &value->value);
  const char *next = behind ? csro_typed_skip_blanks(behind) : NULL;
  if (!next || !ends_item(next) || !isfinite(value->value))
    return csro_typed_fail(&reader->typed, word, csro_typed_word_end(word),
                           "a finite number behind the name");
  *p = next;
  return CSRO_OK;
}

static csro_status read_items(const value_reader *reader, int most, csro_named_value *values,
                              int *count) {
  const char *p = csro_typed_skip_blanks(reader->typed.text);
  while (*p || *count > 0) {
    const char *name = p;
    if (*count == most)
      return csro_fail(reader->typed.context, CSRO_ERROR_ARGUMENT, "%s '%.80s': more than %d names",
                       reader->typed.what, reader->typed.text, most);
    csro_status status = read_item(reader, &p, &values[*count]);
    if (status != CSRO_OK)
      return status;
    for (int k = 0; k < *count; k++)
      if (strcmp(values[k].name, values[*count].name) == 0)
        return csro_typed_fail(&reader->typed, name, csro_typed_word_end(name),
                               "each name only once");
    ++*count;
    if (*p == 0)
      break;
    p = csro_typed_skip_blanks(p + 1);
  }
  return CSRO_OK;
}

csro_status csro_named_values_parse(csro_context *context, const char *what, const char *text,
                                    double otherwise, int most, csro_named_value *values,
                                    int *count) {
  value_reader reader = {
      {context, what, text}, newlocale(LC_ALL_MASK, "C", (locale_t)0), otherwise};
  *count = 0;
  if (reader.c_locale == (locale_t)0)
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: C locale");
  csro_status status = read_items(&reader, most, values, count);
  freelocale(reader.c_locale);
  if (status != CSRO_OK)
    *count = 0;
  return status;
}

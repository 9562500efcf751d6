#include "ions/text_label.h"

#include <string.h>

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c) {
  return is_capital(c) || (c >= 'a' && c <= 'z');
}

/* The next word of a label, between blanks or commas. */
static bool next_word(const char **p, const char *end, csro_line *word) {
  static const char between[] = {' ', '\t', ',', ';'};
  while (*p < end && memchr(between, **p, sizeof between))
    ++*p;
  word->begin = *p;
  while (*p < end && !memchr(between, **p, sizeof between))
    ++*p;
  word->end = *p;
  return word->begin < word->end;
}

/* "Al:2" has the symbol Al and the digits 2. */
static bool split(csro_line word, csro_line *symbol, csro_line *count) {
  const char *colon = memchr(word.begin, ':', (size_t)(word.end - word.begin));
  if (!colon || colon == word.begin || colon + 1 == word.end)
    return false;
  *symbol = (csro_line){word.begin, colon};
  *count = (csro_line){colon + 1, word.end};
  for (const char *p = count->begin; p < count->end; p++)
    if (!is_digit(*p))
      return false;
  return true;
}

/* A name of one word: a letter first, or the number of an isotope and a capital. Damaged numbers
 * and the words for undefined ones are none, but Na is sodium. */
static bool is_name(csro_line word) {
  const char *p = word.begin;
  while (p < word.end && is_digit(*p))
    p++;
  if (p == word.end || !(p > word.begin ? is_capital(*p) : is_letter(*p)))
    return false;
  for (; p < word.end; p++)
    if (!is_letter(*p) && !is_digit(*p) && !strchr("+-_", *p))
      return false;
  bool sodium = word.end - word.begin == 2 && memcmp(word.begin, "Na", 2) == 0;
  return sodium || !csro_text_is_undefined(word);
}

bool csro_text_is_label(csro_line text) {
  const char *p = text.begin;
  csro_line word, symbol, count;
  int words = 0, split_words = 0;
  for (; next_word(&p, text.end, &word); words++) {
    bool has_count = split(word, &symbol, &count);
    split_words += has_count;
    if (!is_name(has_count ? symbol : word))
      return false;
  }
  return words > 0 && (words == 1 || split_words == words);
}

csro_line csro_text_label_name(csro_line text, char room[csro_label_room]) {
  const char *p = text.begin;
  csro_line word, symbol, count;
  size_t n = 0;
  while (next_word(&p, text.end, &word)) {
    if (!split(word, &symbol, &count))
      return text;
    bool one = count.end - count.begin == 1 && *count.begin == '1';
    size_t length = (size_t)(symbol.end - symbol.begin),
           digits = one ? 0 : (size_t)(count.end - count.begin);
    if (n + length + digits > csro_label_room)
      return text;
    memcpy(room + n, symbol.begin, length);
    memcpy(room + n + length, count.begin, digits);
    n += length + digits;
  }
  return (csro_line){room, room + n};
}

/* The columns of the three kinds of lists. */
static const int kinds[][csro_roles] = {{1, 2, 3, -1, 0}, {0, 1, 2, -1, 3}, {0, 1, 2, -1, -1}};

bool csro_text_match_label(csro_line ion, csro_text_format *format) {
  double values[csro_role_numbers];
  csro_text_format with_mass = *format;
  with_mass.columns = csro_text_first_columns();
  with_mass.separator = csro_line_separator(ion, format->c_locale);
  const csro_line_result result = csro_line_parse(&with_mass, ion, values, NULL, NULL);
  if (result == CSRO_LINE_ION)
    return false;
  for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
    for (size_t s = 0; s < sizeof csro_text_separators; s++) {
      csro_text_format tried = {csro_text_separators[s], format->c_locale,
                                csro_text_first_columns(), false};
      memcpy(tried.columns.at, kinds[kind], sizeof kinds[kind]);
      if (result == CSRO_LINE_NOT_FINITE && kinds[kind][csro_role_species] < 0)
        continue; /* an empty m/q, for example */
      if (csro_line_parse(&tried, ion, values, NULL, NULL) == CSRO_LINE_ION) {
        *format = tried;
        return true;
      }
    }
  return false;
}

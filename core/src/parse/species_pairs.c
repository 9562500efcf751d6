/* Pairs of species as people type them. */
#include "csro/parse.h"
#include "parse/user_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct pair_reader {
  csro_typed_text typed;
  int species;
  const char *const *name;
} pair_reader;

/* One way to read the pair at a place of the text. */
typedef struct reading {
  csro_pair pair;
  const char *dash, *end;
} reading;

static char key_character(char c) {
  bool keeps = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (unsigned char)c >= 0x80 || c == 0;
  return keeps ? c : '_';
}

void csro_pair_key(char *pair) {
  for (; *pair; pair++)
    *pair = key_character(*pair);
}

/* Where the name ends when it stands at p, else NULL. */
static const char *behind_name(const char *name, const char *p) {
  size_t length = strlen(name);
  return length > 0 && strncmp(p, name, length) == 0 ? p + length : NULL;
}

static bool starts_pair(const pair_reader *reader, const char *p) {
  p = csro_typed_skip_blanks(p);
  for (int s = 0; s < reader->species; s++) {
    const char *end = behind_name(reader->name[s], p);
    if (end && *end == '-')
      return true;
  }
  return false;
}

static bool ends_pair(const pair_reader *reader, const char *p) {
  return csro_typed_word_end(p) == p || (*p == '+' && starts_pair(reader, p + 1));
}

/* Fills in the first two ways to read the pair at p; returns how many there are, at most 2. */
static int read_pair(const pair_reader *reader, const char *p, reading found[2]) {
  int count = 0;
  for (int a = 0; a < reader->species; a++) {
    const char *dash = behind_name(reader->name[a], p);
    if (!dash || *dash != '-')
      continue;
    for (int b = 0; b < reader->species; b++) {
      const char *end = behind_name(reader->name[b], dash + 1);
      if (!end || !ends_pair(reader, end))
        continue;
      if (count > 0 && found[0].dash == dash && found[0].end == end)
        continue; /* another species of the same name */
      found[count++] = (reading){{a, b}, dash, end};
      if (count == 2)
        return 2;
    }
  }
  return count;
}

static csro_status fail_species(const pair_reader *reader, const char *p, const char *end) {
  enum { shown = 16 };
  char expected[shown * 24 + 64] = "one of the species";
  int known = 0;
  for (int s = 0; s < reader->species; s++) {
    if (!reader->name[s][0] || known++ >= shown)
      continue;
    size_t length = strlen(expected);
    snprintf(expected + length, sizeof expected - length, "%s %.20s", known > 1 ? "," : "",
             reader->name[s]);
  }
  size_t length = strlen(expected);
  if (known > shown)
    snprintf(expected + length, sizeof expected - length, " and %d more", known - shown);
  return csro_typed_fail(&reader->typed, p, end,
                         known > 0 ? expected : "a species, but the ions have none (no ranges)");
}

/* Why there is no pair at p. */
static csro_status fail_pair(const pair_reader *reader, const char *p) {
  const char *stop = csro_typed_word_end(p), *first = NULL, *dashed = NULL;
  if (stop == p)
    return csro_typed_fail(&reader->typed, p, *p ? p + 1 : p, "a pair of species as in Ni-Ni");
  for (int s = 0; s < reader->species; s++) {
    const char *end = behind_name(reader->name[s], p);
    if (end && *end == '-' && (!dashed || end > dashed))
      dashed = end;
    if (end == stop)
      first = end;
  }
  if (dashed)
    return fail_species(reader, dashed + 1, csro_typed_word_end(dashed + 1));
  if (first)
    return csro_typed_fail(&reader->typed, first, *first ? first + 1 : first,
                           "'-' and a second species as in Ni-Ni");
  const char *dash = memchr(p, '-', (size_t)(stop - p));
  return fail_species(reader, p, dash ? dash : stop);
}

static csro_status fail_ambiguous(const pair_reader *reader, const char *p,
                                  const reading found[2]) {
  char expected[400];
  const char *const *name = reader->name;
  snprintf(expected, sizeof expected,
           "one way to read it, there are '%.60s' with '%.60s' and '%.60s' with '%.60s'",
           name[found[0].pair.a], name[found[0].pair.b], name[found[1].pair.a],
           name[found[1].pair.b]);
  return csro_typed_fail(&reader->typed, p, csro_typed_word_end(p), expected);
}

/* Character i of the key of a pair, 0 at its end. */
static char key_at(const pair_reader *reader, csro_pair pair, size_t i) {
  const char *a = reader->name[pair.a];
  size_t length = strlen(a);
  if (i < length)
    return key_character(a[i]);
  return i == length ? '_' : key_character(reader->name[pair.b][i - length - 1]);
}

static bool same_key(const pair_reader *reader, csro_pair p, csro_pair q) {
  size_t i = 0;
  while (key_at(reader, p, i) && key_at(reader, p, i) == key_at(reader, q, i))
    i++;
  return key_at(reader, p, i) == key_at(reader, q, i);
}

/* Adds the pair at p unless it is there already. */
static csro_status add_pair(const pair_reader *reader, const char *p, const reading *found,
                            int *count, csro_pair *pair) {
  for (int i = 0; i < *count; i++) {
    if (pair[i].a == found->pair.a && pair[i].b == found->pair.b)
      return CSRO_OK;
    if (same_key(reader, pair[i], found->pair)) {
      char expected[256];
      snprintf(expected, sizeof expected,
               "another pair: its arrays would have the names of those of %.80s-%.80s",
               reader->name[pair[i].a], reader->name[pair[i].b]);
      return csro_typed_fail(&reader->typed, p, found->end, expected);
    }
  }
  pair[(*count)++] = found->pair;
  return CSRO_OK;
}

/* From the end of a pair to the next one; the end of the text when there is none. */
static const char *next_pair(const pair_reader *reader, const char *p) {
  p = csro_typed_skip_blanks(p);
  if (*p == ',' || *p == ';' || (*p == '+' && starts_pair(reader, p + 1)))
    p++;
  return csro_typed_skip_blanks(p);
}

static csro_status read_list(const pair_reader *reader, int *count, csro_pair *pair) {
  const char *p = csro_typed_skip_blanks(reader->typed.text);
  if (!*p)
    return CSRO_OK;
  for (bool more = true; more;) {
    reading found[2];
    int readings = read_pair(reader, p, found);
    if (readings == 0)
      return fail_pair(reader, p);
    if (readings == 2)
      return fail_ambiguous(reader, p, found);
    csro_status status = add_pair(reader, p, found, count, pair);
    if (status != CSRO_OK)
      return status;
    p = found->end;
    more = *csro_typed_skip_blanks(p) != 0;
    p = next_pair(reader, p);
  }
  return CSRO_OK;
}

csro_status csro_pairs_parse(csro_context *context, const char *text, int species,
                             const char *const *name, int *count, csro_pair **pair) {
  *count = 0;
  *pair = NULL;
  pair_reader reader = {{context, "pairs", text}, species, name};
  /* A pair takes three characters and a separator. */
  csro_pair *pairs = csro_allocate(context, (long long)(strlen(text) / 4 + 1), sizeof *pairs);
  if (!pairs)
    return CSRO_ERROR_MEMORY;
  csro_status status = read_list(&reader, count, pairs);
  if (status == CSRO_OK) {
    *pair = pairs;
  } else {
    *count = 0;
    free(pairs);
  }
  return status;
}

#include "ions/species_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { slots = 8192, first_room = 16 };

void csro_species_list_release(csro_species_list *list) {
  if (!list)
    return;
  free(list->name);
  free(list->slot);
  memset(list, 0, sizeof *list);
}

/* Copies a name; bytes that are no UTF-8 are taken as Latin-1. Longer ones are cut off behind a
 * whole letter. Two quotes in quotes stand for one. */
static void copy_name(csro_line text, bool quoted, char out[csro_species_name_size]) {
  const unsigned char *p = (const unsigned char *)text.begin,
                      *end = (const unsigned char *)text.end;
  size_t n = 0;
  while (p < end) {
    if (quoted && *p == '"' && p + 1 < end && p[1] == '"')
      p++;
    size_t more = *p >= 0xc2 && *p < 0xe0   ? 1
                  : *p >= 0xe0 && *p < 0xf0 ? 2
                  : *p >= 0xf0 && *p < 0xf5 ? 3
                                            : 0;
    bool whole = more > 0 && (size_t)(end - p) > more;
    for (size_t k = 1; whole && k <= more; k++)
      whole = (p[k] & 0xc0) == 0x80;
    const size_t size = whole ? more + 1 : *p < 0x80 ? 1 : 2;
    if (n + size >= csro_species_name_size)
      break;
    if (whole || *p < 0x80) {
      memcpy(out + n, p, size);
      p += size;
    } else {
      out[n] = (char)(0xc0 | *p >> 6);
      out[n + 1] = (char)(0x80 | (*p & 0x3f));
      p++;
    }
    if (size == 1 && ((unsigned char)out[n] < 0x20 || out[n] == 0x7f))
      out[n] = '?';
    n += size;
  }
  out[n] = 0;
}

static bool is_word(csro_line text, const char *word) {
  return (size_t)(text.end - text.begin) == strlen(word) &&
         strncasecmp(text.begin, word, strlen(word)) == 0;
}

static bool is_plain_number(csro_line text) {
  for (const char *p = text.begin; p < text.end; p++)
    if (!strchr("0123456789.+-eE", *p) || !*p)
      return false;
  return text.begin < text.end && strchr("0123456789.+-", *text.begin);
}

static bool grow(csro_species_list *list) {
  if (!list->slot)
    list->slot = calloc(slots, sizeof *list->slot);
  if (list->count == list->room) {
    int room = list->room ? 2 * list->room : first_room;
    void *name = realloc(list->name, (size_t)room * sizeof *list->name);
    if (!name)
      return false;
    list->name = name;
    list->room = room;
  }
  return list->slot != NULL;
}

bool csro_species_list_label(csro_species_list *list, csro_line text, bool quoted,
                             uint16_t *label) {
  *label = 0;
  if (text.begin == text.end || (!quoted && (is_word(text, "unranged") || is_word(text, "nan"))))
    return true;
  list->named = list->named || quoted || !is_plain_number(text);
  if (!grow(list))
    return false;
  char *name = list->name[list->count];
  copy_name(text, quoted, name);
  uint32_t hash = 2166136261u;
  for (const char *p = name; *p; p++)
    hash = (hash ^ (unsigned char)*p) * 16777619u;
  uint32_t at = hash % slots;
  for (; list->slot[at]; at = (at + 1) % slots)
    if (strcmp(list->name[list->slot[at] - 1], name) == 0) {
      *label = list->slot[at];
      return true;
    }
  if (list->count == csro_most_species) {
    list->too_many = true;
    return true;
  }
  list->count++;
  *label = list->slot[at] = (uint16_t)list->count;
  return true;
}

/* Range files written as .rrng. The format has no word for some of what other formats say; so the
 * text is read again before it becomes a file, and what comes back otherwise is an error. */
#include "file/atomic_file.h"
#include "file/file.h"
#include "file/text_buffer.h"
#include "ranges/ranges_builder.h"
#include "ranges/read_species_name.h"
#include "ranges/rrng_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the reader would call a species without a name. */
static bool names_itself(const csro_species *species) {
  char formula[csro_composition_room];
  csro_species_write_formula(species, formula);
  return species->components > 0 && strcmp(species->name, formula) == 0;
}

/* Whether the reader finds the charge in the name. */
static bool name_tells_charge(const csro_species *species) {
  csro_reading readings[csro_most_readings];
  const int count = csro_readings_of_label(species->name, readings);
  for (int i = 0; i < count; i++)
    if (readings[i].species.charge == species->charge &&
        csro_species_same_elements(&readings[i].species, species))
      return true;
  return false;
}

/* A charge that the symbol has to tell. */
static bool symbol_tells_charge(const csro_species *species) {
  return species->charge > 0 && species->components == 1 && species->component[0].count == 1 &&
         !name_tells_charge(species);
}

static void put_composition(csro_text_buffer *out, const csro_species *species) {
  for (int k = 0; k < species->components; k++) {
    char label[48], charge[16] = "";
    csro_component_label(&species->component[k], label);
    if (symbol_tells_charge(species))
      snprintf(charge, sizeof charge, "_%d+", species->charge);
    csro_text_put(out, " %s%s:%d", label, charge, species->component[k].count);
  }
}

static void put_name(csro_text_buffer *out, const char *name) {
  const char *quote = strpbrk(name, " \t:#;'\"") ? strchr(name, '"') ? "'" : "\"" : "";
  csro_text_put(out, " Name:%s%s%s", quote, name, quote);
}

static unsigned color_byte(float part) {
  return (unsigned)lround(255 * fmin(fmax((double)part, 0), 1));
}

static void put_range(csro_text_buffer *out, int number, const csro_range *range,
                      const csro_species *species) {
  csro_text_put(out, "Range%d=", number);
  csro_text_put_number(out, range->lo);
  csro_text_put(out, " ");
  csro_text_put_number(out, range->hi);
  if (range->volume > 0) {
    csro_text_put(out, " Vol:");
    csro_text_put_number(out, range->volume);
  }
  put_composition(out, species);
  if (!names_itself(species) || symbol_tells_charge(species))
    put_name(out, species->name);
  csro_text_put(out, " Color:%02X%02X%02X\n", color_byte(species->color[0]),
                color_byte(species->color[1]), color_byte(species->color[2]));
}

/* The list of ions: that of the file, and what ranges have besides. */
typedef struct ion_list {
  int count;
  int64_t room;
  char (*name)[64];
} ion_list;

static csro_status add_ion(csro_context *context, const char *name, ion_list *list) {
  for (int i = 0; i < list->count; i++)
    if (strcmp(list->name[i], name) == 0)
      return CSRO_OK;
  csro_status status =
      csro_ranges_grow(context, &list->name, list->count, &list->room, sizeof *list->name);
  if (status == CSRO_OK)
    snprintf(list->name[list->count++], sizeof *list->name, "%s", name);
  return status;
}

static csro_status list_ions(csro_context *context, const csro_ranges *ranges, ion_list *list) {
  csro_status status = CSRO_OK;
  for (int i = 0; i < ranges->element_count && status == CSRO_OK; i++)
    status = add_ion(context, ranges->elements[i], list);
  for (int i = 0; i < ranges->count && status == CSRO_OK; i++) {
    const csro_species *species = &ranges->species[ranges->range[i].species];
    if (species->components == 0)
      status = add_ion(context, species->name, list);
    for (int k = 0; k < species->components && status == CSRO_OK; k++)
      status = add_ion(context, species->component[k].symbol, list);
  }
  return status;
}

static bool same_species(const csro_species *a, const csro_species *b) {
  if (strcmp(a->name, b->name) != 0 || a->charge != b->charge || a->components != b->components)
    return false;
  for (int k = 0; k < a->components; k++)
    if (strcmp(a->component[k].symbol, b->component[k].symbol) != 0 ||
        a->component[k].isotope != b->component[k].isotope ||
        a->component[k].count != b->component[k].count)
      return false;
  return true;
}

static csro_status fail_range(csro_context *context, const char *name, const csro_range *range,
                              const csro_species *species) {
  char composition[csro_composition_room];
  csro_composition_write(species, composition);
  return csro_fail(context, CSRO_ERROR_DATA,
                   "%s: the range %g to %g of species '%s' (%s) cannot be written as .rrng: it "
                   "would be read as something else",
                   name, range->lo, range->hi, species->name,
                   composition[0] ? composition : "no composition");
}

/* That the text says what the ranges say. */
static csro_status check_text(csro_context *context, const char *name, const csro_ranges *ranges,
                              const csro_text_buffer *out) {
  csro_ranges *again;
  csro_status status =
      csro_ranges_parse(context, "ranges.rrng", out->text, (size_t)out->length, &again);
  if (status == CSRO_ERROR_MEMORY)
    return status;
  int i = 0;
  for (; again && i < ranges->count && i < again->count; i++) {
    const csro_range *a = &ranges->range[i], *b = &again->range[i];
    if (a->lo != b->lo || a->hi != b->hi || a->volume != b->volume ||
        !same_species(&ranges->species[a->species], &again->species[b->species]))
      break;
  }
  csro_ranges_destroy(&again);
  const csro_range *first = &ranges->range[i < ranges->count ? i : 0];
  return i == ranges->count ? CSRO_OK
                            : fail_range(context, name, first, &ranges->species[first->species]);
}

static csro_status make_text(csro_context *context, const csro_ranges *ranges, const ion_list *list,
                             csro_text_buffer *out) {
  const locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (c_locale == (locale_t)0)
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: C locale");
  const locale_t before = uselocale(c_locale);
  csro_text_put(out, "[Ions]\nNumber=%d\n", list->count);
  for (int i = 0; i < list->count; i++)
    csro_text_put(out, "Ion%d=%s\n", i + 1, list->name[i]);
  csro_text_put(out, "[Ranges]\nNumber=%d\n", ranges->count);
  for (int i = 0; i < ranges->count; i++)
    put_range(out, i + 1, &ranges->range[i], &ranges->species[ranges->range[i].species]);
  uselocale(before);
  freelocale(c_locale);
  return out->status;
}

csro_status csro_ranges_to_rrng(csro_context *context, const char *name, const csro_ranges *ranges,
                                char **text) {
  csro_text_buffer out = {.context = context};
  ion_list list = {0};
  *text = NULL;
  if (ranges->count == 0)
    return csro_fail(context, CSRO_ERROR_DATA,
                     "%s: there are no ranges to write, expected ions with a range file", name);
  csro_status status = list_ions(context, ranges, &list);
  if (status == CSRO_OK)
    status = make_text(context, ranges, &list, &out);
  if (status == CSRO_OK)
    status = check_text(context, name, ranges, &out);
  free(list.name);
  if (status == CSRO_OK)
    *text = out.text;
  else
    free(out.text);
  return status;
}

csro_status csro_ranges_write(csro_context *context, const csro_ranges *ranges, const char *path) {
  if (strcasecmp(csro_file_ending(path), ".rrng") != 0)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%s: unknown ending '%s', ranges are written as .rrng", path,
                     csro_file_ending(path));
  char *text;
  csro_status status = csro_ranges_to_rrng(context, path, ranges, &text);
  if (!text)
    return status;
  csro_replacement file;
  status = csro_replacement_open(context, path, &file);
  if (status == CSRO_OK)
    status = csro_replacement_write(context, &file, text, strlen(text));
  free(text);
  return csro_replacement_close(context, &file, status);
}

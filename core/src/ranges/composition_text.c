/* Compositions as text. */
#include "ranges/elements.h"
#include "ranges/read_species_name.h"

#include <stdio.h>
#include <string.h>

void csro_component_label(const csro_component *component, char label[48]) {
  if (component->isotope == 0)
    snprintf(label, 48, "%s", component->symbol);
  else if (strcmp(component->symbol, "H") == 0 && (component->isotope & ~1) == 2)
    strcpy(label, component->isotope == 2 ? "D" : "T");
  else
    snprintf(label, 48, "%d%s", component->isotope, component->symbol);
}

bool csro_species_formula(const csro_species *species, char *out, size_t size) {
  size_t length = 0;
  out[0] = 0;
  for (int k = 0; k < species->components; k++) {
    char label[48], count[16] = "";
    csro_component_label(&species->component[k], label);
    if (species->component[k].count > 1)
      snprintf(count, sizeof count, "%d", species->component[k].count);
    bool apart = k > 0 && label[0] >= '0' && label[0] <= '9';
    length +=
        (size_t)snprintf(out + length, size - length, "%s%s%s", apart ? "_" : "", label, count);
    if (length >= size)
      return false;
  }
  return true;
}

void csro_species_write_formula(const csro_species *species, char out[csro_composition_room]) {
  csro_species_formula(species, out, csro_composition_room);
}

void csro_composition_write(const csro_species *species, char out[csro_composition_room]) {
  size_t length = 0;
  out[0] = 0;
  for (int k = 0; k < species->components; k++) {
    const csro_component *c = &species->component[k];
    char isotope[16] = "";
    if (c->isotope)
      snprintf(isotope, sizeof isotope, "%d", c->isotope);
    length += (size_t)snprintf(out + length, csro_composition_room - length, "%s%s%s:%d",
                               k > 0 ? " " : "", isotope, c->symbol, c->count);
  }
  if (species->charge)
    snprintf(out + length, csro_composition_room - length, "%s+%d", length > 0 ? " " : "",
             species->charge);
}

/* Digits up to `end`, at most 9999; -1 when there is anything else. */
static int whole_number(const char *p, const char *end) {
  int value = p < end && end - p < 5 ? 0 : -1;
  for (; p < end && value >= 0; p++)
    value = *p >= '0' && *p <= '9' ? 10 * value + (*p - '0') : -1;
  return value;
}

/* "10B:2" */
static bool read_component(const char *p, const char *end, csro_component *component) {
  const char *colon = end;
  while (colon > p && *colon != ':')
    colon--;
  component->count = whole_number(colon + 1, end);
  if (colon == p || component->count < 1)
    return false;
  const char *symbol = p;
  while (*symbol >= '0' && *symbol <= '9')
    symbol++;
  component->isotope = 0;
  if (symbol > p && csro_element_find(symbol, (size_t)(colon - symbol)))
    component->isotope = whole_number(p, symbol);
  else
    symbol = p;
  size_t length = (size_t)(colon - symbol);
  if (length >= sizeof component->symbol || component->isotope < 0)
    return false;
  memcpy(component->symbol, symbol, length);
  component->symbol[length] = 0;
  return true;
}

bool csro_composition_read(const char *text, csro_species *species) {
  species->components = species->charge = 0;
  for (const char *p = text, *end; *p; p = *end ? end + 1 : end) {
    csro_component component;
    end = p + strcspn(p, " ");
    if (*p == '+') {
      species->charge = whole_number(p + 1, end);
      if (species->charge < 1 || species->charge > 9)
        return false;
    } else if (!read_component(p, end, &component) || !csro_species_add(species, &component, 1)) {
      return false;
    }
  }
  return true;
}

const char *csro_species_element(const csro_species *species) {
  const csro_component *only = species->component;
  bool one = species->components == 1 && only->count == 1;
  return one && csro_element_find(only->symbol, strlen(only->symbol)) ? only->symbol : NULL;
}

int csro_ranges_element(const csro_ranges *ranges, const char *symbol) {
  for (int i = 0; i < ranges->species_count; i++) {
    const char *element = csro_species_element(&ranges->species[i]);
    if (element && strcmp(element, symbol) == 0)
      return i;
  }
  return -1;
}

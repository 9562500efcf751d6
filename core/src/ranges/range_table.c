/* The species of a range file, found by name and by formula. */
#include "ranges/ranges_builder.h"
#include "ranges/read_species_name.h"

#include <stdio.h>
#include <string.h>

enum { tried = 100 }; /* numbers behind a name, one by one */

static uint32_t hash_text(const char *text) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (; *text; text++)
    hash = (hash ^ (unsigned char)*text) * 16777619u;
  return hash ^ hash >> 15;
}

/* The same for every order of the elements. */
static uint32_t hash_formula(const csro_species *species) {
  uint32_t hash = 0;
  for (int k = 0; k < species->components; k++) {
    const csro_component *c = &species->component[k];
    hash += hash_text(c->symbol) * (2 * (uint32_t)(c->count + 1001 * c->isotope) + 1);
  }
  return hash ^ hash >> 15;
}

static void enter(csro_ranges_builder *builder, uint32_t hash, int entry) {
  uint32_t mask = builder->table_size - 1;
  while (builder->table[hash & mask] != 0)
    hash++;
  builder->table[hash & mask] = entry;
}

/* Entries by formula are negative, those by name positive. */
static void enter_formula(csro_ranges_builder *builder, int index) {
  enter(builder, hash_formula(&builder->ranges->species[index]), -(index + 1));
}

static int find_formula(const csro_ranges_builder *builder, const csro_species *wanted) {
  const uint32_t mask = builder->table_size - 1;
  int entry;
  for (uint32_t h = hash_formula(wanted); (entry = builder->table[h & mask]) != 0; h++)
    if (entry < 0 && csro_species_same_composition(&builder->ranges->species[-entry - 1], wanted))
      return -entry - 1;
  return -1;
}

static int find_name(const csro_ranges_builder *builder, const char *name) {
  const uint32_t mask = builder->table_size - 1;
  int entry;
  for (uint32_t h = hash_text(name); (entry = builder->table[h & mask]) != 0; h++)
    if (entry > 0 && strcmp(builder->ranges->species[entry - 1].name, name) == 0)
      return entry - 1;
  return -1;
}

static bool agree(const csro_species *a, const csro_species *b) {
  return a->components == 0 || b->components == 0 ||
         (a->charge == b->charge && csro_species_same_composition(a, b));
}

/* Bytes of a name that leave room for a number and cut no character. */
static int cut(const char *name) {
  int length = (int)strlen(name);
  if (length > 55)
    for (length = 55; ((unsigned char)name[length] & 0xC0) == 0x80;)
      length--;
  return length;
}

/* A name that another species or the ions without a range have gets a number behind it. *index: the
 * species of that name and composition, -1 when there is none. */
static csro_status make_unique(csro_ranges_builder *builder, const csro_range *range,
                               csro_species *species, int *index) {
  char name[sizeof species->name];
  strcpy(name, species->name);
  for (int number = 2;; number += number == tried ? builder->ranges->species_count : 1) {
    *index = find_name(builder, species->name);
    bool taken = strcmp(species->name, "unranged") == 0 ||
                 (*index >= 0 && !agree(&builder->ranges->species[*index], species));
    if (!taken)
      break;
    snprintf(species->name, sizeof species->name, "%.*s_%d", cut(name), name, number);
  }
  if (*index >= 0 || strcmp(name, species->name) == 0)
    return CSRO_OK;
  return csro_ranges_note(builder, NULL, "line %d: the name %s is taken by other ions, named %s",
                          range->line, name, species->name);
}

static void complete(csro_ranges_builder *builder, int index, const csro_species *species,
                     bool is_formula) {
  csro_species *known = &builder->ranges->species[index];
  if (known->color[0] < 0)
    memcpy(known->color, species->color, sizeof known->color);
  if (known->components > 0 || species->components == 0)
    return;
  known->charge = species->charge;
  known->components = species->components;
  memcpy(known->component, species->component, sizeof known->component);
  if (is_formula)
    enter_formula(builder, index);
}

csro_status csro_ranges_enter_species(csro_ranges_builder *builder, csro_species species,
                                      bool is_formula, const csro_range *range, int *index) {
  csro_ranges *ranges = builder->ranges;
  csro_status status = CSRO_OK;
  *index = is_formula && species.components > 0 ? find_formula(builder, &species) : -1;
  if (*index < 0)
    status = make_unique(builder, range, &species, index);
  if (status != CSRO_OK)
    return status;
  if (*index >= 0) {
    complete(builder, *index, &species, is_formula);
    return CSRO_OK;
  }
  status = csro_ranges_grow(builder->context, &ranges->species, ranges->species_count,
                            &builder->species_room, sizeof *ranges->species);
  if (status != CSRO_OK)
    return status;
  *index = ranges->species_count++;
  ranges->species[*index] = species;
  enter(builder, hash_text(species.name), *index + 1);
  if (is_formula && species.components > 0)
    enter_formula(builder, *index);
  return CSRO_OK;
}

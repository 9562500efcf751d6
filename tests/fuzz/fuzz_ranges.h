/* The readers of range files. */
#ifndef FUZZ_RANGES_H
#define FUZZ_RANGES_H

#include "csro/composition.h"
#include "fuzz.h"
#include "ranges/rrng_text.h"

#include <string.h>

static inline void fuzz_check_species(const csro_species *species) {
  FUZZ_CHECK(species->name[0] && memchr(species->name, 0, sizeof species->name));
  FUZZ_CHECK(species->components >= 0 && species->components <= 8);
  for (int k = 0; k < 3; k++)
    FUZZ_CHECK(species->color[k] >= 0 && species->color[k] <= 1);
  for (int k = 0; k < species->components; k++)
    FUZZ_CHECK(species->component[k].symbol[0] && species->component[k].count > 0);
}

/* Labels the ends of the ranges, and takes the ions apart. */
static inline void fuzz_apply(csro_context *context, const csro_ranges *ranges) {
  enum { most = 64 };
  double mass[most];
  uint16_t label[most];
  int count = 2 * ranges->count < most ? 2 * ranges->count : most;
  for (int i = 0; i < count; i++)
    mass[i] = i % 2 ? ranges->range[i / 2].hi : ranges->range[i / 2].lo;
  FUZZ_CHECK(csro_ranges_apply(context, ranges, mass, true, count, label) == CSRO_OK);
  for (int i = 0; i < count; i++)
    FUZZ_CHECK(label[i] >= 1 && label[i] <= ranges->species_count);
  FUZZ_CHECK(label[0] == ranges->range[0].species + 1);
  csro_atom_kinds *kinds;
  csro_atoms atoms;
  FUZZ_CHECK(csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &kinds) == CSRO_OK);
  FUZZ_CHECK(csro_ions_decompose(context, kinds, label, count, &atoms) == CSRO_OK);
  FUZZ_CHECK(atoms.count >= count);
  for (int64_t i = 0; i < atoms.count; i++)
    FUZZ_CHECK(atoms.label[i] >= 1 && atoms.label[i] <= kinds->count);
  csro_atoms_release(&atoms);
  csro_atom_kinds_destroy(&kinds);
}

/* Written as .rrng and read again they are the same: the second text is the first. */
static inline void fuzz_write_again(csro_context *context, const csro_ranges *ranges) {
  char *text, *second;
  csro_status status = csro_ranges_to_rrng(context, "input", ranges, &text);
  fuzz_check_status(context, status);
  FUZZ_CHECK((status == CSRO_OK) == (text != NULL));
  if (!text)
    return;
  csro_ranges *again;
  FUZZ_CHECK(csro_ranges_parse(context, "a.rrng", text, strlen(text), &again) == CSRO_OK);
  FUZZ_CHECK(again->count == ranges->count);
  FUZZ_CHECK(csro_ranges_to_rrng(context, "input", again, &second) == CSRO_OK);
  FUZZ_CHECK(strcmp(text, second) == 0);
  free(second);
  free(text);
  csro_ranges_destroy(&again);
}

static inline void fuzz_parse_ranges(const char *name, const uint8_t *data, size_t size) {
  csro_context context = fuzz_context();
  csro_ranges *ranges;
  csro_status status = csro_ranges_parse(&context, name, data, size, &ranges);
  fuzz_check_status(&context, status);
  FUZZ_CHECK((status == CSRO_OK) == (ranges != NULL));
  if (!ranges)
    return;
  FUZZ_CHECK(ranges->count > 0 && ranges->species_count > 0);
  for (int i = 0; i < ranges->count; i++) {
    const csro_range *range = &ranges->range[i];
    FUZZ_CHECK(range->lo <= range->hi && range->volume >= 0);
    FUZZ_CHECK(range->species >= 0 && range->species < ranges->species_count);
  }
  for (int i = 0; i < ranges->species_count; i++)
    fuzz_check_species(&ranges->species[i]);
  fuzz_apply(&context, ranges);
  fuzz_write_again(&context, ranges);
  csro_ranges_destroy(&ranges);
}

#endif

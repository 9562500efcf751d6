/* What the ions of a range are: its composition, and the species that it belongs to. */
#include "ranges/ranges_builder.h"
#include "ranges/read_species_name.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Ways to read several labels together are tried up to this number. */
enum { most_compositions = 64 };

typedef struct composition {
  csro_reading reading;
  bool valid; /* at most 8 elements, 1000 atoms of each */
} composition;

/* A label that is no chemical one is a kind of atom of its own. */
static int read_label(const char *label, csro_reading *readings) {
  int count = csro_readings_of_label(label, readings);
  if (count > 0)
    return count;
  readings[0] = (csro_reading){.species = {.components = 1}};
  csro_component *own = readings[0].species.component;
  snprintf(own->symbol, sizeof own->symbol, "%s", label);
  for (char *c = own->symbol; *c; c++)
    if (*c == ' ')
      *c = '_';
  own->count = 1;
  return 1;
}

static composition join(const composition *before, const csro_reading *more, int times) {
  composition joined = *before;
  joined.reading.rank += more->rank;
  joined.reading.isotopes += more->isotopes;
  for (int k = 0; k < more->species.components && joined.valid; k++)
    joined.valid = csro_species_add(&joined.reading.species, &more->species.component[k], times);
  return joined;
}

/* All ways to read the parts of a composition; returns how many there are, at least one. */
static int list_compositions(const csro_content *content, composition *found) {
  csro_reading readings[csro_most_readings];
  composition next[most_compositions];
  int count = 1;
  found[0] = (composition){.valid = true};
  for (int p = 0; p < content->parts; p++) {
    if (content->part[p].count == 0)
      continue;
    int ways = read_label(content->part[p].label, readings), joined = 0;
    for (int i = 0; i < count; i++)
      for (int w = 0; w < ways && joined < most_compositions; w++)
        next[joined++] = join(&found[i], &readings[w], content->part[p].count);
    count = joined;
    memcpy(found, next, (size_t)count * sizeof *found);
    if (content->parts == 1 && content->part[p].count == 1)
      for (int w = 0; w < count; w++)
        found[w].reading.species.charge = readings[w].species.charge;
  }
  return count;
}

/* Ways to read something at a range, and the one that is taken. */
typedef struct choice {
  int taken;  /* -1: none of several is right */
  bool other; /* another one with other elements fits as well */
} choice;

static choice choose(const composition *ways, int count, const csro_range *range, bool by_name) {
  const double lo = fmin(range->lo, range->hi), hi = fmax(range->lo, range->hi);
  choice made = {-1, false};
  int best = -1, isotopes = 0;
  for (int i = 0; i < count; i++) {
    const csro_reading *way = &ways[i].reading;
    isotopes += way->isotopes > 0;
    if (!ways[i].valid)
      continue;
    /* where no mass tells, B10 in a composition is an isotope */
    if (best < 0 || way->rank - (by_name ? 0 : 2 * way->isotopes) <
                        ways[best].reading.rank - (by_name ? 0 : 2 * ways[best].reading.isotopes))
      best = i;
    if (count == 1 || !csro_species_fits(&way->species, lo, hi))
      continue;
    if (made.taken >= 0) {
      const csro_reading *taken = &ways[made.taken].reading;
      made.other = made.other || !csro_species_same_elements(&taken->species, &way->species);
      made.taken = way->rank < taken->rank ? i : made.taken;
    } else {
      made.taken = i;
    }
  }
  if (made.taken < 0 && !(by_name && isotopes > 0 && count > 1))
    made.taken = best;
  return made;
}

/* One line of the report about the ions of a range. */
static csro_status note_range(csro_ranges_builder *builder, const csro_range *range,
                              const char *text) {
  bool said;
  csro_status status = csro_ranges_note(builder, &said, "line %d: %s", range->line, text);
  return status == CSRO_OK && said ? csro_ranges_add_issue(builder, fmin(range->lo, range->hi),
                                                           fmax(range->lo, range->hi))
                                   : status;
}

/* Says how a label was read. taken: NULL for not at all. */
static csro_status report_choice(csro_ranges_builder *builder, const csro_range *range,
                                 const char *label, const csro_species *taken) {
  char text[256], formula[64] = "";
  if (taken) {
    csro_species_formula(taken, formula, sizeof formula);
    snprintf(text, sizeof text,
             "%s fits this range as a formula and as an isotope, the formula %s is taken", label,
             formula);
  } else {
    snprintf(text, sizeof text,
             "%s fits %g to %g neither as a formula nor as an isotope, kept as a name", label,
             range->lo, range->hi);
  }
  return note_range(builder, range, text);
}

static int list_names(const char *name, composition *ways) {
  csro_reading readings[csro_most_readings];
  int count = csro_readings_of_label(name, readings);
  for (int i = 0; i < count; i++)
    ways[i] = (composition){readings[i], true};
  return count;
}

/* A name without composition. */
static csro_status read_name(csro_ranges_builder *builder, const csro_range *range,
                             csro_species *species, bool *is_formula) {
  composition ways[most_compositions];
  int count = list_names(species->name, ways);
  *is_formula = false;
  if (count == 0)
    return CSRO_OK;
  choice made = choose(ways, count, range, true);
  const csro_reading *taken = made.taken < 0 ? NULL : &ways[made.taken].reading;
  if (taken) {
    species->charge = taken->species.charge;
    species->components = taken->species.components;
    memcpy(species->component, taken->species.component, sizeof species->component);
    *is_formula = species->charge == 0 && taken->isotopes == 0;
  }
  return !taken || made.other
             ? report_choice(builder, range, species->name, taken ? &taken->species : NULL)
             : CSRO_OK;
}

/* A name beside a composition: isotopes and charge where they are of the same elements, else only a
 * name, unless it is the formula of something else. */
static csro_status refine_by_name(csro_ranges_builder *builder, const csro_range *range,
                                  csro_species *species, bool *is_formula) {
  composition ways[most_compositions];
  int count = list_names(species->name, ways), same = 0;
  *is_formula = false;
  for (int i = 0; i < count; i++)
    if (csro_species_same_elements(&ways[i].reading.species, species))
      ways[same++] = ways[i];
  if (same > 0) {
    const csro_reading *taken = &ways[choose(ways, same, range, false).taken].reading;
    bool natural = true;
    for (int k = 0; k < species->components; k++)
      natural = natural && species->component[k].isotope == 0;
    if (natural) {
      species->components = taken->species.components;
      memcpy(species->component, taken->species.component, sizeof species->component);
    }
    if (species->charge == 0)
      species->charge = taken->species.charge;
    *is_formula = species->charge == 0 && taken->isotopes == 0;
    return CSRO_OK;
  }
  if (count == 0)
    return CSRO_OK;
  char text[256], formula[64];
  csro_species_formula(species, formula, sizeof formula);
  snprintf(text, sizeof text, "the name %s contradicts the composition %s, which counts",
           species->name, formula);
  species->name[0] = 0;
  *is_formula = true;
  return note_range(builder, range, text);
}

/* The only label of a composition is its name, as the file writes it. */
static const char *only_label(const csro_content *content) {
  int used = 0, only = -1;
  for (int p = 0; p < content->parts; p++)
    if (content->part[p].count > 0) {
      used++;
      only = p;
    }
  return used == 1 && content->part[only].count == 1 ? content->part[only].label : NULL;
}

static csro_status read_composition(csro_ranges_builder *builder, const csro_range *range,
                                    const csro_content *content, csro_species *species,
                                    bool *is_formula) {
  composition ways[most_compositions];
  int count = list_compositions(content, ways);
  choice made = choose(ways, count, range, false);
  if (made.taken < 0)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT,
                     "%s: line %d: expected at most 8 elements, and 1000 atoms of each, in one "
                     "range",
                     builder->path, range->line);
  const csro_reading *taken = &ways[made.taken].reading;
  const char *label = only_label(content);
  csro_status status = CSRO_OK;
  species->charge = taken->species.charge;
  species->components = taken->species.components;
  memcpy(species->component, taken->species.component, sizeof species->component);
  *is_formula = species->charge == 0 && taken->isotopes == 0;
  if (made.other)
    status = report_choice(builder, range, label ? label : "the composition", species);
  if (status == CSRO_OK && species->name[0])
    return refine_by_name(builder, range, species, is_formula);
  if (label && !species->name[0])
    snprintf(species->name, sizeof species->name, "%s", label);
  return status;
}

static csro_status leave_out(csro_ranges_builder *builder, const csro_range *range) {
  char text[128];
  builder->ranges->left_out++;
  snprintf(text, sizeof text, "%g to %g has no atoms and no name, left out", range->lo, range->hi);
  return note_range(builder, range, text);
}

/* Swaps the ends of a range whose upper end is below the lower one. */
static csro_status turn_inverted(csro_ranges_builder *builder, csro_range *range) {
  const double hi = range->lo;
  range->lo = range->hi;
  range->hi = hi;
  const int number = ++builder->ranges->inverted;
  if (number > csro_ranges_reported + 1)
    return CSRO_OK;
  if (number == csro_ranges_reported + 1)
    return csro_ranges_report(builder, "more of these are not listed");
  csro_status status =
      csro_ranges_report(builder, "line %d: upper end %g below lower end %g, swapped", range->line,
                         range->lo, range->hi);
  return status == CSRO_OK ? csro_ranges_add_issue(builder, range->lo, range->hi) : status;
}

static csro_status append(csro_ranges_builder *builder, csro_range range) {
  csro_ranges *ranges = builder->ranges;
  csro_status status = CSRO_OK;
  if (range.hi < range.lo)
    status = turn_inverted(builder, &range);
  if (status == CSRO_OK)
    status = csro_ranges_grow(builder->context, &ranges->range, ranges->count, &builder->range_room,
                              sizeof *ranges->range);
  if (status == CSRO_OK)
    ranges->range[ranges->count++] = range;
  return status;
}

csro_status csro_ranges_add(csro_ranges_builder *builder, csro_range range,
                            const csro_content *content) {
  csro_species species = {.color = {content->color[0], content->color[1], content->color[2]}};
  int atoms = 0;
  bool is_formula = false;
  if (builder->ranges->count == csro_ranges_limit)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT, "%s: line %d: more than %d ranges",
                     builder->path, range.line, csro_ranges_limit);
  strcpy(species.name, content->name);
  for (int p = 0; p < content->parts; p++)
    atoms += content->part[p].count;
  if (atoms == 0 && !species.name[0])
    return leave_out(builder, &range);
  csro_status status = atoms > 0 ? read_composition(builder, &range, content, &species, &is_formula)
                                 : read_name(builder, &range, &species, &is_formula);
  if (status == CSRO_OK && !species.name[0] &&
      !csro_species_formula(&species, species.name, sizeof species.name))
    status = csro_fail(builder->context, CSRO_ERROR_FORMAT,
                       "%s: line %d: formula '%s...', expected at most 63 characters",
                       builder->path, range.line, species.name);
  if (status == CSRO_OK)
    status = csro_ranges_enter_species(builder, species, is_formula, &range, &range.species);
  return status == CSRO_OK ? append(builder, range) : status;
}

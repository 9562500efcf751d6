/* Kinds of atoms, and fractions of ions and atoms. */
#include "csro/composition.h"
#include "csro/share.h"

#include "base/progress.h"
#include "ranges/ranges_builder.h"
#include "ranges/read_species_name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { block_ions = 65536 };

/* One component of one species, or a species without any. */
typedef struct use {
  const csro_component *component; /* NULL for a whole species */
  int position;                    /* among all uses, in the order of the species */
  int kind;
} use;

void csro_atom_kinds_destroy(csro_atom_kinds **kinds) {
  if (!kinds || !*kinds)
    return;
  free((*kinds)->kind);
  free((*kinds)->first);
  free((*kinds)->part);
  free(*kinds);
  *kinds = NULL;
}

static int uses_of(const csro_species *species) {
  return species->components > 0 ? species->components : 1;
}

static int compare_components(const use *p, const use *q) {
  if (!p->component || !q->component)
    return (q->component != NULL) - (p->component != NULL);
  int order = strcmp(p->component->symbol, q->component->symbol);
  return order ? order : p->component->isotope - q->component->isotope;
}

static int compare_uses(const void *a, const void *b) {
  const use *p = a, *q = b;
  int order = compare_components(p, q);
  return order ? order : p->position - q->position;
}

static int compare_positions(const void *a, const void *b) {
  return ((const use *)a)->position - ((const use *)b)->position;
}

/* Gives uses of one element (or isotope) the position of the first of them as kind. */
static void group_uses(use *uses, int count) {
  qsort(uses, (size_t)count, sizeof *uses, compare_uses);
  for (int i = 0; i < count; i++) {
    bool same = i > 0 && uses[i].component && compare_components(&uses[i], &uses[i - 1]) == 0;
    uses[i].kind = same ? uses[i - 1].kind : uses[i].position;
  }
  qsort(uses, (size_t)count, sizeof *uses, compare_positions);
}

static int list_uses(const csro_ranges *ranges, use *uses) {
  int count = 0;
  for (int s = 0; s < ranges->species_count; s++) {
    const csro_species *species = &ranges->species[s];
    for (int k = 0; k < uses_of(species); k++, count++)
      if (uses)
        uses[count] = (use){species->components > 0 ? &species->component[k] : NULL, count, count};
  }
  return count;
}

/* Numbers the kinds in their order of first use; returns how many there are. */
static int number_kinds(use *uses, int count) {
  int kinds = 0;
  for (int i = 0; i < count; i++)
    uses[i].kind = uses[i].kind == i ? kinds++ : uses[uses[i].kind].kind;
  return kinds;
}

static csro_species make_kind(const csro_species *species, const csro_component *component) {
  if (!component)
    return *species;
  csro_species kind = {.color = {-1, -1, -1}, .components = 1, .component = {*component}};
  csro_component_label(component, kind.name);
  kind.component[0].count = 1;
  return kind;
}

static void fill_kinds(const csro_ranges *ranges, const use *uses, csro_atom_kinds *kinds) {
  int at = 0, known = 0;
  for (int s = 0; s < ranges->species_count; s++) {
    const csro_species *species = &ranges->species[s];
    kinds->first[s] = at;
    for (int k = 0; k < uses_of(species); k++, at++) {
      int atoms = species->components > 0 ? species->component[k].count : 1;
      kinds->part[at] = (csro_atom_part){uses[at].kind, atoms};
      csro_species *kind = &kinds->kind[uses[at].kind];
      if (uses[at].kind == known) {
        *kind = make_kind(species, uses[at].component);
        known++;
      }
      if (species->components == 1 && atoms == 1 && kind->color[0] < 0)
        memcpy(kind->color, species->color, sizeof kind->color);
    }
  }
  kinds->first[ranges->species_count] = at;
  for (int i = 0; i < known; i++)
    for (int k = 0; k < 3; k++)
      if (kinds->kind[i].color[k] < 0)
        kinds->kind[i].color[k] = 0.5f;
}

static csro_status make_kinds(csro_context *context, const csro_ranges *ranges, use *uses,
                              csro_atom_kinds *kinds) {
  int count = list_uses(ranges, uses);
  group_uses(uses, count);
  kinds->count = number_kinds(uses, count);
  if (kinds->count > csro_ranges_limit)
    return csro_fail(context, CSRO_ERROR_DATA, "%d kinds of atoms in the ranges, at most %d",
                     kinds->count, csro_ranges_limit);
  kinds->species_count = ranges->species_count;
  kinds->kind = csro_allocate(context, kinds->count, sizeof *kinds->kind);
  kinds->first = csro_allocate(context, ranges->species_count + 1, sizeof *kinds->first);
  kinds->part = csro_allocate(context, count, sizeof *kinds->part);
  if (!kinds->kind || !kinds->first || !kinds->part)
    return CSRO_ERROR_MEMORY;
  fill_kinds(ranges, uses, kinds);
  return CSRO_OK;
}

static csro_status find_kinds(csro_context *context, const csro_ranges *ranges,
                              csro_atom_kinds **kinds) {
  csro_atom_kinds *made = csro_allocate(context, 1, sizeof *made);
  if (!made)
    return CSRO_ERROR_MEMORY;
  memset(made, 0, sizeof *made);
  use *uses = csro_allocate(context, list_uses(ranges, NULL), sizeof *uses);
  csro_status status = uses ? make_kinds(context, ranges, uses, made) : CSRO_ERROR_MEMORY;
  free(uses);
  if (status == CSRO_OK)
    *kinds = made;
  else
    csro_atom_kinds_destroy(&made);
  return status;
}

csro_status csro_atom_kinds_create(csro_context *context, const csro_ranges *ranges,
                                   csro_isotopes isotopes, csro_atom_kinds **kinds) {
  *kinds = NULL;
  if (isotopes == CSRO_ISOTOPES_APART)
    return find_kinds(context, ranges, kinds);
  csro_ranges merged = {.species_count = ranges->species_count};
  merged.species = csro_allocate(context, ranges->species_count, sizeof *merged.species);
  if (!merged.species)
    return CSRO_ERROR_MEMORY;
  for (int s = 0; s < ranges->species_count; s++) {
    merged.species[s] = ranges->species[s];
    csro_species_merge_isotopes(&merged.species[s]);
  }
  csro_status status = find_kinds(context, &merged, kinds);
  free(merged.species);
  return status;
}

/* Returns how many labels are above the number of species. */
static int64_t count_block(const uint16_t *label, int64_t count, int species_count,
                           int64_t *counts) {
  int64_t above = 0;
  for (int64_t i = 0; i < count; i++)
    if (label[i] <= species_count)
      counts[label[i]]++;
    else
      above++;
  return above;
}

/* own: a row of counts per thread, zeros. */
static csro_status count_shares(csro_context *context, const uint16_t *label, int64_t count,
                                int species_count, int64_t *counts, int64_t *own) {
  int64_t above = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads) reduction(+ : above)
  for (int t = 0; t < context->threads; t++) {
    int64_t *mine = own + (int64_t)t * (species_count + 1), begin, left;
    csro_share(count, t, context->threads, &begin, &left);
    while (left > 0 && !csro_progress_add(&progress, block_ions)) {
      int64_t n = left < block_ions ? left : block_ions;
      above += count_block(label + begin, n, species_count, mine);
      begin += n;
      left -= n;
    }
  }
  csro_status status = csro_progress_end(&progress);
  if (status == CSRO_OK && above > 0)
    return csro_fail(context, CSRO_ERROR_DATA, "%lld labels are above the number of species, %d",
                     (long long)above, species_count);
  for (int t = 0; t < context->threads; t++)
    for (int s = 0; s <= species_count; s++)
      counts[s] += own[(int64_t)t * (species_count + 1) + s];
  return status;
}

csro_status csro_label_counts(csro_context *context, const uint16_t *label, int64_t count,
                              int species_count, int64_t *counts) {
  size_t size = (size_t)(species_count + 1) * sizeof *counts;
  memset(counts, 0, size);
  int64_t *own = csro_allocate(context, context->threads, size);
  if (!own)
    return CSRO_ERROR_MEMORY;
  memset(own, 0, (size_t)context->threads * size);
  csro_status status = count_shares(context, label, count, species_count, counts, own);
  free(own);
  return status;
}

csro_status csro_labels_map(csro_context *context, const uint16_t *label, int64_t count,
                            int species_count, const uint16_t *map, uint16_t *out) {
  int64_t above = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads) reduction(+ : above)
  for (int64_t begin = 0; begin < count; begin += block_ions) {
    int64_t end = count - begin < block_ions ? count : begin + block_ions;
    if (csro_progress_add(&progress, end - begin))
      continue;
    for (int64_t i = begin; i < end; i++) {
      above += label[i] > species_count;
      out[i] = label[i] > species_count ? 0 : map[label[i]];
    }
  }
  csro_status status = csro_progress_end(&progress);
  if (status == CSRO_OK && above > 0)
    return csro_fail(context, CSRO_ERROR_DATA, "%lld labels are above the number of species, %d",
                     (long long)above, species_count);
  return status;
}

void csro_ion_fractions(const int64_t *counts, int species_count, csro_fraction *rows) {
  int64_t all = 0;
  for (int s = 0; s < species_count; s++)
    all += counts[s + 1];
  for (int s = 0; s < species_count; s++) {
    double f = all > 0 ? (double)counts[s + 1] / (double)all : NAN;
    rows[s] = (csro_fraction){counts[s + 1], f, sqrt(f * (1 - f) / (double)all)};
  }
}

static int atoms_in(const csro_atom_kinds *kinds, int species) {
  int atoms = 0;
  for (int p = kinds->first[species]; p < kinds->first[species + 1]; p++)
    atoms += kinds->part[p].atoms;
  return atoms;
}

/* sum (a - f t)^2 = sum over all ions of (f t)^2, and for those with the kind a^2 - 2 a f t more.
 */
void csro_atom_fractions(const csro_atom_kinds *kinds, const int64_t *counts, csro_fraction *rows) {
  double all = 0, squares = 0;
  for (int k = 0; k < kinds->count; k++)
    rows[k] = (csro_fraction){0, 0, 0};
  for (int s = 0; s < kinds->species_count; s++) {
    double t = atoms_in(kinds, s), n = (double)counts[s + 1];
    all += n * t;
    squares += n * t * t;
    for (int p = kinds->first[s]; p < kinds->first[s + 1]; p++)
      rows[kinds->part[p].kind].count += counts[s + 1] * kinds->part[p].atoms;
  }
  for (int k = 0; k < kinds->count; k++) {
    double f = all > 0 ? (double)rows[k].count / all : NAN;
    rows[k].value = f;
    rows[k].standard_error = f * f * squares;
  }
  for (int s = 0; s < kinds->species_count; s++)
    for (int p = kinds->first[s]; p < kinds->first[s + 1]; p++) {
      csro_fraction *row = &rows[kinds->part[p].kind];
      double a = kinds->part[p].atoms, t = atoms_in(kinds, s);
      row->standard_error += (double)counts[s + 1] * a * (a - 2 * row->value * t);
    }
  for (int k = 0; k < kinds->count; k++)
    rows[k].standard_error = sqrt(fmax(rows[k].standard_error, 0)) / all;
}

bool csro_element_is_major(const char *symbol, int64_t count, int64_t ranged) {
  return strcmp(symbol, "H") != 0 && count > 0 && count * 100 >= ranged;
}

int csro_element_choose(int elements, const char *const *symbol, const int64_t *counts,
                        int64_t ranged) {
  int minority = -1, any = -1;
  for (int e = 0; e < elements; e++) {
    if (!csro_element_is_major(symbol[e], counts[e], ranged))
      continue;
    if (any < 0 || counts[e] > counts[any])
      any = e;
    if (2 * counts[e] <= ranged && (minority < 0 || counts[e] > counts[minority]))
      minority = e;
  }
  return minority >= 0 ? minority : any;
}

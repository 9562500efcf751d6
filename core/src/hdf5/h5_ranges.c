/* Ranges of NeXus NXapm: each group of peak_identification is an ion with its nuclides, charge and
 * intervals. A nuclide is Z + 256 N, with N = 0 or 255 where the isotope is not stated. */
#include "hdf5/h5_file.h"

#include "ranges/elements.h"
#include "ranges/ranges_builder.h"
#include "ranges/read_species_name.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_nuclides = 256 };

typedef struct nx_ranges {
  csro_h5 *h5;
  int species_count, range_count;
  int64_t species_room, range_room;
  csro_species *species;
  csro_range *range;
} nx_ranges;

/* At most `most` numbers of a data set; *rows and *columns are those of the file. */
static csro_status read_small(csro_h5 *h5, int index, int64_t most, double *out, int64_t *rows,
                              int64_t *columns) {
  csro_h5_set set;
  csro_status status = csro_h5_open_set(h5, index, &set);
  *rows = set.rows;
  *columns = set.columns;
  if (status == CSRO_OK && (set.rows > most || set.columns > most || set.rows * set.columns > most))
    status = csro_h5_fail(h5, "/%s: %lld x %lld numbers, expected at most %lld", set.path,
                          (long long)set.rows, (long long)set.columns, (long long)most);
  if (status == CSRO_OK)
    status = csro_h5_read(h5, &set, 0, set.rows, CSRO_COLUMN_FLOAT64, out);
  csro_h5_close_set(&set);
  return status;
}

static csro_status add_nuclide(const csro_h5 *h5, const char *path, double hash,
                               csro_species *species) {
  if (hash == 0)
    return CSRO_OK;
  const int code = hash > 0 && hash <= 65535 && hash == floor(hash) ? (int)hash : 0;
  const int protons = code % 256, neutrons = code / 256;
  const char *symbol = protons > 0 ? csro_element_symbol(protons) : NULL;
  csro_component component = {.count = 1};
  if (!symbol)
    return csro_h5_fail(h5, "/%s: %g is no nuclide (protons + 256 x neutrons)", path, hash);
  snprintf(component.symbol, sizeof component.symbol, "%s", symbol);
  component.isotope = neutrons == 0 || neutrons == 255 ? 0 : protons + neutrons;
  return csro_species_add(species, &component, 1)
             ? CSRO_OK
             : csro_h5_fail(h5, "/%s: expected at most 8 elements, and 1000 atoms of each", path);
}

/* What the ion is made of. Several rows are candidates that differ in their isotopes. */
static csro_status read_nuclides(csro_h5 *h5, const char *path, size_t folder,
                                 csro_species *species) {
  static const char *const names[] = {"nuclide_hash", "isotope_vector"};
  double values[most_nuclides];
  int64_t rows = 0, columns = 0;
  int index = -1;
  for (int i = 0; i < 2 && index < 0; i++)
    index = csro_h5_find_beside(h5, path, folder, names[i]);
  if (index < 0)
    return csro_h5_fail(h5, "/%.*s: no nuclide_hash, expected one for each ion", (int)folder, path);
  csro_status status = read_small(h5, index, most_nuclides, values, &rows, &columns);
  const bool has_candidates = rows > 1 && columns > 1;
  const int64_t count = has_candidates || rows == 1 ? columns : rows;
  for (int64_t i = 0; i < count && status == CSRO_OK; i++)
    status = add_nuclide(h5, h5->set[index], values[i], species);
  if (has_candidates)
    csro_species_merge_isotopes(species);
  return status;
}

/* 0 where it is not known, or several are possible. */
static csro_status read_charge(csro_h5 *h5, const char *path, size_t folder, int *charge) {
  double values[most_nuclides];
  int64_t rows = 0, columns = 0;
  const int index = csro_h5_find_beside(h5, path, folder, "charge_state");
  *charge = 0;
  if (index < 0)
    return CSRO_OK;
  csro_status status = read_small(h5, index, most_nuclides, values, &rows, &columns);
  if (status == CSRO_OK && rows * columns == 1 && values[0] > 0 && values[0] < 100)
    *charge = (int)values[0];
  return status;
}

/* The species of this composition and charge, which is added when it is new. */
static csro_status enter_species(nx_ranges *made, csro_species *species, int *index) {
  for (*index = 0; *index < made->species_count; ++*index)
    if (made->species[*index].charge == species->charge &&
        csro_species_same_composition(&made->species[*index], species))
      return CSRO_OK;
  if (made->species_count == csro_ranges_ion_limit)
    return csro_h5_fail(made->h5, "more than %d ions", csro_ranges_ion_limit);
  char formula[48], charge[16] = "";
  if (!csro_species_formula(species, formula, sizeof formula))
    return csro_h5_fail(made->h5, "formula '%s...', expected at most 47 characters", formula);
  if (species->charge > 0)
    snprintf(charge, sizeof charge, "_%d+", species->charge);
  snprintf(species->name, sizeof species->name, "%s%s", formula, charge);
  csro_status status = csro_ranges_grow(made->h5->context, &made->species, made->species_count,
                                        &made->species_room, sizeof *made->species);
  if (status == CSRO_OK)
    made->species[made->species_count++] = *species;
  return status;
}

static csro_status add_ranges(nx_ranges *made, int index, int species) {
  enum { most = 2 * 4096 };
  csro_h5 *h5 = made->h5;
  int64_t rows, columns;
  double *ends = csro_allocate(h5->context, most, sizeof *ends);
  if (!ends)
    return CSRO_ERROR_MEMORY;
  csro_status status = read_small(h5, index, most, ends, &rows, &columns);
  if (status == CSRO_OK && rows * columns % 2 != 0)
    status = csro_h5_fail(h5, "/%s: %lld x %lld numbers, expected the two ends of each range",
                          h5->set[index], (long long)rows, (long long)columns);
  for (int64_t i = 0; status == CSRO_OK && i + 1 < rows * columns; i += 2) {
    if (made->range_count == csro_ranges_limit)
      status = csro_h5_fail(h5, "more than %d ranges", csro_ranges_limit);
    if (status == CSRO_OK)
      status = csro_ranges_grow(h5->context, &made->range, made->range_count, &made->range_room,
                                sizeof *made->range);
    if (status == CSRO_OK)
      made->range[made->range_count++] =
          (csro_range){.lo = ends[i], .hi = ends[i + 1], .species = species};
  }
  free(ends);
  return status;
}

static csro_status add_ion(nx_ranges *made, int index) {
  const char *path = made->h5->set[index];
  const size_t folder = csro_h5_folder(path);
  csro_species species = {.color = {-1, -1, -1}};
  int place = 0;
  csro_status status = read_nuclides(made->h5, path, folder, &species);
  if (status == CSRO_OK && species.components == 0)
    return CSRO_OK; /* ion0: what is not identified */
  if (status == CSRO_OK)
    status = read_charge(made->h5, path, folder, &species.charge);
  if (status == CSRO_OK)
    status = enter_species(made, &species, &place);
  return status == CSRO_OK ? add_ranges(made, index, place) : status;
}

/* ion2 before ion10. */
static int compare_paths(const void *a, const void *b) {
  const char *p = *(char *const *)a, *q = *(char *const *)b;
  const size_t m = strlen(p), n = strlen(q);
  return m != n ? (m < n ? -1 : 1) : strcmp(p, q);
}

static csro_status hand_over(csro_context *context, const nx_ranges *made, csro_ranges **ranges) {
  const int count = made->species_count;
  char(*compositions)[csro_composition_room] = csro_allocate(context, count, sizeof *compositions);
  const char **texts = csro_allocate(context, 2 * (int64_t)count, sizeof *texts);
  csro_status status = compositions && texts ? CSRO_OK : CSRO_ERROR_MEMORY;
  for (int i = 0; status == CSRO_OK && i < count; i++) {
    csro_composition_write(&made->species[i], compositions[i]);
    texts[i] = made->species[i].name;
    texts[count + i] = compositions[i];
  }
  if (status == CSRO_OK)
    status = csro_ranges_of_names(context, count, texts, texts + count, NULL, ranges);
  if (status == CSRO_OK)
    status = csro_ranges_set(context, *ranges, made->range_count, made->range);
  if (status != CSRO_OK)
    csro_ranges_destroy(ranges);
  free(texts);
  free(compositions);
  return status;
}

csro_status csro_hdf5_read_ranges(csro_context *context, const char *path, csro_ranges **ranges) {
  csro_h5 h5;
  nx_ranges made = {.h5 = &h5};
  *ranges = NULL;
  csro_status status = csro_h5_open(context, path, &h5);
  if (status == CSRO_OK && h5.count > 0)
    qsort(h5.set, (size_t)h5.count, sizeof *h5.set, compare_paths);
  for (int i = status == CSRO_OK ? csro_h5_find(&h5, "mass_to_charge_range", 0) : -1;
       i >= 0 && status == CSRO_OK; i = csro_h5_find(&h5, "mass_to_charge_range", i + 1))
    if (!strstr(h5.set[i], "charge_state_analysis"))
      status = add_ion(&made, i);
  if (status == CSRO_OK && made.range_count == 0)
    status = csro_h5_fail(&h5,
                          "no range of an identified ion, expected peak_identification of NeXus "
                          "NXapm with mass_to_charge_range and nuclide_hash%s",
                          csro_h5_find(&h5, "axis0", 0) >= 0
                              ? " (range files of pyccapt hold Python objects, which are not read: "
                                "save them as .rrng)"
                              : "");
  if (status == CSRO_OK)
    status = hand_over(context, &made, ranges);
  free(made.species);
  free(made.range);
  csro_h5_close(&h5);
  return status;
}

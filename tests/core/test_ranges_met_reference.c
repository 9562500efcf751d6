/* Range files as users have them, each with a trait met in public: the ions of every species, of
 * every element, and what is said. */
#include "check.h"
#include "csro/composition.h"
#include "csro/ions.h"

typedef struct expectation {
  const char *name;
  const char *species;  /* ions of each, "Al 3, AlO 3" */
  const char *elements; /* atoms of each */
  const char *report;   /* a part of the report, NULL: there is none */
} expectation;

static const expectation files[] = {
    {"06_sections_behind_ranges.env", "Al 3, AlO 3", "Al 6, O 3", NULL},
    {"07_charge_in_names.env", "Al_+ 3, Al_2+ 2", "Al 5", NULL},
    {"08_charge_in_names.rrng", "1Al1 3, 2Al1 1, 1Al1O1 3", "Al 7, O 3", NULL},
    {"09_isotope_columns.rng", "B10 1, B11 1", "B 2", NULL},
    {"11_isotope_composition.rrng", "D2O 1, 13CO 1", "H 2, O 2, C 1", NULL},
    {"12_user_names_only.rrng", "Cluster1 3, Cluster2 3", "Cluster1 3, Cluster2 3", NULL},
    {"13_latin1_name.rrng",
     "Al 3, R\xC3\xBC"
     "ckstand 3",
     "Al 3, R\xC3\xBC"
     "ckstand 3",
     "read as Latin-1"},
    {"14_text_behind_colour.rng", "Al 3, AlO 3", "Al 6, O 3", NULL},
    {"15_no_point.rng", "Al 3, AlO 3", "Al 6, O 3", NULL},
    {"17_colour_above_one.rng", "Al 3, AlO 3", "Al 6, O 3", "the colour of Al is not"},
    {"18a_colour_hash.rrng", "Al 3, AlO 3", "Al 6, O 3", NULL},
    {"18b_colour_five_digits.rrng", "Al 3, AlO 3", "Al 6, O 3", "expected Color:"},
    {"18d_volume_nan.rrng", "Al 3, AlO 3", "Al 6, O 3", "expected Vol:"},
    {"18e_volume_empty.rrng", "Al 3, AlO 3", "Al 6, O 3", "expected Vol:"},
    {"19_blank_behind_colon.rrng", "Al 3, AlO 3", "Al 6, O 3", NULL},
    {"21_ion_of_two_words.rrng", "Al 3, AlO 3", "Al 6, O 3", NULL},
    {"22_range_above_1e6.rng", "Al 3, AlO 3, O 0", "Al 6, O 3", NULL},
    {"24_name_and_composition.rrng", "10B 1, 11B 1", "B 2", NULL},
    {"25_cr_line_ends.rrng", "Al 3, AlO 3", "Al 6, O 3", NULL},
};

static void write_counts(const csro_species *species, const csro_fraction *rows, int count,
                         char *text) {
  for (int i = 0; i < count; i++)
    text +=
        sprintf(text, "%s%s %lld", i > 0 ? ", " : "", species[i].name, (long long)rows[i].count);
}

static void check_text(const char *file, const char *found, const char *expected) {
  if (strcmp(found, expected) == 0)
    return;
  fprintf(stderr, "%s: '%s', expected '%s'\n", file, found, expected);
  check_failures++;
}

static csro_ranges *read_ranges(csro_context *context, const char *name) {
  char path[256];
  csro_ranges *ranges;
  snprintf(path, sizeof path, "files_met/%s", name);
  CHECK_OK(context, csro_ranges_read(context, check_reference(path), &ranges));
  return ranges;
}

static void test_file(csro_context *context, const expectation *expected, const csro_ions *ions) {
  csro_ranges *ranges = read_ranges(context, expected->name);
  uint16_t label[200];
  int64_t counts[8];
  csro_fraction rows[8];
  char text[256];
  CHECK(ions->count == 200 && ranges->species_count < 8);
  CHECK_OK(context, csro_ranges_apply(context, ranges, ions->mass, ions->is_double, 200, label));
  CHECK_OK(context, csro_label_counts(context, label, 200, ranges->species_count, counts));
  csro_ion_fractions(counts, ranges->species_count, rows);
  write_counts(ranges->species, rows, ranges->species_count, text);
  check_text(expected->name, text, expected->species);
  csro_atom_kinds *kinds;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_MERGED, &kinds));
  csro_atom_fractions(kinds, counts, rows);
  write_counts(kinds->kind, rows, kinds->count, text);
  check_text(expected->name, text, expected->elements);
  csro_atom_kinds_destroy(&kinds);
  if (expected->report)
    CHECK(strstr(ranges->report, expected->report) != NULL);
  else
    check_text(expected->name, ranges->report, "");
  csro_ranges_destroy(&ranges);
}

/* D2O and 13CO as atoms. */
static void test_decomposed(csro_context *context, const csro_ions *ions) {
  csro_ranges *ranges = read_ranges(context, "11_isotope_composition.rrng");
  csro_atom_kinds *kinds;
  csro_atoms atoms;
  uint16_t label[200];
  int64_t counts[4];
  csro_fraction rows[4];
  char text[256];
  CHECK_OK(context, csro_ranges_apply(context, ranges, ions->mass, ions->is_double, 200, label));
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &kinds));
  CHECK_OK(context, csro_ions_decompose(context, kinds, label, 200, &atoms));
  CHECK_OK(context, csro_label_counts(context, atoms.label, atoms.count, kinds->count, counts));
  csro_ion_fractions(counts, kinds->count, rows);
  write_counts(kinds->kind, rows, kinds->count, text);
  check_text("decomposed", text, "D 2, O 2, 13C 1");
  csro_atoms_release(&atoms);
  csro_atom_kinds_destroy(&kinds);
  csro_ranges_destroy(&ranges);
}

int main(void) {
  csro_context context;
  csro_ions ions;
  csro_context_init(&context);
  CHECK_OK(&context, csro_ions_read(&context, check_reference("files_met/grid.pos"), 0, 1, &ions));
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    test_file(&context, &files[i], &ions);
  test_decomposed(&context, &ions);
  csro_ions_release(&ions);
  return check_end();
}

/* Counts of species and elements, and molecular ions taken apart. */
#include "check.h"
#include "csro/composition.h"
#include "csro/random.h"

static csro_ranges *parse(csro_context *context, const char *text) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_parse(context, "text", text, strlen(text), &ranges));
  return ranges;
}

/* species: CrO2, un1, O, Cr2, Ni */
static const char text[] =
    "[Ions]\nIon1=Cr\nIon2=O\nIon3=Ni\n[Ranges]\n"
    "Range1=10 11 Cr:1 O:2 Color:0000FF\nRange2=12 13 Name:un1 Color:FF0000\n"
    "Range3=14 15 O:1 Color:00FF00\nRange4=16 17 Cr:2 Color:FF00FF\n"
    "Range5=18 19 Ni:1 Color:FF0000\n";

enum { cro2 = 1, un1, o, cr2, ni, species_count = 5 };
enum { atom_cr = 1, atom_o, atom_un1, atom_ni, kind_count = 4 };

static void test_kinds(csro_context *context) {
  static const char *const names[] = {"Cr", "O", "un1", "Ni"};
  static const float red[] = {0.5f, 0, 1, 1}, green[] = {0.5f, 1, 0, 0};
  csro_ranges *ranges = parse(context, text);
  csro_atom_kinds *kinds;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &kinds));
  CHECK_EQ(kinds->species_count, species_count);
  CHECK_EQ(kinds->count, kind_count);
  for (int i = 0; i < kind_count; i++) {
    CHECK(strcmp(kinds->kind[i].name, names[i]) == 0);
    CHECK_EQ(kinds->kind[i].components, i != 2);
    CHECK_NEAR(kinds->kind[i].color[0], red[i], 0);
    CHECK_NEAR(kinds->kind[i].color[1], green[i], 0);
  }
  csro_ranges_destroy(&ranges);
  csro_atom_kinds_destroy(&kinds);
  CHECK(!kinds);
  csro_atom_kinds_destroy(&kinds);
  csro_atom_kinds_destroy(NULL);
}

static void test_decompose(csro_context *context) {
  static const uint16_t label[] = {ni, cro2, 0, cr2, un1, o};
  static const int64_t ion[] = {0, 1, 1, 1, 2, 3, 3, 4, 5};
  static const uint16_t expected[] = {atom_ni, atom_cr, atom_o,   atom_o, 0,
                                      atom_cr, atom_cr, atom_un1, atom_o};
  csro_ranges *ranges = parse(context, text);
  csro_atom_kinds *kinds;
  csro_atoms atoms;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &kinds));
  CHECK_OK(context, csro_ions_decompose(context, kinds, label, 6, &atoms));
  CHECK_EQ(atoms.count, 9);
  CHECK(memcmp(atoms.ion, ion, sizeof ion) == 0);
  CHECK(memcmp(atoms.label, expected, sizeof expected) == 0);
  csro_atoms_release(&atoms);
  CHECK_OK(context, csro_ions_decompose(context, kinds, label, 0, &atoms));
  CHECK_EQ(atoms.count, 0);
  csro_atoms_release(&atoms);
  const uint16_t wrong[] = {1, species_count + 1};
  int64_t counts[species_count + 1];
  CHECK_FAILS(context, csro_ions_decompose(context, kinds, wrong, 2, &atoms), CSRO_ERROR_DATA,
              "1 labels are above the number of species, 5");
  CHECK(!atoms.ion && !atoms.label && atoms.count == 0);
  CHECK_FAILS(context, csro_label_counts(context, wrong, 2, species_count, counts), CSRO_ERROR_DATA,
              "1 labels are above the number of species, 5");
  csro_atom_kinds_destroy(&kinds);
  csro_ranges_destroy(&ranges);
}

/* Against counting one by one, for any number of threads. */
static void test_counts(csro_context *context) {
  enum { count = 200001 };
  csro_random random;
  csro_random_init(&random, 7, 0);
  uint16_t *label = malloc(count * sizeof *label);
  int64_t expected[species_count + 1] = {0}, found[species_count + 1],
                                   elements[kind_count + 1] = {0};
  for (int i = 0; i < count; i++) {
    label[i] = (uint16_t)csro_random_below(&random, species_count + 1);
    expected[label[i]]++;
  }
  csro_ranges *ranges = parse(context, text);
  csro_atom_kinds *kinds;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &kinds));
  csro_fraction rows[species_count];
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    csro_atoms atoms;
    CHECK_OK(context, csro_label_counts(context, label, count, species_count, found));
    CHECK(memcmp(found, expected, sizeof found) == 0);
    CHECK_OK(context, csro_ions_decompose(context, kinds, label, count, &atoms));
    memset(elements, 0, sizeof elements);
    for (int64_t a = 0; a < atoms.count; a++) {
      elements[atoms.label[a]]++;
      CHECK(a == 0 || atoms.ion[a] >= atoms.ion[a - 1]);
    }
    csro_atoms_release(&atoms);
  }
  csro_atom_fractions(kinds, expected, rows);
  CHECK_EQ(elements[0], expected[0]);
  double all = 0;
  for (int k = 0; k < kind_count; k++) {
    CHECK_EQ(rows[k].count, elements[k + 1]);
    all += rows[k].value;
  }
  CHECK_NEAR(all, 1, 1e-12);
  csro_ion_fractions(expected, species_count, rows);
  double f = (double)expected[ni] / (count - expected[0]);
  CHECK_NEAR(rows[ni - 1].value, f, 1e-12);
  CHECK_NEAR(rows[ni - 1].standard_error, sqrt(f * (1 - f) / (count - expected[0])), 1e-12);
  csro_atom_kinds_destroy(&kinds);
  csro_ranges_destroy(&ranges);
  free(label);
}

/* The spread of many specimens drawn from the same composition is the standard error. */
static void test_standard_error(csro_context *context) {
  enum { specimens = 4000, ions = 300 };
  csro_ranges *ranges = parse(context, text);
  csro_atom_kinds *kinds;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &kinds));
  csro_random random;
  csro_random_init(&random, 8, 0);
  csro_fraction rows[kind_count];
  double sum[kind_count] = {0}, squares[kind_count] = {0}, error[kind_count] = {0};
  for (int n = 0; n < specimens; n++) {
    int64_t counts[species_count + 1] = {0};
    for (int i = 0; i < ions; i++)
      counts[1 + csro_random_below(&random, species_count)]++;
    csro_atom_fractions(kinds, counts, rows);
    for (int k = 0; k < kind_count; k++) {
      sum[k] += rows[k].value;
      squares[k] += rows[k].value * rows[k].value;
      error[k] += rows[k].standard_error;
    }
  }
  for (int k = 0; k < kind_count; k++) {
    double mean = sum[k] / specimens, spread = sqrt(squares[k] / specimens - mean * mean);
    CHECK_NEAR(error[k] / specimens / spread, 1, 0.05);
  }
  csro_atom_kinds_destroy(&kinds);
  csro_ranges_destroy(&ranges);
}

/* Nothing ranged: no fraction. One kind only: no error. */
static void test_edges(csro_context *context) {
  csro_ranges *ranges = parse(context, "[Ranges]\nRange1=1 2 Ni:3\n");
  csro_atom_kinds *kinds;
  csro_fraction row;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &kinds));
  csro_atom_fractions(kinds, (int64_t[]){5, 0}, &row);
  CHECK(row.count == 0 && isnan(row.value) && isnan(row.standard_error));
  csro_ion_fractions((int64_t[]){5, 0}, 1, &row);
  CHECK(row.count == 0 && isnan(row.value) && isnan(row.standard_error));
  csro_atom_fractions(kinds, (int64_t[]){5, 4}, &row);
  CHECK(row.count == 12 && row.value == 1 && row.standard_error == 0);
  csro_atom_kinds_destroy(&kinds);
  csro_ranges_destroy(&ranges);
}

static void test_major(void) {
  CHECK(csro_element_is_major("Ni", 1, 100));
  CHECK(!csro_element_is_major("Ni", 99, 10000));
  CHECK(!csro_element_is_major("H", 50, 100));
  CHECK(!csro_element_is_major("Ni", 0, 0));
  const char *const symbols[4] = {"H", "Fe", "Al", "Cr"};
  CHECK_EQ(csro_element_choose(4, symbols, (int64_t[]){900, 70, 25, 5}, 1000), 1);
  CHECK_EQ(csro_element_choose(4, symbols, (int64_t[]){0, 700, 250, 50}, 1000), 2);
  CHECK_EQ(csro_element_choose(4, symbols, (int64_t[]){0, 400, 400, 200}, 1000), 1);
  CHECK_EQ(csro_element_choose(4, symbols, (int64_t[]){0, 999, 1, 0}, 1000), 1);
  CHECK_EQ(csro_element_choose(4, symbols, (int64_t[]){1000, 0, 0, 0}, 1000), -1);
}

int main(void) {
  test_major();
  csro_context context;
  csro_context_init(&context);
  test_kinds(&context);
  test_decompose(&context);
  test_counts(&context);
  test_standard_error(&context);
  test_edges(&context);
  return check_end();
}

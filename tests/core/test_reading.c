/* What labels mean, which reading the mass of a range chooses, and the species that follow. */
#include "check.h"
#include "csro/composition.h"
#include "ranges/elements.h"
#include "ranges/read_species_name.h"

static void check_text(const char *what, const char *found, const char *expected) {
  if (strcmp(found, expected) == 0)
    return;
  fprintf(stderr, "%s: '%s', expected '%s'\n", what, found, expected);
  check_failures++;
}

/* What a label means where no mass tells: the composition as text, "" for none. */
static void test_labels(void) {
  static const char *const cases[][2] = {
      {"Al", "Al:1"},
      {"Cr1O2", "Cr:1 O:2"},
      {"CO", "C:1 O:1"},
      {"Co", "Co:1"},
      {"CH3CH2OH", "C:2 H:6 O:1"},
      {"C60", "C:60"},
      {"10B", "10B:1"},
      {"13CO", "13C:1 O:1"},
      {"D2O", "2H:2 O:1"},
      {"T", "3H:1"},
      {"2H2O", "2H:2 O:1"},
      {"13C2_18O", "13C:2 18O:1"},
      {"Fe++", "Fe:1 +2"},
      {"Al_+", "Al:1 +1"},
      {"Al_2+", "Al:1 +2"},
      {"Al2+", "Al:1 +2"},
      {"Al+2", "Al:1 +2"},
      {"Al^2+", "Al:1 +2"},
      {"Al (3+)", "Al:1 +3"},
      {"1Zn1Sb1", "Zn:1 Sb:1 +1"},
      {"2Al1", "Al:1 +2"},
      {"2H1", "H:1 +2"},
      {"56Fe++", "56Fe:1 +2"},
      {"TiO++", "Ti:1 O:1 +2"},
      {"Al2O3+", "Al:2 O:1 +3"},
      {"", ""},
      {"un1", ""},
      {"59", ""},
      {"Ni0", ""},
      {"Ni1001", ""},
      {"NiX", ""},
      {"ni", ""},
      {"Ni ", ""},
      {"O2 ", ""},
      {"H99999999999", ""},
      {"HHeLiBeBCNOFNe", ""},
      {"+", ""},
      {"a182", ""},
      {"Al++2", ""},
      {"Al_", ""},
      {"99Al", ""},
      {"Cluster1", ""},
      {"Xx", ""},
      {"Al-", ""},
      {"2AlO", ""},
      {"Dx", ""},
  };
  csro_reading readings[csro_most_readings];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[csro_composition_room] = "";
    csro_species again;
    int count = csro_readings_of_label(cases[i][0], readings);
    if (count > 0)
      csro_composition_write(&readings[0].species, text);
    check_text(cases[i][0], text, cases[i][1]);
    CHECK(csro_composition_read(text, &again));
    CHECK(count == 0 || csro_species_same_composition(&again, &readings[0].species));
  }
  char longest[64] = "";
  for (int i = 0; i < 21; i++)
    strcat(longest, "C12");
  CHECK(csro_readings_of_label(longest, readings) > 0); /* in no time */
  static const char *const wrong[] = {"B",       "B:",  ":1",       "B:x",     "B:0",
                                      "10B:1 +", "+12", "B:1  O:1", "99999B:1"};
  csro_species species;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    CHECK(!csro_composition_read(wrong[i], &species));
}

static void test_elements(void) {
  CHECK_EQ(csro_element_find("Og", 2), 118);
  CHECK_EQ(csro_element_find("Xx", 2), 0);
  CHECK_EQ(csro_element_find("", 0), 0);
  for (int i = 1; i <= 118; i++) {
    const char *symbol = csro_element_symbol(i);
    CHECK_EQ(csro_element_find(symbol, strlen(symbol)), i);
    CHECK(csro_element_lightest(i) <= csro_element_heaviest(i));
    CHECK(csro_element_lightest(i) > 1 && csro_element_heaviest(i) < 300);
  }
  CHECK(csro_isotope_is_natural(6, 13) && !csro_isotope_is_natural(6, 14));
  CHECK(csro_isotope_is_possible(6, 14) && !csro_isotope_is_possible(6, 60));
  CHECK_NEAR(csro_isotope_mass(1, 2), 2.0141, 1e-6);
}

static csro_ranges *parse(csro_context *context, const char *name, const char *text) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_parse(context, name, text, strlen(text), &ranges));
  return ranges;
}

/* One name at one range: its composition and what is said. */
static void test_names(csro_context *context) {
  static const struct {
    const char *range, *composition, *report;
  } cases[] = {
      {"55.5 56.5 Name:Fe56", "56Fe:1", ""},
      {"27.8 28.1 Name:Fe56", "56Fe:1", ""},
      {"60 61 Name:Fe56", "", "Fe56 fits 60 to 61 neither as a formula nor as an isotope"},
      {"720 721 Name:C60", "C:60", ""},
      {"1.9 2.1 Name:H2", "H:2", "H2 fits this range as a formula and as an isotope"},
      {"18 18.1 Name:H2O", "H:2 O:1", ""},
      {"12.9 13.1 Name:C13", "13C:1", ""},
      {"13.2 13.8 Name:Al2+", "Al:1 +2", ""},
      {"53.5 54.5 Name:Al2+", "Al:2 +1", ""},
      {"9.8 10.2 Name:Al2+", "Al:1 +2", ""},
      {"31.8 32.2 Name:O2+", "O:2 +1", ""},
      {"55.8 56.3 Name:Sn2+", "Sn:1 +2", ""},
      {"0.4 0.6 Name:2H1", "H:1 +2", ""},
      {"1.9 2.1 Name:2H1", "2H:1", ""},
      {"27.8 28.1 Name:56Fe2+", "56Fe:1 +2", ""},
      {"9.8 10.2 B10:1", "10B:1", ""},
      {"25.9 26.1 B10:1 O:1", "10B:1 O:1", ""},
      {"60 61 B10:1", "10B:1", ""},
      {"1.9 2.1 H2:1", "H:2", "H2 fits this range as a formula and as an isotope"},
      {"54 55 Al++:1", "Al:1 +2", ""},
      {"10 11 Name:10B B:1", "10B:1", ""},
      {"27 28 Name:Al+ Al:1", "Al:1 +1", ""},
      {"55.5 56.5 Name:Fe56 Fe:1", "56Fe:1", ""},
      {"20 21 Name:D2O D:2 O:1", "2H:2 O:1", ""},
      {"10 11 Name:mine Fe:2 O:3", "Fe:2 O:3", ""},
      {"10 11 Name:Al Fe:1", "Fe:1", "the name Al contradicts the composition Fe, which counts"},
      {"10 11 a182:1", "a182:1", ""},
      {"10 11 Name:mine", "", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[256], composition[csro_composition_room];
    snprintf(text, sizeof text,
             "[Ions]\nIon1=Fe\nIon2=BCO\nIon3=HAlSn\nIon4=a182\n[Ranges]\nRange1=%s\n",
             cases[i].range);
    csro_ranges *ranges = parse(context, "a.rrng", text);
    csro_composition_write(&ranges->species[0], composition);
    check_text(cases[i].range, composition, cases[i].composition);
    CHECK((ranges->report[0] == 0) == (cases[i].report[0] == 0));
    CHECK(strstr(ranges->report, cases[i].report) != NULL);
    CHECK_EQ(ranges->issue_count, cases[i].report[0] != 0);
    csro_ranges_destroy(&ranges);
  }
}

/* Names stay as they are written and are unique. */
static void test_species(csro_context *context) {
  static const char *const expected[] = {"1Al1", "2Al1", "1Al1O1",     "x",
                                         "x_2",  "10B2", "unranged_2", "13C_18O"};
  csro_ranges *ranges = parse(
      context, "a.rrng",
      "[Ions]\nIon1=Al\nIon2=OBC\n[Ranges]\nRange1=26.5 27.5 Name:1Al1\nRange2=13 14 Name:2Al1\n"
      "Range3=42.5 43.5 Name:1Al1O1\nRange4=1 2 Name:x Al:1\nRange5=3 4 Name:x O:1\n"
      "Range6=5 6 10B:2\nRange7=7 8 Name:unranged\nRange8=30 32 13C:1 18O:1\n"
      "Range9=60 61 Name:x O:1\nRange10=62 63 18O:1 13C:1\n");
  CHECK_EQ(ranges->species_count, 8);
  for (int i = 0; i < ranges->species_count && i < 8; i++)
    check_text("species", ranges->species[i].name, expected[i]);
  CHECK_EQ(ranges->range[8].species, 4);
  CHECK_EQ(ranges->range[9].species, 7);
  CHECK(strstr(ranges->report, "line 9: the name x is taken by other ions, named x_2\n"));
  CHECK(strstr(ranges->report, "line 11: the name unranged is taken by other ions"));
  check_text("element", csro_species_element(&ranges->species[1]), "Al");
  CHECK(csro_species_element(&ranges->species[2]) == NULL);
  CHECK(csro_species_element(&ranges->species[5]) == NULL);
  csro_ranges_destroy(&ranges);
}

/* Isotopes of an element are one kind or several; the error counts both in one ion. */
static void test_kinds(csro_context *context) {
  csro_ranges *ranges = parse(context, "a.rng",
                              "3 4\nB\nB10 1 0 0\nB\nB11 0 1 0\nO\nO 0 0 1\n--- B10 B11 O\n"
                              ". 9.8 10.2 1 0 0\n. 10.8 11.2 0 1 0\n. 20.8 21.2 1 1 0\n"
                              ". 26.8 27.2 0 1 1\n");
  csro_atom_kinds *merged, *apart;
  csro_fraction rows[3];
  const int64_t counts[] = {7, 3, 2, 5, 4};
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_MERGED, &merged));
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_APART, &apart));
  CHECK(merged->count == 2 && apart->count == 3);
  check_text("kind", merged->kind[0].name, "B");
  check_text("kind", apart->kind[0].name, "10B");
  check_text("kind", apart->kind[1].name, "11B");
  csro_atom_fractions(apart, counts, rows);
  CHECK(rows[0].count == 8 && rows[1].count == 11 && rows[2].count == 4);
  csro_atom_fractions(merged, counts, rows);
  CHECK(rows[0].count == 19 && rows[1].count == 4);
  /* ions with a of t atoms boron: 3 and 2 of 1 of 1, 5 of 2 of 2, 4 of 1 of 2 */
  double f = 19.0 / 23;
  CHECK_NEAR(rows[0].value, f, 1e-12);
  CHECK_NEAR(
      rows[0].standard_error,
      sqrt(5 * (1 - f) * (1 - f) + 5 * 4 * (1 - f) * (1 - f) + 4 * (1 - 2 * f) * (1 - 2 * f)) / 23,
      1e-12);
  const uint16_t map[] = {0, 1, 1, 3, 4}, label[] = {4, 2, 0, 1, 3};
  uint16_t mapped[5];
  CHECK_OK(context, csro_labels_map(context, label, 5, 4, map, mapped));
  CHECK(mapped[0] == 4 && mapped[1] == 1 && mapped[2] == 0 && mapped[3] == 1 && mapped[4] == 3);
  CHECK_FAILS(context, csro_labels_map(context, label, 5, 3, map, mapped), CSRO_ERROR_DATA,
              "1 labels are above the number of species, 3");
  csro_atom_kinds_destroy(&merged);
  csro_atom_kinds_destroy(&apart);
  csro_ranges_destroy(&ranges);
}

/* Compositions come back from their text, whatever the names. */
static void test_compositions(csro_context *context) {
  const char *const names[] = {"B10", "x", "mine"}, *const texts[] = {"10B:1", "Al:1 +2", ""},
                    *const wrong[] = {"10B:1", "Al", ""};
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_of_names(context, 3, names, texts, NULL, &ranges));
  check_text("element", csro_species_element(&ranges->species[0]), "B");
  check_text("element", csro_species_element(&ranges->species[1]), "Al");
  CHECK_EQ(ranges->species[1].charge, 2);
  CHECK_EQ(ranges->species[2].components, 0);
  csro_ranges_destroy(&ranges);
  CHECK_FAILS(context, csro_ranges_of_names(context, 3, names, wrong, NULL, &ranges),
              CSRO_ERROR_DATA, "species 2 has the composition 'Al'");
}

/* Latin-1 becomes UTF-8; what is UTF-8 stays. */
static void test_encoding(csro_context *context) {
  static const char *const texts[] = {
      "[Ions]\nIon1=R\xFC\n[Ranges]\nRange1=1 2 Name:R\xFC\n",
      "[Ions]\nIon1=R\xC3\xBC\n[Ranges]\nRange1=1 2 Name:R\xC3\xBC\n"};
  for (int i = 0; i < 2; i++) {
    csro_ranges *ranges = parse(context, "a.rrng", texts[i]);
    check_text("name", ranges->species[0].name, "R\xC3\xBC");
    check_text("report", ranges->report, i ? "" : "the text is no UTF-8, read as Latin-1\n");
    csro_ranges_destroy(&ranges);
  }
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_labels();
  test_elements();
  test_names(&context);
  test_species(&context);
  test_kinds(&context);
  test_compositions(&context);
  test_encoding(&context);
  return check_end();
}

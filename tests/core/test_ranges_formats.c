/* Range files .rng and .env: dialects and damage. */
#include "check.h"
#include "csro/ranges.h"
#include "ranges/range_tokens.h"
#include "temporary.h"

static temporary files;

static csro_ranges *read_text(csro_context *context, const char *name, const char *text) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_read(context, temporary_text(&files, name, text), &ranges));
  return ranges;
}

static void check_species(const csro_ranges *ranges, int index, const char *name, float red) {
  CHECK(index < ranges->species_count);
  if (index >= ranges->species_count)
    return;
  CHECK(strcmp(ranges->species[index].name, name) == 0);
  CHECK_NEAR(ranges->species[index].color[0], red, 1e-6);
}

static void check_report(const csro_ranges *ranges, const char *line) {
  if (strstr(ranges->report, line))
    return;
  fprintf(stderr, "not in the report: %s\n%s", line, ranges->report);
  check_failures++;
}

/* Each text holds the same three ranges. */
static void test_rng_dialects(csro_context *context) {
  static const char *const texts[] = {
      "2 3\nNickel\nNi 0.25 0.8 0.0\nO\nO 1 0 0\n------------ Ni O\n"
      ". 57.5 58.5 1 0\n. 15.5 16.5 0 1\n. 73.5 74.5 1 1\n",
      "\xEF\xBB\xBF 2\t3 \r\n\r\nNickel 58 \r\nNi 0,25 0.8 0\rO\r\nO 1.0 0 0\n-\r\n\n"
      ".\t57,5   58.5  1  0\r\n\r\n. 15.5 16.5 0 1.0\r. 73.5 74.5 1 1",
  };
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    csro_ranges *ranges = read_text(context, t ? "a.rng" : "a.RNG", texts[t]);
    CHECK_EQ(ranges->count, 3);
    CHECK_EQ(ranges->declared, 3);
    CHECK_EQ(ranges->element_count, 2);
    CHECK_EQ(ranges->species_count, 3);
    check_species(ranges, 0, "Ni", 0.25f);
    check_species(ranges, 1, "O", 1);
    check_species(ranges, 2, "NiO", 0.5f);
    CHECK_NEAR(ranges->range[0].lo, 57.5, 0);
    CHECK_NEAR(ranges->range[2].hi, 74.5, 0);
    CHECK_NEAR(ranges->range[2].volume, 0, 0);
    CHECK(ranges->report[0] == 0);
    csro_ranges_destroy(&ranges);
  }
}

static void test_polyatomic(csro_context *context) {
  csro_ranges *ranges = read_text(
      context, "a.rng",
      "2 7\nNi\nNi 0 1 0\nO\nO 1 0 0\n---- Ni O\n"
      ". 57.5 58.5 1 0\n. 73.5 74.5 1 1\n. 90 91 0 0\n. 95 94 0 0\n. 44.0 45.0 1 2\n"
      ". 46 47 0 0\n. 50 51 2 0\n"
      "--- polyatomic extension\n3 6\nNi1O1\nNi1O1 0.75 0 1\nNiO2\nNiO2 0.125 0 1\nodd\nodd 1 1 1\n"
      "--- Ni1O1 NiO2 odd\n"
      ". 73.50 74.5 1 0 0\n. 90 91 0 1 0\n. 94 95 0 0 1\n. 1 2 0 0 1\n. 44 45 0 1 0\n"
      ". 57.5 58.5 0 0 1\n");
  CHECK_EQ(ranges->count, 6);
  CHECK_EQ(ranges->left_out, 1);
  CHECK_EQ(ranges->inverted, 1);
  static const int species[] = {0, 1, 2, 3, 2, 4};
  for (int i = 0; i < ranges->count; i++)
    CHECK_EQ(ranges->range[i].species, species[i]);
  check_species(ranges, 0, "Ni", 0); /* has a colour of its own */
  check_species(ranges, 1, "NiO", 0.75f);
  check_species(ranges, 2, "NiO2", 0.125f);
  check_species(ranges, 3, "odd", 1);
  check_species(ranges, 4, "Ni2", 0.5f);
  check_report(ranges, "line 12: 46 to 47 has no atoms and no name, left out\n");
  CHECK_EQ(ranges->species[2].components, 2);
  check_report(ranges, "line 26: 1 to 2 of the polyatomic extension is no range above it");
  csro_ranges_destroy(&ranges);
}

static void test_rng_report(csro_context *context) {
  csro_ranges *ranges = read_text(context, "a.rng",
                                  "3 4\nNi\nNi 0 1 0\nO\nO 1 0 0\n---- O Ni\n. 1 2 1 0\n"
                                  ". 2 3 0 1\n. 5 6 0 0\n--- Polyatomic Extension\n0 0\n");
  check_report(ranges, "3 ions are declared, there are 2\n");
  check_report(ranges, "line 6: the names of the columns are not those of the ions");
  check_report(ranges, "4 ranges are declared, there are 3\n");
  check_report(ranges, "line 9: 5 to 6 has no atoms and no name, left out\n");
  check_report(ranges, "line 8: 2 to 3 touches line 7");
  csro_ranges_destroy(&ranges);
}

static void test_env(csro_context *context) {
  static const char *const texts[] = {
      "3 5\nNi 0.25 1 0\nO 1 0 0\nodd1 0 0 1\nNi 57.5 58.5 10.94 0.1\nO 15.5 16.5 28.83 0.1\n"
      "odd1 3 4 0 0\nNi 28.75 29.25 10.94 0.1\nNiO 73.5 74.5 39.77 0.1\n",
      "# a comment\r\n\r\nversion 1.0 of it\r\n # more\r\n3 5\r\nNi 0,25 1 0 # colour\r\nO 1 0 0\r"
      "odd1 0 0 1\n\nNi 57,5 58.5 10.94 1e-1\r\nO\t15.5 16.5 28.83 0\n  odd1 4 3 0 0\n"
      "Ni 28.75 29.25 10.94 0.1\nNiO 73.5 74.5 39.77 0.1",
  };
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    csro_ranges *ranges = read_text(context, "a.Env", texts[t]);
    CHECK_EQ(ranges->count, 5);
    CHECK_EQ(ranges->declared, 5);
    CHECK_EQ(ranges->element_count, 3);
    CHECK_EQ(ranges->species_count, 4);
    CHECK_EQ(ranges->inverted, t);
    check_species(ranges, 0, "Ni", 0.25f);
    check_species(ranges, 1, "O", 1);
    check_species(ranges, 2, "odd1", 0);
    check_species(ranges, 3, "NiO", 0.5f);
    CHECK_EQ(ranges->species[2].components, 0);
    CHECK_EQ(ranges->species[3].components, 2);
    CHECK_NEAR(ranges->range[1].volume, 0.02883, 1e-12);
    CHECK_NEAR(ranges->range[2].lo, 3, 0);
    CHECK(strcmp(strchr(ranges->report, ':'), ": NiO is not in the list of ions\n") == 0 || t == 1);
    check_report(ranges, "NiO is not in the list of ions\n");
    csro_ranges_destroy(&ranges);
  }
}

static void test_damage(csro_context *context) {
  static const struct {
    const char *name, *text, *message;
  } cases[] = {
      {"a.rng", "", "line 1: the file ends, expected the numbers of ions and ranges"},
      {"a.rng", "[Ions]\nNumber=1\n", "line 1: '[Ions]', expected the numbers of ions and ranges"},
      {"a.rng", "1 x\n", "line 1: '1 x', expected the numbers"},
      {"a.rng", "1 1 1\n", "line 1: '1 1 1', expected the numbers"},
      {"a.rng", "1 1\nNi\n", "line 3: the file ends, expected a name"},
      {"a.rng", "1 1\nNi\n---\n", "line 3: '---', expected a name"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n", "line 4: the file ends, expected a line of dashes"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n", "the file holds no range"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n. 1 2\n", "line 5: '. 1 2', expected as many"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n. 1 2 1 1\n", "line 5: '. 1 2 1 1', expected as many"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n. 1 2 x\n", "line 5: '. 1 2 x', expected multiplicities"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n. 1 2 -1\n", "expected multiplicities"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n. 1 2 1001\n", "expected multiplicities"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n1 2 1 1\n", "line 5: '1 2 1 1', expected as many"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n1 x 1\n", "line 5: '1 x 1', expected a range"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n. nan 2 1\n", "line 5: '. nan 2 1', expected a range"},
      {"a.rng", "1 1\nNi\nNi 0 1 1\n---\n. 1 2 1\n--- polyatomic extension\n",
       "line 7: the file ends, expected the numbers"},
      {"a.rng", "0 1\n---\n. 1 2\n--- polyatomic extension\n0 0\n-\n--- polyatomic extension\n",
       "line 7: '--- polyatomic extension', expected one"},
      {"a.rng", "1 1\nabcdefghijklmnopqrstuvwxyz\nabcdefghijklmnopqrstuvwxyzabcdef 0 1 1\n---\n",
       "expected a name of 1 to 31"},
      {"a.env", "", "a.env: the file is empty, expected a .env file"},
      {"a.env", "[Ions]\n[Ranges]\n1 1\n", "line 2: no numbers of ions and ranges up to here"},
      {"a.env", "1 1\n", "the file holds no range"},
      {"a.env", "1 1\nNi 0 1 0\nNi 1\n", "line 3: 'Ni 1', expected a range"},
      {"a.env", "1 1\nNi 1 x 3 4\n", "line 2: 'Ni 1 x 3 4', expected a range"},
      {"a.env", "1 2\nNi 1 2 3 4\nNi x 1 0\n", "line 3: 'Ni x 1 0', expected a range"},
  };
  csro_ranges *ranges;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK_FAILS(
        context,
        csro_ranges_read(context, temporary_text(&files, cases[i].name, cases[i].text), &ranges),
        CSRO_ERROR_FORMAT, cases[i].message);
    CHECK(!ranges);
  }
}

/* Rows with another mark or none, comments, text behind colours, colours and volumes that are none:
 * each text holds the same two ranges. */
static void test_rng_tolerance(csro_context *context) {
  static const char *const texts[] = {
      "2 2\nA\nAl 0.25 1 1\nO\nO 0 0 1\n--- Al O\n26.5 27.5 1 0\n42.5 43.5 1 1\n",
      "2 2\nA\nAl 0.25 1 1 (Al) 1\nO\nO 0 0 1 #\n--- Al O\n1 26.5 27.5 1 0\n2 42,5 43,5 1 1\n",
      ("# by hand\n2 2\nA\n#\nAl 0.25 1 1\nO\nO 0 0 1\n# ions\n--- Al O\n# rows\n* 26.5 27.5 1 0\n"
       "- 42.5 43.5 1 1\n\x1a"),
      "2 2\rA\rAl 0.25 1 1\rO\rO 0 0 1\r--- Al O\r. 26.5 27.5 1 0\rx 42.5 43.5 1 1\r\x1a\r\n",
  };
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    csro_ranges *ranges = read_text(context, "a.rng", texts[t]);
    CHECK_EQ(ranges->count, 2);
    CHECK_EQ(ranges->species_count, 2);
    check_species(ranges, 0, "Al", 0.25f);
    check_species(ranges, 1, "AlO", 0.5f);
    CHECK_NEAR(ranges->range[1].lo, 42.5, 0);
    CHECK(ranges->report[0] == 0);
    csro_ranges_destroy(&ranges);
  }
  static const char *const colors[] = {"Al 3 4 5",   "Al 0.2 0.3", "Al",       "Al red",
                                       "Al #FF0000", "Al nan 1 1", "Al -1 0 0"};
  for (size_t i = 0; i < sizeof colors / sizeof *colors; i++) {
    char text[128];
    sprintf(text, "1 1\nAluminium\n%s\n---\n. 26.5 27.5 1\n", colors[i]);
    csro_ranges *ranges = read_text(context, "a.rng", text);
    check_species(ranges, 0, "Al", 0.5f);
    check_report(ranges, "line 3: the colour of Al is not three numbers from 0 to 1\n");
    csro_ranges_destroy(&ranges);
  }
}

static void test_env_tolerance(csro_context *context) {
  static const char *const texts[] = {
      "2 2\nAl 0.25 1 1\nAlO 0 0 1\nAl 26.5 27.5 -1 0.1\nAlO 42.5 43.5 nan\n# Flight\n0.1\n"
      "A B 1 2 3\nDetector 1 2\n",
      "# e\nRev 2\n2 2\nAl 0.25 1 1 (Al)\nAlO 7\nAl 26.5 27.5\nAlO 42.5 43.5 x 1 more\n\n0.5\n"
      "Detector 1 2 3 4\n\x1a",
  };
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    csro_ranges *ranges = read_text(context, "a.env", texts[t]);
    CHECK_EQ(ranges->count, 2);
    CHECK_EQ(ranges->element_count, 2);
    check_species(ranges, 0, "Al", 0.25f);
    check_species(ranges, 1, "AlO", t == 0 ? 0 : 0.5f);
    CHECK_NEAR(ranges->range[0].volume, 0, 0);
    check_report(ranges, "the volume is no number from 0 up\n");
    csro_ranges_destroy(&ranges);
  }
  /* more ranges than declared are ranges still, behind a comment too */
  csro_ranges *ranges = read_text(
      context, "a.env", "1 1\nAl 0 1 1\nAl 26.5 27.5 1 1\n# more\nAl 13 14 1 1\nX 1 2 3 4\n");
  CHECK_EQ(ranges->count, 2);
  csro_ranges_destroy(&ranges);
}

static void test_truncation(csro_context *context) {
  static const char *const texts[] = {
      "2 2\nNi\nNi 0 1 0\nO\nO 1 0 0\n---- Ni O\n. 57.5 58.5 1 0\r\n. 73.5 74.5 1 1\n"
      "--- polyatomic extension\n1 1\nNiO\nNiO 0 0 1\n--- NiO\n. 73.5 74.5 1\n",
      "#\n1.0\n1 2\nNi 0 1 0\nNi 57.5 58.5 10 0.1\nO 1 2 3 4\n"};
  for (int t = 0; t < 2; t++)
    for (size_t size = 0; size <= strlen(texts[t]); size++) {
      csro_ranges *ranges;
      csro_status status =
          csro_ranges_parse(context, t ? "a.env" : "a.rng", texts[t], size, &ranges);
      CHECK(status == CSRO_OK || status == CSRO_ERROR_FORMAT);
      CHECK((status == CSRO_OK) == (ranges != NULL));
      csro_ranges_destroy(&ranges);
    }
}

/* 5000 ions in the list are too many, in all formats. */
static void test_many_ions(csro_context *context) {
  csro_ranges *ranges;
  char *text = malloc(5000 * 32);
  size_t size = (size_t)sprintf(text, "[Ions]\n");
  for (int i = 0; i < 5000; i++)
    size += (size_t)sprintf(text + size, "Ion%d=X%d\n", i, i);
  CHECK_FAILS(context, csro_ranges_parse(context, "a.rrng", text, size, &ranges), CSRO_ERROR_FORMAT,
              "more than 4096 ions");
  size = (size_t)sprintf(text, "5000 1\n");
  for (int i = 0; i < 5000; i++)
    size += (size_t)sprintf(text + size, "X%d 0 0 0\n", i);
  CHECK_FAILS(context, csro_ranges_parse(context, "a.env", text, size, &ranges), CSRO_ERROR_FORMAT,
              "more than 4096 ions");
  size = (size_t)sprintf(text, "5000 1\n");
  for (int i = 0; i < 5000; i++)
    size += (size_t)sprintf(text + size, "X\nX%d 0 0 0\n", i);
  CHECK_FAILS(context, csro_ranges_parse(context, "a.rng", text, size, &ranges), CSRO_ERROR_FORMAT,
              "more than 4096 ions");
  free(text);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_rng_dialects(&context);
  test_polyatomic(&context);
  test_rng_report(&context);
  test_env(&context);
  test_damage(&context);
  test_rng_tolerance(&context);
  test_env_tolerance(&context);
  test_truncation(&context);
  test_many_ions(&context);
  temporary_remove(&files);
  return check_end();
}

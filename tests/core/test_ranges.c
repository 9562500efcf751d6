/* Range files: dialects, damage, the species that follow, and the labels of ions. */
#include "check.h"
#include "csro/random.h"
#include "csro/ranges.h"
#include "temporary.h"

static temporary files;

static csro_ranges *read_text(csro_context *context, const char *text) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_read(context, temporary_text(&files, "a.RRNG", text), &ranges));
  return ranges;
}

static void test_plain(csro_context *context) {
  csro_ranges *ranges = read_text(context, "a.rrng: a title [Ranges]\n"
                                           "[Ions]\nNumber=2\nIon1=Ni\nIon2=O\n[Ranges]\nNumber=5\n"
                                           "Range1=57.9 58.2 Vol:0.01094 Ni:1 Color:00CC00\n"
                                           "Range2=73.0 74.5 Vol:0.04 Ni:1 O:1 Color:FF0000\n"
                                           "Range3=28.9 29.2 Vol:0.02 Ni:1 Color:0000FF\n"
                                           "Range4=89.0 91.0 Vol:0.06 Ni:1 O:2 Color:FFFFFF\n"
                                           "Range5=44.0 45.0 Vol:0.06 O:2 Ni:1 Color:FFFFFF\n");
  CHECK_EQ(ranges->count, 5);
  CHECK_EQ(ranges->declared, 5);
  CHECK_EQ(ranges->species_count, 3);
  CHECK_EQ(ranges->element_count, 2);
  CHECK(strcmp(ranges->elements[1], "O") == 0);
  CHECK(strcmp(ranges->species[0].name, "Ni") == 0);
  CHECK(strcmp(ranges->species[1].name, "NiO") == 0);
  CHECK(strcmp(ranges->species[2].name, "NiO2") == 0);
  CHECK_EQ(ranges->range[2].species, 0);
  CHECK_EQ(ranges->range[4].species, 2); /* the order of the elements does not matter */
  CHECK_EQ(ranges->range[2].line, 10);
  CHECK_NEAR(ranges->range[0].lo, 57.9, 0);
  CHECK_NEAR(ranges->range[0].hi, 58.2, 0);
  CHECK_NEAR(ranges->range[0].volume, 0.01094, 0);
  CHECK_NEAR(ranges->species[0].color[1], 204.0 / 255, 1e-6);
  CHECK_NEAR(ranges->species[0].color[2], 0, 0);
  CHECK_EQ(csro_ranges_element(ranges, "Ni"), 0);
  CHECK_EQ(csro_ranges_element(ranges, "O"), -1);
  CHECK(ranges->report[0] == 0);
  csro_ranges_destroy(&ranges);
  CHECK(!ranges);
  csro_ranges_destroy(&ranges);
  csro_ranges_destroy(NULL);
}

static void test_dialect(csro_context *context) {
  csro_ranges *ranges = read_text(
      context, "\xEF\xBB\xBF# exported\r\n[IONS]\r\nnumber = 3\r\nION1 = Mo\r\nIon2=un1\r\n"
               "Ion3=N\r\n\r\n[other]\r\nKey=5\r\n[ ranges ]\r\nNUMBER=7 # seven\r\n"
               "Range1=22,8615\t 23,0910   Color:ff0033   Mo:1.000  Vol:0,01558\r\n"
               "range1 = 10 11 mo:0 Name:59\r\n"
               "Range1=12 13 NAME:un1 VOL:0.5\r\n"
               "Range1=14 15 Name:alloy Mo:1 N:2,0 color:abCDef # a comment\r\n"
               "Range1=16 17 Name:un1 Color:FF0000\r\n"
               "Range1=18 19 Name:MoN2\r\n"
               "Range=20 21 N:1 N:1 Name:\r\n");
  CHECK_EQ(ranges->count, 7);
  CHECK_EQ(ranges->declared, 7);
  static const char *const names[] = {"Mo", "59", "un1", "alloy", "MoN2", "N2"};
  CHECK_EQ(ranges->species_count, 6);
  for (int i = 0; i < ranges->species_count; i++)
    CHECK(strcmp(ranges->species[i].name, names[i]) == 0);
  static const int species[] = {0, 1, 2, 3, 2, 4, 5};
  for (int i = 0; i < ranges->count; i++)
    CHECK_EQ(ranges->range[i].species, species[i]);
  CHECK_NEAR(ranges->range[0].hi, 23.091, 0);
  CHECK_NEAR(ranges->range[0].volume, 0.01558, 0);
  CHECK_NEAR(ranges->range[1].volume, 0, 0);
  CHECK_EQ(ranges->species[1].components, 0);
  CHECK_NEAR(ranges->species[1].color[0], 0.5, 0);
  CHECK_NEAR(ranges->species[2].color[0], 1, 0); /* from the second range of the name */
  CHECK_EQ(ranges->species[3].component[1].count, 2);
  CHECK_EQ(ranges->species[4].component[1].count, 2);
  CHECK_EQ(csro_ranges_element(ranges, "59"), -1);
  CHECK(ranges->report[0] == 0);
  csro_ranges_destroy(&ranges);
}

/* A name that is also a formula is one species, whichever comes first. */
static void test_name_and_formula(csro_context *context) {
  csro_ranges *ranges = read_text(context, "[Ranges]\nRange1=1 2 Name:NiO\nRange2=3 4 Ni:1 O:1\n"
                                           "Range3=5 6 O:1 Ni:1\nRange4=7 8 Name:NiO\n");
  CHECK_EQ(ranges->species_count, 1);
  CHECK_EQ(ranges->species[0].components, 2);
  CHECK_EQ(ranges->declared, -1);
  CHECK(strstr(ranges->report, "no list of ions") != NULL);
  csro_ranges_destroy(&ranges);
}

static void test_report(csro_context *context) {
  csro_ranges *ranges =
      read_text(context, "[Ions]\nIon1=Ni\n[Ranges]\nNumber=9\n"
                         "Range1=10 20 Ni:1\nRange2=15 25 Ni:1\nRange3=25 30 Ni:1\n"
                         "Range4=10 20 Ni:2\nRange5=50 40 Ni:1\nRange6=40 40 Co:1\n");
  /* 1-2, 4-2 overlap; 1-4 are the same; 2-3 and 5-6 touch. */
  CHECK_EQ(ranges->overlaps, 2);
  CHECK_EQ(ranges->duplicates, 1);
  CHECK_EQ(ranges->touching, 2);
  CHECK_EQ(ranges->inverted, 1);
  CHECK_NEAR(ranges->range[4].lo, 40, 0);
  CHECK_NEAR(ranges->range[4].hi, 50, 0);
  static const char *const lines[] = {
      "line 9: upper end 40 below lower end 50, swapped\n",
      "9 ranges are declared, there are 6\n",
      "Co of species Co is not in the list of ions\n",
      "line 6: 15 to 25 overlaps with line 5, ions in both belong to line 5\n",
      "line 8: 10 to 20 overlaps with line 6",
      "line 8: 10 to 20 is the same range as line 5",
      "line 7: 25 to 30 touches line 6",
      "line 10: 40 to 40 touches line 9",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    if (!strstr(ranges->report, lines[i])) {
      fprintf(stderr, "not in the report: %s\n%s", lines[i], ranges->report);
      check_failures++;
    }
  csro_ranges_destroy(&ranges);
}

static void test_damage(csro_context *context) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"", "no section [Ranges] in 0 lines"},
      {"garbage\n", "no section [Ranges] in 1 lines"},
      {"[Ions]\nIon1=Ni\n", "no section [Ranges]"},
      {"[Ranges]\nNumber=0\n", "holds no range"},
      {"Range1=1 2 Ni:1\n[Ranges]\n", "line 1: 'Range1=1 2 Ni:1', expected ranges only in"},
      {"[Ranges\nRange1=1 2 Ni:1\n", "line 1: '[Ranges', expected a section"},
      {"[Ranges]\nRange1 1 2 Ni:1\n", "line 2: 'Range1 1 2 Ni:1', expected a line Key=value"},
      {"[Ranges]\nRang1=1 2 Ni:1\n", "line 2"},
      {"[Ranges]\nNumber=x\n", "line 2: 'Number=x', expected a number of ranges"},
      {"[Ranges]\nNumber=1.5\n", "line 2"},
      {"[Ions]\nNumber=-1\n", "line 2"},
      {"[Ions]\nNi=1\n", "line 2"},
      {"[Ranges]\n\nRange1=a 2 Ni:1\n", "line 3: 'Range1=a 2 Ni:1', expected the lower end"},
      {"[Ranges]\nRange1=1 2x Ni:1\n", "expected the upper end"},
      {"[Ranges]\nRange1=1 Ni:1\n", "expected the upper end"},
      {"[Ranges]\nRange1=\n", "holds no range"},
      {"[Ranges]\nRange1=nan 2 Ni:1\n", "expected the lower end"},
      {"[Ranges]\nRange1=1 2\n", "holds no range"},
      {"[Ranges]\nRange1=1 2 Vol:0.1 Color:000000\n", "holds no range"},
      {"[Ranges]\nRange1=1 2 3 Ni:1\n", "'3 Ni:1', expected a symbol without a blank"},
      {"[Ranges]\nRange1=1 2 Ni:x\n", "'Ni:x', expected Symbol:count"},
      {"[Ranges]\nRange1=1 2 Ni:1.5\n", "'Ni:1.5', expected Symbol:count"},
      {"[Ranges]\nRange1=1 2 Ni:1001\n", "'Ni:1001'"},
      {"[Ranges]\nRange1=1 2 :1\n", "':1', expected a symbol"},
      {"[Ranges]\nRange1=1 2 A:1 B:1 C:1 D:1 E:1 F:1 G:1 H:1 I:1\n", "at most 8 elements"},
      {"[Ranges]\nRange1=1 2 Abcdefghijklmnopqrstuvwxyzabcdefg:1\n", "a symbol of 1 to 31"},
      {"[Ranges]\nRange1=1 2 Abcdefghijklmnopqrstuvwxyzabc:2 Bcdefghijklmnopqrstuvwxyzabc:2 "
       "Cdefghijklmno:1\n",
       "line 2: formula"},
  };
  csro_ranges *ranges;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *path = temporary_text(&files, "a.rrng", cases[i].text);
    CHECK_FAILS(context, csro_ranges_read(context, path, &ranges), CSRO_ERROR_FORMAT,
                cases[i].message);
    CHECK(!ranges);
  }
  CHECK_FAILS(context, csro_ranges_read(context, "/absent/a.rrng", &ranges), CSRO_ERROR_FILE,
              "No such file");
  CHECK_FAILS(context, csro_ranges_read(context, "a.xml", &ranges), CSRO_ERROR_FORMAT,
              "unknown ending '.xml', expected a range file .rrng, .rng or .env");
  const char *path = temporary_text(&files, "a.rrng", "[Ranges]\n");
  CHECK(truncate(path, (64 << 20) + 1) == 0); /* sparse */
  CHECK_FAILS(context, csro_ranges_read(context, path, &ranges), CSRO_ERROR_FORMAT,
              "67108865 bytes, expected a range file of at most");
}

/* What programs and people write around the same two ranges. */
static void test_tolerance(csro_context *context) {
  static const char *const rows[][2] = {
      {"26.5 27.5 vol: 0.25 Al: 1 Name: Al Color: 33FFFF", "42.5 43.5 Name: AlO Al:1 O: 1"},
      {"26.5 27.5 Vol:0.25 Al:1 Color:#33FFFF ; ours", "42.5 43.5 Al O:1 Color:00FFFF"},
      {"26.5 27.5 Vol:0.25 Name:\"Al\" Al:1 Color: #33ffff # ours", "42.5 43.5 Name:\"AlO\""},
      {"26.5 27.5 'Al':1 vol :0.25 Colour:33FFFF", "42.5 43.5 Al :1 O : 1"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char text[512];
    sprintf(text,
            "; exported\n[Ions]\nNumber = 2\nIon1 = Al\nIon2 = \"O\"\n[Ranges]\nNumber = 2\n"
            "Range1 = %s\n;Range7 = 1\nRange2 = %s\n\x1a",
            rows[i][0], rows[i][1]);
    for (char *c = text; i == 3 && *c; c++)
      *c = *c == '\n' ? '\r' : *c;
    csro_ranges *ranges = read_text(context, text);
    CHECK_EQ(ranges->count, 2);
    CHECK_EQ(ranges->species_count, 2);
    CHECK(strcmp(ranges->species[0].name, "Al") == 0);
    CHECK(strcmp(ranges->species[1].name, "AlO") == 0);
    CHECK_EQ(ranges->species[1].components, 2);
    CHECK_NEAR(ranges->range[0].volume, 0.25, 0);
    CHECK_NEAR(ranges->species[0].color[0], 0.2, 1e-6);
    CHECK(ranges->report[0] == 0);
    csro_ranges_destroy(&ranges);
  }
}

/* What only decorates, and what is empty, costs a line of the report. */
static void test_notes(csro_context *context) {
  static const struct {
    const char *field, *note;
  } cases[] = {
      {"Vol:NaN", "'Vol:NaN', expected Vol:"},
      {"Vol:-1", "'Vol:-1', expected Vol:"},
      {"Vol:", "'Vol:', expected Vol:"},
      {"Vol:big", "'Vol:big', expected Vol:"},
      {"Color:3FFFF", "expected Color:"},
      {"Color:", "expected Color:"},
      {"Color:51, 255, 255", "expected Color:"},
      {"Color:33FFFFG", "expected Color:"},
      {"Color:1 0 0", "'Color:1 0 0', expected"},
      {"Color:rgb(0, 1, 1)", "expected Color:"},
      {"\nRange3=", "line 5: an empty range, left out"},
      {"\nRange3=1 2 Al:0", "line 5: 1 to 2 has no atoms and no name, left out"},
      {"\nRange3=1 2 Vol:1", "line 5: 1 to 2 has no atoms and no name, left out"},
      {"\n[Ions]\nIon2=", "line 6: an ion without a name, left out"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[256];
    sprintf(text, "[Ions]\nIon1=Al\n[Ranges]\nRange1=1e7 4e7 Al:1 %s\n", cases[i].field);
    csro_ranges *ranges = read_text(context, text);
    CHECK_EQ(ranges->count, 1);
    CHECK_NEAR(ranges->range[0].hi, 4e7, 0);
    CHECK_NEAR(ranges->range[0].volume, 0, 0);
    CHECK(strcmp(ranges->species[0].name, "Al") == 0);
    if (!strstr(ranges->report, cases[i].note)) {
      fprintf(stderr, "'%s' is not in '%s'\n", cases[i].note, ranges->report);
      check_failures++;
    }
    csro_ranges_destroy(&ranges);
  }
  char *many = malloc(50 * 1000);
  size_t size = (size_t)sprintf(many, "[Ions]\nIon1=Al\n[Ranges]\n");
  for (int i = 0; i < 1000; i++)
    size += (size_t)sprintf(many + size, "Range%d=%d.1 %d.9 Al:1 Vol:\n", i, i, i);
  csro_ranges *ranges = read_text(context, many);
  CHECK(strlen(ranges->report) < 2000);
  CHECK_EQ(ranges->count, 1000);
  csro_ranges_destroy(&ranges);
  free(many);
}

/* Any finite ends; labels are right far out. */
static void test_far_ranges(csro_context *context) {
  csro_ranges *ranges =
      read_text(context, "[Ions]\nIon1=Al\nIon2=O\n[Ranges]\nRange1=-1e308 -1e300 Al:1\n"
                         "Range2=26 27 Al:1\nRange3=1e300 1e308 O:1\n");
  const double mass[] = {-1e305, 26.5, 28, 1e305, INFINITY, NAN};
  const uint16_t expected[] = {1, 1, 0, 2, 0, 0};
  uint16_t label[6];
  CHECK_OK(context, csro_ranges_apply(context, ranges, mass, true, 6, label));
  CHECK(memcmp(label, expected, sizeof label) == 0);
  csro_ranges_destroy(&ranges);
}

/* Every beginning of a file is read or refused, never worse. */
static void test_truncation(csro_context *context) {
  static const char text[] = "[Ions]\r\nNumber=1\r\nIon1=Ni\r\n[Ranges]\r\nNumber=2\r\n"
                             "Range1=57,9 58.2 Vol:0.01094 Ni:1 Color:00CC00\r\n"
                             "Range2=1 2 Name:un1 Color:00CC00\r\n";
  for (size_t size = 0; size < sizeof text; size++) {
    csro_ranges *ranges;
    csro_status status =
        csro_ranges_read(context, temporary_write(&files, "a.rrng", text, size), &ranges);
    CHECK(status == CSRO_OK || status == CSRO_ERROR_FORMAT);
    CHECK((status == CSRO_OK) == (ranges != NULL));
    csro_ranges_destroy(&ranges);
  }
}

/* As many species as labels can hold; one more range is refused. */
static void test_many(csro_context *context) {
  enum { limit = 65000 };
  char *text = malloc((limit + 2) * 40);
  size_t size = (size_t)sprintf(text, "[Ranges]\n");
  for (int i = 0; i < limit; i++)
    size += (size_t)sprintf(text + size, "Range1=%d.1 %d.9 X%d:1\n", i, i, i);
  csro_ranges *ranges;
  CHECK_OK(context,
           csro_ranges_read(context, temporary_write(&files, "a.rrng", text, size), &ranges));
  CHECK_EQ(ranges->species_count, limit);
  double mass[] = {0.05, 0.5, 64999.5, 64999.95};
  uint16_t label[4];
  CHECK_OK(context, csro_ranges_apply(context, ranges, mass, true, 4, label));
  CHECK(label[0] == 0 && label[1] == 1 && label[2] == limit && label[3] == 0);
  csro_ranges_destroy(&ranges);
  size += (size_t)sprintf(text + size, "Range1=1 2 X1:1\n");
  CHECK_FAILS(context,
              csro_ranges_read(context, temporary_write(&files, "a.rrng", text, size), &ranges),
              CSRO_ERROR_FORMAT, "line 65002: more than 65000 ranges");
  free(text);
}

static uint16_t first_range(const csro_ranges *ranges, double mass) {
  for (int i = 0; i < ranges->count; i++)
    if (ranges->range[i].lo <= mass && mass <= ranges->range[i].hi)
      return (uint16_t)(ranges->range[i].species + 1);
  return 0;
}

static void check_labels(csro_context *context, const csro_ranges *ranges, const double *mass,
                         int64_t count) {
  float *narrow = malloc((size_t)count * sizeof *narrow);
  uint16_t *label = malloc((size_t)count * sizeof *label);
  for (int64_t i = 0; i < count; i++)
    narrow[i] = (float)mass[i];
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    CHECK_OK(context, csro_ranges_apply(context, ranges, mass, true, count, label));
    for (int64_t i = 0; i < count; i++)
      CHECK_EQ(label[i], first_range(ranges, mass[i]));
    CHECK_OK(context, csro_ranges_apply(context, ranges, narrow, false, count, label));
    for (int64_t i = 0; i < count; i++)
      CHECK_EQ(label[i], first_range(ranges, narrow[i]));
  }
  free(narrow);
  free(label);
}

/* Ranges that overlap, touch and are points, on a coarse raster so that ends coincide. */
static void test_labels(csro_context *context) {
  enum { most = 30, ions = 500 };
  csro_random random;
  csro_random_init(&random, 4, 0);
  for (int round = 0; round < 200; round++) {
    csro_range list[most];
    csro_ranges ranges = {.range = list, .species_count = most};
    ranges.count = (int)csro_random_below(&random, most + 1);
    double raster = round % 2 ? 1 : 0.1;
    for (int i = 0; i < ranges.count; i++) {
      double lo = raster * (double)csro_random_below(&random, 40) - (round % 3);
      list[i] = (csro_range){.lo = lo, .species = i % 11};
      list[i].hi = lo + raster * (double)csro_random_below(&random, 6);
    }
    if (round % 5 == 0 && ranges.count > 0)
      list[0].hi = 9e5; /* one far away end, as in damaged files */
    double mass[ions];
    for (int i = 0; i < ions; i++)
      mass[i] = raster * (45 * csro_random_uniform(&random) - 2);
    for (int i = 0; i < ranges.count; i++) { /* at the ends and right beside them */
      double ends[] = {list[i].lo, list[i].hi};
      for (int k = 0; k < 2; k++) {
        mass[6 * i + 3 * k] = ends[k];
        mass[6 * i + 3 * k + 1] = nextafter(ends[k], -1e9);
        mass[6 * i + 3 * k + 2] = nextafter(ends[k], 1e9);
      }
    }
    mass[ions - 1] = NAN;
    mass[ions - 2] = INFINITY;
    mass[ions - 3] = -INFINITY;
    check_labels(context, &ranges, mass, ions);
  }
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction >= 0;
}

static void test_blocks_and_cancel(csro_context *context) {
  enum { ions = 150000 };
  csro_range list[] = {{.lo = 10, .hi = 20}, {.lo = 20, .hi = 30, .species = 1}};
  csro_ranges ranges = {.range = list, .count = 2, .species_count = 2};
  double *mass = malloc(ions * sizeof *mass);
  uint16_t *label = malloc(ions * sizeof *label);
  for (int i = 0; i < ions; i++)
    mass[i] = i % 41;
  check_labels(context, &ranges, mass, ions);
  CHECK_OK(context, csro_ranges_apply(context, &ranges, mass, true, 0, label));
  context->progress = cancel;
  CHECK_FAILS(context, csro_ranges_apply(context, &ranges, mass, true, ions, label), CSRO_CANCELLED,
              "cancelled");
  context->progress = NULL;
  free(mass);
  free(label);
}

static void test_memory(csro_context *context) {
  const char text[] = "[Ranges]\nRange1=57.9 58.2 Ni:1\nRange2=1 x Ni:1\n";
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_parse(context, "built in", text, 31, &ranges));
  CHECK_EQ(ranges->count, 1);
  csro_ranges_destroy(&ranges);
  CHECK_EQ(csro_ranges_parse(context, "built in", text, sizeof text - 1, &ranges),
           CSRO_ERROR_FORMAT);
  CHECK(!ranges && strncmp(context->message, "built in: line 3", 16) == 0);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_plain(&context);
  test_memory(&context);
  test_dialect(&context);
  test_name_and_formula(&context);
  test_report(&context);
  test_damage(&context);
  test_tolerance(&context);
  test_notes(&context);
  test_far_ranges(&context);
  test_truncation(&context);
  test_many(&context);
  test_labels(&context);
  test_blocks_and_cancel(&context);
  temporary_remove(&files);
  return check_end();
}

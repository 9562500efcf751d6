/* Range files written as .rrng come back as they were, from every format; also those of real
 * laboratories where they are present. */
#include "check.h"
#include "csro/ranges.h"
#include "temporary.h"

#include <dirent.h>

static temporary files;

static void check_species(const csro_species *a, const csro_species *b) {
  char text[2][csro_composition_room];
  csro_composition_write(a, text[0]);
  csro_composition_write(b, text[1]);
  CHECK(strcmp(a->name, b->name) == 0 && strcmp(text[0], text[1]) == 0);
  for (int k = 0; k < 3; k++)
    CHECK_NEAR(a->color[k], b->color[k], 0.51 / 255);
}

static void check_same(const csro_ranges *a, const csro_ranges *b) {
  CHECK_EQ(a->count, b->count);
  CHECK_EQ(a->species_count, b->species_count);
  CHECK(strstr(b->report, "not in the list of ions") == NULL);
  for (int i = 0; i < a->count && i < b->count; i++) {
    const csro_range *p = &a->range[i], *q = &b->range[i];
    CHECK(p->lo == q->lo && p->hi == q->hi && p->volume == q->volume);
    CHECK_EQ(p->species, q->species);
    check_species(&a->species[p->species], &b->species[q->species]);
  }
}

static void check_file(csro_context *context, const char *path) {
  char written[640];
  csro_ranges *ranges, *again;
  const int failures = check_failures;
  snprintf(written, sizeof written, "%s/again.RRng", files.folder);
  CHECK_OK(context, csro_ranges_read(context, path, &ranges));
  CHECK_OK(context, csro_ranges_write(context, ranges, written));
  CHECK_OK(context, csro_ranges_read(context, written, &again));
  if (ranges && again)
    check_same(ranges, again);
  if (check_failures > failures)
    fprintf(stderr, "in %s\n", path);
  csro_ranges_destroy(&ranges);
  csro_ranges_destroy(&again);
  unlink(written);
}

static void test_formats(csro_context *context) {
  static const char *const texts[][2] = {
      {"a.rrng", "[Ions]\nNumber=3\nIon1=Ni\nIon2=O\nIon3=B\n[Ranges]\nNumber=9\n"
                 "Range1=57,9 58.2 Vol:0.01094 Ni:1 Color:00CC00\nRange2=73 74.5 Ni:1 O:1\n"
                 "Range3=9.9 10.1 10B:1 Name:10B\nRange4=31.5 32.5 Vol:0.05 O:2 Color:0000FF\n"
                 "Range5=28.9 29.1 Vol:0.1 Ni:1 Name:Ni++ Color:00CC00\n"
                 "Range6=200 201 Name:\"some thing: else\" Color:123456\n"
                 "Range7=19.9 20.1 D2O:1\nRange8=1 1.1 Al_2+:1 Name:mine\nRange9=2 3 Q:2 O:1\n"},
      {"a.rng", "2 4\nNi\nNi 0.25 1 0.123\nO\nO 1 0 0\n---- Ni O\n. 57.5 58.5 1 0\n"
                ". 73.5 74.5 1 1\n. 90 91 0 0\n. 1e-3 0.0123456789012345 0 3\n"
                "--- polyatomic extension\n2 1\nNi1O1\nNi1O1 0.75 0 1\nodd\nodd 1 1 1\n"
                "--- Ni1O1 odd\n. 90 91 0 1\n"},
      {"a.env", "3 5\nNi 0.25 1 0\nO 1 0 0\nodd1 0 0 1\nNi 57.5 58.5 10.94 0.1\n"
                "Fe56 55.5 56.5 11.77 0.1\nodd1 3 4 0 0\nNiO 73.5 74.5 39.77 0.1\n"
                "H2 1.9 2.1 0 0\n"}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    check_file(context, temporary_text(&files, texts[i][0], texts[i][1]));
}

static void test_text(csro_context *context) {
  char path[640], text[512];
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_read(context,
                                     temporary_text(&files, "a.env",
                                                    "2 3\nNi 0.25 1 0\nO 1 0 0\n"
                                                    "Ni 57.5 58.5 10 0.1\nO 15.5 16.5 0 0.1\n"
                                                    "odd 1.1 2.2 0 0\n"),
                                     &ranges));
  snprintf(path, sizeof path, "%s/a.rrng", files.folder);
  CHECK_OK(context, csro_ranges_write(context, ranges, path));
  FILE *file = fopen(path, "rb");
  CHECK(file != NULL);
  text[file ? fread(text, 1, sizeof text - 1, file) : 0] = 0;
  if (file)
    fclose(file);
  CHECK(strcmp(text, "[Ions]\nNumber=3\nIon1=Ni\nIon2=O\nIon3=odd\n[Ranges]\nNumber=3\n"
                     "Range1=57.5 58.5 Vol:0.01 Ni:1 Color:40FF00\n"
                     "Range2=15.5 16.5 O:1 Color:FF0000\n"
                     "Range3=1.1 2.2 Name:odd Color:808080\n") == 0);
  unlink(path);
  csro_ranges_destroy(&ranges);
}

static void test_made(csro_context *context) {
  static const char *const names[] = {"Ni", "an ion"}, *const compositions[] = {"Ni:1 +2", ""};
  static const csro_range list[] = {{28.5, 29.5, 0.01, 0, 0}, {1, 2, 0, 1, 0}, {57, 59, 0, 0, 0}};
  csro_ranges *ranges, *again;
  char path[640];
  snprintf(path, sizeof path, "%s/a.rrng", files.folder);
  CHECK_OK(context, csro_ranges_of_names(context, 2, names, compositions, NULL, &ranges));
  CHECK_FAILS(context, csro_ranges_write(context, ranges, path), CSRO_ERROR_DATA,
              "there are no ranges to write");
  CHECK_OK(context, csro_ranges_set(context, ranges, 3, list));
  CHECK_FAILS(context, csro_ranges_write(context, ranges, "a.rng"), CSRO_ERROR_ARGUMENT,
              "a.rng: unknown ending '.rng', ranges are written as .rrng");
  CHECK_FAILS(context, csro_ranges_write(context, ranges, "absent/a.rrng"), CSRO_ERROR_FILE,
              "absent/a.rrng: cannot be written");
  CHECK_OK(context, csro_ranges_write(context, ranges, path));
  CHECK_OK(context, csro_ranges_read(context, path, &again));
  if (again)
    check_same(ranges, again);
  csro_ranges_destroy(&again);
  unlink(path);
  csro_range bad = list[0];
  bad.species = 2;
  CHECK_FAILS(context, csro_ranges_set(context, ranges, 1, &bad), CSRO_ERROR_DATA,
              "range 1 is 28.5 to 29.5 Da");
  bad = list[0], bad.hi = 1;
  CHECK_FAILS(context, csro_ranges_set(context, ranges, 1, &bad), CSRO_ERROR_DATA,
              "expected ends in their order and a species from 0 to 1");
  csro_ranges_destroy(&ranges);
}

/* What the format has no words for. */
static void test_refused(csro_context *context) {
  static const char *const names[] = {"a # b", "NiO"};
  static const char *const compositions[] = {"", "Ni:1 O:1 +2"};
  static const csro_range list[] = {{1, 2, 0, 0, 0}, {3, 4, 0, 1, 0}};
  static const char *const texts[] = {
      "the range 1 to 2 of species 'a # b' (no composition) cannot be written as .rrng",
      "the range 3 to 4 of species 'NiO' (Ni:1 O:1 +2) cannot be written as .rrng"};
  csro_ranges *ranges;
  char path[640];
  snprintf(path, sizeof path, "%s/a.rrng", files.folder);
  CHECK_OK(context, csro_ranges_of_names(context, 2, names, compositions, NULL, &ranges));
  for (int i = 0; i < 2; i++) {
    CHECK_OK(context, csro_ranges_set(context, ranges, 1, &list[i]));
    CHECK_FAILS(context, csro_ranges_write(context, ranges, path), CSRO_ERROR_DATA, texts[i]);
    CHECK(access(path, F_OK) != 0);
  }
  csro_ranges_destroy(&ranges);
}

static void test_folder(csro_context *context, const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", CSRO_REFERENCE_DIR, name);
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
    const char *ending = strrchr(entry->d_name, '.');
    char file[1024];
    snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
    if (ending && ending[1] && strstr(".rrng .rng .env .RRNG", ending))
      check_file(context, file);
  }
  if (folder)
    closedir(folder);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_formats(&context);
  test_text(&context);
  test_made(&context);
  test_refused(&context);
  test_folder(&context, "ranges");
  test_folder(&context, "files_met");
  test_folder(&context, "tungsten");
  temporary_remove(&files);
  return check_end();
}

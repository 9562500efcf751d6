/* How many ions doubtful ranges concern: the report with counts, and counting one by one. */
#include "check.h"
#include "csro/random.h"
#include "csro/ranges.h"

static csro_ranges *parse(csro_context *context, const char *text) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_parse(context, "text", text, strlen(text), &ranges));
  return ranges;
}

static void check_report(csro_context *context, const char *text, const double *mass, int count,
                         bool doubtful, const char *expected) {
  csro_ranges *ranges = parse(context, text);
  int64_t counts[16];
  char *report;
  CHECK(ranges->issue_count < 16);
  CHECK_OK(context, csro_ranges_count_issues(context, ranges, mass, true, count, counts));
  CHECK_OK(context, csro_ranges_write_report(context, ranges, counts, &report));
  CHECK(csro_ranges_need_warning(ranges, counts) == doubtful);
  if (strcmp(report, expected) != 0) {
    fprintf(stderr, "the report is\n%sexpected\n%s", report, expected);
    check_failures++;
  }
  free(report);
  csro_ranges_destroy(&ranges);
}

/* Each of the four doubts, alone and together; an ion in three ranges is one ion. */
static void test_report(csro_context *context) {
  static const double mass[] = {9, 10, 15, 17, 20, 20, 25, 25, 25, 26, 45, NAN, INFINITY};
  enum { count = sizeof mass / sizeof *mass };
  check_report(context, "[Ions]\nIon1=Ni\n[Ranges]\nRange1=10 20 Ni:1\nRange2=30 40 Ni:1\n", mass,
               count, false, "");
  check_report(context, "[Ions]\nIon1=Ni\n[Ranges]\nRange1=10 20 Ni:1\nRange2=15 25 Ni:2\n", mass,
               count, true,
               "line 5: 15 to 25 overlaps with line 4, ions in both belong to line 4 (4 ions)\n"
               "4 ions are in more than one range and belong to the first of them\n");
  check_report(context, "[Ions]\nIon1=Ni\n[Ranges]\nRange1=20 25 Ni:1\nRange2=10 20 Ni:2\n", mass,
               count, true,
               "line 5: 10 to 20 touches line 4, ions in both belong to line 4 (2 ions)\n"
               "2 ions are in more than one range and belong to the first of them\n");
  check_report(context, "[Ions]\nIon1=Ni\n[Ranges]\nRange1=10 16 Ni:1\nRange2=16 20 Ni:2\n", mass,
               count, false,
               "line 5: 16 to 20 touches line 4, ions in both belong to line 4 (0 ions)\n"
               "0 ions are in more than one range and belong to the first of them\n");
  check_report(context,
               "[Ions]\nIon1=Ni\n[Ranges]\nNumber=3\nRange1=10 16 Ni:1\nRange2=16 20 Ni:2\n", mass,
               count, true,
               "3 ranges are declared, there are 2\n"
               "line 6: 16 to 20 touches line 5, ions in both belong to line 5 (0 ions)\n"
               "0 ions are in more than one range and belong to the first of them\n");
  check_report(context, "[Ions]\nIon1=Ni\n[Ranges]\nRange1=10 20 Ni:1\nRange2=10 20 Ni:2\n", mass,
               count, true,
               "line 5: 10 to 20 is the same range as line 4, ions in both belong to line 4 (5 "
               "ions)\n5 ions are in more than one range and belong to the first of them\n");
  check_report(context, "[Ions]\nIon1=Ni\n[Ranges]\nRange1=50 40 Ni:1\n", mass, count, true,
               "line 4: upper end 40 below lower end 50, swapped (1 ion)\n");
  check_report(context,
               "[Ions]\nIon1=Ni\n[Ranges]\nNumber=4\nRange1=20 10 Ni:1\nRange2=10 20 Ni:1\n"
               "Range3=15 25 Ni:1\nRange4=25 30 Co:1\n",
               mass, count, true,
               "line 5: upper end 10 below lower end 20, swapped (5 ions)\n"
               "Co of species Co is not in the list of ions\n"
               "line 6: 10 to 20 is the same range as line 5, ions in both belong to line 5 (5 "
               "ions)\n"
               "line 7: 15 to 25 overlaps with line 5, ions in both belong to line 5 (4 ions)\n"
               "line 7: 15 to 25 overlaps with line 6, ions in both belong to line 6 (4 ions)\n"
               "line 8: 25 to 30 touches line 7, ions in both belong to line 7 (3 ions)\n"
               "8 ions are in more than one range and belong to the first of them\n");
}

/* A thousand inverted ranges are no thousand lines. */
static void test_many(csro_context *context) {
  enum { count = 1000 };
  char *text = malloc(40 * count);
  size_t size = (size_t)sprintf(text, "[Ranges]\n");
  for (int i = 0; i < count; i++)
    size += (size_t)sprintf(text + size, "Range1=%d.9 %d.1 Ni:1\n", i, i);
  csro_ranges *ranges = parse(context, text);
  CHECK_EQ(ranges->inverted, count);
  CHECK_EQ(ranges->issue_count, 20);
  CHECK(strlen(ranges->report) < 2000);
  csro_ranges_destroy(&ranges);
  free(text);
}

/* As many ranges, each beginning where another ends: only the ends have to be free of ions. */
static void test_many_touching(csro_context *context) {
  static const double beside[] = {0.5, 998.5, 2000}, on_the_last[] = {999};
  enum { count = 1000 };
  char *text = malloc(40 * count);
  size_t size = (size_t)sprintf(text, "[Ions]\nIon1=Ni\n[Ranges]\n");
  for (int i = 0; i < count; i++)
    size += (size_t)sprintf(text + size, "Range1=%d %d Ni:1\n", i, i + 1);
  csro_ranges *ranges = parse(context, text);
  int64_t counts[32];
  CHECK_EQ(ranges->touching, count - 1);
  CHECK_EQ(ranges->issue_count, 20);
  CHECK_OK(context, csro_ranges_count_issues(context, ranges, beside, true, 3, counts));
  CHECK(!csro_ranges_need_warning(ranges, counts));
  CHECK_OK(context, csro_ranges_count_issues(context, ranges, on_the_last, true, 1, counts));
  CHECK(csro_ranges_need_warning(ranges, counts));
  csro_ranges_destroy(&ranges);
  free(text);
}

static int64_t in_range(const double *mass, int64_t count, double lo, double hi) {
  int64_t n = 0;
  for (int64_t i = 0; i < count; i++)
    n += lo <= mass[i] && mass[i] <= hi;
  return n;
}

static int64_t in_several(const csro_ranges *ranges, const double *mass, int64_t count) {
  int64_t n = 0;
  for (int64_t i = 0; i < count; i++) {
    int found = 0;
    for (int r = 0; r < ranges->count; r++)
      found += ranges->range[r].lo <= mass[i] && mass[i] <= ranges->range[r].hi;
    n += found > 1;
  }
  return n;
}

/* Any ranges on a coarse raster, so that ends coincide and masses hit them. */
static void test_random(csro_context *context) {
  enum { ions = 2000 };
  csro_random random;
  csro_random_init(&random, 5, 0);
  double mass[ions], rounded[ions];
  float single[ions];
  for (int i = 0; i < ions; i++) {
    mass[i] =
        i % 2 ? (double)csro_random_below(&random, 60) / 2 : 30 * csro_random_uniform(&random);
    rounded[i] = single[i] = (float)mass[i];
  }
  for (int round = 0; round < 100; round++) {
    char text[1024];
    size_t size = (size_t)sprintf(text, "[Ranges]\n");
    for (int i = (int)csro_random_below(&random, 12); i >= 0; i--)
      size += (size_t)sprintf(text + size, "Range1=%.1f %.1f X%d:1\n",
                              (double)csro_random_below(&random, 60) / 2,
                              (double)csro_random_below(&random, 60) / 2, i);
    csro_ranges *ranges = parse(context, text);
    int64_t counts[128], first[128], rest[128];
    for (context->threads = 1; context->threads <= 3; context->threads++) {
      CHECK_OK(context, csro_ranges_count_issues(context, ranges, mass, true, ions, counts));
      for (int i = 0; i < ranges->issue_count; i++) {
        const csro_range_issue *issue = &ranges->issue[i];
        CHECK_EQ(counts[i], in_range(mass, ions, issue->lo, issue->hi));
        CHECK(ranges->report[issue->line_end] == '\n');
      }
      if (ranges->issue_count > 0)
        CHECK_EQ(counts[ranges->issue_count], in_several(ranges, mass, ions));
      /* two parts of a file add up */
      CHECK_OK(context, csro_ranges_count_issues(context, ranges, single, false, 777, first));
      CHECK_OK(context,
               csro_ranges_count_issues(context, ranges, single + 777, false, ions - 777, rest));
      for (int i = 0; i < ranges->issue_count; i++)
        CHECK_EQ(first[i] + rest[i],
                 in_range(rounded, ions, ranges->issue[i].lo, ranges->issue[i].hi));
    }
    context->threads = 1;
    csro_ranges_destroy(&ranges);
  }
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_report(&context);
  test_many(&context);
  test_many_touching(&context);
  test_random(&context);
  return check_end();
}

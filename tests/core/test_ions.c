/* Ion files: the dialects of text, parts, damage, exact numbers. */
#include "base/number.h"
#include "check.h"
#include "csro/ions.h"
#include "csro/random.h"
#include "temporary.h"

#include <stdint.h>

static temporary files;

static void put_float(unsigned char *out, float value, bool little) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  for (int k = 0; k < 4; k++)
    out[little ? k : 3 - k] = (unsigned char)(bits >> 8 * k);
}

/* Records with x = i / 8 - 10, y = -x, z = -i, m = 58 - i / 4096. Release with free. */
static unsigned char *make_pos(int64_t count, bool little) {
  unsigned char *records = malloc((size_t)count * 16 + 1);
  for (int64_t i = 0; i < count; i++) {
    float x = (float)i / 8 - 10;
    float values[4] = {x, -x, (float)-i, 58 - (float)i / 4096};
    for (int k = 0; k < 4; k++)
      put_float(records + 16 * i + 4 * k, values[k], little);
  }
  return records;
}

static void check_same(const csro_ions *all, const csro_ions *part, int64_t first) {
  size_t size = all->is_double ? sizeof(double) : sizeof(float);
  CHECK_EQ(part->is_double, all->is_double);
  CHECK(first + part->count <= all->count);
  CHECK(memcmp((char *)all->xyz + (size_t)first * 3 * size, part->xyz,
               (size_t)part->count * 3 * size) == 0);
  CHECK(memcmp((char *)all->mass + (size_t)first * size, part->mass, (size_t)part->count * size) ==
        0);
}

/* The parts together are the whole, for any number of parts and threads. */
static void test_parts(csro_context *context, const char *path, const csro_ions *all) {
  static const int splits[] = {1, 2, 3, 7};
  for (size_t s = 0; s < sizeof splits / sizeof *splits; s++) {
    int64_t next = 0;
    for (int part = 0; part < splits[s]; part++) {
      csro_ions ions;
      context->threads = 1 + part % 3;
      CHECK_OK(context, csro_ions_read(context, path, part, splits[s], &ions));
      bool numbered = !ions.is_double || splits[s] == 1; /* parts of a text are not */
      CHECK_EQ(ions.first, numbered ? next : 0);
      CHECK_EQ(ions.total, numbered ? all->count : 0);
      check_same(all, &ions, next);
      next += ions.count;
      csro_ions_release(&ions);
    }
    CHECK_EQ(next, all->count);
  }
}

static void test_pos(csro_context *context) {
  enum { count = 40000 };
  unsigned char *records = make_pos(count, false);
  const char *path = temporary_write(&files, "a.POS", records, count * 16);
  csro_ions ions;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK_EQ(ions.count, count);
  for (int64_t i = 0; i < count; i++) {
    const float *xyz = (float *)ions.xyz + 3 * i;
    float x = (float)i / 8 - 10;
    CHECK(xyz[0] == x && xyz[1] == -x && xyz[2] == (float)-i);
    CHECK(((float *)ions.mass)[i] == 58 - (float)i / 4096);
  }
  test_parts(context, path, &ions);
  csro_ions_release(&ions);
  path = temporary_write(&files, "one.pos", records, 16);
  for (int part = 0; part < 3; part++) {
    CHECK_OK(context, csro_ions_read(context, path, part, 3, &ions));
    CHECK_EQ(ions.count, part == 0);
    CHECK_EQ(ions.total, 1);
    csro_ions_release(&ions);
  }
  free(records);
}

static void test_pos_damage(csro_context *context) {
  enum { count = 40000 };
  unsigned char *records = make_pos(count, false), *little = make_pos(count, true);
  csro_ions ions;
  CHECK_FAILS(context,
              csro_ions_read(context, temporary_write(&files, "a.pos", records, 0), 0, 1, &ions),
              CSRO_ERROR_FORMAT, "empty file");
  CHECK_FAILS(context,
              csro_ions_read(context, temporary_write(&files, "a.pos", records, 35), 0, 1, &ions),
              CSRO_ERROR_FORMAT, "35 bytes, expected a multiple of 16");
  static const int sizes[] = {1, 2, 100, count};
  for (int k = 0; k < 4; k++) {
    const char *path = temporary_write(&files, "a.pos", little, 16 * (size_t)sizes[k]);
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                "little-endian");
    CHECK_FAILS(context, csro_ions_read(context, path, 1, 2, &ions), CSRO_ERROR_FORMAT,
                "little-endian");
  }
  put_float(records + 16 * 39000 + 8, INFINITY, false);
  put_float(records + 16 * 30000 + 12, NAN, false);
  const char *path = temporary_write(&files, "a.pos", records, 16 * count);
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                "byte 480012: mass-to-charge of ion 30000");
    CHECK(!ions.xyz && !ions.mass && ions.count == 0 && ions.total == 0);
    CHECK_FAILS(context, csro_ions_read(context, path, 6, 7, &ions), CSRO_ERROR_FORMAT,
                "byte 624008: z of ion 39000");
  }
  memset(records, 0, 16 * count); /* all zeros have no byte order */
  CHECK_OK(context, csro_ions_read(context, temporary_write(&files, "a.pos", records, 16 * count),
                                   0, 1, &ions));
  csro_ions_release(&ions);
  free(records);
  free(little);
}

static void test_paths(csro_context *context) {
  csro_ions ions;
  CHECK_FAILS(context, csro_ions_read(context, "/absent/ions.pos", 0, 1, &ions), CSRO_ERROR_FILE,
              "/absent/ions.pos: No such file");
  CHECK_FAILS(context, csro_ions_read(context, "ions.abc", 0, 1, &ions), CSRO_ERROR_FORMAT,
              "unknown ending '.abc', expected .pos");
  CHECK_FAILS(context, csro_ions_read(context, "a.b/ions", 0, 1, &ions), CSRO_ERROR_FORMAT,
              "unknown ending ''");
  CHECK_FAILS(context, csro_ions_read(context, "a.pos", 2, 2, &ions), CSRO_ERROR_ARGUMENT,
              "part 2 of 2");
  CHECK_FAILS(context, csro_ions_read(context, "a.pos", 0, 0, &ions), CSRO_ERROR_ARGUMENT,
              "part 0 of 0");
  char folder[600];
  snprintf(folder, sizeof folder, "%s/folder.pos", files.folder);
  rmdir(folder);
  temporary inner = {.path = ""};
  snprintf(inner.folder, sizeof inner.folder, "%.480s/XXXXXX", files.folder);
  CHECK(mkdtemp(inner.folder) != NULL);
  CHECK(rename(inner.folder, folder) == 0);
  CHECK_FAILS(context, csro_ions_read(context, folder, 0, 1, &ions), CSRO_ERROR_FILE,
              "is a directory");
  rmdir(folder);
}

/* Every dialect gives the same two ions. */
static void test_dialects(csro_context *context) {
  static const char *const texts[] = {
      "1.5,-2,3e1,58.25\n-4,.5,6.,7\n",
      "1.5,-2,3e1,58.25\r\n-4,.5,6.,7",
      "1.5,-2,3e1,58.25\r-4,.5,6.,7\r",
      "x,y,z,Da\r1.5,-2,3e1,58.25\r\r-4,.5,6.,7",
      "1.5,-2,3e1,58.25\n\r-4,.5,6.,7\r\n\x1a",
      "1.5,-2,3e1,58.25\r\n-4,.5,6.,7\x1a\x1a",
      "%x,y,z,Da\n1.5,-2,3e1,58.25\n\n-4,.5,6.,7",
      "\"1.5\",\"-2\",3e1,\"58.25\"\n-4,.5,6.,\"7\"",
      "x,y,z,m,note\n1.5,-2,3e1,58.25,\"a,b\"\n-4,.5,6.,7,\"c \"\"d\"\"\"",
      "x,y,z,Da\n1.5,-2,3e1,58.25\n-4,.5,6.,7\n",
      "\"x, nm\",\"y, nm\",\"z; nm\",\"m/q (Da)\"\r\n1.5,-2,3e1,58.25\r\n-4,.5,6.,7\r\n",
      "\xEF\xBB\xBF"
      "1.5,-2,3e1,58.25\n-4,.5,6.,7\n",
      "\xEF\xBB\xBFx;y;z;m\n1,5;-2;3e1;58,25\n-4;,5;6;7\n",
      "1.5;-2;3e1;58.25\n-4;.5;6;7\n",
      "1\t-2\t30\t58\n-4\t.5\t6\t7\n",
      "x\ty\tz\tm\n 1,5 \t-2\t30\t58,25\t\t9\n-4\t0,5\t6\t7\n",
      "  1.5 -2   3e1\t58.25  \n\n-4 .5 6 7 8 nine\n",
      "1,5 -2 30 58,25\n-4 0,5 6 7\n",
      "1,5\t -2 30 58,25\n-4 0,5 6 7\n",
      " 1.5 , -2 , +30 , 58.25 , text\n -4 , .5 , 6 , 7 , \n",
      "# a comment, 1, 2, 3\n\n \t\r\n# x y z m\nx y z m\n#1 2 3 4\n1.5 -2 30 58.25\n\n -4 .5 6 7\n"
      " # the end",
      "0,1,2,3\n1.5,-2,30,58.25\n-4,.5,6,7\n",
      "0\t1\t2\t3\t4\r\n1.5\t-2\t30\t58.25\t1\r\n-4\t.5\t6\t7\t2\r\n",
      "x,y,z,m\n1.5,-2,30,58.25,Ni\n-4,.5,6,7,Co\n",
      "X_nm,y_nm,z_nm,m,x_det\n1.5,-2,30,58.25,1\n-4,.5,6,7,2\n",
      "pos x,y,z,m,x_det\n1.5,-2,30,58.25,1\n-4,.5,6,7,2\n",
      "1.50000000000000000000,-2.0,300000000000000000000e-19,5825E-2\n-4,.5,6,7,,,\n\n\n",
  };
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    const char *path = temporary_text(&files, t % 2 ? "a.csv" : "a.Txt", texts[t]);
    csro_ions ions;
    CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
    CHECK_EQ(ions.count, 2);
    CHECK_EQ(ions.total, 2);
    CHECK(ions.is_double);
    const double *xyz = ions.xyz, *mass = ions.mass;
    CHECK(xyz[1] == -2 && xyz[2] == 30 && xyz[3] == -4 && xyz[4] == 0.5 && xyz[5] == 6);
    CHECK(mass[1] == 7);
    if (strncmp(texts[t], "1\t-2", 4) != 0)
      CHECK(xyz[0] == 1.5 && mass[0] == 58.25);
    test_parts(context, path, &ions);
    csro_ions_release(&ions);
  }
}

static void test_text_damage(csro_context *context) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"", "no ion"},
      {"\n\n# nothing\n", "no ion"},
      {"x,y,z,m\n", "no ion"},
      {"1,2\n", "line 1: 2 columns"},
      {"x,y,z,m\n\n1,2,3,4\n1,2\n", "line 4: 2 columns"},
      {"1 2 3 4\n1 2 3\n", "line 2: 3 columns"},
      {"1,2,3,4\n1,2,c,4\n", "line 2: column 3 (z) is 'c'"},
      {"1,2,3,4\n1,2,,4\n", "line 2: column 3 (z) is ''"},
      {"1,2,3,4\n1,2,3,4x\n", "line 2: column 4 (m/q) is '4x'"},
      {"1,2,3,4\n1,2,3,nan\n", "line 2: column 4 (m/q) is 'nan'"},
      {"1,2,3,4\n1,inf,3,4\n", "line 2: column 2 (y) is 'inf'"},
      {"1,2,3,4\n1,2,3,1e999\n", "line 2: column 4 (m/q) is '1e999', too large"},
      {"1,2,3,4\n1,2,3,0x1p3\n", "'0x1p3'"},
      {"1,2,3,4\nx,y,z,m\n", "line 2: column 1 (x) is 'x'"},
      {"nan,2,3,4\n1,2,3,4\n", "line 1: column 1 (x) is 'nan'"},
      {"-inf,nan,nan,nan\n1,2,3,4\n", "line 1: column 1 (x) is '-inf'"},
      {"NA,2,3,4\n1,2,3,4\n", "line 1: column 1 (x) is 'NA'"},
      {",2,3,4\n1,2,3,4\n", "line 1: column 1 (x) is ''"},
      {"1.2.3,2,3,4\n1,2,3,4\n", "line 1: column 1 (x) is '1.2.3'"},
      {"1\t\t3\t4\t5\n", "line 1: column 2 (y) is ''"},
      {"x,y\n1,2\n", "line 1: no column of 'x,y' is named as z, expected names of x, y, z and m/q"},
      {"\x01\x02\x7f\xff\n\x01\x02\n", "line 1: no column of '?\?\?\?' is named as x"},
      {"x y z m\n1 0.5 2 3 58\n", "line 1: 'x y z m': the line below has one column more"},
      {"x,y,z,m\n0,5,2,0,3,0,58,1\n", "the line below has twice as many columns"},
      {"0,1,2,3\n", "no ion"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *path = temporary_text(&files, "a.csv", cases[i].text);
    csro_ions ions;
    for (context->threads = 1; context->threads <= 2; context->threads++)
      CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                  cases[i].message);
    CHECK(!ions.xyz && !ions.mass && ions.total == 0);
  }
}

/* UTF-16, with and without its mark, and other zero bytes. */
static void test_zero_bytes(csro_context *context) {
  static const char little[] = "\xff\xfe"
                               "1\0,\0002\0,\0003\0,\0004\0\n",
                    big[] = "\0001\0,\0002\0,\0003\0,\0004\0\n", zeros[16] = {0};
  static const struct {
    const char *text;
    size_t size;
  } cases[] = {{little, sizeof little}, {big, sizeof big - 1}, {zeros, sizeof zeros}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    csro_ions ions;
    const char *path = temporary_write(&files, "a.csv", cases[i].text, cases[i].size);
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                "line 1: zero bytes, expected text (UTF-16 must be saved as UTF-8)");
  }
}

/* Comments of megabytes, in many lines and in one, with every kind of line end. */
static void test_long_comments(csro_context *context) {
  enum { size = 5 << 20 };
  static const char *const ends[] = {"\n", "\r", "\r\n"};
  static const int widths[] = {71, 100003, size - 1000};
  char *text = malloc(size + 200);
  for (int e = 0; e < 3; e++)
    for (int w = 0; w < 3; w++) {
      size_t at = 0, end = strlen(ends[e]);
      while (at < size) {
        size_t width = at + (size_t)widths[w] + end > size ? 1 : (size_t)widths[w];
        memset(text + at, '#', width);
        memcpy(text + at + width, ends[e], end);
        at += width + end;
      }
      at += (size_t)sprintf(text + at, "x,y,m,z%s1,2,58,3%s4,5,59,6%s", ends[e], ends[e], ends[e]);
      const char *path = temporary_write(&files, "a.csv", text, at);
      for (int parts = 1; parts <= 2; parts++) {
        csro_ions ions;
        CHECK_OK(context, csro_ions_read(context, path, 0, parts, &ions));
        CHECK(ions.count == 2 && ((double *)ions.xyz)[5] == 6 && ((double *)ions.mass)[1] == 59);
        csro_ions_release(&ions);
      }
    }
  free(text);
}

/* Columns that are numbered only: the header is no ion, and the user is told. */
static void test_numbered_columns(csro_context *context) {
  csro_ions ions;
  const char *path = temporary_text(&files, "a.csv", "# pandas\n0,1,2,3\n1,2,3,4\n");
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK(ions.count == 1 && strstr(ions.note, "line 2 numbers the columns"));
  csro_ions_release(&ions);
}

/* The longest path leaves room for what is wrong. */
static void test_long_path(csro_context *context) {
  char path[4096];
  csro_ions ions;
  memset(path, 'a', sizeof path);
  memcpy(path + sizeof path - 5, ".pos", 5);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FILE,
              "File name too long");
}

/* Every beginning of a file is read or refused, never worse. */
static void test_truncation(csro_context *context) {
  static const char text[] = "x;y;z;m\r\n1,5;2;3;4\r\n5;6e1;7;8;9\r\n";
  for (size_t size = 0; size < sizeof text; size++) {
    csro_ions ions;
    csro_status status =
        csro_ions_read(context, temporary_write(&files, "a.csv", text, size), 0, 1, &ions);
    CHECK(status == CSRO_OK || status == CSRO_ERROR_FORMAT);
    CHECK((status == CSRO_OK) == (ions.count > 0));
    csro_ions_release(&ions);
  }
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction >= 0;
}

/* More than a few chunks of the reader, with lines of all lengths. */
static void test_large(csro_context *context) {
  enum { count = 70000, room = count * 80 + (1 << 17) };
  char *text = malloc(room);
  csro_random random;
  csro_random_init(&random, 1, 0);
  size_t size = (size_t)sprintf(text, "x,y,z,m\n");
  for (int i = 0; i < count; i++) {
    size += (size_t)sprintf(text + size, "%d,%.17g,%.3f,%d.5%0*d\n", i,
                            csro_random_uniform(&random), csro_random_normal(&random), i % 200,
                            (int)csro_random_below(&random, 20) + 1, 0);
    if (i % 1000 == 0)
      size += (size_t)sprintf(text + size, "\n# comment\n");
  }
  const char *path = temporary_write(&files, "large.csv", text, size);
  csro_ions ions;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK_EQ(ions.count, count);
  const char *p = strchr(text, '\n') + 1;
  for (int64_t i = 0; i < ions.count; i++) {
    while (*p == '\n' || *p == '#')
      p = strchr(p, '\n') + 1;
    char *end;
    const double *xyz = (double *)ions.xyz + 3 * i;
    CHECK(strtod(p, &end) == xyz[0]);
    CHECK(strtod(end + 1, &end) == xyz[1]);
    CHECK(strtod(end + 1, &end) == xyz[2]);
    CHECK(strtod(end + 1, &end) == ((double *)ions.mass)[i]);
    p = end + 1;
  }
  test_parts(context, path, &ions);
  csro_ions_release(&ions);

  context->progress = cancel;
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_CANCELLED, "cancelled");
  context->progress = NULL;
  CHECK(!ions.xyz && ions.total == 0);

  size_t good = size;
  size += (size_t)sprintf(text + size, "1,2,3,4\n1,2,3,bad\n1,2,3,worse\n");
  path = temporary_write(&files, "large.csv", text, size);
  for (context->threads = 1; context->threads <= 3; context->threads++)
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                "line 70143: column 4 (m/q) is 'bad'");
  CHECK_OK(context, csro_ions_read(context, path, 0, 2, &ions)); /* the other part has it */
  csro_ions_release(&ions);
  for (int parts = 2; parts <= 3; parts++)
    CHECK_FAILS(context, csro_ions_read(context, path, parts - 1, parts, &ions), CSRO_ERROR_FORMAT,
                "line 70143: column 4 (m/q) is 'bad'");

  memset(text + good, '1', 1 << 16);
  path = temporary_write(&files, "large.csv", text, good + (1 << 16));
  CHECK_FAILS(context, csro_ions_read(context, path, 1, 2, &ions), CSRO_ERROR_FORMAT,
              "line 70142: 65536 bytes or more");
  free(text);
}

static void check_number(locale_t c_locale, const char *text) {
  double value;
  const char *end = text + strlen(text);
  CHECK(csro_number_parse(text, end, false, c_locale, &value) == end);
  double expected = strtod(text, NULL);
  if (memcmp(&value, &expected, sizeof value) != 0) {
    fprintf(stderr, "%s gives %.17g, expected %.17g\n", text, value, expected);
    check_failures++;
  }
}

/* strtod is the oracle; the tests run in the C locale. */
static void test_numbers(void) {
  static const char *const texts[] = {"0",
                                      "-0",
                                      "-0.0e5",
                                      "9007199254740992",
                                      "9007199254740993",
                                      "9007199254740993e-22",
                                      "1e22",
                                      "1e23",
                                      "123456789012345678",
                                      "18446744073709551615",
                                      "18446744073709551616",
                                      "99999999999999999999",
                                      "0.1e-22",
                                      "4.9e-324",
                                      "2.2250738585072014e-308",
                                      "1.7976931348623157e308",
                                      "1e400",
                                      "1e-400",
                                      "0.30000000000000004",
                                      "1e00000000000000000001",
                                      "0.000000000000000000000000000000000000001",
                                      "1e999999999999999"};
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    check_number(c_locale, texts[i]);
  static const char *const formats[] = {"%.3f", "%.6g", "%.9g", "%.15g", "%.16g", "%.17g", "%.18e"};
  csro_random random;
  csro_random_init(&random, 2, 0);
  for (int i = 0; i < 70000; i++) {
    char text[64];
    double value =
        csro_random_normal(&random) * pow(10, (double)csro_random_below(&random, 50) - 25);
    snprintf(text, sizeof text, formats[i % 7], i % 2 ? value : csro_random_normal(&random) * 100);
    check_number(c_locale, text);
  }
  static const char *const wrong[] = {"", "-", ".", "-.", "e5", "x1", "+-1", "nan", "inf", " 1"};
  double value;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    CHECK(!csro_number_parse(wrong[i], wrong[i] + strlen(wrong[i]), true, c_locale, &value));
  char longest[300];
  memset(longest, '1', sizeof longest);
  CHECK(csro_number_parse(longest, longest + 255, false, c_locale, &value) == longest + 255);
  CHECK(!csro_number_parse(longest, longest + 256, false, c_locale, &value));
  const char *comma = "1234567890123456789012,25e1;";
  CHECK(csro_number_parse(comma, comma + 28, true, c_locale, &value) == comma + 27);
  CHECK(value == 12345678901234567890122.5);
  CHECK(csro_number_parse(comma, comma + 28, false, c_locale, &value) == comma + 22);
  const char *open = "1e+";
  CHECK(csro_number_parse(open, open + 3, false, c_locale, &value) == open + 1 && value == 1);
  freelocale(c_locale);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_pos(&context);
  test_pos_damage(&context);
  test_paths(&context);
  test_dialects(&context);
  test_text_damage(&context);
  test_zero_bytes(&context);
  test_numbered_columns(&context);
  test_long_comments(&context);
  test_long_path(&context);
  test_truncation(&context);
  test_large(&context);
  test_numbers();
  temporary_remove(&files);
  csro_ions none = {0};
  csro_ions_release(&none);
  return check_end();
}

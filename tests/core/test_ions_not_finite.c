/* Ions whose position or mass is not finite: refused with their count, or left out. */
#include "check.h"
#include "csro/ions.h"
#include "synthetic_files.h"
#include "temporary.h"

enum { count = 70000 };

static temporary files;

/* These ions are not finite, at this one of x, y, z, m. */
static const struct {
  int64_t ion;
  int axis;
  float value;
} odd[] = {
    {7, 2, NAN}, {30000, 3, INFINITY}, {30001, 0, -INFINITY}, {30001, 1, NAN}, {69999, 3, NAN}};

enum { odd_ions = 4 };

static bool is_odd(int64_t ion) {
  return ion == 7 || ion == 30000 || ion == 30001 || ion == 69999;
}

static void put(made_file *file, size_t byte, float value, bool little) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  for (int k = 0; k < 4; k++)
    file->data[byte + (size_t)(little ? k : 3 - k)] = (unsigned char)(bits >> 8 * k);
}

static const char *make(const char *ending) {
  made_file file = {NULL, 0, 0};
  const int record = strcmp(ending, ".pos") == 0 ? 16 : 44;
  char name[16];
  snprintf(name, sizeof name, "a%s", ending);
  if (strcmp(ending, ".csv") == 0) {
    made_append(&file, "m,x,y,z\n", 8);
    for (int64_t i = 0; i < count; i++) {
      char line[200];
      float v[4];
      for (int k = 0; k < 4; k++)
        v[k] = made_value(i, k);
      for (size_t o = 0; o < sizeof odd / sizeof *odd; o++)
        if (odd[o].ion == i)
          v[odd[o].axis] = odd[o].value;
      int n = snprintf(line, sizeof line, "%.9g,%.9g,%.9g,%.9g\n", (double)v[3], (double)v[0],
                       (double)v[1], (double)v[2]);
      made_append(&file, line, (size_t)n);
    }
  } else if (strcmp(ending, ".apt") == 0) {
    size_t position, mass = 0;
    file = made_apt(count);
    mass = file.size - 4 * count;
    for (position = 0; memcmp(file.data + position, "P\0o\0s\0", 6) != 0;)
      position++;
    position += 148 + 24 - 12;
    for (size_t o = 0; o < sizeof odd / sizeof *odd; o++)
      put(&file,
          odd[o].axis == 3 ? mass + 4 * (size_t)odd[o].ion
                           : position + 4 * (size_t)(3 * odd[o].ion + odd[o].axis),
          odd[o].value, true);
  } else {
    file = record == 16 ? made_pos(count, false) : made_epos(count, 5000, false);
    for (size_t o = 0; o < sizeof odd / sizeof *odd; o++)
      put(&file, (size_t)record * (size_t)odd[o].ion + 4 * (size_t)odd[o].axis, odd[o].value,
          false);
  }
  const char *path = temporary_write(&files, name, file.data, file.size);
  free(file.data);
  return path;
}

static double value_of(const csro_ions *ions, int64_t i, int k) {
  int64_t at = k < 3 ? 3 * i + k : i;
  const void *values = k < 3 ? ions->xyz : ions->mass;
  return ions->is_double ? ((const double *)values)[at] : (double)((const float *)values)[at];
}

/* The other ions are there under the numbers of the file, with what belongs to them. */
static void check_part(const csro_ions *ions, int64_t before) {
  int64_t wrong = 0;
  for (int64_t i = 0; i < ions->count; i++) {
    const int64_t ion = before + (ions->number ? ions->number[i] : i);
    for (int k = 0; k < 4; k++)
      wrong += (float)value_of(ions, i, k) != made_value(ion, k);
    for (int c = 0; c < ions->column_count; c++) {
      const csro_column *column = &ions->columns[c];
      if (strcmp(column->name, "PulsesSinceLast") == 0)
        wrong += ((int32_t *)column->data)[i] != ion;
      if (strcmp(column->name, "tof") == 0)
        wrong += ((double *)column->data)[i] != 500 + 0.1 * (double)ion;
      if (strcmp(column->name, "XDet") == 0)
        wrong += ((int16_t *)column->data)[2 * i + 1] != (int16_t)-ion;
    }
    wrong += is_odd(ion);
  }
  CHECK_EQ(wrong, 0);
}

static void test_format(csro_context *context, const char *ending, const char *first) {
  char expected[200];
  const char *path = make(ending);
  csro_ions ions;
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    snprintf(expected, sizeof expected,
             "%s, expected a finite number (4 ions are not finite; they can be left out", first);
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT, expected);
    CHECK(!ions.xyz && !ions.first_left_out && ions.left_out == 0);
    for (int parts = 1; parts <= 5; parts++) {
      int64_t before = 0, left_out = 0;
      for (int part = 0; part < parts; part++) {
        CHECK_OK(context, csro_ions_read_finite(context, path, part, parts, &ions));
        check_part(&ions, before);
        CHECK((ions.left_out > 0) == (ions.number != NULL));
        CHECK((ions.left_out > 0) == (ions.first_left_out != NULL));
        if (left_out == 0 && ions.left_out > 0)
          CHECK(strcmp(ions.first_left_out, first) == 0);
        before += ions.count + ions.left_out;
        left_out += ions.left_out;
        csro_ions_release(&ions);
      }
      CHECK_EQ(before, count);
      CHECK_EQ(left_out, odd_ions);
    }
  }
  context->threads = 1;
}

/* Every word for what is no number; a line that cannot be read stays an error. */
static void test_words(csro_context *context) {
  static const char *const words[] = {"nan",   "-nan", "NaN",     "inf",     "-Infinity", "NA",
                                      "N/A",   "null", "None",    "1.#QNAN", "-1.#IND00", "",
                                      "1e310", "\"\"", "\"nan\"", "-1e999"};
  csro_ions ions;
  for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
    char text[100];
    snprintf(text, sizeof text, "x,y,z,m\n1,2,3,4\n5,%s,7,8\n9,9,9,9\n", words[w]);
    const char *path = temporary_text(&files, "a.csv", text);
    CHECK_OK(context, csro_ions_read_finite(context, path, 0, 1, &ions));
    CHECK(ions.count == 2 && ions.left_out == 1 && ions.total == 3);
    CHECK(ions.number && ions.number[1] == 2 && ((double *)ions.xyz)[3] == 9);
    CHECK(ions.first_left_out && strstr(ions.first_left_out, "line 3: column 2 (y) is '"));
    csro_ions_release(&ions);
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                "expected a finite number (1 ion is not finite; it can be left out");
  }
  static const char *const lines[] = {"5,-,7,8", "5,6.x,7,8", "5,6,7"};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    char text[100];
    snprintf(text, sizeof text, "x,y,z,m\n1,nan,3,4\n%s\n", lines[i]);
    const char *path = temporary_text(&files, "a.csv", text);
    CHECK_FAILS(context, csro_ions_read_finite(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                "line 3: ");
  }
}

/* Nothing is left: the caller decides. */
static void test_all(csro_context *context) {
  csro_ions ions;
  const char *path = temporary_text(&files, "a.csv", "x,y,z,m\nnan,2,3,4\n5,inf,7,8\n");
  CHECK_OK(context, csro_ions_read_finite(context, path, 0, 1, &ions));
  CHECK(ions.count == 0 && ions.left_out == 2);
  csro_ions_release(&ions);
}

/* Half of the ions at the start of a file: it is the same format all the same. */
static void test_many(csro_context *context) {
  csro_ions ions;
  made_file file = made_pos(100, false);
  for (size_t i = 0; i < 90; i++)
    for (size_t k = 0; k < 4; k++)
      put(&file, 16 * i + 4 * k, NAN, false);
  const char *path = temporary_write(&files, "a.pos", file.data, file.size);
  CHECK_OK(context, csro_ions_read_finite(context, path, 0, 1, &ions));
  CHECK(ions.count == 10 && ions.left_out == 90 && ions.number[0] == 90);
  csro_ions_release(&ions);
  free(file.data);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_format(&context, ".pos", "byte 120: z of ion 7 (from 0) is nan");
  test_format(&context, ".epos", "byte 316: z of ion 7 (from 0) is nan");
  test_format(&context, ".apt", "byte 560979: z of ion 7 (from 0) is nan");
  test_format(&context, ".csv", "line 9: column 4 (z) is 'nan'");
  test_words(&context);
  test_all(&context);
  test_many(&context);
  temporary_remove(&files);
  return check_end();
}

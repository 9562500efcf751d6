/* Ion files with more than positions and masses: .epos and .apt. */
#include "check.h"
#include "csro/ions.h"
#include "synthetic_files.h"
#include "temporary.h"

static temporary files;

static const csro_column *column(const csro_ions *ions, const char *name) {
  for (int c = 0; c < ions->column_count; c++)
    if (strcmp(ions->columns[c].name, name) == 0)
      return &ions->columns[c];
  fprintf(stderr, "no column %s\n", name);
  exit(1);
}

static void check_made_ions(const csro_ions *ions) {
  CHECK(!ions->is_double);
  for (int64_t i = 0; i < ions->count; i++) {
    for (int k = 0; k < 3; k++)
      CHECK(((float *)ions->xyz)[3 * i + k] == made_value(ions->first + i, k));
    CHECK(((float *)ions->mass)[i] == made_value(ions->first + i, 3));
  }
}

static void check_epos(const csro_ions *ions, float volts) {
  static const char *const names[] = {"TOF_ns", "V_DC", "V_pulse", "X_det_mm", "Y_det_mm"};
  check_made_ions(ions);
  CHECK_EQ(ions->column_count, 7);
  for (int64_t i = 0; i < ions->count; i++) {
    int64_t ion = ions->first + i;
    for (int k = 0; k < 5; k++)
      CHECK(((float *)column(ions, names[k])->data)[i] == (float)ion + (k == 1 ? volts : (float)k));
    CHECK_EQ(((int32_t *)column(ions, "PulsesSinceLast")->data)[i], ion);
    CHECK_EQ(((int32_t *)column(ions, "IonsPerPulse")->data)[i], -ion);
  }
}

static void test_epos(csro_context *context) {
  enum { count = 20000 };
  made_file made = made_epos(count, 5000, false);
  const char *path = temporary_write(&files, "a.ePos", made.data, made.size);
  int64_t next = 0;
  for (int part = 0; part < 3; part++) {
    csro_ions ions;
    context->threads = 1 + part;
    CHECK_OK(context, csro_ions_read(context, path, part, 3, &ions));
    CHECK_EQ(ions.first, next);
    check_epos(&ions, 5000);
    CHECK(strcmp(ions.note, "") == 0);
    CHECK(strcmp(column(&ions, "V_DC")->unit, "V") == 0);
    CHECK(column(&ions, "TOF_ns")->type == CSRO_COLUMN_FLOAT32);
    CHECK(column(&ions, "IonsPerPulse")->type == CSRO_COLUMN_INT32);
    next += ions.count;
    csro_ions_release(&ions);
    CHECK(!ions.columns && !ions.note && ions.column_count == 0);
  }
  CHECK_EQ(next, count);
  free(made.data);
}

static void test_epos_units(csro_context *context) {
  static const struct {
    int64_t count;
    float volts;
    const char *unit, *note;
  } cases[] = {{3, 4.5f, "kV", "V_DC is in kV (its median is 5.5), not in V as usual\n"},
               {3, 499, "V", ""},
               {1, 0, "", ""},
               {1, NAN, "", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    csro_ions ions;
    made_file made = made_epos(cases[i].count, cases[i].volts, false);
    const char *path = temporary_write(&files, "a.epos", made.data, made.size);
    CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
    CHECK(strcmp(ions.note, cases[i].note) == 0);
    CHECK(strcmp(column(&ions, "V_DC")->unit, cases[i].unit) == 0);
    csro_ions_release(&ions);
    free(made.data);
  }
}

static void test_epos_damage(csro_context *context) {
  csro_ions ions;
  made_file made = made_epos(100, 5, false), little = made_epos(100, 5, true);
  const char *path = temporary_write(&files, "a.epos", made.data, 4399);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "4399 bytes, expected a multiple of 44: the last record (byte 4356) is cut off");
  path = temporary_write(&files, "a.epos", little.data, little.size);
  CHECK_FAILS(context, csro_ions_read(context, path, 1, 2, &ions), CSRO_ERROR_FORMAT,
              "byte 0: little-endian");
  memset(made.data + 44 * 7 + 8, 0xff, 4);
  path = temporary_write(&files, "a.epos", made.data, made.size);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "byte 316: z of ion 7 (from 0) is");
  CHECK(!ions.xyz && !ions.columns && !ions.note);
  free(made.data);
  free(little.data);
}

/* Files of one format under the name of another, with sizes that both can have. */
static void test_foreign(csro_context *context) {
  csro_ions ions;
  made_file pos = made_pos(44, false), epos = made_epos(16, 5, false), apt = made_apt(1);
  const char *path = temporary_write(&files, "a.epos", pos.data, pos.size);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "byte 0: no integers at the end of records of 44 bytes; this is no .epos file");
  for (size_t i = 0; i < 16; i++) /* IonsPerPulse as instruments write it */
    memset(epos.data + 44 * i + 40, 0, 3), epos.data[44 * i + 43] = 1;
  path = temporary_write(&files, "a.pos", epos.data, epos.size);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "byte 0: records of 44 bytes as in .epos files; this is no .pos file");
  path = temporary_write(&files, "a.pos", apt.data, apt.size / 16 * 16);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "byte 0: the start of an .apt file; this is no .pos file");
  memset(apt.data, 'a', apt.size);
  path = temporary_write(&files, "a.pos", apt.data, apt.size / 16 * 16);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "byte 0: most numbers are no positions and masses");
  free(pos.data), free(epos.data), free(apt.data);
}

static void check_apt(const csro_ions *ions) {
  check_made_ions(ions);
  CHECK_EQ(ions->column_count, 3);
  const csro_column *tof = column(ions, "tof"), *type = column(ions, "Ion Type"),
                    *xdet = column(ions, "XDet");
  CHECK(tof->type == CSRO_COLUMN_FLOAT64 && tof->components == 1);
  CHECK(type->type == CSRO_COLUMN_UINT8 && type->components == 1);
  CHECK(xdet->type == CSRO_COLUMN_INT16 && xdet->components == 2);
  CHECK(strcmp(tof->unit, "ns") == 0 && type->unit[0] == 0);
  for (int64_t i = 0; i < ions->count; i++) {
    int64_t ion = ions->first + i;
    CHECK(((double *)tof->data)[i] == 500 + 0.1 * (double)ion);
    CHECK_EQ(((uint8_t *)type->data)[i], ion % 256);
    CHECK_EQ(((int16_t *)xdet->data)[2 * i], ion);
    CHECK_EQ(((int16_t *)xdet->data)[2 * i + 1], -ion);
  }
}

static void test_apt(csro_context *context) {
  enum { count = 30000 };
  made_file made = made_apt(count);
  const char *path = temporary_write(&files, "a.APT", made.data, made.size);
  int64_t next = 0;
  for (int part = 0; part < 7; part++) {
    csro_ions ions;
    context->threads = 1 + part % 3;
    CHECK_OK(context, csro_ions_read(context, path, part, 7, &ions));
    CHECK_EQ(ions.first, next);
    CHECK_EQ(ions.total, count);
    check_apt(&ions);
    CHECK(strncmp(ions.note, "section 'notes' (byte ", 22) == 0);
    CHECK(strstr(ions.note, ") is left out: it does not have one record per ion\n") != NULL);
    next += ions.count;
    csro_ions_release(&ions);
  }
  CHECK_EQ(next, count);
  free(made.data);
}

/* The sections in the made file, in its order. */
enum { tof, position, notes, type, xdet, mass };

static size_t find_section(const made_file *made, int index) {
  size_t p = 0;
  for (int found = -1; found < index; p++)
    found += memcmp(made->data + p, "SEC", 4) == 0;
  return p - 1;
}

static void overwrite(made_file *made, size_t byte, uint64_t value, int size) {
  for (int k = 0; k < size; k++)
    made->data[byte + (size_t)k] = (unsigned char)(value >> 8 * k);
}

/* Numbers that do not fit: refused where the ions depend on them, left out with a note elsewhere.
 */
static void test_apt_damage(csro_context *context) {
  static const struct {
    int section; /* -1: the file header */
    int byte, size;
    uint64_t value;
    const char *message;
  } cases[] = {
      {-1, 0, 1, 'a', "byte 0: not the letters APT"},
      {-1, 4, 4, 539, "byte 4: a file header of 539 bytes"},
      {-1, 4, 4, 0xffffffff, "byte 4: a file header of -1 bytes"},
      {-1, 4, 4, 540, "byte 540: not the letters SEC"},
      {-1, 532, 8, 0, "byte 532: 0 ions"},
      {-1, 532, 8, UINT64_C(1) << 31, "byte 532: 2147483648 ions in a file of"},
      {-1, 532, 8, UINT64_MAX, "byte 532: -1 ions"},
      {-1, 532, 8, 9, "section 'Mass' has 10 records, the file header says 9 ions"},
      {tof, 0, 1, 'x', "byte 560: not the letters SEC"},
      {tof, 4, 4, 147, "byte 564: section 'tof' has a header of 147 bytes"},
      {tof, 4, 4, 0x7fffffff, "byte 564: section 'tof' has a header of 2147483647 bytes"},
      {tof, 140, 8, UINT64_MAX, "byte 700: section 'tof' has -1 bytes"},
      {tof, 140, 8, INT64_MAX, "byte 700: section 'tof' has 9223372036854775807 bytes"},
      {mass, 12, 1, 'm', "no section 'Mass' among 6 sections"},
      {position, 12, 1, 'p', "no section 'Position' among 6 sections"},
      {mass, 96, 4, 8, "section 'Mass' has records of 8 bytes"},
      {mass, 92, 4, 64, "data type 3 of 64 bits"},
      {mass, 88, 4, 1, "data type 1 of 32 bits"},
      {mass, 132, 8, INT64_MAX, "section 'Mass' has 9223372036854775807 records"},
      {mass, 148, 4, 0x7fc00000, "mass-to-charge of ion 0 (from 0) is nan"},
      {position, 172 + 16, 4, 0xff800000, "y of ion 1 (from 0) is -inf"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    csro_ions ions;
    made_file made = made_apt(10);
    size_t start = cases[i].section < 0 ? 0 : find_section(&made, cases[i].section);
    overwrite(&made, start + (size_t)cases[i].byte, cases[i].value, cases[i].size);
    const char *path = temporary_write(&files, "a.apt", made.data, made.size);
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                cases[i].message);
    CHECK(!ions.xyz && !ions.mass && !ions.columns && !ions.note && ions.total == 0);
    free(made.data);
  }
}

static void test_apt_notes(csro_context *context) {
  static const struct {
    int section, byte, size;
    uint64_t value;
    const char *note;
  } cases[] = {
      {-1, 8, 4, 3, "version 3 of the .apt format, known is 2\n"},
      {tof, 80, 4, 2, "section 'tof' (byte 560) is left out: it does not have one record"},
      {tof, 84, 4, 2, "its records have no fixed size"},
      {tof, 88, 4, 5, "its data type is unknown"},
      {tof, 92, 4, 16, "its data type is unknown"},
      {tof, 96, 4, 9, "its records are no whole number of values"},
      {tof, 96, 4, 0, "its records are no whole number of values"},
      {tof, 96, 4, 0x80000000, "its records are no whole number of values"},
      {tof, 96, 4, 0x7ffffff8, "it has too few bytes for its records"},
      {tof, 132, 8, 11, "its number of records is not that of the ions"},
      {tof, 12, 1, 0, "section '' (byte 560) is left out: it has no name"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    csro_ions ions;
    made_file made = made_apt(10);
    size_t start = cases[i].section < 0 ? 0 : find_section(&made, cases[i].section);
    overwrite(&made, start + (size_t)cases[i].byte, cases[i].value, cases[i].size);
    const char *path = temporary_write(&files, "a.apt", made.data, made.size);
    CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
    if (!strstr(ions.note, cases[i].note)) {
      fprintf(stderr, "note '%s', expected '%s'\n", ions.note, cases[i].note);
      check_failures++;
    }
    CHECK_EQ(ions.column_count, cases[i].section < 0 ? 3 : 2);
    check_made_ions(&ions);
    csro_ions_release(&ions);
    free(made.data);
  }
}

/* UTF-16: pairs of surrogates, single ones, control characters, letters of two and three bytes. */
static void test_apt_names(csro_context *context) {
  csro_ions ions;
  made_file made = made_apt(10);
  size_t name = find_section(&made, tof) + 12, unit = name + 88;
  static const uint16_t units[] = {0xd83d, 0xde00, 0xd800, 7, 0xe9, 0x20ac, 0xdc00, 0};
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    overwrite(&made, name + 2 * i, units[i], 2);
  for (size_t i = 0; i < 16; i++)
    overwrite(&made, unit + 2 * i, 0xffff, 2);
  const char *path = temporary_write(&files, "a.apt", made.data, made.size);
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK(strcmp(ions.columns[0].name, "\xf0\x9f\x98\x80??\xc3\xa9\xe2\x82\xac?") == 0);
  CHECK_EQ(strlen(ions.columns[0].unit), 48);
  csro_ions_release(&ions);
  free(made.data);
}

/* Two sections of one name: the first one counts. */
static void test_apt_duplicate(csro_context *context) {
  csro_ions ions;
  made_file made = made_apt(10);
  made_section again = {"Ion Type", "", 0, 1, 1, 2, 8, 1, 10, 0};
  made_apt_section(&made, &again);
  made_append(&made, "0123456789", 10);
  const char *path = temporary_write(&files, "a.apt", made.data, made.size);
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  check_apt(&ions);
  CHECK(strstr(ions.note, "there is one of this name before it\n") != NULL);
  csro_ions_release(&ions);
  free(made.data);
}

/* The last section is shorter than its records, and the file ends there. */
static void test_apt_short(csro_context *context) {
  csro_ions ions;
  made_file made = made_apt(10);
  overwrite(&made, find_section(&made, mass) + 140, 39, 8);
  const char *path = temporary_write(&files, "a.apt", made.data, made.size - 1);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "section 'Mass' has 39 bytes of data, too few for 10 records of 4");
  free(made.data);
}

/* Every beginning of a file is refused. */
static void test_apt_truncation(csro_context *context) {
  made_file made = made_apt(2);
  for (size_t size = 0; size < made.size; size++) {
    csro_ions ions;
    const char *path = temporary_write(&files, "a.apt", made.data, size);
    context->message[0] = 0;
    CHECK_EQ(csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT);
    CHECK(strstr(context->message, "a.apt: ") != NULL);
    CHECK(!ions.xyz);
  }
  free(made.data);
}

static void test_many_sections(csro_context *context) {
  csro_ions ions;
  made_file made = made_apt(1);
  made_section section = {"s", "", 0, 0, 0, 0, 0, 0, 0, 0};
  for (int i = 0; i < 1100; i++)
    made_apt_section(&made, &section);
  const char *path = temporary_write(&files, "a.apt", made.data, made.size);
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
              "more than 1024 sections");
  free(made.data);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_epos(&context);
  test_epos_units(&context);
  test_epos_damage(&context);
  test_foreign(&context);
  test_apt(&context);
  test_apt_damage(&context);
  test_apt_short(&context);
  test_apt_notes(&context);
  test_apt_names(&context);
  test_apt_duplicate(&context);
  test_apt_truncation(&context);
  test_many_sections(&context);
  temporary_remove(&files);
  return check_end();
}

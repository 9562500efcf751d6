/* .ato files of versions 3 and 5, in both byte orders. */
#include "check.h"
#include "csro/ions.h"
#include "synthetic_files.h"
#include "temporary.h"

static temporary files;

static const char *put(const made_file *made) {
  return temporary_write(&files, "a.Ato", made->data, made->size);
}

static void check_values(const csro_ions *ions) {
  CHECK(!ions->is_double);
  for (int64_t i = 0; i < ions->count; i++) {
    int64_t ion = ions->first + i;
    for (int k = 0; k < 3; k++)
      CHECK_NEAR((double)((float *)ions->xyz)[3 * i + k], (double)made_value(ion, k), 0.006);
    CHECK(((float *)ions->mass)[i] == made_value(ion, 3));
  }
  for (int c = 0; c < ions->column_count; c++)
    for (int64_t i = 0; i < ions->count; i++)
      CHECK(((float *)ions->columns[c].data)[i] == (float)(ions->first + i + c));
}

static void test_version(csro_context *context, int version, bool little) {
  enum { count = 1000 }; /* x up to 115 nm, which int16 holds */
  made_file made = made_ato(count, version, little);
  const char *path = put(&made);
  int64_t next = 0;
  for (int part = 0; part < 3; part++) {
    csro_ions ions;
    context->threads = 1 + part;
    CHECK_OK(context, csro_ions_read(context, path, part, 3, &ions));
    CHECK_EQ(ions.first, next);
    CHECK_EQ(ions.total, count);
    CHECK_EQ(ions.column_count, version == 3 ? 10 : 0);
    check_values(&ions);
    CHECK(strstr(ions.note, version == 3 ? "taken as angstrom" : "steps of 0.01 nm"));
    if (version == 3)
      CHECK(strcmp(ions.columns[2].name, "V_DC") == 0 && ions.columns[2].unit[0] == 0);
    next += ions.count;
    csro_ions_release(&ions);
  }
  CHECK_EQ(next, count);
  free(made.data);
}

/* float32 positions come out as the nearest float32 of a tenth. */
static void test_angstroms(csro_context *context) {
  made_file made = made_ato(1, 3, true);
  csro_ions ions;
  const float x = 123.45f;
  memcpy(made.data + 8, &x, 4);
  CHECK_OK(context, csro_ions_read(context, put(&made), 0, 1, &ions));
  CHECK(((float *)ions.xyz)[0] == (float)(0.1 * (double)x));
  csro_ions_release(&ions);
  free(made.data);
}

static void fails(csro_context *context, const made_file *made, const char *text) {
  csro_ions ions;
  CHECK_FAILS(context, csro_ions_read(context, put(made), 0, 1, &ions), CSRO_ERROR_FORMAT, text);
  CHECK(!ions.xyz && !ions.columns && !ions.note);
}

static void test_damage(csro_context *context) {
  made_file three = made_ato(9, 3, true), five = made_ato(9, 5, true), other = made_ato(9, 6, true);
  const size_t sizes[] = {three.size, five.size};
  fails(context, &other, "byte 4: version 6 of .ato, whose layout is not public, expected 3 or 5");
  other.data[4] = 4;
  fails(context, &other, "byte 4: version 4 of .ato");
  other.data[5] = 1;
  fails(context, &other, "byte 0: the integers 0 and 260, expected 0 and a version of .ato");
  other.data[0] = 1;
  fails(context, &other, "byte 0: the integers 1 and 260");
  three.size = sizes[0] - 1;
  fails(
      context, &three,
      "503 bytes behind the header, expected a multiple of 56: the last record (byte 456) is cut");
  three.size = 8;
  fails(context, &three, "8 bytes, expected records of 56 bytes behind a header of 8");
  three.size = 7;
  fails(context, &three, "7 bytes, expected an .ato file with a header of 8 at least");
  three.size = 0;
  fails(context, &three, "0 bytes, expected an .ato file");
  five.size = 5000;
  fails(context, &five, "5000 bytes, expected records of 40 bytes behind a header of 5000");
  three.size = sizes[0], five.size = sizes[1];
  memset(three.data + 8 + 56 * 7 + 8, 0xff, 4);
  fails(context, &three, "byte 408: z of ion 7 (from 0) is");
  memset(five.data + 5000 + 40 * 7 + 8, 0xff, 4);
  fails(context, &five, "byte 5288: mass-to-charge of ion 7 (from 0) is");
  memset(three.data + 8, 'a', three.size - 8);
  fails(context, &three, "byte 8: most numbers are no positions and masses");
  free(three.data), free(five.data), free(other.data);
}

/* A header in one byte order, records in the other. */
static void test_mixed(csro_context *context) {
  for (int little = 0; little < 2; little++) {
    made_file made = made_ato(50, 3, little), other = made_ato(50, 3, !little);
    memcpy(made.data + 8, other.data + 8, other.size - 8);
    fails(context, &made,
          little ? "byte 8: big-endian numbers, expected little-endian"
                 : "byte 8: little-endian numbers, expected big-endian");
    free(made.data), free(other.data);
  }
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  for (int little = 0; little < 2; little++) {
    test_version(&context, 3, little);
    test_version(&context, 5, little);
  }
  test_angstroms(&context);
  test_damage(&context);
  test_mixed(&context);
  temporary_remove(&files);
  return check_end();
}

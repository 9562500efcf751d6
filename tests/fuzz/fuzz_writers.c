/* Ions with columns of any type, name and value, written in each format and read back: what
 * docs/formats.md promises, bit for bit. */
#include "csro/ions.h"
#include "fuzz_folder.h"

#include <errno.h>
#include <math.h>

enum { most_ions = 12, most_columns = 5, most_components = 3 };

typedef struct made_ions {
  csro_ions ions;
  csro_column columns[most_columns];
  uint64_t values[most_columns][most_ions * most_components];
  double xyz[3 * most_ions], mass[most_ions];
  float xyz_float[3 * most_ions], mass_float[most_ions];
  bool plain; /* positions and masses as in a data set: every reader takes them */
} made_ions;

static double make_value(fuzz_bytes *from, made_ions *made) {
  static const double odd[] = {0,      -0.0,  5e-324, 1.4e-45, 3.4028234e38,
                               3.5e38, 1e300, NAN,    INFINITY};
  double value;
  int choice = fuzz_byte(from);
  if (choice < 200)
    return (choice - 100) / 7.0 + fuzz_byte(from) / 1000.0;
  made->plain = false;
  if (choice < 240)
    return odd[choice % 9];
  fuzz_fill(from, &value, sizeof value);
  return value;
}

static void make_name(fuzz_bytes *from, char *name) {
  static const char *const names[] = {"TOF_ns", "V_DC",         "PulsesSinceLast", "IonsPerPulse",
                                      "",       "a\"b",         "a,b;c\td",        "Länge µ",
                                      "x",      "MassToCharge", "Points:0",        "two\nlines\r",
                                      "#"};
  int choice = fuzz_below(from, 16);
  memset(name, 0, sizeof((csro_column *)0)->name);
  if (choice < 13)
    strcpy(name, names[choice]);
  else
    fuzz_fill(from, name, (size_t)fuzz_below(from, 100));
}

static void make_columns(fuzz_bytes *from, made_ions *made) {
  csro_ions *ions = &made->ions;
  ions->column_count = fuzz_below(from, most_columns + 1);
  ions->columns = made->columns;
  for (int c = 0; c < ions->column_count; c++) {
    csro_column *column = &made->columns[c];
    make_name(from, column->name);
    for (int k = 0; k < c; k++) /* unique within a file */
      if (strcmp(made->columns[k].name, column->name) == 0)
        snprintf(column->name, sizeof column->name, "column %d", c);
    column->type = (csro_column_type)fuzz_below(from, CSRO_COLUMN_FLOAT64 + 1);
    column->components = 1 + fuzz_below(from, most_components);
    column->data = made->values[c];
    size_t size = csro_column_size(column->type);
    if (fuzz_below(from, 4) == 0)
      size = 1; /* small whole numbers, which .epos can hold */
    fuzz_fill(from, column->data, (size_t)ions->count * (size_t)column->components * size);
  }
}

static void make_ions(fuzz_bytes *from, made_ions *made) {
  csro_ions *ions = &made->ions;
  made->plain = true;
  ions->is_double = fuzz_below(from, 2);
  ions->count = fuzz_below(from, most_ions + 1);
  for (int64_t i = 0; i < ions->count; i++) {
    for (int axis = 0; axis < 3; axis++)
      made->xyz[3 * i + axis] = make_value(from, made);
    made->mass[i] = fabs(make_value(from, made)) + 1;
  }
  for (int64_t i = 0; i < 3 * ions->count; i++)
    made->xyz_float[i] = fabs(made->xyz[i]) > 3.4e38 ? INFINITY : (float)made->xyz[i];
  for (int64_t i = 0; i < ions->count; i++)
    made->mass_float[i] = made->mass[i] > 3.4e38 ? INFINITY : (float)made->mass[i];
  ions->xyz = ions->is_double ? (void *)made->xyz : made->xyz_float;
  ions->mass = ions->is_double ? (void *)made->mass : made->mass_float;
  make_columns(from, made);
}

/* Value k of x, y, z, m/q as a file of float32 or of text holds it. */
static double written(const csro_ions *ions, int64_t i, int k, bool float32) {
  int64_t at = k < 3 ? 3 * i + k : i;
  const void *values = k < 3 ? ions->xyz : ions->mass;
  double value =
      ions->is_double ? ((const double *)values)[at] : (double)((const float *)values)[at];
  return float32 ? (double)(float)value : value;
}

static bool same_bits(double a, double b) {
  return memcmp(&a, &b, sizeof a) == 0;
}

static void check_positions(const csro_ions *ions, const csro_ions *again, bool float32) {
  FUZZ_CHECK(again->count == ions->count);
  for (int64_t i = 0; i < ions->count; i++)
    for (int k = 0; k < 4; k++)
      FUZZ_CHECK(same_bits(written(again, i, k, float32), written(ions, i, k, float32)));
}

/* .epos to .epos: each column keeps its bits. */
static void check_epos(csro_context *context, const csro_ions *ions, const char *path) {
  csro_ions again;
  FUZZ_CHECK(csro_ions_write(context, ions, path) == CSRO_OK);
  FUZZ_CHECK(csro_ions_read(context, path, 0, 1, &again) == CSRO_OK);
  FUZZ_CHECK(again.column_count == ions->column_count);
  for (int c = 0; c < ions->column_count; c++) {
    const csro_column *a = &ions->columns[c], *b = &again.columns[c];
    FUZZ_CHECK(strcmp(a->name, b->name) == 0 && a->type == b->type);
    FUZZ_CHECK(memcmp(a->data, b->data, 4 * (size_t)ions->count) == 0);
  }
  csro_ions_release(&again);
}

static void check_text_value(const csro_column *column, int64_t at, const char *text,
                             const char *end) {
  char *stop;
  double value = strtod(text, &stop);
  FUZZ_CHECK(stop == end && stop != text);
  switch (column->type) {
  case CSRO_COLUMN_INT64:
    FUZZ_CHECK(strtoll(text, NULL, 10) == ((const int64_t *)column->data)[at]);
    return;
  case CSRO_COLUMN_UINT64:
    FUZZ_CHECK(strtoull(text, NULL, 10) == ((const uint64_t *)column->data)[at]);
    return;
  case CSRO_COLUMN_FLOAT64: {
    double expected = ((const double *)column->data)[at];
    FUZZ_CHECK(isnan(expected) ? isnan(value) : same_bits(value, expected));
    return;
  }
  case CSRO_COLUMN_FLOAT32: {
    float expected = ((const float *)column->data)[at];
    FUZZ_CHECK(isnan(expected) ? isnan(value) : (float)value == expected);
    return;
  }
  default: {
    int64_t bits = 0;
    size_t size = csro_column_size(column->type);
    memcpy(&bits, (const char *)column->data + (size_t)at * size, size);
    bool is_signed = column->type == CSRO_COLUMN_INT8 || column->type == CSRO_COLUMN_INT16 ||
                     column->type == CSRO_COLUMN_INT32;
    if (is_signed && bits >> (8 * size - 1) & 1)
      bits -= (int64_t)1 << 8 * size;
    FUZZ_CHECK(value == (double)bits);
  }
  }
}

/* The columns as they stand in the text: numbers hold no comma. */
static void check_text(const csro_ions *ions, const char *path) {
  size_t size;
  char *text = fuzz_folder_read(path, &size), *line = strchr(text, '\n');
  FUZZ_CHECK(size > 0 && text[size - 1] == '\n' && line);
  for (int64_t i = 0; i < ions->count; i++) {
    char *at = line + 1;
    line = strchr(at, '\n');
    FUZZ_CHECK(line != NULL);
    for (int k = 0; k < 4; k++, at++)
      at += strcspn(at, ",\n");
    for (int c = 0; c < ions->column_count; c++)
      for (int k = 0; k < ions->columns[c].components; k++) {
        FUZZ_CHECK(at[-1] == ',');
        char *end = at + strcspn(at, ",\n");
        check_text_value(&ions->columns[c], i * ions->columns[c].components + k, at, end);
        at = end + 1;
      }
    FUZZ_CHECK(at == line + 1);
  }
  FUZZ_CHECK(line[1] == 0);
  free(text);
}

/* Two processes that write one after the other make the same file. */
static void check_parts(csro_context *context, const csro_ions *ions, const char *path,
                        int64_t first) {
  csro_column columns[2][most_columns];
  csro_ions part[2] = {*ions, *ions};
  size_t size[2], value = ions->is_double ? 8 : 4;
  char *bytes[2], *temporary = NULL;
  bytes[0] = fuzz_folder_read(path, &size[0]);
  for (int p = 0; p < 2; p++) {
    int64_t begin = p ? first : 0;
    part[p].first = begin;
    part[p].count = p ? ions->count - first : first;
    part[p].xyz = (char *)ions->xyz + 3 * (size_t)begin * value;
    part[p].mass = (char *)ions->mass + (size_t)begin * value;
    part[p].columns = columns[p];
    for (int c = 0; c < ions->column_count; c++) {
      const csro_column *column = &ions->columns[c];
      columns[p][c] = *column;
      columns[p][c].data = (char *)column->data + (size_t)begin * (size_t)column->components *
                                                      csro_column_size(column->type);
    }
    FUZZ_CHECK(csro_ions_write_part(context, &part[p], path, &temporary) == CSRO_OK);
  }
  FUZZ_CHECK(csro_ions_write_end(context, path, &temporary, CSRO_OK) == CSRO_OK);
  bytes[1] = fuzz_folder_read(path, &size[1]);
  FUZZ_CHECK(size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0);
  free(bytes[0]);
  free(bytes[1]);
}

/* Whether the refusal is that of an .epos file whose last columns hold no counts. */
static bool has_no_counts(const csro_context *context, const csro_ions *ions) {
  int counts = 0;
  for (int c = 0; c < ions->column_count; c++)
    counts += strcmp(ions->columns[c].name, "PulsesSinceLast") == 0 ||
              strcmp(ions->columns[c].name, "IonsPerPulse") == 0;
  return counts == 2 && strstr(context->message, "no integers");
}

static void check_format(const made_ions *made, const char *name, int split) {
  csro_context context = fuzz_context();
  const csro_ions *ions = &made->ions;
  const bool text = strcmp(name, "a.csv") == 0;
  char path[300];
  fuzz_folder_file(name, path);
  csro_status status = csro_ions_write(&context, ions, path);
  fuzz_check_status(&context, status);
  if (status != CSRO_OK) {
    fuzz_folder_is_empty();
    FUZZ_CHECK(ions->count == 0 || !made->plain || strcmp(name, "a.epos") == 0);
    return;
  }
  for (int64_t i = 0; i < 4 * ions->count; i++)
    FUZZ_CHECK(isfinite(written(ions, i / 4, (int)(i % 4), !text)));
  if (text)
    check_text(ions, path);
  if (ions->count > 1)
    check_parts(&context, ions, path, 1 + split % (ions->count - 1));
  csro_ions again;
  status = csro_ions_read(&context, path, 0, 1, &again);
  fuzz_check_status(&context, status);
  /* numbers that no positions and masses have may look like another format */
  FUZZ_CHECK(status == CSRO_OK || has_no_counts(&context, ions) || (!made->plain && !text));
  if (status == CSRO_OK) {
    check_positions(ions, &again, !text || !ions->is_double);
    if (strcmp(name, "a.epos") == 0)
      check_epos(&context, &again, path);
  }
  csro_ions_release(&again);
  FUZZ_CHECK(unlink(path) == 0);
  fuzz_folder_is_empty();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  made_ions *made = fuzz_allocate(sizeof *made);
  fuzz_bytes from = {data, size};
  int split = fuzz_byte(&from);
  make_ions(&from, made);
  check_format(made, "a.pos", split);
  check_format(made, "a.epos", split);
  check_format(made, "a.csv", split);
  free(made);
  return 0;
}

/* .apt files with a valid file header: the input chooses the fields of each section header and the
 * data behind it. A section that is as it should be must come back as it is. */
#include "file/bytes.h"
#include "fuzz_bytes.h"
#include "fuzz_ions.h"
#include "ions/apt_header.h"

enum { most_sections = 6, most_bytes = 1 << 14 };

typedef struct made_section {
  char name[33];
  bool good; /* one record of numbers per ion */
  csro_column_type type;
  int components;
  const uint8_t *data;
  size_t size;
} made_section;

typedef struct made_file {
  uint8_t bytes[most_bytes];
  size_t size;
  int64_t ions;
  int sections;
  made_section section[most_sections];
} made_file;

static void put32(uint8_t *out, uint32_t value) {
  for (int k = 0; k < 4; k++)
    out[k] = (uint8_t)(value >> 8 * k);
}

static void put64(uint8_t *out, int64_t value) {
  put32(out, (uint32_t)value);
  put32(out + 4, (uint32_t)((uint64_t)value >> 32));
}

/* Near zero, near a limit, or anything. */
static int64_t odd_number(fuzz_bytes *from) {
  static const int64_t limits[] = {0, INT32_MAX, UINT32_MAX, INT64_MAX, INT64_MIN, 1 << 16};
  int64_t value;
  if (fuzz_below(from, 2))
    return (int64_t)((uint64_t)limits[fuzz_below(from, 6)] + (uint64_t)(int8_t)fuzz_byte(from));
  fuzz_fill(from, &value, sizeof value);
  return value;
}

static void put_name(fuzz_bytes *from, uint8_t *header, made_section *section) {
  static const char *const names[] = {"Mass",  "Position",     "tof",         "Voltage", "",
                                      "IonId", "MassToCharge", "pulse\"\nx;", "Multi"};
  int choice = fuzz_below(from, 12);
  uint8_t raw[64] = {0};
  if (choice < 9)
    for (size_t k = 0; names[choice][k]; k++)
      raw[2 * k] = (uint8_t)names[choice][k];
  else
    fuzz_fill(from, raw, (size_t)(1 + fuzz_below(from, 64)));
  memcpy(header + 12, raw, sizeof raw);
  if (choice < 9)
    strcpy(section->name, names[choice]);
  else
    section->good = false; /* names in UTF-16 are another matter */
}

/* One of the types that columns have, or any number. */
static size_t put_type(fuzz_bytes *from, uint8_t *header, made_section *section) {
  static const struct {
    uint32_t type, bits;
    csro_column_type column;
  } types[] = {{3, 32, CSRO_COLUMN_FLOAT32}, {1, 8, CSRO_COLUMN_INT8},
               {2, 16, CSRO_COLUMN_UINT16},  {1, 32, CSRO_COLUMN_INT32},
               {2, 64, CSRO_COLUMN_UINT64},  {3, 64, CSRO_COLUMN_FLOAT64}};
  int choice = fuzz_below(from, 6);
  put32(header + 88, types[choice].type);
  put32(header + 92, types[choice].bits);
  section->type = types[choice].column;
  return types[choice].bits / 8;
}

/* Overwrites one field of the header with an odd number. */
static void damage(fuzz_bytes *from, uint8_t *header, made_section *section) {
  static const int places[] = {4, 8, 76, 80, 84, 88, 92, 96, 132, 140};
  int place = places[fuzz_below(from, 10)];
  if (place >= 132)
    put64(header + place, odd_number(from));
  else
    put32(header + place, (uint32_t)odd_number(from));
  section->good = false;
}

static void add_section(fuzz_bytes *from, made_file *file, const char *name) {
  uint8_t *header = file->bytes + file->size;
  made_section *section = &file->section[file->sections++];
  size_t extra = 0, value = 4;
  section->good = true;
  memcpy(header, "SEC", 4);
  put32(header + 80, 1);
  put32(header + 84, 1);
  section->components = name && strcmp(name, "Position") == 0 ? 3 : 1;
  if (name) {
    section->type = CSRO_COLUMN_FLOAT32;
    put32(header + 88, 3);
    put32(header + 92, 32);
    for (size_t k = 0; name[k]; k++)
      header[12 + 2 * k] = (uint8_t)name[k];
    strcpy(section->name, name);
  } else {
    section->components = 1 + fuzz_below(from, 4);
    extra = (size_t)fuzz_below(from, 4) * 7;
    put_name(from, header, section);
    value = put_type(from, header, section);
  }
  size_t record = value * (size_t)section->components;
  section->size = record * (size_t)file->ions;
  put32(header + 4, (uint32_t)(csro_apt_section_size + extra));
  put32(header + 96, (uint32_t)record);
  put64(header + 132, file->ions);
  put64(header + 140, (int64_t)section->size);
  if (fuzz_below(from, name ? 100 : 8) == 7)
    damage(from, header, section);
  section->data = header + csro_apt_section_size + extra;
  fuzz_fill(from, header + csro_apt_section_size + extra, section->size);
  file->size += csro_apt_section_size + extra + section->size;
}

static void make_file(fuzz_bytes *from, made_file *file) {
  memcpy(file->bytes, "APT", 4);
  put32(file->bytes + 4, csro_apt_header_size);
  put32(file->bytes + 8, 2);
  file->size = csro_apt_header_size;
  file->ions = 1 + fuzz_below(from, 8);
  put64(file->bytes + 532, file->ions);
  int others = fuzz_below(from, most_sections - 1), required = fuzz_byte(from);
  for (int k = 0; k <= others; k++) {
    if (k == required % (others + 1)) {
      add_section(from, file, required & 64 ? "Mass" : "Position");
      add_section(from, file, required & 64 ? "Position" : "Mass");
    }
    if (k < others)
      add_section(from, file, NULL);
  }
}

/* Every column is the first section of its name. */
static void check_columns(const made_file *file, const csro_ions *ions) {
  for (int c = 0; c < ions->column_count; c++) {
    const csro_column *column = &ions->columns[c];
    int k = 0;
    while (k < file->sections && strcmp(file->section[k].name, column->name) != 0)
      k++;
    if (k == file->sections || !file->section[k].good)
      continue;
    FUZZ_CHECK(column->type == file->section[k].type);
    FUZZ_CHECK(column->components == file->section[k].components);
    FUZZ_CHECK(memcmp(column->data, file->section[k].data, file->section[k].size) == 0);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  made_file *file = fuzz_allocate(sizeof *file);
  fuzz_bytes from = {data, size};
  make_file(&from, file);
  fuzz_read(csro_apt_read, file->bytes, file->size);
  csro_context context = fuzz_context();
  csro_file on_disk = fuzz_file(file->bytes, file->size);
  csro_ions ions = {0};
  if (csro_apt_read(&context, &on_disk, 0, 1, &ions) == CSRO_OK)
    check_columns(file, &ions);
  csro_ions_release(&ions);
  free(file);
  return 0;
}

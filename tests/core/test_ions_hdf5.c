/* Ions and ranges from HDF5 files of NeXus NXapm and pyccapt, and to those of NXapm. */
#include "check.h"
#include "csro/ions.h"
#include "csro/nexus.h"
#include "csro/ranges.h"
#include "h5_made.h"
#include "temporary.h"

enum { count = 1000 };

static const char *const positions_name =
    "entry1/atom_probe/reconstruction/reconstructed_positions";
static const char *const masses_name = "entry1/atom_probe/mass_to_charge_conversion/mass_to_charge";

static temporary files;
static char path[640];

static const char *place(const char *name) {
  unlink(path);
  snprintf(path, sizeof path, "%s/%s", files.folder, name);
  return path;
}

static float value(int64_t i, int k) {
  return (float)i / 8 - 10 * (float)k;
}

/* x in the unit of the file. */
static hid_t make_nxapm(const char *name, const char *unit, bool masses) {
  static float xyz[3 * count], mass[count];
  const hid_t file = h5_create(place(name));
  for (int i = 0; i < count; i++) {
    for (int k = 0; k < 3; k++)
      xyz[3 * i + k] = value(i, k);
    mass[i] = 58 - (float)i / 4096;
  }
  h5_put(file, positions_name, H5T_IEEE_F32LE, 2, count, 3, xyz, 1);
  if (unit)
    h5_put_unit(file, positions_name, unit);
  if (masses)
    h5_put(file, masses_name, H5T_IEEE_F32LE, 1, count, 1, mass, 0);
  return file;
}

static void check_positions(const csro_ions *ions, float scale) {
  CHECK(!ions->is_double && ions->mass);
  for (int64_t i = 0; i < ions->count; i++) {
    for (int k = 0; k < 3; k++)
      CHECK_NEAR(((float *)ions->xyz)[3 * i + k], scale * value(ions->first + i, k), 1e-5);
    CHECK(((float *)ions->mass)[i] == 58 - (float)(ions->first + i) / 4096);
  }
}

static void test_nxapm(csro_context *context) {
  static const char *const units[] = {NULL, "nm", "angstrom"};
  for (int u = 0; u < 3; u++) {
    H5Fclose(make_nxapm("a.NXS", units[u], true));
    int64_t next = 0;
    for (int part = 0; part < 3; part++) {
      csro_ions ions;
      CHECK_OK(context, csro_ions_read(context, path, part, 3, &ions));
      CHECK(ions.first == next && ions.total == count && !ions.has_ranges);
      check_positions(&ions, u < 2 ? 1 : 0.1f);
      CHECK((strstr(ions.note, "is in angstrom, converted to nm") != NULL) == (u == 2));
      next += ions.count;
      csro_ions_release(&ions);
    }
    CHECK_EQ(next, count);
  }
}

static void test_ranges(csro_context *context) {
  static const unsigned short nickel[] = {28 + 255 * 256}, oxide[] = {28 + 30 * 256, 8, 8},
                              bare[] = {28}, deuterium[] = {1 + 256};
  static const float ends[][4] = {
      {57.5f, 58.5f, 59.5f, 60.5f}, {91.5f, 92.5f}, {28.5f, 29.5f}, {0, 0.001f}, {1.9f, 2.1f}};
  static const char *const names[] = {"Ni_1+", "Ni_1+", "58NiO2", "Ni_2+", "D_1+"};
  const hid_t file = make_nxapm("a.nxs", "nm", true);
  h5_put_ion(file, 0, 0, nickel, 0, 1, ends[3]);
  h5_put_ion(file, 1, 1, nickel, 1, 2, ends[0]);
  h5_put_ion(file, 2, 3, oxide, 0, 1, ends[1]);
  h5_put_ion(file, 3, 1, bare, 2, 1, ends[2]);
  h5_put_ion(file, 10, 1, deuterium, 1, 1, ends[4]);
  H5Fclose(file);
  csro_ions ions;
  csro_ranges *ranges;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK(ions.has_ranges);
  csro_ions_release(&ions);
  CHECK_OK(context, csro_ranges_read(context, path, &ranges));
  CHECK_EQ(ranges->count, 5);
  CHECK_EQ(ranges->species_count, 4);
  for (int i = 0; i < ranges->count && i < 5; i++)
    CHECK(strcmp(ranges->species[ranges->range[i].species].name, names[i]) == 0);
  CHECK(ranges->range[1].lo == 59.5 && ranges->range[1].hi == 60.5);
  CHECK(strcmp(csro_species_element(&ranges->species[0]), "Ni") == 0);
  CHECK_EQ(ranges->species[0].charge, 1);
  csro_ranges_destroy(&ranges);
}

/* As DataFrame.to_hdf writes it. mass: the calibrated name. */
static hid_t make_table(const char *name, bool both_masses) {
  static double floats[count][6];
  static uint32_t whole[count][2];
  const char *const names[] = {"x (nm)", both_masses ? "mc_c (Da)" : "high_voltage (V)",
                               "y (nm)", "mc (Da)",
                               "z (nm)", "start_counter"};
  const char *const whole_names[] = {"delta_p", "IonId"};
  const hid_t file = h5_create(place(name));
  for (int i = 0; i < count; i++) {
    for (int k = 0; k < 3; k++)
      floats[i][2 * k] = (double)value(i, k);
    floats[i][1] = 5000 + i;
    floats[i][3] = 58 + i * 1e-9;
    floats[i][5] = -i;
    whole[i][0] = (uint32_t)i, whole[i][1] = 7;
  }
  h5_put_names(file, "df/axis0", 6, names);
  h5_put_names(file, "df/block0_items", 6, names);
  h5_put(file, "df/block0_values", H5T_IEEE_F64LE, 2, count, 6, floats, 0);
  h5_put_names(file, "df/block1_items", 2, whole_names);
  h5_put(file, "df/block1_values", H5T_STD_U32LE, 2, count, 2, whole, 0);
  return file;
}

static void check_table(const csro_ions *ions, bool both_masses) {
  CHECK(ions->is_double && ions->total == count);
  CHECK_EQ(ions->column_count, 3);
  const csro_column *first = &ions->columns[0];
  CHECK(strcmp(first->name, both_masses ? "mc" : "high_voltage") == 0);
  CHECK(strcmp(first->unit, both_masses ? "Da" : "V") == 0);
  CHECK(ions->columns[2].type == CSRO_COLUMN_UINT32);
  for (int64_t i = 0; i < ions->count; i++) {
    const int64_t ion = ions->first + i;
    for (int k = 0; k < 3; k++)
      CHECK(((double *)ions->xyz)[3 * i + k] == (double)value(ion, k));
    const double mass = 58 + (double)ion * 1e-9, other = 5000 + (double)ion;
    CHECK(((double *)ions->mass)[i] == (both_masses ? other : mass));
    CHECK(((double *)first->data)[i] == (both_masses ? mass : other));
    CHECK(((uint32_t *)ions->columns[2].data)[i] == ion);
  }
}

static void test_pyccapt(csro_context *context) {
  for (int both = 0; both < 2; both++) {
    H5Fclose(make_table("a.h5", both));
    for (int part = 0; part < 2; part++) {
      csro_ions ions;
      CHECK_OK(context, csro_ions_read(context, path, part, 2, &ions));
      check_table(&ions, both);
      CHECK((strstr(ions.note, "that of 'mc_c (Da)'") != NULL) == both);
      csro_ions_release(&ions);
    }
  }
}

static void fails(csro_context *context, csro_status status, const char *text) {
  csro_ions ions;
  CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), status, text);
  CHECK(!ions.xyz && !ions.mass && !ions.columns);
}

static void test_refused(csro_context *context) {
  static const double zeros[4 * 4] = {0};
  static const char *const names[] = {"x (nm)", "y (nm)", "z (nm)", "mc (Da)"};
  csro_ranges *ranges;
  H5Fclose(make_nxapm("a.nxs", "parsec", true));
  fails(context, CSRO_ERROR_FORMAT, "reconstructed_positions has the unit 'parsec', expected nm");
  hid_t file = h5_create(place("a.nxs"));
  h5_put(file, positions_name, H5T_IEEE_F32LE, 2, 1LL << 39, 3, NULL, 1);
  H5Fclose(file);
  fails(context, CSRO_ERROR_FORMAT, "549755813888 ions in a file of");
  file = h5_create(place("a.nxs"));
  h5_put(file, positions_name, H5T_IEEE_F64LE, 2, 4, 4, zeros, 0);
  H5Fclose(file);
  fails(context, CSRO_ERROR_FORMAT, "reconstructed_positions: 4 x 4, expected three numbers");
  file = h5_create(place("a.h5"));
  h5_put_names(file, "df/axis0", 4, names);
  h5_put_names(file, "df/block0_items", 4, names);
  h5_put(file, "df/block0_values", H5T_IEEE_F64LE, 2, 4, 4, zeros, 0);
  H5Fclose(file);
  fails(context, CSRO_ERROR_FORMAT, "all of x, y and z are 0 (rows 0 to 3)");
  CHECK_FAILS(context, csro_ranges_read(context, path, &ranges), CSRO_ERROR_FORMAT,
              "range files of pyccapt hold Python objects");
  file = h5_create(place("a.h5"));
  h5_put_names(file, "df/axis0", 3, names);
  h5_put_names(file, "df/block0_items", 3, names);
  h5_put(file, "df/block0_values", H5T_IEEE_F64LE, 2, 4, 4, zeros, 0);
  H5Fclose(file);
  fails(context, CSRO_ERROR_FORMAT, "/df/block0_items: 3 names of 4 columns");
  file = h5_create(place("a.h5"));
  h5_put_names(file, "df/axis0", 3, names);
  h5_put_names(file, "df/block0_items", 3, names);
  h5_put(file, "df/block0_values", H5T_IEEE_F64LE, 2, 4, 3, zeros, 0);
  H5Fclose(file);
  fails(context, CSRO_ERROR_FORMAT, "no column 'mc (Da)' in the table");
  file = h5_create(place("a.h5"));
  h5_put(file, "other/things", H5T_IEEE_F64LE, 2, 4, 3, zeros, 0);
  H5Fclose(file);
  fails(context, CSRO_ERROR_FORMAT, "1 data sets, expected reconstructed_positions of NeXus");
}

/* Nothing of a damaged file is believed; the library may read parts of it. */
static void test_damaged(csro_context *context) {
  FILE *file = fopen(place("a.h5"), "wb");
  CHECK(file && fputs("no HDF5 at all, but some text", file) > 0 && fclose(file) == 0);
  fails(context, CSRO_ERROR_FORMAT, "no HDF5 file, or a damaged one");
  H5Fclose(make_nxapm("a.nxs", "nm", true));
  CHECK(truncate(path, 3000) == 0);
  fails(context, CSRO_ERROR_FORMAT, "no HDF5 file, or a damaged one");
  place("absent.h5");
  fails(context, CSRO_ERROR_FILE, "absent.h5: No such file");
}

static void test_not_finite(csro_context *context) {
  static float xyz[30];
  for (int i = 0; i < 30; i++)
    xyz[i] = i == 7 ? NAN : (float)i;
  const hid_t file = h5_create(place("a.nxs"));
  h5_put(file, positions_name, H5T_IEEE_F32LE, 2, 10, 3, xyz, 0);
  H5Fclose(file);
  fails(context, CSRO_ERROR_FORMAT, "y of ion 2 (from 0) is nan");
  csro_ions ions;
  CHECK_OK(context, csro_ions_read_finite(context, path, 0, 1, &ions));
  CHECK(ions.count == 9 && ions.left_out == 1 && !ions.mass);
  CHECK(strstr(ions.note, "there is no mass_to_charge of these ions"));
  csro_ions_release(&ions);
}

static const char rrng[] = "[Ions]\nNumber=3\nIon1=Ni\nIon2=O\nIon3=Odd\n[Ranges]\nNumber=4\n"
                           "Range1=57.5 58.5 Ni:1 Name:58Ni\nRange2=91.5 92.5 Ni:1 O:2\n"
                           "Range3=45.5 46.5 Ni:1 O:2\nRange4=1 2 Name:odd one\n";

enum { written = 600000 }; /* more than one block */

/* Ions with what files say of them; the second half begins at `first`. */
static csro_ions some_ions(int64_t first, int64_t ions_count) {
  static float xyz[3 * written], mass[written], other[2 * written];
  static int64_t domain[written];
  static uint16_t species[written];
  static csro_column columns[] = {
      {.name = "DomainId", .type = CSRO_COLUMN_INT64, .components = 1},
      {.name = "a/b", .unit = "mm", .type = CSRO_COLUMN_FLOAT32, .components = 2}};
  for (int i = 0; i < written; i++) {
    for (int k = 0; k < 3; k++)
      xyz[3 * i + k] = value(i % 1000, k);
    mass[i] = 58 - (float)(i % 1000) / 4096;
    domain[i] = i - 1;
    other[2 * i] = (float)i, other[2 * i + 1] = -1;
    species[i] = (uint16_t)(i % 4);
  }
  columns[0].data = domain + first;
  columns[1].data = other + 2 * first;
  return (csro_ions){.count = ions_count,
                     .first = first,
                     .total = written,
                     .xyz = xyz + 3 * first,
                     .mass = mass + first,
                     .column_count = 2,
                     .columns = columns,
                     .species = species + first,
                     .species_count = 3};
}

static void check_file(csro_context *context, const csro_ranges *ranges) {
  static int64_t domain[written];
  static uint16_t label[written];
  csro_ions ions;
  csro_ranges *read;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK(ions.count == written && ions.has_ranges && !ions.is_double && !ions.note[0]);
  for (int64_t i = 0; i < ions.count; i++)
    CHECK(((float *)ions.xyz)[3 * i + 1] == value(i % 1000, 1) &&
          ((float *)ions.mass)[i] == 58 - (float)(i % 1000) / 4096);
  csro_ions_release(&ions);
  CHECK_OK(context, csro_ranges_read(context, path, &read));
  CHECK_EQ(read->count, 3); /* the odd one is nothing that nuclides could tell */
  for (int i = 0; i < read->count && i < 3; i++) {
    const csro_species *a = &read->species[read->range[i].species],
                       *b = &ranges->species[ranges->range[i].species];
    CHECK(read->range[i].lo == ranges->range[i].lo && read->range[i].hi == ranges->range[i].hi);
    CHECK(a->components == b->components && strcmp(a->component[0].symbol, "Ni") == 0);
    CHECK(a->component[0].isotope == b->component[0].isotope);
  }
  csro_ranges_destroy(&read);
  const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT),
              ids = H5Dopen2(file, "entry1/atom_probe1/ion_data/DomainId", H5P_DEFAULT),
              types = H5Dopen2(file, "entry1/atom_probe1/ranging/peak_identification/iontypes",
                               H5P_DEFAULT),
              seed = H5Dopen2(file, "entry1/atom_probe1/provenance/Seed", H5P_DEFAULT);
  double seeds[2] = {0};
  CHECK(H5Dread(ids, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, domain) >= 0);
  CHECK(H5Dread(types, H5T_NATIVE_UINT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, label) >= 0);
  CHECK(H5Dread(seed, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, seeds) >= 0);
  for (int i = 0; i < written; i++)
    CHECK(domain[i] == i - 1 && label[i] == i % 4);
  CHECK(seeds[0] == 7 && seeds[1] == 0.5);
  CHECK(H5Lexists(file, "entry1/atom_probe1/ion_data/a_b", H5P_DEFAULT) > 0);
  CHECK(H5Lexists(file, "entry1/atom_probe1/provenance/Model", H5P_DEFAULT) > 0);
  H5Dclose(ids), H5Dclose(types), H5Dclose(seed), H5Fclose(file);
}

static int stop(void *user, double fraction) {
  (void)user, (void)fraction;
  return 1;
}

static long read_bytes(char **bytes) {
  FILE *file = fopen(path, "rb");
  CHECK(file && fseek(file, 0, SEEK_END) == 0);
  const long size = ftell(file);
  rewind(file);
  *bytes = malloc((size_t)size);
  CHECK(*bytes && fread(*bytes, 1, (size_t)size, file) == (size_t)size);
  fclose(file);
  return size;
}

/* In one part and in two, the same bytes; what fails leaves nothing. */
static void test_write(csro_context *context) {
  char *bytes[2] = {NULL, NULL};
  long size[2] = {0, 0};
  const double numbers[] = {7, 0.5};
  const char *const texts[] = {"cocrni-002", "", "\xc3\xa4"};
  const csro_nexus_list lists[] = {{"Seed", 2, numbers, NULL}, {"Model", 3, NULL, texts}};
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_parse(context, "a.rrng", rrng, strlen(rrng), &ranges));
  const csro_nexus about = {ranges, 2, lists};
  for (int parts = 1; parts <= 2; parts++) {
    char *unfinished = NULL;
    place("w.nxs");
    for (int part = 0; part < parts; part++) {
      const csro_ions ions = some_ions(part * 1000, parts == 1  ? written
                                                    : part == 0 ? 1000
                                                                : written - 1000);
      CHECK_OK(context, csro_nexus_write_part(context, &ions, &about, path, &unfinished));
    }
    CHECK_OK(context, csro_ions_write_end(context, path, &unfinished, CSRO_OK));
    check_file(context, ranges);
    size[parts - 1] = read_bytes(&bytes[parts - 1]);
  }
  CHECK(size[0] == size[1] && memcmp(bytes[0], bytes[1], (size_t)size[0]) == 0);
  free(bytes[0]), free(bytes[1]);
  csro_ions ions = some_ions(0, written), back;
  CHECK_OK(context, csro_ions_write(context, &ions, place("v.nxs")));
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &back));
  CHECK(back.count == written && !back.has_ranges);
  csro_ions_release(&back);
  place("u.nxs");
  context->progress = stop;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_CANCELLED, "");
  context->progress = NULL;
  ions.mass = NULL;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA, "no mass-to-charge");
  CHECK(access(path, F_OK) != 0);
  csro_ranges_destroy(&ranges);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_nxapm(&context);
  test_ranges(&context);
  test_pyccapt(&context);
  test_refused(&context);
  test_damaged(&context);
  test_not_finite(&context);
  test_write(&context);
  unlink(path);
  temporary_remove(&files);
  return check_end();
}

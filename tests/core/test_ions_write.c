/* Writing of ions: round trips, and files that are whole or not there. */
#include "check.h"
#include "csro/ions.h"
#include "csro/random.h"
#include "synthetic_files.h"
#include "temporary.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static temporary files;

static const char *path_of(const char *name) {
  static char path[4][700];
  static int next;
  char *out = path[next++ % 4];
  snprintf(out, sizeof path[0], "%s/%s", files.folder, name);
  return out;
}

static made_file read_all(const char *path) {
  made_file file = {NULL, 0, 0};
  unsigned char buffer[4096];
  FILE *in = fopen(path, "rb");
  CHECK(in != NULL);
  for (size_t n; in && (n = fread(buffer, 1, sizeof buffer, in)) > 0;)
    made_append(&file, buffer, n);
  if (in)
    fclose(in);
  return file;
}

static int files_in_folder(void) {
  int count = 0;
  DIR *folder = opendir(files.folder);
  while (folder && readdir(folder))
    count++;
  closedir(folder);
  return count - 2; /* . and .. */
}

/* Reads one file and writes it as another. */
static void convert(csro_context *context, const char *from, const char *to) {
  csro_ions ions;
  CHECK_OK(context, csro_ions_read(context, from, 0, 1, &ions));
  CHECK_OK(context, csro_ions_write(context, &ions, to));
  csro_ions_release(&ions);
}

static void check_same_bytes(const char *a, const char *b) {
  made_file first = read_all(a), second = read_all(b);
  CHECK_EQ(first.size, second.size);
  CHECK(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
  free(first.data);
  free(second.data);
}

/* Floats of all magnitudes, with denormals, zeros and the largest number. */
static made_file make_bits(int64_t count) {
  made_file file = {NULL, 0, 0};
  csro_random random;
  csro_random_init(&random, 5, 0);
  static const uint32_t edges[] = {0,          0x80000000, 1,          0x80000001, 0x007fffff,
                                   0x00800000, 0x7f7fffff, 0xff7fffff, 0x3f800000, 0x3f800001};
  for (int64_t i = 0; i < 4 * count; i++) {
    uint32_t bits = (uint32_t)csro_random_below(&random, UINT64_C(1) << 32);
    if (i < 40000) /* most in the usual magnitudes, or it looks like swapped bytes */
      bits = (bits & 0x807fffff) | (uint32_t)(120 + i % 15) << 23;
    else if (i % 4 == 0)
      bits = edges[(i / 4) % 10];
    if ((bits & 0x7f800000) == 0x7f800000)
      bits &= 0x80ffffff;
    made_number(&file, bits, 4, false);
  }
  return file;
}

static void test_round_trip(csro_context *context) {
  made_file made = make_bits(60000);
  const char *pos = path_of("a.pos"), *epos = path_of("b.epos"), *csv = path_of("c.CSV"),
             *again = path_of("d.pos");
  temporary_write(&files, "a.pos", made.data, made.size);
  for (context->threads = 1; context->threads <= 3; context->threads += 2) {
    convert(context, pos, epos);
    convert(context, epos, csv);
    convert(context, csv, again);
    check_same_bytes(pos, again);
  }
  unlink(epos), unlink(csv), unlink(again);
  free(made.data);
}

/* All bits of the columns survive too, and .csv shows them. */
static void test_columns(csro_context *context) {
  made_file made = made_epos(1000, 5.5f, false);
  memset(made.data + 44 * 10 + 16, 0xff, 12); /* a NaN with all bits set */
  const char *epos = temporary_write(&files, "a.epos", made.data, made.size),
             *again = path_of("b.epos"), *csv = path_of("c.csv");
  convert(context, epos, again);
  check_same_bytes(epos, again);
  convert(context, epos, csv);
  made_file text = read_all(csv);
  made_append(&text, "", 1);
  static const char start[] =
      "x_nm,y_nm,z_nm,mass_to_charge_Da,TOF_ns,V_DC,V_pulse,X_det_mm,Y_det_mm,PulsesSinceLast,"
      "IonsPerPulse\n-10,10,0,58,0,5.5,2,3,4,0,0\n-9.875,9.875,-1,57.9997559,1,6.5,3,4,5,1,-1\n";
  CHECK(strncmp((char *)text.data, start, strlen(start)) == 0);
  unlink(again), unlink(csv);
  free(text.data);
  free(made.data);
}

static void test_apt(csro_context *context) {
  made_file made = made_apt(300);
  const char *apt = temporary_write(&files, "a.apt", made.data, made.size), *csv = path_of("a.csv"),
             *pos = path_of("a.pos");
  convert(context, apt, csv);
  made_file text = read_all(csv);
  made_append(&text, "", 1);
  static const char start[] = "x_nm,y_nm,z_nm,mass_to_charge_Da,tof,Ion Type,XDet_0,XDet_1\n"
                              "-10,10,0,58,500,0,0,0\n-9.875,9.875,-1,57.9997559,500.1,1,1,-1\n";
  CHECK(strncmp((char *)text.data, start, strlen(start)) == 0);
  convert(context, csv, pos);
  made_file expected = made_pos(300, false), found = read_all(pos);
  CHECK(found.size == expected.size && memcmp(found.data, expected.data, found.size) == 0);
  unlink(csv), unlink(pos);
  free(text.data), free(made.data), free(expected.data), free(found.data);
}

static void test_doubles(csro_context *context) {
  enum { count = 5000 };
  double xyz[3 * count], mass[count];
  csro_random random;
  csro_random_init(&random, 6, 0);
  for (int i = 0; i < 3 * count; i++)
    xyz[i] = csro_random_normal(&random) * pow(10, (double)csro_random_below(&random, 600) - 300);
  for (int i = 0; i < count; i++)
    mass[i] = i % 3 ? 0.1 * i : csro_random_uniform(&random);
  csro_ions ions = {.count = count, .is_double = true, .xyz = xyz, .mass = mass}, back;
  CHECK_OK(context, csro_ions_write(context, &ions, path_of("a.csv")));
  CHECK_OK(context, csro_ions_read(context, path_of("a.csv"), 0, 1, &back));
  CHECK_EQ(back.count, count);
  CHECK(memcmp(back.xyz, xyz, sizeof xyz) == 0);
  CHECK(memcmp(back.mass, mass, sizeof mass) == 0);
  csro_ions_release(&back);
  unlink(path_of("a.csv"));
  xyz[3 * 7 + 1] = 1e39;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path_of("a.pos")), CSRO_ERROR_DATA,
              "that float32 can hold");
}

static void check_text(csro_context *context, const csro_ions *ions, const char *name,
                       const char *expected) {
  const char *path = path_of(name);
  CHECK_OK(context, csro_ions_write(context, ions, path));
  made_file text = read_all(path);
  if (text.size != strlen(expected) || memcmp(text.data, expected, text.size) != 0) {
    fprintf(stderr, "%s is\n%.*s", name, (int)text.size, (char *)text.data);
    check_failures++;
  }
  free(text.data);
  unlink(path);
}

/* Angstrom, and names of one word. */
static void test_xyz(csro_context *context) {
  const int before = files_in_folder();
  float xyz[9] = {0.1f, -2, 30, 0.125f, 5, 6, 7, 8, 9}, mass[3] = {27, 58.5f, 1};
  double scores[6] = {1, 0.5, 2, 0.25, NAN, 4};
  int64_t number[3] = {0, INT64_MAX, 2};
  uint16_t species[3] = {1, 0, 2};
  char names[2][csro_species_name_size] = {"Ni", "Al O:\"1\""};
  csro_column columns[2] = {{"IonId", "", CSRO_COLUMN_INT64, 1, number},
                            {"my:score =", "", CSRO_COLUMN_FLOAT64, 2, scores}};
  csro_ions ions = {.count = 3,
                    .xyz = xyz,
                    .mass = mass,
                    .column_count = 2,
                    .columns = columns,
                    .species = species,
                    .species_count = 2,
                    .species_names = names};
  check_text(context, &ions, "a.XYZ",
             "3\npositions in angstrom; X is unranged\n"
             "Ni 1 -20 300\nX 1.25 50 60\nAl_O__1_ 70 80 90\n");
  check_text(context, &ions, "a.extxyz",
             "3\nProperties=species:S:1:pos:R:3:mass_to_charge_Da:R:1:IonId:I:1:my_score__:R:2 "
             "pbc=\"F F F\"\nNi 1 -20 300 27 0 1 0.5\n"
             "X 1.25 50 60 58.5 9223372036854775807 2 0.25\nAl_O__1_ 70 80 90 1 2 nan 4\n");
  ions.mass = NULL;
  ions.species = NULL;
  ions.column_count = 0;
  check_text(context, &ions, "a.extxyz",
             "3\nProperties=species:S:1:pos:R:3 pbc=\"F F F\"\n"
             "X 1 -20 300\nX 1.25 50 60\nX 70 80 90\n");
  CHECK_FAILS(context, csro_ions_write(context, &ions, path_of("a.csv")), CSRO_ERROR_DATA,
              "the ions have no mass-to-charge, expected one of each");
  xyz[4] = NAN;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path_of("a.xyz")), CSRO_ERROR_DATA,
              "y of ion 1 (from 0) is nan, expected a finite number");
  CHECK_EQ(files_in_folder(), before);
}

/* A file of before stays as it was, and nothing new is there. */
static void test_nothing_left(csro_context *context) {
  float xyz[6] = {1, 2, 3, 4, 5, 6}, mass[2] = {7, 8}, tof[2] = {1, 2};
  double pulses[2] = {1, 0.5};
  csro_column column = {"PulsesSinceLast", "", CSRO_COLUMN_FLOAT64, 1, pulses};
  csro_ions ions = {.count = 2, .xyz = xyz, .mass = mass, .column_count = 1, .columns = &column};
  const char *path = temporary_text(&files, "a.epos", "before");
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA,
              "PulsesSinceLast of ion 1 (from 0) is 0.5, expected a number that int32 can hold");
  pulses[1] = 3e9;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA, "is 3e+09");
  pulses[1] = NAN;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA, "is nan");
  xyz[4] = NAN; /* readers refuse it, so it is not written */
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA,
              "y of ion 1 (from 0) is nan, expected a finite number that float32 can hold");
  xyz[4] = 5;
  mass[1] = INFINITY;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA,
              "mass-to-charge of ion 1 (from 0) is inf, expected a finite number");
  mass[1] = 8;
  CHECK_FAILS(
      context, csro_ions_write(context, &ions, "a.apt"), CSRO_ERROR_ARGUMENT,
      "unknown ending '.apt', ions are written as .pos, .epos, .csv, .xyz, .extxyz, .dump or .nxs");
  ions.count = 0;
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_DATA, "no ions");
  ions.count = 2;
  made_file text = read_all(path);
  CHECK(text.size == 6 && memcmp(text.data, "before", 6) == 0);
  free(text.data);
  CHECK_EQ(files_in_folder(), 1);
  CHECK_FAILS(context, csro_ions_write(context, &ions, "/absent/a.pos"), CSRO_ERROR_FILE,
              "/absent/a.pos: cannot be written: No such file");
  CHECK(mkdir(path_of("b.pos"), 0777) == 0); /* cannot take the name of a folder */
  CHECK_FAILS(context, csro_ions_write(context, &ions, path_of("b.pos")), CSRO_ERROR_FILE,
              "is a directory");
  CHECK_EQ(files_in_folder(), 2);
  CHECK(rmdir(path_of("b.pos")) == 0);
  column = (csro_column){"TOF_ns", "", CSRO_COLUMN_FLOAT32, 1, tof};
  CHECK_OK(context, csro_ions_write(context, &ions, path));
  text = read_all(path);
  CHECK_EQ(text.size, 88);
  free(text.data);
}

/* A disk that is full in the middle of the file. */
static void test_full_disk(csro_context *context) {
  float xyz[6] = {1, 2, 3, 4, 5, 6}, mass[2] = {7, 8};
  csro_ions ions = {.count = 2, .xyz = xyz, .mass = mass};
  const char *path = temporary_text(&files, "a.pos", "before");
  struct rlimit before, small;
  CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
  small = before;
  small.rlim_cur = 20;
  signal(SIGXFSZ, SIG_IGN);
  CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_FILE,
              "a.pos: cannot be written: File too large");
  CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
  made_file text = read_all(path);
  CHECK(text.size == 6 && memcmp(text.data, "before", 6) == 0);
  free(text.data);
  CHECK_EQ(files_in_folder(), 1);
}

/* Parts in turn make the same file as the whole; a part that fails leaves nothing. */
static void test_parts(csro_context *context) {
  made_file made = made_epos(100, 5.5f, false);
  const char *epos = temporary_write(&files, "a.epos", made.data, made.size);
  static const char *const names[] = {"b.pos", "b.epos", "b.csv", "b.xyz", "b.extxyz"};
  for (int f = 0; f < 5; f++) {
    const char *whole = path_of("whole"), *path = path_of(names[f]);
    char *unfinished = NULL;
    convert(context, epos, path);
    CHECK(rename(path, whole) == 0);
    for (int part = 0; part < 3; part++) {
      csro_ions ions;
      CHECK_OK(context, csro_ions_read(context, epos, part, 3, &ions));
      CHECK_OK(context, csro_ions_write_part(context, &ions, path, &unfinished));
      CHECK(unfinished != NULL);
      CHECK(access(path, F_OK) != 0);
      csro_ions_release(&ions);
    }
    CHECK_OK(context, csro_ions_write_end(context, path, &unfinished, CSRO_OK));
    CHECK(unfinished == NULL);
    check_same_bytes(whole, path);
    csro_ions ions;
    CHECK_OK(context, csro_ions_read(context, epos, 0, 2, &ions));
    CHECK_OK(context, csro_ions_write_part(context, &ions, path, &unfinished));
    csro_ions_release(&ions);
    CHECK_OK(context, csro_ions_read(context, epos, 1, 2, &ions));
    ((float *)ions.mass)[2] = NAN;
    CHECK_FAILS(context, csro_ions_write_part(context, &ions, path, &unfinished), CSRO_ERROR_DATA,
                "mass-to-charge of ion 52 (from 0) is nan, expected a finite number");
    CHECK(csro_ions_write_end(context, path, &unfinished, CSRO_ERROR_DATA) == CSRO_ERROR_DATA);
    csro_ions_release(&ions);
    check_same_bytes(whole, path);
    unlink(whole), unlink(path);
  }
  CHECK_EQ(files_in_folder(), 1);
  unlink(epos);
  free(made.data);
}

/* Names may be as long as the system allows; of longer ones the reason stays in the message. */
static void test_long_names(csro_context *context) {
  float xyz[3] = {1, 2, 3}, mass[1] = {7};
  csro_ions ions = {.count = 1, .xyz = xyz, .mass = mass};
  char name[300], path[9000];
  memset(name, 'x', sizeof name);
  strcpy(name + 251, ".pos");
  snprintf(path, sizeof path, "%s/%s", files.folder, name);
  CHECK_OK(context, csro_ions_write(context, &ions, path));
  CHECK(unlink(path) == 0);
  memset(path, 'y', 8000);
  strcpy(path + 8000, ".pos");
  CHECK_FAILS(context, csro_ions_write(context, &ions, path), CSRO_ERROR_FILE,
              "yyy.pos: cannot be written: File name too long");
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction > 0;
}

static void test_cancel(csro_context *context) {
  enum { count = 400000 };
  float *xyz = calloc(count, 3 * sizeof *xyz), *mass = calloc(count, sizeof *mass);
  csro_ions ions = {.count = count, .xyz = xyz, .mass = mass};
  const char *path = temporary_text(&files, "a.pos", "before");
  context->progress = cancel;
  csro_status status = csro_ions_write(context, &ions, path);
  context->progress = NULL;
  CHECK(status == CSRO_OK || status == CSRO_CANCELLED); /* callbacks are ten a second */
  CHECK_EQ(files_in_folder(), 1);
  free(xyz);
  free(mass);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_round_trip(&context);
  context.threads = 2;
  test_columns(&context);
  test_apt(&context);
  test_doubles(&context);
  test_xyz(&context);
  test_nothing_left(&context);
  test_full_disk(&context);
  test_parts(&context);
  test_long_names(&context);
  test_cancel(&context);
  temporary_remove(&files);
  return check_end();
}

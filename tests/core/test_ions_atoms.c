/* Atoms of simulations: extended XYZ and LAMMPS dumps, read and written. */
#include "check.h"
#include "csro/ions.h"
#include "temporary.h"

static temporary files;

static const char *written(const char *name, const char *text) {
  return temporary_text(&files, name, text);
}

static void check_atom(const csro_ions *ions, int64_t i, const char *name, double x, double y,
                       double z) {
  const double *r = (const double *)ions->xyz + 3 * i;
  CHECK_NEAR(r[0], x, 1e-12);
  CHECK_NEAR(r[1], y, 1e-12);
  CHECK_NEAR(r[2], z, 1e-12);
  CHECK(ions->species[i] == 0 ? !name[0]
                              : strcmp(ions->species_names[ions->species[i] - 1], name) == 0);
}

static void check_box(const csro_ions *ions, const double expected[9]) {
  CHECK(ions->has_box);
  for (int k = 0; k < 9; k++)
    CHECK_NEAR(ions->box[k], expected[k], 1e-12);
}

static void read_one(csro_context *context, const char *path, int64_t count, csro_ions *ions) {
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, ions));
  CHECK_EQ(ions->count, count);
  CHECK_EQ(ions->total, count);
  CHECK(!ions->mass && ions->is_double && ions->column_count == 0);
}

static const char dump[] = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\n"
                           "ITEM: BOX BOUNDS pp pp pp\n-1 9\n2 22\n0 30\n"
                           "ITEM: ATOMS id type xs ys zs c_e\n1 2 0.5 0.25 0.1 -3\n2 1 0 0 0 -4\n";

static void test_dump(csro_context *context) {
  csro_ions ions;
  read_one(context, written("a.dump", dump), 2, &ions);
  check_box(&ions, (double[9]){1, 0, 0, 0, 2, 0, 0, 0, 3});
  check_atom(&ions, 0, "Type2", 0.5, 0.5, 0.3);
  check_atom(&ions, 1, "Type1", 0, 0, 0);
  CHECK(ions.note[0] == 0);
  csro_ions_release(&ions);

  /* plain positions, elements, units, a tilted box, CRLF; the last of two snapshots */
  char text[2000];
  snprintf(text, sizeof text,
           "%sITEM: UNITS\r\nnano\r\nITEM: TIMESTEP\r\n7\r\nITEM: NUMBER OF ATOMS\r\n2\r\n"
           "ITEM: BOX BOUNDS xy xz yz pp pp pp\r\n1 3.5 0.5\r\n0 2 0\r\n0 4 0\r\n"
           "ITEM: ATOMS element x y z type\r\nNi 1.5 1 2 1\r\nX 1 0 0 2\r\n",
           dump);
  read_one(context, written("a.lammpstrj", text), 2, &ions);
  check_box(&ions, (double[9]){2, 0, 0, 0.5, 2, 0, 0, 0, 4});
  check_atom(&ions, 0, "Ni", 0.5, 1, 2);
  check_atom(&ions, 1, "", 0, 0, 0);
  CHECK(strstr(ions.note, "2 snapshots in the file, the last one is read"));
  csro_ions_release(&ions);

  /* a box that is not periodic is none */
  CHECK_OK(context, csro_ions_read(context,
                                   written("b.dump", "ITEM: TIMESTEP\n0\nITEM: NUMBER OF "
                                                     "ATOMS\n1\nITEM: BOX BOUNDS pp pp ff\n0 1\n0 "
                                                     "1\n0 1\nITEM: ATOMS type x y z\n1 1 2 3\n"),
                                   0, 1, &ions));
  CHECK(!ions.has_box);
  csro_ions_release(&ions);
}

static void test_xyz(csro_context *context) {
  csro_ions ions;
  read_one(context,
           written("a.extxyz", "2\nenergy=-1.5 Lattice=\"10 0 0 0 20 0 5 0 30\" comment={a \"b\"} "
                               "Properties=id:I:1:species:S:1:pos:R:3:force:R:3 flag\n"
                               "7 Ni 1 2 3 0 0 0\n8 Fe 4 5 6 1e-3 2 0\n"),
           2, &ions);
  check_box(&ions, (double[9]){1, 0, 0, 0, 2, 0, 0.5, 0, 3});
  check_atom(&ions, 0, "Ni", 0.1, 0.2, 0.3);
  check_atom(&ions, 1, "Fe", 0.4, 0.5, 0.6);
  csro_ions_release(&ions);
  read_one(context, written("a.xyz", "1\nno lattice\nCo 1 -2 3\n\n"), 1, &ions);
  CHECK(!ions.has_box);
  check_atom(&ions, 0, "Co", 0.1, -0.2, 0.3);
  csro_ions_release(&ions);
  read_one(context,
           written("b.xyz", "1\nLattice='10 0 0 0 10 0 0 0 10' Origin=\"1 1 1\" pbc=\"T F T\"\n"
                            "Co 1 -2 3\n"),
           1, &ions);
  CHECK(!ions.has_box);
  check_atom(&ions, 0, "Co", 0, -0.3, 0.2);
  csro_ions_release(&ions);
}

static void check_again(csro_context *context, const csro_ions *ions, const char *name) {
  csro_ions again;
  char path[700];
  snprintf(path, sizeof path, "%s/%s", files.folder, name);
  CHECK_OK(context, csro_ions_write(context, ions, path));
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &again));
  CHECK_EQ(again.count, ions->count);
  check_box(&again, ions->box);
  for (int64_t i = 0; i < ions->count; i++) {
    const double *r = (const double *)ions->xyz + 3 * i;
    check_atom(&again, i, ions->species[i] ? ions->species_names[ions->species[i] - 1] : "", r[0],
               r[1], r[2]);
  }
  csro_ions_release(&again);
  unlink(path);
}

/* What is written is read again; .extxyz keeps masses and any box, .dump those that LAMMPS takes.
 */
static void test_write(csro_context *context) {
  double xyz[6] = {0.1, 0.2, 0.3, 1.0 / 3, 0.5, 0.7};
  uint16_t species[2] = {2, 0};
  char names[2][csro_species_name_size] = {"Ni", "Fe"};
  csro_ions ions = {.count = 2,
                    .is_double = true,
                    .xyz = xyz,
                    .species = species,
                    .species_count = 2,
                    .species_names = names,
                    .has_box = true,
                    .box = {1.1, 0, 0, 0.3, 2.2, 0, -0.2, 0.4, 3.3}};
  check_again(context, &ions, "w.dump");
  check_again(context, &ions, "w.extxyz");
  ions.box[2] = 0.1;
  check_again(context, &ions, "w.extxyz");
  CHECK_FAILS(context, csro_ions_write(context, &ions, "/nowhere/w.dump"), CSRO_ERROR_DATA,
              "the box has the edges (1.1 0 0.1), (0.3 2.2 0), (-0.2 0.4 3.3) nm, .dump needs");
  ions.has_box = false;
  CHECK_FAILS(context, csro_ions_write(context, &ions, "/nowhere/w.dump"), CSRO_ERROR_DATA,
              "the ions have no periodic box (CSRO_Box), which .dump needs");
}

static void fails(csro_context *context, const char *name, const char *text, const char *message) {
  csro_ions ions;
  CHECK_FAILS(context, csro_ions_read(context, written(name, text), 0, 1, &ions), CSRO_ERROR_FORMAT,
              message);
}

static void test_damage(csro_context *context) {
  fails(context, "a.dump", "", "line 0: the file ends, expected a line ITEM:");
  fails(context, "a.dump", "1 2 3\n", "line 1: '1 2 3', expected a line ITEM:");
  fails(context, "a.dump", "ITEM: NUMBER OF ATOMS\n1e9\n", "line 2: '1e9', expected the number of");
  fails(context, "a.dump", "ITEM: NUMBER OF ATOMS\n0\n", "expected the number of atoms");
  fails(context, "a.dump", "ITEM: BOX BOUNDS pp pp pp\n0 1\n0 x\n", "line 3: '0 x', expected two");
  fails(context, "a.dump", "ITEM: BOX BOUNDS pp pp pp\n0 1\n1 1\n0 1\n",
        "a box of edges (0.1 0 0), (0 0 0), (0 0 0.1) nm, expected three edges");
  fails(context, "a.dump", "ITEM: BOX BOUNDS pp pp pp\n1 0\n0 1\n0 1\n",
        "line 2: '1 0', expected two bounds of the box, the lower first");
  fails(context, "a.dump", "ITEM: BOX BOUNDS xy xz yz pp pp pp\n0 1 2\n0 1 0\n0 1 0\n",
        "expected bounds that are farther apart than the tilt of the box");
  fails(context, "a.dump", "ITEM: UNITS\nlj\n", "line 2: 'lj', expected units of a length");
  fails(context, "a.dump", "ITEM: ATOMS id type x y z\n1 1 0 0 0\n", "expected NUMBER OF ATOMS");
  char text[500], *at;
  snprintf(text, sizeof text, "%s", dump);
  at = strstr(text, "xs ys");
  at[1] = 'q';
  fails(context, "a.dump", text, "line 9: 'id type xq ys zs c_e', expected columns with type or");
  snprintf(text, sizeof text, "%s", dump);
  *strstr(text, "2 1 0 0 0") = 0;
  fails(context, "a.dump", text, "the file ends behind 1 of 2 atoms");
  snprintf(text, sizeof text, "%s", dump);
  strcpy(strstr(text, "2 1 0 0 0"), "2 1 0 ab 0\n");
  fails(context, "a.dump", text, "line 11: column 4 (y) is 'ab', expected a finite number");
  strcpy(strstr(text, "2 1 0 ab"), "2 1 0\n");
  fails(context, "a.dump", text, "line 11: 3 columns in '2 1 0', the header names 6");
  strcpy(strstr(text, "2 1 0"), "2 1 nan 0 0\n");
  fails(context, "a.dump", text, "line 11: column 3 (x) is 'nan', expected a finite number (1 ion");
  fails(context, "a.xyz", "2\n\nNi 0 0 0\n# a\n", "line 4: '# a', expected an atom");
  fails(context, "a.xyz", "two\n", "line 1: 'two', expected the number of atoms");
  fails(context, "a.xyz", "1\n", "line 1: the file ends, expected a line about the atoms");
  fails(context, "a.xyz", "1\nLattice=\"1 2 3\"\nNi 0 0 0\n", "expected Lattice with nine numbers");
  fails(context, "a.xyz", "1\nLattice=\"1 0 0 1 0 0 0 0 1\"\nNi 0 0 0\n", "that span a volume");
  fails(context, "a.xyz", "1\nProperties=species:S:1:pos:R:2\nNi 0 0 0\n",
        "Properties with pos:R:3");
  fails(context, "a.xyz", "1\nProperties=species:S:1:pos:R:x\nNi 0 0 0\n",
        "expected Properties as");
  fails(context, "a.xyz", "1\nOrigin=0\nNi 0 0 0\n", "expected Origin with three numbers");
  fails(context, "a.xyz", "1\n\nNi 0 1\n", "line 3: 3 columns in 'Ni 0 1', the header names 4");
}

/* The parts of a file are the atoms of all of it. */
static void test_parts(csro_context *context) {
  enum { COUNT = 100000 };
  char *text = malloc(40 * COUNT + 200), *p = text;
  p += sprintf(p, "%d\nLattice=\"500 0 0 0 500 0 0 0 500\"\n", COUNT);
  for (int i = 0; i < COUNT; i++)
    p += sprintf(p, "%s %d.5 %d %d.25\n", i % 3 ? "Ni" : "Fe", i % 101, i % 7, i);
  const char *path = temporary_write(&files, "a.extxyz", text, (size_t)(p - text));
  free(text);
  int64_t next = 0;
  for (int part = 0; part < 3; part++) {
    csro_ions ions;
    CHECK_OK(context, csro_ions_read(context, path, part, 3, &ions));
    CHECK(ions.has_box);
    for (int64_t i = 0; i < ions.count; i++, next++)
      check_atom(&ions, i, next % 3 ? "Ni" : "Fe", ((double)(next % 101) + 0.5) / 10,
                 (double)(next % 7) / 10, ((double)next + 0.25) / 10);
    csro_ions_release(&ions);
  }
  CHECK_EQ(next, COUNT);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_dump(&context);
  test_xyz(&context);
  test_write(&context);
  test_damage(&context);
  test_parts(&context);
  temporary_remove(&files);
  return check_end();
}

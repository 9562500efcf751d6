/* The lattice of atoms in a box: found, or given; what is none. */
#include "check.h"
#include "csro/lattice_fit.h"
#include "csro/random.h"

static csro_context context;
static const char *const names[2] = {"A", "B"};

enum { MOST = 4000 };
static double xyz[3 * MOST];
static uint16_t label[MOST];

/* Atoms of a mixed crystal, moved by up to `jitter` along each axis and by `shift` all together. */
static csro_boxed_atoms make_atoms(int prototype, const int cells[3], double jitter, double shift,
                                   csro_lattice *lattice) {
  csro_structure s;
  csro_random random;
  CHECK_OK(&context, csro_structure_prototype(&context, prototype, 0.36, 0.36, 2, &s));
  s.occupancy[0] = 0.7, s.occupancy[1] = 0.3;
  CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, cells, 4, lattice));
  csro_structure_release(&s);
  csro_random_init(&random, 9, 0);
  csro_boxed_atoms atoms = {.label = label, .species_count = 2, .names = names};
  atoms.points = (csro_points){xyz, true, csro_lattice_site_count(lattice)};
  for (int axis = 0; axis < 3; axis++)
    atoms.box[axis] = lattice->edge[axis] * cells[axis];
  for (int64_t i = 0; i < atoms.points.count; i++) {
    csro_lattice_position(lattice, i, xyz + 3 * i);
    label[i] = (uint16_t)(1 + lattice->species[i]);
    for (int axis = 0; axis < 3; axis++)
      xyz[3 * i + axis] += shift + jitter * (2 * csro_random_uniform(&random) - 1);
  }
  return atoms;
}

/* The lattice comes back, whatever the origin and however the atoms are relaxed. */
static void test_found(int prototype, double jitter, double shift) {
  csro_lattice made, found;
  double deviation;
  const csro_boxed_atoms atoms = make_atoms(prototype, (int[3]){5, 4, 6}, jitter, shift, &made);
  CHECK_OK(&context, csro_lattice_fit(&context, &atoms, &found, &deviation));
  CHECK_EQ(found.basis_count, made.basis_count);
  CHECK_EQ(csro_lattice_parent(&found), prototype == 1 ? 1 : prototype);
  for (int axis = 0; axis < 3; axis++) {
    CHECK_EQ(found.cells[axis], made.cells[axis]);
    CHECK_NEAR(found.edge[axis], 0.36, 1e-12);
  }
  CHECK(deviation <= 1.8 * jitter + 1e-9 && deviation >= jitter);
  int64_t counts[2], expected[2];
  csro_lattice_composition(&found, counts);
  csro_lattice_composition(&made, expected);
  CHECK_EQ(counts[0], expected[0]);
  /* one origin for all sites: neighbours stay neighbours */
  double r[3], s[3], apart;
  csro_lattice_position(&made, 0, s);
  for (int axis = 0; axis < 3; axis++)
    r[axis] = s[axis];
  CHECK_EQ(found.species[csro_lattice_nearest(&found, r, &apart)] < 2, 1);
  csro_lattice_release(&found);
  csro_lattice_release(&made);
}

static void test_given(void) {
  csro_lattice made, found;
  double deviation;
  csro_boxed_atoms atoms = make_atoms(0, (int[3]){3, 3, 3}, 0.02, 0, &made);
  memcpy(atoms.edge, made.edge, sizeof atoms.edge);
  atoms.basis_count = made.basis_count;
  atoms.basis = (const double(*)[3])made.basis;
  CHECK_OK(&context, csro_lattice_fit(&context, &atoms, &found, &deviation));
  CHECK(memcmp(found.species, made.species, (size_t)atoms.points.count) == 0);
  csro_lattice_release(&found);
  atoms.edge[1] = 0.35;
  CHECK_FAILS(&context, csro_lattice_fit(&context, &atoms, &found, &deviation), CSRO_ERROR_DATA,
              "a box of 1.08 nm along y for lattice cells of 0.35 nm, expected a whole number");
  atoms.edge[1] = 0.36;
  atoms.points.count--;
  CHECK_FAILS(&context, csro_lattice_fit(&context, &atoms, &found, &deviation), CSRO_ERROR_DATA,
              "107 atoms for 108 sites of the lattice");
  atoms.points.count++;
  label[5] = 0;
  CHECK_FAILS(&context, csro_lattice_fit(&context, &atoms, &found, &deviation), CSRO_ERROR_DATA,
              "atom 5 (from 0) has no species");
  csro_lattice_release(&made);
}

static void test_none(void) {
  csro_lattice made, found;
  double deviation;
  csro_boxed_atoms atoms = make_atoms(0, (int[3]){5, 5, 5}, 0, 0, &made);
  xyz[0] = 0.18; /* a vacancy and an atom on another's site */
  xyz[1] = 0.18;
  CHECK_FAILS(&context, csro_lattice_fit(&context, &atoms, &found, &deviation), CSRO_ERROR_DATA,
              "two atoms are nearest to one site of the lattice");
  csro_lattice_release(&made);
  atoms = make_atoms(0, (int[3]){5, 5, 5}, 0.18, 0, &made);
  CHECK_FAILS(&context, csro_lattice_fit(&context, &atoms, &found, &deviation), CSRO_ERROR_DATA,
              "no lattice: the atoms are in no evenly spaced planes across x");
  csro_lattice_release(&made);
  atoms = make_atoms(0, (int[3]){5, 5, 5}, 0, 0, &made);
  atoms.points.count--;
  CHECK_FAILS(&context, csro_lattice_fit(&context, &atoms, &found, &deviation), CSRO_ERROR_DATA,
              "do not repeat within the box; a regular lattice with one atom on each site");
  atoms.box[0] = 0;
  CHECK_FAILS(&context, csro_lattice_fit(&context, &atoms, &found, &deviation), CSRO_ERROR_DATA,
              "no periodic box with edges of 0.1 nm or more along x, y and z");
  csro_lattice_release(&made);
}

int main(void) {
  csro_context_init(&context);
  test_found(0, 0, 0);
  test_found(0, 0.03, 0.123);
  test_found(1, 0.03, -5);
  test_given();
  test_none();
  return check_end();
}

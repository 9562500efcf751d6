/* Periodic configurations: order of the sites, crystals of structures, nearest sites, refusals. */
#include "csro/lattice.h"

#include "check.h"

static csro_context context;
static const char *const names[] = {"Ni", "Cr", "Co"};

/* Species k on sublattice k alone. */
static csro_lattice ordered(int prototype, const int cells[3]) {
  csro_structure s;
  csro_lattice l;
  CHECK_OK(&context, csro_structure_prototype(&context, prototype, 0.36, 0.36, 3, &s));
  for (int k = 0; k < s.sublattice_count; k++)
    s.occupancy[k * 3 + k] = 1;
  CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, cells, 1, &l));
  csro_structure_release(&s);
  return l;
}

/* Every site of every prototype has the species of its sublattice, and the cell of the parent. */
static void test_prototypes(void) {
  const int cells[3] = {6, 6, 4};
  for (int p = 0; p < CSRO_PROTOTYPES; p++) {
    csro_lattice l = ordered(p, cells);
    csro_structure s;
    CHECK_OK(&context, csro_structure_prototype(&context, p, 0.36, 0.36, 3, &s));
    const bool bcc = strstr("bcc B2 D0_3", csro_prototype_names[p]);
    CHECK_EQ(l.basis_count, bcc ? 2 : 4);
    CHECK_EQ(csro_lattice_parent(&l), bcc);
    CHECK_EQ(l.cells[2], 4);
    int wrong = 0;
    for (int64_t i = 0; i < csro_lattice_site_count(&l); i++) {
      double r[3], apart;
      csro_lattice_position(&l, i, r);
      wrong += csro_lattice_nearest(&l, r, &apart) != i || apart > 1e-12;
      int found = -1;
      for (int k = 0; k < s.site_count; k++) {
        double sum = 0;
        for (int axis = 0; axis < 3; axis++) {
          double u = (r[axis] / 0.36 - s.position[k][axis]) / s.cells[axis];
          sum += fabs(u - round(u));
        }
        found = sum < 1e-9 ? s.sublattice[k] : found;
      }
      wrong += l.species[i] != found;
    }
    CHECK_EQ(wrong, 0);
    csro_structure_release(&s);
    csro_lattice_release(&l);
  }
}

static void test_order(void) {
  csro_lattice l;
  CHECK_OK(&context,
           csro_lattice_init(&context, (double[3]){0.3, 0.4, 0.5}, (int[3]){3, 4, 5}, 2, 1, &l));
  l.basis[1][0] = l.basis[1][1] = l.basis[1][2] = 0.5;
  strcpy(l.names[0], "Fe");
  CHECK_OK(&context, csro_lattice_check(&context, &l));
  CHECK_EQ(csro_lattice_parent(&l), 1);
  const int64_t site = csro_lattice_site(&l, (int[3]){2, 1, 3}, 1);
  CHECK_EQ(site, ((5 + 3) * 4 + 1) * 3 + 2);
  double r[3], apart;
  csro_lattice_position(&l, site, r);
  CHECK_NEAR(r[0], 0.75, 1e-12);
  CHECK_NEAR(r[1], 0.6, 1e-12);
  CHECK_NEAR(r[2], 1.75, 1e-12);
  const double near[3] = {r[0] - 2 * 0.9, r[1] + 1.6, r[2] + 0.01};
  CHECK_EQ(csro_lattice_nearest(&l, near, &apart), site);
  CHECK_NEAR(apart, 0.01, 1e-12);
  csro_lattice_release(&l);
  csro_lattice_release(&l);
  csro_lattice_release(NULL);
}

/* A random alloy has its atoms to the next whole number, and other places with another seed. */
static void test_mixture(void) {
  csro_structure s;
  csro_lattice l[2];
  CHECK_OK(&context, csro_structure_prototype(&context, 0, 0.36, 0.36, 3, &s));
  for (int k = 0; k < 3; k++)
    s.occupancy[k] = 1.0 / 3;
  for (int k = 0; k < 2; k++)
    CHECK_OK(&context,
             csro_lattice_of_structure(&context, &s, names, (int[3]){5, 5, 5}, (uint64_t)k, &l[k]));
  int64_t counts[3];
  csro_lattice_composition(&l[0], counts);
  CHECK_EQ(counts[0] + counts[1] + counts[2], 500);
  for (int k = 0; k < 3; k++)
    CHECK(counts[k] == 166 || counts[k] == 167);
  int same = 0;
  for (int i = 0; i < 500; i++)
    same += l[0].species[i] == l[1].species[i];
  CHECK(same > 110 && same < 230);
  csro_lattice_counts(1000, 3, (double[3]){45, 45, 10}, counts);
  CHECK(counts[0] == 450 && counts[1] == 450 && counts[2] == 100);
  csro_structure_release(&s);
  csro_lattice_release(&l[0]);
  csro_lattice_release(&l[1]);
}

/* A cell whose sites do not repeat with its lattice constant stays as it is. */
static void test_own_cell(void) {
  csro_structure s;
  csro_lattice l;
  CHECK_OK(&context, csro_structure_init(&context, 3, 1, 1, &s));
  s.constant[0] = s.constant[1] = s.constant[2] = 0.3;
  s.cells[0] = 2;
  s.position[1][0] = 1;
  s.position[2][0] = 0.5;
  s.occupancy[0] = 1;
  CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, (int[3]){4, 2, 2}, 1, &l));
  CHECK_EQ(l.basis_count, 3);
  CHECK_EQ(l.cells[0], 2);
  CHECK_NEAR(l.edge[0], 0.6, 1e-12);
  CHECK_EQ(csro_lattice_parent(&l), -1);
  csro_lattice_release(&l);
  CHECK_FAILS(&context, csro_lattice_of_structure(&context, &s, names, (int[3]){3, 2, 2}, 1, &l),
              CSRO_ERROR_ARGUMENT, "3 cells along axis 1, expected a multiple of the 2");
  s.occupancy[0] = 0.5;
  CHECK_FAILS(&context, csro_lattice_of_structure(&context, &s, names, (int[3]){4, 2, 2}, 1, &l),
              CSRO_ERROR_ARGUMENT, "sum to 0.5, expected 1");
  CHECK(!l.species);
  csro_structure_release(&s);
}

static void test_refusals(void) {
  csro_lattice l;
  const double edge[3] = {0.3, 0.3, 0.3};
  CHECK_FAILS(&context, csro_lattice_init(&context, edge, (int[3]){0, 1, 1}, 1, 1, &l),
              CSRO_ERROR_ARGUMENT, "0 lattice cells");
  CHECK_FAILS(&context, csro_lattice_init(&context, edge, (int[3]){1 << 20, 1 << 20, 1}, 1, 1, &l),
              CSRO_ERROR_ARGUMENT, "expected at most 2^36");
  CHECK_FAILS(&context,
              csro_lattice_init(&context, (double[3]){0.3, NAN, 1}, (int[3]){1, 1, 1}, 1, 1, &l),
              CSRO_ERROR_ARGUMENT, "nan nm");
  CHECK_OK(&context, csro_lattice_init(&context, edge, (int[3]){1, 1, 1}, 2, 2, &l));
  CHECK_FAILS(&context, csro_lattice_check(&context, &l), CSRO_ERROR_ARGUMENT, "closer than");
  l.basis[1][0] = 0.5;
  CHECK_FAILS(&context, csro_lattice_check(&context, &l), CSRO_ERROR_ARGUMENT, "name of species 1");
  strcpy(l.names[0], "Fe");
  strcpy(l.names[1], "Fe");
  CHECK_FAILS(&context, csro_lattice_check(&context, &l), CSRO_ERROR_ARGUMENT, "Fe is there twice");
  strcpy(l.names[1], "Al");
  l.species[1] = 2;
  CHECK_FAILS(&context, csro_lattice_check(&context, &l), CSRO_ERROR_ARGUMENT,
              "site 1 has species 2, expected 0 to 1");
  csro_lattice_release(&l);
}

int main(void) {
  csro_context_init(&context);
  test_prototypes();
  test_order();
  test_mixture();
  test_own_cell();
  test_refusals();
  return check_end();
}

/* A specimen cut out of a periodic configuration: its atoms, their truth, its order parameters. */
#include "check.h"
#include "csro/configuration.h"
#include "csro/random.h"

static csro_context context;

static void make_lattice(double order, csro_lattice *lattice) {
  static const char *const names[2] = {"Cu", "Au"};
  csro_structure s;
  CHECK_OK(&context, csro_structure_prototype(&context, 2, 0.375, 0.375, 2, &s)); /* L1_2 */
  for (int k = 0; k < 2; k++) {
    const double gold = s.sublattices[k][0] == 'B' ? 0.25 + 0.75 * order : 0.25 * (1 - order);
    s.occupancy[2 * k + 1] = gold;
    s.occupancy[2 * k] = 1 - gold;
  }
  CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, (int[3]){6, 5, 4}, 1, lattice));
  csro_structure_release(&s);
}

/* alpha of L1_2: 1 for Au-Au, -1/3 for unlike, 1/9 for Cu-Cu. */
static void test_alpha(void) {
  csro_lattice lattice;
  csro_configuration c;
  make_lattice(1, &lattice);
  CHECK_OK(&context, csro_configuration_init(&context, &lattice, (int[3]){0, 0, 2}, &c));
  CHECK_NEAR(c.distance, 0.375 / sqrt(2), 1e-12);
  CHECK_NEAR(c.alpha[1][1], 1, 1e-12);
  CHECK_NEAR(c.alpha[0][1], -1.0 / 3, 1e-12);
  CHECK_NEAR(c.alpha[1][0], -1.0 / 3, 1e-12);
  CHECK_NEAR(c.alpha[0][0], 1.0 / 9, 1e-12);
  for (int64_t i = 0; i < csro_lattice_site_count(&lattice); i++)
    CHECK_NEAR((double)c.order[i], lattice.species[i] ? 1 : 1.0 / 9, 1e-6);
  csro_configuration_release(&c);
  CHECK_FAILS(&context, csro_configuration_init(&context, &lattice, (int[3]){0, 0, 0}, &c),
              CSRO_ERROR_ARGUMENT, "");
  csro_lattice_release(&lattice);
}

/* Atoms where the configuration, turned and repeated, has them; the mean truth of a species is its
 * alpha. */
static void test_specimen(const int pole[3], int parts) {
  csro_lattice lattice;
  csro_configuration c;
  csro_specimen specimen;
  make_lattice(0.6, &lattice);
  CHECK_OK(&context, csro_configuration_init(&context, &lattice, pole, &c));
  csro_specimen_default(&specimen);
  specimen.shape = CSRO_SHAPE_BOX;
  specimen.width[0] = 5, specimen.width[1] = 4, specimen.height = 6;
  specimen.sigma_xy = specimen.sigma_z = 0;
  specimen.efficiency = 1;
  specimen.hydrogen = 0.05;
  CHECK_OK(&context, csro_specimen_use_configuration(&context, &specimen, &c));
  double axes[3][3], sum[2] = {0, 0}, spacing = 0;
  CHECK_OK(&context, csro_structure_axes(&context, &c.structure, pole, axes));
  spacing = pole[0] ? 0.375 / sqrt(3) : 0.1875;
  int64_t count[2] = {0, 0}, wrong = 0, strays = 0;
  for (int part = 0; part < parts; part++) {
    csro_specimen_ions made;
    CHECK_OK(&context, csro_specimen_simulate(&context, &specimen, part, parts, &made));
    for (int64_t i = 0; i < made.ions.count; i++) {
      const float *at = (const float *)made.ions.xyz + 3 * i;
      const double r[3] = {(double)at[0], (double)at[1], (double)at[2]};
      const int label = made.label[i];
      if (label < 1 || label > 2) {
        CHECK(isnan(made.true_order[i]));
        strays++;
        continue;
      }
      const int64_t site = csro_configuration_site(&c, (const double(*)[3])axes, spacing, r);
      wrong += lattice.species[site] != label - 1 || made.true_order[i] != c.order[site];
      count[label - 1]++;
      sum[label - 1] += (double)made.true_order[i];
    }
    csro_specimen_ions_release(&made);
  }
  CHECK_EQ(wrong, 0);
  CHECK(strays > 300);
  CHECK_NEAR((double)(count[0] + count[1]) / (5 * 4 * 6), 4 / pow(0.375, 3), 2.5);
  for (int k = 0; k < 2; k++)
    CHECK_NEAR(sum[k] / (double)count[k], c.alpha[k][k], 0.05);
  csro_configuration_release(&c);
  csro_lattice_release(&lattice);
}

int main(void) {
  csro_context_init(&context);
  test_alpha();
  test_specimen((int[3]){0, 0, 2}, 1);
  test_specimen((int[3]){1, 1, 1}, 2);
  return check_end();
}

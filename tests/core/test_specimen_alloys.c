/* Alloys, crystals of recipes and their order in simulated specimens. */
#include "csro/ranges.h"
#include "csro/recipe.h"

#include "specimen_trial.h"

/* Fraction of the domain's atoms of a species on the fullest of the four cubic sublattices, and on
 * the fuller of even and odd planes. */
typedef struct filling {
  double cubic, plane;
} filling;

/* Sublattices from the ideal position along <002>: rows and planes alternate. */
static filling fill(const csro_specimen *s, int label, int type) {
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, s, &domain_count, &domains));
  csro_specimen_ions ions = simulate(s);
  double(*on)[4] = calloc((size_t)domain_count, sizeof *on);
  for (int64_t i = 0; i < ions.ions.count; i++)
    if (ions.true_domain[i] >= 0 && ions.label[i] == label) {
      double r[3];
      position(&ions, i, r);
      long plane = lround(-r[2] / 0.18 - 0.5), row = lround(r[1] / 0.18);
      on[ions.true_domain[i]][2 * (plane & 1) + (row & 1)]++;
    }
  filling sum = {0, 0};
  double all = 0;
  for (int64_t d = 0; d < domain_count; d++) {
    if (type >= 0 && domains[d].type != type)
      continue;
    double *n = on[d], even = n[0] + n[1], odd = n[2] + n[3];
    sum.cubic += fmax(fmax(n[0], n[1]), fmax(n[2], n[3]));
    sum.plane += fmax(even, odd);
    all += even + odd;
  }
  free(on);
  free(domains);
  csro_specimen_ions_release(&ions);
  return (filling){sum.cubic / all, sum.plane / all};
}

static void test_strict_order(void) {
  csro_specimen s = ideal();
  s.domain_density = 0.01;
  s.diameter[0] = s.diameter[1] = 3;
  filling planes = fill(&s, 3, -1);
  CHECK_NEAR(planes.plane, 1, 0.01);
  CHECK_NEAR(planes.cubic, 0.75, 0.02); /* a quarter of the sites, of a third that is Ni */
  s.order_types[0].kind = CSRO_ORDER_SUBLATTICE;
  filling strict = fill(&s, 3, -1);
  CHECK_NEAR(strict.cubic, 0.75, 0.02);
  CHECK_NEAR(strict.plane, 0.75 + 0.25 / 3, 0.02); /* a third of the rest is in the same planes */
}

/* Along <111> a strict order of Ni leaves no two Ni atoms at the nearest distance, where Ni is at
 * most a quarter. */
static void test_strict_111(void) {
  csro_specimen s = ideal();
  s.pole = CSRO_POLE_111;
  s.height = 6;
  s.radius[0] = s.radius[1] = 3;
  s.species[2].share = 0.5; /* a fifth */
  s.domain_density = 1 / csro_specimen_volume(&s);
  s.diameter[0] = s.diameter[1] = 100;
  s.order_types[0].kind = CSRO_ORDER_SUBLATTICE;
  csro_specimen_ions ions = simulate(&s);
  double pairs[2] = {0}; /* Ni-Ni, all-all */
  for (int64_t i = 0; i < ions.ions.count; i++)
    for (int64_t k = 0; k < i; k++) {
      double a[3], b[3], square = 0;
      position(&ions, i, a);
      position(&ions, k, b);
      for (int axis = 0; axis < 3; axis++)
        square += (a[axis] - b[axis]) * (a[axis] - b[axis]);
      if (fabs(square - 0.36 * 0.36 / 2) < 1e-4) {
        pairs[0] += ions.label[i] == 3 && ions.label[k] == 3;
        pairs[1]++;
      }
    }
  CHECK(pairs[1] > 10000);
  CHECK_EQ(pairs[0], 0);
  csro_specimen_ions_release(&ions);
}

static void test_order_types(void) {
  csro_specimen s = ideal();
  s.domain_density = 0.03;
  s.order_type_count = 2;
  s.order_types[0] = (csro_order_type){.kind = CSRO_ORDER_PLANES, .species = 2, .share = 2};
  s.order_types[1] = (csro_order_type){.kind = CSRO_ORDER_PLANES, .species = 1, .share = 1};
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, &s, &domain_count, &domains));
  double second = 0;
  for (int64_t d = 0; d < domain_count; d++)
    second += domains[d].type == 1;
  CHECK_NEAR(second / (double)domain_count, 1.0 / 3, 5 * sqrt(0.22 / (double)domain_count));
  free(domains);
  for (int type = 0; type < 2; type++) {
    int rich = type == 0 ? 3 : 2;
    CHECK_NEAR(fill(&s, rich, type).plane, 1, 0.01);
    CHECK(fill(&s, 5 - rich, type).plane < 0.9);
  }
}

/* Ranges give nearly all ions of another alloy their true labels. */
static void test_other_alloy(void) {
  csro_specimen s = noisy();
  s.species_count = 2;
  s.species[0] = (csro_specimen_species){"Pt", 3, -1, 1};
  s.species[1] = (csro_specimen_species){"Cu", 1, -1, 1};
  s.lattice_constant = 0.38;
  s.order_types[0] = (csro_order_type){.kind = CSRO_ORDER_SUBLATTICE, .species = 1, .share = 1};
  s.domain_density = 0.01;
  csro_specimen_ions ions = simulate(&s);
  char *text;
  csro_ranges *ranges;
  CHECK_OK(&context, csro_specimen_ranges(&context, &s, &text));
  CHECK_OK(&context, csro_ranges_parse(&context, "alloy.rrng", text, strlen(text), &ranges));
  CHECK(strcmp(ranges->report, "") == 0);
  CHECK_EQ(csro_ranges_element(ranges, "Pt"), 0);
  CHECK_EQ(csro_ranges_element(ranges, "H"), 2);
  uint16_t *label = malloc((size_t)ions.ions.count * sizeof *label);
  CHECK_OK(&context,
           csro_ranges_apply(&context, ranges, ions.ions.mass, false, ions.ions.count, label));
  double right = 0, pt = 0, atoms = 0;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    right += label[i] == ions.label[i];
    pt += ions.label[i] == 1;
    atoms += ions.label[i] == 1 || ions.label[i] == 2;
  }
  CHECK(right > 0.97 * (double)ions.ions.count);
  CHECK_NEAR(pt / atoms, 0.75, 5 * sqrt(0.19 / atoms));
  free(label);
  free(text);
  csro_ranges_destroy(&ranges);
  csro_specimen_ions_release(&ions);
}

static csro_specimen of_recipe(csro_recipe *recipe) {
  csro_specimen s = ideal();
  s.height = 5;
  s.radius[0] = s.radius[1] = 2.2;
  CHECK_OK(&context, csro_specimen_use_recipe(&context, &s, recipe));
  return s;
}

/* Pairs of atoms of the inner part at a distance, per atom; label 0: all. */
static double neighbours(const csro_specimen_ions *ions, double distance, int label, int type,
                         const csro_true_domain *domains) {
  double pairs = 0, atoms = 0;
  for (int64_t i = 0; i < ions->ions.count; i++) {
    double a[3];
    position(ions, i, a);
    int32_t domain = ions->true_domain[i];
    if (hypot(a[0], a[1]) > 1.8 || a[2] > -0.4 || a[2] < -4.6 ||
        (label > 0 && ions->label[i] != label) ||
        (domains && (domain < 0 || domains[domain].type != type)))
      continue;
    atoms++;
    for (int64_t k = 0; k < ions->ions.count; k++) {
      double b[3], square = 0;
      position(ions, k, b);
      if (fabs(a[2] - b[2]) > distance + 0.01)
        continue;
      for (int axis = 0; axis < 3; axis++)
        square += (a[axis] - b[axis]) * (a[axis] - b[axis]);
      pairs += fabs(sqrt(square) - distance) < 1e-3 && (label == 0 || ions->label[k] == label) &&
               (!domains || ions->true_domain[k] == domain);
    }
  }
  return pairs / atoms;
}

/* Along any pole the crystal is bcc, of the right density, and its planes lie across z. */
static void test_recipe_crystal(const int pole[3]) {
  csro_recipe *recipe;
  CHECK_OK(&context, csro_recipe_shipped(&context, 2, &recipe));
  memcpy(recipe->pole, pole, sizeof recipe->pole);
  csro_specimen s = of_recipe(recipe);
  const double a = 0.29;
  s.domain_density = 0;
  csro_specimen_ions ions = simulate(&s);
  double expected = csro_specimen_volume(&s) * 2 / pow(a, 3);
  CHECK_NEAR((double)ions.ions.count, expected, 0.04 * expected);
  CHECK_NEAR(neighbours(&ions, sqrt(0.75) * a, 0, 0, NULL), 8, 1e-9);
  CHECK_NEAR(neighbours(&ions, a, 0, 0, NULL), 6, 1e-9);
  double norm = sqrt(pole[0] * pole[0] + pole[1] * pole[1] + pole[2] * pole[2]);
  int even = (pole[0] + pole[1] + pole[2]) % 2 == 0; /* of bcc, reflections of even sums exist */
  const double k[3] = {0, 0, (even ? 1 : 2) * norm / a};
  CHECK_NEAR(coherence(&ions, k, far_lo, far_hi, -1), 1, 1e-3);
  double al = count(&ions, 2, 2, -100, 100) / (double)ions.ions.count;
  CHECK_NEAR(al, 0.25, 5 * sqrt(0.19 / (double)ions.ions.count));
  csro_specimen_ions_release(&ions);
  csro_recipe_destroy(&recipe);
}

/* In B2 there is no Al-Al at the nearest distance, in D0_3 none at the second either. */
static void test_recipe_order(void) {
  csro_recipe *recipe;
  CHECK_OK(&context, csro_recipe_shipped(&context, 2, &recipe));
  csro_specimen s = of_recipe(recipe);
  CHECK_EQ(s.order_type_count, 2);
  s.species[1].share = 0.15; /* Al: too little for any domain to have more than a quarter */
  s.domain_density = 8 / csro_specimen_volume(&s);
  s.diameter[0] = s.diameter[1] = 2.5;
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, &s, &domain_count, &domains));
  csro_specimen_ions ions = simulate(&s);
  s.order = 0;
  csro_specimen_ions random = simulate(&s);
  const double first = sqrt(0.75) * 0.29, second = 0.29;
  CHECK_EQ(neighbours(&ions, first, 2, 0, domains), 0);
  CHECK(neighbours(&ions, second, 2, 0, domains) > 1);
  CHECK(neighbours(&random, second, 2, 1, domains) > 0.5);
  CHECK_EQ(neighbours(&ions, first, 2, 1, domains), 0);
  CHECK_EQ(neighbours(&ions, second, 2, 1, domains), 0);
  for (int label = 1; label <= 2; label++) /* composition is conserved */
    CHECK_EQ(count(&ions, label, 2, -100, 100), count(&random, label, 2, -100, 100));
  csro_specimen_ions_release(&random);
  csro_specimen_ions_release(&ions);
  free(domains);
  csro_recipe_destroy(&recipe);
}

static void test_recipe_parts(void) {
  csro_recipe *recipe;
  CHECK_OK(&context, csro_recipe_shipped(&context, 2, &recipe));
  csro_specimen s = of_recipe(recipe);
  s.domain_density = 0.1;
  s.order = 0.7;
  s.tilt = 3;
  check_parts(&s);
  csro_recipe_destroy(&recipe);
}

/* What people type. */
static void test_texts(void) {
  csro_specimen s = ideal();
  CHECK_OK(&context, csro_specimen_set_composition(&context, &s, " "));
  CHECK_EQ(s.species_count, 3);
  CHECK_OK(&context, csro_specimen_set_composition(&context, &s, "Fe 3, Ni 1, Pd"));
  CHECK(s.species_count == 3 && s.species[0].share == 3 && s.species[2].share == 1);
  CHECK(strcmp(s.species[2].symbol, "Pd") == 0);
  CHECK_EQ(s.order_types[0].species, 1); /* Ni */
  CHECK_OK(&context, csro_specimen_set_sigma_z(&context, &s, "Pd 0.08"));
  CHECK_OK(&context, csro_specimen_set_efficiency(&context, &s, "Fe 0.5"));
  CHECK(s.species[2].sigma_z == 0.08 && s.species[0].efficiency == 0.5);
  CHECK(s.species[1].sigma_z < 0 && s.species[1].efficiency == 1);
  CHECK_OK(&context, csro_specimen_set_gradient(&context, &s, "Pd", CSRO_AXIS_Y, 0.1, 0.3));
  CHECK(s.gradient.species == 2 && s.gradient.axis == CSRO_AXIS_Y && s.gradient.to == 0.3);
  CHECK_OK(&context, csro_specimen_set_order(&context, &s, CSRO_ORDER_SUBLATTICE, "Pd 2, Fe"));
  CHECK(s.order_type_count == 2 && s.order_types[0].species == 2 && s.order_types[1].species == 0);
  CHECK(s.order_types[0].share == 2 && s.order_types[1].kind == CSRO_ORDER_SUBLATTICE);
  CHECK_OK(&context, csro_specimen_set_composition(&context, &s, "Al 3, Cu 1"));
  CHECK_EQ(s.order_types[0].species, 1); /* without Ni: the rarest */
  CHECK_FAILS(&context, csro_specimen_set_sigma_z(&context, &s, "Ni 0.1"), CSRO_ERROR_ARGUMENT,
              "sigma_z by species: 'Ni' is no species of the specimen, expected one of Al Cu");
  CHECK_FAILS(&context, csro_specimen_set_efficiency(&context, &s, "Cu -1"), CSRO_ERROR_ARGUMENT,
              "-1 of Cu, expected at least 0");
  CHECK_FAILS(&context, csro_specimen_set_order(&context, &s, CSRO_ORDER_PLANES, "Ni"),
              CSRO_ERROR_ARGUMENT, "types of order: 'Ni'");
  CHECK_FAILS(&context, csro_specimen_set_composition(&context, &s, "Iron 1"), CSRO_ERROR_ARGUMENT,
              "'Iron' is no symbol");
}

int main(void) {
  csro_context_init(&context);
  context.threads = 2;
  test_texts();
  test_strict_order();
  test_strict_111();
  test_order_types();
  test_other_alloy();
  test_recipe_crystal((const int[3]){0, 0, 2});
  test_recipe_crystal((const int[3]){0, 1, 1});
  test_recipe_crystal((const int[3]){1, 1, 1});
  test_recipe_crystal((const int[3]){1, 2, 3});
  test_recipe_order();
  test_recipe_parts();
  return check_end();
}

/* Specimens: the same for any parts and threads, the right numbers, composition, order and masses.
 */
#include "csro/ranges.h"
#include "csro/specimen.h"

#include "check.h"

static csro_context context;

static csro_specimen small(csro_pole pole) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.domain_density = 0.05;
  s.diameter[0] = 1;
  s.diameter[1] = 3;
  s.hydrogen = 0.02;
  s.pole = pole;
  s.height = 10.0;
  s.radius[0] = 4.0;
  s.radius[1] = 5.0;
  return s;
}

/* Every detail visible: all atoms, no noise, no other ions. */
static csro_specimen ideal(csro_pole pole) {
  csro_specimen s = small(pole);
  s.sigma_xy = s.sigma_z = 0;
  s.efficiency = 1;
  s.hydrogen = s.background = 0;
  return s;
}

static csro_specimen_ions simulate(const csro_specimen *specimen, int part, int parts) {
  csro_specimen_ions ions;
  CHECK_OK(&context, csro_specimen_simulate(&context, specimen, part, parts, &ions));
  return ions;
}

/* Whether `part` is the same as the ions of `whole` from `first` on. */
static void check_part(const csro_specimen_ions *whole, int64_t first,
                       const csro_specimen_ions *part) {
  size_t n = (size_t)part->ions.count;
  CHECK(first + part->ions.count <= whole->ions.count);
  if (first + part->ions.count > whole->ions.count)
    return;
  CHECK(memcmp((float *)whole->ions.xyz + 3 * first, part->ions.xyz, n * 12) == 0);
  CHECK(memcmp((float *)whole->ions.mass + first, part->ions.mass, n * 4) == 0);
  CHECK(memcmp(whole->label + first, part->label, n * sizeof *part->label) == 0);
  CHECK(memcmp(whole->true_domain + first, part->true_domain, n * sizeof *part->true_domain) == 0);
}

static void test_parts_and_threads(csro_pole pole) {
  csro_specimen specimen = small(pole);
  specimen.domain_density = 0.2; /* many domains overlap, and every cut goes through some */
  context.threads = 1;
  csro_specimen_ions whole = simulate(&specimen, 0, 1);
  CHECK(whole.ions.count > 10000);
  CHECK_EQ(whole.ions.total, whole.ions.count);
  const int cuts[] = {1, 2, 3, 5, 60};
  for (int c = 0; c < 5; c++) {
    context.threads = 2;
    int64_t first = 0;
    for (int part = 0; part < cuts[c]; part++) {
      csro_specimen_ions ions = simulate(&specimen, part, cuts[c]);
      check_part(&whole, first, &ions);
      first += ions.ions.count;
      csro_specimen_ions_release(&ions);
    }
    CHECK_EQ(first, whole.ions.count);
  }
  specimen.seed++;
  csro_specimen_ions other = simulate(&specimen, 0, 1);
  CHECK(other.ions.count != whole.ions.count);
  csro_specimen_ions_release(&other);
  csro_specimen_ions_release(&whole);
}

/* Where the domains are: an atom belongs to the first ball that holds its site, and no domain is
 * missing. */
static void test_domains(csro_shape shape) {
  csro_specimen s = ideal(CSRO_POLE_002);
  s.shape = shape;
  s.domain_density = 0.2;
  int64_t count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, &s, &count, &domains));
  CHECK_EQ(count, floor(s.domain_density * csro_specimen_volume(&s) + 0.5));
  for (int64_t d = 0; d < count; d++)
    CHECK(domains[d].diameter >= s.diameter[0] && domains[d].diameter <= s.diameter[1]);
  csro_specimen_ions ions = simulate(&s, 0, 1);
  const float *xyz = ions.ions.xyz;
  int64_t wrong = 0;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    int64_t holds = -1, nearly = -1; /* positions are rounded to float32 */
    for (int64_t d = count - 1; d >= 0; d--) {
      double square = 0, radius = domains[d].diameter / 2;
      for (int axis = 0; axis < 3; axis++)
        square += pow(xyz[3 * i + axis] - domains[d].center[axis], 2);
      holds = sqrt(square) <= radius ? d : holds;
      nearly = fabs(sqrt(square) - radius) < 1e-5 ? d : nearly;
    }
    wrong += nearly < 0 && ions.true_domain[i] != holds;
  }
  CHECK_EQ(wrong, 0);
  int64_t *tally = malloc((size_t)count * sizeof *tally);
  memset(tally, 1, (size_t)count * sizeof *tally); /* is set, not added to */
  csro_specimen_domain_ions(&ions, count, tally);
  for (int64_t d = 0; d < count; d++) {
    int64_t expected = 0;
    for (int64_t i = 0; i < ions.ions.count; i++)
      expected += ions.true_domain[i] == d;
    CHECK_EQ(tally[d], expected);
  }
  free(tally);
  csro_specimen_ions_release(&ions);
  free(domains);
  s.height = -1;
  CHECK_FAILS(&context, csro_specimen_domains(&context, &s, &count, &domains), CSRO_ERROR_ARGUMENT,
              "height");
  CHECK(count == 0 && domains == NULL);
}

/* Counts within five standard deviations (binomial), sites within the rounding at the surface. */
static void test_numbers(csro_shape shape, csro_pole pole) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.shape = shape;
  s.pole = pole;
  s.height = 40 * 0.36;
  s.width[0] = s.width[1] = 28 * 0.36;
  csro_specimen_ions ions = simulate(&s, 0, 1);
  int64_t count[5] = {0};
  float shallowest = 0, deepest = 0;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    float z = ((float *)ions.ions.xyz)[3 * i + 2];
    shallowest = z > shallowest ? z : shallowest;
    deepest = z < deepest ? z : deepest;
    count[ions.label[i]]++;
    if (ions.label[i] == 0 || ions.label[i] == 4)
      CHECK_EQ(ions.true_domain[i], -1);
  }
  double sites = csro_specimen_volume(&s) * 4 / pow(s.lattice_constant, 3);
  double atoms = (double)(count[1] + count[2] + count[3]), expected = sites * s.efficiency;
  CHECK_NEAR(atoms, expected, 5 * sqrt(expected * (1 - s.efficiency)) + 0.01 * expected);
  for (int species = 1; species <= 3; species++)
    CHECK_NEAR((double)count[species], atoms / 3, 5 * sqrt(atoms * 2 / 9));
  CHECK_NEAR((double)count[4], atoms * s.hydrogen, 5 * sqrt(atoms * s.hydrogen));
  CHECK_NEAR((double)count[0], atoms * s.background, 5 * sqrt(atoms * s.background));
  CHECK(shallowest < 0.3 && deepest < 0.3 - s.height && deepest > -s.height - 0.4);
  csro_specimen_ions_release(&ions);
}

static int64_t plane_of(const csro_specimen *s, const csro_specimen_ions *ions, int64_t i) {
  double spacing = s->lattice_constant / (s->pole == CSRO_POLE_002 ? 2 : sqrt(3.0));
  double z = ((float *)ions->ions.xyz)[3 * i + 2];
  return lround(-z / spacing - 0.5);
}

/* Distance of the nearest neighbour of an atom in the middle: the crystal is fcc. */
static void test_crystal(csro_pole pole) {
  csro_specimen s = ideal(pole);
  s.shape = CSRO_SHAPE_BOX;
  s.width[0] = s.width[1] = 3;
  s.height = 3;
  csro_specimen_ions ions = simulate(&s, 0, 1);
  const float *xyz = ions.ions.xyz;
  int64_t middle = 0;
  double closest = 1e9;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    double d = hypot(hypot(xyz[3 * i], xyz[3 * i + 1]), xyz[3 * i + 2] + 1.5);
    if (d < closest)
      closest = d, middle = i;
  }
  int shells[3] = {0};
  for (int64_t i = 0; i < ions.ions.count; i++) {
    double x = xyz[3 * i] - xyz[3 * middle], y = xyz[3 * i + 1] - xyz[3 * middle + 1];
    double z = xyz[3 * i + 2] - xyz[3 * middle + 2], square = (x * x + y * y + z * z);
    for (int shell = 0; shell < 3; shell++)
      shells[shell] += fabs(square - 0.36 * 0.36 * (shell + 1) / 2) < 1e-4;
  }
  CHECK_EQ(shells[0], 12);
  CHECK_EQ(shells[1], 6);
  CHECK_EQ(shells[2], 24);
  csro_specimen_ions_release(&ions);
}

/* The Ni atoms per domain and plane family: [domain][even, odd], and all atoms. */
typedef struct tally {
  double ni[2], all[2];
} tally;

static tally *tally_domains(const csro_specimen *s, const csro_specimen_ions *ions, int domains) {
  tally *t = calloc((size_t)domains + 1, sizeof *t); /* the last one: outside */
  for (int64_t i = 0; i < ions->ions.count; i++) {
    int domain = ions->true_domain[i] < 0 ? domains : ions->true_domain[i];
    int family = (int)(plane_of(s, ions, i) & 1);
    t[domain].all[family]++;
    t[domain].ni[family] += ions->label[i] == 3;
  }
  return t;
}

static void test_order(csro_pole pole, double order) {
  csro_specimen s = ideal(pole);
  s.order = 0;
  csro_specimen_ions disordered = simulate(&s, 0, 1);
  s.order = order;
  csro_specimen_ions ordered = simulate(&s, 0, 1);
  CHECK_EQ(ordered.ions.count, disordered.ions.count);
  CHECK(memcmp(ordered.true_domain, disordered.true_domain,
               (size_t)ordered.ions.count * sizeof *ordered.true_domain) == 0);
  int domains = (int)floor(s.domain_density * csro_specimen_volume(&s) + 0.5);
  tally *before = tally_domains(&s, &disordered, domains);
  tally *after = tally_domains(&s, &ordered, domains);
  double minority = 0, nickel = 0;
  int even = 0, filled = 0;
  for (int d = 0; d <= domains; d++) { /* composition is conserved in every domain and outside */
    CHECK_EQ(before[d].ni[0] + before[d].ni[1], after[d].ni[0] + after[d].ni[1]);
    if (d == domains || after[d].all[0] + after[d].all[1] < 200)
      continue;
    nickel += after[d].ni[0] + after[d].ni[1];
    minority += fmin(after[d].ni[0], after[d].ni[1]);
    even += after[d].ni[0] > after[d].ni[1];
    filled++;
  }
  CHECK(filled > 10 && even > 0 && even < filled);
  /* Of the Ni that does not move, half is on the wrong planes. */
  CHECK_NEAR(minority / nickel, (1 - order) / 2, order == 1 ? 0.01 : 0.03);
  CHECK_NEAR(after[domains].ni[0] / after[domains].all[0], 1.0 / 3, 0.02);
  CHECK_NEAR(after[domains].ni[1] / after[domains].all[1], 1.0 / 3, 0.02);
  free(before);
  free(after);
  csro_specimen_ions_release(&ordered);
  csro_specimen_ions_release(&disordered);
}

/* The built-in range file, read as any other. */
static csro_ranges *read_ranges(void) {
  csro_specimen s = small(CSRO_POLE_002);
  char *text;
  csro_ranges *ranges;
  CHECK_OK(&context, csro_specimen_ranges(&context, &s, &text));
  CHECK_OK(&context, csro_ranges_parse(&context, "specimen.rrng", text, strlen(text), &ranges));
  free(text);
  return ranges;
}

static void test_masses(void) {
  csro_ranges *ranges = read_ranges();
  const char *symbols[] = {"Co", "Cr", "Ni", "H"};
  CHECK(strcmp(ranges->report, "") == 0);
  CHECK_EQ(ranges->species_count, 4);
  for (int k = 0; k < 4; k++) /* so that labels of ranges and true labels are the same numbers */
    CHECK_EQ(csro_ranges_element(ranges, symbols[k]), k);
  csro_specimen s = small(CSRO_POLE_002);
  s.hydrogen = s.background = 0.1;
  csro_specimen_ions ions = simulate(&s, 0, 1);
  uint16_t *label = malloc((size_t)ions.ions.count * sizeof *label);
  CHECK_OK(&context,
           csro_ranges_apply(&context, ranges, ions.ions.mass, false, ions.ions.count, label));
  int64_t count[5] = {0}, right[5] = {0};
  for (int64_t i = 0; i < ions.ions.count; i++) {
    float mass = ((float *)ions.ions.mass)[i];
    CHECK(mass > 0.8f && mass < 121);
    count[ions.label[i]]++;
    right[ions.label[i]] += label[i] == ions.label[i];
  }
  CHECK((double)right[0] > 0.9 * (double)count[0]);
  for (int species = 1; species <= 4; species++)
    CHECK((double)right[species] > 0.985 * (double)count[species]);
  free(label);
  csro_specimen_ions_release(&ions);
  csro_ranges_destroy(&ranges);
}

static void check_refused(csro_specimen s, const char *text) {
  csro_specimen_ions ions;
  memset(&ions, 1, sizeof ions);
  CHECK_FAILS(&context, csro_specimen_simulate(&context, &s, 0, 1, &ions), CSRO_ERROR_ARGUMENT,
              text);
  CHECK(ions.ions.xyz == NULL && ions.label == NULL && ions.ions.count == 0);
}

static void test_refused(void) {
  csro_specimen s = small(CSRO_POLE_002), bad;
  bad = s, bad.efficiency = 1.1, check_refused(bad, "efficiency of the specimen is 1.1");
  bad = s, bad.efficiency = NAN, check_refused(bad, "efficiency");
  bad = s, bad.height = 0, check_refused(bad, "height");
  bad = s, bad.radius[1] = -1, check_refused(bad, "radius at the bottom");
  bad = s, bad.lattice_constant = 0, check_refused(bad, "lattice constant");
  bad = s, bad.lattice_constant = 1e-6, check_refused(bad, "2^40");
  bad = s, bad.height = 1e300, check_refused(bad, "height");
  bad = s, bad.height = 5e-324, check_refused(bad, "height");
  bad = s, bad.height = 1e6, bad.domain_density = 1000, check_refused(bad, "ordered domains");
  bad = s, bad.height = INFINITY, check_refused(bad, "height");
  bad = s, bad.sigma_z = -0.1, check_refused(bad, "sigma_z");
  bad = s, bad.order = 2, check_refused(bad, "order");
  bad = s, bad.hydrogen = -1, check_refused(bad, "hydrogen");
  bad = s, bad.background = -1, check_refused(bad, "background");
  bad = s, bad.domain_density = -1, check_refused(bad, "domain density");
  bad = s, bad.diameter[0] = 0, check_refused(bad, "smallest domain diameter");
  bad = s, bad.diameter[1] = 0.5, check_refused(bad, "largest domain diameter");
  bad = s, bad.shape = (csro_shape)7, check_refused(bad, "shape 7");
  bad = s, bad.shape = CSRO_SHAPE_BOX, bad.width[1] = 0, check_refused(bad, "width in y");
  bad = s, bad.pole = (csro_pole)7, check_refused(bad, "pole 7");
  csro_specimen_ions ions;
  CHECK_FAILS(&context, csro_specimen_simulate(&context, &s, 2, 2, &ions), CSRO_ERROR_ARGUMENT,
              "part 2 of 2");
}

/* The plain specimen, here with larger domains, stays what it is: published numbers come from it.
 * FNV-1a of labels, then domains. */
static void test_plain_stays(void) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.diameter[0] = 1.4;
  s.diameter[1] = 2.6;
  csro_specimen_ions ions = simulate(&s, 0, 1);
  CHECK_EQ(ions.ions.count, 281858);
  uint64_t hash = UINT64_C(14695981039346656037);
  for (int64_t i = 0; i < 2 * ions.ions.count; i++)
    hash = (hash ^ ((const uint8_t *)ions.label)[i]) * UINT64_C(1099511628211);
  for (int64_t i = 0; i < 4 * ions.ions.count; i++)
    hash = (hash ^ ((const uint8_t *)ions.true_domain)[i]) * UINT64_C(1099511628211);
  CHECK(hash == UINT64_C(0x02d7ed34af72255f));
  csro_specimen_ions_release(&ions);
}

static int cancel(void *user, double fraction) {
  (void)user;
  (void)fraction;
  return 1;
}

static void test_limits(void) {
  csro_specimen s = small(CSRO_POLE_111);
  s.efficiency = 0;
  csro_specimen_ions ions = simulate(&s, 0, 1);
  CHECK_EQ(ions.ions.count, 0);
  csro_specimen_ions_release(&ions);
  s = small(CSRO_POLE_111);
  s.height = 0.001; /* not one plane */
  ions = simulate(&s, 0, 1);
  CHECK_EQ(ions.ions.count, 0);
  csro_specimen_ions_release(&ions);
  s = ideal(CSRO_POLE_002);
  s.diameter[0] = s.diameter[1] = 1000; /* one domain everywhere */
  ions = simulate(&s, 0, 1);
  for (int64_t i = 0; i < ions.ions.count; i++)
    CHECK_EQ(ions.true_domain[i], 0);
  csro_specimen_ions_release(&ions);
  csro_specimen_ions_release(NULL);
  context.progress = cancel;
  CHECK_FAILS(&context, csro_specimen_simulate(&context, &s, 0, 1, &ions), CSRO_CANCELLED,
              "cancelled");
  context.progress = NULL;
}

int main(void) {
  csro_context_init(&context);
  for (int pole = CSRO_POLE_002; pole <= CSRO_POLE_111; pole++) {
    test_parts_and_threads((csro_pole)pole);
    test_numbers(CSRO_SHAPE_BOX, (csro_pole)pole);
    test_numbers(CSRO_SHAPE_FRUSTUM, (csro_pole)pole);
    test_crystal((csro_pole)pole);
    test_order((csro_pole)pole, 1.0);
    test_order((csro_pole)pole, 0.5);
  }
  test_domains(CSRO_SHAPE_BOX);
  test_domains(CSRO_SHAPE_FRUSTUM);
  test_masses();
  test_refused();
  test_plain_stays();
  test_limits();
  return check_end();
}

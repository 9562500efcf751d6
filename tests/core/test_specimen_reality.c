/* Specimens as real ones are: every distortion and every fault of detection is measured in the ions
 * and compared with what was asked for. */
#include "csro/specimen.h"

#include "check.h"

static csro_context context;

/* No noise, all atoms, no other ions, no order. */
static csro_specimen ideal(void) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.height = 20;
  s.sigma_xy = s.sigma_z = 0;
  s.efficiency = 1;
  s.hydrogen = s.background = s.domain_density = 0;
  return s;
}

/* The default noise and detection. */
static csro_specimen noisy(void) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.height = 20;
  s.domain_density = 0;
  return s;
}

static csro_specimen_ions simulate(const csro_specimen *specimen) {
  csro_specimen_ions ions;
  CHECK_OK(&context, csro_specimen_simulate(&context, specimen, 0, 1, &ions));
  return ions;
}

static void position(const csro_specimen_ions *ions, int64_t i, double r[3]) {
  for (int axis = 0; axis < 3; axis++)
    r[axis] = ((const float *)ions->ions.xyz)[3 * i + axis];
}

/* How well the ions lie on planes with this wave vector (1/nm), inside lo .. hi: 1 when all do. */
static double coherence(const csro_specimen_ions *ions, const double k[3], const double lo[3],
                        const double hi[3], int label) {
  double real = 0, imaginary = 0, count = 0, turn = 2 * acos(-1.0);
  for (int64_t i = 0; i < ions->ions.count; i++) {
    double r[3];
    position(ions, i, r);
    bool inside = label < 0 || ions->label[i] == label;
    for (int axis = 0; axis < 3; axis++)
      inside = inside && r[axis] >= lo[axis] && r[axis] < hi[axis];
    if (!inside)
      continue;
    double phase = turn * (k[0] * r[0] + k[1] * r[1] + k[2] * r[2]);
    real += cos(phase), imaginary += sin(phase), count++;
  }
  return hypot(real, imaginary) / count;
}

static const double far_lo[3] = {-100, -100, -100}, far_hi[3] = {100, 100, 100};

/* Wave vector of planes of this spacing whose normal leans by tilt towards azimuth (degrees). */
static void wave(double spacing, double tilt, double azimuth, double k[3]) {
  double degree = acos(-1.0) / 180;
  k[0] = sin(tilt * degree) * cos(azimuth * degree) / spacing;
  k[1] = sin(tilt * degree) * sin(azimuth * degree) / spacing;
  k[2] = cos(tilt * degree) / spacing;
}

static void test_tilt(double tilt, double azimuth) {
  csro_specimen s = ideal();
  double k[3];
  s.tilt = tilt;
  s.tilt_azimuth = azimuth;
  csro_specimen_ions ions = simulate(&s);
  wave(0.18, tilt, azimuth, k);
  CHECK_NEAR(coherence(&ions, k, far_lo, far_hi, -1), 1, 1e-3);
  wave(0.18, tilt + 0.5, azimuth, k);
  CHECK(coherence(&ions, k, far_lo, far_hi, -1) < 0.6);
  /* The shape stays upright and full. */
  double expected = csro_specimen_volume(&s) * 4 / pow(s.lattice_constant, 3);
  CHECK_NEAR((double)ions.ions.count, expected, 0.01 * expected);
  double bottom = 0, widest = 0;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    double r[3];
    position(&ions, i, r);
    CHECK(r[2] <= 0 && r[2] >= -20.0001);
    bottom = fmin(bottom, r[2]);
    widest = fmax(widest, hypot(r[0], r[1]));
  }
  CHECK_NEAR(bottom, -20, 0.19);
  CHECK_NEAR(widest, 8, 0.1);
  csro_specimen_ions_release(&ions);
}

/* Domes: where z + q^2 / 2R is the height, the planes are flat again. */
static void test_curvature(double radius) {
  csro_specimen s = ideal();
  s.curvature_radius = radius;
  csro_specimen_ions ions = simulate(&s);
  float *xyz = ions.ions.xyz;
  double k[3] = {0, 0, 1 / 0.18};
  CHECK(coherence(&ions, k, far_lo, far_hi, -1) < 0.3);
  double expected = csro_specimen_volume(&s) * 4 / pow(s.lattice_constant, 3);
  CHECK_NEAR((double)ions.ions.count, expected, 0.01 * expected);
  for (int64_t i = 0; i < ions.ions.count; i++)
    xyz[3 * i + 2] +=
        (float)((xyz[3 * i] * xyz[3 * i] + xyz[3 * i + 1] * xyz[3 * i + 1]) / (2 * radius));
  CHECK_NEAR(coherence(&ions, k, far_lo, far_hi, -1), 1, 1e-3);
  csro_specimen_ions_release(&ions);
}

/* The spacing of a slice that is most coherent. */
static double find_spacing(const csro_specimen_ions *ions, double top, double bottom) {
  const double lo[3] = {-100, -100, bottom}, hi[3] = {100, 100, top};
  double best = 0, found = 0;
  for (double spacing = 0.17; spacing < 0.19; spacing += 0.00005) {
    const double k[3] = {0, 0, 1 / spacing};
    double value = coherence(ions, k, lo, hi, -1);
    if (value > best)
      best = value, found = spacing;
  }
  return found;
}

static void test_drift(void) {
  csro_specimen s = ideal();
  s.radius[0] = s.radius[1] = 3;
  s.spacing_drift = 4;
  csro_specimen_ions ions = simulate(&s);
  CHECK_NEAR(find_spacing(&ions, 0, -2), 0.18 * 0.982, 2e-4); /* at depth 1 of 20: -2 + 0.2 % */
  CHECK_NEAR(find_spacing(&ions, -9, -11), 0.18, 2e-4);
  CHECK_NEAR(find_spacing(&ions, -18, -20), 0.18 * 1.018, 2e-4);
  double expected = csro_specimen_volume(&s) * 4 / pow(s.lattice_constant, 3);
  CHECK_NEAR((double)ions.ions.count, expected, 0.02 * expected);
  csro_specimen_ions_release(&ions);
}

static void test_second_grain(void) {
  csro_specimen s = ideal();
  s.grain.present = true;
  s.grain.distance = 1;
  s.grain.azimuth = 90;
  csro_specimen_ions ions = simulate(&s);
  double k[2][3];
  wave(0.18, 0, 0, k[0]);
  wave(0.18, 10, 90, k[1]);
  const double split[3] = {1.0001, -100, -100}, end[3] = {0.9999, 100, 100};
  CHECK_NEAR(coherence(&ions, k[0], far_lo, end, -1), 1, 1e-3);
  CHECK_NEAR(coherence(&ions, k[1], split, far_hi, -1), 1, 1e-3);
  CHECK(coherence(&ions, k[0], split, far_hi, -1) < 0.1);
  CHECK(coherence(&ions, k[1], far_lo, end, -1) < 0.1);
  double expected = csro_specimen_volume(&s) * 4 / pow(s.lattice_constant, 3);
  CHECK_NEAR((double)ions.ions.count, expected, 0.01 * expected);
  csro_specimen_ions_release(&ions);
}

static void test_sigma_by_species(void) {
  csro_specimen s = noisy();
  s.sigma_xy = 0;
  s.species[2].sigma_z = 0.06;
  csro_specimen_ions ions = simulate(&s);
  const double k[3] = {0, 0, 1 / 0.18}, turn = 2 * acos(-1.0);
  for (int label = 1; label <= 3; label++) {
    double sigma = label == 3 ? 0.06 : 0.03;
    double expected = exp(-pow(turn * sigma / 0.18, 2) / 2);
    CHECK_NEAR(coherence(&ions, k, far_lo, far_hi, label), expected, 0.02);
  }
  csro_specimen_ions_release(&ions);
}

/* How many ions of a label have `axis` in lo .. hi; -1: all labels. */
static double count(const csro_specimen_ions *ions, int label, int axis, double lo, double hi) {
  double found = 0;
  for (int64_t i = 0; i < ions->ions.count; i++) {
    double r[3];
    position(ions, i, r);
    found += (label < 0 || ions->label[i] == label) && r[axis] >= lo && r[axis] < hi;
  }
  return found;
}

static void test_efficiency(void) {
  csro_specimen s = noisy();
  s.shape = CSRO_SHAPE_BOX;
  csro_specimen_ions even = simulate(&s);
  s.species[1].efficiency = 0.75;
  s.efficiency_ramp = (csro_ramp){CSRO_AXIS_Z, 0.26};
  csro_specimen_ions ions = simulate(&s);
  double cr = count(&ions, 2, 2, -100, 100), ni = count(&ions, 3, 2, -100, 100);
  CHECK_NEAR(cr / ni, 0.75, 0.02);
  for (int part = 0; part < 4; part++) {
    double hi = -5.0 * part, lo = hi - 5, share = 1 - (part + 0.5) / 8;
    double before = count(&even, 3, 2, lo, hi);
    CHECK_NEAR(count(&ions, 3, 2, lo, hi) / before, share, 3 / sqrt(before));
  }
  csro_specimen_ions_release(&ions);
  csro_specimen_ions_release(&even);
}

static void test_background(void) {
  csro_specimen s = noisy();
  s.shape = CSRO_SHAPE_BOX;
  s.background = 1 / 0.9 - 1; /* ranged share 0.9 at the one end, 0.6 at the other */
  s.background_ramp = (csro_ramp){CSRO_AXIS_X, 1 / 0.6 - 1};
  csro_specimen_ions ions = simulate(&s);
  for (int part = 0; part < 8; part++) {
    double lo = -8 + 2 * part, hi = lo + 2;
    double expected = 0.1111 + (0.6667 - 0.1111) * (part + 0.5) / 8;
    double atoms = count(&ions, 1, 0, lo, hi) + count(&ions, 2, 0, lo, hi);
    atoms += count(&ions, 3, 0, lo, hi);
    CHECK_NEAR(count(&ions, 0, 0, lo, hi) / atoms, expected, 0.05);
  }
  csro_specimen_ions_release(&ions);
}

static void test_gradient(void) {
  csro_specimen s = noisy();
  s.shape = CSRO_SHAPE_BOX;
  s.gradient = (csro_composition_gradient){CSRO_AXIS_X, 2, 0.20, 0.45};
  csro_specimen_ions ions = simulate(&s);
  for (int part = 0; part < 8; part++) {
    double lo = -8 + 2 * part, hi = lo + 2, n[4];
    for (int label = 1; label <= 3; label++)
      n[label] = count(&ions, label, 0, lo, hi);
    double all = n[1] + n[2] + n[3];
    CHECK_NEAR(n[3] / all, 0.20 + 0.25 * (part + 0.5) / 8, 3 * sqrt(0.2 / all) + 0.003);
    CHECK_NEAR(n[1] / n[2], 1, 5 / sqrt(n[1]));
  }
  csro_specimen_ions_release(&ions);
}

static void test_dilute_alloy(void) {
  csro_specimen s = noisy();
  s.species[2].share = 0.1;
  s.species[0].share = s.species[1].share = 0.45;
  csro_specimen_ions ions = simulate(&s);
  double all = 0, ni = count(&ions, 3, 2, -100, 100);
  for (int label = 1; label <= 3; label++)
    all += count(&ions, label, 2, -100, 100);
  CHECK_NEAR(ni / all, 0.1, 5 * sqrt(0.09 / all));
  csro_specimen_ions_release(&ions);
}

static void test_sparse_pole(void) {
  csro_specimen s = noisy();
  csro_specimen_ions even = simulate(&s);
  s.sparse_pole = (csro_sparse_pole){.loss = 0.6, .position = {2, -1}, .radius = 1.5};
  csro_specimen_ions ions = simulate(&s);
  double before[3] = {0}, after[3] = {0}; /* nearer than 0.5, about 1.5, beyond 4 nm */
  for (int sparse = 0; sparse < 2; sparse++) {
    const csro_specimen_ions *from = sparse ? &ions : &even;
    for (int64_t i = 0; i < from->ions.count; i++) {
      double r[3];
      position(from, i, r);
      double q = hypot(r[0] - 2, r[1] + 1);
      int zone = q < 0.5 ? 0 : q > 1.3 && q < 1.7 ? 1 : q > 4 ? 2 : -1;
      if (zone >= 0)
        (sparse ? after : before)[zone]++;
    }
  }
  CHECK_NEAR(after[0] / before[0], 0.45, 0.06); /* noise of 0.3 nm blurs the bottom of the pit */
  CHECK_NEAR(after[1] / before[1], 1 - 0.6 / exp(1), 0.06);
  CHECK_NEAR(after[2] / before[2], 1, 0.02);
  const double k[3] = {0, 0, 1 / 0.18};
  double expected = coherence(&even, k, far_lo, far_hi, -1);
  CHECK_NEAR(coherence(&ions, k, far_lo, far_hi, -1), expected, 0.01);
  csro_specimen_ions_release(&ions);
  csro_specimen_ions_release(&even);
}

/* Everything at once. */
static csro_specimen distorted(void) {
  csro_specimen s = noisy();
  s.height = 10;
  s.domain_density = 0.2;
  s.tilt = 6;
  s.tilt_azimuth = 30;
  s.curvature_radius = 50;
  s.spacing_drift = -3;
  s.grain = (csro_second_grain){true, {1, 1, 0.3}, -1, 10, 200};
  s.gradient = (csro_composition_gradient){CSRO_AXIS_Y, 2, 0.2, 0.45};
  s.efficiency_ramp = (csro_ramp){CSRO_AXIS_X, 0.3};
  s.background_ramp = (csro_ramp){CSRO_AXIS_Z, 0.5};
  s.species[2].sigma_z = 0.05;
  s.species[0].efficiency = 0.9;
  s.sparse_pole = (csro_sparse_pole){.loss = 0.5, .radius = 2};
  return s;
}

static void test_parts(void) {
  csro_specimen s = distorted();
  context.threads = 1;
  csro_specimen_ions whole = simulate(&s);
  const int cuts[] = {2, 3, 7, 40};
  context.threads = 2;
  for (int c = 0; c < 4; c++) {
    int64_t first = 0;
    for (int part = 0; part < cuts[c]; part++) {
      csro_specimen_ions ions;
      CHECK_OK(&context, csro_specimen_simulate(&context, &s, part, cuts[c], &ions));
      size_t n = (size_t)ions.ions.count;
      CHECK(memcmp((float *)whole.ions.xyz + 3 * first, ions.ions.xyz, n * 12) == 0);
      CHECK(memcmp((float *)whole.ions.mass + first, ions.ions.mass, n * 4) == 0);
      CHECK(memcmp(whole.label + first, ions.label, n * sizeof *ions.label) == 0);
      CHECK(memcmp(whole.true_domain + first, ions.true_domain, n * 4) == 0);
      first += ions.ions.count;
      csro_specimen_ions_release(&ions);
    }
    CHECK_EQ(first, whole.ions.count);
  }
  csro_specimen_ions_release(&whole);
}

/* Domains are balls in the specimen, where the table says, whatever the lattice does. */
static void test_domains_stay(void) {
  csro_specimen s = distorted();
  s.sigma_xy = s.sigma_z = 0;
  s.domain_density = 0.02;
  s.species[2].sigma_z = -1;
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, &s, &domain_count, &domains));
  csro_specimen_ions ions = simulate(&s);
  int64_t inside = 0, wrong = 0;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    if (ions.true_domain[i] < 0)
      continue;
    const csro_true_domain *domain = &domains[ions.true_domain[i]];
    double r[3], square = 0;
    position(&ions, i, r);
    for (int axis = 0; axis < 3; axis++)
      square += pow(r[axis] - domain->center[axis], 2);
    inside++;
    wrong += sqrt(square) > domain->diameter / 2 + 1e-5;
  }
  CHECK(inside > 1000);
  CHECK_EQ(wrong, 0);
  csro_specimen_ions_release(&ions);
  free(domains);
}

static void check_refused(csro_specimen s, const char *text) {
  csro_specimen_ions ions;
  CHECK_FAILS(&context, csro_specimen_simulate(&context, &s, 0, 1, &ions), CSRO_ERROR_ARGUMENT,
              text);
}

static void test_refused(void) {
  csro_specimen s = ideal(), bad;
  bad = s, bad.tilt = 50, check_refused(bad, "tilt of the specimen is 50");
  bad = s, bad.tilt_azimuth = NAN, check_refused(bad, "azimuth of the tilt");
  bad = s, bad.curvature_radius = 5, check_refused(bad, "at least its largest radius of 8 nm");
  bad = s, bad.curvature_radius = NAN, check_refused(bad, "radius of curvature");
  bad = s, bad.spacing_drift = 60, check_refused(bad, "spacing drift");
  bad = s, bad.grain = (csro_second_grain){.present = true}, check_refused(bad, "normal");
  bad = s, bad.species[1].sigma_z = NAN, check_refused(bad, "sigma_z");
  bad = s, bad.species[1].efficiency = 2, check_refused(bad, "efficiency of a species");
  bad = s, bad.species[1].share = -1, check_refused(bad, "share");
  bad = s, bad.species_count = 9, check_refused(bad, "9 species");
  bad = s, bad.gradient = (csro_composition_gradient){CSRO_AXIS_X, 3, 0, 1};
  check_refused(bad, "species 3, expected 0 to 2");
  bad.gradient = (csro_composition_gradient){CSRO_AXIS_X, 2, 0, 1.5};
  check_refused(bad, "end of the gradient");
  bad.gradient.axis = (csro_axis)9, check_refused(bad, "axis 9");
  bad = s, bad.sparse_pole.loss = 0.5, check_refused(bad, "radius of the low-density pole");
  bad = s, bad.efficiency_ramp = (csro_ramp){CSRO_AXIS_X, 2}, check_refused(bad, "of its ramp");
}

int main(void) {
  csro_context_init(&context);
  context.threads = 2;
  test_tilt(2, 0);
  test_tilt(8, 130);
  test_curvature(50);
  test_curvature(-80);
  test_drift();
  test_second_grain();
  test_sigma_by_species();
  test_efficiency();
  test_background();
  test_gradient();
  test_dilute_alloy();
  test_sparse_pole();
  test_domains_stay();
  test_parts();
  test_refused();
  return check_end();
}

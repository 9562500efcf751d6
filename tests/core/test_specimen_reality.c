/* Specimens as real ones are: every distortion and every fault of detection is measured in the ions
 * and compared with what was asked for. */
#include "specimen_trial.h"

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
  wave(0.18, tilt + 2, azimuth, k);
  CHECK(coherence(&ions, k, far_lo, far_hi, -1) < 0.5);
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
  CHECK_NEAR(widest, 4, 0.1);
  csro_specimen_ions_release(&ions);
}

/* Domes: where z + q^2 / 2R is the height, the planes are flat again. */
static void test_curvature(double radius) {
  csro_specimen s = ideal();
  s.curvature_radius = radius;
  csro_specimen_ions ions = simulate(&s);
  float *xyz = ions.ions.xyz;
  double k[3] = {0, 0, 1 / 0.18};
  CHECK(coherence(&ions, k, far_lo, far_hi, -1) < 0.5);
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
  for (double spacing = 0.17; spacing < 0.19; spacing += 0.0001) {
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

/* Same-species pairs, seen nearer than `distance` across z and a quarter plane along it, per ion.
 */
static double close_pairs(const csro_specimen_ions *ions, double distance) {
  double pairs = 0;
  for (int64_t i = 0; i < ions->ions.count; i++)
    for (int64_t k = i + 1; k < ions->ions.count && k < i + 60; k++) {
      double a[3], b[3];
      position(ions, i, a);
      position(ions, k, b);
      pairs += ions->label[i] == ions->label[k] && ions->label[i] > 0 && fabs(a[2] - b[2]) < 0.09 &&
               hypot(a[0] - b[0], a[1] - b[1]) < distance;
    }
  return pairs / (double)ions->ions.count;
}

static void test_pile_up(void) {
  csro_specimen s = noisy();
  s.hydrogen = s.background = 0;
  csro_specimen_ions all = simulate(&s);
  s.pile_up = (csro_pile_up){.probability = 1, .distance = 0.5, .reach = 32, .planes = 1};
  csro_specimen_ions some = simulate(&s);
  double lost = 1 - (double)some.ions.count / (double)all.ions.count;
  CHECK(lost > 0.2 && lost < 0.4);
  CHECK(close_pairs(&some, 0.5) < 0.5 * close_pairs(&all, 0.5));
  double pairs = close_pairs(&some, 0.5), before = close_pairs(&all, 0.5);
  s.pile_up.probability = 0.5;
  csro_specimen_ions half = simulate(&s);
  CHECK_NEAR(1 - (double)half.ions.count / (double)all.ions.count, lost / 2, 0.01);
  CHECK(close_pairs(&half, 0.5) > pairs && close_pairs(&half, 0.5) < before);
  s.pile_up = (csro_pile_up){.probability = 1, .distance = 1.5, .reach = 8, .planes = 1};
  csro_specimen_ions worst = simulate(&s);
  CHECK((double)worst.ions.count < 0.65 * (double)all.ions.count);
  csro_specimen_ions_release(&worst);
  csro_specimen_ions_release(&half);
  csro_specimen_ions_release(&some);
  csro_specimen_ions_release(&all);
}

/* Same-species pairs of two planes, this many spacings apart, seen nearer than 0.3 nm across z, per
 * ion of a label. */
static double pairs_between(const csro_specimen_ions *ions, int planes) {
  double pairs = 0, atoms = 0;
  for (int64_t i = 0; i < ions->ions.count; i++) {
    double a[3];
    position(ions, i, a);
    if (ions->label[i] != 3 || hypot(a[0], a[1]) > 2)
      continue;
    atoms++;
    for (int64_t k = 0; k < ions->ions.count; k++) {
      double b[3];
      position(ions, k, b);
      pairs += ions->label[k] == 3 && fabs(a[2] - b[2] - 0.18 * planes) < 0.08 &&
               hypot(a[0] - b[0], a[1] - b[1]) < 0.3;
    }
  }
  return pairs / atoms;
}

/* Planes that evaporate at once lose what lies above each other in neighbouring planes, which looks
 * like order. */
static void test_pile_up_of_planes(void) {
  csro_specimen s = ideal();
  s.height = 6;
  s.sigma_xy = 0.1;
  s.efficiency = 0.5;
  csro_specimen_ions all = simulate(&s);
  s.pile_up = (csro_pile_up){.probability = 1, .distance = 0.3, .reach = 1, .planes = 2};
  csro_specimen_ions some = simulate(&s);
  double kept = (double)some.ions.count / (double)all.ions.count;
  CHECK(kept > 0.4 && kept < 0.6);
  CHECK(pairs_between(&some, 1) < 0.01 * pairs_between(&all, 1));
  CHECK(pairs_between(&some, 2) > 0.8 * kept * pairs_between(&all, 2));
  csro_specimen_ions_release(&some);
  csro_specimen_ions_release(&all);
}

/* Mean distance of a domain's ions from its centre, across z and along it, in its radii. */
static void extent(const csro_specimen *s, double out[2]) {
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, s, &domain_count, &domains));
  csro_specimen_ions ions = simulate(s);
  double sum[2] = {0}, inside = 0;
  for (int64_t i = 0; i < ions.ions.count; i++)
    if (ions.true_domain[i] >= 0) {
      const csro_true_domain *d = &domains[ions.true_domain[i]];
      double r[3];
      position(&ions, i, r);
      sum[0] += hypot(r[0] - d->center[0], r[1] - d->center[1]) / d->diameter * 2;
      sum[1] += fabs(r[2] - d->center[2]) / d->diameter * 2;
      inside++;
    }
  out[0] = sum[0] / inside;
  out[1] = sum[1] / inside;
  csro_specimen_ions_release(&ions);
  free(domains);
}

static void test_magnification(void) {
  csro_specimen s = ideal();
  s.domain_density = 0.01;
  double before[2], after[2];
  extent(&s, before);
  s.magnification = 0.8;
  extent(&s, after);
  CHECK_NEAR(after[0] / before[0], 0.8, 1e-3);
  CHECK_NEAR(after[1], before[1], 1e-3);
}

/* A plate has the volume of its ball, is thin along its normal, and normals point anywhere. */
static void test_plates(void) {
  csro_specimen s = ideal();
  s.domain_density = 0.005;
  s.diameter[0] = s.diameter[1] = 3;
  s.flattening = 0.7;
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, &s, &domain_count, &domains));
  csro_specimen_ions ions = simulate(&s);
  double along = 0, square = 0, inside = 0, wrong = 0, tensor = 0;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    if (ions.true_domain[i] < 0)
      continue;
    const csro_true_domain *d = &domains[ions.true_domain[i]];
    double r[3], h = 0;
    position(&ions, i, r);
    wrong += !csro_true_domain_holds(d, r, 1e-5);
    for (int axis = 0; axis < 3; axis++) {
      h += (r[axis] - d->center[axis]) * d->normal[axis];
      square += (r[axis] - d->center[axis]) * (r[axis] - d->center[axis]);
    }
    along += h * h;
    inside++;
  }
  CHECK_EQ(wrong, 0);
  /* <h^2> = c^2 / 5, <q^2> = 2 a^2 / 5: their ratio is (c / a)^2 / 2. */
  CHECK_NEAR(along / (square - along), 0.3 * 0.3 / 2, 0.015);
  for (int64_t k = 0; k < domain_count; k++)
    tensor += domains[k].normal[2] * domains[k].normal[2] / (double)domain_count;
  CHECK_NEAR(tensor, 1.0 / 3, 5 * 0.298 / sqrt((double)domain_count));
  csro_true_domain ball = {.diameter = 3}, plate = {.diameter = 3, .flattening = 0.7};
  plate.normal[2] = 1;
  double volume[2] = {0};
  for (double x = -3; x < 3; x += 0.05)
    for (double y = -3; y < 3; y += 0.05)
      for (double z = -3; z < 3; z += 0.05) {
        const double r[3] = {x, y, z};
        volume[0] += csro_true_domain_holds(&ball, r, 0);
        volume[1] += csro_true_domain_holds(&plate, r, 0);
      }
  CHECK_NEAR(volume[1] / volume[0], 1, 0.02);
  csro_specimen_ions_release(&ions);
  free(domains);
}

static void test_sizes(void) {
  csro_specimen s = ideal();
  s.domain_density = 1;
  s.sizes = CSRO_SIZES_FALLING;
  s.diameter[0] = 0.7;
  s.diameter[1] = 2.1;
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, &s, &domain_count, &domains));
  double part[4] = {0};
  for (int64_t k = 0; k < domain_count; k++)
    part[(int)fmin((domains[k].diameter - 0.7) / 0.35, 3)]++;
  for (int k = 0; k < 3; k++)
    CHECK_NEAR(part[k + 1] / part[k], exp(-1), 4 / sqrt(part[k + 1]));
  free(domains);
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
  s.pile_up = (csro_pile_up){.probability = 0.5, .distance = 0.7, .reach = 4, .planes = 3};
  s.flattening = 0.5;
  s.magnification = 1.1;
  s.sizes = CSRO_SIZES_FALLING;
  s.order_type_count = 2;
  s.order_types[1] = (csro_order_type){.kind = CSRO_ORDER_SUBLATTICE, .species = 1, .share = 2};
  return s;
}

static void test_parts(void) {
  csro_specimen s = distorted();
  check_parts(&s);
}

/* Domains are in the specimen where the table says, whatever the lattice does. */
static void test_domains_stay(void) {
  csro_specimen s = distorted();
  s.sigma_xy = s.sigma_z = 0;
  s.domain_density = 0.1;
  s.species[2].sigma_z = -1;
  s.magnification = 1;
  int64_t domain_count;
  csro_true_domain *domains;
  CHECK_OK(&context, csro_specimen_domains(&context, &s, &domain_count, &domains));
  csro_specimen_ions ions = simulate(&s);
  int64_t inside = 0, wrong = 0;
  for (int64_t i = 0; i < ions.ions.count; i++) {
    if (ions.true_domain[i] < 0)
      continue;
    const csro_true_domain *domain = &domains[ions.true_domain[i]];
    double r[3];
    position(&ions, i, r);
    inside++;
    wrong += !csro_true_domain_holds(domain, r, 1e-5);
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
  bad = s, bad.curvature_radius = 3, check_refused(bad, "at least its largest radius of 4 nm");
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
  bad = s, bad.sparse_pole = (csro_sparse_pole){.loss = 0.5},
  check_refused(bad, "radius of the low-density pole");
  bad = s, bad.efficiency_ramp = (csro_ramp){CSRO_AXIS_X, 2}, check_refused(bad, "of its ramp");
  bad = s, bad.pile_up.probability = 2, check_refused(bad, "probability of pile-up");
  bad = s, bad.pile_up.planes = 0, check_refused(bad, "planes of pile-up");
  bad = s, bad.pile_up.reach = 65, check_refused(bad, "reach of pile-up");
  bad = s, bad.flattening = 1, check_refused(bad, "flattening");
  bad = s, bad.magnification = 0, check_refused(bad, "magnification");
  bad = s, bad.sizes = (csro_size_distribution)5, check_refused(bad, "sizes 5");
  bad = s, bad.order_type_count = 0, check_refused(bad, "0 types of order");
  bad = s, bad.order_types[0].species = 3, check_refused(bad, "rich species of the order is 3");
  bad = s, bad.order_types[0].share = 0, check_refused(bad, "no type of order");
  bad = s, strcpy(bad.species[0].symbol, "Xx"), check_refused(bad, "'Xx' is no element");
}

int main(void) {
  csro_context_init(&context);
  context.threads = 2;
  test_tilt(2, 0);
  test_tilt(8, 130);
  test_curvature(15);
  test_curvature(-20);
  test_drift();
  test_second_grain();
  test_sigma_by_species();
  test_efficiency();
  test_background();
  test_gradient();
  test_dilute_alloy();
  test_sparse_pole();
  test_pile_up();
  test_pile_up_of_planes();
  test_magnification();
  test_plates();
  test_sizes();
  test_domains_stay();
  test_parts();
  test_refused();
  return check_end();
}

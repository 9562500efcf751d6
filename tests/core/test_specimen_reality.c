/* Specimens as real ones are: every distortion and every fault of detection is measured in the ions
 * and compared with what was asked for. */
#include "csro/ranges.h"
#include "csro/recipe.h"
#include "csro/specimen.h"

#include "check.h"

static csro_context context;

/* No noise, all atoms, no other ions, no order. */
static csro_specimen ideal(void) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.height = 20;
  s.radius[0] = 3;
  s.radius[1] = 4;
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
  s.pile_up = (csro_pile_up){.probability = 1, .distance = 0.5, .reach = 32};
  csro_specimen_ions some = simulate(&s);
  double lost = 1 - (double)some.ions.count / (double)all.ions.count;
  CHECK(lost > 0.2 && lost < 0.4);
  CHECK(close_pairs(&some, 0.5) < 0.5 * close_pairs(&all, 0.5));
  double pairs = close_pairs(&some, 0.5), before = close_pairs(&all, 0.5);
  s.pile_up.probability = 0.5;
  csro_specimen_ions half = simulate(&s);
  CHECK_NEAR(1 - (double)half.ions.count / (double)all.ions.count, lost / 2, 0.01);
  CHECK(close_pairs(&half, 0.5) > pairs && close_pairs(&half, 0.5) < before);
  s.pile_up = (csro_pile_up){.probability = 1, .distance = 1.5, .reach = 8};
  csro_specimen_ions worst = simulate(&s);
  CHECK((double)worst.ions.count < 0.65 * (double)all.ions.count);
  csro_specimen_ions_release(&worst);
  csro_specimen_ions_release(&half);
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

static void check_parts(const csro_specimen *s);

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
  s.pile_up = (csro_pile_up){.probability = 0.5, .distance = 1, .reach = 4};
  s.flattening = 0.5;
  s.magnification = 1.1;
  s.sizes = CSRO_SIZES_FALLING;
  s.order_type_count = 2;
  s.order_types[1] = (csro_order_type){.kind = CSRO_ORDER_SUBLATTICE, .species = 1, .share = 2};
  return s;
}

static void check_parts(const csro_specimen *s) {
  context.threads = 1;
  csro_specimen_ions whole = simulate(s);
  const int cuts[] = {2, 3, 7, 40};
  context.threads = 2;
  for (int c = 0; c < 4; c++) {
    int64_t first = 0;
    for (int part = 0; part < cuts[c]; part++) {
      csro_specimen_ions ions;
      CHECK_OK(&context, csro_specimen_simulate(&context, s, part, cuts[c], &ions));
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

static void test_parts(void) {
  csro_specimen s = distorted();
  check_parts(&s);
}

/* Domains are in the specimen where the table says, whatever the lattice does. */
static void test_domains_stay(void) {
  csro_specimen s = distorted();
  s.sigma_xy = s.sigma_z = 0;
  s.domain_density = 0.02;
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
  bad = s, bad.sparse_pole.loss = 0.5, check_refused(bad, "radius of the low-density pole");
  bad = s, bad.efficiency_ramp = (csro_ramp){CSRO_AXIS_X, 2}, check_refused(bad, "of its ramp");
  bad = s, bad.pile_up.probability = 2, check_refused(bad, "probability of pile-up");
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
  test_magnification();
  test_plates();
  test_sizes();
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
  test_domains_stay();
  test_parts();
  test_refused();
  return check_end();
}

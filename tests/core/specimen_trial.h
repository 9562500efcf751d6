/* What the tests of specimens share: trial specimens and what is measured of their ions. */
#ifndef SPECIMEN_TRIAL_H
#define SPECIMEN_TRIAL_H

#include "csro/specimen.h"

#include "check.h"

static csro_context context;

/* No noise, all atoms, no other ions, no order. */
static inline csro_specimen ideal(void) {
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
static inline csro_specimen noisy(void) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.height = 20;
  s.domain_density = 0;
  return s;
}

static inline csro_specimen_ions simulate(const csro_specimen *specimen) {
  csro_specimen_ions ions;
  CHECK_OK(&context, csro_specimen_simulate(&context, specimen, 0, 1, &ions));
  return ions;
}

static inline void position(const csro_specimen_ions *ions, int64_t i, double r[3]) {
  for (int axis = 0; axis < 3; axis++)
    r[axis] = ((const float *)ions->ions.xyz)[3 * i + axis];
}

/* How well the ions lie on planes with this wave vector (1/nm), inside lo .. hi: 1 when all do. */
static inline double coherence(const csro_specimen_ions *ions, const double k[3],
                               const double lo[3], const double hi[3], int label) {
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

/* How many ions of a label have `axis` in lo .. hi; -1: all labels. */
static inline double count(const csro_specimen_ions *ions, int label, int axis, double lo,
                           double hi) {
  double found = 0;
  for (int64_t i = 0; i < ions->ions.count; i++) {
    double r[3];
    position(ions, i, r);
    found += (label < 0 || ions->label[i] == label) && r[axis] >= lo && r[axis] < hi;
  }
  return found;
}

/* Any parts of it, made by any threads, are the same ions in the same order. */
static inline void check_parts(const csro_specimen *s) {
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

#endif

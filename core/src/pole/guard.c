#include "csro/guard.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 512 };
static const double tolerated = 0.02, absurd = CSRO_GUARD_OTHER_PLANES;
static const double tilted = 2, blurred = 0.05; /* degrees; coherence */

/* Adds a part to a text of several, which is cut at its end. */
__attribute__((format(printf, 2, 3))) static void add(char text[TEXT], const char *format, ...) {
  const size_t length = strlen(text);
  va_list values;
  va_start(values, format);
  int used = snprintf(text + length, TEXT - length, "%s", length > 0 ? "; " : "");
  if (used >= 0 && length + (size_t)used < TEXT)
    vsnprintf(text + length + used, TEXT - length - (size_t)used, format, values);
  va_end(values);
}

static double off(double found, double expected) {
  return fabs(found / expected - 1);
}

static csro_guard compare(double found, double expected, const char *who, const char *advice,
                          char text[TEXT]) {
  const double percent = 100 * (found / expected - 1);
  if (off(found, expected) <= tolerated)
    return CSRO_GUARD_FITS;
  if (off(found, 2 * expected) <= tolerated || off(found, expected / 2) <= tolerated) {
    add(text, "the lattice planes of the ions are %.4g nm apart, %s of the %.4g nm that %s expects",
        found, found > expected ? "twice" : "half", expected, who);
    return CSRO_GUARD_WARNS;
  }
  if (off(found, expected) <= absurd) {
    add(text, "the lattice planes of the ions are %.4g nm apart, %s expects %.4g nm (%+.1f %%): %s",
        found, who, expected, percent, advice);
    return CSRO_GUARD_WARNS;
  }
  add(text,
      "the lattice planes of the ions are %.4g nm apart, %s expects %.4g nm (%+.0f %%): what it "
      "finds "
      "in this crystal along this pole means nothing; %s",
      found, who, expected, percent, advice);
  return CSRO_GUARD_REFUSES;
}

csro_guard csro_guard_planes(const csro_lattice_planes *planes, double expected, const char *who,
                             const char *advice, char text[TEXT]) {
  text[0] = 0;
  if (!(planes->spacing > 0)) {
    add(text, "the ions show no lattice planes across z: what is found along this pole has no "
              "support, and the spacing that is expected could not be compared");
    return CSRO_GUARD_WARNS;
  }
  csro_guard found =
      expected > 0 ? compare(planes->spacing, expected, who, advice, text) : CSRO_GUARD_FITS;
  if (planes->tilt > tilted)
    add(text,
        "the lattice planes lean by %.1f degrees against z: turn the ions so that they lie across "
        "z",
        planes->tilt);
  if (planes->coherence < blurred)
    add(text,
        "the lattice planes are blurred (coherence %.3f, less than %g): small domains are not "
        "seen",
        planes->coherence, blurred);
  return found == CSRO_GUARD_FITS && text[0] ? CSRO_GUARD_WARNS : found;
}

int64_t csro_guard_mark(const csro_points *points, const uint16_t *label, const double box[6],
                        uint16_t *mark, double bounds[6]) {
  int64_t ranged = 0;
  for (int side = 0; side < 6; side++)
    bounds[side] = side % 2 == 0 ? INFINITY : -INFINITY;
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    bool inside = true;
    csro_points_get(points, i, r);
    for (int a = 0; a < 3; a++)
      inside = inside && r[a] >= box[2 * a] && r[a] <= box[2 * a + 1];
    mark[i] = (uint16_t)(!inside ? 0 : label && label[i] > 0 ? 2 : 1);
    ranged += mark[i] == 2;
    for (int a = 0; a < 3 && inside; a++) {
      bounds[2 * a] = fmin(bounds[2 * a], r[a]);
      bounds[2 * a + 1] = fmax(bounds[2 * a + 1], r[a]);
    }
  }
  return ranged;
}

void csro_guard_choose(int64_t count, int64_t ranged, uint16_t *mark) {
  for (int64_t i = 0; i < count; i++)
    mark[i] = ranged > 0 ? mark[i] == 2 : mark[i] > 0;
}

static bool is_one_of(const char *name, const char *const *names) {
  for (; *names; names++)
    if (strcmp(name, *names) == 0)
      return true;
  return false;
}

double csro_model_plane_spacing(const csro_model *model) {
  static const char *const fcc[] = {"fcc", "L1_2", "L1_0", "L1_1", "DO22", "MoPt2", NULL};
  static const char *const bcc[] = {"bcc", "B2", "D0_3", NULL};
  int hkl[3], odd = 0, squares = 0;
  if (!(model->lattice_constant > 0) || strlen(model->orientation) != 3)
    return 0;
  for (int k = 0; k < 3; k++) {
    hkl[k] = model->orientation[k] - '0';
    if (hkl[k] < 0 || hkl[k] > 9)
      return 0;
    odd += hkl[k] % 2;
    squares += hkl[k] * hkl[k];
  }
  if (squares == 0)
    return 0;
  const bool between = (is_one_of(model->lattice, fcc) && odd % 3 != 0) ||
                       (is_one_of(model->lattice, bcc) && odd % 2 != 0);
  return model->lattice_constant / sqrt(squares) / (between ? 2 : 1);
}

#include "csro/structure.h"

#include "crystal/prototypes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64 };

static int common(int a, int b) {
  a = abs(a);
  b = abs(b);
  while (b) {
    int rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* Height of a site, in halves of a lattice constant times |hkl|. */
static int height_of(const csro_prototype_site *site, const int hkl[3]) {
  return site->half[0] * hkl[0] + site->half[1] * hkl[1] + site->half[2] * hkl[2];
}

/* Whether the planes that are `period` apart are alike. */
static bool repeats(int (*sites)[3], int planes, int period) {
  for (int n = 0; n < planes; n++)
    if (memcmp(sites[n], sites[(n + period) % planes], sizeof *sites) != 0)
      return false;
  return true;
}

int csro_prototype_period(int prototype, const int hkl[3], double *spacing) {
  int step = 0, planes = 0, sites[LONGEST][3] = {{0}};
  *spacing = 0;
  if (prototype < 0 || prototype >= CSRO_PROTOTYPES)
    return 0;
  const csro_prototype *p = &csro_prototypes[prototype];
  for (int a = 0; a < 3; a++) {
    step = common(step, 2 * hkl[a]);
    planes = common(planes, 2 * hkl[a] * p->cells[a]);
  }
  for (int i = 0; i < p->site_count; i++)
    step = common(step, height_of(&p->sites[i], hkl));
  if (step == 0 || planes / step > LONGEST)
    return 0;
  planes /= step;
  for (int i = 0; i < p->site_count; i++) {
    int n = height_of(&p->sites[i], hkl) / step % planes;
    sites[n < 0 ? n + planes : n][p->sites[i].sublattice]++;
  }
  *spacing = step / 2.0 / sqrt(hkl[0] * hkl[0] + hkl[1] * hkl[1] + hkl[2] * hkl[2]);
  int period = 1;
  while (!repeats(sites, planes, period))
    period++;
  return period;
}

/* The poles that are looked at, and the distance of neighbouring atoms in the parent lattice, in
 * lattice constants. */
static const int poles[][3] = {{0, 0, 2}, {1, 1, 1}, {0, 2, 2}};
enum { POLES = sizeof poles / sizeof *poles };
static const double least_distance = 0.228, most_distance = 0.315; /* nm, of neighbours in metals */

static bool is_bcc(int prototype) {
  static const char *const bcc[] = {"bcc", "B2", "D0_3"};
  for (size_t k = 0; k < sizeof bcc / sizeof *bcc; k++)
    if (strcmp(csro_prototype_names[prototype], bcc[k]) == 0)
      return true;
  return false;
}

/* Whether planes this far apart may be those of the pole. */
static bool may_be(bool bcc, const int hkl[3], double spacing) {
  double planes;
  csro_prototype_period(bcc ? 1 : 0, hkl, &planes); /* "fcc", "bcc" */
  double distance = spacing / planes * sqrt(bcc ? 0.75 : 0.5);
  return distance >= least_distance && distance <= most_distance;
}

/* Whether a prototype has the period along one of the directions that its parent lattice cannot
 * tell from this pole. */
static bool has_period(int prototype, const int hkl[3], int period) {
  static const int orders[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1},
                                   {0, 2, 1}, {2, 1, 0}, {1, 0, 2}};
  for (int k = 0; k < 6 * 8; k++) {
    int turned[3];
    double spacing;
    for (int a = 0; a < 3; a++)
      turned[a] = hkl[orders[k / 8][a]] * (k >> a & 1 ? -1 : 1);
    if (csro_prototype_period(prototype, turned, &spacing) == period)
      return true;
  }
  return false;
}

static void append(char text[CSRO_STRUCTURES_TEXT], const char *more) {
  size_t length = strlen(text);
  snprintf(text + length, CSRO_STRUCTURES_TEXT - length, "%s", more);
}

void csro_structures_of_period(double spacing, int period, char text[CSRO_STRUCTURES_TEXT]) {
  text[0] = 0;
  for (int k = 0; k < 2 * POLES; k++) {
    const int *hkl = poles[k % POLES];
    bool bcc = k >= POLES;
    int count = 0, names[CSRO_PROTOTYPES];
    for (int p = 0; p < CSRO_PROTOTYPES; p++)
      if (is_bcc(p) == bcc && may_be(bcc, hkl, spacing) && has_period(p, hkl, period))
        names[count++] = p;
    for (int n = 0; n < count; n++) {
      append(text, n > 0 ? n + 1 < count ? ", " : " or " : text[0] ? "; " : "");
      append(text, csro_prototype_names[names[n]]);
    }
    char pole[32];
    snprintf(pole, sizeof pole, " (%d%d%d of %s)", hkl[0], hkl[1], hkl[2], bcc ? "bcc" : "fcc");
    append(text, count > 0 ? pole : "");
  }
}

/* Order parameters of perfect structures, by shells and by plane offsets, against their exact
 * values. */
#include "check.h"
#include "csro/order_parameters.h"
#include "csro/structure.h"

static csro_context context;

enum { CELLS = 12, SHELLS = 5, OFFSETS = 5 };

/* Sites of a periodic crystal, in lattice constants; every species that is not B is group 0. */
typedef struct crystal {
  int64_t count;
  double (*xyz)[3], *height;
  uint8_t *group, *part;
  int64_t *number;
} crystal;

static int prototype_of(const char *name) {
  for (int k = 0; k < CSRO_PROTOTYPES; k++)
    if (strcmp(csro_prototype_names[k], name) == 0)
      return k;
  CHECK(false);
  return 0;
}

/* Planes of the normal hkl are cut out along it; heights are whole numbers. */
static void make_crystal(const char *name, const int hkl[3], double spacing, crystal *out) {
  csro_structure structure;
  CHECK_OK(&context, csro_structure_prototype(&context, prototype_of(name), 1, 1, 2, &structure));
  const int *cells = structure.cells;
  const int64_t repeats = (int64_t)(CELLS / cells[0]) * (CELLS / cells[1]) * (CELLS / cells[2]);
  csro_periodic_ions images;
  out->count = repeats * structure.site_count;
  double(*xyz)[3] = calloc((size_t)out->count, sizeof *xyz);
  uint8_t *group = calloc((size_t)out->count, 1);
  for (int64_t n = 0; n < out->count; n++) {
    const int64_t cell = n / structure.site_count, site = n % structure.site_count;
    const int64_t side[2] = {CELLS / cells[0], CELLS / cells[1]};
    const int64_t at[3] = {cell % side[0], cell / side[0] % side[1], cell / side[0] / side[1]};
    for (int axis = 0; axis < 3; axis++)
      xyz[n][axis] = (double)at[axis] * cells[axis] + structure.position[site][axis];
    group[n] = structure.sublattices[structure.sublattice[site]][0] == 'B';
  }
  const csro_points points = {xyz, true, out->count};
  const double bounds[6] = {0, CELLS, 0, CELLS, 0, CELLS}, period[3] = {CELLS, CELLS, CELLS};
  CHECK_OK(&context, csro_periodic_ions_make(&context, &points, bounds, period, 4, &images));
  *out = (crystal){.count = images.count,
                   .xyz = calloc((size_t)images.count, sizeof *out->xyz),
                   .height = calloc((size_t)images.count, sizeof *out->height),
                   .group = calloc((size_t)images.count, 1),
                   .part = calloc((size_t)images.count, 1),
                   .number = calloc((size_t)images.count, sizeof *out->number)};
  double axes[3][3];
  CHECK_OK(&context, csro_structure_axes(&context, &structure, hkl, axes));
  for (int64_t i = 0; i < images.count; i++) {
    out->number[i] = i < points.count ? i : images.of[i - points.count];
    out->group[i] = group[out->number[i]];
    out->part[i] = i < points.count ? 0 : CSRO_IMAGE;
    for (int axis = 0; axis < 3; axis++)
      for (int k = 0; k < 3; k++)
        out->xyz[i][axis] += axes[axis][k] * images.xyz[3 * i + k];
    out->height[i] = round(out->xyz[i][2] / spacing);
  }
  csro_periodic_ions_release(&images);
  csro_structure_release(&structure);
  free(xyz);
  free(group);
}

static void free_crystal(crystal *c) {
  free(c->xyz);
  free(c->height);
  free(c->group);
  free(c->part);
  free(c->number);
}

static void measure(const crystal *c, const csro_neighbour_bins *bins, int values,
                    csro_order_parameter *out) {
  const csro_labelled_ions ions = {
      {c->xyz, true, c->count}, c->count, c->number, c->part, 1, 2, 1, c->group};
  const double variance[2] = {0, 0};
  const csro_order_values of = {bins->kind, 0, values, 0.1, variance};
  csro_neighbour_counts counts;
  csro_order_test test;
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, bins, &counts));
  CHECK_OK(&context, csro_order_parameters_make(&context, &counts, &of, out, &test));
  csro_neighbour_counts_release(&counts);
}

static const double fcc_shells[] = {0.7071, 1, 1.2247, 1.4142, 1.5811},
                    bcc_shells[] = {0.8660, 1, 1.4142, 1.6583, 1.7321};

/* Warren and Cowley's alpha of unlike pairs; with two species that of like pairs follows. */
static const struct shells {
  const char *name;
  double share, alpha[SHELLS]; /* of B; of A-B */
} by_shells[] = {
    {"L1_2", 0.25, {-1. / 3, 1, -1. / 3, 1, -1. / 3}},
    {"L1_0", 0.5, {-1. / 3, 1, -1. / 3, 1, -1. / 3}},
    {"L1_1", 0.5, {0, -1, 0, 1, 0}},
    {"DO22", 0.25, {-1. / 3, 5. / 9, 1. / 9, 1. / 9, -1. / 3}},
    {"MoPt2", 1. / 3, {-1. / 4, 0, 1. / 4, -1. / 4, 0}},
    {"B2", 0.5, {-1, 1, 1, -1, 1}},
    {"D0_3", 0.25, {-1. / 3, -1. / 3, 1, -1. / 3, -1. / 3}},
};

static void check_pairs(const csro_order_parameter *out, int values, int value, double share,
                        double unlike, double close) {
  CHECK_NEAR(out[values + value].alpha, unlike, close);
  CHECK_NEAR(out[2 * values + value].alpha, unlike, close);
  CHECK_NEAR(out[3 * values + value].alpha, -unlike * (1 - share) / share, close);
  CHECK_NEAR(out[value].alpha, -unlike * share / (1 - share), close);
  for (int pair = 0; pair < 4; pair++)
    CHECK_NEAR(out[pair * values + value].multicomponent, unlike, close);
}

static void check_shells(void) {
  for (size_t k = 0; k < sizeof by_shells / sizeof *by_shells; k++) {
    const struct shells *of = &by_shells[k];
    const double *radius = k < 5 ? fcc_shells : bcc_shells;
    crystal c;
    make_crystal(of->name, (int[3]){0, 0, 2}, 0.5, &c);
    for (int shell = 0; shell < SHELLS; shell++) {
      const csro_neighbour_bins bins = {
          CSRO_NEIGHBOURS_SHELLS, 1, radius[shell] - 0.02, radius[shell] + 0.02, 0, 0, NULL};
      csro_order_parameter out[4];
      measure(&c, &bins, 1, out);
      check_pairs(out, 1, 0, of->share, of->alpha[shell], 1e-12);
    }
    free_crystal(&c);
  }
}

/* The same by how many planes lie between, with as much of the planes as `lateral` takes in. */
static const struct offsets {
  const char *name;
  int hkl[3];
  double spacing, lateral, share, alpha[OFFSETS]; /* of B; of A-B */
} by_planes[] = {
    /* in the plane 4 unlike of B; 4 in the next one; one like and 4 unlike in the second */
    {"L1_2", {0, 0, 2}, 0.5, 0.75, 0.25, {-1. / 3, -1. / 3, -1. / 15, -1. / 3, -1. / 15}},
    {"L1_0", {0, 0, 2}, 0.5, 0.9, 0.5, {1, -1, 1, -1, 1}},
    {"L1_1", {1, 1, 1}, 0.577350269, 0.9, 0.5, {1, -1, 1, -1, 1}},
    {"DO22", {0, 0, 2}, 0.5, 0.75, 0.25, {-1. / 3, -1. / 3, 11. / 15, -1. / 3, -1. / 15}},
    {"MoPt2", {2, 2, 0}, 0.353553391, 0.9, 1. / 3, {1, -0.5, -0.5, 1, -0.5}},
    {"B2", {0, 0, 2}, 0.5, 1.1, 0.5, {1, -1, 1, -1, 1}},
    /* the 4 in the plane unlike, those of the next, too; above it unlike, the 4 around it like */
    {"D0_3", {0, 0, 2}, 0.5, 1.1, 0.25, {-1. / 3, -1. / 3, 11. / 15, -1. / 3, -1. / 15}},
    {"D0_3", {1, 1, 1}, 0.288675135, 1.5, 0.25, {1, -1. / 3, -1. / 3, -1. / 3, 1}},
};

static void check_planes(void) {
  for (size_t k = 0; k < sizeof by_planes / sizeof *by_planes; k++) {
    const struct offsets *of = &by_planes[k];
    crystal c;
    make_crystal(of->name, of->hkl, of->spacing, &c);
    const csro_neighbour_bins bins = {CSRO_NEIGHBOURS_PLANES,
                                      10 * (OFFSETS + 1),
                                      0,
                                      OFFSETS + 1,
                                      of->lateral,
                                      of->spacing,
                                      c.height};
    csro_order_parameter out[4 * OFFSETS];
    measure(&c, &bins, OFFSETS, out);
    for (int planes = 0; planes < OFFSETS; planes++) {
      const int before = check_failures;
      check_pairs(out, OFFSETS, planes, of->share, of->alpha[planes], 3e-3); /* what is not
      determined is drawn to 0 by one pair */
      if (check_failures > before)
        printf("%s, %d planes\n", of->name, planes);
    }
    free_crystal(&c);
  }
}

int main(void) {
  csro_context_init(&context);
  context.threads = 2;
  check_shells();
  check_planes();
  return check_end();
}

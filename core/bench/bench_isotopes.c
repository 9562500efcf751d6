/* The null of the statistics of the whole, on real data: isotopes of tungsten sit at random by
 * nature. Order parameters (shells, nearest neighbours, plane offsets) and mean distances of
 * nearest neighbours of all pairs, of the whole and of its four quadrants: the largest |z| of all
 * against that of each copy.
 *   bench_isotopes FOLDER [COPIES]
 * FOLDER has W_TAP_110cal.pos and W_isotopes.rrng; 199 copies, which are the same for all. */
#include "measure.h"

#include "csro/nearest_distances.h"
#include "csro/order_parameters.h"
#include "csro/planes.h"
#include "csro/random.h"
#include "csro/ranges.h"
#include "csro/voxels.h"

enum { GROUPS = 5, PAIRS = 16, SHELLS = 10, RANKED = 12, PLANES = 7, NEAREST = 10, SIDE = 4 };
static const double spacing = 0.2238, axis_x = 0.5,
                    axis_y = -0.5; /* nm: planes 110 and their pole */
static const char *const group_names[GROUPS] = {"", "182", "183", "184", "186"};

/* All ions with a label, with those of all members. */
typedef struct data_set {
  int64_t count;
  int members;
  float (*xyz)[3];
  uint16_t *label;
  uint8_t *group;
} data_set;

static data_set read_ions(csro_context *context, const char *folder, int copies) {
  char path[1000];
  csro_ions ions;
  csro_ranges *ranges;
  snprintf(path, sizeof path, "%s/W_TAP_110cal.pos", folder);
  must(context, csro_ions_read(context, path, 0, 1, &ions));
  snprintf(path, sizeof path, "%s/W_isotopes.rrng", folder);
  must(context, csro_ranges_read(context, path, &ranges));
  uint16_t *label = memory(ions.count, sizeof *label);
  must(context, csro_ranges_apply(context, ranges, ions.mass, ions.is_double, ions.count, label));
  data_set d = {.members = copies + 1, .xyz = memory(ions.count, sizeof *d.xyz), .label = label};
  for (int64_t i = 0; i < ions.count; i++)
    if (label[i] > 0) {
      memcpy(d.xyz[d.count], (float *)ions.xyz + 3 * i, sizeof *d.xyz);
      label[d.count++] = label[i];
    }
  d.group = memory(d.count * d.members, 1);
  for (int m = 0; m < d.members; m++) {
    csro_permutation permutation;
    csro_permutation_init(&permutation, (uint64_t)m, (uint64_t)d.count);
    for (int64_t i = 0; i < d.count; i++) {
      const int64_t from = m > 0 ? (int64_t)csro_permutation_at(&permutation, (uint64_t)i) : i;
      d.group[i * d.members + m] = (uint8_t)label[from];
    }
  }
  csro_ranges_destroy(&ranges);
  csro_ions_release(&ions);
  return d;
}

/* One region. */
typedef struct region {
  csro_labelled_ions ions;
  double *height, variance[GROUPS];
} region;

static region make_region(csro_context *context, const data_set *d, const csro_planes *planes,
                          int quadrant) {
  float(*xyz)[3] = memory(d->count, sizeof *xyz);
  uint8_t *group = memory(d->count * d->members, 1), *part = memory(d->count, 1);
  int64_t *number = memory(d->count, sizeof *number), n = 0;
  region r = {.height = memory(d->count, sizeof *r.height)};
  for (int64_t i = 0; i < d->count; i++) {
    const int at = (d->xyz[i][0] > axis_x) + 2 * (d->xyz[i][1] > axis_y);
    if (quadrant >= 0 && at != quadrant)
      continue;
    memcpy(xyz[n], d->xyz[i], sizeof *xyz);
    memcpy(group + n * d->members, d->group + i * d->members, (size_t)d->members);
    const double at_r[3] = {xyz[n][0], xyz[n][1], xyz[n][2]};
    r.height[n] = csro_planes_height(planes, at_r) - planes->shift[d->label[i]];
    number[n] = n;
    n++;
  }
  double bounds[6];
  const csro_points points = {xyz, false, n};
  must(context, csro_points_bounds(context, &points, bounds));
  for (int64_t i = 0; i < n; i++) {
    int at[3];
    for (int k = 0; k < 3; k++)
      at[k] = (int)fmin((k < 2 ? SIDE : 2) - 1, (xyz[i][k] - bounds[2 * k]) /
                                                    (bounds[2 * k + 1] - bounds[2 * k]) *
                                                    (k < 2 ? SIDE : 2));
    part[i] = (uint8_t)((at[2] * SIDE + at[1]) * SIDE + at[0]);
  }
  r.ions =
      (csro_labelled_ions){points, n, number, part, 2 * SIDE * SIDE, GROUPS, d->members, group};
  for (int g = 0; g < GROUPS; g++)
    r.variance[g] = fmax(0, planes->sigma_z * planes->sigma_z + (g ? planes->extra[g] : 0)) /
                    planes->spacing / planes->spacing;
  return r;
}

static void free_region(region *r) {
  free((void *)r->ions.points.xyz);
  free((void *)r->ions.group);
  free((void *)r->ions.part);
  free((void *)r->ions.number);
  free(r->height);
}

/* The largest |z| of each member so far. */
typedef struct record {
  double *largest;
  int members, values;
  char name[100];
} record;

static void keep(record *of, const double *value, int stride, const char *where, const char *what,
                 int a, int b, int number) {
  of->values++;
  if (csro_members_keep_largest(value, of->members, stride, of->largest))
    snprintf(of->name, sizeof of->name, "%s, %s %d of %s-%s", where, what, number, group_names[a],
             group_names[b]);
}

static void add_order(csro_context *context, const region *r, csro_neighbour_kind kind, int values,
                      double last, const char *name, const char *what, record *of) {
  const bool planes = kind == CSRO_NEIGHBOURS_PLANES;
  const csro_neighbour_bins bins = {
      kind, planes ? 10 * (values + 1) : values, 0, last, 0.6, spacing, planes ? r->height : NULL};
  const csro_order_values wanted = {kind, 1, values, 0.1, r->variance};
  const int members = r->ions.members, size = PAIRS * values;
  double *value = memory((int64_t)members * size, sizeof *value);
  int64_t *own = memory((int64_t)r->ions.parts * GROUPS, sizeof *own);
  csro_order_parameter *out = memory(size, sizeof *out);
  csro_neighbour_counts counts;
  csro_order_test test;
  must(context, csro_neighbour_counts_make(context, &r->ions, &bins, &counts));
  for (int m = 0; m < members; m++) {
    csro_neighbour_counts one = counts; /* the data are then this member */
    one.members = 1;
    one.of += m * csro_neighbour_block(&counts);
    one.ions = own;
    memset(own, 0, (size_t)(r->ions.parts * GROUPS) * sizeof *own);
    for (int64_t i = 0; i < r->ions.own; i++)
      own[r->ions.part[i] * GROUPS + r->ions.group[i * members + m]]++;
    must(context, csro_order_parameters_make(context, &one, &wanted, out, &test));
    for (int k = 0; k < size; k++)
      value[(int64_t)m * size + k] = out[k].alpha;
  }
  for (int k = 0; k < size; k++)
    keep(of, value + k, size, name, what, out[k].a, out[k].b, out[k].value);
  csro_neighbour_counts_release(&counts);
  free(own);
  free(value);
  free(out);
}

static void add_distances(csro_context *context, const region *r, const char *name, record *of) {
  csro_group_pair pair[PAIRS];
  for (int k = 0; k < PAIRS; k++)
    pair[k] = (csro_group_pair){1 + k / 4, 1 + k % 4};
  const csro_nearest_options options = {PAIRS, pair, NEAREST, 3, 30};
  csro_nearest_distances distances;
  must(context, csro_nearest_distances_make(context, &r->ions, &options, &distances));
  double *value = memory(r->ions.members, sizeof *value);
  for (int p = 0; p < PAIRS; p++)
    for (int k = 1; k <= NEAREST; k++) {
      for (int m = 0; m < r->ions.members; m++)
        value[m] = csro_nearest_mean(&distances, p, m, k);
      keep(of, value, 1, name, "mean distance", pair[p].from, pair[p].to, k);
    }
  free(value);
  csro_nearest_distances_release(&distances);
}

static void print_distribution(const record *of, const csro_members_test *test) {
  printf("%d values: largest |z| %.2f (%s), of copies %.2f (median), p = %.3f\n", of->values,
         test->largest, of->name, test->median, test->p);
  printf("|z| of the copies:");
  const int copies = of->members - 1;
  for (int percent = 0; percent <= 100; percent += 10)
    printf(" %d %% %.2f%s", percent, of->largest[1 + percent * (copies - 1) / 100],
           percent < 100 ? "," : "\n");
}

int main(int argc, char **argv) {
  if (argc < 2)
    stop("FOLDER [COPIES]");
  csro_context context;
  csro_context_init(&context);
  const data_set d = read_ions(&context, argv[1], argc > 2 ? atoi(argv[2]) : 199);
  const csro_points points = {d.xyz, false, d.count};
  csro_planes planes;
  must(&context, csro_planes_fit(&context, &points, d.label, spacing, NULL, &planes));
  int64_t(*sums)[3] = memory(csro_planes_blocks(&planes) + GROUPS + 1, sizeof *sums);
  must(&context, csro_planes_sum_blur(&context, &planes, &points, d.label, GROUPS, sums));
  must(&context, csro_planes_set_blur(&context, GROUPS, sums, &planes));
  printf("%lld ions, sigma_z %.3f nm\n", (long long)d.count, planes.sigma_z);
  record all = {memory(d.members, sizeof(double)), d.members, 0, ""};
  for (int quadrant = -1; quadrant < 4; quadrant++) {
    char name[40] = "whole";
    record own = {memory(d.members, sizeof(double)), d.members, 0, ""};
    if (quadrant >= 0)
      snprintf(name, sizeof name, "quadrant %cx%cy", quadrant % 2 ? '+' : '-',
               quadrant / 2 ? '+' : '-');
    region r = make_region(&context, &d, &planes, quadrant);
    add_order(&context, &r, CSRO_NEIGHBOURS_SHELLS, SHELLS, 1, name, "shell", &own);
    add_order(&context, &r, CSRO_NEIGHBOURS_RANKED, RANKED, 2, name, "nearest neighbour", &own);
    add_order(&context, &r, CSRO_NEIGHBOURS_PLANES, PLANES, PLANES + 1, name, "plane offset", &own);
    add_distances(&context, &r, name, &own);
    if (own.largest[0] > all.largest[0])
      memcpy(all.name, own.name, sizeof all.name);
    for (int m = 0; m < d.members; m++)
      all.largest[m] = fmax(all.largest[m], own.largest[m]);
    all.values += own.values;
    const csro_members_test test = csro_members_test_all(own.largest, d.members);
    printf("%s, %lld ions: ", name, (long long)r.ions.own);
    print_distribution(&own, &test);
    fflush(stdout);
    free(own.largest);
    free_region(&r);
  }
  const csro_members_test test = csro_members_test_all(all.largest, d.members);
  printf("all: ");
  print_distribution(&all, &test);
  csro_planes_release(&planes);
  return 0;
}

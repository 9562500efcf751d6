/* Which kinds of order are named in specimens of known order, and in how many without any: writes
 * the table of docs/detection.md. usage: bench_kinds [--seeds N]
 * Specimens: a cylinder of CoCrNi, 20 nm high, radius 8 nm (a = 0.36 nm, efficiency 0.52, noise 0.3
 * nm in x and y), 0.05 domains per nm^3 of 0.7 to 2.0 nm where nothing else is said. */
#include "csro/kinds.h"
#include "csro/specimen.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static csro_context context;

enum { LABELS = 16 };

/* A row of the table; 0 and NULL where it is as above. */
typedef struct specimen_row {
  const char *name, *composition, *order;
  double sigma_z, density, diameter[2], strength, pile_up;
  bool strict, gradient;
} specimen_row;

static const specimen_row rows[] = {
    {"Ni-rich", .order = "Ni"},
    {"Cr-rich", .order = "Cr"},
    {"Ni- and Cr-rich", .order = "Ni 1, Cr 1"},
    {"Ni-rich, sigma_z 0.06 nm", .order = "Ni", .sigma_z = 0.06},
    {"Ni-rich, sigma_z 0.08 nm", .order = "Ni", .sigma_z = 0.08},
    {"order of 0.7", .order = "Ni", .strength = 0.7},
    {"order of 0.5", .order = "Ni", .strength = 0.5},
    {"strict L1_2", .order = "Ni", .strict = true},
    {"10 % Ni", .composition = "Co 45, Cr 45, Ni 10", .order = "Ni"},
    {"domains of 0.7 to 1.0 nm", .order = "Ni", .diameter = {0.7, 1}},
    {"domains of 3 to 5 nm, 0.003 per nm^3", .order = "Ni", .density = 0.003, .diameter = {3, 5}},
    {"0.002 domains per nm^3", .order = "Ni", .density = 0.002},
    {"no order", .density = -1},
    {"no order, sigma_z 0.06 nm", .density = -1, .sigma_z = 0.06},
    {"no order, a gradient of Ni from 10 to 50 %", .density = -1, .gradient = true},
    {"no order, 35 % lost by pile-up", .density = -1, .pile_up = 0.87}};

static void must(csro_status status) {
  if (status == CSRO_OK)
    return;
  fprintf(stderr, "bench_kinds: %s\n", context.message);
  exit(1);
}

static void describe(const specimen_row *row, uint64_t seed, csro_specimen *s) {
  csro_specimen_default(s);
  s->shape = CSRO_SHAPE_FRUSTUM;
  s->radius[0] = s->radius[1] = 8;
  s->height = 20;
  s->seed = seed;
  s->domain_density = row->density == 0 ? 0.05 : fmax(row->density, 0);
  s->diameter[0] = row->diameter[0] > 0 ? row->diameter[0] : 0.7;
  s->diameter[1] = row->diameter[1] > 0 ? row->diameter[1] : 2;
  s->sigma_z = row->sigma_z > 0 ? row->sigma_z : 0.03;
  s->order = row->strength > 0 ? row->strength : 1;
  if (row->composition)
    must(csro_specimen_set_composition(&context, s, row->composition));
  if (row->order)
    must(csro_specimen_set_order(
        &context, s, row->strict ? CSRO_ORDER_SUBLATTICE : CSRO_ORDER_PLANES, row->order));
  if (row->gradient)
    must(csro_specimen_set_gradient(&context, s, "Ni", CSRO_AXIS_X, 0.1, 0.5));
  if (row->pile_up > 0)
    s->pile_up = (csro_pile_up){row->pile_up, 0.25, 1, 2};
}

/* As Detect Order does. */
static int find(const csro_specimen *s, csro_order_kind_row *found, double *seconds,
                int64_t *ions) {
  csro_specimen_ions made;
  must(csro_specimen_simulate(&context, s, 0, 1, &made));
  csro_points points = {made.ions.xyz, made.ions.is_double, made.ions.count};
  double ions_of[LABELS] = {0};
  int of_label[LABELS], labels = s->species_count, count;
  for (int k = 0; k < LABELS; k++)
    of_label[k] = k >= 1 && k <= labels ? k - 1 : -1;
  for (int64_t i = 0; i < points.count; i++) {
    made.label[i] = made.label[i] > labels ? 0 : made.label[i];
    if (made.label[i] > 0)
      ions_of[made.label[i] - 1]++;
  }
  csro_pole_options options;
  csro_pole_map map;
  csro_planes planes;
  csro_pole_options_init(&options);
  must(csro_pole_find(&context, &points, made.label, &options, &map));
  must(csro_planes_fit(&context, &points, made.label, s->lattice_constant / 2,
                       map.summary.found ? &map : NULL, &planes));
  int64_t(*sums)[3] = calloc((size_t)(csro_planes_blocks(&planes) + labels + 1), sizeof *sums);
  must(sums ? CSRO_OK : CSRO_ERROR_MEMORY);
  must(csro_planes_sum_blur(&context, &planes, &points, made.label, labels, sums));
  must(csro_planes_set_blur(&context, labels, sums, &planes));
  const csro_kinds_task task = {&planes, 0, labels, LABELS - 1, of_label, ions_of};
  double begin = omp_get_wtime();
  must(csro_kinds_find(&context, &task, &points, made.label, found, &count));
  *seconds += omp_get_wtime() - begin;
  *ions += points.count;
  csro_planes_release(&planes);
  csro_pole_map_release(&map);
  csro_specimen_ions_release(&made);
  free(sums);
  return count;
}

static int falling(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x > y ? -1 : x < y;
}

/* How many of the specimens show the order they have, and another one. */
static void run(const specimen_row *row, int seeds) {
  int named = 0, other = 0;
  double seconds = 0, *evidence = calloc((size_t)seeds, sizeof *evidence);
  int64_t ions = 0;
  must(evidence ? CSRO_OK : CSRO_ERROR_MEMORY);
  for (int k = 0; k < seeds; k++) {
    csro_specimen s;
    csro_order_kind_row found[CSRO_KINDS];
    describe(row, (uint64_t)(k + 1), &s);
    int count = find(&s, found, &seconds, &ions), right = 0, wrong = 0;
    for (int i = 0; i < count; i++) {
      evidence[k] = i == 0 ? found[i].evidence : fmax(evidence[k], found[i].evidence);
      bool there = row->order && found[i].period == 2 &&
                   strstr(row->order, s.species[found[i].species].symbol);
      right += found[i].verdict == CSRO_KIND_FOUND && there;
      wrong += found[i].verdict == CSRO_KIND_FOUND && !there;
    }
    named += row->order && right == (strchr(row->order, ',') ? 2 : 1);
    other += wrong > 0;
  }
  qsort(evidence, (size_t)seeds, sizeof *evidence, falling);
  printf("| %s | %.1f | %.1f |", row->name, evidence[seeds / 2], evidence[0]);
  if (row->order)
    printf(" %d of %d |", named, seeds);
  else
    printf(" |");
  printf(" %d of %d | %.2f |\n", other, seeds, 1e6 * seconds / (double)ions);
  fflush(stdout);
  free(evidence);
}

int main(int argc, char **argv) {
  int seeds = argc > 2 && strcmp(argv[1], "--seeds") == 0 ? atoi(argv[2]) : 10;
  if ((argc > 1 && argc != 3) || seeds < 1) {
    fprintf(stderr, "usage: bench_kinds [--seeds N]\n");
    return 2;
  }
  csro_context_init(&context);
  context.threads = 1;
  printf("| specimen | evidence, median | highest | its order named | other order named | "
         "microseconds per ion |\n|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
    run(&rows[k], seeds);
  return 0;
}

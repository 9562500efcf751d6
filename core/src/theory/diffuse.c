#include "csro/diffuse.h"

#include "base/progress.h"
#include "theory/fft.h"
#include "theory/point_group.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_zones = 12 };

/* After how many zones of the cell the waves repeat on all sites. */
static int zones_of(const csro_lattice *lattice, int axis) {
  for (int zones = 1; zones <= most_zones; zones++) {
    bool repeats = true;
    for (int b = 1; b < lattice->basis_count; b++) {
      const double u = zones * (lattice->basis[b][axis] - lattice->basis[0][axis]);
      repeats = repeats && fabs(u - round(u)) < 1e-6;
    }
    if (repeats)
      return zones;
  }
  return 1;
}

void csro_diffuse_zones(const csro_lattice *lattice, int zones[3]) {
  for (int axis = 0; axis < 3; axis++)
    zones[axis] = zones_of(lattice, axis);
}

static csro_status find_species(csro_context *context, const csro_lattice *lattice,
                                csro_diffuse *diffuse) {
  int64_t counts[CSRO_LATTICE_SPECIES];
  csro_lattice_composition(lattice, counts);
  for (int s = 0; s < lattice->species_count; s++)
    if (counts[s] > 0)
      diffuse->species[diffuse->species_count++] = s;
  return diffuse->species_count > 1
             ? CSRO_OK
             : csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "%d species on the lattice, expected two or more", diffuse->species_count);
}

/* The lattice without its sites. */
static csro_status copy_lattice(csro_context *context, const csro_lattice *lattice,
                                csro_lattice *copy) {
  *copy = *lattice;
  copy->species = NULL;
  copy->basis = csro_allocate(context, lattice->basis_count, sizeof *copy->basis);
  copy->names = csro_allocate(context, lattice->species_count, sizeof *copy->names);
  if (!copy->basis || !copy->names)
    return CSRO_ERROR_MEMORY;
  memcpy(copy->basis, lattice->basis, (size_t)lattice->basis_count * sizeof *copy->basis);
  memcpy(copy->names, lattice->names, (size_t)lattice->species_count * sizeof *copy->names);
  return CSRO_OK;
}

csro_status csro_diffuse_init(csro_context *context, const csro_lattice *lattice, bool symmetrise,
                              csro_diffuse *diffuse) {
  *diffuse = (csro_diffuse){.symmetrise = symmetrise};
  csro_status status = copy_lattice(context, lattice, &diffuse->lattice);
  if (status == CSRO_OK)
    status = find_species(context, lattice, diffuse);
  csro_diffuse_zones(lattice, diffuse->zones);
  for (int axis = 0; axis < 3; axis++)
    diffuse->points[axis] = diffuse->zones[axis] * lattice->cells[axis];
  if (status == CSRO_OK) {
    const int64_t values = csro_diffuse_pairs(diffuse) * csro_diffuse_points(diffuse);
    diffuse->alpha = csro_allocate(context, values, sizeof *diffuse->alpha);
    if (diffuse->alpha)
      memset(diffuse->alpha, 0, (size_t)values * sizeof *diffuse->alpha);
    status = diffuse->alpha ? CSRO_OK : CSRO_ERROR_MEMORY;
  }
  if (status != CSRO_OK)
    csro_diffuse_release(diffuse);
  return status;
}

void csro_diffuse_release(csro_diffuse *diffuse) {
  if (!diffuse)
    return;
  csro_lattice_release(&diffuse->lattice);
  free(diffuse->alpha);
  free(diffuse->squares);
  *diffuse = (csro_diffuse){0};
}

double csro_diffuse_bytes(const csro_lattice *lattice, int configurations) {
  double points = 1;
  for (int axis = 0; axis < 3; axis++)
    points *= (double)zones_of(lattice, axis) * lattice->cells[axis];
  const double species = lattice->species_count;
  return 16 * species * (double)csro_lattice_site_count(lattice) +
         points * 4 * species * (species + 1) * (configurations > 1 ? 2 : 1);
}

int csro_diffuse_pairs(const csro_diffuse *diffuse) {
  return diffuse->species_count * (diffuse->species_count + 1) / 2;
}

int64_t csro_diffuse_points(const csro_diffuse *diffuse) {
  return (int64_t)diffuse->points[0] * diffuse->points[1] * diffuse->points[2];
}

void csro_diffuse_pair(const csro_diffuse *diffuse, int pair, int *i, int *j) {
  *i = 0;
  while (pair >= diffuse->species_count - *i)
    pair -= diffuse->species_count - (*i)++;
  *j = *i + pair;
}

double csro_diffuse_sign(const csro_diffuse *diffuse, int pair) {
  int i, j;
  csro_diffuse_pair(diffuse, pair, &i, &j);
  return i == j ? -1 : 1;
}

double csro_diffuse_error(const csro_diffuse *diffuse, int pair, int64_t point) {
  const double n = diffuse->configurations;
  return n < 2
             ? NAN
             : sqrt(diffuse->squares[pair * csro_diffuse_points(diffuse) + point] / (n * (n - 1)));
}

static csro_status check_same(csro_context *context, const csro_lattice *lattice,
                              const csro_diffuse *diffuse, const int64_t *counts) {
  const csro_lattice *first = &diffuse->lattice;
  bool same =
      lattice->basis_count == first->basis_count && lattice->species_count == first->species_count;
  for (int axis = 0; axis < 3; axis++)
    same = same && lattice->cells[axis] == first->cells[axis];
  for (int b = 0; same && b < first->basis_count; b++)
    for (int axis = 0; axis < 3; axis++)
      same = same && fabs(lattice->basis[b][axis] - first->basis[b][axis]) < 1e-3;
  for (int s = 0, there = 0; same && s < first->species_count; s++) {
    const bool expected = there < diffuse->species_count && diffuse->species[there] == s;
    same = strcmp(lattice->names[s], first->names[s]) == 0 && (counts[s] > 0) == expected;
    there += expected;
  }
  return same ? CSRO_OK
              : csro_fail(context, CSRO_ERROR_ARGUMENT,
                          "configurations of different cells, sites or species: expected all of "
                          "one lattice");
}

/* One configuration: its Fourier transforms and what turns them into amplitudes. */
typedef struct waves {
  int species, basis;
  int64_t cells;
  double c[CSRO_LATTICE_SPECIES];
  csro_complex *field;    /* [species][basis][cells] */
  csro_complex *phase[3]; /* [basis][points] */
} waves;

static void release_waves(waves *w) {
  free(w->field);
  for (int axis = 0; axis < 3; axis++)
    free(w->phase[axis]);
}

static csro_status fill_phases(csro_context *context, const csro_lattice *lattice,
                               const csro_diffuse *diffuse, waves *w) {
  const double pi = acos(-1);
  for (int axis = 0; axis < 3; axis++) {
    const int points = diffuse->points[axis];
    w->phase[axis] = csro_allocate(context, (int64_t)points * w->basis, sizeof *w->phase[axis]);
    if (!w->phase[axis])
      return CSRO_ERROR_MEMORY;
    for (int b = 0; b < w->basis; b++)
      for (int h = 0; h < points; h++) {
        const double turns = h * diffuse->lattice.basis[b][axis] / lattice->cells[axis];
        const double angle = 2 * pi * (turns - floor(turns));
        w->phase[axis][(int64_t)b * points + h] = (csro_complex){cos(angle), sin(angle)};
      }
  }
  return CSRO_OK;
}

static csro_status fill_fields(csro_context *context, const csro_lattice *lattice,
                               const csro_diffuse *diffuse, waves *w) {
  csro_status status = CSRO_OK;
  w->field = csro_allocate(context, w->species * w->basis * w->cells, sizeof *w->field);
  if (!w->field)
    return CSRO_ERROR_MEMORY;
  csro_progress progress;
  csro_progress_start(&progress, context, (int64_t)w->species * w->basis, 0, 0.9);
  for (int s = 0; s < w->species && status == CSRO_OK; s++)
    for (int b = 0; b < w->basis && status == CSRO_OK; b++) {
      csro_complex *field = w->field + ((int64_t)s * w->basis + b) * w->cells;
      const uint8_t *species = lattice->species + b * w->cells;
      for (int64_t i = 0; i < w->cells; i++)
        field[i] = (csro_complex){(species[i] == diffuse->species[s]) - w->c[s], 0};
      status = csro_fft_grid(context, lattice->cells, field);
      if (status == CSRO_OK && csro_progress_add(&progress, 1))
        status = csro_progress_end(&progress);
    }
  return status;
}

/* Amplitudes of all species at the point h, k, l. */
static void find_amplitudes(const csro_lattice *lattice, const csro_diffuse *diffuse,
                            const waves *w, const int at[3], csro_complex *amplitude) {
  const int64_t cell =
      ((int64_t)(at[2] % lattice->cells[2]) * lattice->cells[1] + at[1] % lattice->cells[1]) *
          lattice->cells[0] +
      at[0] % lattice->cells[0];
  memset(amplitude, 0, (size_t)w->species * sizeof *amplitude);
  for (int b = 0; b < w->basis; b++) {
    csro_complex phase = {1, 0};
    for (int axis = 0; axis < 3; axis++) {
      const csro_complex p = w->phase[axis][(int64_t)b * diffuse->points[axis] + at[axis]];
      phase = (csro_complex){phase.re * p.re - phase.im * p.im, phase.re * p.im + phase.im * p.re};
    }
    for (int s = 0; s < w->species; s++) {
      const csro_complex f = w->field[((int64_t)s * w->basis + b) * w->cells + cell];
      amplitude[s].re += phase.re * f.re - phase.im * f.im;
      amplitude[s].im += phase.re * f.im + phase.im * f.re;
    }
  }
}

/* What the transforms leave of a sum that is zero. */
static const double rounding = 1e-20;

/* Adds the alpha of all pairs at a point: sum[pairs]. */
static void add_alpha(const csro_lattice *lattice, const csro_diffuse *diffuse, const waves *w,
                      const int at[3], double *sum) {
  const double sites = (double)w->cells * lattice->basis_count;
  csro_complex a[CSRO_LATTICE_SPECIES];
  find_amplitudes(lattice, diffuse, w, at, a);
  for (int i = 0; i < w->species; i++)
    for (int j = i; j < w->species; j++) {
      const double alpha = (a[i].re * a[j].re + a[i].im * a[j].im) / (sites * w->c[i] * w->c[j]);
      *sum++ -= fabs(alpha) < rounding ? 0 : alpha;
    }
}

/* Takes the values of one point in: running mean and sum of squared deviations (Welford). */
static void take(csro_diffuse *diffuse, const double *value, int64_t at) {
  const double n = diffuse->configurations + 1;
  const int64_t points = csro_diffuse_points(diffuse);
  for (int pair = 0; pair < csro_diffuse_pairs(diffuse); pair++, at += points) {
    const double before = value[pair] - diffuse->alpha[at];
    diffuse->alpha[at] += before / n;
    if (diffuse->squares)
      diffuse->squares[at] += before * (value[pair] - diffuse->alpha[at]);
  }
}

/* The points that the operations make of one: orbit[count], each once. 0 where one of them comes
 * before it on the grid, which takes it in. */
static int find_orbit(const csro_diffuse *diffuse, int operations, const csro_operation *operation,
                      const int at[3], int64_t orbit[CSRO_OPERATIONS]) {
  int count = 0;
  for (int k = 0; k < operations; k++) {
    const int64_t point = csro_operation_point(&operation[k], diffuse->points, at);
    int same = 0;
    while (same < count && orbit[same] != point)
      same++;
    if (k > 0 && point < orbit[0])
      return 0;
    if (same == count)
      orbit[count++] = point;
  }
  return count;
}

/* The mean over the points that the symmetry makes of one is what each of them gets. */
static void take_orbit(const csro_lattice *lattice, const waves *w, int operations,
                       const csro_operation *operation, const int at[3], csro_diffuse *diffuse) {
  enum { PAIRS = CSRO_LATTICE_SPECIES * (CSRO_LATTICE_SPECIES + 1) / 2 };
  const int *n = diffuse->points;
  int64_t orbit[CSRO_OPERATIONS];
  double value[PAIRS] = {0};
  const int count = find_orbit(diffuse, operations, operation, at, orbit);
  for (int k = 0; k < count; k++) {
    const int64_t p = orbit[k], row = p / n[0];
    add_alpha(lattice, diffuse, w, (int[3]){(int)(p % n[0]), (int)(row % n[1]), (int)(row / n[1])},
              value);
  }
  for (int pair = 0; pair < csro_diffuse_pairs(diffuse) && count > 1; pair++)
    value[pair] /= count;
  for (int k = 0; k < count; k++)
    take(diffuse, value, orbit[k]);
}

static void take_waves(csro_context *context, const csro_lattice *lattice, const waves *w,
                       csro_diffuse *diffuse) {
  csro_operation operation[CSRO_OPERATIONS];
  const int all = csro_point_group(diffuse, operation), operations = diffuse->symmetrise ? all : 1;
#pragma omp parallel for num_threads(context->threads) schedule(dynamic)
  for (int l = 0; l < diffuse->points[2]; l++)
    for (int k = 0; k < diffuse->points[1]; k++)
      for (int h = 0; h < diffuse->points[0]; h++)
        take_orbit(lattice, w, operations, operation, (int[3]){h, k, l}, diffuse);
}

static csro_status make_squares(csro_context *context, csro_diffuse *diffuse) {
  if (diffuse->configurations != 1)
    return CSRO_OK;
  const int64_t values = csro_diffuse_pairs(diffuse) * csro_diffuse_points(diffuse);
  diffuse->squares = csro_allocate(context, values, sizeof *diffuse->squares);
  if (diffuse->squares)
    memset(diffuse->squares, 0, (size_t)values * sizeof *diffuse->squares);
  return diffuse->squares ? CSRO_OK : CSRO_ERROR_MEMORY;
}

csro_status csro_diffuse_add(csro_context *context, const csro_lattice *lattice,
                             csro_diffuse *diffuse) {
  int64_t counts[CSRO_LATTICE_SPECIES] = {0};
  csro_lattice_composition(lattice, counts);
  csro_status status = check_same(context, lattice, diffuse, counts);
  waves w = {.species = diffuse->species_count,
             .basis = lattice->basis_count,
             .cells = csro_lattice_cell_count(lattice)};
  for (int s = 0; s < w.species; s++)
    w.c[s] = (double)counts[diffuse->species[s]] / (double)csro_lattice_site_count(lattice);
  if (status == CSRO_OK)
    status = make_squares(context, diffuse);
  if (status == CSRO_OK)
    status = fill_phases(context, lattice, diffuse, &w);
  if (status == CSRO_OK)
    status = fill_fields(context, lattice, diffuse, &w);
  if (status == CSRO_OK) {
    take_waves(context, lattice, &w, diffuse);
    diffuse->configurations++;
    for (int s = 0; s < w.species; s++)
      diffuse->fractions[s] += (w.c[s] - diffuse->fractions[s]) / diffuse->configurations;
  }
  release_waves(&w);
  return status;
}

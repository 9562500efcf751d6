#include "csro/patterns.h"

#include "base/progress.h"
#include "csro/random.h"
#include "voxel/cells.h"
#include "zsdm/pairs.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

enum {
  CELLS = 3,      /* along each edge of the crystal */
  SITES = 172,    /* of that crystal, with those on its far faces */
  SIGMA_XY = 13,  /* 0.20 .. 0.80 nm */
  EFFICIENCY = 10 /* 0.20 .. 0.65 */
};
static const double lattice_constant = 0.36; /* nm */

/* The grid of one class: sigma_z in thousandths of nm from `first` in steps of 2. */
typedef struct pattern_class {
  int first, count;
} pattern_class;

static const pattern_class classes[] = {{10, 25}, {20, 15}};

typedef struct site {
  double r[3];
  bool ordered; /* carries the species in the ordered crystal */
} site;

/* The ordered species sits on the corners of the cubes, which are every second (002) plane, or on
 * every second (111) plane. */
static bool is_ordered_site(csro_pole pole, int i, int j, int k) {
  if (pole == CSRO_POLE_002)
    return i % 2 == 0 && j % 2 == 0 && k % 2 == 0;
  return (i + j + k) % 4 == 0;
}

/* The crystal with the pole along z; i, j, k count half cells. */
static void make_sites(csro_pole pole, site sites[SITES]) {
  const double s2 = sqrt(0.5), s3 = sqrt(1.0 / 3), s6 = sqrt(1.0 / 6);
  int n = 0;
  for (int i = 0; i <= 2 * CELLS; i++)
    for (int j = 0; j <= 2 * CELLS; j++)
      for (int k = 0; k <= 2 * CELLS; k++) {
        if ((i + j + k) % 2 != 0)
          continue;
        double x = i * lattice_constant / 2, y = j * lattice_constant / 2,
               z = k * lattice_constant / 2;
        sites[n] = (site){.r = {x, y, z}, .ordered = is_ordered_site(pole, i, j, k)};
        if (pole == CSRO_POLE_111) {
          sites[n].r[0] = (x - y) * s2;
          sites[n].r[1] = (x + y - 2 * z) * s6;
          sites[n].r[2] = (x + y + z) * s3;
        }
        n++;
      }
}

/* Moves a random choice of `count` sites to the front. */
static void choose_sites(csro_random *random, int count, int order[SITES]) {
  for (int k = 0; k < SITES; k++)
    order[k] = k;
  for (int k = 0; k < count; k++) {
    int other = k + (int)csro_random_below(random, (uint64_t)(SITES - k));
    int kept = order[k];
    order[k] = order[other];
    order[other] = kept;
  }
}

typedef struct grid_point {
  bool ordered;
  double sigma_xy, sigma_z, efficiency;
} grid_point;

/* sigma_xy changes slowest, the efficiency fastest. */
static grid_point grid_at(int64_t pattern) {
  grid_point at = {0};
  int64_t random_patterns = (int64_t)SIGMA_XY * classes[0].count * EFFICIENCY;
  at.ordered = pattern >= random_patterns;
  const pattern_class *class = &classes[at.ordered];
  int64_t index = at.ordered ? pattern - random_patterns : pattern;
  /* As the published grid was summed up: 0.5 comes out just below, and gives 85 sites, not 86. */
  at.efficiency = 0.2 + (double)(index % EFFICIENCY) * (0.25 - 0.2);
  index /= EFFICIENCY;
  at.sigma_z = (class->first + 2 * (int)(index % class->count)) / 1000.0;
  at.sigma_xy = (20 + 5 * (int)(index / class->count)) / 100.0;
  return at;
}

/* The detected ions of the species, each displaced by noise; returns their number. */
static int simulate_ions(csro_random *random, const site sites[SITES], const grid_point *at,
                         double *x, double *y, double *z) {
  int order[SITES], detected = (int)(SITES * at->efficiency), n = 0;
  choose_sites(random, detected, order);
  for (int k = 0; k < detected; k++) {
    const site *s = &sites[order[k]];
    if (at->ordered && !s->ordered)
      continue;
    x[n] = s->r[0] + at->sigma_xy * csro_random_normal(random);
    y[n] = s->r[1] + at->sigma_xy * csro_random_normal(random);
    z[n++] = s->r[2] + at->sigma_z * csro_random_normal(random);
  }
  return n;
}

static void fill_pattern(csro_patterns *patterns, const site sites[SITES], const csro_bins *bins,
                         uint64_t seed, int64_t pattern, csro_pairs *pairs) {
  double x[SITES + CSRO_CELLS_PADDING] = {0}, y[SITES + CSRO_CELLS_PADDING] = {0},
                   z[SITES + CSRO_CELLS_PADDING] = {0};
  grid_point at = grid_at(pattern);
  csro_random random;
  csro_random_init(&random, seed, (uint64_t)pattern);
  int n = simulate_ions(&random, sites, &at, x, y, z);
  csro_pairs_clear(pairs);
  csro_pairs_among(pairs, x, y, z, n);
  for (int b = 0; b < bins->kept; b++)
    patterns->counts[pattern * bins->kept + b] = csro_pairs_count(pairs, bins->first + b);
  patterns->label[pattern] = at.ordered;
  patterns->parameters[pattern][0] = (float)at.sigma_xy;
  patterns->parameters[pattern][1] = (float)at.sigma_z;
  patterns->parameters[pattern][2] = (float)at.efficiency;
}

static csro_status fill_patterns(csro_context *context, csro_pole pole, const csro_bins *bins,
                                 uint64_t seed, csro_pairs *pairs, csro_patterns *patterns) {
  site sites[SITES];
  make_sites(pole, sites);
  csro_progress progress;
  csro_progress_start(&progress, context, patterns->count, 0.0, 1.0);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 32)
  for (int64_t pattern = 0; pattern < patterns->count; pattern++)
    if (!csro_progress_add(&progress, 1))
      fill_pattern(patterns, sites, bins, seed, pattern, &pairs[omp_get_thread_num()]);
  return csro_progress_end(&progress);
}

static csro_status allocate_patterns(csro_context *context, const csro_bins *bins,
                                     csro_patterns *patterns) {
  patterns->count = (int64_t)SIGMA_XY * EFFICIENCY * (classes[0].count + classes[1].count);
  patterns->bins = bins->kept;
  patterns->counts = csro_allocate(context, patterns->count * bins->kept, sizeof *patterns->counts);
  patterns->label = csro_allocate(context, patterns->count, sizeof *patterns->label);
  patterns->parameters = csro_allocate(context, patterns->count, sizeof *patterns->parameters);
  bool all = patterns->counts && patterns->label && patterns->parameters;
  return all ? CSRO_OK : CSRO_ERROR_MEMORY;
}

csro_status csro_patterns_published(csro_context *context, csro_pole pole, const csro_bins *bins,
                                    uint64_t seed, csro_patterns *patterns) {
  *patterns = (csro_patterns){0};
  if (pole != CSRO_POLE_002 && pole != CSRO_POLE_111)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "unknown pole %d of the patterns", pole);
  csro_pairs *pairs = csro_allocate(context, context->threads, sizeof *pairs);
  if (!pairs)
    return CSRO_ERROR_MEMORY;
  csro_status status = allocate_patterns(context, bins, patterns);
  int made = 0;
  while (status == CSRO_OK && made < context->threads) {
    status = csro_pairs_make(context, bins, &pairs[made]);
    made += status == CSRO_OK;
  }
  if (status == CSRO_OK)
    status = fill_patterns(context, pole, bins, seed, pairs, patterns);
  while (made > 0)
    csro_pairs_free(&pairs[--made]);
  free(pairs);
  if (status != CSRO_OK)
    csro_patterns_free(patterns);
  return status;
}

void csro_patterns_free(csro_patterns *patterns) {
  if (!patterns)
    return;
  free(patterns->counts);
  free(patterns->label);
  free(patterns->parameters);
  *patterns = (csro_patterns){0};
}

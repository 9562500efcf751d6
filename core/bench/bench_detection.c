/* How well order is detected in specimens of known truth: writes the tables of docs/detection.md.
 * usage: bench_detection [--threads N] [--seeds FIRST LAST]
 * Specimens: the frustum of 1.4 million ions (120 nm high, radius 7.5 to 10.5 nm, a = 0.36 nm,
 * efficiency 0.52, noise 0.3 nm in x and y), 0.05 domains per nm^3 of 0.7 to 2.0 nm. */
#include "csro/detection.h"
#include "csro/order.h"
#include "csro/random.h"
#include "order/evidence.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  CLASSES = 4,
  NICKEL = 3,
  HYDROGEN = 4,
  CENTRE_INSIDE = 39 /* ions: the centre of a voxel with fewer is outside of the specimen */
};
static const double edges[] = {0.7, 1.0, 1.3, 1.6, 2.0};
static const csro_size_classes size_classes = {5, edges};
static const double shares[] = {0.05, 0.1, 0.2};
static const double far_away = 0.75; /* nm, of voxels outside and of decoys */

static csro_context context;

static void must(csro_status status) {
  if (status == CSRO_OK)
    return;
  fprintf(stderr, "bench_detection: %s\n", context.message);
  exit(1);
}

static void *need(size_t count, size_t size) {
  void *memory = calloc(count, size);
  must(memory ? CSRO_OK : csro_fail(&context, CSRO_ERROR_MEMORY, "out of memory"));
  return memory;
}

typedef struct sample {
  csro_specimen specimen;
  csro_specimen_ions made;
  csro_points points;
  int64_t domains;
  csro_true_domain *truth;
  int64_t *true_domain; /* of each ion */
  csro_grid grid;
  int64_t voxels;
  int32_t *voxel_truth;
  uint8_t *inside; /* voxels whose centre lies in the specimen */
  csro_pole_map map;
  csro_planes planes;
  float *even;
} sample;

static void find_voxels(sample *s) {
  const double box[6] = {-10, 10, -10, 10, -120, 0};
  must(csro_grid_init(&context, box, 1, 0.5, 0.75, &s->grid));
  s->voxels = s->grid.n[0] * s->grid.n[1] * s->grid.n[2];
  s->voxel_truth = need((size_t)s->voxels, sizeof *s->voxel_truth);
  s->inside = need((size_t)s->voxels, 1);
  int32_t *ions = need((size_t)s->voxels, sizeof *ions);
  must(csro_voxel_truth(&context, &s->grid, s->domains, s->truth, far_away, s->voxel_truth));
  const csro_block all = csro_block_whole(s->grid.n);
  must(csro_voxel_counts(&context, &s->grid, &all, &s->points, NULL, 0, NULL, ions));
  for (int64_t v = 0; v < s->voxels; v++)
    s->inside[v] = ions[v] >= CENTRE_INSIDE;
  free(ions);
}

/* As Detect Order does. */
static void find_planes(sample *s) {
  csro_pole_options options;
  csro_pole_options_init(&options);
  must(csro_pole_find(&context, &s->points, s->made.label, &options, &s->map));
  must(csro_planes_fit(&context, &s->points, s->made.label, 0, &s->map, &s->planes));
  int64_t(*sums)[3] = need((size_t)csro_planes_blocks(&s->planes) + HYDROGEN + 1, sizeof *sums);
  must(csro_planes_sum_blur(&context, &s->planes, &s->points, s->made.label, HYDROGEN, sums));
  must(csro_planes_set_blur(&context, HYDROGEN, sums, &s->planes));
  must(csro_planes_parity(&context, &s->planes, 0, &s->points, s->made.label, s->even));
  free(sums);
}

static void make(double sigma_z, double density, uint64_t seed, sample *s) {
  *s = (sample){0};
  csro_specimen_default(&s->specimen);
  s->specimen.shape = CSRO_SHAPE_FRUSTUM;
  s->specimen.radius[0] = 7.5;
  s->specimen.radius[1] = 10.5;
  s->specimen.height = 120;
  s->specimen.sigma_z = sigma_z;
  s->specimen.domain_density = density;
  s->specimen.diameter[0] = 0.7;
  s->specimen.diameter[1] = 2.0;
  s->specimen.seed = seed;
  must(csro_specimen_simulate(&context, &s->specimen, 0, 1, &s->made));
  must(csro_specimen_domains(&context, &s->specimen, &s->domains, &s->truth));
  int64_t n = s->made.ions.count;
  s->points = (csro_points){s->made.ions.xyz, s->made.ions.is_double, n};
  s->true_domain = need((size_t)n, sizeof *s->true_domain);
  s->even = need((size_t)n, sizeof *s->even);
  for (int64_t i = 0; i < n; i++) {
    s->true_domain[i] = s->made.true_domain[i];
    if (s->made.label[i] == HYDROGEN)
      s->made.label[i] = 0;
  }
  find_voxels(s);
  find_planes(s);
}

static void release(sample *s) {
  csro_specimen_ions_release(&s->made);
  csro_planes_release(&s->planes);
  csro_pole_map_release(&s->map);
  free(s->truth);
  free(s->true_domain);
  free(s->voxel_truth);
  free(s->inside);
  free(s->even);
}

/* What a table shows of one detector, sums over the seeds. */
typedef struct result {
  int samples, recalls;
  double area[1 + CLASSES], positive, recall[CLASSES], declared[3], wrong[3], seconds;
} result;

static void judge_voxels(const sample *s, float *score, result *out) {
  for (int64_t v = 0; v < s->voxels; v++)
    if (!s->inside[v])
      score[v] = NAN;
  for (int k = 0; k <= CLASSES; k++) {
    csro_roc roc;
    must(csro_voxel_roc(&context, s->voxels, score, s->voxel_truth, s->truth, &size_classes,
                        k == 0 ? -1 : k, &roc));
    out->area[k] += roc.area;
    out->positive += k == 0 ? csro_roc_true_positive(&roc, 0.01) : 0;
    csro_roc_release(&roc);
  }
  out->samples++;
}

static void judge_domains(const sample *s, const csro_order *order, result *out) {
  double *value = need((size_t)order->count + 1, sizeof *value);
  for (int64_t d = 0; d < order->count; d++)
    value[d] = -(double)d;
  csro_detection detection;
  must(csro_detection_init(&context, s->points.count, order->domain, s->true_domain, order->count,
                           value, s->domains, s->truth, &size_classes, &detection));
  int64_t row = csro_detection_row(&detection, 0.1);
  for (int k = 0; k < CLASSES; k++)
    out->recall[k] += (double)detection.recalled[row * detection.classes + k + 1] /
                      (double)detection.domains[k + 1];
  out->recalls++;
  for (int k = 0; k < 3; k++) { /* one report a row: row n holds the first n */
    int64_t count = csro_order_select_fdr(order->count, order->domains, shares[k]);
    out->declared[k] += (double)count;
    out->wrong[k] += (double)detection.wrong[count];
  }
  csro_detection_release(&detection);
  free(value);
}

static csro_order_options default_options(const sample *s) {
  return (csro_order_options){{0.7, 2.1}, 0.3, s->planes.sigma_z};
}

static void run_detector(const sample *s, bool same_species, result *out) {
  csro_order_options options = default_options(s);
  csro_order order;
  float *signal = need((size_t)s->points.count, sizeof *signal);
  float *probability = need((size_t)s->voxels, sizeof *probability);
  must(csro_order_signal(&context, s->made.label, NICKEL, NULL, s->points.count, s->even,
                         same_species, signal));
  double begin = omp_get_wtime();
  must(csro_order_find(&context, &s->points, signal, &options, &s->grid, probability, &order));
  out->seconds += omp_get_wtime() - begin;
  judge_voxels(s, probability, out);
  judge_domains(s, &order, out);
  csro_order_release(&order);
  free(signal);
  free(probability);
}

/* abs(sum w exp(2 pi i z / a))^2 / n over the ball of a voxel; w = 2/3 for Ni, -1/3 for others. */
static void run_intensity(const sample *s, result *out) {
  double bounds[6];
  float *score = need((size_t)s->voxels, sizeof *score);
  must(csro_points_bounds(&context, &s->points, bounds));
  csro_signal_ions ions;
  float *weight = need((size_t)s->points.count, sizeof *weight);
  for (int64_t i = 0; i < s->points.count; i++)
    weight[i] = s->made.label[i] == NICKEL ? 2.0f / 3 : s->made.label[i] > 0 ? -1.0f / 3 : 0;
  must(csro_signal_ions_init(&context, &s->points, weight, bounds, bounds, &ions));
#pragma omp parallel for num_threads(context.threads)
  for (int64_t v = 0; v < s->voxels; v++) {
    double c[3], re = 0, im = 0, n = 0;
    int64_t lo[3], hi[3];
    csro_voxel_center(&s->grid, v % s->grid.n[0], v / s->grid.n[0] % s->grid.n[1],
                      v / s->grid.n[0] / s->grid.n[1], c);
    if (!csro_signal_block(&ions, c, s->grid.radius, s->grid.radius, lo, hi))
      continue;
    for (int64_t k = lo[2]; k <= hi[2]; k++)
      for (int64_t j = lo[1]; j <= hi[1]; j++) {
        int64_t row = (k * ions.n[1] + j) * ions.n[0];
        for (int64_t i = ions.start[row + lo[0]]; i < ions.start[row + hi[0] + 1]; i++) {
          double x = ions.x[i] - c[0], y = ions.y[i] - c[1], z = ions.z[i] - c[2];
          if (x * x + y * y + z * z > s->grid.radius * s->grid.radius)
            continue;
          double angle = 6.283185307179586 * ions.z[i] / s->specimen.lattice_constant;
          re += ions.signal[i] * cos(angle);
          im += ions.signal[i] * sin(angle);
          n += ions.signal[i] != 0;
        }
      }
    score[v] = n > 0 ? (float)((re * re + im * im) / n) : 0;
  }
  judge_voxels(s, score, out);
  csro_signal_ions_release(&ions);
  free(weight);
  free(score);
}

static int falling(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x > y ? -1 : x < y;
}

static double best_of(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                      const double center[3], double diameter, csro_evidence_scratch *scratch) {
  float evidence[CSRO_ORDER_RADII][2];
  int nearest = 0;
  must(csro_evidence(ions, profiles, center, scratch, evidence) ? CSRO_OK : CSRO_ERROR_MEMORY);
  for (int k = 1; k < CSRO_ORDER_RADII; k++)
    if (fabs(2 * profiles->radius[k] - diameter) < fabs(2 * profiles->radius[nearest] - diameter))
      nearest = k;
  return fmax(evidence[nearest][0], evidence[nearest][1]);
}

/* A random place in the specimen, away from all domains. */
static void draw_decoy(const sample *s, csro_random *random, double r[3]) {
  bool bad = true;
  while (bad) {
    r[2] = -1 - csro_random_uniform(random) * (s->specimen.height - 2);
    double radius = 7.5 - 3 * r[2] / s->specimen.height - 1;
    r[0] = (2 * csro_random_uniform(random) - 1) * radius;
    r[1] = (2 * csro_random_uniform(random) - 1) * radius;
    bad = r[0] * r[0] + r[1] * r[1] > radius * radius;
    for (int64_t d = 0; d < s->domains && !bad; d++) {
      double square = 0, reach = s->truth[d].diameter / 2 + far_away;
      for (int a = 0; a < 3; a++)
        square += (r[a] - s->truth[d].center[a]) * (r[a] - s->truth[d].center[a]);
      bad = square < reach * reach;
    }
  }
}

/* Knows place and size of each domain, and has to tell it from decoys, one per nm^3. */
static void run_oracle(const sample *s, result *out) {
  const double diameter[2] = {0.7, 2.0};
  double bounds[6];
  csro_signal_ions ions;
  csro_ball_profiles profiles;
  csro_evidence_scratch scratch = {0};
  csro_random random;
  float *signal = need((size_t)s->points.count, sizeof *signal);
  must(csro_order_signal(&context, s->made.label, NICKEL, NULL, s->points.count, s->even, false,
                         signal));
  must(csro_points_bounds(&context, &s->points, bounds));
  must(csro_signal_ions_init(&context, &s->points, signal, bounds, bounds, &ions));
  must(csro_ball_profiles_init(&context, diameter, s->specimen.sigma_xy, s->planes.sigma_z,
                               &profiles));
  int64_t decoys = (int64_t)csro_specimen_volume(&s->specimen), wrong = 0, right = 0;
  double *chance = need((size_t)decoys, sizeof *chance);
  double *known = need((size_t)s->domains, sizeof *known);
  double *sorted = need((size_t)s->domains, sizeof *sorted);
  csro_random_init(&random, s->specimen.seed, UINT64_C(1) << 60);
  for (int64_t k = 0; k < decoys; k++) {
    double r[3], wide = 0.7 + 1.3 * csro_random_uniform(&random);
    draw_decoy(s, &random, r);
    chance[k] = best_of(&ions, &profiles, r, wide, &scratch);
  }
  for (int64_t d = 0; d < s->domains; d++)
    sorted[d] = known[d] =
        best_of(&ions, &profiles, s->truth[d].center, s->truth[d].diameter, &scratch);
  qsort(chance, (size_t)decoys, sizeof *chance, falling);
  qsort(sorted, (size_t)s->domains, sizeof *sorted, falling);
  double threshold = INFINITY;
  for (right = 1; right <= s->domains; right++) {
    while (wrong < decoys && chance[wrong] >= sorted[right - 1])
      wrong++;
    if ((double)wrong <= 0.1 * (double)(right + wrong))
      threshold = sorted[right - 1];
  }
  for (int k = 0; k < CLASSES; k++) {
    double all = 0, found = 0;
    for (int64_t d = 0; d < s->domains; d++)
      if (csro_size_class(&size_classes, s->truth[d].diameter) == k + 1) {
        all++;
        found += known[d] >= threshold;
      }
    out->recall[k] += found / all;
  }
  out->recalls++;
  free(chance);
  free(known);
  free(sorted);
  free(signal);
  csro_evidence_scratch_release(&scratch);
  csro_ball_profiles_release(&profiles);
  csro_signal_ions_release(&ions);
}

static void print_voxels(const char *name, double sigma_z, const result *r) {
  printf("| %s | %.2f |", name, sigma_z);
  for (int k = 0; k <= CLASSES; k++)
    printf(" %.3f |", r->area[k] / r->samples);
  printf(" %.2f |\n", r->positive / r->samples);
}

static void print_domains(const char *name, double sigma_z, const result *r) {
  printf("| %s | %.2f |", name, sigma_z);
  for (int k = 0; k < CLASSES; k++)
    printf(" %.2f |", r->recall[k] / r->recalls);
  for (int k = 0; k < 3; k++)
    if (r->declared[k] > 0)
      printf(" %.1f %% |", 100 * r->wrong[k] / r->declared[k]);
    else
      printf(" |");
  if (r->samples > 0)
    printf(" %.0f |\n", r->seconds / r->samples);
  else
    printf(" |\n");
  fflush(stdout);
}

/* Nothing must be declared where there is no order. */
static void run_without_order(uint64_t seed) {
  printf("\n| without order | declared at 10 %% | estimated domains per nm^3 |\n|---|---|---|\n");
  for (int copy = 0; copy < 2; copy++) {
    sample s;
    make(0.06, copy ? 0.05 : 0, seed, &s);
    uint16_t *label = need((size_t)s.points.count, sizeof *label);
    csro_permutation permutation;
    csro_permutation_init(&permutation, seed, (uint64_t)s.points.count);
    for (int64_t i = 0; i < s.points.count; i++)
      label[i] = s.made.label[copy ? (int64_t)csro_permutation_at(&permutation, (uint64_t)i) : i];
    csro_order_options options = default_options(&s);
    csro_order order;
    must(csro_order_signal(&context, label, NICKEL, NULL, s.points.count, s.even, false, s.even));
    must(csro_order_find(&context, &s.points, s.even, &options, &s.grid, NULL, &order));
    printf("| %s | %lld | %.2g |\n", copy ? "randomised labels" : "no domains",
           (long long)csro_order_select_fdr(order.count, order.domains, 0.1), order.density);
    csro_order_release(&order);
    free(label);
    release(&s);
  }
}

int main(int argc, char **argv) {
  uint64_t first = 101, last = 102;
  csro_context_init(&context);
  for (int k = 1; k < argc; k++)
    if (strcmp(argv[k], "--threads") == 0 && k + 1 < argc) {
      context.threads = atoi(argv[++k]);
    } else if (strcmp(argv[k], "--seeds") == 0 && k + 2 < argc) {
      first = (uint64_t)atoll(argv[++k]);
      last = (uint64_t)atoll(argv[++k]);
    } else {
      fprintf(stderr, "usage: bench_detection [--threads N] [--seeds FIRST LAST]\n");
      return 2;
    }
  const double noise[] = {0.03, 0.06, 0.08};
  result all[3] = {0}, alone[3] = {0}, intensity[3] = {0}, oracle[3] = {0};
  for (int k = 0; k < 3; k++)
    for (uint64_t seed = first; seed <= last; seed++) {
      sample s;
      make(noise[k], 0.05, seed, &s);
      run_detector(&s, false, &all[k]);
      run_detector(&s, true, &alone[k]);
      run_intensity(&s, &intensity[k]);
      run_oracle(&s, &oracle[k]);
      release(&s);
    }
  printf("| voxels | sigma_z, nm | AUC all | 0.7-1.0 nm | 1.0-1.3 | 1.3-1.6 | 1.6-2.0 | true "
         "positives at 1 %% false |\n|---|---|---|---|---|---|---|---|\n");
  for (int k = 0; k < 3; k++) {
    print_voxels("DetectOrder", noise[k], &all[k]);
    print_voxels("DetectOrder, Ni alone", noise[k], &alone[k]);
    print_voxels("superlattice intensity", noise[k], &intensity[k]);
  }
  printf("\n| domains: recall at 10 %% false | sigma_z, nm | 0.7-1.0 nm | 1.0-1.3 | 1.3-1.6 | "
         "1.6-2.0 | false of declared 5 %% | 10 %% | 20 %% | seconds |\n"
         "|---|---|---|---|---|---|---|---|---|---|\n");
  for (int k = 0; k < 3; k++) {
    print_domains("DetectOrder", noise[k], &all[k]);
    print_domains("DetectOrder, Ni alone", noise[k], &alone[k]);
    print_domains("oracle", noise[k], &oracle[k]);
  }
  run_without_order(first);
  return 0;
}

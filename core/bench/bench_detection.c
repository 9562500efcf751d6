/* How well order is detected in specimens of known truth: writes the tables of docs/detection.md.
 * usage: bench_detection [--threads N] [--seeds FIRST LAST] [--hard [--row TEXT] [--nulls N]]
 * Specimens: the frustum of 1.4 million ions (120 nm high, radius 7.5 to 10.5 nm, a = 0.36 nm,
 * efficiency 0.52, noise 0.3 nm in x and y), 0.05 domains per nm^3 of 0.7 to 2.0 nm.
 * --hard: specimens of 292 000 ions that are tilted, curved, blurred, ... (detection_hard.h); with
 * --row those whose name holds the text, with --nulls N seeds of each without domains. */
#include "detection_hard.h"
#include "detection_sample.h"

#include "csro/random.h"
#include "order/signal_ions.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  CLASSES = 4,
  CENTRE_INSIDE = 39 /* ions: the centre of a voxel with fewer is outside of the specimen */
};
static const double edges[] = {0.7, 1.0, 1.3, 1.6, 2.0};
static const csro_size_classes size_classes = {5, edges};
static const double shares[] = {0.05, 0.1, 0.2};

static csro_context context;

static void make(double sigma_z, double density, uint64_t seed, sample *s) {
  csro_specimen specimen = bench_frustum(120);
  specimen.sigma_z = sigma_z;
  specimen.domain_density = density;
  specimen.seed = seed;
  sample_make(&context, &specimen, true, NULL, s);
  sample_planes(s);
}

/* What a table shows of one detector, sums over the seeds. */
typedef struct result {
  int samples, recalls;
  double area[1 + CLASSES], positive, recall[CLASSES], declared[3], wrong[3], seconds;
} result;

static void judge_voxels(const sample *s, float *score, result *out) {
  for (int64_t v = 0; v < s->voxels; v++)
    if (s->voxel_ions[v] < CENTRE_INSIDE)
      score[v] = NAN;
  for (int k = 0; k <= CLASSES; k++) {
    csro_roc roc;
    must(&context, csro_voxel_roc(&context, s->voxels, score, s->voxel_truth, s->truth,
                                  &size_classes, k == 0 ? -1 : k, &roc));
    out->area[k] += roc.area;
    out->positive += k == 0 ? csro_roc_true_positive(&roc, 0.01) : 0;
    csro_roc_release(&roc);
  }
  out->samples++;
}

static void judge_domains(const sample *s, const csro_order *order, result *out) {
  double *value = need(&context, (size_t)order->count + 1, sizeof *value);
  for (int64_t d = 0; d < order->count; d++)
    value[d] = -(double)d;
  csro_detection detection;
  must(&context,
       csro_detection_init(&context, s->points.count, order->domain, s->true_domain, order->count,
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

static void run_detector(sample *s, bool same_species, result *out) {
  csro_order order;
  float *probability = need(&context, (size_t)s->voxels, sizeof *probability);
  double begin = omp_get_wtime();
  must(&context,
       sample_search(s, &(sought){NICKEL, 0, same_species, 0}, s->made.label, probability, &order));
  out->seconds += omp_get_wtime() - begin;
  judge_voxels(s, probability, out);
  judge_domains(s, &order, out);
  csro_order_release(&order);
  free(probability);
}

/* abs(sum w exp(2 pi i z / a))^2 / n over the ball of a voxel; w = 2/3 for Ni, -1/3 for others. */
static void run_intensity(const sample *s, result *out) {
  double bounds[6];
  float *score = need(&context, (size_t)s->voxels, sizeof *score);
  must(&context, csro_points_bounds(&context, &s->points, bounds));
  csro_signal_ions ions;
  float *weight = need(&context, (size_t)s->points.count, sizeof *weight);
  for (int64_t i = 0; i < s->points.count; i++)
    weight[i] = s->made.label[i] == NICKEL ? 2.0f / 3 : s->made.label[i] > 0 ? -1.0f / 3 : 0;
  must(&context, csro_signal_ions_init(&context, &s->points, weight, bounds, bounds, &ions));
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

static void run_oracle(const sample *s, result *out) {
  double all[CLASSES + 2] = {0}, found[CLASSES + 2] = {0}, around[CLASSES + 2] = {0};
  sample_told(s, NICKEL, &size_classes, &(told_counts){all, found, around});
  for (int k = 0; k < CLASSES; k++)
    out->recall[k] += found[k + 1] / all[k + 1];
  out->recalls++;
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
    uint16_t *label = need(&context, (size_t)s.points.count, sizeof *label);
    csro_permutation permutation;
    csro_permutation_init(&permutation, seed, (uint64_t)s.points.count);
    for (int64_t i = 0; i < s.points.count; i++)
      label[i] = s.made.label[copy ? (int64_t)csro_permutation_at(&permutation, (uint64_t)i) : i];
    csro_order order;
    must(&context, sample_search(&s, &(sought){NICKEL, 0, false, 0}, label, NULL, &order));
    printf("| %s | %lld | %.2g |\n", copy ? "randomised labels" : "no domains",
           (long long)csro_order_select_fdr(order.count, order.domains, 0.1), order.density);
    csro_order_release(&order);
    free(label);
    sample_release(&s);
  }
}

static void print_tables(uint64_t first, uint64_t last) {
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
      sample_release(&s);
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
}

int main(int argc, char **argv) {
  uint64_t first = 101, last = 102;
  bool hard = false;
  hard_options options = {.row = ""};
  csro_context_init(&context);
  for (int k = 1; k < argc; k++)
    if (strcmp(argv[k], "--threads") == 0 && k + 1 < argc) {
      context.threads = atoi(argv[++k]);
    } else if (strcmp(argv[k], "--seeds") == 0 && k + 2 < argc) {
      first = (uint64_t)atoll(argv[++k]);
      last = (uint64_t)atoll(argv[++k]);
      options.last = last;
    } else if (strcmp(argv[k], "--hard") == 0) {
      hard = true;
    } else if (strcmp(argv[k], "--row") == 0 && k + 1 < argc) {
      options.row = argv[++k];
    } else if (strcmp(argv[k], "--nulls") == 0 && k + 1 < argc) {
      options.nulls = atoi(argv[++k]);
    } else {
      fprintf(stderr, "usage: bench_detection [--threads N] [--seeds FIRST LAST]"
                      " [--hard [--row TEXT] [--nulls N]]\n");
      return 2;
    }
  options.first = options.last ? first : 1;
  options.last = options.last ? last : 5;
  if (hard)
    run_hard(&context, &options);
  else
    print_tables(first, last);
  return 0;
}

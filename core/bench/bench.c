/* Times every step of the analysis on a simulated frustum of 1.4 million ions, prints a table and
 * writes the same as JSON. usage: bench [--repeat N] [--threads N] [--json FILE] */
#include "csro/classify.h"
#include "csro/compare.h"
#include "csro/domains.h"
#include "csro/random.h"
#include "csro/ranges.h"
#include "csro/score.h"
#include "measure.h"
#include "network/inference.h"

#include <cblas.h>
#include <omp.h>
#include <sys/resource.h>

enum { MOST_REPEATS = 99, SPECIES = 3 };

/* The steps, in the order of the table; the goal in seconds is that of one species on two cores. */
#define STEPS(X)                                                                                   \
  X(SIMULATE, "simulate the specimen", 0)                                                          \
  X(COUNT, "voxel counts, one species", 0)                                                         \
  X(ZSDM, "z-SDM, one species", 0.25)                                                              \
  X(PREPROCESS, "preprocessing, one species", 0)                                                   \
  X(NETWORKS, "five networks, one species", 0)                                                     \
  X(EXTRACT, "scores, extraction and DBSCAN", 0)                                                   \
  X(ALL, "three species and one randomised copy, end to end", 40)                                  \
  X(REST, "the same without the networks", 12)
enum step {
#define STEP_ENUM(name, text, goal) name,
  STEPS(STEP_ENUM) STEP_COUNT
};
static const char *const step_text[] = {
#define STEP_TEXT(name, text, goal) text,
    STEPS(STEP_TEXT)};
static const double step_goal[] = {
#define STEP_GOAL(name, text, goal) goal,
    STEPS(STEP_GOAL)};

struct bench {
  csro_context context;
  csro_specimen specimen;
  double box[6];
  csro_specimen_ions data;
  csro_points points;
  csro_grid grid;
  csro_block all;
  csro_model *model;
  int64_t voxels, defined, pairs, extracted;
  int repeats;
  double seconds[STEP_COUNT][MOST_REPEATS];
  double sgemm[MOST_REPEATS];
};

/* One layer of the released network as a plain matrix product, on all threads: the rate that the
 * networks are measured against, in flop per second. */
static double sgemm_rate(int threads) {
  enum { M = 512, K = 672, N = 256, PRODUCTS = 400 };
  openblas_set_num_threads(1);
  double begin = omp_get_wtime();
#pragma omp parallel num_threads(threads)
  {
    float *a = memory(M * K, sizeof *a), *b = memory(K * N, sizeof *b),
          *c = memory(M * N, sizeof *c);
    for (int i = 0; i < M * K; i++)
      a[i] = (float)(i % 7) - 3;
    for (int i = 0; i < K * N; i++)
      b[i] = (float)(i % 5) - 2;
#pragma omp for schedule(dynamic, 1)
    for (int product = 0; product < PRODUCTS; product++)
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, M, N, K, 1, a, K, b, N, 0, c, N);
    free(a), free(b), free(c);
  }
  return 2.0 * M * K * N * PRODUCTS / (omp_get_wtime() - begin);
}

/* Floating-point operations of one network on one curve, multiplications and additions. */
static double network_flop(const csro_network *network) {
  double flop = 0;
  for (int i = 0; i < network->layer_count; i++) {
    const csro_layer *layer = &network->layers[i];
    if (layer->kind == CSRO_LAYER_CONV1D)
      flop += 2.0 * layer->out_positions * layer->units * layer->size * layer->in_channels;
    else if (layer->kind == CSRO_LAYER_DENSE)
      flop += 2.0 * layer->in_channels * layer->units;
  }
  return flop;
}

/* All members on all defined curves, in blocks, as csro_classify does it. */
static void run_networks(struct bench *bench, const float *curves, int64_t n) {
  const csro_model *model = bench->model;
  const int64_t blocks = (n + CSRO_NETWORK_ROWS - 1) / CSRO_NETWORK_ROWS;
  const int64_t packed = csro_network_packed(model->members);
  float *weights = memory(packed * model->member_count, sizeof *weights);
  for (int m = 0; m < model->member_count; m++)
    csro_network_pack(&model->members[m], weights + m * packed);
#pragma omp parallel num_threads(bench->context.threads)
  {
    float *out = memory((int64_t)CSRO_NETWORK_ROWS * model->class_count, sizeof *out);
    float *scratch = memory(csro_network_scratch(model->members), sizeof *scratch);
#pragma omp for schedule(dynamic, 1)
    for (int64_t block = 0; block < blocks; block++) {
      int64_t first = block * CSRO_NETWORK_ROWS;
      int rows = n - first < CSRO_NETWORK_ROWS ? (int)(n - first) : CSRO_NETWORK_ROWS;
      for (int m = 0; m < model->member_count; m++)
        csro_network_run(&model->members[m], weights + m * packed, rows,
                         curves + first * model->bins.kept, scratch, out);
    }
    free(scratch), free(out);
  }
  free(weights);
}

/* One species step by step. */
static void run_steps(struct bench *bench, const uint16_t *label, uint16_t species, int repeat) {
  csro_context *context = &bench->context;
  const csro_bins *bins = &bench->model->bins;
  double begin = omp_get_wtime();
  int32_t *ions = memory(bench->voxels, sizeof *ions);
  must(context, csro_voxel_counts(context, &bench->grid, &bench->all, &bench->points, label, 1,
                                  &species, ions));
  bench->seconds[COUNT][repeat] = omp_get_wtime() - begin;
  bench->pairs = 0;
  for (int64_t v = 0; v < bench->voxels; v++)
    bench->pairs += (int64_t)ions[v] * (ions[v] - 1) / 2;
  free(ions);

  uint16_t *counts = memory(bench->voxels * bins->kept, sizeof *counts);
  begin = omp_get_wtime();
  must(context, csro_zsdm_voxels(context, &bench->grid, &bench->all, &bench->points, label, species,
                                 species, bins, CSRO_PARTNERS_IN_VOXEL, CSRO_U16, counts));
  bench->seconds[ZSDM][repeat] = omp_get_wtime() - begin;

  float *curves = memory(bench->voxels * bins->kept, sizeof *curves);
  begin = omp_get_wtime();
  must(context, csro_curves_preprocess(context, CSRO_PREPROCESS_FULL, bench->voxels, bins->kept,
                                       CSRO_U16, counts, curves));
  bench->seconds[PREPROCESS][repeat] = omp_get_wtime() - begin;
  free(counts);

  bench->defined = 0;
  for (int64_t v = 0; v < bench->voxels; v++) {
    if (isnan(curves[v * bins->kept]))
      continue;
    memmove(curves + bench->defined * bins->kept, curves + v * bins->kept,
            (size_t)bins->kept * sizeof *curves);
    bench->defined++;
  }
  begin = omp_get_wtime();
  run_networks(bench, curves, bench->defined);
  bench->seconds[NETWORKS][repeat] = omp_get_wtime() - begin;
  free(curves);
}

/* From ions to the sizes of the domains of one species. Returns the seconds of preprocessing and
 * networks, which are one step here. */
static double run_species(struct bench *bench, const uint16_t *label, uint16_t species,
                          int64_t histogram[CSRO_SIZE_BINS], double *extract_seconds) {
  csro_context *context = &bench->context;
  const csro_bins *bins = &bench->model->bins;
  csro_grid *grid = &bench->grid;
  uint16_t *counts = memory(bench->voxels * bins->kept, sizeof *counts);
  must(context, csro_zsdm_voxels(context, grid, &bench->all, &bench->points, label, species,
                                 species, bins, CSRO_PARTNERS_IN_VOXEL, CSRO_U16, counts));
  double *probability = memory(bench->voxels, sizeof *probability);
  csro_count_type type = CSRO_U16;
  const void *channel = counts;
  double begin = omp_get_wtime();
  must(context, csro_classify(context, bench->model, CSRO_PREPROCESS_FULL, 0, bench->voxels, &type,
                              &channel, &probability, NULL, NULL, NULL));
  const double classify_seconds = omp_get_wtime() - begin;
  free(counts);

  begin = omp_get_wtime();
  int64_t pixels = grid->pixels[0] * grid->pixels[1] * grid->pixels[2];
  double *score = memory(pixels, sizeof *score);
  uint8_t *selected = memory(pixels, 1), *keep = memory(bench->points.count, 1);
  const csro_block whole = csro_block_whole(grid->pixels);
  must(context,
       csro_scores(context, grid, &bench->all, probability, &whole, CSRO_SCORE_MEAN, score));
  for (int64_t p = 0; p < pixels; p++)
    selected[p] = score[p] > bench->model->threshold;
  must(context,
       csro_extract(context, grid, &whole, selected, CSRO_EXTRACT_PIXEL, &bench->points, keep));
  float *xyz = memory(bench->points.count, 3 * sizeof *xyz);
  csro_points extracted = {xyz, false, 0};
  for (int64_t i = 0; i < bench->points.count; i++)
    if (keep[i])
      memcpy(xyz + 3 * extracted.count++, (const float *)bench->points.xyz + 3 * i,
             3 * sizeof *xyz);
  int64_t *domain = memory(extracted.count, sizeof *domain), domains;
  must(context, csro_dbscan(context, &extracted, 0.4, 3, domain, &domains));
  *extract_seconds = omp_get_wtime() - begin;

  csro_domain *rows = memory(domains, sizeof *rows);
  int64_t *sizes = memory(domains, sizeof *sizes);
  must(context, csro_domains_measure(context, &extracted, domain, domains, NULL, 0, rows, NULL));
  for (int64_t d = 0; d < domains; d++)
    sizes[d] = rows[d].size;
  csro_size_histogram(sizes, domains, histogram);
  bench->extracted = extracted.count;
  free(rows), free(sizes), free(domain), free(xyz), free(keep), free(selected), free(score);
  free(probability);
  return classify_seconds;
}

/* The time without the networks has the preprocessing as run_steps timed it. */
static void run_all(struct bench *bench, int repeat) {
  double begin = omp_get_wtime(), classify_seconds = 0;
  int64_t n = bench->points.count;
  uint16_t *copy = memory(n, sizeof *copy);
  csro_permutation permutation;
  csro_permutation_init(&permutation, 1, (uint64_t)n);
  for (int64_t i = 0; i < n; i++)
    copy[i] = bench->data.label[csro_permutation_at(&permutation, (uint64_t)i)];
  for (uint16_t species = 1; species <= SPECIES; species++) {
    int64_t actual[CSRO_SIZE_BINS], random[CSRO_SIZE_BINS];
    csro_comparison comparison;
    double *extract = &bench->seconds[EXTRACT][repeat];
    classify_seconds += run_species(bench, copy, species, random, extract);
    classify_seconds += run_species(bench, bench->data.label, species, actual, extract);
    csro_compare(actual, random, &comparison);
  }
  free(copy);
  bench->seconds[ALL][repeat] = omp_get_wtime() - begin;
  bench->seconds[REST][repeat] = bench->seconds[ALL][repeat] - classify_seconds +
                                 2 * SPECIES * bench->seconds[PREPROCESS][repeat];
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(const double *values, int n) {
  double sorted[MOST_REPEATS];
  memcpy(sorted, values, (size_t)n * sizeof *sorted);
  qsort(sorted, (size_t)n, sizeof *sorted, compare_doubles);
  return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double peak_mebibytes(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / 1024;
}

static void report(const struct bench *bench, const char *json) {
  const int n = bench->repeats, threads = bench->context.threads;
  double sgemm = median(bench->sgemm, n);
  double rate = network_flop(bench->model->members) * bench->model->member_count *
                (double)bench->defined / median(bench->seconds[NETWORKS], n);
  double pair_rate = (double)bench->pairs / median(bench->seconds[ZSDM], n) / threads;
  printf("%lld ions, %lld voxels (%lld with a usable curve), %d threads, median of %d\n\n",
         (long long)bench->points.count, (long long)bench->voxels, (long long)bench->defined,
         threads, n);
  printf("%-42s %10s %10s\n", "step", "seconds", "goal");
  for (int step = 0; step < STEP_COUNT; step++) {
    printf("%-42s %10.3f ", step_text[step], median(bench->seconds[step], n));
    if (step_goal[step] > 0)
      printf("%10.2f", step_goal[step]);
    printf("\n");
  }
  printf("\n%-42s %10.0f\n", "sgemm 512 x 672 x 256, Gflop/s", sgemm / 1e9);
  printf("%-42s %10.0f (%.0f %% of sgemm, goal 85 %%)\n", "networks, Gflop/s", rate / 1e9,
         100 * rate / sgemm);
  printf("%-42s %10.0f\n", "z-SDM, million unique pairs/s and core", pair_rate / 1e6);
  printf("%-42s %10.2f\n", "preprocessing, microseconds/curve and core",
         1e6 * threads * median(bench->seconds[PREPROCESS], n) / (double)bench->defined);
  printf("%-42s %10.0f (goal 2048)\n", "peak memory, MiB", peak_mebibytes());
  if (!json)
    return;
  FILE *file = fopen(json, "w");
  if (!file) {
    fprintf(stderr, "bench: cannot write %s\n", json);
    exit(1);
  }
  fprintf(file, "{\"ions\": %lld, \"voxels\": %lld, \"voxels_defined\": %lld, \"threads\": %d, ",
          (long long)bench->points.count, (long long)bench->voxels, (long long)bench->defined,
          threads);
  fprintf(file, "\"repeats\": %d, \"seconds\": {", n);
  for (int step = 0; step < STEP_COUNT; step++)
    fprintf(file, "%s\"%s\": %.6f", step ? ", " : "", step_text[step],
            median(bench->seconds[step], n));
  fprintf(file, "}, \"sgemm_flops\": %.6g, \"network_flops\": %.6g, ", sgemm, rate);
  fprintf(file, "\"pairs_per_second_core\": %.6g, \"peak_memory_bytes\": %.0f}\n", pair_rate,
          peak_mebibytes() * 1048576);
  fclose(file);
}

static void prepare(struct bench *bench) {
  csro_context *context = &bench->context;
  bench->specimen = frustum(1, bench->box);
  must(context, csro_model_shipped(context, 0, &bench->model));
  must(context, csro_grid_init(context, bench->box, 1.0, 0.5, 0.75, &bench->grid));
  bench->all = csro_block_whole(bench->grid.n);
  bench->voxels = csro_block_size(&bench->all);
}

int main(int argc, char **argv) {
  static struct bench bench;
  const char *json = NULL;
  csro_context_init(&bench.context);
  bench.repeats = 5;
  for (int i = 1; i < argc; i += 2) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--repeat") == 0)
      bench.repeats = atoi(value);
    else if (strcmp(argv[i], "--threads") == 0)
      bench.context.threads = atoi(value);
    else if (strcmp(argv[i], "--json") == 0 && *value)
      json = value;
    else
      bench.repeats = 0;
  }
  if (bench.repeats < 1 || bench.repeats > MOST_REPEATS || bench.context.threads < 1) {
    fprintf(stderr, "usage: bench [--repeat N] [--threads N] [--json FILE]\n");
    return 2;
  }
  prepare(&bench);
  for (int repeat = 0; repeat < bench.repeats; repeat++) {
    csro_specimen_ions_release(&bench.data);
    double begin = omp_get_wtime();
    must(&bench.context,
         csro_specimen_simulate(&bench.context, &bench.specimen, 0, 1, &bench.data));
    bench.seconds[SIMULATE][repeat] = omp_get_wtime() - begin;
    bench.points = (csro_points){bench.data.ions.xyz, false, bench.data.ions.count};
    bench.sgemm[repeat] = sgemm_rate(bench.context.threads);
    run_steps(&bench, bench.data.label, 3, repeat);
    run_all(&bench, repeat);
  }
  report(&bench, json);
  csro_specimen_ions_release(&bench.data);
  csro_model_destroy(&bench.model);
  return 0;
}

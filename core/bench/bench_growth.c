/* Cost against size: the frustum in 1, 2, 4, ... million ions, one species through the whole
 * analysis. Prints Markdown: microseconds per ion of each step, and the peak of the memory in bytes
 * per ion. usage: bench_growth [--threads N] [--largest MILLIONS] */
#include "measure.h"

#include "csro/classify.h"
#include "csro/domains.h"
#include "csro/score.h"
#include "csro/zsdm.h"

#include <omp.h>

enum { SPECIES = 3, MIN_SAMPLES = 3 };
static const double eps = 0.4, frustum_millions = 1.4;

#define STEPS(X)                                                                                   \
  X(SIMULATE, "simulate")                                                                          \
  X(ZSDM, "z-SDM alone")                                                                           \
  X(CLASSIFY, "z-SDM, preprocessing, networks")                                                    \
  X(EXTRACT, "scores and extraction")                                                              \
  X(CLUSTER, "DBSCAN of all ions")
enum step {
#define STEP_ENUM(name, text) name,
  STEPS(STEP_ENUM) STEP_COUNT
};
static const char *const step_text[] = {
#define STEP_TEXT(name, text) text,
    STEPS(STEP_TEXT)};

struct bench {
  csro_context context;
  csro_model *model;
  csro_specimen_ions data;
  csro_points points;
  csro_grid grid;
  csro_block all;
  double clock, seconds[STEP_COUNT];
};

static void lap(struct bench *bench, enum step step) {
  const double now = omp_get_wtime();
  bench->seconds[step] = now - bench->clock;
  bench->clock = now;
}

/* The z-SDMs alone, none of them kept. */
static void find_zsdms(struct bench *bench) {
  const csro_bins *bins = &bench->model->bins;
  int64_t *sum = memory(bins->kept, sizeof *sum);
  must(&bench->context,
       csro_zsdm_sum(&bench->context, &bench->grid, &bench->all, &bench->points, bench->data.label,
                     SPECIES, SPECIES, bins, CSRO_PARTNERS_IN_VOXEL, sum));
  free(sum);
  lap(bench, ZSDM);
}

/* Probabilities of order of every voxel, straight from the ions. */
static double *classify(struct bench *bench) {
  const uint16_t pair[1][2] = {{SPECIES, SPECIES}};
  const csro_ion_curves ions = {&bench->grid,      &bench->all, &bench->points,
                                bench->data.label, pair,        CSRO_PARTNERS_IN_VOXEL};
  double *probability = memory(csro_block_size(&bench->all), sizeof *probability);
  must(&bench->context, csro_classify_ions(&bench->context, bench->model, CSRO_PREPROCESS_FULL, 0,
                                           &ions, &probability, NULL, NULL));
  lap(bench, CLASSIFY);
  return probability;
}

static void extract(struct bench *bench, double *probability) {
  csro_context *context = &bench->context;
  const csro_grid *grid = &bench->grid;
  const int64_t pixels = grid->pixels[0] * grid->pixels[1] * grid->pixels[2];
  double *score = memory(pixels, sizeof *score);
  const csro_block whole = csro_block_whole(grid->pixels);
  must(context,
       csro_scores(context, grid, &bench->all, probability, &whole, CSRO_SCORE_MEAN, score));
  uint8_t *selected = memory(pixels, 1), *keep = memory(bench->points.count, 1);
  for (int64_t p = 0; p < pixels; p++)
    selected[p] = score[p] > bench->model->threshold;
  must(context,
       csro_extract(context, grid, &whole, selected, CSRO_EXTRACT_PIXEL, &bench->points, keep));
  free(keep), free(selected), free(score);
  lap(bench, EXTRACT);
}

/* Of all ions, not only the extracted ones: the most there can be. */
static void cluster(struct bench *bench) {
  int64_t domains, *domain = memory(bench->points.count, sizeof *domain);
  must(&bench->context,
       csro_dbscan(&bench->context, &bench->points, eps, MIN_SAMPLES, domain, &domains));
  free(domain);
  lap(bench, CLUSTER);
}

static void one_size(struct bench *bench, int millions) {
  csro_context *context = &bench->context;
  double box[6];
  csro_specimen specimen = frustum(cbrt(millions / frustum_millions), box);
  const double before = memory_restart();
  bench->clock = omp_get_wtime();
  must(context, csro_specimen_simulate(context, &specimen, 0, 1, &bench->data));
  bench->points = (csro_points){bench->data.ions.xyz, false, bench->data.ions.count};
  must(context, csro_grid_init(context, box, 1.0, 0.5, 0.75, &bench->grid));
  bench->all = csro_block_whole(bench->grid.n);
  lap(bench, SIMULATE);
  find_zsdms(bench);
  double *probability = classify(bench);
  extract(bench, probability);
  free(probability);
  cluster(bench);

  const double ions = (double)bench->points.count;
  double total = 0;
  printf("| %.2f |", ions / 1e6);
  for (int step = 0; step < STEP_COUNT; step++) {
    printf(" %.3f |", 1e6 * bench->seconds[step] / ions);
    total += bench->seconds[step];
  }
  printf(" %.2f | %.1f | %.0f |\n", 1e6 * total / ions, total,
         (memory_now("VmHWM") - before) / ions);
  fflush(stdout);
  csro_specimen_ions_release(&bench->data);
}

int main(int argc, char **argv) {
  static struct bench bench;
  int largest = 64;
  csro_context_init(&bench.context);
  for (int i = 1; i < argc; i += 2) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--threads") == 0)
      bench.context.threads = atoi(value);
    else if (strcmp(argv[i], "--largest") == 0)
      largest = atoi(value);
    else
      largest = 0;
  }
  if (largest < 1 || largest > 1000 || bench.context.threads < 1) {
    fprintf(stderr, "usage: bench_growth [--threads N] [--largest MILLIONS]\n");
    return 2;
  }
  must(&bench.context, csro_model_shipped(&bench.context, 0, &bench.model));
  printf("| million ions |");
  for (int step = 0; step < STEP_COUNT; step++)
    printf(" %s |", step_text[step]);
  printf(" all | seconds | bytes per ion |\n|---:|");
  for (int step = 0; step < STEP_COUNT + 3; step++)
    printf("---:|");
  printf("\n");
  for (int millions = 1; millions <= largest; millions *= 2)
    one_size(&bench, millions);
  csro_model_destroy(&bench.model);
  return 0;
}

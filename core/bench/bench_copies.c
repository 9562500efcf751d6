/* Three species of 1.4 million ions and their randomised copies: what a data set costs with all
 * members of the ensemble, and a copy without those that cannot select a pixel any more. The
 * domains are compared. usage: bench_copies [--copies K] [--full F] [--threads N] [--published]
 *
 * Of the K copies the first F are made in full as well; --published takes the published
 * preprocessing and score. */
#include "csro/candidates.h"
#include "csro/compare.h"
#include "csro/domains.h"
#include "csro/random.h"
#include "measure.h"

#include <omp.h>
#include <time.h>

enum { SPECIES = 3 };

typedef struct bench {
  csro_context context;
  csro_specimen_ions data;
  csro_points points;
  csro_grid grid;
  csro_block voxels, pixels;
  csro_model *model;
  csro_preprocessing preprocessing;
  int64_t minimum_counts;
  csro_selection_rule rule;
  double *probability, *score;
  uint8_t *selected, *keep;
  float *extracted;
  uint16_t *label;
} bench;

/* Seconds, those of all threads together, and curves times members. */
typedef struct cost {
  double wall, threads;
  int64_t curves;
} cost;

static double thread_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void count_domains(bench *b, int64_t histogram[CSRO_SIZE_BINS]) {
  csro_context *context = &b->context;
  const int64_t pixels = csro_block_size(&b->pixels);
  must(context, csro_scores(context, &b->grid, &b->voxels, b->probability, &b->pixels,
                            b->rule.score, b->score));
  for (int64_t p = 0; p < pixels; p++)
    b->selected[p] = b->score[p] > b->rule.threshold;
  must(context, csro_extract(context, &b->grid, &b->pixels, b->selected, CSRO_EXTRACT_PIXEL,
                             &b->points, b->keep));
  csro_points extracted = {b->extracted, false, 0};
  for (int64_t i = 0; i < b->points.count; i++)
    if (b->keep[i])
      memcpy(b->extracted + 3 * extracted.count++, (const float *)b->points.xyz + 3 * i,
             3 * sizeof *b->extracted);
  int64_t domains, *domain = memory(extracted.count, sizeof *domain);
  must(context, csro_dbscan(context, &extracted, 0.4, 3, domain, &domains));
  int64_t *sizes = memory(domains, sizeof *sizes);
  must(context, csro_domain_sizes(context, domain, extracted.count, domains, sizes));
  csro_size_histogram(sizes, domains, histogram);
  free(sizes), free(domain);
}

static void run(bench *b, const uint16_t *label, uint16_t species, bool full, cost *sum,
                int64_t histogram[CSRO_SIZE_BINS]) {
  const uint16_t pairs[1][2] = {{species, species}};
  const csro_ion_curves ions = {&b->grid, &b->voxels, &b->points,
                                label,    pairs,      CSRO_PARTNERS_IN_VOXEL};
  csro_candidate_counts counts = {0};
  const double wall = omp_get_wtime(), threads = thread_seconds();
  if (full) {
    must(&b->context, csro_classify_ions(&b->context, b->model, b->preprocessing, b->minimum_counts,
                                         &ions, &b->probability, NULL, NULL));
    for (int64_t v = 0; v < csro_block_size(&b->voxels); v++)
      counts.curves_run += isnan(b->probability[v]) ? 0 : b->model->member_count;
  } else {
    must(&b->context,
         csro_classify_candidates(&b->context, b->model, b->preprocessing, b->minimum_counts, &ions,
                                  &b->rule, b->probability, &counts));
  }
  count_domains(b, histogram);
  sum->wall += omp_get_wtime() - wall;
  sum->threads += thread_seconds() - threads;
  sum->curves += counts.curves_run;
}

static void randomise(bench *b, int copy) {
  csro_permutation permutation;
  csro_permutation_init(&permutation, (uint64_t)copy, (uint64_t)b->points.count);
#pragma omp parallel for num_threads(b->context.threads)
  for (int64_t i = 0; i < b->points.count; i++)
    b->label[i] = b->data.label[csro_permutation_at(&permutation, (uint64_t)i)];
}

static void prepare(bench *b, bool published) {
  double box[6];
  const csro_specimen specimen = frustum(1, box);
  must(&b->context, csro_specimen_simulate(&b->context, &specimen, 0, 1, &b->data));
  b->points = (csro_points){b->data.ions.xyz, false, b->data.ions.count};
  must(&b->context, csro_model_shipped(&b->context, 0, &b->model));
  must(&b->context, csro_grid_init(&b->context, box, 1.0, 0.5, 0.75, &b->grid));
  b->voxels = csro_block_whole(b->grid.n);
  b->pixels = csro_block_whole(b->grid.pixels);
  b->preprocessing = published ? CSRO_PREPROCESS_PUBLISHED : b->model->preprocessing;
  b->minimum_counts = published ? 0 : 100;
  b->rule =
      (csro_selection_rule){1, published ? CSRO_SCORE_SUM : CSRO_SCORE_MEAN, b->model->threshold};
  b->probability = memory(csro_block_size(&b->voxels), sizeof(double));
  b->score = memory(csro_block_size(&b->pixels), sizeof(double));
  b->selected = memory(csro_block_size(&b->pixels), 1);
  b->keep = memory(b->points.count, 1);
  b->extracted = memory(b->points.count, 3 * sizeof(float));
  b->label = memory(b->points.count, sizeof(uint16_t));
}

static void print(const char *what, const cost *sum, int runs) {
  printf("| %s | %d | %.2f | %.2f | %.2f |\n", what, runs, sum->wall / runs, sum->threads / runs,
         (double)sum->curves / runs * 1e-6);
}

int main(int argc, char **argv) {
  static bench b;
  int copies = 19, full = 1;
  bool published = false;
  csro_context_init(&b.context);
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--published") == 0)
      published = true;
    else if (strcmp(argv[i], "--copies") == 0 && i + 1 < argc)
      copies = atoi(argv[++i]);
    else if (strcmp(argv[i], "--full") == 0 && i + 1 < argc)
      full = atoi(argv[++i]);
    else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
      b.context.threads = atoi(argv[++i]);
    else
      stop("usage: bench_copies [--copies K] [--full F] [--threads N] [--published]");
  }
  prepare(&b, published);
  cost whole = {0}, data = {0}, cut = {0};
  int64_t histogram[CSRO_SIZE_BINS], expected[CSRO_SIZE_BINS], found = 0;
  const double begin = omp_get_wtime();
  for (uint16_t species = 1; species <= SPECIES; species++)
    run(&b, b.data.label, species, true, &data, histogram);
  for (int copy = 1; copy <= copies; copy++) {
    randomise(&b, copy);
    for (uint16_t species = 1; species <= SPECIES; species++) {
      run(&b, b.label, species, false, &cut, histogram);
      for (int i = 0; i < CSRO_SIZE_BINS; i++)
        found += histogram[i];
      if (copy > full)
        continue;
      run(&b, b.label, species, true, &whole, expected);
      if (memcmp(histogram, expected, sizeof expected) != 0)
        stop("a copy has other domains when members are left out");
    }
  }
  const double seconds = omp_get_wtime() - begin - whole.wall;
  printf("%lld ions, %lld voxels, %d threads, %s; %lld domains in the copies\n\n",
         (long long)b.points.count, (long long)csro_block_size(&b.voxels), b.context.threads,
         published ? "published rules" : "default rules", (long long)found);
  printf("| one species | runs | s | s of all threads | million curves x members |\n");
  printf("|---|---:|---:|---:|---:|\n");
  print("data, all members", &data, SPECIES);
  if (full > 0)
    print("copy, all members", &whole, SPECIES * (full < copies ? full : copies));
  print("copy, members left out", &cut, SPECIES * copies);
  printf("\nthree species, data and %d copies: %.1f s\n", copies, seconds);
  csro_specimen_ions_release(&b.data);
  csro_model_destroy(&b.model);
  free(b.probability), free(b.score), free(b.selected), free(b.keep), free(b.extracted),
      free(b.label);
  return 0;
}

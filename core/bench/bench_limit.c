/* One round of what bench does not time: z-SDMs over the number of bins, a z-SDM of the whole
 * specimen, and DBSCAN, on the frustum of 1.4 million ions. Prints one JSON object.
 * tests/bench/limit.py runs it alternating with other programs, on the same ions. usage:
 * bench_limit
 * [--threads N] [--export DIRECTORY]
 *
 * --export only writes the ions and what comes out, for the other programs: ions.f4 and
 * species.f4 (x, y, z of all ions and of the one species), voxels.f8 (centre of the first voxel,
 * stride, voxels along x, y, z, radius, half range, bins), counts.u2 (all bins of every voxel),
 * curves.f4 and probability.f4 (some usable curves; each network's probability of order). */
#include "measure.h"

#include "csro/domains.h"
#include "csro/model.h"
#include "csro/zsdm.h"

#include <omp.h>

enum { SPECIES = 3, SWEEPS = 5, CURVES = 65536, MIN_SAMPLES = 3 };
static const double eps = 0.4;

struct bench {
  csro_context context;
  csro_specimen_ions data;
  csro_points points;
  csro_grid grid;
  csro_block all;
  int64_t voxels, pairs;
};

static void prepare(struct bench *bench) {
  csro_context *context = &bench->context;
  double box[6];
  csro_specimen specimen = frustum(1, box);
  must(context, csro_specimen_simulate(context, &specimen, 0, 1, &bench->data));
  bench->points = (csro_points){bench->data.ions.xyz, false, bench->data.ions.count};
  must(context, csro_grid_init(context, box, 1.0, 0.5, 0.75, &bench->grid));
  bench->all = csro_block_whole(bench->grid.n);
  bench->voxels = csro_block_size(&bench->all);
  int32_t *ions = memory(bench->voxels, sizeof *ions);
  const uint16_t species = SPECIES;
  must(context, csro_voxel_counts(context, &bench->grid, &bench->all, &bench->points,
                                  bench->data.label, 1, &species, ions));
  for (int64_t v = 0; v < bench->voxels; v++)
    bench->pairs += (int64_t)ions[v] * (ions[v] - 1) / 2;
  free(ions);
}

static void find_zsdms(struct bench *bench, const csro_bins *bins, uint16_t *counts) {
  must(&bench->context, csro_zsdm_voxels(&bench->context, &bench->grid, &bench->all, &bench->points,
                                         bench->data.label, SPECIES, SPECIES, bins,
                                         CSRO_PARTNERS_IN_VOXEL, CSRO_U16, counts));
}

/* The memory for the counts is in place before the clock runs. */
static void time_zsdms(struct bench *bench) {
  static const int total[SWEEPS] = {50, 0, 200, 500, 1000}; /* 0: the published 93 of 200 */
  printf("\"zsdm\": {");
  for (int s = 0; s < SWEEPS; s++) {
    csro_bins bins = csro_bins_published;
    if (total[s])
      must(&bench->context,
           csro_bins_init(&bench->context, bins.half_range, total[s], bins.half_range, &bins));
    uint16_t *counts = memory(bench->voxels * bins.kept, sizeof *counts);
    memset(counts, 1, (size_t)(bench->voxels * bins.kept) * sizeof *counts);
    double begin = omp_get_wtime();
    find_zsdms(bench, &bins, counts);
    printf("%s\"%d of %d\": %.6f", s ? ", " : "", bins.kept, bins.total, omp_get_wtime() - begin);
    free(counts);
  }
  printf("}, ");
}

/* One curve over the whole specimen, partners up to the half range. */
static void time_region(struct bench *bench) {
  int64_t counts[CSRO_CURVE_MAX_BINS], pairs = 0;
  csro_bins bins;
  must(&bench->context,
       csro_bins_init(&bench->context, csro_bins_published.half_range, csro_bins_published.total,
                      csro_bins_published.half_range, &bins));
  double begin = omp_get_wtime();
  must(&bench->context, csro_zsdm_region(&bench->context, &bench->points, bench->points.count,
                                         bench->data.label, SPECIES, SPECIES, &bins, counts));
  double seconds = omp_get_wtime() - begin;
  for (int b = 0; b < bins.kept; b++)
    pairs += counts[b];
  printf("\"region\": {\"seconds\": %.6f, \"pairs\": %lld}, ", seconds, (long long)pairs / 2);
}

static void time_dbscan(struct bench *bench) {
  int64_t n = bench->points.count, domains, *domain = memory(n, sizeof *domain);
  memset(domain, 1, (size_t)n * sizeof *domain);
  double before = memory_restart(), begin = omp_get_wtime();
  must(&bench->context,
       csro_dbscan(&bench->context, &bench->points, eps, MIN_SAMPLES, domain, &domains));
  double seconds = omp_get_wtime() - begin, peak = memory_now("VmHWM");
  printf("\"dbscan\": {\"seconds\": %.6f, \"bytes_per_ion\": %.1f, \"domains\": %lld}", seconds,
         (peak - before) / (double)n, (long long)domains);
  free(domain);
}

static void save(const char *folder, const char *name, const void *data, size_t size,
                 int64_t count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(data, size, (size_t)count, file) != (size_t)count || fclose(file) != 0)
    stop("cannot write the files for the other programs");
}

static void export_ions(struct bench *bench, const char *folder) {
  int64_t n = bench->points.count, members = 0;
  const float *xyz = bench->points.xyz;
  float *of_species = memory(3 * n, sizeof *of_species);
  for (int64_t i = 0; i < n; i++)
    if (bench->data.label[i] == SPECIES)
      memcpy(of_species + 3 * members++, xyz + 3 * i, 3 * sizeof *xyz);
  save(folder, "ions.f4", xyz, sizeof *xyz, 3 * n);
  save(folder, "species.f4", of_species, sizeof *of_species, 3 * members);
  free(of_species);
}

static void export_zsdms(struct bench *bench, const char *folder) {
  const csro_grid *grid = &bench->grid;
  csro_bins bins;
  must(&bench->context,
       csro_bins_init(&bench->context, csro_bins_published.half_range, csro_bins_published.total,
                      csro_bins_published.half_range, &bins));
  uint16_t *counts = memory(bench->voxels * bins.kept, sizeof *counts);
  find_zsdms(bench, &bins, counts);
  save(folder, "counts.u2", counts, sizeof *counts, bench->voxels * bins.kept);
  free(counts);
  const double shape[] = {csro_voxel_center_along(grid, 0, 0),
                          csro_voxel_center_along(grid, 1, 0),
                          csro_voxel_center_along(grid, 2, 0),
                          grid->stride,
                          (double)grid->n[0],
                          (double)grid->n[1],
                          (double)grid->n[2],
                          grid->radius,
                          bins.half_range,
                          bins.total};
  save(folder, "voxels.f8", shape, sizeof *shape, sizeof shape / sizeof *shape);
}

/* The first CURVES usable curves and what the networks say of them. */
static void export_curves(struct bench *bench, const char *folder) {
  csro_context *context = &bench->context;
  csro_model *model;
  must(context, csro_model_shipped(context, 0, &model));
  const int bins = model->bins.kept, classes = model->class_count;
  uint16_t *counts = memory(bench->voxels * bins, sizeof *counts);
  find_zsdms(bench, &model->bins, counts);
  float *curves = memory(bench->voxels * bins, sizeof *curves);
  must(context, csro_curves_preprocess(context, CSRO_PREPROCESS_FULL, bench->voxels, bins, CSRO_U16,
                                       counts, curves));
  int64_t usable = 0;
  for (int64_t v = 0; v < bench->voxels && usable < CURVES; v++)
    if (!isnan(curves[v * bins]))
      memmove(curves + bins * usable++, curves + v * bins, (size_t)bins * sizeof *curves);
  float *out = memory(usable * classes, sizeof *out);
  float *probability = memory(usable * model->member_count, sizeof *probability);
  for (int m = 0; m < model->member_count; m++) {
    must(context, csro_network_apply(context, &model->members[m], usable, curves, out));
    for (int64_t i = 0; i < usable; i++)
      probability[m * usable + i] = out[i * classes + 1];
  }
  save(folder, "curves.f4", curves, sizeof *curves, usable * bins);
  save(folder, "probability.f4", probability, sizeof *probability, usable * model->member_count);
  free(probability), free(out), free(curves), free(counts);
  csro_model_destroy(&model);
}

int main(int argc, char **argv) {
  static struct bench bench;
  const char *folder = NULL;
  csro_context_init(&bench.context);
  for (int i = 1; i < argc; i += 2) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--threads") == 0)
      bench.context.threads = atoi(value);
    else if (strcmp(argv[i], "--export") == 0 && *value)
      folder = value;
    else
      bench.context.threads = 0;
  }
  if (bench.context.threads < 1) {
    fprintf(stderr, "usage: bench_limit [--threads N] [--export DIRECTORY]\n");
    return 2;
  }
  prepare(&bench);
  if (folder) {
    export_ions(&bench, folder);
    export_zsdms(&bench, folder);
    export_curves(&bench, folder);
  } else {
    printf("{\"ions\": %lld, \"voxels\": %lld, \"pairs\": %lld, ", (long long)bench.points.count,
           (long long)bench.voxels, (long long)bench.pairs);
    time_zsdms(&bench);
    time_region(&bench);
    time_dbscan(&bench);
    printf("}\n");
  }
  csro_specimen_ions_release(&bench.data);
  return 0;
}

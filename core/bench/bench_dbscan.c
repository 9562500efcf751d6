/* DBSCAN on simulated ions: ions per second of processor time, and bytes per ion beyond the
 * positions and the labels. usage: bench_dbscan [--threads N] [--repeat N] [--save DIR]
 * --save writes the positions of each case (float32 x, y, z) for other programs. */
#include "csro/domains.h"
#include "csro/random.h"
#include "measure.h"

#include <time.h>

static const double eps = 0.4, per_nm3 = 44;
enum { MIN_SAMPLES = 3 };

struct bench {
  csro_context context;
  int repeats;
  const char *save;
};

static void run(struct bench *bench, const char *name, const float *xyz, int64_t count) {
  int64_t *label = malloc((size_t)(count + 1) * sizeof *label), domains = 0;
  if (!label)
    stop("no memory");
  memset(label, 0, (size_t)count * sizeof *label);
  double best = INFINITY, best_wall = INFINITY, bytes = 0;
  for (int i = 0; i < bench->repeats; i++) {
    const double before = memory_restart();
    struct timespec from, to;
    clock_t begin = clock();
    clock_gettime(CLOCK_MONOTONIC, &from);
    if (csro_dbscan(&bench->context, &(csro_points){xyz, false, count}, eps, MIN_SAMPLES, label,
                    &domains) != CSRO_OK)
      stop(bench->context.message);
    best = fmin(best, (double)(clock() - begin) / CLOCKS_PER_SEC);
    clock_gettime(CLOCK_MONOTONIC, &to);
    best_wall = fmin(best_wall, (double)(to.tv_sec - from.tv_sec) +
                                    1e-9 * (double)(to.tv_nsec - from.tv_nsec));
    bytes = fmax(bytes, memory_now("VmHWM") - before);
  }
  printf("%-28s %10lld ions %9lld domains %8.3f s wall %8.3f s cpu %7.2f M ions/s/core %6.1f "
         "bytes/ion\n",
         name, (long long)count, (long long)domains, best_wall, best, (double)count / best / 1e6,
         bytes / (double)count);
  fflush(stdout);
  if (bench->save) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.f32", bench->save, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(xyz, 3 * sizeof *xyz, (size_t)count, file) != (size_t)count)
      stop("cannot write the positions");
    fclose(file);
  }
  free(label);
}

/* Ions in the order of evaporation: downwards, at random in the layer. Returns how many are in the
 * frustum (120 nm high, radius 7.5 to 10.5 nm). */
static int64_t fill_frustum(float *xyz, int64_t most) {
  csro_random random;
  csro_random_init(&random, 1, 0);
  int64_t count = 0;
  for (int64_t i = 0; i < most; i++) {
    double depth = 120 * (double)i / (double)most, radius = 7.5 + depth / 40;
    double x = 21 * csro_random_uniform(&random) - 10.5,
           y = 21 * csro_random_uniform(&random) - 10.5;
    if (x * x + y * y > radius * radius)
      continue;
    xyz[3 * count] = (float)x, xyz[3 * count + 1] = (float)y, xyz[3 * count + 2] = (float)-depth;
    count++;
  }
  return count;
}

/* The ions of 7 % of the pixels of 0.5 nm, which come in groups. */
static int64_t extract(float *xyz, int64_t count) {
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) {
    const float *r = xyz + 3 * i;
    uint64_t key = (uint64_t)(floor(r[0]) + 50) + 100 * (uint64_t)(floor(r[1]) + 50) +
                   10000 * (uint64_t)(floor(r[2]) + 500);
    csro_random random;
    csro_random_init(&random, key, 0);
    if (csro_random_uniform(&random) < 0.07)
      memmove(xyz + 3 * kept++, r, 3 * sizeof *r);
  }
  return kept;
}

static void fill_cube(float *xyz, int64_t count, double density) {
  csro_random random;
  csro_random_init(&random, 2, 0);
  double edge = cbrt((double)count / density);
  for (int64_t i = 0; i < count; i++) {
    xyz[3 * i] = (float)(edge * csro_random_uniform(&random));
    xyz[3 * i + 1] = (float)(edge * csro_random_uniform(&random));
    xyz[3 * i + 2] = (float)(-edge * (double)i / (double)count);
  }
}

int main(int argc, char **argv) {
  struct bench bench = {.repeats = 3};
  csro_context_init(&bench.context);
  for (int k = 1; k + 1 < argc; k += 2) {
    if (strcmp(argv[k], "--threads") == 0)
      bench.context.threads = atoi(argv[k + 1]);
    else if (strcmp(argv[k], "--repeat") == 0)
      bench.repeats = atoi(argv[k + 1]);
    else if (strcmp(argv[k], "--save") == 0)
      bench.save = argv[k + 1];
  }
  if (bench.context.threads < 1 || bench.repeats < 1)
    stop("usage: bench_dbscan [--threads N] [--repeat N] [--save DIR]");
  mallopt(M_MMAP_THRESHOLD, 1 << 16); /* what is freed leaves the process */
  const int64_t most = 10000000;
  float *xyz = malloc((size_t)most * 3 * sizeof *xyz);
  if (!xyz)
    stop("no memory");
  int64_t count = fill_frustum(xyz, (int64_t)(21 * 21 * 120 * per_nm3));
  run(&bench, "frustum", xyz, count);
  count = extract(xyz, count);
  run(&bench, "frustum_extracted", xyz, count);
  fill_cube(xyz, most, per_nm3);
  run(&bench, "cube_dense", xyz, most);
  fill_cube(xyz, most, per_nm3 / 10);
  run(&bench, "cube_sparse", xyz, most);
  free(xyz);
  return 0;
}

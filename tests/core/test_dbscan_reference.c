/* DBSCAN and the comparison on the published ions of a real specimen and its copy, and on the
 * synthetic reference specimen. */
#include "check.h"
#include "csro/compare.h"
#include "csro/domains.h"
#include "npy.h"
#include "pos.h"

static csro_context context;

static int64_t read_csv(const char *path, double *xyz, int64_t most) {
  FILE *file = fopen(path, "r");
  char line[256];
  int64_t n = 0;
  while (n < most && fgets(line, sizeof line, file)) {
    char *at = line;
    for (int axis = 0; axis < 3; axis++)
      xyz[3 * n + axis] = strtod(at, &at), at++;
    n++;
  }
  fclose(file);
  return n;
}

typedef struct expected {
  int64_t ions, domains, noise, largest, histogram[CSRO_SIZE_BINS];
} expected;

/* Clusters a published file and checks every count; gives the histogram of sizes. */
static void check_published(const char *name, const expected *expect) {
  enum { MOST = 50000 };
  double *xyz = malloc(3 * MOST * sizeof *xyz);
  int64_t *label = malloc(MOST * sizeof *label), *size = calloc(MOST, sizeof *size);
  int64_t n = read_csv(check_reference(name), xyz, MOST), domains, histogram[CSRO_SIZE_BINS];
  CHECK_EQ(n, expect->ions);
  CHECK_OK(&context, csro_dbscan(&context, &(csro_points){xyz, true, n}, 0.4, 3, label, &domains));
  int64_t noise = 0, largest = 0;
  for (int64_t i = 0; i < n; i++) {
    if (label[i] < 0)
      noise++;
    else if (++size[label[i]] > largest)
      largest = size[label[i]];
  }
  csro_size_histogram(size, domains, histogram);
  CHECK_EQ(domains, expect->domains);
  CHECK_EQ(noise, expect->noise);
  CHECK_EQ(largest, expect->largest);
  CHECK(memcmp(histogram, expect->histogram, sizeof histogram) == 0);
  free(xyz);
  free(label);
  free(size);
}

static void test_published(void) {
  const expected actual = {39944, 1377, 364, 413, {120, 270, 231, 151, 103, 74, 65, 50, 44, 36, 29,
                                                   29,  22,  22,  20,  17,  16, 7,  8,  8,  13, 3,
                                                   6,   4,   3,   3,   2,   1,  4,  0,  0,  16}};
  const expected random = {33139, 1315, 295, 222, {102, 260, 261, 150, 130, 79, 68, 54, 33, 28, 17,
                                                   19,  24,  8,   11,  6,   6,  8,  4,  4,  3,  5,
                                                   6,   0,   2,   6,   3,   0,  5,  1,  3,  9}};
  for (context.threads = 1; context.threads <= 2; context.threads++) {
    check_published("real_nini/NiNi_10_10_-120_0nm_above_3.75_win_1_stride_0.5.csv", &actual);
    check_published("real_nini/Random_NiNi_10_10_-120_0nm_above_3.75_win_1_stride_0.5.csv",
                    &random);
  }
  csro_comparison comparison;
  csro_compare(actual.histogram, random.histogram, &comparison);
  CHECK_NEAR(comparison.pcc, 0.9902042168478717, 1e-12);
  CHECK_NEAR(comparison.chi2, 156.15470030011332, 1e-9);
  CHECK_EQ(comparison.bins_used, 30);
  CHECK_NEAR(comparison.n_total, 1346, 0);
  CHECK_NEAR(comparison.mu, 0.3224186832885194, 1e-12);
}

static void test_synthetic(void) {
  npy ids = npy_read(check_reference("small/extracted_ion_ids_Ni.npy"));
  npy expect = npy_read(check_reference("small/domain_labels_Ni.npy"));
  int64_t n;
  float *all = pos_read(check_reference("small/data.pos"), &n);
  float *xyz = malloc((size_t)ids.count * 3 * sizeof *xyz);
  int64_t *label = malloc((size_t)ids.count * sizeof *label), domains;
  for (int64_t i = 0; i < ids.count; i++)
    memcpy(xyz + 3 * i, all + 3 * ((int32_t *)ids.data)[i], 3 * sizeof *xyz);
  CHECK_OK(&context,
           csro_dbscan(&context, &(csro_points){xyz, false, ids.count}, 0.4, 3, label, &domains));
  CHECK_EQ(domains, 13);
  /* equal up to numbering: each of ours is one of theirs, and they are as many */
  int32_t theirs[13];
  for (int i = 0; i < 13; i++)
    theirs[i] = -2;
  for (int64_t i = 0; i < ids.count; i++) {
    int32_t wanted = ((int32_t *)expect.data)[i];
    if (label[i] < 0) {
      CHECK_EQ(wanted, -1);
      continue;
    }
    if (theirs[label[i]] == -2)
      theirs[label[i]] = wanted;
    CHECK_EQ(theirs[label[i]], wanted);
  }
  for (int i = 0; i < 13; i++)
    for (int j = 0; j < i; j++)
      CHECK(theirs[i] >= 0 && theirs[i] != theirs[j]);
  free(all);
  free(xyz);
  free(label);
  free(ids.data);
  free(expect.data);
}

int main(void) {
  csro_context_init(&context);
  test_published();
  test_synthetic();
  return check_end();
}

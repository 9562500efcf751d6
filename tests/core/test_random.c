/* Random numbers: the published vectors of Philox4x32-10, moments, absence of bias, permutations.
 */
#include "base/random_normals.h"
#include "check.h"
#include "csro/random.h"

/* The known answers that the generator's authors publish: counter, key, result. */
static void test_known_answers(void) {
  static const struct {
    uint64_t counter, stream, seed;
    uint32_t expected[4];
  } cases[] = {
      {0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {UINT64_MAX, UINT64_MAX, UINT64_MAX, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {0x85a308d3243f6a88,
       0x0370734413198a2e,
       0x299f31d0a4093822,
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    csro_random random;
    csro_random_init(&random, cases[i].seed, cases[i].stream);
    random.counter = cases[i].counter;
    for (int k = 0; k < 4; k++)
      CHECK_EQ(csro_random_u32(&random), cases[i].expected[k]);
  }
}

static void test_streams_differ(void) {
  csro_random a, b, c;
  csro_random_init(&a, 1, 0);
  csro_random_init(&b, 1, 1);
  csro_random_init(&c, 2, 0);
  uint64_t first = csro_random_u64(&a);
  CHECK(first != csro_random_u64(&b));
  CHECK(first != csro_random_u64(&c));
  CHECK(first != csro_random_u64(&a));
}

static void test_moments(void) {
  enum { n = 200000 };
  csro_random random;
  csro_random_init(&random, 5, 7);
  double sum = 0, squares = 0;
  for (int i = 0; i < n; i++) {
    double u = csro_random_uniform(&random);
    CHECK(u >= 0 && u < 1);
    sum += u, squares += u * u;
  }
  CHECK_NEAR(sum / n, 0.5, 0.004);
  CHECK_NEAR(squares / n, 1.0 / 3, 0.004);
  double moments[5] = {0};
  for (int i = 0; i < n; i++) {
    double x = csro_random_normal(&random);
    CHECK(isfinite(x));
    for (int k = 1; k < 5; k++)
      moments[k] += pow(x, k) / n;
  }
  CHECK_NEAR(moments[1], 0, 0.012);
  CHECK_NEAR(moments[2], 1, 0.02);
  CHECK_NEAR(moments[3], 0, 0.05);
  CHECK_NEAR(moments[4], 3, 0.15);
}

static void test_below(void) {
  enum { n = 60000 };
  csro_random random;
  csro_random_init(&random, 11, 0);
  int count[6] = {0};
  for (int i = 0; i < n; i++)
    count[csro_random_below(&random, 6)]++;
  for (int k = 0; k < 6; k++)
    CHECK_NEAR(count[k], n / 6.0, 6 * sqrt(n / 6.0));
  CHECK_EQ(csro_random_below(&random, 1), 0);
  /* With n = 3/4 of 2^64, a plain remainder would favour the lower third two to one. */
  uint64_t large = UINT64_C(3) << 62;
  int lower = 0;
  for (int i = 0; i < n; i++) {
    uint64_t value = csro_random_below(&random, large);
    CHECK(value < large);
    lower += value < large / 3;
  }
  CHECK_NEAR(lower, n / 3.0, 6 * sqrt(n / 4.5));
}

static void test_permutation_is_one(void) {
  static const uint64_t sizes[] = {1, 2, 3, 4, 5, 16, 17, 255, 256, 257, 1000, 4096, 70000};
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
    uint64_t n = sizes[k];
    csro_permutation permutation;
    csro_permutation_init(&permutation, 3, n);
    char *seen = calloc(n, 1);
    for (uint64_t i = 0; i < n; i++) {
      uint64_t j = csro_permutation_at(&permutation, i);
      CHECK(j < n && !seen[j]);
      if (j < n)
        seen[j] = 1;
    }
    free(seen);
  }
  csro_permutation huge;
  csro_permutation_init(&huge, 3, UINT64_MAX);
  CHECK_EQ(huge.half_bits, 32);
  CHECK(csro_permutation_at(&huge, 0) != csro_permutation_at(&huge, 1));
}

/* Over many seeds each place is taken equally often, and neighbours go apart. */
static void test_permutation_mixes(void) {
  enum { n = 10, seeds = 20000, far = 10000 };
  int count[n][n] = {{0}};
  for (int seed = 0; seed < seeds; seed++) {
    csro_permutation permutation;
    csro_permutation_init(&permutation, (uint64_t)seed, n);
    for (int i = 0; i < n; i++)
      count[i][csro_permutation_at(&permutation, (uint64_t)i)]++;
  }
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      CHECK_NEAR(count[i][j], seeds / n, 7 * sqrt(seeds / n));
  csro_permutation permutation;
  csro_permutation_init(&permutation, 1, far);
  double products = 0;
  for (int i = 0; i + 1 < far; i++)
    products += ((double)csro_permutation_at(&permutation, (uint64_t)i) / far - 0.5) *
                ((double)csro_permutation_at(&permutation, (uint64_t)i + 1) / far - 0.5);
  CHECK_NEAR(12 * products / far, 0, 5 / sqrt(far));
}

static void test_permutation_range(void) {
  enum { n = 1000 };
  csro_permutation permutation;
  csro_permutation_init(&permutation, 3, 5 * n);
  for (int threads = 1; threads < 4; threads++) {
    uint64_t out[n];
    csro_permutation_range(&permutation, 2 * n, n, threads, out);
    for (int i = 0; i < n; i++)
      CHECK(out[i] == csro_permutation_at(&permutation, 2 * n + (uint64_t)i));
  }
}

/* Whatever is taken before, between and after. */
static void test_fill(void) {
  csro_random one, many;
  csro_random_init(&one, 11, 5);
  csro_random_init(&many, 11, 5);
  for (int64_t n = 0; n < 200; n += 1 + n / 3) {
    uint32_t filled[200];
    csro_random_fill(&many, n, filled);
    for (int64_t k = 0; k < n; k++)
      CHECK_EQ(filled[k], csro_random_u32(&one));
    CHECK_EQ(csro_random_u32(&many), csro_random_u32(&one));
  }
}

static void test_normals(void) {
  enum { n = 200000 };
  uint32_t *bits = malloc(2 * n * sizeof *bits);
  float *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
  csro_random random;
  csro_random_init(&random, 5, 9);
  csro_random_normals(&random, n, bits, a, b);
  double moments[2][5] = {{0}}, product = 0, squares = 0, beyond = 0;
  for (int i = 0; i < n; i++) {
    for (int k = 1; k < 5; k++) {
      moments[0][k] += pow(a[i], k) / n;
      moments[1][k] += pow(b[i], k) / n;
    }
    product += (double)a[i] * b[i] / n;
    squares += ((double)a[i] * a[i] - 1) * ((double)b[i] * b[i] - 1) / n;
    beyond += (fabsf(a[i]) > 2) + (fabsf(b[i]) > 2);
    /* the definition, from the same bits */
    double radius = sqrt(-2 * log(((bits[i] >> 8) + 0.5) / 16777216));
    CHECK_NEAR(sqrt((double)a[i] * a[i] + (double)b[i] * b[i]), radius, 1e-3 * radius + 1e-3);
  }
  for (int which = 0; which < 2; which++) {
    CHECK_NEAR(moments[which][1], 0, 0.01);
    CHECK_NEAR(moments[which][2], 1, 0.015);
    CHECK_NEAR(moments[which][3], 0, 0.04);
    CHECK_NEAR(moments[which][4], 3, 0.12);
  }
  CHECK_NEAR(product, 0, 0.01);
  CHECK_NEAR(squares, 0, 0.03);
  CHECK_NEAR(beyond / (2 * n), 0.0455, 0.0015);
  free(bits);
  free(a);
  free(b);
}

int main(void) {
  test_known_answers();
  test_fill();
  test_streams_differ();
  test_moments();
  test_below();
  test_permutation_is_one();
  test_permutation_mixes();
  test_permutation_range();
  test_normals();
  return check_end();
}

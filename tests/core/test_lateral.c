/* The noise across the pole, from specimens of known noise. */
#include "check.h"
#include "csro/lateral.h"
#include "order_trial.h"

static csro_lateral noise_of(csro_context *context, const trial *t) {
  csro_lateral lateral;
  CHECK_OK(context,
           csro_lateral_find(context, &t->points, t->even, t->signal, t->planes.sigma_z, &lateral));
  printf("%.3f (%.3f to %.3f), measured: %d\n", lateral.sigma, lateral.low, lateral.high,
         lateral.measured);
  return lateral;
}

/* Small specimens: each is told to 0.16 nm. */
static void test_specimens(csro_context *context) {
  static const double truth[] = {0.15, 0.3, 0.6};
  double before = 0;
  for (size_t k = 0; k < sizeof truth / sizeof *truth; k++) {
    trial t;
    make_trial_of(context, 0.08, 1, 1, truth[k], false, &t);
    const csro_lateral lateral = noise_of(context, &t);
    CHECK(lateral.measured && fabs(lateral.sigma - truth[k]) < 0.16);
    CHECK(lateral.low < lateral.sigma && lateral.sigma < lateral.high);
    CHECK(lateral.high < lateral.low + 0.3 && lateral.sigma > before + 0.08);
    before = lateral.sigma;
    free_trial(&t);
  }
}

/* Without order nothing is told, and the words say so. */
static void test_null(csro_context *context) {
  char text[CSRO_LATERAL_TEXT];
  trial t;
  make_trial(context, 0, 1, false, &t);
  const csro_lateral lateral = noise_of(context, &t);
  CHECK(!lateral.measured && lateral.sigma == CSRO_LATERAL_USUAL && isnan(lateral.low));
  csro_lateral_text(&lateral, text);
  CHECK(strstr(text, "cannot be told"));
  free_trial(&t);
}

/* Two parts, each with the ions around its own, and other numbers of threads give the same sums. */
static void test_parts(csro_context *context) {
  const double inf = INFINITY;
  trial t;
  make_trial(context, 0.08, 1, false, &t);
  const int64_t all = t.points.count;
  csro_order_part part = {.lo = {-inf, -inf, -inf}, .hi = {inf, inf, inf}};
  CHECK_OK(context, csro_points_bounds(context, &t.points, part.bounds));
  int64_t *whole = calloc(3, sizeof(csro_lateral_sums)), words = sizeof(csro_lateral_sums) / 8;
  int64_t *low = whole + words, *high = low + words;
  CHECK_OK(context, csro_lateral_sum(context, &t.points, t.even, t.signal, &part, all,
                                     *(csro_lateral_sums *)(void *)whole));
  context->threads = 1;
  part.hi[0] = 0.123;
  CHECK_OK(context, csro_lateral_sum(context, &t.points, t.even, t.signal, &part, all,
                                     *(csro_lateral_sums *)(void *)low));
  part.hi[0] = inf;
  part.lo[0] = 0.123;
  CHECK_OK(context, csro_lateral_sum(context, &t.points, t.even, t.signal, &part, all,
                                     *(csro_lateral_sums *)(void *)high));
  int64_t wrong = 0, some = 0;
  for (int64_t k = 0; k < words; k++) {
    wrong += whole[k] != low[k] + high[k];
    some += whole[k] != 0;
  }
  CHECK_EQ(wrong, 0);
  CHECK(some > words / 2);
  free(whole);
  free_trial(&t);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 2;
  test_specimens(&context);
  test_null(&context);
  test_parts(&context);
  return check_end();
}

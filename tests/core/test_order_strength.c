/* How ordered the domains are, from specimens of known order. */
#include "check.h"
#include "csro/distributed_order.h"
#include "order_trial.h"

static csro_order_strength strength_of(csro_context *context, double density, double order) {
  trial t;
  csro_order found;
  make_trial_of(context, density, 1, order, 0.3, false, &t);
  CHECK_OK(context,
           csro_order_find(context, &t.points, t.signal, &t.options, &t.grid, NULL, &found));
  csro_order_strength s = found.strength;
  printf("order %.1f: %.3f (%.3f to %.3f)\n", order, s.value, s.low, s.high);
  csro_order_release(&found);
  free_trial(&t);
  return s;
}

static void test_specimens(csro_context *context) {
  const csro_order_strength full = strength_of(context, 0.06, 1);
  const csro_order_strength part = strength_of(context, 0.06, 0.7);
  const csro_order_strength weak = strength_of(context, 0.06, 0.5);
  CHECK(full.low < full.value && full.value > 0.85 && full.low > 0.6 && full.high == 1);
  CHECK(part.low < 0.7 && 0.7 < part.high && fabs(part.value - 0.7) < 0.1);
  CHECK(weak.low < 0.5 && 0.5 < weak.high); /* the value is too high: the strongest are found */
  CHECK(weak.value < part.value && part.value < full.value - 0.1);
}

/* A parabola is found again, and its width; nothing is known without domains. */
static void test_curve(void) {
  int64_t sums[CSRO_STRENGTHS] = {0};
  csro_order_strength s = csro_order_strength_of(sums);
  CHECK(isnan(s.value) && isnan(s.low) && isnan(s.high));
  for (int k = 0; k < CSRO_STRENGTHS; k++) {
    const double from = (0.3 + 0.1 * k - 0.62) / 0.02;
    sums[k] = llround(-from * from / 2 * (1 << 20));
  }
  s = csro_order_strength_of(sums);
  CHECK_NEAR(s.value, 0.62, 1e-5);
  CHECK_NEAR(s.high - s.value, 1.6449 * sqrt(0.02 * 0.02 + 0.07 * 0.07), 1e-4);
  CHECK_NEAR(s.value - s.low, 1.6449 * sqrt(0.02 * 0.02 + 0.14 * 0.14), 1e-4);
  for (int k = 0; k < CSRO_STRENGTHS; k++)
    sums[k] = -(int64_t)(CSRO_STRENGTHS - k) * (CSRO_STRENGTHS - k) * 10000000;
  s = csro_order_strength_of(sums);
  CHECK_NEAR(s.value, 1, 1e-12);
  CHECK(s.low < 0.9 && s.high == 1);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 2;
  test_curve();
  test_specimens(&context);
  return check_end();
}

/* Diffuse intensity of fcc far above the transition (kT/J = 1.74) is that of the mean field, within
 * the errors; near kT/J = 4, where the mean field would order, it is not. */
#include "check.h"
#include "mean_field.h"

static csro_context context;

int main(void) {
  mean_field found;
  csro_context_init(&context);
  CHECK_OK(&context, mean_field_run(&context, 6, 20, 100, &found));
  CHECK(found.chi2 > 0.7 && found.chi2 < 1.4);
  CHECK_NEAR(found.x_mean_field, 1.2186, 0.001);
  CHECK_NEAR(found.x, found.x_mean_field, 4 * found.x_error);
  CHECK(found.x_error < 0.1);
  CHECK_OK(&context, mean_field_run(&context, 6, 5, 100, &found));
  CHECK(found.chi2 > 5 && found.x < found.x_mean_field);
  return check_end();
}

/* What is said of a domain that consists of several balls. */
#include "check.h"
#include "csro/distributed_order.h"

static csro_ordered_domain ball(int64_t candidate, int64_t ions, double exists, double share) {
  double chance = share * (1 - share) / (double)ions;
  return (csro_ordered_domain){.candidate = candidate,
                               .diameter = 2,
                               .existence = exists,
                               .probability = exists,
                               .evidence = 10 * exists,
                               .ion_share = exists * share,
                               .share_spread =
                                   sqrt(exists * (chance + (1 - exists) * share * share)),
                               .ions = ions};
}

/* The first of those that are left, of balls that follow one another in a chain. */
static csro_ordered_domain join(int64_t count, csro_ordered_domain *domains, double *fewer) {
  csro_context local, *context = &local;
  csro_context_init(context);
  csro_order_link links[8];
  int64_t numbers[8], roots[8], left = count;
  for (int64_t k = 0; k + 1 < count; k++)
    links[k] = (csro_order_link){domains[k].candidate, domains[k + 1].candidate};
  CHECK_OK(context,
           csro_order_join(context, count - 1, links, &left, domains, numbers, roots, fewer));
  CHECK_EQ(left, 1);
  return domains[0];
}

int main(void) {
  double fewer;
  csro_ordered_domain alone = join(1, (csro_ordered_domain[]){ball(7, 60, 0.9, 0.6)}, &fewer);
  CHECK_NEAR(alone.probability, 0.9, 0);
  CHECK_NEAR(fewer, 0, 0);

  /* Two that hold as many ions: both must be there. */
  csro_ordered_domain two =
      join(2, (csro_ordered_domain[]){ball(7, 60, 1, 0.8), ball(9, 60, 1, 0.8)}, &fewer);
  CHECK_EQ(two.ions, 120);
  CHECK_NEAR(two.ion_share, 0.8, 1e-12);
  CHECK_NEAR(two.share_spread, sqrt(0.16 / 120), 1e-12);
  CHECK_NEAR(two.probability, 1, 0.001);
  CHECK_NEAR(fewer, 1, 1e-12);

  /* The first has half of the ions, and is there; but too few of all belong to it: 0.49 of them are
   * expected to. */
  csro_ordered_domain weak =
      join(2, (csro_ordered_domain[]){ball(7, 60, 1, 0.62), ball(9, 56, 0.6, 0.6)}, &fewer);
  CHECK_EQ(weak.candidate, 7);
  CHECK_NEAR(weak.ion_share, (60 * 0.62 + 56 * 0.36) / 116, 1e-12);
  CHECK(weak.probability > 0.4 && weak.probability < 0.55);
  CHECK_NEAR(fewer, 0.6, 1e-12); /* as many domains as before, all the same */

  /* Many: little is left to chance. */
  csro_ordered_domain all[8];
  for (int k = 0; k < 8; k++)
    all[k] = ball(k, 50, 1, 0.75);
  CHECK(join(8, all, &fewer).probability > 0.99);
  return check_end();
}

/* Pairs of masses of one pulse against counting by hand. */
#include "check.h"
#include "csro/multiple_hits.h"
#include "random_points.h"

static csro_context context;

int main(void) {
  csro_context_init(&context);
  csro_spectrum bins;
  CHECK_OK(&context, csro_spectrum_init(&context, 1, 10, &bins));
  /* the first continues a pulse that is not here; a pulse of three, one alone, two (of three, one
     above all bins), two and one too many */
  const double mass[] = {1.5, 2.5, 3.5, 3.6, 4.5, 5.5, 99, 6.5, 7.5, 7.6, 8.5};
  const double hits[] = {0, 3, 0, 0, 1, 3, 0, 0, 2, 0, 0};
  float single[11];
  for (int i = 0; i < 11; i++)
    single[i] = (float)mass[i];
  for (int precise = 0; precise < 2; precise++) {
    int64_t counts[100] = {0}, sum = 0, pulses = 0;
    CHECK_OK(&context,
             csro_multiple_hits_add(&context, &bins, precise ? (const void *)mass : single, precise,
                                    hits, 11, counts, &pulses));
    CHECK_EQ(pulses, 3);
    CHECK_EQ(counts[2 * 10 + 3], 2);
    CHECK_EQ(counts[3 * 10 + 2], 2);
    CHECK_EQ(counts[3 * 10 + 3], 2); /* both orders */
    CHECK_EQ(counts[5 * 10 + 6], 1);
    CHECK_EQ(counts[6 * 10 + 5], 1);
    CHECK_EQ(counts[7 * 10 + 7], 2);
    for (int k = 0; k < 100; k++)
      sum += counts[k];
    CHECK_EQ(sum, 10);
  }
  double expected[4];
  CHECK_OK(&context, csro_multiple_hits_expect(&context, (int64_t[]){2, 4, 4, 0}, 2, expected));
  CHECK_NEAR(expected[0], 3.6, 1e-15);
  CHECK_NEAR(expected[1], 2.4, 1e-15);
  CHECK_NEAR(expected[3], 1.6, 1e-15);
  CHECK_OK(&context, csro_multiple_hits_expect(&context, (int64_t[]){0, 0, 0, 0}, 2, expected));
  CHECK_NEAR(expected[0], 0, 0);

  /* pulses in pieces, as processes have them: the rest of a pulse goes with its beginning */
  enum { IONS = 500 };
  double masses[IONS], of_pulse[IONS];
  uint64_t state = 8;
  int begin = 1;
  for (int i = 0; i < IONS; i++) { /* beginnings anywhere */
    masses[i] = cloud_between(&state, 0, 10);
    of_pulse[i] = begin ? 4 : 0;
    begin = cloud_uniform(&state) < 0.5 || (i > 2 && !of_pulse[i] && !of_pulse[i - 1]);
  }
  int64_t whole[100] = {0}, parts[100] = {0}, pulses = 0, pulses_of_parts = 0;
  CHECK_OK(&context,
           csro_multiple_hits_add(&context, &bins, masses, true, of_pulse, IONS, whole, &pulses));
  int cut = IONS / 2;
  while (!(of_pulse[cut] > 0))
    cut++;
  CHECK_OK(&context, csro_multiple_hits_add(&context, &bins, masses, true, of_pulse, cut, parts,
                                            &pulses_of_parts));
  CHECK_OK(&context, csro_multiple_hits_add(&context, &bins, masses + cut, true, of_pulse + cut,
                                            IONS - cut, parts, &pulses_of_parts));
  CHECK(memcmp(whole, parts, sizeof whole) == 0 && pulses == pulses_of_parts && pulses > 50);
  for (int a = 0; a < 10; a++)
    for (int b = 0; b < 10; b++)
      CHECK_EQ(whole[a * 10 + b], whole[b * 10 + a]);
  CHECK_OK(&context, csro_spectrum_init(&context, 0.01, 100, &bins));
  CHECK_FAILS(&context,
              csro_multiple_hits_add(&context, &bins, masses, true, of_pulse, 1, whole, &pulses),
              CSRO_ERROR_ARGUMENT, "10000 bins");
  return check_end();
}

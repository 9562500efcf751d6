/* Rows with a NaN or an infinity: none, one, many, at every place of blocks, in both precisions,
 * for any number of threads. */
#include "check.h"
#include "csro/finite.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { ROWS = 10001 };
static float floats[3 * ROWS];
static double doubles[3 * ROWS];

static void expect(int64_t count, int64_t first) {
  csro_context context;
  csro_context_init(&context);
  for (int i = 0; i < 3 * ROWS; i++)
    doubles[i] = (double)floats[i];
  for (context.threads = 1; context.threads < 4; context.threads++)
    for (int precision = 0; precision < 2; precision++) {
      int64_t found = 0, lowest = 0;
      csro_count_not_finite(&context, precision ? (const void *)doubles : floats, precision == 1,
                            ROWS, 3, &found, &lowest);
      CHECK(found == count && lowest == first);
    }
}

int main(void) {
  for (int i = 0; i < 3 * ROWS; i++)
    floats[i] = i % 2 ? FLT_MAX : -FLT_MAX;
  expect(0, -1);
  floats[3 * (ROWS - 1) + 2] = INFINITY;
  expect(1, ROWS - 1);
  floats[3 * 4096] = NAN;
  floats[3 * 4096 + 1] = -INFINITY;
  expect(2, 4096);
  floats[3 * 4095 + 2] = NAN;
  expect(3, 4095);
  floats[0] = -INFINITY;
  expect(4, 0);
  csro_context context;
  csro_context_init(&context);
  int64_t count = 7, first = 7;
  csro_count_not_finite(&context, NULL, true, 0, 3, &count, &first);
  CHECK(count == 0 && first == -1);
  return 0;
}

/* A data race on purpose: under ThreadSanitizer it must be reported, or the other tests of that
 * preset say nothing. */
#include <stdio.h>

int main(void) {
  long sum = 0;
#pragma omp parallel for num_threads(2)
  for (long i = 0; i < 1000000; i++)
    sum += i;
  printf("%ld\n", sum);
  return 0;
}

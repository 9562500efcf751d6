/* Patterns per minute of every shipped recipe, by the clock and by what the cores spent. usage:
 * bench_patterns [THREADS] */
#include "csro/patterns.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PATTERNS = 20000 };

/* The recipe's grid as often as it takes. */
static void enlarge(csro_recipe *recipe) {
  for (int c = 0; c < recipe->class_count; c++)
    recipe->classes[c].patterns = PATTERNS / recipe->class_count;
}

int main(int argc, char **argv) {
  csro_context context;
  csro_context_init(&context);
  if (argc > 1 && atoi(argv[1]) > 0)
    context.threads = atoi(argv[1]);
  printf("%d threads\n", context.threads);
  for (int k = 0; k < CSRO_RECIPES_SHIPPED; k++) {
    csro_recipe *recipe;
    csro_patterns patterns;
    csro_status status = csro_recipe_shipped(&context, k, &recipe);
    if (status == CSRO_OK)
      enlarge(recipe);
    double begin = omp_get_wtime();
    clock_t spent = clock();
    if (status == CSRO_OK)
      status = csro_patterns_init(&context, recipe, 1, 0, &patterns);
    if (status != CSRO_OK) {
      fprintf(stderr, "bench_patterns: %s\n", context.message);
      return EXIT_FAILURE;
    }
    double seconds = omp_get_wtime() - begin, core = (double)(clock() - spent) / CLOCKS_PER_SEC;
    double millions = (double)patterns.count / 1e6;
    printf("%-12s %.2f million patterns a minute, %.1f microseconds of a core each\n",
           csro_recipe_names[k], 60 * millions / seconds, core / millions);
    csro_patterns_release(&patterns);
    csro_recipe_destroy(&recipe);
  }
  return EXIT_SUCCESS;
}

/* The shipped recipes and their banks, for tests. */
#ifndef RECIPES_H
#define RECIPES_H

#include "check.h"
#include "csro/patterns.h"

static inline csro_recipe *shipped_recipe(csro_context *context, const char *name) {
  csro_recipe *recipe = NULL;
  for (int k = 0; k < CSRO_RECIPES_SHIPPED; k++)
    if (strcmp(csro_recipe_names[k], name) == 0)
      CHECK_OK(context, csro_recipe_shipped(context, k, &recipe));
  if (!recipe)
    exit(1);
  return recipe;
}

static inline csro_patterns shipped_patterns(csro_context *context, const char *name,
                                             uint64_t seed) {
  csro_recipe *recipe = shipped_recipe(context, name);
  csro_patterns patterns;
  CHECK_OK(context, csro_patterns_init(context, recipe, seed, 0, &patterns));
  csro_recipe_destroy(&recipe);
  return patterns;
}

#endif

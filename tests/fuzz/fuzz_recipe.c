#include "csro/recipe.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  csro_context context = fuzz_context();
  csro_recipe *recipe;
  csro_status status = csro_recipe_parse(&context, "input", data, size, &recipe);
  fuzz_check_status(&context, status);
  FUZZ_CHECK((status == CSRO_OK) == (recipe != NULL));
  for (int k = 0; recipe && k < recipe->class_count; k++) {
    const csro_recipe_class *class = &recipe->classes[k];
    FUZZ_CHECK(class->patterns > 0 && class->structure < recipe->structure_count &&
               class->species < recipe->species_count);
    for (int v = 0; v < CSRO_VALUES; v++)
      FUZZ_CHECK(class->values[v].count >= 0 && class->values[v].from <= class->values[v].to);
  }
  for (int k = 0; recipe && k < recipe->structure_count; k++)
    FUZZ_CHECK(csro_structure_check(&context, &recipe->structures[k]) == CSRO_OK);
  csro_recipe_destroy(&recipe);
  return 0;
}

#include "csro/recipe.h"
#include "csro/specimen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static csro_status check_recipe(csro_context *context, const csro_recipe *recipe) {
  if (recipe->species_count > CSRO_SPECIMEN_SPECIES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "recipe %s has %d species, a specimen at most %d", recipe->name,
                     recipe->species_count, CSRO_SPECIMEN_SPECIES);
  for (int k = 0; k < recipe->species_count; k++)
    if (strlen(recipe->species[k]) >= sizeof((csro_specimen_species *)0)->symbol)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "recipe %s has the species %s, expected elements", recipe->name,
                       recipe->species[k]);
  if (recipe->class_count - 1 > CSRO_ORDER_TYPES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "recipe %s has %d ordered classes, a specimen at most %d", recipe->name,
                     recipe->class_count - 1, CSRO_ORDER_TYPES);
  return CSRO_OK;
}

csro_status csro_specimen_use_recipe(csro_context *context, csro_specimen *specimen,
                                     const csro_recipe *recipe) {
  csro_status status = check_recipe(context, recipe);
  if (status != CSRO_OK)
    return status;
  double fractions[CSRO_SPECIMEN_SPECIES];
  csro_structure_composition(&recipe->structures[recipe->classes[0].structure], fractions);
  specimen->recipe = recipe;
  specimen->species_count = recipe->species_count;
  for (int k = 0; k < recipe->species_count; k++) {
    specimen->species[k] =
        (csro_specimen_species){.share = fractions[k], .sigma_z = -1, .efficiency = 1};
    strcpy(specimen->species[k].symbol, recipe->species[k]);
  }
  specimen->order_type_count = recipe->class_count - 1;
  for (int k = 0; k < recipe->class_count - 1; k++)
    specimen->order_types[k] = (csro_order_type){
        .kind = CSRO_ORDER_STRUCTURE, .structure = recipe->classes[k + 1].structure, .share = 1};
  return CSRO_OK;
}

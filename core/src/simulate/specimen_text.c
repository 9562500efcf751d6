/* What people type about the species and the order of a specimen. */
#include "csro/parse.h"
#include "csro/recipe.h"
#include "csro/specimen.h"

#include <math.h>
#include <string.h>

static int find_species(const csro_specimen *specimen, const char *symbol) {
  for (int k = 0; k < specimen->species_count; k++)
    if (strcmp(specimen->species[k].symbol, symbol) == 0)
      return k;
  return -1;
}

static csro_status need_species(csro_context *context, const csro_specimen *specimen,
                                const char *what, const char *symbol, int *species) {
  *species = find_species(specimen, symbol);
  if (*species >= 0)
    return CSRO_OK;
  char known[CSRO_SPECIMEN_SPECIES * 5 + 1] = "";
  for (int k = 0; k < specimen->species_count; k++) {
    strcat(known, k ? " " : "");
    strcat(known, specimen->species[k].symbol);
  }
  return csro_fail(context, CSRO_ERROR_ARGUMENT,
                   "%s: '%s' is no species of the specimen, expected one of %s", what, symbol,
                   known);
}

csro_status csro_specimen_set_composition(csro_context *context, csro_specimen *specimen,
                                          const char *text) {
  csro_named_value values[CSRO_SPECIMEN_SPECIES];
  int count, species;
  csro_status status = csro_named_values_parse(context, "composition", text, 1,
                                               CSRO_SPECIMEN_SPECIES, values, &count);
  if (status != CSRO_OK || count == 0)
    return status;
  if (specimen->recipe) {
    for (int k = 0; k < specimen->species_count; k++)
      specimen->species[k].share = 0;
    for (int k = 0; k < count; k++) {
      status = need_species(context, specimen, "composition", values[k].name, &species);
      if (status != CSRO_OK)
        return status;
      specimen->species[species].share = values[k].value;
    }
    return CSRO_OK;
  }
  int rarest = 0;
  specimen->species_count = count;
  for (int k = 0; k < count; k++) {
    csro_specimen_species *to = &specimen->species[k];
    if (strlen(values[k].name) >= sizeof to->symbol)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "composition: '%s' is no symbol of an element",
                       values[k].name);
    *to = (csro_specimen_species){.share = values[k].value, .sigma_z = -1, .efficiency = 1};
    strcpy(to->symbol, values[k].name);
    rarest = to->share < specimen->species[rarest].share ? k : rarest;
  }
  int nickel = find_species(specimen, "Ni");
  specimen->order_types[0].species = nickel >= 0 ? nickel : rarest;
  return CSRO_OK;
}

/* Calls of the two functions below differ in the number that they set. */
static csro_status set_numbers(csro_context *context, csro_specimen *specimen, const char *what,
                               const char *text, bool sigma) {
  csro_named_value values[CSRO_SPECIMEN_SPECIES];
  int count, species;
  csro_status status =
      csro_named_values_parse(context, what, text, NAN, CSRO_SPECIMEN_SPECIES, values, &count);
  for (int k = 0; k < count && status == CSRO_OK; k++) {
    status = need_species(context, specimen, what, values[k].name, &species);
    if (status == CSRO_OK && values[k].value < 0)
      status = csro_fail(context, CSRO_ERROR_ARGUMENT, "%s: %g of %s, expected at least 0", what,
                         values[k].value, values[k].name);
    if (status == CSRO_OK && sigma)
      specimen->species[species].sigma_z = values[k].value;
    else if (status == CSRO_OK)
      specimen->species[species].efficiency = values[k].value;
  }
  return status;
}

csro_status csro_specimen_set_sigma_z(csro_context *context, csro_specimen *specimen,
                                      const char *text) {
  return set_numbers(context, specimen, "sigma_z by species", text, true);
}

csro_status csro_specimen_set_efficiency(csro_context *context, csro_specimen *specimen,
                                         const char *text) {
  return set_numbers(context, specimen, "efficiency by species", text, false);
}

csro_status csro_specimen_set_gradient(csro_context *context, csro_specimen *specimen,
                                       const char *symbol, csro_axis axis, double from, double to) {
  int species = 0;
  csro_status status = CSRO_OK;
  if (axis != CSRO_AXIS_NONE)
    status = need_species(context, specimen, "gradient of composition", symbol, &species);
  specimen->gradient = (csro_composition_gradient){axis, species, from, to};
  return status;
}

static csro_status find_structure(csro_context *context, const csro_recipe *recipe,
                                  const char *name, int *structure) {
  for (int k = 0; k < recipe->structure_count; k++)
    if (strcmp(recipe->structure_names[k], name) == 0) {
      *structure = k;
      return CSRO_OK;
    }
  return csro_fail(context, CSRO_ERROR_ARGUMENT,
                   "types of order: '%s' is no structure of recipe %s", name, recipe->name);
}

csro_status csro_specimen_set_order(csro_context *context, csro_specimen *specimen,
                                    csro_order_kind kind, const char *text) {
  csro_named_value values[CSRO_ORDER_TYPES];
  int count;
  csro_status status =
      csro_named_values_parse(context, "types of order", text, 1, CSRO_ORDER_TYPES, values, &count);
  for (int k = 0; k < specimen->order_type_count && !specimen->recipe; k++)
    specimen->order_types[k].kind = kind;
  if (status != CSRO_OK || count == 0)
    return status;
  specimen->order_type_count = count;
  for (int k = 0; k < count && status == CSRO_OK; k++) {
    csro_order_type *type = &specimen->order_types[k];
    *type = (csro_order_type){.kind = kind, .share = values[k].value};
    if (specimen->recipe) {
      type->kind = CSRO_ORDER_STRUCTURE;
      status = find_structure(context, specimen->recipe, values[k].name, &type->structure);
    } else {
      status = need_species(context, specimen, "types of order", values[k].name, &type->species);
    }
  }
  return status;
}

#include "xml/recipe_document.h"

#include <stdlib.h>
#include <string.h>

enum { NAME = 16 };

int csro_recipe_find_species(const csro_recipe *recipe, const char *name) {
  for (int k = 0; k < recipe->species_count; k++)
    if (strcmp(recipe->species[k], name) == 0)
      return k;
  return -1;
}

/* Every species that an occupancy names, in their order. */
static csro_status read_species(const csro_xml_source *from, xmlNode *structure,
                                csro_recipe *recipe) {
  csro_status status = CSRO_OK;
  for (xmlNode *node = csro_xml_first(structure); node && status == CSRO_OK;
       node = csro_xml_next(node)) {
    char name[NAME];
    if (!csro_xml_is(node, "occupancy"))
      continue;
    status = csro_xml_text(from, node, "species", sizeof name, name);
    if (status != CSRO_OK || csro_recipe_find_species(recipe, name) >= 0)
      continue;
    if (recipe->species_count == CSRO_RECIPE_SPECIES)
      return csro_xml_refuse(from, node, "more than 16 species");
    strcpy(recipe->species[recipe->species_count++], name);
  }
  return status;
}

static int find_sublattice(const csro_structure *structure, int count, const char *name) {
  for (int k = 0; k < count; k++)
    if (strcmp(structure->sublattices[k], name) == 0)
      return k;
  return -1;
}

static csro_status read_site(const csro_xml_source *from, xmlNode *node, int *sublattices,
                             csro_structure *structure, int index) {
  static const char *const axes[] = {"x", "y", "z"};
  char name[NAME];
  csro_status status = csro_xml_text(from, node, "sublattice", sizeof name, name);
  for (int axis = 0; axis < 3 && status == CSRO_OK; axis++)
    status = csro_xml_number(from, node, axes[axis], &structure->position[index][axis]);
  if (status != CSRO_OK)
    return status;
  int sublattice = find_sublattice(structure, *sublattices, name);
  if (sublattice < 0) {
    sublattice = (*sublattices)++;
    strcpy(structure->sublattices[sublattice], name);
  }
  structure->sublattice[index] = sublattice;
  return CSRO_OK;
}

/* A cell of the recipe's own; there are as many sublattices as sites at most. */
static csro_status read_cell(const csro_xml_source *from, xmlNode *node, double a, double c,
                             int species, csro_structure *structure) {
  int sites = 0, sublattices = 0, index = 0;
  for (xmlNode *child = csro_xml_first(node); child; child = csro_xml_next(child))
    sites += csro_xml_is(child, "site");
  if (sites > CSRO_RECIPE_SITES)
    return csro_xml_refuse(from, node, "more than 256 sites in a cell");
  csro_status status = csro_structure_init(from->context, sites, sites, species, structure);
  for (xmlNode *child = csro_xml_first(node); child && status == CSRO_OK;
       child = csro_xml_next(child))
    if (csro_xml_is(child, "site"))
      status = read_site(from, child, &sublattices, structure, index++);
  structure->sublattice_count = sublattices;
  structure->constant[0] = structure->constant[1] = a;
  structure->constant[2] = c;
  return status;
}

static csro_status read_occupancy(const csro_xml_source *from, xmlNode *node,
                                  const csro_recipe *recipe, csro_structure *structure) {
  char sublattice_name[NAME], species_name[NAME];
  double fraction = 0;
  csro_status status =
      csro_xml_text(from, node, "sublattice", sizeof sublattice_name, sublattice_name);
  if (status == CSRO_OK)
    status = csro_xml_text(from, node, "species", sizeof species_name, species_name);
  if (status == CSRO_OK)
    status = csro_xml_number(from, node, "fraction", &fraction);
  if (status != CSRO_OK)
    return status;
  int sublattice = find_sublattice(structure, structure->sublattice_count, sublattice_name);
  int species = csro_recipe_find_species(recipe, species_name);
  if (sublattice < 0)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: the structure has no sublattice %s", from->name,
                     xmlGetLineNo(node), sublattice_name);
  structure->occupancy[sublattice * structure->species_count + species] += fraction;
  return CSRO_OK;
}

static csro_status read_structure(const csro_xml_source *from, xmlNode *node, csro_recipe *recipe,
                                  int index) {
  csro_structure *structure = &recipe->structures[index];
  double a = 0;
  int prototype = -1;
  csro_status status = csro_xml_text(from, node, "name", sizeof recipe->structure_names[index],
                                     recipe->structure_names[index]);
  if (status == CSRO_OK)
    status = csro_xml_number(from, node, "a", &a);
  double c = a;
  if (status == CSRO_OK)
    status = csro_xml_number(from, node, "c", &c);
  if (status != CSRO_OK)
    return status;
  for (int k = 0; k < index; k++)
    if (strcmp(recipe->structure_names[k], recipe->structure_names[index]) == 0)
      return csro_xml_refuse(from, node, "the same name occurs twice");
  bool own = !xmlHasProp(node, (const xmlChar *)"prototype");
  status =
      own ? csro_xml_text(from, node, "name", sizeof *recipe->prototypes, recipe->prototypes[index])
          : csro_xml_text(from, node, "prototype", sizeof *recipe->prototypes,
                          recipe->prototypes[index]);
  for (int k = 0; k < CSRO_PROTOTYPES && !own; k++)
    if (strcmp(csro_prototype_names[k], recipe->prototypes[index]) == 0)
      prototype = k;
  if (status == CSRO_OK)
    status = own ? read_cell(from, node, a, c, recipe->species_count, structure)
                 : csro_structure_prototype(from->context, prototype, a, c, recipe->species_count,
                                            structure);
  for (xmlNode *child = csro_xml_first(node); child && status == CSRO_OK;
       child = csro_xml_next(child))
    if (csro_xml_is(child, "occupancy"))
      status = read_occupancy(from, child, recipe, structure);
  if (status != CSRO_OK)
    return status;
  status = csro_structure_check(from->context, structure);
  return status == CSRO_OK ? status : csro_xml_add_place(from, node, status);
}

csro_status csro_recipe_read_structures(const csro_xml_source *from, xmlNode *root,
                                        csro_recipe *recipe) {
  xmlNode *list = csro_xml_child(root, "structures");
  int count = csro_xml_count(list), index = 0;
  if (count > CSRO_RECIPE_STRUCTURES)
    return csro_xml_refuse(from, list, "more than 32 structures");
  recipe->species = csro_allocate(from->context, CSRO_RECIPE_SPECIES, sizeof *recipe->species);
  recipe->structures = csro_allocate(from->context, count, sizeof *recipe->structures);
  recipe->structure_names = csro_allocate(from->context, count, sizeof *recipe->structure_names);
  recipe->prototypes = csro_allocate(from->context, count, sizeof *recipe->prototypes);
  if (!recipe->species || !recipe->structures || !recipe->structure_names || !recipe->prototypes)
    return CSRO_ERROR_MEMORY;
  memset(recipe->structures, 0, (size_t)count * sizeof *recipe->structures);
  recipe->structure_count = count;
  csro_status status = CSRO_OK;
  for (xmlNode *node = csro_xml_first(list); node && status == CSRO_OK; node = csro_xml_next(node))
    status = read_species(from, node, recipe);
  for (xmlNode *node = csro_xml_first(list); node && status == CSRO_OK; node = csro_xml_next(node))
    status = read_structure(from, node, recipe, index++);
  return status;
}

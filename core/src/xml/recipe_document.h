/* The parts of reading a recipe: from a checked XML tree to the structure. Each fills its part of a
 * zeroed recipe and checks what the schema cannot say; what was allocated is released by
 * csro_recipe_destroy, also after an error. */
#ifndef CSRO_XML_RECIPE_DOCUMENT_H
#define CSRO_XML_RECIPE_DOCUMENT_H

#include "csro/recipe.h"
#include "xml/xml_values.h"

enum {
  CSRO_RECIPE_SPECIES = 16,
  CSRO_RECIPE_STRUCTURES = 32,
  CSRO_RECIPE_SITES = 256, /* of a cell */
  CSRO_RECIPE_CLASSES = 16,
  CSRO_RECIPE_CHANNELS = 16,
  CSRO_RECIPE_PATTERNS = 10000000
};

/* Species and structures. */
csro_status csro_recipe_read_structures(const csro_xml_source *from, xmlNode *root,
                                        csro_recipe *recipe);

/* Geometry, classes and their values; after the structures. */
csro_status csro_recipe_read_classes(const csro_xml_source *from, xmlNode *root,
                                     csro_recipe *recipe);

/* Index of the species, or -1. */
int csro_recipe_find_species(const csro_recipe *recipe, const char *name);

#endif

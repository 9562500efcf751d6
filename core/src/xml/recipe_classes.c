#include "xml/recipe_document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct value_rule {
  const char *element;
  bool required;
  double without; /* the value when none is given */
  double lo, hi;
} value_rule;

static const value_rule rules[CSRO_VALUES] = {
    [CSRO_VALUE_SIGMA_XY] = {"sigma-xy", true, 0, 0, 2},
    [CSRO_VALUE_SIGMA_Z] = {"sigma-z", true, 0, 0, 2},
    [CSRO_VALUE_EFFICIENCY] = {"efficiency", true, 0, 0.001, 1},
    [CSRO_VALUE_COMPOSITION] = {"composition", false, 0, 0, 1},
    [CSRO_VALUE_ORDER] = {"order", false, 1, 0, 1},
    [CSRO_VALUE_DIAMETER] = {"domain-diameter", false, 0, 0.1, 20}};

static csro_status read_set(const csro_xml_source *from, xmlNode *node, const value_rule *rule,
                            csro_value_set *set) {
  *set = (csro_value_set){0};
  bool single = xmlHasProp(node, (const xmlChar *)"value") != NULL;
  csro_status status = csro_xml_number(from, node, single ? "value" : "from", &set->from);
  set->to = set->from;
  if (status == CSRO_OK && !single)
    status = csro_xml_number(from, node, "to", &set->to);
  if (status == CSRO_OK && !single)
    status = csro_xml_number(from, node, "step", &set->step);
  if (status != CSRO_OK)
    return status;
  if (set->from > set->to || set->from < rule->lo || set->to > rule->hi)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: values from %g to %g, expected them ascending in %g to %g",
                     from->name, xmlGetLineNo(node), set->from, set->to, rule->lo, rule->hi);
  double steps = set->step > 0 ? (set->to - set->from) / set->step : 0;
  if (!(steps < CSRO_RECIPE_PATTERNS))
    return csro_xml_refuse(from, node, "more than ten million steps");
  if (set->from == set->to || set->step > 0)
    set->count = (int64_t)(steps + 1e-6) + 1;
  return CSRO_OK;
}

/* The sets that stand in one place: in <values> or in a class. */
static csro_status read_sets(const csro_xml_source *from, xmlNode *place, const csro_recipe *recipe,
                             csro_recipe_class *class) {
  csro_status status = CSRO_OK;
  for (int v = 0; v < CSRO_VALUES && status == CSRO_OK; v++) {
    xmlNode *node = csro_xml_child(place, rules[v].element);
    if (!node)
      continue;
    class->given[v] = true;
    status = read_set(from, node, &rules[v], &class->values[v]);
    if (status != CSRO_OK || v != CSRO_VALUE_COMPOSITION)
      continue;
    char name[16];
    status = csro_xml_text(from, node, "species", sizeof name, name);
    class->species = csro_recipe_find_species(recipe, name);
    if (status == CSRO_OK && class->species < 0)
      status = csro_fail(from->context, CSRO_ERROR_FORMAT,
                         "%s: line %ld: composition of %s, which no structure has", from->name,
                         xmlGetLineNo(node), name);
  }
  return status;
}

/* What is not given, and what a class cannot have. */
static csro_status complete_sets(const csro_xml_source *from, xmlNode *node,
                                 const csro_recipe *recipe, bool random, csro_recipe_class *class) {
  bool domain = recipe->geometry.domain && !random;
  if (random)
    class->given[CSRO_VALUE_ORDER] = false;
  if (domain && !class->given[CSRO_VALUE_DIAMETER])
    return csro_xml_refuse(from, node, "the class has no domain-diameter, which domains need");
  class->given[CSRO_VALUE_DIAMETER] &= domain;
  for (int v = 0; v < CSRO_VALUES; v++) {
    if (class->given[v])
      continue;
    if (rules[v].required)
      return csro_fail(from->context, CSRO_ERROR_FORMAT, "%s: line %ld: the class has no %s",
                       from->name, xmlGetLineNo(node), rules[v].element);
    double value = random && v == CSRO_VALUE_ORDER ? 0 : rules[v].without;
    class->values[v] = (csro_value_set){.count = 1, .from = value, .to = value};
  }
  return CSRO_OK;
}

static csro_status count_patterns(const csro_xml_source *from, xmlNode *node,
                                  csro_recipe_class *class) {
  double points = 1;
  for (int v = 0; v < CSRO_VALUES; v++)
    points *= class->values[v].count > 0 ? (double)class->values[v].count : 1;
  if (points > CSRO_RECIPE_PATTERNS)
    return csro_xml_refuse(from, node, "a grid of more than ten million points");
  int patterns = 0;
  csro_status status = csro_xml_int(from, node, "patterns", &patterns);
  class->patterns = patterns > 0 ? patterns : (int64_t)points;
  return status;
}

static csro_status read_class(const csro_xml_source *from, xmlNode *node, xmlNode *common,
                              const csro_recipe *recipe, int index) {
  csro_recipe_class *class = &recipe->classes[index];
  char structure[32];
  csro_status status = csro_xml_text(from, node, "name", sizeof class->name, class->name);
  if (status == CSRO_OK)
    status = csro_xml_text(from, node, "structure", sizeof structure, structure);
  if (status != CSRO_OK)
    return status;
  for (int k = 0; k < index; k++)
    if (strcmp(recipe->classes[k].name, class->name) == 0)
      return csro_xml_refuse(from, node, "the same name occurs twice");
  class->structure = class->species = -1;
  for (int k = 0; k < recipe->structure_count; k++)
    if (strcmp(recipe->structure_names[k], structure) == 0)
      class->structure = k;
  if (class->structure < 0)
    return csro_fail(from->context, CSRO_ERROR_FORMAT, "%s: line %ld: there is no structure %s",
                     from->name, xmlGetLineNo(node), structure);
  status = read_sets(from, common, recipe, class);
  if (status == CSRO_OK)
    status = read_sets(from, node, recipe, class);
  if (status == CSRO_OK)
    status = complete_sets(from, node, recipe, index == 0, class);
  if (status == CSRO_OK)
    status = count_patterns(from, node, class);
  return status;
}

static csro_status read_geometry(const csro_xml_source *from, xmlNode *root, csro_recipe *recipe) {
  static const char *const axes[] = {"x", "y", "z"}, *const partners[] = {"voxel", "data"};
  csro_recipe_geometry *geometry = &recipe->geometry;
  xmlNode *node = csro_xml_first(csro_xml_child(root, "geometry"));
  csro_status status = CSRO_OK;
  geometry->ball = csro_xml_is(node, "ball");
  for (int axis = 0; axis < 3 && !geometry->ball && status == CSRO_OK; axis++)
    status = csro_xml_int(from, node, axes[axis], &geometry->cells[axis]);
  if (!geometry->ball || status != CSRO_OK)
    return status;
  int choice = 0;
  status = csro_xml_number(from, node, "radius", &geometry->radius);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, node, "partners", 2, partners, &choice);
  geometry->partners = choice ? CSRO_PARTNERS_IN_DATA : CSRO_PARTNERS_IN_VOXEL;
  xmlNode *domain = csro_xml_child(node, "domain");
  geometry->domain = domain != NULL;
  if (status == CSRO_OK && domain)
    status = csro_xml_number(from, domain, "offset", &geometry->offset);
  return status;
}

csro_status csro_recipe_read_classes(const csro_xml_source *from, xmlNode *root,
                                     csro_recipe *recipe) {
  xmlNode *list = csro_xml_child(root, "classes"), *common = csro_xml_child(root, "values");
  csro_status status = read_geometry(from, root, recipe);
  if (status != CSRO_OK)
    return status;
  int count = csro_xml_count(list), index = 0;
  if (count > CSRO_RECIPE_CLASSES)
    return csro_xml_refuse(from, list, "more than 16 classes");
  recipe->classes = csro_allocate(from->context, count, sizeof *recipe->classes);
  if (!recipe->classes)
    return CSRO_ERROR_MEMORY;
  memset(recipe->classes, 0, (size_t)count * sizeof *recipe->classes);
  recipe->class_count = count;
  int64_t patterns = 0;
  for (xmlNode *node = csro_xml_first(list); node && status == CSRO_OK;
       node = csro_xml_next(node)) {
    status = read_class(from, node, common, recipe, index);
    patterns += recipe->classes[index++].patterns;
  }
  if (status == CSRO_OK && patterns > CSRO_RECIPE_PATTERNS)
    return csro_xml_refuse(from, list, "more than ten million patterns");
  return status;
}

#include "xml/embedded.h"
#include "xml/network_xml.h"
#include "xml/recipe_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const csro_recipe_names[CSRO_RECIPES_SHIPPED] = {"cocrni-002", "cocrni-111",
                                                             "feal-002"};

static csro_status read_pole(const csro_xml_source *from, xmlNode *root, csro_recipe *recipe) {
  char text[8];
  xmlNode *node = csro_xml_child(root, "orientation");
  csro_status status = csro_xml_text(from, node, NULL, sizeof text, text);
  for (int k = 0; k < 3 && status == CSRO_OK; k++)
    recipe->pole[k] = text[k] - '0';
  if (status == CSRO_OK && strcmp(text, "000") == 0)
    return csro_xml_refuse(from, node, "000 is no pole");
  return status;
}

static csro_status read_channels(const csro_xml_source *from, xmlNode *root, csro_recipe *recipe) {
  xmlNode *list = csro_xml_child(root, "channels");
  if (csro_xml_count(list) > CSRO_RECIPE_CHANNELS)
    return csro_xml_refuse(from, list, "more than 16 channels");
  csro_status status = csro_xml_list(from, list, &recipe->channel_count, &recipe->pairs);
  if (status != CSRO_OK)
    return status;
  recipe->channels = csro_allocate(from->context, recipe->channel_count, sizeof *recipe->channels);
  if (!recipe->channels)
    return CSRO_ERROR_MEMORY;
  for (int c = 0; c < recipe->channel_count; c++) {
    char first[32];
    strcpy(first, recipe->pairs[c]);
    char *second = strchr(first, '-'); /* the schema sees to it */
    *second++ = 0;
    recipe->channels[c][0] = csro_recipe_find_species(recipe, first);
    recipe->channels[c][1] = csro_recipe_find_species(recipe, second);
    if (recipe->channels[c][0] < 0 || recipe->channels[c][1] < 0)
      return csro_fail(from->context, CSRO_ERROR_FORMAT,
                       "%s: line %ld: no structure has the species of %s", from->name,
                       xmlGetLineNo(list), recipe->pairs[c]);
  }
  return CSRO_OK;
}

static csro_status read_training(const csro_xml_source *from, xmlNode *root, csro_recipe *recipe) {
  csro_train_options *options = &recipe->training;
  xmlNode *shifts = csro_xml_child(root, "augmentation"), *node = csro_xml_child(root, "training");
  static const char *const rates[] = {"constant", "cosine"}, *const weights[] = {"examples",
                                                                                 "classes"};
  int seed = 0, rate = 0, weight = 0;
  csro_status status = csro_xml_int(from, shifts, "shift-from", &options->shift_lo);
  if (status == CSRO_OK)
    status = csro_xml_int(from, shifts, "shift-to", &options->shift_hi);
  if (status == CSRO_OK &&
      (options->shift_lo > options->shift_hi || options->shift_lo <= -recipe->bins.kept ||
       options->shift_hi >= recipe->bins.kept))
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: shifts from %d to %d do not fit curves of %d bins", from->name,
                     xmlGetLineNo(shifts), options->shift_lo, options->shift_hi, recipe->bins.kept);
  if (status == CSRO_OK)
    status = csro_xml_number(from, node, "test-fraction", &options->test_fraction);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "folds", &options->folds);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "epochs", &options->epochs);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "batch", &options->batch);
  if (status == CSRO_OK)
    status = csro_xml_number(from, node, "learning-rate", &options->learning_rate);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "patience", &options->patience);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, node, "rate", 2, rates, &rate);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, node, "weights", 2, weights, &weight);
  options->cosine = rate == 1;
  options->balanced = weight == 1;
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "seed", &seed);
  options->seed = (uint64_t)seed;
  return status;
}

static csro_status keep_text(const csro_xml_source *from, csro_recipe *recipe) {
  recipe->text = csro_allocate(from->context, (long long)from->size + 1, 1);
  if (!recipe->text)
    return CSRO_ERROR_MEMORY;
  memcpy(recipe->text, from->data, from->size);
  recipe->text[from->size] = 0;
  return CSRO_OK;
}

/* A csro_xml_build of a zeroed csro_recipe. */
static csro_status build(const csro_xml_source *from, xmlNode *root, void *out) {
  csro_recipe *recipe = out;
  int preprocessing = 0;
  csro_status status =
      csro_xml_text(from, csro_xml_child(root, "name"), NULL, sizeof recipe->name, recipe->name);
  if (status == CSRO_OK)
    status = read_pole(from, root, recipe);
  if (status == CSRO_OK)
    status = csro_recipe_read_structures(from, root, recipe);
  if (status == CSRO_OK)
    status = csro_recipe_read_classes(from, root, recipe);
  if (status == CSRO_OK)
    status = read_channels(from, root, recipe);
  if (status == CSRO_OK)
    status = csro_xml_bins(from, csro_xml_child(root, "bins"), &recipe->bins);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, csro_xml_child(root, "preprocessing"), NULL, CSRO_PREPROCESSINGS,
                             csro_preprocessing_names, &preprocessing);
  recipe->preprocessing = (csro_preprocessing)preprocessing;
  if (status == CSRO_OK)
    status =
        csro_architecture_read(from, csro_xml_child(root, "architecture"), recipe->bins.kept,
                               recipe->channel_count, recipe->class_count, &recipe->architecture);
  if (status == CSRO_OK)
    status = read_training(from, root, recipe);
  if (status == CSRO_OK)
    status = csro_xml_number(from, csro_xml_child(root, "threshold"), NULL, &recipe->threshold);
  if (status == CSRO_OK)
    status = keep_text(from, recipe);
  return status;
}

static const unsigned char *const documents[][2] = {
    {csro_embedded_cocrni_002, csro_embedded_cocrni_002_end},
    {csro_embedded_cocrni_111, csro_embedded_cocrni_111_end},
    {csro_embedded_feal_002, csro_embedded_feal_002_end}};

static void destroy(void *recipe) {
  csro_recipe *made = recipe;
  csro_recipe_destroy(&made);
}

static const csro_xml_kind kind = {.root = "csro-recipe",
                                   .version = "1",
                                   .noun = "recipe",
                                   .schema = csro_embedded_recipe_schema,
                                   .schema_end = csro_embedded_recipe_schema_end,
                                   .largest = 1 << 20,
                                   .size = sizeof(csro_recipe),
                                   .build = build,
                                   .destroy = destroy,
                                   .shipped = CSRO_RECIPES_SHIPPED,
                                   .names = csro_recipe_names,
                                   .documents = documents};

csro_status csro_recipe_parse(csro_context *context, const char *name, const void *data,
                              size_t size, csro_recipe **recipe) {
  void *made;
  csro_status status = csro_xml_parse(context, &kind, name, data, size, &made);
  *recipe = made;
  return status;
}

csro_status csro_recipe_read(csro_context *context, const char *path, csro_recipe **recipe) {
  void *made;
  csro_status status = csro_xml_read(context, &kind, path, &made);
  *recipe = made;
  return status;
}

csro_status csro_recipe_shipped(csro_context *context, int index, csro_recipe **recipe) {
  void *made;
  csro_status status = csro_xml_shipped(context, &kind, index, &made);
  *recipe = made;
  return status;
}

void csro_recipe_destroy(csro_recipe **recipe) {
  if (!recipe || !*recipe)
    return;
  csro_recipe *r = *recipe;
  for (int k = 0; k < r->structure_count; k++)
    csro_structure_release(&r->structures[k]);
  free(r->species);
  free(r->structures);
  free(r->structure_names);
  free(r->prototypes);
  free(r->classes);
  free(r->pairs);
  free(r->channels);
  free(r->text);
  csro_network_release(&r->architecture);
  free(r);
  *recipe = NULL;
}

csro_status csro_recipe_model(csro_context *context, const csro_recipe *recipe,
                              csro_model **model) {
  csro_status status =
      csro_model_create(context, recipe->class_count, recipe->channel_count, model);
  if (status != CSRO_OK)
    return status;
  csro_model *made = *model;
  int structure = recipe->classes[0].structure;
  made->bins = recipe->bins;
  made->preprocessing = recipe->preprocessing;
  made->lattice_constant = recipe->structures[structure].constant[0];
  made->threshold = recipe->threshold;
  strcpy(made->name, recipe->name);
  strcpy(made->lattice, recipe->prototypes[structure]);
  snprintf(made->orientation, sizeof made->orientation, "%d%d%d", recipe->pole[0], recipe->pole[1],
           recipe->pole[2]);
  for (int k = 0; k < made->class_count; k++)
    strcpy(made->classes[k], recipe->classes[k].name);
  memcpy(made->pairs, recipe->pairs, (size_t)made->channel_count * sizeof *made->pairs);
  return CSRO_OK;
}

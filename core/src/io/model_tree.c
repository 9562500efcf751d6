/* From the XML tree, which follows the schema, to the model. */
#include "io/base64.h"
#include "io/model_document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const csro_preprocessing_names[2] = {"minmax", "full"};
const char *const csro_activation_names[3] = {"linear", "relu", "softmax"};

typedef struct source {
  csro_context *context;
  const char *name;
  size_t size;
} source;

static csro_status refuse(const source *from, const xmlNode *node, const char *text) {
  return csro_fail(from->context, CSRO_ERROR_FORMAT, "%s: line %ld: %s", from->name,
                   xmlGetLineNo(node), text);
}

static bool is_named(const xmlNode *node, const char *name) {
  return strcmp((const char *)node->name, name) == 0;
}

static xmlNode *element_from(xmlNode *node) {
  while (node && node->type != XML_ELEMENT_NODE)
    node = node->next;
  return node;
}

static xmlNode *first_child(xmlNode *node) {
  return element_from(node->children);
}

static xmlNode *following(xmlNode *node) {
  return element_from(node->next);
}

static xmlNode *child_named(xmlNode *node, const char *name) {
  xmlNode *child = first_child(node);
  while (child && !is_named(child, name))
    child = following(child);
  return child;
}

static int count_children(xmlNode *node) {
  int count = 0;
  for (xmlNode *child = first_child(node); child; child = following(child))
    count++;
  return count;
}

static csro_status out_of_memory(const source *from) {
  return csro_fail(from->context, CSRO_ERROR_MEMORY, "%s: out of memory", from->name);
}

/* Text of an element, or of its attribute when one is named; empty when the attribute is absent. */
static csro_status read_text(const source *from, xmlNode *node, const char *attribute, size_t room,
                             char *out) {
  out[0] = 0;
  if (attribute && !xmlHasProp(node, (const xmlChar *)attribute))
    return CSRO_OK;
  char *text = (char *)(attribute ? xmlGetNoNsProp(node, (const xmlChar *)attribute)
                                  : xmlNodeGetContent(node));
  if (!text)
    return out_of_memory(from);
  size_t length = strlen(text);
  if (length < room)
    memcpy(out, text, length + 1);
  xmlFree(text);
  if (length >= room)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: text of %zu bytes, expected at most %zu", from->name,
                     xmlGetLineNo(node), length, room - 1);
  return CSRO_OK;
}

/* A finite number; *out stays as it is when the attribute is absent. */
static csro_status read_number(const source *from, xmlNode *node, const char *attribute,
                               double *out) {
  char text[512];
  csro_status status = read_text(from, node, attribute, sizeof text, text);
  if (status != CSRO_OK || !text[0])
    return status;
  *out = strtod(text, NULL);
  return isfinite(*out) ? CSRO_OK : refuse(from, node, "a number is not finite");
}

static csro_status read_int(const source *from, xmlNode *node, const char *attribute, int *out) {
  double value = 0;
  csro_status status = read_number(from, node, attribute, &value);
  *out = (int)value; /* the schema bounds it */
  return status;
}

/* The position of the text among the names; the schema allows no other. */
static csro_status read_name(const source *from, xmlNode *node, const char *attribute, int count,
                             const char *const *names, int *out) {
  char text[512];
  csro_status status = read_text(from, node, attribute, sizeof text, text);
  *out = 0;
  for (int i = 0; i < count; i++)
    if (strcmp(text, names[i]) == 0)
      *out = i;
  return status;
}

static csro_status read_list(const source *from, xmlNode *list, int *count, char (**out)[32]) {
  int items = count_children(list);
  *out = csro_allocate(from->context, items, sizeof **out);
  if (!*out)
    return CSRO_ERROR_MEMORY;
  *count = items;
  memset(*out, 0, (size_t)items * sizeof **out);
  int i = 0;
  csro_status status = CSRO_OK;
  for (xmlNode *item = first_child(list); item && status == CSRO_OK; item = following(item)) {
    status = read_text(from, item, NULL, sizeof **out, (*out)[i]);
    for (int k = 0; k < i && status == CSRO_OK; k++)
      if (strcmp((*out)[k], (*out)[i]) == 0)
        status = refuse(from, item, "the same name occurs twice");
    i++;
  }
  return status;
}

static csro_status read_bins(const source *from, xmlNode *node, csro_bins *bins) {
  csro_status status = read_number(from, node, "half-range", &bins->half_range);
  if (status == CSRO_OK)
    status = read_int(from, node, "total", &bins->total);
  if (status == CSRO_OK)
    status = read_int(from, node, "first", &bins->first);
  if (status == CSRO_OK)
    status = read_int(from, node, "kept", &bins->kept);
  if (status == CSRO_OK && bins->first + bins->kept > bins->total)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: bins %d .. %d are kept, expected at most %d bins", from->name,
                     xmlGetLineNo(node), bins->first, bins->first + bins->kept - 1, bins->total);
  return status;
}

static csro_status read_description(const source *from, xmlNode *root, csro_model *model) {
  xmlNode *lattice = child_named(root, "lattice");
  xmlNode *accuracy = child_named(root, "test-accuracy");
  int preprocessing = 0;
  csro_status status =
      read_text(from, child_named(root, "name"), NULL, sizeof model->name, model->name);
  if (status == CSRO_OK)
    status = read_list(from, child_named(root, "classes"), &model->class_count, &model->classes);
  if (status == CSRO_OK)
    status = read_list(from, child_named(root, "channels"), &model->channel_count, &model->pairs);
  if (status == CSRO_OK)
    status = read_bins(from, child_named(root, "bins"), &model->bins);
  if (status == CSRO_OK)
    status = read_name(from, child_named(root, "preprocessing"), NULL, 2, csro_preprocessing_names,
                       &preprocessing);
  model->preprocessing = (csro_preprocessing)preprocessing;
  if (status == CSRO_OK)
    status = read_text(from, lattice, "structure", sizeof model->lattice, model->lattice);
  if (status == CSRO_OK)
    status = read_text(from, lattice, "orientation", sizeof model->orientation, model->orientation);
  if (status == CSRO_OK)
    status = read_number(from, lattice, "constant", &model->lattice_constant);
  if (status == CSRO_OK)
    status = read_number(from, child_named(root, "threshold"), NULL, &model->threshold);
  if (status == CSRO_OK)
    status = read_text(from, child_named(root, "training"), NULL, sizeof model->provenance,
                       model->provenance);
  model->test_accuracy = NAN;
  if (status == CSRO_OK && accuracy)
    status = read_number(from, accuracy, NULL, &model->test_accuracy);
  return status;
}

static csro_status read_layer(const source *from, xmlNode *node, csro_layer *layer) {
  static const char *const paddings[] = {"valid", "same"};
  int activation = 0, same = 0;
  double rate = 0;
  memset(layer, 0, sizeof *layer);
  layer->kind = is_named(node, "conv1d")    ? CSRO_LAYER_CONV1D
                : is_named(node, "maxpool") ? CSRO_LAYER_MAXPOOL
                : is_named(node, "flatten") ? CSRO_LAYER_FLATTEN
                : is_named(node, "dense")   ? CSRO_LAYER_DENSE
                                            : CSRO_LAYER_DROPOUT;
  bool conv = layer->kind == CSRO_LAYER_CONV1D;
  csro_status status = read_int(from, node, conv ? "filters" : "units", &layer->units);
  if (status == CSRO_OK)
    status = read_int(from, node, conv ? "kernel" : "size", &layer->size);
  if (status == CSRO_OK)
    status = read_name(from, node, "activation", 3, csro_activation_names, &activation);
  if (status == CSRO_OK)
    status = read_name(from, node, "padding", 2, paddings, &same);
  if (status == CSRO_OK)
    status = read_number(from, node, "rate", &rate);
  layer->activation = (csro_activation)activation;
  layer->same = same == 1;
  layer->rate = (float)rate;
  return status;
}

/* The text of the context's error, with file and line before it. */
static csro_status add_place(const source *from, const xmlNode *node, csro_status status) {
  char text[sizeof from->context->message];
  memcpy(text, from->context->message, sizeof text);
  return csro_fail(from->context, status == CSRO_ERROR_ARGUMENT ? CSRO_ERROR_FORMAT : status,
                   "%s: line %ld: %.900s", from->name, xmlGetLineNo(node), text);
}

/* The shape alone, without memory for weights: layers is filled from the file. */
static csro_status read_architecture(const source *from, xmlNode *node, const csro_model *model,
                                     csro_network *shape) {
  int count = 0;
  csro_status status = CSRO_OK;
  for (xmlNode *child = first_child(node); child && status == CSRO_OK; child = following(child))
    status = read_layer(from, child, &shape->layers[count++]);
  if (status != CSRO_OK)
    return status;
  shape->layer_count = count;
  shape->bins = model->bins.kept;
  shape->channels = model->channel_count;
  status = csro_network_shape(from->context, shape);
  if (status != CSRO_OK)
    return add_place(from, node, status);
  if (shape->classes != model->class_count)
    return csro_fail(
        from->context, CSRO_ERROR_FORMAT,
        "%s: line %ld: the last layer has %d units, expected %d, the number of classes", from->name,
        xmlGetLineNo(node), shape->classes, model->class_count);
  return CSRO_OK;
}

/* Before memory is taken for what a damaged architecture promises: each float of each member takes
 * more than five characters of the file. */
static csro_status check_size(const source *from, const xmlNode *node, const csro_network *shape,
                              int members) {
  int64_t parameters = 0;
  for (int l = 0; l < shape->layer_count; l++)
    parameters += shape->layers[l].weight_count + shape->layers[l].bias_count;
  if (parameters * members > (int64_t)from->size / 5)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: the architecture needs %lld weights for each of %d members, "
                     "more than the file of %zu bytes can hold",
                     from->name, xmlGetLineNo(node), (long long)parameters, members, from->size);
  return CSRO_OK;
}

static csro_status read_values(const source *from, xmlNode *node, int64_t count, float *values) {
  char *text = (char *)xmlNodeGetContent(node);
  if (!text)
    return out_of_memory(from);
  int64_t bytes = csro_base64_decode(text, count, values);
  xmlFree(text);
  if (bytes < 0)
    return refuse(from, node, "weights that are no base64");
  if (bytes != 4 * count)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: %lld bytes of weights, expected %lld", from->name,
                     xmlGetLineNo(node), (long long)bytes, (long long)(4 * count));
  for (int64_t i = 0; i < count; i++)
    if (!isfinite(values[i]))
      return csro_fail(from->context, CSRO_ERROR_FORMAT,
                       "%s: line %ld: weight %lld is not a finite number", from->name,
                       xmlGetLineNo(node), (long long)i);
  return CSRO_OK;
}

static csro_status read_weights(const source *from, xmlNode *node, csro_network *network,
                                bool (*seen)[2]) {
  static const char *const kinds[] = {"kernel", "bias"};
  int index = 0, kind = 0, count = 0;
  csro_status status = read_int(from, node, "layer", &index);
  if (status == CSRO_OK)
    status = read_name(from, node, "kind", 2, kinds, &kind);
  if (status == CSRO_OK)
    status = read_int(from, node, "count", &count);
  if (status != CSRO_OK)
    return status;
  if (index >= network->layer_count || network->layers[index].weight_count == 0)
    return refuse(from, node, "weights for a layer that has none");
  if (seen[index][kind])
    return refuse(from, node, "the same weights a second time");
  seen[index][kind] = true;
  csro_layer *layer = &network->layers[index];
  int64_t expected = kind == 0 ? layer->weight_count : layer->bias_count;
  if (count != expected)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: %d weights, expected %lld (%s of layer %d)", from->name,
                     xmlGetLineNo(node), count, (long long)expected, kinds[kind], index);
  return read_values(from, node, expected, kind == 0 ? layer->weights : layer->bias);
}

static csro_status read_member(const source *from, xmlNode *node, const csro_network *shape,
                               csro_network *member) {
  bool seen[CSRO_MODEL_LAYERS][2] = {{false}};
  csro_status status = csro_network_create(from->context, shape->bins, shape->channels,
                                           shape->layer_count, shape->layers, member);
  for (xmlNode *child = first_child(node); child && status == CSRO_OK; child = following(child))
    status = read_weights(from, child, member, seen);
  for (int l = 0; l < shape->layer_count && status == CSRO_OK; l++)
    if (shape->layers[l].weight_count > 0 && !(seen[l][0] && seen[l][1]))
      status = csro_fail(from->context, CSRO_ERROR_FORMAT,
                         "%s: line %ld: the member has no %s of layer %d", from->name,
                         xmlGetLineNo(node), seen[l][0] ? "bias" : "kernel", l);
  return status;
}

static csro_status read_members(const source *from, xmlNode *root, const csro_network *shape,
                                csro_model *model) {
  xmlNode *node = child_named(root, "member");
  int members = 0;
  for (xmlNode *n = node; n; n = following(n))
    members++;
  if (members > CSRO_MODEL_MEMBERS)
    return csro_fail(from->context, CSRO_ERROR_FORMAT, "%s: %d members, expected at most %d",
                     from->name, members, CSRO_MODEL_MEMBERS);
  csro_status status = check_size(from, node, shape, members);
  if (status != CSRO_OK)
    return status;
  model->members = csro_allocate(from->context, members, sizeof *model->members);
  if (!model->members)
    return CSRO_ERROR_MEMORY;
  memset(model->members, 0, (size_t)members * sizeof *model->members);
  model->member_count = members;
  for (int m = 0; node && status == CSRO_OK; node = following(node))
    status = read_member(from, node, shape, &model->members[m++]);
  return status;
}

csro_status csro_model_from_tree(csro_context *context, const char *name, size_t size,
                                 xmlNode *root, csro_model *model) {
  source from = {.context = context, .name = name, .size = size};
  csro_status status = read_description(&from, root, model);
  if (status != CSRO_OK)
    return status;
  xmlNode *architecture = child_named(root, "architecture");
  int layers = count_children(architecture);
  if (layers > CSRO_MODEL_LAYERS)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: line %ld: %d layers, expected at most %d",
                     name, xmlGetLineNo(architecture), layers, CSRO_MODEL_LAYERS);
  csro_network shape = {.layer_count = layers};
  shape.layers = csro_allocate(context, layers, sizeof *shape.layers);
  if (!shape.layers)
    return CSRO_ERROR_MEMORY;
  memset(shape.layers, 0, (size_t)layers * sizeof *shape.layers);
  status = read_architecture(&from, architecture, model, &shape);
  if (status == CSRO_OK)
    status = read_members(&from, root, &shape, model);
  csro_network_free(&shape);
  return status;
}

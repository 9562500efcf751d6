/* From the XML tree, which follows the schema, to the model. */
#include "file/base64.h"
#include "xml/model_document.h"
#include "xml/network_xml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static csro_status read_description(const csro_xml_source *from, xmlNode *root, csro_model *model) {
  xmlNode *lattice = csro_xml_child(root, "lattice");
  xmlNode *accuracy = csro_xml_child(root, "test-accuracy");
  int preprocessing = 0;
  csro_status status =
      csro_xml_text(from, csro_xml_child(root, "name"), NULL, sizeof model->name, model->name);
  if (status == CSRO_OK)
    status =
        csro_xml_list(from, csro_xml_child(root, "classes"), &model->class_count, &model->classes);
  if (status == CSRO_OK)
    status =
        csro_xml_list(from, csro_xml_child(root, "channels"), &model->channel_count, &model->pairs);
  if (status == CSRO_OK)
    status = csro_xml_bins(from, csro_xml_child(root, "bins"), &model->bins);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, csro_xml_child(root, "preprocessing"), NULL, CSRO_PREPROCESSINGS,
                             csro_preprocessing_names, &preprocessing);
  model->preprocessing = (csro_preprocessing)preprocessing;
  if (status == CSRO_OK)
    status = csro_xml_text(from, lattice, "structure", sizeof model->lattice, model->lattice);
  if (status == CSRO_OK)
    status =
        csro_xml_text(from, lattice, "orientation", sizeof model->orientation, model->orientation);
  if (status == CSRO_OK)
    status = csro_xml_number(from, lattice, "constant", &model->lattice_constant);
  if (status == CSRO_OK)
    status = csro_xml_number(from, csro_xml_child(root, "threshold"), NULL, &model->threshold);
  if (status == CSRO_OK)
    status = csro_xml_text(from, csro_xml_child(root, "training"), NULL, sizeof model->provenance,
                           model->provenance);
  model->test_accuracy = NAN;
  if (status == CSRO_OK && accuracy)
    status = csro_xml_number(from, accuracy, NULL, &model->test_accuracy);
  return status;
}

/* Before memory is taken for what a damaged architecture promises: each float of each member takes
 * more than five characters of the file. */
static csro_status check_size(const csro_xml_source *from, const xmlNode *node,
                              const csro_network *shape, int members) {
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

static csro_status read_values(const csro_xml_source *from, xmlNode *node, int64_t count,
                               float *values) {
  char *text = (char *)xmlNodeGetContent(node);
  if (!text)
    return csro_xml_out_of_memory(from);
  int64_t bytes = csro_base64_decode(text, count, values);
  xmlFree(text);
  if (bytes < 0)
    return csro_xml_refuse(from, node, "weights that are no base64");
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

static csro_status read_weights(const csro_xml_source *from, xmlNode *node, csro_network *network,
                                bool (*seen)[2]) {
  static const char *const kinds[] = {"kernel", "bias"};
  int index = 0, kind = 0, count = 0;
  csro_status status = csro_xml_int(from, node, "layer", &index);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, node, "kind", 2, kinds, &kind);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "count", &count);
  if (status != CSRO_OK)
    return status;
  if (index >= network->layer_count || network->layers[index].weight_count == 0)
    return csro_xml_refuse(from, node, "weights for a layer that has none");
  if (seen[index][kind])
    return csro_xml_refuse(from, node, "the same weights a second time");
  seen[index][kind] = true;
  csro_layer *layer = &network->layers[index];
  int64_t expected = kind == 0 ? layer->weight_count : layer->bias_count;
  if (count != expected)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: %d weights, expected %lld (%s of layer %d)", from->name,
                     xmlGetLineNo(node), count, (long long)expected, kinds[kind], index);
  return read_values(from, node, expected, kind == 0 ? layer->weights : layer->bias);
}

static csro_status read_member(const csro_xml_source *from, xmlNode *node,
                               const csro_network *shape, csro_network *member) {
  bool seen[CSRO_ARCHITECTURE_LAYERS][2] = {{false}};
  csro_status status = csro_network_init(from->context, shape->bins, shape->channels,
                                         shape->layer_count, shape->layers, member);
  for (xmlNode *child = csro_xml_first(node); child && status == CSRO_OK;
       child = csro_xml_next(child))
    status = read_weights(from, child, member, seen);
  for (int l = 0; l < shape->layer_count && status == CSRO_OK; l++)
    if (shape->layers[l].weight_count > 0 && !(seen[l][0] && seen[l][1]))
      status = csro_fail(from->context, CSRO_ERROR_FORMAT,
                         "%s: line %ld: the member has no %s of layer %d", from->name,
                         xmlGetLineNo(node), seen[l][0] ? "bias" : "kernel", l);
  return status;
}

static csro_status read_members(const csro_xml_source *from, xmlNode *root,
                                const csro_network *shape, csro_model *model) {
  xmlNode *node = csro_xml_child(root, "member");
  int members = 0;
  for (xmlNode *n = node; n; n = csro_xml_next(n))
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
  for (int m = 0; node && status == CSRO_OK; node = csro_xml_next(node))
    status = read_member(from, node, shape, &model->members[m++]);
  return status;
}

csro_status csro_model_from_tree(const csro_xml_source *from, xmlNode *root, void *out) {
  csro_model *model = out;
  csro_network shape;
  csro_status status = read_description(from, root, model);
  if (status == CSRO_OK)
    status = csro_architecture_read(from, csro_xml_child(root, "architecture"), model->bins.kept,
                                    model->channel_count, model->class_count, &shape);
  if (status != CSRO_OK)
    return status;
  status = read_members(from, root, &shape, model);
  csro_network_release(&shape);
  return status;
}

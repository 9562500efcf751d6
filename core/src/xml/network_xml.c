#include "xml/network_xml.h"

#include <string.h>

const char *const csro_activation_names[3] = {"linear", "relu", "softmax"};

static csro_status read_layer(const csro_xml_source *from, xmlNode *node, csro_layer *layer) {
  static const char *const paddings[] = {"valid", "same"};
  int activation = 0, same = 0;
  double rate = 0;
  memset(layer, 0, sizeof *layer);
  layer->kind = csro_xml_is(node, "conv1d")    ? CSRO_LAYER_CONV1D
                : csro_xml_is(node, "maxpool") ? CSRO_LAYER_MAXPOOL
                : csro_xml_is(node, "flatten") ? CSRO_LAYER_FLATTEN
                : csro_xml_is(node, "dense")   ? CSRO_LAYER_DENSE
                                               : CSRO_LAYER_DROPOUT;
  bool conv = layer->kind == CSRO_LAYER_CONV1D;
  csro_status status = csro_xml_int(from, node, conv ? "filters" : "units", &layer->units);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, conv ? "kernel" : "size", &layer->size);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, node, "activation", 3, csro_activation_names, &activation);
  if (status == CSRO_OK)
    status = csro_xml_choice(from, node, "padding", 2, paddings, &same);
  if (status == CSRO_OK)
    status = csro_xml_number(from, node, "rate", &rate);
  layer->activation = (csro_activation)activation;
  layer->same = same == 1;
  layer->rate = (float)rate;
  return status;
}

static csro_status read_layers(const csro_xml_source *from, xmlNode *node, int classes,
                               csro_network *shape) {
  int count = 0;
  csro_status status = CSRO_OK;
  for (xmlNode *child = csro_xml_first(node); child && status == CSRO_OK;
       child = csro_xml_next(child))
    status = read_layer(from, child, &shape->layers[count++]);
  if (status != CSRO_OK)
    return status;
  status = csro_network_shape(from->context, shape);
  if (status != CSRO_OK)
    return csro_xml_add_place(from, node, status);
  if (shape->classes != classes)
    return csro_fail(
        from->context, CSRO_ERROR_FORMAT,
        "%s: line %ld: the last layer has %d units, expected %d, the number of classes", from->name,
        xmlGetLineNo(node), shape->classes, classes);
  return CSRO_OK;
}

csro_status csro_architecture_read(const csro_xml_source *from, xmlNode *node, int bins,
                                   int channels, int classes, csro_network *shape) {
  *shape = (csro_network){.bins = bins, .channels = channels};
  int layers = csro_xml_count(node);
  if (layers > CSRO_ARCHITECTURE_LAYERS)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: %d layers, expected at most %d", from->name, xmlGetLineNo(node),
                     layers, CSRO_ARCHITECTURE_LAYERS);
  shape->layers = csro_allocate(from->context, layers, sizeof *shape->layers);
  if (!shape->layers)
    return CSRO_ERROR_MEMORY;
  memset(shape->layers, 0, (size_t)layers * sizeof *shape->layers);
  shape->layer_count = layers;
  csro_status status = read_layers(from, node, classes, shape);
  if (status != CSRO_OK)
    csro_network_release(shape);
  return status;
}

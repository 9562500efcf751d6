/* The element <architecture>, of models and recipes. */
#ifndef FUZZ_XML_LAYERS_H
#define FUZZ_XML_LAYERS_H

#include "csro/network.h"
#include "fuzz_xml.h"

enum { fuzz_most_layers = 8 };

static inline csro_layer fuzz_layer(fuzz_bytes *from, int kind) {
  return (csro_layer){.kind = (csro_layer_kind)kind,
                      .activation =
                          fuzz_below(from, 2) ? CSRO_ACTIVATION_RELU : CSRO_ACTIVATION_LINEAR,
                      .units = 1 + fuzz_below(from, 4),
                      .size = 1 + fuzz_below(from, 6),
                      .same = fuzz_below(from, 2),
                      .rate = (float)fuzz_below(from, 5) / 4};
}

/* Convolutions and pools, then a flat part, then the classes. Returns the number of layers. */
static inline int fuzz_layers(fuzz_bytes *from, int classes, csro_layer *layers) {
  static const int deep[] = {CSRO_LAYER_CONV1D, CSRO_LAYER_MAXPOOL, CSRO_LAYER_DROPOUT,
                             CSRO_LAYER_CONV1D},
                   flat[] = {CSRO_LAYER_DENSE, CSRO_LAYER_DROPOUT};
  int count = 0, deep_count = fuzz_below(from, 4), flat_count = fuzz_below(from, 3);
  for (int l = 0; l < deep_count; l++)
    layers[count++] = fuzz_layer(from, deep[fuzz_below(from, 4)]);
  layers[count++] = (csro_layer){.kind = CSRO_LAYER_FLATTEN};
  for (int l = 0; l < flat_count; l++)
    layers[count++] = fuzz_layer(from, flat[fuzz_below(from, 2)]);
  layers[count++] = (csro_layer){
      .kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_SOFTMAX, .units = classes};
  return count;
}

static inline void fuzz_xml_layers(fuzz_xml *xml, int count, const csro_layer *layers) {
  static const char *const activations[] = {"linear", "relu", "softmax"};
  fuzz_xml_put(xml, "<architecture>");
  for (int l = 0; l < count; l++) {
    const csro_layer *layer = &layers[l];
    const char *padding = layer->same ? "same" : "valid",
               *activation = activations[layer->activation];
    fuzz_xml_accident(xml);
    switch (layer->kind) {
    case CSRO_LAYER_CONV1D:
      fuzz_xml_put(xml, "<conv1d filters=\"%d\" kernel=\"%d\" padding=\"%s\" activation=\"%s\"/>",
                   layer->units, layer->size, padding, activation);
      break;
    case CSRO_LAYER_MAXPOOL:
      fuzz_xml_put(xml, "<maxpool size=\"%d\" padding=\"%s\"/>", layer->size, padding);
      break;
    case CSRO_LAYER_FLATTEN:
      fuzz_xml_put(xml, "<flatten/>");
      break;
    case CSRO_LAYER_DENSE:
      fuzz_xml_put(xml, "<dense units=\"%d\" activation=\"%s\"/>", layer->units, activation);
      break;
    case CSRO_LAYER_DROPOUT:
      fuzz_xml_put(xml, "<dropout rate=\"%g\"/>", (double)layer->rate);
      break;
    }
  }
  fuzz_xml_put(xml, "</architecture>");
}

#endif

#include "csro/model.h"

#include <string.h>

/* Fowler, Noll, Vo: http://www.isthe.com/chongo/tech/comp/fnv */
static void add(uint64_t *hash, const void *data, size_t size) {
  const unsigned char *bytes = data;
  for (size_t i = 0; i < size; i++)
    *hash = (*hash ^ bytes[i]) * 0x100000001b3;
}

static void add_number(uint64_t *hash, double value) {
  add(hash, &value, sizeof value);
}

static void add_layer(uint64_t *hash, const csro_layer *layer) {
  add_number(hash, layer->kind);
  add_number(hash, layer->activation);
  add_number(hash, layer->units);
  add_number(hash, layer->size);
  add_number(hash, layer->same);
  if (layer->weights)
    add(hash, layer->weights, (size_t)layer->weight_count * sizeof *layer->weights);
  if (layer->bias)
    add(hash, layer->bias, (size_t)layer->bias_count * sizeof *layer->bias);
}

uint64_t csro_model_fingerprint(const csro_model *model) {
  uint64_t hash = 0xcbf29ce484222325;
  for (int c = 0; c < model->class_count; c++)
    add(&hash, model->classes[c], strlen(model->classes[c]) + 1);
  for (int c = 0; c < model->channel_count; c++)
    add(&hash, model->pairs[c], strlen(model->pairs[c]) + 1);
  add_number(&hash, model->bins.half_range);
  add_number(&hash, model->bins.total);
  add_number(&hash, model->bins.first);
  add_number(&hash, model->bins.kept);
  add_number(&hash, model->preprocessing);
  for (int m = 0; m < model->member_count; m++)
    for (int l = 0; l < model->members[m].layer_count; l++)
      add_layer(&hash, &model->members[m].layers[l]);
  return hash;
}

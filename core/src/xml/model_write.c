/* Models to XML text. What is written is read back first, so that no file is made that the reader
 * would refuse. */
#include "file/atomic_file.h"
#include "file/base64.h"
#include "xml/model_document.h"
#include "xml/network_xml.h"

#include <libxml/xmlwriter.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* failed collects what libxml2 reports: only memory can fail it. */
typedef struct sink {
  xmlTextWriterPtr writer;
  bool failed;
} sink;

static void begin(sink *to, const char *name) {
  to->failed |= xmlTextWriterStartElement(to->writer, (const xmlChar *)name) < 0;
}

static void end(sink *to) {
  to->failed |= xmlTextWriterEndElement(to->writer) < 0;
}

static void attribute(sink *to, const char *name, const char *value) {
  to->failed |=
      xmlTextWriterWriteAttribute(to->writer, (const xmlChar *)name, (const xmlChar *)value) < 0;
}

static void text(sink *to, const char *value) {
  to->failed |= xmlTextWriterWriteString(to->writer, (const xmlChar *)value) < 0;
}

static void element(sink *to, const char *name, const char *value) {
  begin(to, name);
  text(to, value);
  end(to);
}

/* A short decimal text that reads back as the same double; the locale is "C". */
static const char *number(double value, char room[32]) {
  for (int digits = 6; digits <= 17; digits++) {
    snprintf(room, 32, "%.*g", digits, value);
    if (strtod(room, NULL) == value)
      break;
  }
  return room;
}

static void number_attribute(sink *to, const char *name, double value) {
  char room[32];
  attribute(to, name, number(value, room));
}

static void int_attribute(sink *to, const char *name, int64_t value) {
  char room[32];
  snprintf(room, sizeof room, "%lld", (long long)value);
  attribute(to, name, room);
}

static void write_description(sink *to, const csro_model *model) {
  char room[32];
  element(to, "name", model->name);
  begin(to, "classes");
  for (int c = 0; c < model->class_count; c++) {
    begin(to, "class");
    attribute(to, "role", c == 0 ? "random" : "ordered");
    text(to, model->classes[c]);
    end(to);
  }
  end(to);
  begin(to, "channels");
  for (int c = 0; c < model->channel_count; c++)
    element(to, "pair", model->pairs[c]);
  end(to);
  begin(to, "bins");
  number_attribute(to, "half-range", model->bins.half_range);
  int_attribute(to, "total", model->bins.total);
  int_attribute(to, "first", model->bins.first);
  int_attribute(to, "kept", model->bins.kept);
  end(to);
  element(to, "preprocessing", csro_preprocessing_names[model->preprocessing]);
  begin(to, "lattice");
  attribute(to, "structure", model->lattice);
  attribute(to, "orientation", model->orientation);
  if (model->lattice_constant != 0)
    number_attribute(to, "constant", model->lattice_constant);
  end(to);
  element(to, "threshold", number(model->threshold, room));
  element(to, "training", model->provenance);
  if (!isnan(model->test_accuracy))
    element(to, "test-accuracy", number(model->test_accuracy, room));
}

static void write_layer(sink *to, const csro_layer *layer) {
  static const char *const names[] = {"conv1d", "maxpool", "flatten", "dense", "dropout"};
  begin(to, names[layer->kind]);
  if (layer->kind == CSRO_LAYER_CONV1D) {
    int_attribute(to, "filters", layer->units);
    int_attribute(to, "kernel", layer->size);
  }
  if (layer->kind == CSRO_LAYER_MAXPOOL)
    int_attribute(to, "size", layer->size);
  if (layer->kind == CSRO_LAYER_CONV1D || layer->kind == CSRO_LAYER_MAXPOOL)
    attribute(to, "padding", layer->same ? "same" : "valid");
  if (layer->kind == CSRO_LAYER_DENSE)
    int_attribute(to, "units", layer->units);
  if (layer->kind == CSRO_LAYER_CONV1D || layer->kind == CSRO_LAYER_DENSE)
    attribute(to, "activation", csro_activation_names[layer->activation]);
  if (layer->kind == CSRO_LAYER_DROPOUT)
    number_attribute(to, "rate", (double)layer->rate);
  end(to);
}

static csro_status write_values(csro_context *context, sink *to, int layer, const char *kind,
                                int64_t count, const float *values) {
  char *encoded = csro_allocate(context, csro_base64_length(count) + 1, 1);
  if (!encoded)
    return CSRO_ERROR_MEMORY;
  csro_base64_encode(values, count, encoded);
  begin(to, "weights");
  int_attribute(to, "layer", layer);
  attribute(to, "kind", kind);
  int_attribute(to, "count", count);
  to->failed |= xmlTextWriterWriteRaw(to->writer, (const xmlChar *)"\n") < 0;
  to->failed |= xmlTextWriterWriteRaw(to->writer, (const xmlChar *)encoded) < 0;
  end(to);
  free(encoded);
  return CSRO_OK;
}

static csro_status write_member(csro_context *context, sink *to, const csro_network *member) {
  csro_status status = CSRO_OK;
  begin(to, "member");
  for (int l = 0; l < member->layer_count && status == CSRO_OK; l++) {
    const csro_layer *layer = &member->layers[l];
    if (layer->weight_count == 0)
      continue;
    status = write_values(context, to, l, "kernel", layer->weight_count, layer->weights);
    if (status == CSRO_OK)
      status = write_values(context, to, l, "bias", layer->bias_count, layer->bias);
  }
  end(to);
  return status;
}

static csro_status write_document(csro_context *context, sink *to, const csro_model *model) {
  to->failed |= xmlTextWriterSetIndent(to->writer, 1) < 0;
  to->failed |= xmlTextWriterStartDocument(to->writer, NULL, "UTF-8", NULL) < 0;
  begin(to, "csro-model");
  attribute(to, "xmlns", CSRO_MODEL_NAMESPACE);
  attribute(to, "version", CSRO_MODEL_VERSION);
  write_description(to, model);
  begin(to, "architecture");
  for (int l = 0; l < model->members[0].layer_count; l++)
    write_layer(to, &model->members[0].layers[l]);
  end(to);
  csro_status status = CSRO_OK;
  for (int m = 0; m < model->member_count && status == CSRO_OK; m++)
    status = write_member(context, to, &model->members[m]);
  end(to);
  to->failed |= xmlTextWriterEndDocument(to->writer) < 0;
  if (status == CSRO_OK && to->failed)
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory while a model was written");
  return status;
}

static csro_status make_document(csro_context *context, const csro_model *model,
                                 xmlBufferPtr buffer) {
  sink to = {.writer = xmlNewTextWriterMemory(buffer, 0)};
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  csro_status status = CSRO_ERROR_MEMORY;
  if (to.writer && c_locale) {
    locale_t before = uselocale(c_locale);
    status = write_document(context, &to, model);
    uselocale(before);
  } else {
    csro_fail(context, CSRO_ERROR_MEMORY, "out of memory while a model was written");
  }
  if (c_locale)
    freelocale(c_locale);
  xmlFreeTextWriter(to.writer); /* flushes into the buffer */
  return status;
}

/* Against the model as it is read back: the writer takes the shape from the first member. */
static bool same_shape(const csro_network *a, const csro_network *b) {
  if (a->layer_count != b->layer_count || a->bins != b->bins || a->channels != b->channels)
    return false;
  for (int l = 0; l < a->layer_count; l++) {
    const csro_layer *x = &a->layers[l], *y = &b->layers[l];
    if (x->kind != y->kind || x->activation != y->activation || x->units != y->units ||
        x->size != y->size || x->same != y->same)
      return false;
  }
  return true;
}

static csro_status check_model(csro_context *context, const csro_model *model) {
  if (model->member_count < 1 || model->member_count > CSRO_MODEL_MEMBERS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "a model of %d members, expected 1 .. %d",
                     model->member_count, CSRO_MODEL_MEMBERS);
  for (int m = 0; m < model->member_count; m++)
    if (!same_shape(&model->members[0], &model->members[m]))
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "members 0 and %d differ in their layers", m);
  if (model->members[0].bins != model->bins.kept ||
      model->members[0].channels != model->channel_count)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the networks take %d bins of %d channels, the model has %d of %d",
                     model->members[0].bins, model->members[0].channels, model->bins.kept,
                     model->channel_count);
  return CSRO_OK;
}

static csro_status write_file(csro_context *context, const char *path, const char *data,
                              size_t size) {
  csro_replacement file;
  csro_status status = csro_replacement_open(context, path, &file);
  if (status == CSRO_OK)
    status = csro_replacement_write(context, &file, data, size);
  return csro_replacement_close(context, &file, status);
}

csro_status csro_model_check_target(csro_context *context, const char *path) {
  return csro_replacement_check(context, path);
}

csro_status csro_model_write(csro_context *context, const csro_model *model, const char *path) {
  csro_status status = check_model(context, model);
  if (status != CSRO_OK)
    return status;
  xmlInitParser();
  xmlBufferPtr buffer = xmlBufferCreate();
  if (!buffer)
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory while a model was written");
  xmlBufferSetAllocationScheme(buffer, XML_BUFFER_ALLOC_DOUBLEIT);
  status = make_document(context, model, buffer);
  const char *data = (const char *)xmlBufferContent(buffer);
  size_t size = (size_t)xmlBufferLength(buffer);
  csro_model *again = NULL;
  if (status == CSRO_OK)
    status = csro_model_parse(context, path, data, size, &again);
  csro_model_destroy(&again);
  if (status == CSRO_OK)
    status = write_file(context, path, data, size);
  xmlBufferFree(buffer);
  return status == CSRO_ERROR_FORMAT ? CSRO_ERROR_ARGUMENT : status;
}

/* Models whose structure the input chooses, with weights up to the largest: read, written and read
 * again, applied and explained. */
#include "csro/classify.h"
#include "csro/explain.h"
#include "csro/train.h"
#include "file/base64.h"
#include "fuzz_folder.h"
#include "fuzz_xml_layers.h"

#include <math.h>

enum { voxels = 3 };

static float make_weight(fuzz_bytes *from) {
  static const float odd[] = {0,      -0.0f,           3.4028235e38f, -3.4028235e38f,
                              1e-45f, -1.1754944e-38f, 1e30f,         -1e20f};
  int choice = fuzz_byte(from);
  return choice >= 240 ? odd[choice % 8] : (float)(choice - 120) / 64;
}

static void put_weights(fuzz_xml *xml, int layer, const char *kind, int64_t count) {
  float *values = fuzz_allocate((size_t)count * sizeof *values);
  char *text = fuzz_allocate((size_t)csro_base64_length(count) + 1);
  int distance = xml->wild && fuzz_byte(xml->from) >= 250 ? 1 : 0;
  if (fuzz_below(xml->from, 2)) {
    for (int64_t i = 0; i < count; i++)
      values[i] = make_weight(xml->from);
  } else {
    for (int64_t i = 0; i < count; i++)
      values[i] = i ? values[0] : make_weight(xml->from);
  }
  csro_base64_encode(values, count, text);
  fuzz_xml_put(xml, "<weights layer=\"%d\" kind=\"%s\" count=\"%lld\">", layer, kind,
               (long long)count + distance);
  fuzz_xml_append(xml, text);
  fuzz_xml_put(xml, "</weights>");
  free(values);
  free(text);
}

static void put_member(fuzz_xml *xml, const csro_network *shape) {
  int written = 0;
  fuzz_xml_put(xml, "<member>");
  for (int l = 0; l < shape->layer_count; l++) {
    if (shape->layers[l].weight_count == 0)
      continue;
    fuzz_xml_accident(xml);
    put_weights(xml, l, "kernel", shape->layers[l].weight_count);
    put_weights(xml, l, "bias", shape->layers[l].bias_count);
    written++;
  }
  if (written == 0) /* layers that do not fit each other */
    put_weights(xml, 0, "kernel", 1);
  fuzz_xml_put(xml, "</member>");
}

static void put_description(fuzz_xml *xml, int classes, int channels, int kept) {
  static const char *const
      names[] = {"t", "CoCrNi &lt;002&gt;", "\xc3\x9c&#10;x", "a&amp;b"},
      *const ranges[] = {"1.5", "2", "0.5", "1e3"}, *const ways[] = {"minmax", "mean",   "minmax",
                                                                     "mean",   "minmax", "mean",
                                                                     "minmax", "full"},
      *const texts[] = {"", "fcc", "002"}, *const thresholds[] = {"3.75", "0", "8", "0.1"};
  fuzz_xml_put(xml, "<name>%s</name>", fuzz_xml_name(xml, 4, names));
  fuzz_xml_accident(xml);
  fuzz_xml_put(xml, "<classes><class role=\"random\">F</class>");
  for (int k = 1; k < classes; k++)
    fuzz_xml_put(xml, "<class role=\"ordered\">C%d</class>", k);
  fuzz_xml_put(xml, "</classes><channels>");
  for (int k = 0; k < channels; k++)
    fuzz_xml_put(xml, "<pair>Fe-A%d</pair>", k);
  fuzz_xml_put(xml, "</channels><bins half-range=\"%s\" total=\"%d\" first=\"%d\" kept=\"%d\"/>",
               fuzz_xml_number(xml, 4, ranges), kept + 9, fuzz_below(xml->from, 10), kept);
  fuzz_xml_accident(xml);
  fuzz_xml_put(xml, "<preprocessing>%s</preprocessing>", fuzz_xml_name(xml, 8, ways));
  fuzz_xml_put(xml, "<lattice structure=\"%s\" orientation=\"%s\"", fuzz_xml_name(xml, 3, texts),
               fuzz_xml_name(xml, 3, texts));
  if (fuzz_below(xml->from, 2))
    fuzz_xml_put(xml, " constant=\"%s\"", fuzz_xml_number(xml, 4, ranges));
  fuzz_xml_put(xml, "/><threshold>%s</threshold>", fuzz_xml_number(xml, 4, thresholds));
  fuzz_xml_put(xml, "<training>%s</training>", fuzz_xml_name(xml, 4, names));
  fuzz_xml_accident(xml);
  if (fuzz_below(xml->from, 2))
    fuzz_xml_put(xml, "<test-accuracy>0.%d</test-accuracy>", fuzz_byte(xml->from));
}

static void put_model(fuzz_xml *xml) {
  fuzz_bytes *from = xml->from;
  xml->wild = fuzz_below(from, 2);
  int classes = 2 + fuzz_below(from, 3), channels = 1 + fuzz_below(from, 3),
      kept = 17 + fuzz_below(from, 20), members = 1 + fuzz_below(from, 3);
  csro_layer layers[fuzz_most_layers];
  csro_context context = fuzz_context();
  csro_network shape = {.bins = kept, .channels = channels, .layers = layers};
  fuzz_xml_put(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<csro-model xmlns=\"urn:apt-csro:model:1\" version=\"1\">");
  put_description(xml, classes, channels, kept);
  shape.layer_count = fuzz_layers(from, classes, layers);
  if (csro_network_shape(&context, &shape) != CSRO_OK)
    for (int l = 0; l < shape.layer_count; l++)
      layers[l].weight_count = 0;
  fuzz_xml_layers(xml, shape.layer_count, layers);
  for (int m = 0; m < members; m++) {
    fuzz_xml_accident(xml);
    put_member(xml, &shape);
  }
  fuzz_xml_put(xml, "</csro-model>");
}

static void check_same(const csro_model *a, const csro_model *b) {
  FUZZ_CHECK(strcmp(a->name, b->name) == 0 && strcmp(a->provenance, b->provenance) == 0);
  FUZZ_CHECK(a->class_count == b->class_count && a->channel_count == b->channel_count);
  FUZZ_CHECK(memcmp(a->classes, b->classes, (size_t)a->class_count * 32) == 0);
  FUZZ_CHECK(memcmp(a->pairs, b->pairs, (size_t)a->channel_count * 32) == 0);
  FUZZ_CHECK(a->bins.half_range == b->bins.half_range && a->bins.total == b->bins.total &&
             a->bins.first == b->bins.first && a->bins.kept == b->bins.kept);
  FUZZ_CHECK(a->preprocessing == b->preprocessing && a->threshold == b->threshold);
  FUZZ_CHECK(strcmp(a->lattice, b->lattice) == 0 && strcmp(a->orientation, b->orientation) == 0);
  FUZZ_CHECK(a->lattice_constant == b->lattice_constant);
  FUZZ_CHECK(a->test_accuracy == b->test_accuracy ||
             (isnan(a->test_accuracy) && isnan(b->test_accuracy)));
  FUZZ_CHECK(a->member_count == b->member_count);
  for (int m = 0; m < a->member_count; m++)
    for (int l = 0; l < a->members[m].layer_count; l++) {
      const csro_layer *x = &a->members[m].layers[l], *y = &b->members[m].layers[l];
      FUZZ_CHECK(x->kind == y->kind && x->units == y->units && x->size == y->size &&
                 x->activation == y->activation && x->same == y->same && x->rate == y->rate);
      if (x->weight_count == 0)
        continue;
      FUZZ_CHECK(memcmp(x->weights, y->weights, (size_t)x->weight_count * 4) == 0);
      FUZZ_CHECK(memcmp(x->bias, y->bias, (size_t)x->bias_count * 4) == 0);
    }
}

static void write_and_read(const csro_model *model) {
  csro_context context = fuzz_context();
  csro_model *again;
  char path[300], *text[2];
  size_t size[2];
  fuzz_folder_file("model.xml", path);
  FUZZ_CHECK(csro_model_write(&context, model, path) == CSRO_OK);
  FUZZ_CHECK(csro_model_read(&context, path, &again) == CSRO_OK);
  check_same(model, again);
  text[0] = fuzz_folder_read(path, &size[0]);
  FUZZ_CHECK(csro_model_write(&context, again, path) == CSRO_OK);
  text[1] = fuzz_folder_read(path, &size[1]);
  FUZZ_CHECK(size[0] == size[1] && memcmp(text[0], text[1], size[0]) == 0);
  free(text[0]);
  free(text[1]);
  csro_model_destroy(&again);
  FUZZ_CHECK(unlink(path) == 0);
  fuzz_folder_is_empty();
}

/* Probabilities are probabilities or undefined. */
static void check_shares(int64_t n, const double *values) {
  for (int64_t i = 0; i < n; i++)
    FUZZ_CHECK(isnan(values[i]) || (values[i] >= 0 && values[i] <= 1 + 1e-6));
}

static void apply(const csro_model *model, fuzz_bytes *from) {
  csro_context context = fuzz_context();
  const int bins = model->bins.kept, channels = model->channel_count,
            ordered = model->class_count - 1;
  const size_t values = (size_t)(voxels * bins * channels);
  uint8_t *counts = fuzz_allocate(values);
  float *inputs = fuzz_allocate(values * 4), *gradient = fuzz_allocate(values * 4),
        *activation = fuzz_allocate((size_t)(voxels * bins) * 4);
  double *shares = fuzz_allocate(2 * (size_t)(voxels * ordered) * sizeof *shares), *mean[8],
         *deviation[8];
  csro_count_type types[8];
  const void *curves[8];
  fuzz_fill(from, counts, values);
  for (int c = 0; c < channels; c++) {
    types[c] = CSRO_U8;
    curves[c] = counts + c * voxels * bins;
  }
  for (int k = 0; k < ordered; k++) {
    mean[k] = shares + k * voxels;
    deviation[k] = shares + (ordered + k) * voxels;
  }
  csro_status status = csro_classify(&context, model, model->preprocessing, 0, voxels, types,
                                     curves, mean, deviation, NULL, NULL);
  fuzz_check_status(&context, status);
  if (status == CSRO_OK)
    check_shares(2 * voxels * ordered, shares);
  FUZZ_CHECK(csro_classify_inputs(&context, model, model->preprocessing, 0, voxels, types, curves,
                                  inputs) == CSRO_OK);
  for (int k = 0; k <= ordered; k++) {
    status = csro_explain(&context, model, k, voxels, inputs, activation, gradient);
    fuzz_check_status(&context, status);
    for (int i = 0; i < voxels * bins && status == CSRO_OK; i++)
      FUZZ_CHECK(isnan(activation[i]) || (activation[i] >= 0 && activation[i] <= 1));
  }
  free(counts);
  free(inputs);
  free(gradient);
  free(activation);
  free(shares);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  csro_context context = fuzz_context();
  fuzz_bytes from = {data, size};
  fuzz_xml xml = {.from = &from};
  csro_model *model;
  put_model(&xml);
  csro_status status = csro_model_parse(&context, "input", xml.text, xml.size, &model);
  fuzz_check_status(&context, status);
  FUZZ_CHECK((status == CSRO_OK) == (model != NULL));
  if (model) {
    write_and_read(model);
    apply(model, &from);
  }
  csro_model_destroy(&model);
  free(xml.text);
  return 0;
}

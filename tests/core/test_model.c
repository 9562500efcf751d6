/* Model files: round trip to the bit, and every kind of damage refused with file and line. */
#include "check.h"
#include "csro/model.h"

#include <locale.h>
#include <unistd.h>

enum { MEMBERS = 2 };

static csro_model *make_model(csro_context *context) {
  csro_model *model = calloc(1, sizeof *model);
  snprintf(model->name, sizeof model->name, "test <&> \"model\"");
  model->class_count = 3;
  model->classes = calloc(3, sizeof *model->classes);
  strcpy(model->classes[0], "BCC");
  strcpy(model->classes[1], "B2");
  strcpy(model->classes[2], "D03");
  model->channel_count = 2;
  model->pairs = calloc(2, sizeof *model->pairs);
  strcpy(model->pairs[0], "Fe-Fe");
  strcpy(model->pairs[1], "Al-Al");
  model->bins = (csro_bins){.half_range = 1.0 / 3, .total = 100, .first = 10, .kept = 30};
  model->preprocessing = CSRO_PREPROCESS_FULL;
  strcpy(model->lattice, "bcc");
  strcpy(model->orientation, "002");
  model->lattice_constant = 0.1 + 0.2;
  model->threshold = 3.75;
  strcpy(model->provenance, " two lines\nof text, \xc3\xa4 ");
  model->test_accuracy = 0.9994;
  model->member_count = MEMBERS;
  model->members = calloc(MEMBERS, sizeof *model->members);
  const csro_layer layers[] = {
      {.kind = CSRO_LAYER_CONV1D,
       .activation = CSRO_ACTIVATION_RELU,
       .units = 3,
       .size = 5,
       .same = true},
      {.kind = CSRO_LAYER_DROPOUT, .rate = 0.3f},
      {.kind = CSRO_LAYER_MAXPOOL, .size = 2},
      {.kind = CSRO_LAYER_FLATTEN},
      {.kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_LINEAR, .units = 4},
      {.kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_SOFTMAX, .units = 3},
  };
  uint32_t state = 1;
  for (int m = 0; m < MEMBERS; m++) {
    CHECK_OK(context, csro_network_init(context, 30, 2, 6, layers, &model->members[m]));
    for (int l = 0; l < 6; l++) {
      csro_layer *layer = &model->members[m].layers[l];
      for (int64_t i = 0; i < layer->weight_count + layer->bias_count; i++) {
        state = state * 1664525u + 1013904223u;
        uint32_t bits = state & 0xbfffffffu; /* any finite float, denormals too */
        float *to =
            i < layer->weight_count ? &layer->weights[i] : &layer->bias[i - layer->weight_count];
        memcpy(to, &bits, sizeof bits);
      }
    }
  }
  return model;
}

static void check_same(const csro_model *a, const csro_model *b) {
  CHECK(strcmp(a->name, b->name) == 0);
  CHECK(strcmp(a->provenance, b->provenance) == 0);
  CHECK(strcmp(a->lattice, b->lattice) == 0 && strcmp(a->orientation, b->orientation) == 0);
  CHECK_EQ(a->class_count, b->class_count);
  CHECK_EQ(a->channel_count, b->channel_count);
  for (int c = 0; c < a->class_count; c++)
    CHECK(strcmp(a->classes[c], b->classes[c]) == 0);
  for (int c = 0; c < a->channel_count; c++)
    CHECK(strcmp(a->pairs[c], b->pairs[c]) == 0);
  CHECK(a->bins.half_range == b->bins.half_range && a->bins.total == b->bins.total &&
        a->bins.first == b->bins.first && a->bins.kept == b->bins.kept);
  CHECK_EQ(a->preprocessing, b->preprocessing);
  CHECK(a->lattice_constant == b->lattice_constant && a->threshold == b->threshold);
  CHECK(a->test_accuracy == b->test_accuracy ||
        (isnan(a->test_accuracy) && isnan(b->test_accuracy)));
  CHECK_EQ(a->member_count, b->member_count);
  for (int m = 0; m < a->member_count; m++)
    for (int l = 0; l < a->members[m].layer_count; l++) {
      const csro_layer *x = &a->members[m].layers[l], *y = &b->members[m].layers[l];
      CHECK(x->kind == y->kind && x->activation == y->activation && x->units == y->units &&
            x->size == y->size && x->same == y->same && x->rate == y->rate);
      CHECK_EQ(x->weight_count, y->weight_count);
      if (x->weight_count > 0) {
        CHECK(memcmp(x->weights, y->weights, (size_t)x->weight_count * 4) == 0);
        CHECK(memcmp(x->bias, y->bias, (size_t)x->bias_count * 4) == 0);
      }
    }
}

static char *slurp(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file)
    exit(1);
  char *data = calloc(1, 1 << 20);
  *size = fread(data, 1, (1 << 20) - 1, file);
  fclose(file);
  return data;
}

static char path[] = "test_model_XXXXXX";

static void test_round_trip(csro_context *context, csro_model *model) {
  csro_model *again = NULL;
  CHECK_OK(context, csro_model_write(context, model, path));
  CHECK_OK(context, csro_model_read(context, path, &again));
  check_same(model, again);
  csro_model_destroy(&again);
  CHECK(again == NULL);

  model->test_accuracy = NAN;
  model->lattice_constant = 0;
  model->provenance[0] = 0;
  setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed: a decimal comma */
  CHECK_OK(context, csro_model_write(context, model, path));
  CHECK_OK(context, csro_model_read(context, path, &again));
  setlocale(LC_ALL, "C");
  check_same(model, again);
  csro_model_destroy(&again);
}

/* The document with the first occurrence of `from` replaced. */
static void check_damage(csro_context *context, const char *text, const char *from, const char *to,
                         const char *message) {
  const char *at = strstr(text, from);
  CHECK(at != NULL);
  if (!at)
    return;
  size_t size = strlen(text) - strlen(from) + strlen(to);
  char *damaged = malloc(size + 1);
  memcpy(damaged, text, (size_t)(at - text));
  strcpy(damaged + (at - text), to);
  strcat(damaged, at + strlen(from));
  csro_model *model = NULL;
  CHECK_FAILS(context, csro_model_parse(context, "m.xml", damaged, size, &model), CSRO_ERROR_FORMAT,
              message);
  CHECK(strncmp(context->message, "m.xml: ", 7) == 0);
  CHECK(model == NULL);
  csro_model_destroy(&model);
  free(damaged);
}

static void test_damage(csro_context *context, const char *text) {
  static const char *const cases[][3] = {
      {"<csro-model", "<!DOCTYPE csro-model><csro-model", "document type"},
      {"<csro-model",
       "<!DOCTYPE csro-model [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">"
       "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;\">]><csro-model",
       "document type"},
      {"<csro-model", "<!DOCTYPE csro-model SYSTEM \"http://127.0.0.1:9/x.dtd\"><csro-model",
       "document type"},
      {"<name>", "<name>&undeclared;", "undeclared"},
      {"version=\"1\"", "version=\"2\"", "version '2', expected '1'"},
      {"version=\"1\"", "", "version '', expected '1'"},
      {"urn:apt-csro:model:1", "urn:other", "line 2"},
      {"<bins ", "<bins extra=\"1\" ", "line"},
      {"<preprocessing>full", "<preprocessing>none", "line"},
      {"total=\"100\"", "total=\"39\"", "bins 10 .. 39 are kept, expected at most 39"},
      {"kept=\"30\"", "kept=\"16\"", "line"},
      {"kept=\"30\"", "kept=\"5000\"", "line"},
      {"kept=\"30\"", "kept=\"34\"", "weights"},
      {"total=\"100\"", "total=\"1e2\"", "line"},
      {"half-range=\"0.3", "half-range=\"-0.3", "line"},
      {"<threshold>3.75", "<threshold>NaN", "line"},
      {"<threshold>3.75", "<threshold>INF", "line"},
      {"<class role=\"ordered\">D03</class>", "", "3 units, expected 2"},
      {">B2<", ">BCC<", "twice"},
      {">B2<", ">B 2<", "line"},
      {"<pair>Al-Al</pair>", "", "weights"},
      {"<flatten/>", "", "flatten"},
      {"kernel=\"5\"", "kernel=\"4\"", "weights"},
      {"<maxpool size=\"2\"", "<maxpool size=\"31\"", "does not fit"},
      {"units=\"4\"", "units=\"60000\"", "more than the file"},
      {"units=\"3\" activation=\"softmax\"", "units=\"3\" activation=\"relu\"", "softmax"},
      {"kind=\"bias\"", "kind=\"kernel\"", "second time"},
      {"layer=\"0\" kind=\"bias\"", "layer=\"2\" kind=\"bias\"", "has none"},
      {"layer=\"0\" kind=\"bias\"", "layer=\"99\" kind=\"bias\"", "has none"},
      {"count=\"30\"", "count=\"31\"", "31 weights, expected 30"},
      {"<member>", "", "line"},
      {"</csro-model>", "", "line"},
      {"</csro-model>", "</csro-model><x/>", "line"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_damage(context, text, cases[i][0], cases[i][1], cases[i][2]);
}

/* Weights of the first kernel (30 floats): NaN, no base64, too short, too long. */
static void test_weights(csro_context *context, const char *text) {
  const char *first = strstr(text, "count=\"30\">");
  const char *end = strstr(first, "</weights>");
  CHECK(first && end);
  first += strlen("count=\"30\">");
  char old[512] = {0};
  memcpy(old, first, (size_t)(end - first));
  char nan[200] = {0}, no_base64[200] = {0};
  for (int i = 0; i < 160; i += 16) /* twelve bytes: NaN, NaN, NaN */
    memcpy(nan + i, "AADAfwAAwH8AAMB/", 16);
  memcpy(no_base64, nan, 160);
  no_base64[7] = '*';
  check_damage(context, text, old, nan, "weight 0 is not a finite number");
  check_damage(context, text, old, no_base64, "line");
  check_damage(context, text, old, "AAAA", "3 bytes of weights, expected 120");
  check_damage(context, text, old, "", "line");
  char long_text[400] = {0};
  memset(long_text, 'A', 320);
  check_damage(context, text, old, long_text, "240 bytes of weights, expected 120");
}

static void test_truncation(csro_context *context, const char *text, size_t size) {
  csro_model *model = NULL;
  for (size_t length = 0; length + 2 < size; length += length < 1500 ? 13 : 61) {
    char *copy = malloc(length + 1); /* a block of its own: reading beyond it is seen */
    memcpy(copy, text, length);
    CHECK_FAILS(context, csro_model_parse(context, "m.xml", copy, length, &model),
                CSRO_ERROR_FORMAT, "m.xml: line");
    CHECK(model == NULL);
    free(copy);
  }
}

/* Every single-byte change either is refused or leaves a model that is whole. */
static void test_flips(csro_context *context, const char *text, size_t size) {
  char *copy = malloc(size);
  for (size_t i = 0; i < size; i += 17) {
    memcpy(copy, text, size);
    copy[i] = (char)(copy[i] ^ (1 << (i % 7)));
    csro_model *model = NULL;
    csro_status status = csro_model_parse(context, "m.xml", copy, size, &model);
    CHECK((status == CSRO_OK) == (model != NULL));
    csro_model_destroy(&model);
  }
  free(copy);
}

static void test_no_model(csro_context *context) {
  csro_model *model = NULL;
  CHECK_FAILS(context, csro_model_parse(context, "m", "", 0, &model), CSRO_ERROR_FORMAT, "m: line");
  CHECK_FAILS(context, csro_model_parse(context, "m", "hello", 5, &model), CSRO_ERROR_FORMAT,
              "m: line 1");
  CHECK_FAILS(context, csro_model_parse(context, "m", "<a/>", 4, &model), CSRO_ERROR_FORMAT,
              "the document is <a>, expected <csro-model>");
  CHECK_FAILS(context, csro_model_parse(context, "m", "\0\0\0\0", 4, &model), CSRO_ERROR_FORMAT,
              "m: line");
  CHECK_FAILS(context, csro_model_read(context, "/no/such/file.xml", &model), CSRO_ERROR_FILE,
              "/no/such/file.xml: No such file");
  CHECK_FAILS(context, csro_model_read(context, "/", &model), CSRO_ERROR_FILE,
              "is a directory, expected a regular file");

  size_t size = 1 << 20;
  char *many = malloc(size);
  memcpy(many, "<csro-model>", 12);
  for (size_t i = 12; i + 4 <= size; i += 4)
    memcpy(many + i, "<a/>", 4);
  CHECK_FAILS(context, csro_model_parse(context, "m", many, size, &model), CSRO_ERROR_FORMAT,
              "more than 65536 elements");
  for (size_t i = 12; i + 3 <= size; i += 3)
    memcpy(many + i, "<a>", 3);
  CHECK_FAILS(context, csro_model_parse(context, "m", many, size, &model), CSRO_ERROR_FORMAT, "m:");
  free(many);
  CHECK(model == NULL);
}

static void test_default(csro_context *context) {
  csro_model *model = NULL;
  CHECK_OK(context, csro_model_shipped(context, 0, &model));
  CHECK_EQ(model->member_count, 5);
  CHECK_EQ(model->bins.kept, 93);
  CHECK(strcmp(model->classes[1], "CSRO") == 0);
  csro_model_destroy(&model);
  CHECK_FAILS(context, csro_model_shipped(context, 3, &model), CSRO_ERROR_ARGUMENT,
              "model 3, expected 0 to 2");
  CHECK(model == NULL);
}

static void test_write_errors(csro_context *context, csro_model *model) {
  CHECK_FAILS(context, csro_model_write(context, model, "/no/such/folder/m.xml"), CSRO_ERROR_FILE,
              "/no/such/folder/m.xml: cannot be written");
  size_t size = 0, size_after = 0;
  char *before = slurp(path, &size);
  float kept = model->members[1].layers[0].bias[0];
  model->members[1].layers[0].bias[0] = NAN;
  CHECK_FAILS(context, csro_model_write(context, model, path), CSRO_ERROR_ARGUMENT, "finite");
  model->members[1].layers[0].bias[0] = kept;
  strcpy(model->name, "control \x01");
  CHECK_FAILS(context, csro_model_write(context, model, path), CSRO_ERROR_ARGUMENT, path);
  strcpy(model->name, "m");
  model->bins.kept = 31;
  CHECK_FAILS(context, csro_model_write(context, model, path), CSRO_ERROR_ARGUMENT, "30 bins");
  model->bins.kept = 30;
  model->members[1].layers[1].kind = CSRO_LAYER_FLATTEN;
  CHECK_FAILS(context, csro_model_write(context, model, path), CSRO_ERROR_ARGUMENT, "differ");
  model->members[1].layers[1].kind = CSRO_LAYER_DROPOUT;
  char *after = slurp(path, &size_after);
  CHECK(size == size_after && memcmp(before, after, size) == 0);
  free(before);
  free(after);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  int descriptor = mkstemp(path);
  CHECK(descriptor >= 0);
  close(descriptor);
  csro_model *model = make_model(&context);
  test_round_trip(&context, model);
  size_t size;
  char *text = slurp(path, &size);
  test_damage(&context, text);
  test_weights(&context, text);
  test_truncation(&context, text, size);
  test_flips(&context, text, size);
  free(text);
  test_no_model(&context);
  test_default(&context);
  test_write_errors(&context, model);
  csro_model_destroy(&model);
  csro_model_destroy(&model);
  csro_model_destroy(NULL);
  unlink(path);
  return check_end();
}

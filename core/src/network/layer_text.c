/* Networks from a line of text. */
#include "base/number.h"
#include "csro/network.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LAYERS = 64, MOST_WORDS = 5, LARGEST_NUMBER = 1 << 20 };

typedef struct word {
  const char *text;
  size_t length;
} word;

static bool is_word(word w, const char *text) {
  return w.length == strlen(text) && strncmp(w.text, text, w.length) == 0;
}

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The words of one layer, up to a comma or the end; *text then stands behind the comma, or is NULL.
 * Returns their number, -1 for too many. */
static int split_layer(const char **text, word words[MOST_WORDS]) {
  const char *p = *text;
  int count = 0;
  while (*p && *p != ',') {
    if (is_space(*p)) {
      p++;
      continue;
    }
    if (count == MOST_WORDS)
      return -1;
    words[count].text = p;
    while (*p && *p != ',' && !is_space(*p))
      p++;
    words[count].length = (size_t)(p - words[count].text);
    count++;
  }
  *text = *p ? p + 1 : NULL;
  return count;
}

static bool read_number(word w, locale_t c_locale, double *value) {
  const char *end = w.text + w.length;
  return csro_number_parse(w.text, end, false, c_locale, value) == end;
}

static bool read_size(word w, locale_t c_locale, int *size) {
  double value;
  if (!read_number(w, c_locale, &value) || !(value >= 1 && value <= LARGEST_NUMBER))
    return false;
  *size = (int)value;
  return *size == value;
}

/* The words behind the numbers. */
static bool read_flags(int count, const word *words, bool padded, csro_layer *layer) {
  for (int k = 0; k < count; k++) {
    if (padded && is_word(words[k], "same"))
      layer->same = true;
    else if (layer->kind != CSRO_LAYER_MAXPOOL && is_word(words[k], "linear"))
      layer->activation = CSRO_ACTIVATION_LINEAR;
    else
      return false;
  }
  return true;
}

static bool read_layer(int count, const word *words, locale_t c_locale, csro_layer *layer) {
  *layer = (csro_layer){.activation = CSRO_ACTIVATION_RELU};
  if (count >= 3 && is_word(words[0], "conv")) {
    layer->kind = CSRO_LAYER_CONV1D;
    return read_size(words[1], c_locale, &layer->units) &&
           read_size(words[2], c_locale, &layer->size) &&
           read_flags(count - 3, words + 3, true, layer);
  }
  if (count >= 2 && is_word(words[0], "dense")) {
    layer->kind = CSRO_LAYER_DENSE;
    return read_size(words[1], c_locale, &layer->units) &&
           read_flags(count - 2, words + 2, false, layer);
  }
  layer->activation = CSRO_ACTIVATION_LINEAR;
  if (count >= 2 && is_word(words[0], "pool")) {
    layer->kind = CSRO_LAYER_MAXPOOL;
    return read_size(words[1], c_locale, &layer->size) &&
           read_flags(count - 2, words + 2, true, layer);
  }
  double rate = 0;
  layer->kind = CSRO_LAYER_DROPOUT;
  bool good = count == 2 && is_word(words[0], "dropout") && read_number(words[1], c_locale, &rate);
  layer->rate = (float)rate;
  return good;
}

/* The layers of the text and what it leaves out: flatten before the first dense layer, and the
 * classes at the end. */
static csro_status read_layers(csro_context *context, const char *text, int classes,
                               locale_t c_locale, csro_layer *layers, int *count) {
  bool flat = false;
  for (int number = 1; text; number++) {
    word words[MOST_WORDS];
    csro_layer layer;
    int found = split_layer(&text, words);
    if (found == 0 && number == 1 && !text)
      break;
    if (found < 0 || !read_layer(found, words, c_locale, &layer) || *count > MOST_LAYERS - 4)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "architecture: layer %d is not understood, expected conv FILTERS KERNEL "
                       "[same] [linear], pool SIZE [same], dropout RATE or dense UNITS [linear], "
                       "separated by commas, at most %d layers",
                       number, MOST_LAYERS - 4);
    if (layer.kind == CSRO_LAYER_DENSE && !flat) {
      layers[(*count)++] = (csro_layer){.kind = CSRO_LAYER_FLATTEN};
      flat = true;
    }
    layers[(*count)++] = layer;
  }
  if (!flat)
    layers[(*count)++] = (csro_layer){.kind = CSRO_LAYER_FLATTEN};
  layers[(*count)++] = (csro_layer){
      .kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_SOFTMAX, .units = classes};
  return CSRO_OK;
}

csro_status csro_network_parse(csro_context *context, const char *text, int bins, int channels,
                               int classes, csro_network *network) {
  csro_layer layers[MOST_LAYERS];
  int count = 0;
  memset(network, 0, sizeof *network);
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!c_locale)
    return csro_fail(context, CSRO_ERROR_MEMORY, "architecture: out of memory");
  csro_status status = read_layers(context, text, classes, c_locale, layers, &count);
  freelocale(c_locale);
  if (status != CSRO_OK)
    return status;
  return csro_network_init(context, bins, channels, count, layers, network);
}

/* Pairs and boxes. Input: names of species, one per line, an empty line, and what was typed. */
#include "csro/parse.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

enum { most_names = 64 };

static void check_refusal(const csro_context *context, csro_status status) {
  FUZZ_CHECK(status == CSRO_ERROR_ARGUMENT && strstr(context->message, ": character "));
  FUZZ_CHECK(strstr(context->message, ", expected "));
}

/* A pair that was read is read from its own text too, as the same pair. */
static void fuzz_one_pair(csro_context *context, int names, const char *const *name,
                          csro_pair pair) {
  FUZZ_CHECK(pair.a >= 0 && pair.a < names && pair.b >= 0 && pair.b < names);
  size_t size = strlen(name[pair.a]) + strlen(name[pair.b]) + 2;
  char *text = malloc(size);
  FUZZ_CHECK(text != NULL);
  snprintf(text, size, "%s-%s", name[pair.a], name[pair.b]);
  int count;
  csro_pair *again;
  csro_status status = csro_pairs_parse(context, text, names, name, &count, &again);
  if (status == CSRO_OK && count == 1)
    FUZZ_CHECK(again[0].a == pair.a && again[0].b == pair.b);
  csro_pair_key(text);
  FUZZ_CHECK(strlen(text) + 1 == size && !strpbrk(text, "-+,; \t\n"));
  free(again);
  free(text);
}

static void fuzz_pairs(const char *text, int names, const char *const *name) {
  csro_context context = fuzz_context();
  int count;
  csro_pair *pair;
  csro_status status = csro_pairs_parse(&context, text, names, name, &count, &pair);
  FUZZ_CHECK((status == CSRO_OK) == (pair != NULL));
  if (status != CSRO_OK) {
    FUZZ_CHECK(count == 0);
    check_refusal(&context, status);
  }
  FUZZ_CHECK((size_t)count <= strlen(text) / 4 + 1);
  for (int i = 0; i < count; i++) {
    fuzz_one_pair(&context, names, name, pair[i]);
    for (int j = 0; j < i; j++)
      FUZZ_CHECK(pair[i].a != pair[j].a || pair[i].b != pair[j].b);
  }
  free(pair);
}

static void fuzz_box(const char *text) {
  csro_context context = fuzz_context();
  double box[6];
  csro_status status = csro_box_parse(&context, text, box);
  if (status != CSRO_OK)
    check_refusal(&context, status);
  for (int i = 0; i < 6; i++)
    FUZZ_CHECK(isfinite(box[i]) && (status == CSRO_OK || box[i] == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *name[most_names];
  int names = 0;
  char *copy = malloc(size + 1), *text = copy;
  FUZZ_CHECK(copy != NULL);
  if (size > 0)
    memcpy(copy, data, size);
  copy[size] = 0;
  for (char *feed; names < most_names && (feed = strchr(text, '\n')) != NULL; text = feed + 1) {
    *feed = 0;
    if (feed == text) {
      text++;
      break;
    }
    name[names++] = text;
  }
  fuzz_pairs(text, names, name);
  fuzz_box(text);
  free(copy);
  return 0;
}

/* The networks of every model that ships give a row the same bits at any place in a block, among
 * any neighbours, for any number of rows: voxels are dealt to blocks, threads and ranks as they
 * come. */
#include "check.h"
#include "csro/model.h"
#include "network/inference.h"

enum { ROWS = CSRO_NETWORK_ROWS, MOST_CLASSES = 8 };

static uint32_t next(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

typedef struct room {
  float *in, *out, *packed, *scratch;
} room;

/* All places, in as many rotations as it takes to bring each row to each place modulo `step`. */
static void test_places(const csro_network *network, const float *rows, const float *alone,
                        int count, int step, room *in) {
  size_t values = (size_t)network->bins * (size_t)network->channels;
  int classes = network->classes;
  for (int shift = 0; shift < count; shift += step) {
    for (int r = 0; r < count; r++)
      memcpy(in->in + (size_t)((r + shift) % count) * values, rows + (size_t)r * values,
             values * sizeof *rows);
    csro_network_run(network, in->packed, count, in->in, in->scratch, in->out);
    for (int r = 0; r < count; r++)
      CHECK(memcmp(in->out + (r + shift) % count * classes, alone + r * classes,
                   (size_t)classes * sizeof *alone) == 0);
  }
}

static void test_network(const csro_network *network) {
  size_t values = (size_t)network->bins * (size_t)network->channels;
  float *rows = malloc(ROWS * values * sizeof *rows);
  float *alone = malloc(ROWS * MOST_CLASSES * sizeof *alone);
  room own = {malloc(ROWS * values * sizeof(float)), malloc(ROWS * MOST_CLASSES * sizeof(float)),
              malloc((size_t)csro_network_packed(network) * sizeof(float)),
              malloc((size_t)csro_network_scratch(network) * sizeof(float))};
  csro_network_pack(network, own.packed);
  uint32_t state = 7;
  CHECK(network->classes <= MOST_CLASSES);
  for (size_t i = 0; i < ROWS * values; i++)
    rows[i] = (float)next(&state) / (1 << 24);
  for (int r = 0; r < ROWS; r++)
    csro_network_run(network, own.packed, 1, rows + (size_t)r * values, own.scratch,
                     alone + r * network->classes);
  for (int count = 1; count <= 25; count++)
    test_places(network, rows, alone, count, 1, &own);
  const int counts[] = {32, 63, 100, 257, 511, 512};
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
    test_places(network, rows, alone, counts[c], 1 + counts[c] / 7, &own);

  for (size_t i = values; i < ROWS * values; i++) /* neighbours of another size */
    rows[i] = (float)next(&state) * 1e6f;
  csro_network_run(network, own.packed, ROWS, rows, own.scratch, own.out);
  CHECK(memcmp(own.out, alone, (size_t)network->classes * sizeof *alone) == 0);
  free(rows);
  free(alone);
  free(own.in);
  free(own.out);
  free(own.packed);
  free(own.scratch);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  for (int m = 0; m < CSRO_MODELS_SHIPPED; m++) {
    csro_model *model;
    CHECK_OK(&context, csro_model_shipped(&context, m, &model));
    for (int i = 0; i < model->member_count; i++)
      test_network(&model->members[i]);
    csro_model_destroy(&model);
  }
  return check_end();
}

/* Times the training of the published ensemble on the published pattern bank.
 * usage: bench_train [--threads N] [--epochs N] [--folds N] [--examples FILE]
 * Prints seconds, test accuracy, and the rate of the matrix products next to what sgemm reaches on
 * the largest of them. --examples writes the prepared curves and labels instead of training, for
 * tests/bench/train_peer.py: int64 count, int64 positions, float32 curves, uint8 labels. */
#include "csro/patterns.h"

#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct arguments {
  int threads, epochs, folds;
  const char *examples;
} arguments;

static void must(int good, const char *what) {
  if (good)
    return;
  fprintf(stderr, "bench_train: %s\n", what);
  exit(1);
}

static arguments parse(int argc, char **argv) {
  arguments a = {omp_get_max_threads(), 30, 5, NULL};
  for (int k = 1; k < argc; k += 2) {
    must(k + 1 < argc, "an argument has no value");
    if (strcmp(argv[k], "--threads") == 0)
      a.threads = atoi(argv[k + 1]);
    else if (strcmp(argv[k], "--epochs") == 0)
      a.epochs = atoi(argv[k + 1]);
    else if (strcmp(argv[k], "--folds") == 0)
      a.folds = atoi(argv[k + 1]);
    else if (strcmp(argv[k], "--examples") == 0)
      a.examples = argv[k + 1];
    else
      must(0, "unknown argument");
  }
  must(a.threads > 0 && a.epochs > 0 && a.folds > 1, "numbers must be positive");
  return a;
}

static void write_examples(const char *path, const csro_examples *x) {
  FILE *file = fopen(path, "wb");
  must(file != NULL, "the file of examples cannot be written");
  const int64_t head[2] = {x->count, x->positions};
  size_t values = (size_t)(x->count * x->positions);
  size_t written = fwrite(head, sizeof head, 1, file);
  written += fwrite(x->inputs, sizeof *x->inputs, values, file);
  written += fwrite(x->label, 1, (size_t)x->count, file);
  must(fclose(file) == 0 && written == 1 + values + (size_t)x->count, "writing examples failed");
}

/* Floating-point operations of the matrix products of one row: forward, the weights' gradients and,
 * except in the first layer, the inputs' gradients. */
static double row_flops(const csro_network *network) {
  double flops = 0;
  bool first = true;
  for (int l = 0; l < network->layer_count; l++) {
    const csro_layer *layer = &network->layers[l];
    if (layer->weight_count == 0)
      continue;
    flops += (first ? 4.0 : 6.0) * (double)layer->weight_count * layer->out_positions;
    first = false;
  }
  return flops;
}

/* Flop/s of one core in the product of the dense layer, the best of some. */
static double sgemm_rate(int rows, int units, int inputs) {
  enum { PRODUCTS = 200, TRIES = 10 };
  float *a = calloc((size_t)rows * inputs, sizeof *a), *c = calloc((size_t)rows * units, sizeof *c);
  float *b = calloc((size_t)inputs * units, sizeof *b);
  must(a && b && c, "out of memory");
  openblas_set_num_threads(1);
  double best = 1e30;
  for (int t = 0; t < TRIES; t++) {
    double begin = omp_get_wtime();
    for (int k = 0; k < PRODUCTS; k++)
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, units, inputs, 1, a, inputs, b,
                  units, 0, c, units);
    double seconds = omp_get_wtime() - begin;
    best = seconds < best ? seconds : best;
  }
  free(a), free(b), free(c);
  return 2.0 * rows * units * inputs * PRODUCTS / best;
}

int main(int argc, char **argv) {
  arguments a = parse(argc, argv);
  csro_context context;
  csro_context_init(&context);
  context.threads = a.threads;
  csro_recipe *recipe;
  csro_patterns patterns;
  must(csro_recipe_shipped(&context, 0, &recipe) == CSRO_OK, context.message);
  must(csro_patterns_init(&context, recipe, 1, 0, &patterns) == CSRO_OK, context.message);
  float *curves = csro_allocate(&context, patterns.count, (size_t)patterns.bins * sizeof *curves);
  must(curves != NULL, "out of memory");
  must(csro_patterns_inputs(&context, &patterns, recipe->preprocessing, curves) == CSRO_OK,
       context.message);
  csro_examples x = {patterns.count, patterns.bins, 1, recipe->class_count, curves, patterns.label};
  if (a.examples) {
    write_examples(a.examples, &x);
    return 0;
  }
  const csro_network *network = &recipe->architecture;
  csro_train_options options = recipe->training;
  options.epochs = a.epochs;
  options.folds = a.folds;
  csro_model model = {.class_count = 2, .channel_count = 1, .bins = recipe->bins};
  double begin = omp_get_wtime();
  must(csro_train(&context, &x, network, &options, &model, NULL) == CSRO_OK, context.message);
  double seconds = omp_get_wtime() - begin;
  double rows = 2 * (1 - options.test_fraction) * (double)x.count * (a.folds - 1) * a.epochs;
  double rate = sgemm_rate(options.batch, 256, network->layers[3].out_channels);
  printf("seconds %.2f accuracy %.5f gflops %.1f floor_seconds %.2f\n", seconds,
         model.test_accuracy, rows * row_flops(network) / seconds * 1e-9,
         rows * row_flops(network) / rate / a.threads);
  for (int m = 0; m < model.member_count; m++)
    csro_network_release(&model.members[m]);
  free(model.members);
  csro_recipe_destroy(&recipe);
  csro_patterns_release(&patterns);
  free(curves);
  return 0;
}

/* Trains the ensemble that a recipe describes and writes it as a model file. */
#include "csro/patterns.h"
#include "csro/train.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, MOST_THREADS = 4096 };

static const char usage[] =
    "usage: csro_train --recipe FILE|NAME --out MODEL.xml [--seed N] [--threads N]\n"
    "  N: --seed 0 to 9223372036854775807, --threads 1 to 4096\n";

typedef struct arguments {
  const char *recipe, *out;
  long long seed; /* -1: that of the recipe */
  int threads;    /* 0: all */
} arguments;

static bool parse_number(const char *text, long long lo, long long hi, long long *out) {
  char *end;
  errno = 0;
  if (*text < '0' || *text > '9') /* neither blanks nor signs */
    return false;
  *out = strtoll(text, &end, 10);
  return errno == 0 && end != text && *end == 0 && *out >= lo && *out <= hi;
}

static bool parse_value(const char *name, const char *value, arguments *a) {
  long long number;
  if (strcmp(name, "--recipe") == 0) {
    a->recipe = value;
    return *value != 0;
  }
  if (strcmp(name, "--out") == 0) {
    a->out = value;
    return *value != 0;
  }
  if (strcmp(name, "--seed") == 0)
    return parse_number(value, 0, INT64_MAX, &a->seed);
  if (strcmp(name, "--threads") != 0 || !parse_number(value, 1, MOST_THREADS, &number))
    return false;
  a->threads = (int)number;
  return true;
}

static void print_usage(void) {
  fputs(usage, stderr);
  fputs("recipes by name:", stderr);
  for (int k = 0; k < CSRO_RECIPES_SHIPPED; k++)
    fprintf(stderr, " %s", csro_recipe_names[k]);
  fputs("\n", stderr);
}

static bool parse(int argc, char **argv, arguments *a) {
  for (int k = 1; k < argc; k += 2) {
    if (k + 1 == argc || !parse_value(argv[k], argv[k + 1], a)) {
      fprintf(stderr, "csro_train: bad argument: %s %s\n", argv[k],
              k + 1 < argc ? argv[k + 1] : "");
      print_usage();
      return false;
    }
  }
  if (a->recipe && a->out)
    return true;
  fprintf(stderr, "csro_train: %s is missing\n", a->recipe ? "--out" : "--recipe");
  print_usage();
  return false;
}

static csro_status read_recipe(csro_context *context, const char *name, csro_recipe **recipe) {
  for (int k = 0; k < CSRO_RECIPES_SHIPPED; k++)
    if (strcmp(name, csro_recipe_names[k]) == 0)
      return csro_recipe_shipped(context, k, recipe);
  return csro_recipe_read(context, name, recipe);
}

static const char *file_name(const char *path) {
  return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static void describe(const arguments *a, const csro_examples *examples,
                     const csro_train_options *options, csro_model *model) {
  char command[512];
  snprintf(command, sizeof command, "csro_train --recipe %.200s --seed %llu --out %.200s",
           file_name(a->recipe), (unsigned long long)options->seed, file_name(a->out));
  csro_train_describe(examples, options, &options->seed, command, model);
}

/* Patterns and what the networks see of them. */
typedef struct prepared {
  csro_patterns patterns;
  float *inputs;
} prepared;

static csro_status prepare(csro_context *context, const csro_recipe *recipe, uint64_t seed,
                           prepared *out) {
  *out = (prepared){0};
  csro_status status = csro_patterns_init(context, recipe, seed, 0, &out->patterns);
  if (status != CSRO_OK)
    return status;
  out->inputs = csro_allocate(context, out->patterns.count,
                              (size_t)out->patterns.bins * (size_t)out->patterns.channels *
                                  sizeof *out->inputs);
  if (!out->inputs)
    return CSRO_ERROR_MEMORY;
  return csro_patterns_inputs(context, &out->patterns, recipe->preprocessing, out->inputs);
}

static void release(prepared *of) {
  csro_patterns_release(&of->patterns);
  free(of->inputs);
}

/* Members one by one and together on a bank that no fold has seen. */
static csro_status print_accuracy(csro_context *context, const csro_recipe *recipe,
                                  const csro_model *model) {
  prepared fresh;
  csro_status status = prepare(context, recipe, recipe->training.seed + 1, &fresh);
  for (int m = -1; m < model->member_count && status == CSRO_OK; m++) {
    csro_model part = *model;
    if (m >= 0) {
      part.members = model->members + m;
      part.member_count = 1;
    }
    double accuracy;
    status = csro_model_accuracy(context, &part, fresh.patterns.count, fresh.inputs,
                                 fresh.patterns.label, &accuracy);
    if (status == CSRO_OK && m < 0)
      printf("ensemble: %.5f on the held-out part, %.5f on a new bank\n", model->test_accuracy,
             accuracy);
    else if (status == CSRO_OK)
      printf("member of fold %d: %.5f on the new bank\n", m + 1, accuracy);
  }
  release(&fresh);
  return status;
}

static csro_status train(csro_context *context, const arguments *a, const csro_recipe *recipe,
                         csro_model *model) {
  prepared data;
  csro_status status = prepare(context, recipe, recipe->training.seed, &data);
  const csro_examples examples = {.count = data.patterns.count,
                                  .positions = data.patterns.bins,
                                  .channels = data.patterns.channels,
                                  .classes = recipe->class_count,
                                  .inputs = data.inputs,
                                  .label = data.patterns.label};
  if (status == CSRO_OK)
    status = csro_train(context, &examples, &recipe->architecture, &recipe->training, model, NULL);
  if (status == CSRO_OK)
    describe(a, &examples, &recipe->training, model);
  release(&data);
  return status;
}

static csro_status run(csro_context *context, const arguments *a) {
  csro_recipe *recipe;
  csro_model *model = NULL;
  csro_status status = read_recipe(context, a->recipe, &recipe);
  if (status == CSRO_OK)
    status = csro_model_check_target(context, a->out);
  if (status == CSRO_OK && a->seed >= 0)
    recipe->training.seed = (uint64_t)a->seed;
  if (status == CSRO_OK)
    status = csro_recipe_model(context, recipe, &model);
  if (status == CSRO_OK)
    status = train(context, a, recipe, model);
  if (status == CSRO_OK)
    status = print_accuracy(context, recipe, model);
  if (status == CSRO_OK)
    status = csro_model_write(context, model, a->out);
  csro_model_destroy(&model);
  csro_recipe_destroy(&recipe);
  return status;
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN); /* the model counts, read or not what is printed */
  arguments a = {.seed = -1};
  if (!parse(argc, argv, &a))
    return EXIT_USAGE;
  csro_context context;
  csro_context_init(&context);
  if (a.threads > 0)
    context.threads = a.threads;
  if (run(&context, &a) != CSRO_OK) {
    fprintf(stderr, "csro_train: %s\n", context.message);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

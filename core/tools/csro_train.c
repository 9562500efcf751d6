/* Trains the ensemble that recognises ordered crystals and writes it as a model file. */
#include "csro/patterns.h"
#include "csro/train.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: csro_train --out MODEL.xml [--pole 002|111] [--seed N] [--epochs N] [--folds N]\n"
    "                  [--preprocessing minmax|full] [--threads N]\n";

typedef struct arguments {
  csro_train_options options;
  csro_preprocessing preprocessing;
  csro_pole pole;
  const char *out;
  int threads; /* 0: all */
} arguments;

static const char *pole_name(csro_pole pole) {
  return pole == CSRO_POLE_002 ? "002" : "111";
}

static const char *preprocessing_name(csro_preprocessing preprocessing) {
  return preprocessing == CSRO_PREPROCESS_FULL ? "full" : "minmax";
}

static bool parse_number(const char *text, long long lo, long long hi, long long *out) {
  char *end;
  errno = 0;
  *out = strtoll(text, &end, 10);
  return errno == 0 && end != text && *end == 0 && *out >= lo && *out <= hi;
}

/* Index of the text among two, or false. */
static bool parse_choice(const char *text, const char *first, const char *second, int *out) {
  *out = strcmp(text, second) == 0;
  return *out || strcmp(text, first) == 0;
}

static bool parse_value(const char *name, const char *value, arguments *a) {
  long long number;
  int choice;
  if (strcmp(name, "--out") == 0) {
    a->out = value;
    return *value != 0;
  }
  if (strcmp(name, "--pole") == 0) {
    if (!parse_choice(value, "002", "111", &choice))
      return false;
    a->pole = choice ? CSRO_POLE_111 : CSRO_POLE_002;
    return true;
  }
  if (strcmp(name, "--preprocessing") == 0) {
    if (!parse_choice(value, "minmax", "full", &choice))
      return false;
    a->preprocessing = choice ? CSRO_PREPROCESS_FULL : CSRO_PREPROCESS_MINMAX;
    return true;
  }
  if (strcmp(name, "--seed") == 0) {
    bool fits = parse_number(value, 0, INT64_MAX, &number);
    a->options.seed = (uint64_t)number;
    return fits;
  }
  struct {
    const char *name;
    int *value, largest;
  } numbers[] = {{"--epochs", &a->options.epochs, 100000},
                 {"--folds", &a->options.folds, 100},
                 {"--threads", &a->threads, 1024}};
  for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
    if (strcmp(name, numbers[k].name) == 0) {
      if (!parse_number(value, 1, numbers[k].largest, &number))
        return false;
      *numbers[k].value = (int)number;
      return true;
    }
  return false;
}

static bool parse(int argc, char **argv, arguments *a) {
  for (int k = 1; k < argc; k += 2) {
    if (k + 1 == argc || !parse_value(argv[k], argv[k + 1], a)) {
      fprintf(stderr, "csro_train: bad argument: %s %s\n%s", argv[k],
              k + 1 < argc ? argv[k + 1] : "", usage);
      return false;
    }
  }
  if (!a->out)
    fprintf(stderr, "csro_train: --out is missing\n%s", usage);
  return a->out != NULL;
}

/* The descriptive part of the model; classes and pairs point to storage of the caller. */
static void describe(const arguments *a, csro_model *model) {
  const char *file = strrchr(a->out, '/') ? strrchr(a->out, '/') + 1 : a->out;
  const csro_train_options *o = &a->options;
  const char *pole = pole_name(a->pole);
  snprintf(model->name, sizeof model->name, "CoCrNi <%s>", pole);
  strcpy(model->lattice, "fcc");
  strcpy(model->orientation, pole);
  model->lattice_constant = 0.36;
  model->threshold = 3.75;
  snprintf(model->provenance, sizeof model->provenance,
           "Trained on simulated z-SDMs: 3250 patterns of random fcc and 1950 of %s crystals, "
           "a = 0.36 nm, on the published grid of noise and detection efficiency (seed %llu). "
           "A tenth held out for the test, %d folds, %d epochs, batch %d, Adam %g; each training "
           "pattern once more, shifted by %d to %d bins; weights of the lowest validation loss. "
           "Command: csro_train --pole %s --seed %llu --epochs %d --folds %d --preprocessing %s "
           "--out %s",
           a->pole == CSRO_POLE_002 ? "L1_2" : "L1_1", (unsigned long long)o->seed, o->folds,
           o->epochs, o->batch, o->learning_rate, o->shift_lo, o->shift_hi, pole,
           (unsigned long long)o->seed, o->epochs, o->folds, preprocessing_name(a->preprocessing),
           file);
}

/* Members one by one and together on a bank that no fold has seen. */
static csro_status print_accuracy(csro_context *context, const arguments *a,
                                  const csro_model *model) {
  csro_patterns fresh;
  csro_status status =
      csro_patterns_published(context, a->pole, &model->bins, a->options.seed + 1, &fresh);
  for (int m = -1; m < model->member_count && status == CSRO_OK; m++) {
    csro_model part = *model;
    if (m >= 0) {
      part.members = model->members + m;
      part.member_count = 1;
    }
    double accuracy;
    status = csro_model_accuracy(context, &part, fresh.count, CSRO_U32, fresh.counts, fresh.label,
                                 &accuracy);
    if (status == CSRO_OK && m < 0)
      printf("ensemble: %.5f on the held-out tenth, %.5f on a new bank\n", model->test_accuracy,
             accuracy);
    else if (status == CSRO_OK)
      printf("member of fold %d: %.5f on the new bank\n", m + 1, accuracy);
  }
  csro_patterns_free(&fresh);
  return status;
}

/* The curves of the patterns, preprocessed; the caller frees them. */
static csro_status prepare(csro_context *context, const arguments *a, const csro_patterns *patterns,
                           float **curves) {
  *curves = csro_allocate(context, patterns->count, (size_t)patterns->bins * sizeof **curves);
  if (!*curves)
    return CSRO_ERROR_MEMORY;
  return csro_curves_preprocess(context, a->preprocessing, patterns->count, patterns->bins,
                                CSRO_U32, patterns->counts, *curves);
}

static csro_status run(csro_context *context, const arguments *a) {
  char classes[2][32] = {"FCC", "CSRO"}, pairs[1][32] = {"Co-Co"};
  csro_model model = {.class_count = 2,
                      .classes = classes,
                      .channel_count = 1,
                      .pairs = pairs,
                      .bins = csro_bins_published,
                      .preprocessing = a->preprocessing};
  describe(a, &model);
  csro_patterns patterns = {0};
  csro_network architecture = {0};
  float *curves = NULL;
  csro_status status =
      csro_patterns_published(context, a->pole, &model.bins, a->options.seed, &patterns);
  if (status == CSRO_OK)
    status = csro_network_published(context, model.bins.kept, 1, 2, &architecture);
  if (status == CSRO_OK)
    status = prepare(context, a, &patterns, &curves);
  const csro_examples examples = {.count = patterns.count,
                                  .positions = patterns.bins,
                                  .channels = 1,
                                  .classes = model.class_count,
                                  .inputs = curves,
                                  .label = patterns.label};
  if (status == CSRO_OK)
    status = csro_train(context, &examples, &architecture, &a->options, &model);
  if (status == CSRO_OK)
    status = print_accuracy(context, a, &model);
  if (status == CSRO_OK)
    status = csro_model_write(context, &model, a->out);
  for (int m = 0; m < model.member_count; m++)
    csro_network_free(&model.members[m]);
  free(model.members);
  csro_network_free(&architecture);
  csro_patterns_free(&patterns);
  free(curves);
  return status;
}

int main(int argc, char **argv) {
  arguments a = {.pole = CSRO_POLE_002};
  csro_train_defaults(&a.options);
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

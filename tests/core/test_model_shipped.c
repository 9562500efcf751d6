/* Every model that ships fits its recipe, names the command that made it, and recognises patterns
 * that it was not trained on as well as its file says. */
#include "csro/evaluation.h"

#include "recipes.h"

enum { FRESH = 800 };

static csro_context context;

static void check_description(const csro_model *model, const char *name) {
  csro_recipe *recipe = shipped_recipe(&context, name);
  csro_model *described;
  char command[100];
  CHECK_OK(&context, csro_recipe_model(&context, recipe, &described));
  CHECK(strcmp(model->name, described->name) == 0);
  CHECK(strcmp(model->lattice, described->lattice) == 0);
  CHECK(strcmp(model->orientation, described->orientation) == 0);
  CHECK(memcmp(&model->bins, &described->bins, sizeof model->bins) == 0);
  CHECK_EQ(model->preprocessing, recipe->preprocessing);
  CHECK_EQ(model->channel_count, recipe->channel_count);
  CHECK_EQ(model->class_count, recipe->class_count);
  CHECK_EQ(model->member_count, recipe->training.folds);
  snprintf(command, sizeof command, "Command: csro_train --recipe %s --seed 1 --out %s.xml", name,
           name);
  CHECK(strstr(model->provenance, command) != NULL);
  csro_model_destroy(&described);
  csro_recipe_destroy(&recipe);
}

static double accuracy_of(const csro_model *model, const csro_patterns *p) {
  int classes = model->class_count;
  float *inputs = malloc(sizeof *inputs * (size_t)(p->count * p->bins * p->channels));
  float *probability = malloc(sizeof *probability * (size_t)(p->count * classes));
  int64_t matrix[12], right = 0;
  CHECK_OK(&context, csro_patterns_inputs(&context, p, model->preprocessing, inputs));
  CHECK_OK(&context, csro_model_predict(&context, model, p->count, inputs, probability));
  CHECK_OK(&context, csro_confusion(&context, p->count, classes, p->label, probability, matrix));
  for (int c = 0; c < classes; c++)
    right += matrix[c * (classes + 1) + c];
  free(inputs);
  free(probability);
  return (double)right / (double)p->count;
}

/* Within four standard errors of so few patterns. */
static void check_accuracy(const csro_model *model, const char *name, double expected) {
  csro_recipe *recipe = shipped_recipe(&context, name);
  csro_patterns fresh;
  CHECK(model->test_accuracy >= expected);
  CHECK_OK(&context, csro_patterns_init(&context, recipe, 2024, FRESH, &fresh));
  CHECK_EQ(fresh.count, FRESH);
  CHECK(accuracy_of(model, &fresh) >= expected - 4 * sqrt(expected * (1 - expected) / FRESH));
  csro_patterns_release(&fresh);
  csro_recipe_destroy(&recipe);
}

/* Full order, as in the published banks; without an Al-Al pair no answer is right. */
static void check_full_order(const csro_model *model, const char *name) {
  csro_recipe *recipe = shipped_recipe(&context, name);
  for (int c = 0; c < recipe->class_count; c++)
    recipe->classes[c].values[CSRO_VALUE_ORDER] = (csro_value_set){1, 1, 1, 0};
  csro_patterns fresh;
  CHECK_OK(&context, csro_patterns_init(&context, recipe, 2024, 4 * FRESH, &fresh));
  CHECK(accuracy_of(model, &fresh) >= 0.99);
  csro_patterns_release(&fresh);
  csro_recipe_destroy(&recipe);
}

int main(void) {
  static const double expected[CSRO_MODELS_SHIPPED] = {0.999, 0.999, 0.985};
  csro_context_init(&context);
  for (int k = 0; k < CSRO_MODELS_SHIPPED; k++) {
    csro_model *model;
    CHECK_OK(&context, csro_model_shipped(&context, k, &model));
    check_description(model, csro_model_names[k]);
    check_accuracy(model, csro_model_names[k], expected[k]);
    check_full_order(model, csro_model_names[k]);
    csro_model_destroy(&model);
  }
  return check_end();
}

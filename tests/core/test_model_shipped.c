/* The model that ships recognises patterns that it was not trained on. */
#include "csro/train.h"

#include "recipes.h"

int main(void) {
  csro_context context;
  csro_context_init(&context);
  csro_model *model;
  double accuracy;
  CHECK_OK(&context, csro_model_read(&context, CSRO_MODEL_DIR "/cocrni-002.xml", &model));
  CHECK_EQ(model->member_count, 5);
  CHECK_EQ(model->bins.kept, 93);
  CHECK(strcmp(model->orientation, "002") == 0);
  CHECK(strstr(model->provenance, "csro_train --recipe cocrni-002") != NULL);
  CHECK(model->test_accuracy >= 0.999);
  csro_patterns patterns = shipped_patterns(&context, "cocrni-002", 2024);
  CHECK_OK(&context, csro_model_accuracy(&context, model, patterns.count, CSRO_U32, patterns.counts,
                                         patterns.label, &accuracy));
  CHECK(accuracy >= 0.999);
  csro_patterns_free(&patterns);
  csro_model_free(&model);
  return check_end();
}

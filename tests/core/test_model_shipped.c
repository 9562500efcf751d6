/* The model that ships recognises patterns that it was not trained on. */
#include "csro/patterns.h"
#include "csro/train.h"

#include "check.h"

int main(void) {
  csro_context context;
  csro_context_init(&context);
  csro_model *model;
  csro_patterns patterns;
  double accuracy;
  CHECK_OK(&context, csro_model_read(&context, CSRO_MODEL_DIR "/cocrni-002.xml", &model));
  CHECK_EQ(model->member_count, 5);
  CHECK_EQ(model->bins.kept, 93);
  CHECK(strcmp(model->orientation, "002") == 0);
  CHECK(strstr(model->provenance, "csro_train --pole 002") != NULL);
  CHECK(model->test_accuracy >= 0.999);
  CHECK_OK(&context,
           csro_patterns_published(&context, CSRO_POLE_002, &model->bins, 2024, &patterns));
  CHECK_OK(&context, csro_model_accuracy(&context, model, patterns.count, CSRO_U32, patterns.counts,
                                         patterns.label, &accuracy));
  CHECK(accuracy >= 0.999);
  csro_patterns_free(&patterns);
  csro_model_free(&model);
  return check_end();
}

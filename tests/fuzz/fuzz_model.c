#include "csro/model.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  csro_context context = fuzz_context();
  csro_model *model;
  csro_status status = csro_model_parse(&context, "input", data, size, &model);
  fuzz_check_status(&context, status);
  FUZZ_CHECK((status == CSRO_OK) == (model != NULL));
  if (model)
    FUZZ_CHECK(model->member_count > 0 && model->class_count > 1 && model->channel_count > 0);
  csro_model_destroy(&model);
  return 0;
}

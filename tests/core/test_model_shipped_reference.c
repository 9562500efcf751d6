/* The model that ships on the published patterns. */
#include "csro/train.h"

#include "check.h"
#include "npy.h"

static double right_answers(csro_context *context, const csro_model *model, const char *path,
                            uint8_t class, int64_t *total) {
  npy counts = npy_read(path);
  int64_t n = counts.shape[0];
  uint8_t *label = malloc((size_t)n);
  memset(label, class, (size_t)n);
  double accuracy;
  CHECK_EQ(counts.shape[1], model->bins.kept);
  float *inputs = malloc((size_t)(n * model->bins.kept) * sizeof *inputs);
  CHECK_OK(context, csro_curves_preprocess(context, model->preprocessing, n, model->bins.kept,
                                           CSRO_U16, counts.data, inputs));
  CHECK_OK(context, csro_model_accuracy(context, model, n, inputs, label, &accuracy));
  free(inputs);
  free(counts.data);
  free(label);
  *total += n;
  return accuracy * (double)n;
}

int main(void) {
  const char *random = check_reference("bank/FCC_CoCo.npy");
  const char *ordered = check_reference("bank/L12_CoCo_released.npy");
  csro_context context;
  csro_context_init(&context);
  csro_model *model;
  CHECK_OK(&context, csro_model_read(&context, CSRO_MODEL_DIR "/cocrni-002.xml", &model));
  int64_t total = 0;
  double right = right_answers(&context, model, random, 0, &total);
  right += right_answers(&context, model, ordered, 1, &total);
  CHECK_EQ(total, 5200);
  CHECK(right / (double)total >= 0.999);
  csro_model_destroy(&model);
  return check_end();
}

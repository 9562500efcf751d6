/* The released networks, imported from Keras by tests/core/test_import_keras.py, against the
 * outputs of the framework they were trained with; then counts to probabilities of a specimen. */
#include "check.h"
#include "csro/classify.h"
#include "npy.h"

enum { BINS = 93, MEMBERS = 5 };

static csro_model *read_imported(csro_context *context) {
  csro_model *model;
  CHECK_OK(context, csro_model_read(context, CSRO_IMPORTED_MODEL, &model));
  CHECK_EQ(model->member_count, MEMBERS);
  CHECK_EQ(model->class_count, 2);
  CHECK_EQ(model->bins.kept, BINS);
  return model;
}

static void test_members(csro_context *context, const csro_model *model, const npy *x,
                         const npy *p) {
  int64_t n = x->shape[0];
  CHECK_EQ(p->count, n * MEMBERS * 2);
  float *in = malloc((size_t)x->count * sizeof *in), *out = malloc((size_t)n * 2 * sizeof *out);
  for (int64_t i = 0; i < x->count; i++)
    in[i] = (float)((const double *)x->data)[i];
  for (int m = 0; m < MEMBERS; m++) {
    CHECK_OK(context, csro_network_apply(context, &model->members[m], n, in, out));
    for (int64_t i = 0; i < n; i++)
      for (int k = 0; k < 2; k++)
        CHECK_NEAR(out[i * 2 + k], ((const float *)p->data)[(i * MEMBERS + m) * 2 + k], 1e-5);
  }
  free(in);
  free(out);
}

/* Preprocessing amplifies rounding for a few curves in a thousand, so not every voxel agrees. */
static void test_specimen(csro_context *context, const csro_model *model) {
  npy counts = npy_read(check_reference("small/zsdm_Ni.npy"));
  npy members = npy_read(check_reference("small/probability_5_members_Ni.npy"));
  CHECK(strcmp(counts.type, "<u2") == 0 && strcmp(members.type, "<f8") == 0);
  int64_t n = counts.shape[0], undefined = 0, far = 0;
  double *mean = malloc((size_t)n * sizeof *mean), *deviation = malloc((size_t)n * sizeof *mean);
  float *found = malloc((size_t)n * MEMBERS * 2 * sizeof *found);
  const csro_count_type type = CSRO_U16;
  const void *channel = counts.data;
  CHECK_OK(context, csro_classify(context, model, CSRO_PREPROCESS_FULL, 0, n, &type, &channel,
                                  &mean, &deviation, found, NULL));
  for (int64_t v = 0; v < n; v++) {
    double sum = 0, difference = 0;
    for (int m = 0; m < MEMBERS; m++) {
      double expected = ((const double *)members.data)[v * MEMBERS + m];
      sum += expected;
      difference = fmax(difference, fabs(expected - (double)found[(v * MEMBERS + m) * 2 + 1]));
    }
    undefined += isnan(sum);
    bool same =
        isnan(sum) ? isnan(mean[v]) : difference <= 1e-5 && fabs(mean[v] - sum / MEMBERS) <= 1e-5;
    far += !same;
  }
  CHECK_EQ(n, 8303);
  CHECK(undefined < n / 2);
  CHECK(far <= n / 500);
  free(mean);
  free(deviation);
  free(found);
  free(counts.data);
  free(members.data);
}

int main(void) {
  const char *x_path = check_reference("cnn/x.npy");
  const char *p_path = check_reference("cnn/p5_f32.npy");
  csro_context context;
  csro_context_init(&context);
  csro_model *model = read_imported(&context);
  npy x = npy_read(x_path), p = npy_read(p_path);
  test_members(&context, model, &x, &p);
  test_specimen(&context, model);
  free(x.data);
  free(p.data);
  csro_model_destroy(&model);
  return check_end();
}

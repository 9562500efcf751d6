/* Classification straight from the ions gives the bits of curves first, networks then, and the sum
 * of the curves is that of the stored ones. */
#include "csro/classify.h"

#include "check.h"
#include "random_points.h"

enum { IONS = 30000, MOST = 2 }; /* channels or ordered classes of a shipped model */

typedef struct cloud {
  float xyz[3 * IONS];
  uint16_t label[IONS];
} cloud;

/* 7 x 6 x 11 nm, half of it empty so that some voxels are undefined. */
static cloud *make_cloud(void) {
  cloud *c = malloc(sizeof *c);
  uint64_t state = 3;
  for (int i = 0; i < IONS; i++) {
    c->xyz[3 * i] = (float)cloud_between(&state, 0, i % 50 ? 5 : 7);
    c->xyz[3 * i + 1] = (float)cloud_between(&state, 0, i % 30 ? 4 : 6);
    c->xyz[3 * i + 2] = (float)cloud_between(&state, 0, 11);
    c->label[i] = (uint16_t)(4 * cloud_uniform(&state));
  }
  return c;
}

typedef struct result {
  double *mean[MOST], *deviation[MOST];
} result;

static result make_result(int64_t n) {
  result r;
  for (int k = 0; k < MOST; k++) {
    r.mean[k] = malloc((size_t)n * sizeof(double));
    r.deviation[k] = malloc((size_t)n * sizeof(double));
  }
  return r;
}

static void free_result(result *r) {
  for (int k = 0; k < MOST; k++) {
    free(r->mean[k]);
    free(r->deviation[k]);
  }
}

static void in_two_steps(csro_context *context, const csro_model *model,
                         csro_preprocessing preprocessing, const csro_ion_curves *ions, result *r) {
  int64_t n = csro_block_size(ions->block);
  const int kept = model->bins.kept;
  csro_count_type types[MOST];
  void *counts[MOST];
  int64_t sum[CSRO_CURVE_MAX_BINS];
  for (int c = 0; c < model->channel_count; c++) {
    uint16_t a = ions->pairs[c][0], b = ions->pairs[c][1];
    types[c] = ions->partners == CSRO_PARTNERS_IN_DATA ? CSRO_U32 : CSRO_U16;
    counts[c] = malloc((size_t)(n * kept) * types[c]);
    CHECK_OK(context, csro_zsdm_voxels(context, ions->grid, ions->block, ions->points, ions->label,
                                       a, b, &model->bins, ions->partners, types[c], counts[c]));
    CHECK_OK(context, csro_zsdm_sum(context, ions->grid, ions->block, ions->points, ions->label, a,
                                    b, &model->bins, ions->partners, sum));
    for (int64_t v = 0; v < n; v++)
      for (int k = 0; k < kept; k++)
        sum[k] -= csro_count_at(types[c], counts[c], v * kept + k);
    for (int k = 0; k < kept; k++)
      CHECK_EQ(sum[k], 0);
  }
  CHECK_OK(context, csro_classify(context, model, preprocessing, 20, n, types,
                                  (const void *const *)counts, r->mean, r->deviation, NULL, NULL));
  for (int c = 0; c < model->channel_count; c++)
    free(counts[c]);
}

static void test_model(csro_context *context, const csro_model *model,
                       csro_preprocessing preprocessing, const csro_ion_curves *ions) {
  int64_t n = csro_block_size(ions->block), undefined = 0;
  result expected = make_result(n), found = make_result(n);
  in_two_steps(context, model, preprocessing, ions, &expected);
  for (int64_t v = 0; v < n; v++)
    undefined += isnan(expected.mean[0][v]);
  CHECK(undefined > 0 && undefined < n);
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    CHECK_OK(context, csro_classify_ions(context, model, preprocessing, 20, ions, found.mean,
                                         found.deviation, NULL));
    for (int k = 0; k < model->class_count - 1; k++) {
      size_t bytes = (size_t)n * sizeof(double);
      CHECK(memcmp(found.mean[k], expected.mean[k], bytes) == 0);
      CHECK(memcmp(found.deviation[k], expected.deviation[k], bytes) == 0);
    }
  }
  free_result(&expected);
  free_result(&found);
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction >= 0;
}

static void test_ends(csro_context *context, const csro_model *model, csro_ion_curves ions) {
  int64_t n = csro_block_size(ions.block);
  result r = make_result(n);
  context->progress = cancel;
  CHECK_FAILS(
      context,
      csro_classify_ions(context, model, CSRO_PREPROCESS_FULL, 0, &ions, r.mean, NULL, NULL),
      CSRO_CANCELLED, "cancelled");
  context->progress = NULL;
  const csro_block none = {{2, 2, 2}, {5, 2, 5}};
  ions.block = &none;
  CHECK_OK(context,
           csro_classify_ions(context, model, CSRO_PREPROCESS_FULL, 0, &ions, r.mean, NULL, NULL));
  int64_t sum[CSRO_CURVE_MAX_BINS] = {1};
  CHECK_OK(context, csro_zsdm_sum(context, ions.grid, &none, ions.points, ions.label, 1, 1,
                                  &model->bins, ions.partners, sum));
  CHECK_EQ(sum[0], 0);
  free_result(&r);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  cloud *c = make_cloud();
  const csro_points points = {c->xyz, false, IONS};
  csro_grid grid;
  CHECK_OK(&context,
           csro_grid_init(&context, (double[6]){0, 7, 0, 6, 0, 11}, 1.0, 0.5, 0.75, &grid));
  const csro_block whole = csro_block_whole(grid.n), part = {{1, 2, 3}, {12, 9, 17}};
  const uint16_t pairs[][2] = {{1, 1}, {2, 3}};
  for (int m = 0; m < CSRO_MODELS_SHIPPED; m++) {
    csro_model *model;
    CHECK_OK(&context, csro_model_shipped(&context, m, &model));
    csro_ion_curves ions = {&grid, &part, &points, c->label, pairs, CSRO_PARTNERS_IN_DATA};
    test_model(&context, model, CSRO_PREPROCESS_FULL, &ions);
    ions.block = &whole;
    ions.partners = CSRO_PARTNERS_IN_VOXEL;
    test_model(&context, model, model->preprocessing, &ions);
    if (m == 0)
      test_ends(&context, model, ions);
    csro_model_destroy(&model);
  }
  free(c);
  return check_end();
}

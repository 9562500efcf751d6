/* The whole published analysis of the small specimen in reference mode, from its ions to domains,
 * with the imported networks. Every step takes the output of our own step before. */
#include "csro/classify.h"
#include "csro/domains.h"
#include "csro/score.h"
#include "npy.h"
#include "pos_points.h"

typedef struct analysis {
  csro_grid grid;
  csro_block all;
  int64_t voxels, pixels, extracted, domains, noise;
  uint16_t *counts;
  double *probability;
  int64_t *ids;
} analysis;

static analysis analyse(csro_context *context, const csro_model *model, const char *ions) {
  analysis out = {0};
  pos_points data =
      pos_points_read(context, check_reference(ions), check_reference("small/specimen.rrng"));
  CHECK_OK(context,
           csro_grid_init(context, (double[6]){-5, 5, -5, 5, -12, 0}, 1.0, 0.5, 0.75, &out.grid));
  out.all = csro_block_whole(out.grid.n);
  out.voxels = csro_block_size(&out.all);
  uint16_t ni = (uint16_t)(1 + csro_ranges_element(data.ranges, "Ni"));
  out.counts = malloc((size_t)(out.voxels * model->bins.kept) * sizeof *out.counts);
  CHECK_OK(context, csro_zsdm_voxels(context, &out.grid, &out.all, &data.points, data.label, ni, ni,
                                     &model->bins, CSRO_PARTNERS_IN_VOXEL, CSRO_U16, out.counts));

  out.probability = malloc((size_t)out.voxels * sizeof *out.probability);
  csro_count_type type = CSRO_U16;
  const void *channel = out.counts;
  CHECK_OK(context, csro_classify(context, model, CSRO_PREPROCESS_PUBLISHED, 0, out.voxels, &type,
                                  &channel, &out.probability, NULL, NULL, NULL));

  int64_t pixels = out.grid.pixels[0] * out.grid.pixels[1] * out.grid.pixels[2];
  double *score = malloc((size_t)pixels * sizeof *score);
  uint8_t *selected = malloc((size_t)pixels), *keep = malloc((size_t)data.points.count);
  const csro_block whole = csro_block_whole(out.grid.pixels);
  CHECK_OK(context, csro_scores(context, &out.grid, &out.all, out.probability, &whole,
                                CSRO_SCORE_SUM, score));
  for (int64_t p = 0; p < pixels; p++)
    out.pixels += selected[p] = score[p] > 3.75;
  CHECK_OK(context, csro_extract(context, &out.grid, &whole, selected, CSRO_EXTRACT_BALL,
                                 &data.points, keep));

  out.ids = malloc((size_t)data.points.count * sizeof *out.ids);
  float *xyz = malloc((size_t)data.points.count * 3 * sizeof *xyz);
  for (int64_t i = 0; i < data.points.count; i++)
    if (keep[i]) {
      memcpy(xyz + 3 * out.extracted, (float *)data.ions.xyz + 3 * i, 3 * sizeof *xyz);
      out.ids[out.extracted++] = i;
    }
  csro_points points = {xyz, false, out.extracted};
  int64_t *domain = malloc((size_t)(out.extracted + 1) * sizeof *domain);
  CHECK_OK(context, csro_dbscan(context, &points, 0.4, 3, domain, &out.domains));
  for (int64_t i = 0; i < out.extracted; i++)
    out.noise += domain[i] < 0;
  free(domain), free(xyz), free(keep), free(selected), free(score);
  pos_points_free(&data);
  return out;
}

static void free_analysis(analysis *a) {
  free(a->counts), free(a->probability), free(a->ids);
}

/* Probabilities agree, for the curves do (test_curve_reference). */
static void check_probabilities(const analysis *found) {
  npy expected = npy_read(check_reference("small/probability_Ni.npy"));
  int64_t different = 0, defined = 0;
  for (int64_t v = 0; v < found->voxels; v++) {
    double e = ((double *)expected.data)[2 * v + 1], f = found->probability[v];
    defined += !isnan(f);
    different += isnan(e) ? !isnan(f) : !(fabs(e - f) <= 1e-5);
  }
  CHECK_EQ(different, 0);
  CHECK_EQ(defined, 8303 - 130);
  free(expected.data);
}

static int compare_ids(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void check_ions(const analysis *found) {
  npy expected = npy_read(check_reference("small/extracted_ion_ids_Ni.npy"));
  int64_t *ids = malloc((size_t)expected.count * sizeof *ids), different = 0;
  for (int64_t i = 0; i < expected.count; i++)
    ids[i] =
        expected.type[2] == '4' ? ((int32_t *)expected.data)[i] : ((int64_t *)expected.data)[i];
  qsort(ids, (size_t)expected.count, sizeof *ids, compare_ids);
  CHECK_EQ(found->extracted, expected.count);
  for (int64_t i = 0; i < found->extracted && i < expected.count; i++)
    different += found->ids[i] != ids[i];
  CHECK_EQ(different, 0);
  free(ids);
  free(expected.data);
}

int main(void) {
  check_reference("cnn/model_0.h5");
  csro_context context;
  csro_context_init(&context);
  csro_model *model;
  CHECK_OK(&context, csro_model_read(&context, CSRO_IMPORTED_MODEL, &model));
  analysis data = analyse(&context, model, "small/data.pos");
  check_probabilities(&data);
  CHECK_EQ(data.pixels, 54);
  check_ions(&data);
  CHECK_EQ(data.domains, 13);
  CHECK_EQ(data.noise, 5);
  analysis copy = analyse(&context, model, "small/random.pos");
  CHECK_EQ(copy.pixels, 0);
  CHECK_EQ(copy.extracted, 0);
  CHECK_EQ(copy.domains, 0);
  free_analysis(&data);
  free_analysis(&copy);
  csro_model_destroy(&model);
  return check_end();
}

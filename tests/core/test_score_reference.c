/* Scores and extracted ions of the synthetic reference specimen. */
#include "check.h"
#include "csro/score.h"
#include "npy.h"
#include "pos.h"

int main(void) {
  csro_context context;
  csro_context_init(&context);
  npy probability = npy_read(check_reference("small/probability_Ni.npy")); /* FCC, CSRO */
  npy expected = npy_read(check_reference("small/pixel_scores_Ni.npy"));
  npy ids = npy_read(check_reference("small/extracted_ion_ids_Ni.npy"));
  int64_t n, extracted = 0;
  float *xyz = pos_read(check_reference("small/data.pos"), &n);
  const double box[6] = {-5, 5, -5, 5, -12, 0};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 1, 0.5, 0.75, &grid));
  int64_t voxels = grid.n[0] * grid.n[1] * grid.n[2];
  int64_t pixels = grid.pixels[0] * grid.pixels[1] * grid.pixels[2];
  CHECK_EQ(voxels, probability.shape[0]);
  CHECK_EQ(pixels, expected.count);
  double *p = malloc((size_t)voxels * sizeof *p), *score = malloc((size_t)pixels * sizeof *score);
  uint8_t *selected = malloc((size_t)pixels), *keep = malloc((size_t)n);
  for (int64_t v = 0; v < voxels; v++)
    p[v] = ((double *)probability.data)[2 * v + 1];
  const csro_block all_voxels = csro_block_whole(grid.n), all = csro_block_whole(grid.pixels);
  CHECK_OK(&context, csro_scores(&context, &grid, &all_voxels, p, &all, CSRO_SCORE_SUM, score));
  for (int64_t v = 0; v < pixels; v++) {
    double wanted = ((double *)expected.data)[v];
    if (isnan(wanted))
      CHECK(isnan(score[v]));
    else
      CHECK_NEAR(score[v], wanted, 1e-12);
    selected[v] = score[v] > 3.75;
  }
  CHECK_OK(&context, csro_extract(&context, &grid, &all, selected, CSRO_EXTRACT_BALL,
                                  &(csro_points){xyz, false, n}, keep));
  for (int64_t i = 0; i < n; i++)
    extracted += keep[i];
  CHECK_EQ(extracted, 351);
  CHECK_EQ(ids.count, 351);
  for (int64_t i = 0; i < ids.count; i++)
    CHECK(keep[((int32_t *)ids.data)[i]]);
  free(probability.data);
  free(expected.data);
  free(ids.data);
  free(xyz);
  free(p);
  free(score);
  free(selected);
  free(keep);
  return check_end();
}

/* z-SDM counts of the small specimen (exact), and the {110} planes of a real tungsten specimen. */
#include "csro/zsdm.h"
#include "npy.h"
#include "pos_points.h"

static void check_small(csro_context *context) {
  pos_points data = pos_points_read(context, check_reference("small/data.pos"),
                                    check_reference("small/specimen.rrng"));
  npy centres = npy_read(check_reference("small/voxel_centres.npy"));
  npy expected = npy_read(check_reference("small/zsdm_Ni.npy"));
  csro_grid grid;
  CHECK_OK(context,
           csro_grid_init(context, (double[6]){-5, 5, -5, 5, -12, 0}, 1.0, 0.5, 0.75, &grid));
  const csro_block all = csro_block_whole(grid.n);
  CHECK_EQ(csro_block_size(&all), centres.shape[0]);
  uint16_t ni = (uint16_t)(1 + csro_ranges_element(data.ranges, "Ni"));
  uint16_t *counts = malloc((size_t)expected.count * sizeof *counts);
  CHECK_OK(context,
           csro_zsdm_voxels(context, &grid, &all, &data.points, data.label, ni, ni,
                            &csro_bins_published, CSRO_PARTNERS_IN_VOXEL, CSRO_U16, counts));
  int64_t different = 0, sum = 0;
  for (int64_t i = 0; i < expected.count; i++) {
    int64_t value = expected.type[2] == '2'   ? ((uint16_t *)expected.data)[i]
                    : expected.type[2] == '4' ? ((int32_t *)expected.data)[i]
                                              : ((int64_t *)expected.data)[i];
    different += counts[i] != value;
    sum += counts[i];
  }
  CHECK_EQ(different, 0);
  CHECK_EQ(sum, 4159507);
  free(counts);
  free(centres.data);
  free(expected.data);
  pos_points_free(&data);
}

static void check_tungsten(csro_context *context) {
  pos_points data = pos_points_read(context, check_reference("tungsten/W_TAP_110cal.pos"),
                                    check_reference("tungsten/W.rrng"));
  float *pole = malloc((size_t)data.ions.count * 3 * sizeof *pole);
  csro_points points = {pole, false, 0};
  for (int64_t i = 0; i < data.ions.count; i++) {
    double r[3];
    csro_points_get(&data.points, i, r);
    if (data.label[i] != 1 || (r[0] - 0.5) * (r[0] - 0.5) + (r[1] + 0.5) * (r[1] + 0.5) > 1)
      continue;
    memcpy(pole + 3 * points.count++, (float *)data.ions.xyz + 3 * i, 3 * sizeof *pole);
  }
  CHECK_EQ(points.count, 297);

  csro_bins bins;
  int64_t counts[200];
  CHECK_OK(context, csro_bins_init(context, 1.5, 200, 1.0, &bins));
  CHECK_OK(context, csro_zsdm_region(context, &points, points.count, NULL, 0, 0, &bins, counts));
  const double planes[4] = {0.2241, 0.4477, 0.6710, 0.8952};
  for (int p = 0; p < 4; p++) {
    double weight = 0, moment = 0, valley = 0;
    for (int b = 0; b < bins.kept; b++) {
      double z = csro_bins_center(&bins, b);
      if (fabs(z - planes[p]) < 0.08)
        weight += (double)counts[b], moment += z * (double)counts[b];
      if (fabs(z - (planes[p] - 0.1119)) < 0.02)
        valley += (double)counts[b];
    }
    CHECK_NEAR(moment / weight, planes[p], 0.004);
    CHECK(valley < 0.01 * weight);
  }
  free(pole);
  pos_points_free(&data);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  check_small(&context);
  check_tungsten(&context);
  return check_end();
}

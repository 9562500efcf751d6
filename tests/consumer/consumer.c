/* Two cubes of ions on a lattice of 0.25 nm: voxels, a z-SDM and domains by the installed core. */
#include <csro/domains.h>
#include <csro/version.h>
#include <csro/zsdm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EDGE = 12, IONS = 2 * EDGE * EDGE * EDGE };

static void lattice(float (*xyz)[3]) {
  for (int i = 0; i < IONS; i++) {
    const int cell = i % (IONS / 2), cube = i / (IONS / 2);
    xyz[i][0] = (float)(cell % EDGE) * 0.25f + (float)cube * 6;
    xyz[i][1] = (float)(cell / EDGE % EDGE) * 0.25f;
    xyz[i][2] = (float)(cell / EDGE / EDGE) * 0.25f;
  }
}

static int failed(const csro_context *context, const char *step) {
  fprintf(stderr, "%s: %s\n", step, context->message);
  return EXIT_FAILURE;
}

int main(void) {
  static float xyz[IONS][3];
  static uint16_t label[IONS];
  static int64_t domain[IONS];
  lattice(xyz);
  for (int i = 0; i < IONS; i++)
    label[i] = 1;
  const csro_points points = {xyz, false, IONS};
  csro_context context;
  csro_context_init(&context);

  double bounds[6], box[6];
  csro_grid grid;
  if (csro_points_bounds(&context, &points, bounds) != CSRO_OK)
    return failed(&context, "bounds");
  csro_box_snap(bounds, 0.5, box);
  if (csro_grid_init(&context, box, 1, 0.5, 0.5, &grid) != CSRO_OK)
    return failed(&context, "grid");
  const csro_block all = csro_block_whole(grid.n);
  const int64_t voxels = csro_block_size(&all);
  const uint16_t wanted = 1;
  int32_t *counts = (int32_t *)malloc((size_t)voxels * sizeof *counts);
  if (!counts ||
      csro_voxel_counts(&context, &grid, &all, &points, label, 1, &wanted, counts) != CSRO_OK)
    return failed(&context, "voxels");
  long ions = 0;
  for (int64_t i = 0; i < voxels; i++)
    ions += counts[i];
  free(counts);

  int64_t curve[200], pairs = 0, domains = 0;
  csro_bins bins;
  if (csro_bins_init(&context, 1.5, 200, 1.5, &bins) != CSRO_OK ||
      csro_zsdm_region(&context, &points, IONS, label, 1, 1, &bins, curve) != CSRO_OK)
    return failed(&context, "z-SDM");
  for (int i = 0; i < bins.kept; i++)
    pairs += curve[i];

  if (csro_dbscan(&context, &points, 0.3, 4, domain, &domains) != CSRO_OK)
    return failed(&context, "domains");
  if (csro_dbscan(&context, &points, -1, 4, domain, &(int64_t){0}) != CSRO_ERROR_ARGUMENT ||
      context.message[0] == '\0')
    return failed(&context, "an argument that must be refused");
  printf("%s: %ld ions in %ld voxels, %ld pairs, %ld domains\n", csro_version(), ions, (long)voxels,
         (long)pairs, (long)domains);
  return strcmp(csro_version(), CSRO_VERSION) == 0 && domains == 2 && ions > 0 && pairs > 0
             ? EXIT_SUCCESS
             : EXIT_FAILURE;
}

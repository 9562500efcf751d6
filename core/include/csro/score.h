/* Overlap scores of pixels and the extraction of ordered ions (paper, "Overlap and extraction"). */
#ifndef CSRO_SCORE_H
#define CSRO_SCORE_H

#include "csro/voxels.h"

typedef enum csro_score_rule {
  CSRO_SCORE_MEAN, /* 8 x mean over the voxels that exist: no suppression at the faces of the box,
                      and the published threshold holds for every stride; the default */
  CSRO_SCORE_SUM   /* the published sum over the voxels that exist */
} csro_score_rule;

/* Scores of the pixel layers pixel_slab from the probabilities of the voxel layers voxel_slab,
 * which must hold every existing voxel layer that covers them (pixel layer k needs voxel layers k -
 * ratio + 1 .. k). An undefined (NaN) voxel makes its pixels NaN. Terms are added x fastest, then
 * y, then z. score[layer][y][x]. */
csro_status csro_scores(csro_context *context, const csro_grid *grid, csro_slab voxel_slab,
                        const double *probability, csro_slab pixel_slab, csro_score_rule rule,
                        double *score);

typedef enum csro_extraction {
  CSRO_EXTRACT_PIXEL, /* ions inside a selected pixel, half open: each pixel owns its ions; default
                       */
  CSRO_EXTRACT_BALL   /* published: |r - pixel centre| <= stride / 2 * 1.414 */
} csro_extraction;

/* keep[i] = 1 when ion i lies in a selected pixel. selected: one byte per pixel of the whole pixel
 * grid (pixels[0] * pixels[1] * pixels[2]), non-zero where score > threshold. */
csro_status csro_extract(csro_context *context, const csro_grid *grid, const uint8_t *selected,
                         csro_extraction rule, const csro_points *points, uint8_t *keep);

#endif

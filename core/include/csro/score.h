/* Overlap scores of pixels and the extraction of ordered ions (paper, "Overlap and extraction"). */
#ifndef CSRO_SCORE_H
#define CSRO_SCORE_H

#include "csro/voxels.h"

CSRO_API_BEGIN

/* How the probabilities of the voxels over a pixel make its score. */
typedef enum csro_score_rule {
  CSRO_SCORE_MEAN, /* 8 x mean over the voxels that exist: no suppression at the faces of the box,
                      and the published threshold holds for every stride; the default */
  CSRO_SCORE_SUM   /* the published sum over the voxels that exist */
} csro_score_rule;

/* The voxels that cover a block of pixels: pixel k is covered by the voxels k - ratio + 1 .. k that
 * exist. */
csro_block csro_score_voxels(const csro_grid *grid, const csro_block *pixels);

/* Scores of a block of pixels from the probabilities of a block of voxels, which must hold all that
 * cover the pixels. An undefined (NaN) voxel makes its pixels NaN. Terms are added x fastest, then
 * y, then z. CSRO_ERROR_ARGUMENT: pixels outside the grid, voxels missing. */
csro_status csro_scores(csro_context *context, const csro_grid *grid, const csro_block *voxels,
                        const double *probability, const csro_block *pixels, csro_score_rule rule,
                        double *score);

/* How many of the scores are above the threshold; NaN is not. */
int64_t csro_scores_above(int64_t n, const double *score, double threshold);

/* Which ions belong to a pixel. */
typedef enum csro_extraction {
  CSRO_EXTRACT_PIXEL, /* ions inside a selected pixel, half open: each pixel owns its ions; default
                       */
  CSRO_EXTRACT_BALL   /* published: |r - pixel centre| <= stride / 2 * 1.414 */
} csro_extraction;

/* keep[i] = 1 when ion i lies in a selected pixel of the block. selected: one byte per pixel of the
 * block, non-zero where score > threshold. Ions kept by one of several blocks are those kept by all
 * their pixels together. */
csro_status csro_extract(csro_context *context, const csro_grid *grid, const csro_block *pixels,
                         const uint8_t *selected, csro_extraction rule, const csro_points *points,
                         uint8_t *keep);

/* value[i] = score of the pixel of the block that ion i lies in, NaN for an ion in none of them. */
void csro_pixel_scores(const csro_grid *grid, const csro_block *pixels, const double *score,
                       const csro_points *points, double *value);

CSRO_API_END

#endif

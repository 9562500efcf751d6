/* The lattice planes across z, as the ions show them: where they lie (tilted, curved, drifting
 * slowly through a reconstruction) and how sharp they are. Lengths in nm. */
#ifndef CSRO_PLANES_H
#define CSRO_PLANES_H

#include "csro/pole.h"

CSRO_API_BEGIN

/* Every ion has a height: planes are where it is a whole number, and k = grad height is their wave
 * vector. Heights and wave vectors are kept at the centres of cubic blocks; between them heights
 * are interpolated by both (sum of w (height + k (r - centre) / 2) with linear weights w, which is
 * exact for planes that bend like a parabola). Heights are followed from block to block, so that
 * neighbouring blocks agree which planes are the even ones; not across a boundary of grains. */
typedef struct csro_planes {
  double spacing;   /* of the planes, perpendicular to them; mean of the blocks */
  double bounds[6]; /* of the ions */
  double origin[3], size;
  int64_t n[3];
  const csro_pole_map *map; /* is owned by the caller */
  double (*wave)[3];        /* [n[2]][n[1]][n[0]], 1/nm */
  int32_t *grain;           /* of each block: the orientation of the map, 0 the largest */
  double (*other_wave)[3];  /* of another grain that is near, while it is not known which one the
                               block belongs to */
  int32_t *other_grain;     /* -1 where there is none */
  double *height;           /* of each block's centre */
  double *variance; /* of each block, nm^2: of the ions around about their planes; NULL until
                       measured */
  int labels;       /* species 0 .. labels, 0 being unranged */
  double *shift;    /* [labels + 1] of a species from the planes of all, in spacings */
  double *extra;    /* [labels + 1] variance about its planes beyond that of all ions, nm^2 */
  double coherence; /* mean of cos(2 pi height) of the ions about their planes, 0 .. 1 */
  double sigma_z;   /* spread of ions about their planes that gives this coherence */
} csro_planes;

/* Fits the planes to the ions with label > 0. map: where they lie roughly, of the same ions
 * (csro_pole_find); it must outlive the planes. NULL: they are `spacing` apart and across z, give
 * or take a slow drift. Else `spacing` is not used. The block size is the smallest (from 3 nm,
 * doubled as needed) at which the planes stand out in most blocks. Errors: CSRO_ERROR_ARGUMENT for
 * a spacing that is not positive; CSRO_ERROR_DATA when there are no ions or no planes are seen at
 * any block size (fewer than one chance in 10^5 that ions without planes look like this). */
csro_status csro_planes_fit(csro_context *context, const csro_points *points, const uint16_t *label,
                            double spacing, const csro_pole_map *map, csro_planes *planes);

/* The same where the ions are spread over processes: each adds up its own ions, the sums of all are
 * added (whole numbers, so in any order), and each goes on with those:
 *   csro_planes_begin (with the bounds of all ions)
 *   csro_planes_sum, sums of all, again while csro_planes_coarsen makes the blocks larger
 *   csro_planes_end (csro_planes is released on error)
 *   csro_planes_sum_blur, sums of all, csro_planes_set_blur. */
csro_status csro_planes_begin(csro_context *context, const double bounds[6], double spacing,
                              const csro_pole_map *map, csro_planes *planes);
static inline int64_t csro_planes_blocks(const csro_planes *planes) {
  return planes->n[0] * planes->n[1] * planes->n[2];
}
/* How many sums: of each block with its wave vector, then of each with that of the other grain. */
static inline int64_t csro_planes_sums(const csro_planes *planes) {
  return 2 * csro_planes_blocks(planes);
}
/* sums[csro_planes_sums]: of the cosines and sines of 2 pi k (r - centre) in units of 2^-30, and
 * the ions. */
void csro_planes_sum(csro_context *context, const csro_planes *planes, const csro_points *points,
                     const uint16_t *label, int64_t (*sums)[3]);
/* *again: the blocks were too small to show planes; they are then larger, to be summed up again.
 * Else each block belongs to the grain of which it shows the planes better, and sums[block] is
 * that. CSRO_ERROR_MEMORY: planes is released. */
csro_status csro_planes_coarsen(csro_context *context, csro_planes *planes, int64_t (*sums)[3],
                                bool *again);
/* Fits the planes to the sums of all processes. Errors as of csro_planes_fit. */
csro_status csro_planes_end(csro_context *context, int64_t (*sums)[3], csro_planes *planes);

/* Frees the arrays and zeroes the struct. */
void csro_planes_release(csro_planes *planes);

/* The height of a point. */
double csro_planes_height(const csro_planes *planes, const double r[3]);

/* How sharp the planes are around each block, and where and how sharp those of each species are:
 * what the position noise does differs by element and grows where planes are tilted. Each process
 * adds up its own ions, sums[blocks + labels + 1], as above; the sums of all are added.
 * label[i] <= labels. Species with too few ions to tell are taken like all. CSRO_ERROR_MEMORY: the
 * planes stay as they were. */
csro_status csro_planes_sum_blur(csro_context *context, const csro_planes *planes,
                                 const csro_points *points, const uint16_t *label, int labels,
                                 int64_t (*sums)[3]);
csro_status csro_planes_set_blur(csro_context *context, int labels, int64_t (*sums)[3],
                                 csro_planes *planes);

/* even[i] in -1 .. 1: of the ions of its species found at the height of ion i, the share that comes
 * from even planes less the share that comes from odd ones. sigma_z: the blur of the planes in nm;
 * 0: as measured (planes->sigma_z when it is not). */
csro_status csro_planes_parity(csro_context *context, const csro_planes *planes, double sigma_z,
                               const csro_points *points, const uint16_t *label, float *even);

/* The same for one phase, 0 .. period - 1, of a period of 2 to 4 planes: period - 1 for the planes
 * whose number leaves this rest, -1 for those between. CSRO_ERROR_ARGUMENT for others. */
csro_status csro_planes_phase(csro_context *context, const csro_planes *planes, double sigma_z,
                              int period, int phase, const csro_points *points,
                              const uint16_t *label, float *pattern);

/* Wave number of decoys, per plane: 2 - the golden ratio, which no period fits, between 1/2 of
 * structures with a period of two planes and 1/3 of those with three. */
#define CSRO_DECOY_WAVE 0.3819660112501051

/* There are two patterns of each wave number, a quarter of a wave apart. */
enum { CSRO_DECOYS = 2 };

/* Wave numbers of decoys of a period of three and four planes, rich where plane * wave number +
 * decoy / 4 is less than 1 / period above a whole number: as many planes are rich, and neighbours
 * as often both or one of them, as with the period. Where all that ions do is to change how often
 * their neighbours are found, decoys show it as the order does. */
#define CSRO_DECOY_WAVE_3 0.4142135623730951 /* root of 2, less 1 */
#define CSRO_DECOY_WAVE_4 0.3183098861837907 /* 1 / pi */

/* What an ion counts for in a decoy where domains hold this share of it (csro_order): order must
 * not show in decoys. */
static inline float csro_decoy_share(float claimed) {
  return (1 - claimed) * (1 - claimed) * (1 - claimed);
}

/* The same as csro_planes_parity for a pattern that no structure has, decoy 1 or 2: plane m counts
 * for the cosine of 2 pi (CSRO_DECOY_WAVE m + decoy / 4) times the root of 2, at most 1 and at
 * least -1, in place of even (1) and odd (-1). Of a period of 3 or 4 planes it counts for period -
 * 1 or -1, as of csro_planes_phase. What is found with it is not order. claimed[i]: the share of
 * each ion that domains hold; may be NULL. CSRO_ERROR_ARGUMENT for another decoy or period. */
csro_status csro_planes_decoy(csro_context *context, const csro_planes *planes, double sigma_z,
                              int period, int decoy, const csro_points *points,
                              const uint16_t *label, const float *claimed, float *pattern);

CSRO_API_END

#endif

/* Whether the lattice planes that the ions show are those that an analysis expects: a model that
 * was trained for another crystal or pole finds order where there is none, and misses what there
 * is. Lengths in nm, angles in degrees. */
#ifndef CSRO_GUARD_H
#define CSRO_GUARD_H

#include "csro/model.h"

CSRO_API_BEGIN

/* The planes across z as they were measured (csro_pole_summary). */
typedef struct csro_lattice_planes {
  double spacing;   /* perpendicular to the planes; 0: no planes were found */
  double tilt;      /* between their normal and z */
  double coherence; /* 0 .. 1 */
} csro_lattice_planes;

typedef enum csro_guard {
  CSRO_GUARD_FITS,
  CSRO_GUARD_WARNS,  /* the analysis goes on, the text says what to think of it */
  CSRO_GUARD_REFUSES /* the analysis is meaningless, unless the user knows better */
} csro_guard;

/* Relative difference of two spacings from which on planes are others. */
#define CSRO_GUARD_OTHER_PLANES 0.08

/* Compares the planes with the expected spacing; 0 where that is not known, then only the quality
 * of the planes counts. `who` is what expects it ("model 'cocrni-002'"), `advice` what to do when
 * it is another ("choose the model of this pole"). text[512] says in one line what was found, with
 * both numbers, and is empty for CSRO_GUARD_FITS.
 *
 * Warns: no planes; more than 2 % off; half or twice the spacing (within 2 %); a tilt above 2
 * degrees; a coherence below 0.05, which planes 0.18 nm apart have with 0.07 nm of noise. Refuses:
 * more than 8 % off, and not half or twice. */
csro_guard csro_guard_planes(const csro_lattice_planes *planes, double expected, const char *who,
                             const char *advice, char text[512]);

/* Which ions show the planes of a part of the data: mark[points->count] is 2 for ranged ions (label
 * > 0) in the box xmin, xmax, ..., 1 for unranged ones there (all, where label is NULL), 0 outside.
 * bounds: of those in the box (+inf, -inf for none). Returns how many are ranged. */
int64_t csro_guard_mark(const csro_points *points, const uint16_t *label, const double box[6],
                        uint16_t *mark, double bounds[6]);
/* The labels for csro_pole_find from the marks: 1 for the ranged ions; for all in the box where
 * `ranged`, over all processes, is 0. */
void csro_guard_choose(int64_t count, int64_t ranged, uint16_t *mark);

/* The distance of the lattice planes along the pole of a model: lattice constant / |hkl| for hkl of
 * one parity (fcc and what orders on it) or of an even sum (bcc), else half of it; other structures
 * as hkl stands. 0 where the model does not say its lattice constant or pole. */
double csro_model_plane_spacing(const csro_model *model);

CSRO_API_END

#endif

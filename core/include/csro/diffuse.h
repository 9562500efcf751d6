/* Diffuse intensity of periodic configurations: the Warren-Cowley parameters in reciprocal space,
 *   alpha_ij(q) = sum over r of alpha_ij(r) exp(i q r),   alpha_ij(r) = 1 - p_ij(r) / c_j
 * with p_ij(r) the share of species j at r from atoms of species i, r over all vectors between
 * sites and both of r and -r together (real). So alpha_ij(q) = -Re(A_i* A_j) / (N c_i c_j), A_i the
 * Fourier transform of the occupation of the N sites by i, less c_i (Krivoglaz, Theory of X-ray and
 * thermal neutron scattering, 1969; de Fontaine, J. Appl. Cryst. 4 (1971) 15). Its mean over the
 * zone is alpha_ij(r = 0): 1 for i != j, 1 - 1 / c_i for i = j. Where like atoms keep apart and
 * unlike ones come together in a wave of vector q, alpha of unlike pairs has a peak and that of
 * like pairs a trough: the intensity, which has peaks in both, is alpha of unlike and -alpha of
 * like pairs. */
#ifndef CSRO_DIFFUSE_H
#define CSRO_DIFFUSE_H

#include "csro/lattice.h"

CSRO_API_BEGIN

/* Mean over configurations on the grid of wave vectors that the box has: point h, k, l is at
 * q = (h / cells[0], k / cells[1], l / cells[2]) in units of 2 pi / edge and has the index
 * (l * points[1] + k) * points[0] + h. The grid covers zones[axis] of these units along each axis,
 * after which alpha repeats (2 for fcc and bcc; 1 where the sites of the cell are at no simple
 * fractions: then it does not repeat, and the mean over it is not alpha(r = 0)). */
typedef struct csro_diffuse {
  csro_lattice lattice; /* of the first configuration, without the species of its sites */
  int zones[3], points[3];
  int species_count;                      /* those that are there */
  int species[CSRO_LATTICE_SPECIES];      /* their indices in the lattice */
  double fractions[CSRO_LATTICE_SPECIES]; /* of them, mean */
  bool symmetrise;                        /* each configuration is its mean over the operations */
  int configurations;
  double *alpha;   /* [pairs][points], see csro_diffuse_pair */
  double *squares; /* as many: sums of squared deviations; NULL before the second one */
} csro_diffuse;

/* After how many units along each axis alpha repeats on the sites of a lattice. */
void csro_diffuse_zones(const csro_lattice *lattice, int zones[3]);

/* Room for the configurations of this lattice. With `symmetrise` the alpha of each is the mean over
 * the wave vectors that the point group makes of each other: the operations of m-3m that take the
 * sites and the box to themselves (48 of a cube of fcc or bcc). CSRO_ERROR_ARGUMENT: fewer than two
 * species. Release with csro_diffuse_release. */
csro_status csro_diffuse_init(csro_context *context, const csro_lattice *lattice, bool symmetrise,
                              csro_diffuse *diffuse);
/* Frees the arrays and zeroes the struct. */
void csro_diffuse_release(csro_diffuse *diffuse);

/* Takes a configuration in: of the same cells and basis, with the same species.
 * CSRO_ERROR_ARGUMENT otherwise. */
csro_status csro_diffuse_add(csro_context *context, const csro_lattice *lattice,
                             csro_diffuse *diffuse);

/* Bytes that csro_diffuse_init and csro_diffuse_add take for such a lattice. */
double csro_diffuse_bytes(const csro_lattice *lattice, int configurations);

int csro_diffuse_pairs(const csro_diffuse *diffuse);
int64_t csro_diffuse_points(const csro_diffuse *diffuse);
/* The two species (of those that are there) of pair 0, 1 ...: 0 0, 0 1, ... 1 1, ... */
void csro_diffuse_pair(const csro_diffuse *diffuse, int pair, int *i, int *j);
/* 1 for unlike, -1 for like pairs: what makes an intensity of alpha. */
double csro_diffuse_sign(const csro_diffuse *diffuse, int pair);
/* Standard error of the mean over configurations; NaN of a single one. */
double csro_diffuse_error(const csro_diffuse *diffuse, int pair, int64_t point);

/* A plane in reciprocal space, sampled at i = 0 .. n[0] - 1, j = 0 .. n[1] - 1. (001): x and y of
 * the grid over all zones, at the z of the point. (111): along [1 -1 0] and [1 1 -2], centred; of a
 * cubic box every second sample is a point of the grid, the others are between two of them. */
typedef enum csro_diffuse_plane_kind { CSRO_PLANE_001, CSRO_PLANE_111 } csro_diffuse_plane_kind;
typedef struct csro_diffuse_plane {
  csro_diffuse_plane_kind kind;
  int n[2];
  double first[2], step[2]; /* coordinates in the plane, in units of 2 pi / a */
  double origin[3];         /* q where both are 0 */
  double axes[2][3];        /* of length 1 */
} csro_diffuse_plane;

/* The plane through a point, in units of 2 pi / edge. (001) takes the layer of the grid that is
 * next to it. */
void csro_diffuse_plane_init(const int cells[3], const int zones[3], csro_diffuse_plane_kind kind,
                             const double through[3], csro_diffuse_plane *plane);
/* A sample of one of the arrays of the grid (of one pair). */
double csro_diffuse_plane_value(const csro_diffuse *diffuse, const csro_diffuse_plane *plane, int i,
                                int j, const double *values);

/* A maximum of the intensity of a pair. Maxima that the symmetry of a cubic lattice makes of each
 * other are one. */
typedef struct csro_diffuse_maximum {
  int pair;
  double q[3];             /* units of 2 pi / edge; of fcc and bcc in the first zone, sorted */
  double intensity, error; /* the largest of them; its standard error, NaN of one configuration */
  int equivalents;         /* of them on the grid */
  const char *point;       /* the special point next to it, "X (1 0 0)"; "" of other lattices */
  double distance;         /* to it, in the same units */
  const char *structures;  /* what order with this wave vector may be; "" farther than 0.1 away */
} csro_diffuse_maximum;

/* The highest maxima of each pair, at most `most` of each, down to `share` of the highest; sorted
 * by pair and height. *maxima comes from malloc. */
csro_status csro_diffuse_maxima(csro_context *context, const csro_diffuse *diffuse, int most,
                                double share, int *count, csro_diffuse_maximum **maxima);

CSRO_API_END

#endif

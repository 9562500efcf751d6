/* Wave vectors of order in cubic lattices, in units of 2 pi / a. */
#ifndef CSRO_THEORY_SPECIAL_POINTS_H
#define CSRO_THEORY_SPECIAL_POINTS_H

typedef struct csro_special_point {
  const char *name;       /* "X (1 0 0)" */
  double q[3];            /* sorted, largest first */
  const char *structures; /* what its order may be */
} csro_special_point;

/* The shortest equivalent of q in the reciprocal lattice of fcc (parent 0) or bcc (1), with its
 * components positive and sorted, the largest first. */
void csro_special_fold(int parent, const double q[3], double folded[3]);

/* The special point next to a folded q, and how far it is. */
const csro_special_point *csro_special_nearest(int parent, const double folded[3],
                                               double *distance);

#endif

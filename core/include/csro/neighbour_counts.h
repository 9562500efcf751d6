/* Who stands next to whom, counted for the ions and for all their randomised copies at once: copies
 * keep the positions, so that the neighbours of an ion are found once, and each copy counts them by
 * its own labels. Nothing of size (ions x neighbours) is kept. Counts are whole numbers: the same
 * for any number of threads, and those of processes are added. Lengths in nm. */
#ifndef CSRO_NEIGHBOUR_COUNTS_H
#define CSRO_NEIGHBOUR_COUNTS_H

#include "csro/ions.h"

CSRO_API_BEGIN

enum {
  CSRO_GROUPS = 64,       /* at most */
  CSRO_NEAREST = 100,     /* neighbours by rank, at most */
  CSRO_COUNT_PARTS = 128, /* at most */
  CSRO_IMAGE = 128,       /* added to the part of an ion that is only a neighbour, see below */
};

/* Ions with the labels of all members: member 0 is the data, the others are the copies. An ion is
 * in a group (of species), 0 .. groups - 1. */
typedef struct csro_labelled_ions {
  csro_points points;    /* those of this process first, then the others that are near them */
  int64_t own;           /* ions of this process, whose neighbours are counted */
  const int64_t *number; /* [points.count] the same in whichever process; decides between equal
                            distances, the lower first */
  const uint8_t *part;   /* [points.count] part of space that the ion is in */
  int parts;             /* 1 .. CSRO_COUNT_PARTS */
  int groups;            /* 1 .. CSRO_GROUPS */
  int members;           /* 1 or more */
  const uint8_t *group;  /* [points.count][members] */
} csro_labelled_ions;

/* Two groups: ions of `from`, and of `to` around them. */
typedef struct csro_group_pair {
  int from, to;
} csro_group_pair;

/* Which ions are neighbours. Ions at the same place are none: they come from one molecule. */
typedef enum csro_neighbour_kind {
  CSRO_NEIGHBOURS_SHELLS, /* by distance: bins of equal width from `first` to `last` nm, lower
                             bounds included */
  CSRO_NEIGHBOURS_RANKED, /* the nearest, the second nearest ...: bin k - 1; none beyond `last` */
  CSRO_NEIGHBOURS_PLANES  /* by how many planes lie between them, up or down: bins of equal width
                             from 0 to `last` planes, with a distance across z of at most `lateral`
                             and no more than csro_neighbour_reach in all */
} csro_neighbour_kind;

typedef struct csro_neighbour_bins {
  csro_neighbour_kind kind;
  int count;
  double first, last;
  double lateral;       /* of planes alone, as these: */
  double spacing;       /* of the planes, nm */
  const double *height; /* [points.count] of each ion, in planes */
} csro_neighbour_bins;

/* How far from an ion its neighbours are, at most: as far as a process has to see around its own
 * ions. Planes may lean by 15 degrees, and be 15 % farther apart than `spacing`. */
double csro_neighbour_reach(const csro_neighbour_bins *bins);

/* The counts, in `sums` one after the other: the sums over processes are those of the whole. */
typedef struct csro_neighbour_counts {
  int bins, groups, members, parts;
  int64_t size, *sums;
  int64_t *ions;    /* [parts][groups] whose neighbours are counted, of the data */
  int64_t *lacking; /* [1] ions with fewer than `count` neighbours, of RANKED alone */
  int64_t *of; /* [members][groups a][bins][groups b] neighbours of group b of ions of group a */
  int64_t *touching; /* [parts][groups a][bins][groups b] the same of the data, of pairs that have
                        an ion in the part, or both */
} csro_neighbour_counts;

static inline int64_t csro_neighbour_block(const csro_neighbour_counts *counts) {
  return (int64_t)counts->groups * counts->bins * counts->groups;
}

/* Counts the neighbours of the own ions. Release with csro_neighbour_counts_release; on error it is
 * zeroed. CSRO_ERROR_ARGUMENT: bins that are none, a reach of more than 100 nm. CSRO_ERROR_DATA:
 * 2^31 ions or more. */
csro_status csro_neighbour_counts_make(csro_context *context, const csro_labelled_ions *ions,
                                       const csro_neighbour_bins *bins,
                                       csro_neighbour_counts *counts);
/* Frees the array and zeroes the struct. */
void csro_neighbour_counts_release(csro_neighbour_counts *counts);

/* Ions of a periodic box, and their images around it. */
typedef struct csro_periodic_ions {
  int64_t count;    /* the ions first, moved into the box, then images of them */
  double *xyz;      /* [count][3] */
  int64_t images;   /* how many */
  int64_t *of;      /* [images] whose images they are */
  double bounds[6]; /* of all, whichever process has them: the box, `reach` wider */
} csro_periodic_ions;

/* Repeats the ions where another period begins: the box begins at the bounds of the ions of all
 * processes (xmin, xmax, ...) and is as long as period along each axis, 0: not periodic. Images are
 * those within `reach` of the box. Release with csro_periodic_ions_release; zeroed on error.
 * CSRO_ERROR_ARGUMENT: a period below twice the reach; CSRO_ERROR_DATA: ions that span more than
 * 1.2 periods. */
csro_status csro_periodic_ions_make(csro_context *context, const csro_points *points,
                                    const double bounds[6], const double period[3], double reach,
                                    csro_periodic_ions *ions);
/* Frees the arrays and zeroes the struct. */
void csro_periodic_ions_release(csro_periodic_ions *ions);

CSRO_API_END

#endif

/* What the ions of a simulated voxel are made from, and where they go. */
#ifndef CSRO_SIMULATE_PATTERN_WORKSPACE_H
#define CSRO_SIMULATE_PATTERN_WORKSPACE_H

#include "csro/random.h"
#include "csro/recipe.h"

/* Ions of one species; room for all sites and CSRO_CELLS_PADDING more. */
typedef struct csro_pattern_ions {
  int64_t count;
  double *x, *y, *z;
} csro_pattern_ions;

/* What all patterns of a class share. */
typedef struct csro_pattern_class {
  const csro_recipe *recipe;
  const csro_recipe_class *class;
  const csro_structure *structure;
  csro_sites sites;  /* the crystal, or all that any pattern may see of it from a voxel */
  double axes[3][3]; /* of the specimen in the frame of the crystal */
  double height;     /* a partner further from the voxel's centre along z than this, or further */
  double reach;      /* across than this, makes no pair that counts; nm */
} csro_pattern_class;

/* Where a thread puts the ions, per species of the recipe. */
typedef struct csro_pattern_workspace {
  int species;
  csro_pattern_ions *own; /* in the voxel */
  csro_pattern_ions *all; /* that may be partners */
  double *occupancy;      /* [sublattice][species] */
  double *matrix;         /* [species] around a domain */
  int *order;             /* of sites */
  uint32_t *bits;         /* [2 sites + 2] random numbers */
  float *noise;           /* [3 sites + 1] */
  double *memory;         /* of the ions */
} csro_pattern_workspace;

/* sites, sublattices: the most of any class. */
csro_status csro_pattern_workspace_init(csro_context *context, int species, int64_t sites,
                                        int sublattices, csro_pattern_workspace *room);
void csro_pattern_workspace_release(csro_pattern_workspace *room);

static inline void csro_add_ion(csro_pattern_ions *ions, double x, double y, double z) {
  ions->x[ions->count] = x;
  ions->y[ions->count] = y;
  ions->z[ions->count++] = z;
}

/* The species of a site, -1: one that nobody asks for. Only a choice costs a random number. */
static inline int csro_choose_species(csro_random *random, const double *occupancy, int species) {
  double sum = 0;
  for (int s = 0; s < species; s++) {
    if (occupancy[s] >= 1)
      return s;
    sum += occupancy[s];
  }
  if (sum == 0)
    return -1;
  double left = csro_random_uniform(random);
  for (int s = 0; s < species; s++) {
    left -= occupancy[s];
    if (left < 0)
      return s;
  }
  return -1;
}

#endif

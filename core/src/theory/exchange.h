/* The state of a Monte Carlo run and its innermost steps.
 *
 * Axes: u is cut into lanes, v is in between, w is cut into slabs; which lattice axis each is, is
 * chosen by the box. The bytes of the `lanes` sites (u = column + lane * columns) stand together,
 * with the last lane's byte repeated before and the first one's behind, so that a neighbour across
 * the end of a lane is the same vector, read one byte earlier or later. */
#ifndef CSRO_THEORY_EXCHANGE_H
#define CSRO_THEORY_EXCHANGE_H

#include "csro/monte_carlo.h"
#include "csro/random.h"
#include "theory/instances.h"

enum {
  CSRO_LANES = 32,      /* at most: bytes of a vector */
  CSRO_BONDS = 1024,    /* neighbours of a site, at most */
  CSRO_SLAB_HEIGHT = 4, /* cells, at least */
  CSRO_SLAB_PAIRS = 64  /* slabs that are worked on at a time, at most */
};

/* A neighbour in u, v, w. */
typedef struct csro_bond {
  int d[3];
  int basis;
} csro_bond;

/* Neighbours of each site of the cell, in groups (shells). */
typedef struct csro_bonds {
  int groups;
  int *first; /* [basis_count][groups + 1] in ... */
  csro_bond *bond;
  int64_t *constant; /* ... and where no end of the box is in between: bytes away */
  int reach[3];      /* cells along u, v, w */
} csro_bonds;

/* A cluster with a given site in it. */
typedef struct csro_partner_set {
  int others; /* 2 or 3 */
  csro_bond bond[3];
  const int32_t *change; /* [from][to][species of others] in quanta */
} csro_partner_set;

struct csro_monte_carlo {
  int axis[3], n[3]; /* of u, v, w */
  int lanes, columns, stride, basis_count, species_count;
  double edge[3], (*basis)[3];
  int slabs; /* worked on at a time, even; 0: the box is not cut */
  int margin[3];
  int64_t *u, *v, *w;      /* byte offsets of columns and rows; begin `margin` before 0 */
  uint8_t *memory, *state; /* state: first lane of the first site */
  csro_bonds pairs;        /* groups: the shells that have energies */
  csro_bond *near_list;    /* [near_count] bonds of every site of the cell ... */
  int *near_from;          /* ... from this one */
  int near_count;
  int reach[3];    /* of pairs and clusters, cells along u, v, w */
  int near_group;  /* of the nearest neighbours in pairs, or -1 */
  int terms;       /* groups x (species - 1) */
  int32_t *change; /* [species - 1][groups][species - 1] in quanta: V_st - V_s0 - V_0t + V_00 */
  int32_t *field;  /* [basis][basis][species - 1]: what different numbers of neighbours make */
  int8_t lane_mask[CSRO_LANES]; /* -1 for the lanes there are */
  int *set_first;               /* [basis_count + 1] in ... */
  csro_partner_set *set;
  int32_t *set_change; /* their tables */
  double quantum;      /* eV */
  int64_t energy;      /* quanta */
  int64_t sweep;
  uint64_t seed;
  csro_exchange_counts counts;
};

/* The byte of the first lane. `at` may be up to a margin outside the box; other lanes follow. */
static inline uint8_t *csro_exchange_place(const csro_monte_carlo *m, const int at[3], int basis) {
  return m->state + m->u[at[0] + m->margin[0]] + m->v[at[1] + m->margin[1]] +
         m->w[at[2] + m->margin[2]] + (int64_t)basis * m->stride;
}

/* One slab, or a pair of slabs, at work. */
typedef struct csro_exchange_task {
  int begin[2], height[2]; /* along w; begin below n */
  csro_random random;
  int64_t steps; /* each of `lanes` exchanges */
  float scale;   /* of a positive change of energy to the logarithm (base 2) of its probability */
  int64_t energy, attempts, accepted; /* found */
} csro_exchange_task;

/* Bonds of these shells, a group each. Release with csro_bonds_release, also after an error. */
csro_status csro_bonds_init(csro_context *context, const csro_monte_carlo *m,
                            const csro_shells *shells, int groups, const int *of_group,
                            csro_bonds *bonds);
void csro_bonds_release(csro_bonds *bonds);
/* Sets `constant`, once lanes and columns are known. */
void csro_bonds_place(const csro_monte_carlo *m, csro_bonds *bonds);
/* A neighbour in u, v, w. */
csro_bond csro_bond_of(const csro_monte_carlo *m, const csro_neighbour *neighbour);

void csro_exchange_near(csro_monte_carlo *m, csro_exchange_task *task);
void csro_exchange_far(csro_monte_carlo *m, csro_exchange_task *task);

/* Where the neighbours of a site are, first lanes. */
void csro_exchange_neighbours(const csro_monte_carlo *m, const csro_bonds *bonds, const int at[3],
                              int basis, const uint8_t **out);

/* counts[group x (species - 1) + k][CSRO_LANES]: neighbours of species k + 1, in each lane. */
void csro_exchange_count(const csro_bonds *bonds, int basis, int kinds, const uint8_t *const *at,
                         uint8_t (*counts)[CSRO_LANES]);

#endif

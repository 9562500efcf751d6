/* Neighbours of the sites of a lattice by shell. */
#ifndef CSRO_THEORY_SHELLS_H
#define CSRO_THEORY_SHELLS_H

#include "csro/interactions.h"

/* A neighbour: so many cells away, on this site of the cell. */
typedef struct csro_neighbour {
  int cell[3], basis;
  int shell;       /* from 1 */
  double distance; /* nm */
} csro_neighbour;

typedef struct csro_shells {
  int count;                 /* shells */
  double *radius;            /* [count] */
  int *first;                /* [basis_count + 1] of each site of the cell in ... */
  csro_neighbour *neighbour; /* ... by site, then by shell */
} csro_shells;

/* Shells 1 .. count. CSRO_ERROR_ARGUMENT: more than CSRO_SHELLS, or than 2^20 neighbours. */
csro_status csro_shells_init(csro_context *context, const double edge[3], int basis_count,
                             const double (*basis)[3], int count, csro_shells *shells);
void csro_shells_release(csro_shells *shells);

/* The shell of the distance between two sites, `to` being cells away; 0 where it is none. */
int csro_shells_between(const csro_shells *shells, const double edge[3], const double (*basis)[3],
                        const int from_cell[3], int from, const int to_cell[3], int to);

#endif

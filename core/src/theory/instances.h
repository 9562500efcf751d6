/* Clusters of a lattice that hold a given site. */
#ifndef CSRO_THEORY_INSTANCES_H
#define CSRO_THEORY_INSTANCES_H

#include "theory/shells.h"

/* One set of sites: the site itself and up to three neighbours. */
typedef struct csro_instance {
  int cluster;                           /* of the interactions */
  int order[CSRO_CLUSTER_SITES];         /* the cluster's site that each is: [0] the site itself */
  int neighbour[CSRO_CLUSTER_SITES - 1]; /* places in csro_shells.neighbour */
} csro_instance;

typedef struct csro_instances {
  int *first; /* [basis_count + 1] */
  csro_instance *instance;
} csro_instances;

/* Each set of sites once for each site of it. CSRO_ERROR_ARGUMENT: a cluster that the lattice does
 * not have, more than 2^20 instances. */
csro_status csro_instances_init(csro_context *context, const csro_interactions *interactions,
                                const csro_shells *shells, csro_instances *instances);
void csro_instances_release(csro_instances *instances);

/* The highest shell that pairs or clusters have, 1 at least. */
int csro_interactions_last_shell(const csro_interactions *interactions);

/* The orders of 3 or 4 sites: csro_orders[k][..], 6 or 24 of them. */
extern const int csro_orders_of_3[6][CSRO_CLUSTER_SITES], csro_orders_of_4[24][CSRO_CLUSTER_SITES];
/* Where the shell of the sites i != j stands. */
int csro_cluster_edge(int sites, int i, int j);

#endif

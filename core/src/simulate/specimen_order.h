/* How the species of a domain go to its sites. */
#ifndef CSRO_SIMULATE_SPECIMEN_ORDER_H
#define CSRO_SIMULATE_SPECIMEN_ORDER_H

#include "csro/random.h"
#include "csro/specimen.h"

/* A site of a domain. */
typedef struct csro_ordered_site {
  int64_t index;    /* the caller's */
  uint8_t priority; /* its sublattice: csro_crystal_sublattice for order by planes,
                       csro_crystal_cubic_sublattice for strict order, of a structure its own */
  uint8_t species;
} csro_ordered_site;

void csro_shuffle_sites(csro_random *random, int64_t n, csro_ordered_site *sites);

/* Permutes the species among the n sites: a fraction `order` of the atoms of the rich species takes
 * the places of the order, the other ones stay where they are, all other species fill the rest at
 * random. Sites end up in another sequence. */
void csro_order_sites(csro_random *random, csro_pole pole, const csro_order_type *type,
                      double order, int64_t n, csro_ordered_site *sites);

#endif

/* How a structure orders the sites of a domain. */
#ifndef CSRO_SIMULATE_STRUCTURE_ORDER_H
#define CSRO_SIMULATE_STRUCTURE_ORDER_H

#include "csro/structure.h"
#include "simulate/specimen_order.h"

/* A translation that maps the sites of the structure onto each other, in lattice constants, drawn
 * among those from one of its sites to another: which of the equivalent places the order starts
 * at. */
void csro_structure_variant(csro_random *random, const csro_structure *structure, double shift[3]);

/* Permutes the species among a fraction `order` of the n sites, whose priority is their sublattice:
 * the highest occupancy of the structure is filled first, as far as there are atoms and sites; what
 * is left over goes to what is left free, at random. Sites end up in another sequence. */
void csro_structure_order_sites(csro_random *random, const csro_structure *structure, double order,
                                int64_t n, csro_ordered_site *sites);

#endif

/* Tables of the built-in crystal structures. */
#ifndef CSRO_CRYSTAL_PROTOTYPES_H
#define CSRO_CRYSTAL_PROTOTYPES_H

#include "csro/structure.h"

typedef struct csro_prototype_site {
  int8_t half[3]; /* position in halves of the lattice constants */
  int8_t sublattice;
} csro_prototype_site;

typedef struct csro_prototype {
  int cells[3];
  int sublattice_count;
  const char *sublattices[3];
  int site_count;
  const csro_prototype_site *sites;
} csro_prototype;

extern const csro_prototype csro_prototypes[CSRO_PROTOTYPES]; /* in the order of the names */

#endif

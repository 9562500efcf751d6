/* Ordered domains of a specimen: which sites they own and which species these then carry. */
#ifndef CSRO_SIMULATE_SPECIMEN_DOMAINS_H
#define CSRO_SIMULATE_SPECIMEN_DOMAINS_H

#include "crystal/crystal.h"

/* Owners of the sites of the planes first_plane .. end_plane - 1. Site s has the index s -
 * csro_crystal_site(crystal, first_plane, 0, 0). */
typedef struct csro_domain_map {
  int64_t first_plane, end_plane;
  int32_t *owner;   /* number of the domain, -1 outside */
  uint8_t *species; /* of the sites that have an owner */
} csro_domain_map;

/* The map for the planes `begin` .. `end` - 1, with as many planes around them as it takes to find
 * the species of their sites: a domain must look the same from every part that it touches. A site
 * in several spheres belongs to the domain with the smallest number. */
csro_status csro_domain_map_init(csro_context *context, const csro_specimen *specimen,
                                 const csro_crystal *crystal, int64_t begin, int64_t end,
                                 csro_domain_map *map);
void csro_domain_map_release(csro_domain_map *map);

#endif

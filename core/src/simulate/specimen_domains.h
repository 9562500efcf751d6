/* Ordered domains of a specimen: which sites they own and which species these then carry. */
#ifndef CSRO_SIMULATE_SPECIMEN_DOMAINS_H
#define CSRO_SIMULATE_SPECIMEN_DOMAINS_H

#include "simulate/specimen_grain.h"

/* Owners of the sites of the planes first_plane .. end_plane - 1, grain by grain
 * (csro_domain_map_index). */
typedef struct csro_domain_map {
  int64_t first_plane, end_plane;
  int32_t *owner;   /* number of the domain, -1 outside */
  uint8_t *species; /* index, of the sites that have an owner */
  int64_t domain_count;
  csro_true_domain *domains;
} csro_domain_map;

/* Where the map has a site of a grain. */
static inline int64_t csro_domain_map_index(const csro_domain_map *map, const csro_crystal *crystal,
                                            int grain, int64_t site) {
  int64_t plane = crystal->rows * crystal->columns;
  return (grain * (map->end_plane - map->first_plane) - map->first_plane) * plane + site;
}

/* The map for the planes `begin` .. `end` - 1, with as many planes around them as it takes to find
 * the species of their sites: a domain must look the same from every part that it touches. A site
 * in several domains belongs to that with the smallest number. A domain orders the grain that its
 * centre lies in, and ends at the boundary. */
csro_status csro_domain_map_init(csro_context *context, const csro_grains *grains, int64_t begin,
                                 int64_t end, csro_domain_map *map);
void csro_domain_map_release(csro_domain_map *map);

#endif

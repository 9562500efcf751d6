#include "simulate/specimen_domains.h"

#include "base/progress.h"
#include "simulate/specimen_order.h"
#include "simulate/specimen_species.h"
#include "simulate/specimen_streams.h"
#include "simulate/structure_order.h"

#include "csro/recipe.h"

#include <omp.h>
#include <stdlib.h>

typedef struct domains {
  csro_context *context;
  const csro_specimen *specimen;
  const csro_grains *grains;
  csro_domain_map map;
} domains;

/* The sites of the crystal that may lie in the domain. */
static csro_site_block domain_block(const csro_grains *grains, const csro_true_domain *domain) {
  double lo[3], hi[3], reach = csro_true_domain_reach(domain);
  for (int axis = 0; axis < 3; axis++) {
    lo[axis] = domain->center[axis] - reach;
    hi[axis] = domain->center[axis] + reach;
  }
  return csro_grain_block(grains, csro_grain_at(grains, domain->center), lo, hi);
}

/* The same, of the map. */
static csro_site_block block_in_map(const domains *d, const csro_true_domain *s) {
  csro_site_block block = domain_block(d->grains, s);
  if (block.plane[0] < d->map.first_plane)
    block.plane[0] = d->map.first_plane;
  if (block.plane[1] > d->map.end_plane)
    block.plane[1] = d->map.end_plane;
  return block;
}

static const csro_order_type *type_of(const domains *d, const csro_true_domain *domain) {
  return &d->specimen->order_types[domain->type];
}

/* The structure that a domain has; NULL: order by a rich species. */
static const csro_structure *structure_of(const domains *d, const csro_true_domain *domain) {
  const csro_order_type *type = type_of(d, domain);
  return type->kind == CSRO_ORDER_STRUCTURE ? &d->specimen->recipe->structures[type->structure]
                                            : NULL;
}

/* The sublattice that the order of the domain goes by; `shift` is the variant of a structure. */
static int sublattice_of(const domains *d, const csro_true_domain *domain, const double shift[3],
                         const int64_t at[3]) {
  const csro_crystal *crystal = &d->grains->crystal;
  switch (type_of(d, domain)->kind) {
  case CSRO_ORDER_PLANES:
    return csro_crystal_sublattice(crystal, at[0], at[1]);
  case CSRO_ORDER_SUBLATTICE:
    return csro_crystal_cubic_sublattice(crystal, at[0], at[1], at[2]);
  case CSRO_ORDER_STRUCTURE:
    break;
  }
  double ideal[3];
  csro_crystal_position(crystal, at[0], at[1], at[2], ideal);
  return csro_cell_sublattice(crystal->cell, structure_of(d, domain), shift, ideal);
}

static csro_ordered_site describe_site(const domains *d, const csro_true_domain *domain,
                                       const double shift[3], const int64_t at[3],
                                       const double r[3]) {
  csro_random random;
  int grain = csro_grain_at(d->grains, domain->center);
  int64_t site = csro_crystal_site(&d->grains->crystal, at[0], at[1], at[2]);
  int64_t number = csro_grain_site_number(d->grains, grain, site);
  return (csro_ordered_site){.index =
                                 csro_domain_map_index(&d->map, &d->grains->crystal, grain, site),
                             .priority = (uint8_t)sublattice_of(d, domain, shift, at),
                             .species = (uint8_t)csro_site_start(&random, d->specimen, number, r)};
}

/* Lists the sites of the domain that lie in its grain and belong to `owner` at present. */
static int64_t list_sites(const domains *d, const csro_true_domain *domain, int32_t owner,
                          const double shift[3], csro_ordered_site *sites) {
  const csro_crystal *crystal = &d->grains->crystal;
  csro_site_block block = block_in_map(d, domain);
  int grain = csro_grain_at(d->grains, domain->center);
  int64_t count = 0, at[3];
  for (at[0] = block.plane[0]; at[0] < block.plane[1]; at[0]++)
    for (at[1] = block.row[0]; at[1] < block.row[1]; at[1]++)
      for (at[2] = block.column[0]; at[2] < block.column[1]; at[2]++) {
        int64_t site = csro_crystal_site(crystal, at[0], at[1], at[2]);
        double r[3];
        if (d->map.owner[csro_domain_map_index(&d->map, crystal, grain, site)] == owner &&
            csro_grain_site(d->grains, grain, at[0], at[1], at[2], r) &&
            csro_true_domain_holds(domain, r, 0))
          sites[count++] = describe_site(d, domain, shift, at, r);
      }
  return count;
}

/* Domains are claimed in the order of their numbers: the first one keeps a site. */
static void claim_sites(domains *d, csro_ordered_site *scratch, csro_progress *progress) {
  const double none[3] = {0, 0, 0};
  for (int32_t i = 0; i < d->map.domain_count && !csro_progress_add(progress, 1); i++) {
    int64_t count = list_sites(d, &d->map.domains[i], -1, none, scratch);
    for (int64_t k = 0; k < count; k++)
      d->map.owner[scratch[k].index] = i;
  }
}

static void order_domain(domains *d, int32_t number, csro_ordered_site *sites) {
  const csro_true_domain *domain = &d->map.domains[number];
  const csro_structure *structure = structure_of(d, domain);
  double shift[3] = {0, 0, 0};
  csro_random random;
  csro_domain_order_start(&random, d->specimen->seed, number);
  if (structure)
    csro_structure_variant(&random, structure, shift);
  int64_t n = list_sites(d, domain, number, shift, sites);
  if (structure)
    csro_structure_order_sites(&random, structure, d->specimen->order, n, sites);
  else
    csro_order_sites(&random, d->specimen->pole, type_of(d, domain), d->specimen->order, n, sites);
  for (int64_t k = 0; k < n; k++)
    d->map.species[sites[k].index] = sites[k].species;
}

static int64_t largest_block(const domains *d) {
  int64_t largest = 0;
  for (int32_t i = 0; i < d->map.domain_count; i++) {
    csro_site_block b = block_in_map(d, &d->map.domains[i]);
    int64_t planes = b.plane[1] > b.plane[0] ? b.plane[1] - b.plane[0] : 0;
    int64_t size = planes * (b.row[1] - b.row[0]) * (b.column[1] - b.column[0]);
    largest = size > largest ? size : largest;
  }
  return largest;
}

static int64_t map_size(const domains *d) {
  const csro_crystal *crystal = &d->grains->crystal;
  int64_t planes = d->map.end_plane - d->map.first_plane;
  return d->grains->count * planes * crystal->rows * crystal->columns;
}

static csro_status fill_map(domains *d) {
  int64_t size = map_size(d);
  for (int64_t k = 0; k < size; k++)
    d->map.owner[k] = -1;
  int64_t capacity = largest_block(d);
  int threads = d->context->threads;
  csro_ordered_site *scratch = csro_allocate(d->context, capacity * threads, sizeof *scratch);
  if (!scratch)
    return CSRO_ERROR_MEMORY;
  csro_progress progress;
  csro_progress_start(&progress, d->context, 2 * d->map.domain_count, 0.0, 0.3);
  claim_sites(d, scratch, &progress);
#pragma omp parallel for num_threads(threads) schedule(dynamic, 16)
  for (int32_t i = 0; i < d->map.domain_count; i++)
    if (!csro_progress_add(&progress, 1))
      order_domain(d, i, scratch + capacity * omp_get_thread_num());
  free(scratch);
  return csro_progress_end(&progress);
}

/* A domain that touches the planes of a part reaches no farther from them than this. Domains beyond
 * that may own some of its sites: they are claimed too, as far as they reach into the map. */
static int64_t find_margin(const domains *d) {
  int64_t margin = 0;
  for (int64_t i = 0; i < d->map.domain_count; i++) {
    csro_site_block block = domain_block(d->grains, &d->map.domains[i]);
    int64_t planes = block.plane[1] - block.plane[0];
    margin = planes > margin ? planes : margin;
  }
  return margin;
}

csro_status csro_domain_map_init(csro_context *context, const csro_grains *grains, int64_t begin,
                                 int64_t end, csro_domain_map *map) {
  const int64_t planes = grains->crystal.planes;
  *map = (csro_domain_map){0};
  domains d = {.context = context, .specimen = grains->specimen, .grains = grains};
  csro_status status =
      csro_specimen_domains(context, d.specimen, &d.map.domain_count, &d.map.domains);
  if (status != CSRO_OK)
    return status;
  int64_t margin = find_margin(&d);
  d.map.first_plane = begin > margin ? begin - margin : 0;
  d.map.end_plane = planes - end > margin ? end + margin : planes;
  int64_t sites = map_size(&d);
  d.map.owner = csro_allocate(context, sites, sizeof *d.map.owner);
  d.map.species = csro_allocate(context, sites, sizeof *d.map.species);
  status = d.map.owner && d.map.species ? fill_map(&d) : CSRO_ERROR_MEMORY;
  if (status != CSRO_OK)
    csro_domain_map_release(&d.map);
  *map = d.map;
  return status;
}

void csro_domain_map_release(csro_domain_map *map) {
  if (!map)
    return;
  free(map->owner);
  free(map->species);
  free(map->domains);
  *map = (csro_domain_map){0};
}

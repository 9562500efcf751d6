#include "simulate/specimen_domains.h"

#include "base/progress.h"
#include "simulate/specimen_check.h"
#include "simulate/specimen_shape.h"
#include "simulate/specimen_species.h"
#include "simulate/specimen_streams.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

/* A site of one domain, and how early order puts Ni there: 0 first, 2 last. */
typedef struct owned_site {
  int64_t index;
  uint8_t priority, species;
} owned_site;

static const uint8_t nickel_index = 2;

typedef struct domains {
  csro_context *context;
  const csro_specimen *specimen;
  const csro_grains *grains;
  csro_domain_map map;
  int64_t count;
  csro_true_domain *spheres;
} domains;

static csro_true_domain place_domain(const csro_specimen *specimen, const double widest[2],
                                     int32_t number) {
  csro_true_domain placed;
  csro_random random;
  csro_domain_place_start(&random, specimen->seed, number);
  do {
    placed.center[0] = (2 * csro_random_uniform(&random) - 1) * widest[0];
    placed.center[1] = (2 * csro_random_uniform(&random) - 1) * widest[1];
    placed.center[2] = -csro_random_uniform(&random) * specimen->height;
  } while (!csro_specimen_inside(specimen, placed.center));
  double span = specimen->diameter[1] - specimen->diameter[0];
  placed.diameter = specimen->diameter[0] + csro_random_uniform(&random) * span;
  return placed;
}

csro_status csro_specimen_domains(csro_context *context, const csro_specimen *specimen,
                                  int64_t *count, csro_true_domain **out) {
  *count = 0;
  *out = NULL;
  csro_status status = csro_specimen_check(context, specimen);
  if (status != CSRO_OK)
    return status;
  double widest[2];
  csro_specimen_half_max(specimen, widest);
  int64_t n = (int64_t)floor(specimen->domain_density * csro_specimen_volume(specimen) + 0.5);
  csro_true_domain *placed = csro_allocate(context, n, sizeof *placed);
  if (!placed)
    return CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < n; i++)
    placed[i] = place_domain(specimen, widest, (int32_t)i);
  *count = n;
  *out = placed;
  return CSRO_OK;
}

/* The sites of the crystal that may lie in the sphere. */
static csro_site_block sphere_block(const csro_grains *grains, const csro_true_domain *s) {
  double lo[3], hi[3];
  for (int axis = 0; axis < 3; axis++) {
    lo[axis] = s->center[axis] - s->diameter / 2;
    hi[axis] = s->center[axis] + s->diameter / 2;
  }
  return csro_grain_block(grains, csro_grain_at(grains, s->center), lo, hi);
}

/* The same, of the map. */
static csro_site_block block_in_map(const domains *d, const csro_true_domain *s) {
  csro_site_block block = sphere_block(d->grains, s);
  if (block.plane[0] < d->map.first_plane)
    block.plane[0] = d->map.first_plane;
  if (block.plane[1] > d->map.end_plane)
    block.plane[1] = d->map.end_plane;
  return block;
}

static bool in_sphere(const csro_true_domain *s, const double r[3]) {
  double x = r[0] - s->center[0], y = r[1] - s->center[1], z = r[2] - s->center[2];
  double radius = s->diameter / 2;
  return x * x + y * y + z * z <= radius * radius;
}

/* Lists the sites of the sphere that lie in its grain and belong to `owner` at present, with their
 * species in the random alloy. */
static int64_t list_sites(const domains *d, const csro_true_domain *s, int32_t owner,
                          owned_site *sites) {
  const csro_crystal *crystal = &d->grains->crystal;
  csro_site_block block = block_in_map(d, s);
  int grain = csro_grain_at(d->grains, s->center);
  int64_t count = 0;
  for (int64_t plane = block.plane[0]; plane < block.plane[1]; plane++)
    for (int64_t row = block.row[0]; row < block.row[1]; row++)
      for (int64_t column = block.column[0]; column < block.column[1]; column++) {
        int64_t site = csro_crystal_site(crystal, plane, row, column);
        int64_t index = csro_domain_map_index(&d->map, crystal, grain, site);
        double r[3];
        if (d->map.owner[index] != owner ||
            !csro_grain_site(d->grains, grain, plane, row, column, r) || !in_sphere(s, r))
          continue;
        csro_random random;
        int64_t number = csro_grain_site_number(d->grains, grain, site);
        int species = csro_site_start(&random, d->specimen, number, r);
        sites[count++] =
            (owned_site){.index = index,
                         .priority = (uint8_t)csro_crystal_sublattice(crystal, plane, row),
                         .species = (uint8_t)species};
      }
  return count;
}

/* Domains are claimed in the order of their numbers: the first one keeps a site. */
static void claim_sites(domains *d, owned_site *scratch, csro_progress *progress) {
  for (int32_t i = 0; i < d->count && !csro_progress_add(progress, 1); i++) {
    int64_t count = list_sites(d, &d->spheres[i], -1, scratch);
    for (int64_t k = 0; k < count; k++)
      d->map.owner[scratch[k].index] = i;
  }
}

static void swap_sites(owned_site *a, owned_site *b) {
  owned_site kept = *a;
  *a = *b;
  *b = kept;
}

static void shuffle_sites(csro_random *random, int64_t n, owned_site *sites) {
  for (int64_t k = n - 1; k > 0; k--)
    swap_sites(&sites[k], &sites[csro_random_below(random, (uint64_t)k + 1)]);
}

static void shuffle_species(csro_random *random, int64_t n, owned_site *sites) {
  for (int64_t k = n - 1; k > 0; k--) {
    owned_site *other = &sites[csro_random_below(random, (uint64_t)k + 1)];
    uint8_t kept = sites[k].species;
    sites[k].species = other->species;
    other->species = kept;
  }
}

/* Moves the sites of this priority to the front of begin .. n - 1; returns the end of them. */
static int64_t partition_priority(int64_t begin, int64_t n, owned_site *sites, uint8_t priority) {
  for (int64_t k = begin; k < n; k++)
    if (sites[k].priority == priority)
      swap_sites(&sites[k], &sites[begin++]);
  return begin;
}

/* Turns sublattices into priorities: Ni goes to the variant's sublattice, then to its neighbour in
 * the same plane (<002>), and avoids the planes between. */
static void set_priorities(csro_pole pole, int variant, int64_t n, owned_site *sites) {
  for (int64_t k = 0; k < n; k++) {
    int sublattice = sites[k].priority;
    bool neighbour = pole == CSRO_POLE_002 && sublattice == (variant ^ 1);
    sites[k].priority = sublattice == variant ? 0 : neighbour ? 1 : 2;
  }
}

/* Permutes the species among the sites: `order` of the Ni atoms move to the first sites of the
 * order, the other Ni atoms stay where they are, Co and Cr fill the rest at random. */
static void order_sites(csro_random *random, csro_pole pole, double order, int64_t n,
                        owned_site *sites) {
  set_priorities(pole, (int)csro_random_below(random, pole == CSRO_POLE_002 ? 4 : 2), n, sites);
  int64_t nickel = 0;
  for (int64_t k = 0; k < n; k++)
    nickel += sites[k].species == nickel_index;
  int64_t moved = (int64_t)floor(order * (double)nickel + 0.5), staying = nickel - moved;
  shuffle_sites(random, n, sites);
  for (int64_t k = 0; staying > 0; k++) /* Ni that stays leaves the list at its end */
    if (sites[k].species == nickel_index) {
      swap_sites(&sites[k--], &sites[--n]);
      staying--;
    }
  int64_t first = partition_priority(0, n, sites, 0);
  partition_priority(first, n, sites, 1);
  int64_t front = 0;
  for (int64_t k = 0; k < n; k++) /* all species in front that are to move are Ni */
    if (sites[k].species == nickel_index) {
      sites[k].species = sites[front].species;
      sites[front++].species = nickel_index;
    }
  shuffle_species(random, n - front, sites + front);
}

static void order_domain(domains *d, int32_t domain, owned_site *sites) {
  int64_t n = list_sites(d, &d->spheres[domain], domain, sites);
  csro_random random;
  csro_domain_order_start(&random, d->specimen->seed, domain);
  order_sites(&random, d->specimen->pole, d->specimen->order, n, sites);
  for (int64_t k = 0; k < n; k++)
    d->map.species[sites[k].index] = sites[k].species;
}

static int64_t largest_block(const domains *d) {
  int64_t largest = 0;
  for (int32_t i = 0; i < d->count; i++) {
    csro_site_block b = block_in_map(d, &d->spheres[i]);
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
  owned_site *scratch = csro_allocate(d->context, capacity * threads, sizeof *scratch);
  if (!scratch)
    return CSRO_ERROR_MEMORY;
  csro_progress progress;
  csro_progress_start(&progress, d->context, 2 * d->count, 0.0, 0.3);
  claim_sites(d, scratch, &progress);
#pragma omp parallel for num_threads(threads) schedule(dynamic, 16)
  for (int32_t i = 0; i < d->count; i++)
    if (!csro_progress_add(&progress, 1))
      order_domain(d, i, scratch + capacity * omp_get_thread_num());
  free(scratch);
  return csro_progress_end(&progress);
}

/* A domain that touches the planes of a part reaches no farther from them than this. Domains beyond
 * that may own some of its sites: they are claimed too, as far as they reach into the map. */
static int64_t find_margin(const domains *d) {
  int64_t margin = 0;
  for (int64_t i = 0; i < d->count; i++) {
    csro_site_block block = sphere_block(d->grains, &d->spheres[i]);
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
  csro_status status = csro_specimen_domains(context, d.specimen, &d.count, &d.spheres);
  if (status != CSRO_OK)
    return status;
  int64_t margin = find_margin(&d);
  d.map.first_plane = begin > margin ? begin - margin : 0;
  d.map.end_plane = planes - end > margin ? end + margin : planes;
  int64_t sites = map_size(&d);
  d.map.owner = csro_allocate(context, sites, sizeof *d.map.owner);
  d.map.species = csro_allocate(context, sites, sizeof *d.map.species);
  status = d.map.owner && d.map.species ? fill_map(&d) : CSRO_ERROR_MEMORY;
  free(d.spheres);
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
  *map = (csro_domain_map){0};
}

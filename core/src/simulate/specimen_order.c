#include "simulate/specimen_order.h"

#include <math.h>

static void swap_sites(csro_ordered_site *a, csro_ordered_site *b) {
  csro_ordered_site kept = *a;
  *a = *b;
  *b = kept;
}

void csro_shuffle_sites(csro_random *random, int64_t n, csro_ordered_site *sites) {
  for (int64_t k = n - 1; k > 0; k--)
    swap_sites(&sites[k], &sites[csro_random_below(random, (uint64_t)k + 1)]);
}

static void shuffle_species(csro_random *random, int64_t n, csro_ordered_site *sites) {
  for (int64_t k = n - 1; k > 0; k--) {
    csro_ordered_site *other = &sites[csro_random_below(random, (uint64_t)k + 1)];
    uint8_t kept = sites[k].species;
    sites[k].species = other->species;
    other->species = kept;
  }
}

/* Moves the sites of this priority to the front of begin .. n - 1; returns the end of them. */
static int64_t partition_priority(int64_t begin, int64_t n, csro_ordered_site *sites,
                                  uint8_t priority) {
  for (int64_t k = begin; k < n; k++)
    if (sites[k].priority == priority)
      swap_sites(&sites[k], &sites[begin++]);
  return begin;
}

/* Turns sublattices into priorities: the rich species goes to the variant's sublattice. By planes
 * it then goes to its neighbour in the same plane (<002>), and avoids the planes between. */
static void set_priorities(bool neighbours, int variant, int64_t n, csro_ordered_site *sites) {
  for (int64_t k = 0; k < n; k++) {
    int sublattice = sites[k].priority;
    bool neighbour = neighbours && sublattice == (variant ^ 1);
    sites[k].priority = sublattice == variant ? 0 : neighbour ? 1 : 2;
  }
}

void csro_order_sites(csro_random *random, csro_pole pole, const csro_order_type *type,
                      double order, int64_t n, csro_ordered_site *sites) {
  const uint8_t rich = (uint8_t)type->species;
  const bool planes = type->kind == CSRO_ORDER_PLANES;
  const int variants = planes && pole == CSRO_POLE_111 ? 2 : 4;
  set_priorities(planes && pole == CSRO_POLE_002,
                 (int)csro_random_below(random, (uint64_t)variants), n, sites);
  int64_t all = 0;
  for (int64_t k = 0; k < n; k++)
    all += sites[k].species == rich;
  int64_t moved = (int64_t)floor(order * (double)all + 0.5), staying = all - moved;
  csro_shuffle_sites(random, n, sites);
  for (int64_t k = 0; staying > 0; k++) /* atoms that stay leave the list at its end */
    if (sites[k].species == rich) {
      swap_sites(&sites[k--], &sites[--n]);
      staying--;
    }
  int64_t first = partition_priority(0, n, sites, 0);
  partition_priority(first, n, sites, 1);
  int64_t front = 0;
  for (int64_t k = 0; k < n; k++) /* the species at the front of those that are to move are rich */
    if (sites[k].species == rich) {
      sites[k].species = sites[front].species;
      sites[front++].species = rich;
    }
  shuffle_species(random, n - front, sites + front);
}

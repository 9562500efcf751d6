#include "simulate/structure_order.h"

#include <math.h>

static bool maps_onto_itself(const csro_structure *s, const double shift[3]) {
  for (int i = 0; i < s->site_count; i++) {
    bool found = false;
    for (int k = 0; k < s->site_count && !found; k++) {
      double away = 0;
      for (int axis = 0; axis < 3; axis++) {
        double cells = (s->position[i][axis] + shift[axis] - s->position[k][axis]) / s->cells[axis];
        away += fabs(cells - floor(cells + 0.5));
      }
      found = away < 1e-6;
    }
    if (!found)
      return false;
  }
  return true;
}

void csro_structure_variant(csro_random *random, const csro_structure *structure, double shift[3]) {
  uint64_t to = csro_random_below(random, (uint64_t)structure->site_count);
  for (int axis = 0; axis < 3; axis++)
    shift[axis] = structure->position[to][axis] - structure->position[0][axis];
  if (!maps_onto_itself(structure, shift))
    for (int axis = 0; axis < 3; axis++)
      shift[axis] = 0;
}

enum { FREE = UINT8_MAX };

/* The pair of sublattice and species with the highest occupancy below that of the last one (in the
 * order of the table among equal ones). False: none above 0 is left. */
static bool next_pair(const csro_structure *s, int *pair) {
  const int pairs = s->sublattice_count * s->species_count, last = *pair;
  double limit = last < 0 ? INFINITY : s->occupancy[last], best = 0;
  for (int k = 0; k < pairs; k++) {
    double value = s->occupancy[k];
    bool later = value < limit || (value == limit && k > last);
    if (later && value > best) {
      best = value;
      *pair = k;
    }
  }
  return best > 0;
}

/* Fills sites of one sublattice, as many as its occupancy asks for. */
static void fill(const csro_structure *s, int pair, int64_t n, csro_ordered_site *sites,
                 int64_t *left) {
  const int sublattice = pair / s->species_count, species = pair % s->species_count;
  int64_t all = 0;
  for (int64_t k = 0; k < n; k++)
    all += sites[k].priority == sublattice;
  int64_t wanted = (int64_t)floor(s->occupancy[pair] * (double)all + 0.5);
  for (int64_t k = 0; k < n && wanted > 0 && left[species] > 0; k++)
    if (sites[k].priority == sublattice && sites[k].species == FREE) {
      sites[k].species = (uint8_t)species;
      left[species]--;
      wanted--;
    }
}

/* The species of whose atoms a random one of those left is. */
static uint8_t draw_left(csro_random *random, int species_count, int64_t *left, int64_t sum) {
  int64_t at = (int64_t)csro_random_below(random, (uint64_t)sum);
  for (int k = 0; k < species_count - 1; k++) {
    if (at < left[k]) {
      left[k]--;
      return (uint8_t)k;
    }
    at -= left[k];
  }
  left[species_count - 1]--;
  return (uint8_t)(species_count - 1);
}

void csro_structure_order_sites(csro_random *random, const csro_structure *structure, double order,
                                int64_t n, csro_ordered_site *sites) {
  csro_shuffle_sites(random, n, sites);
  n = (int64_t)floor(order * (double)n + 0.5); /* the others stay as they are */
  int64_t left[CSRO_SPECIMEN_SPECIES] = {0}, sum = 0;
  for (int64_t k = 0; k < n; k++) {
    left[sites[k].species]++;
    sites[k].species = FREE;
  }
  for (int pair = -1; next_pair(structure, &pair);)
    fill(structure, pair, n, sites, left);
  for (int k = 0; k < CSRO_SPECIMEN_SPECIES; k++)
    sum += left[k];
  for (int64_t k = 0; k < n; k++)
    if (sites[k].species == FREE)
      sites[k].species = draw_left(random, CSRO_SPECIMEN_SPECIES, left, sum--);
}

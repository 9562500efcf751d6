#include "theory/instances.h"

#include <string.h>

typedef struct energy_sum {
  const csro_interactions *from;
  const csro_lattice *lattice;
  const csro_shells *shells;
  const csro_instances *instances;
} energy_sum;

static int species_at(const energy_sum *s, const int cell[3], const csro_neighbour *n) {
  int there[3];
  for (int axis = 0; axis < 3; axis++) {
    const int cells = s->lattice->cells[axis];
    there[axis] = ((cell[axis] + n->cell[axis]) % cells + cells) % cells;
  }
  return s->lattice->species[csro_lattice_site(s->lattice, there, n->basis)];
}

static double site_energy(const energy_sum *s, const int cell[3], int basis) {
  const int n = s->from->species_count;
  const int self = s->lattice->species[csro_lattice_site(s->lattice, cell, basis)];
  double sum = 0;
  for (int k = s->shells->first[basis]; k < s->shells->first[basis + 1]; k++)
    for (int g = 0; g < s->from->shell_count; g++)
      if (s->from->shells[g] == s->shells->neighbour[k].shell)
        sum +=
            s->from->pairs[(g * n + self) * n + species_at(s, cell, &s->shells->neighbour[k])] / 2;
  if (!s->instances->first)
    return sum;
  for (int k = s->instances->first[basis]; k < s->instances->first[basis + 1]; k++) {
    const csro_instance *one = &s->instances->instance[k];
    const csro_cluster *cluster = &s->from->clusters[one->cluster];
    int species[CSRO_CLUSTER_SITES], at = 0;
    species[one->order[0]] = self;
    for (int i = 1; i < cluster->sites; i++)
      species[one->order[i]] = species_at(s, cell, &s->shells->neighbour[one->neighbour[i - 1]]);
    for (int i = 0; i < cluster->sites; i++)
      at = at * n + species[i];
    sum += cluster->energy[at] / cluster->sites;
  }
  return sum;
}

csro_status csro_interactions_energy(csro_context *context, const csro_interactions *from,
                                     const csro_lattice *lattice, double *energy) {
  if (from->basis_count != lattice->basis_count || from->species_count != lattice->species_count)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the lattice has %d sites and %d species, the interactions %d and %d",
                     lattice->basis_count, lattice->species_count, from->basis_count,
                     from->species_count);
  csro_shells shells;
  csro_instances instances = {0};
  csro_status status =
      csro_shells_init(context, from->edge, from->basis_count, (const double(*)[3])from->basis,
                       csro_interactions_last_shell(from), &shells);
  if (status == CSRO_OK && from->cluster_count)
    status = csro_instances_init(context, from, &shells, &instances);
  const energy_sum s = {from, lattice, &shells, &instances};
  int cell[3];
  *energy = 0;
  for (int b = 0; b < from->basis_count && status == CSRO_OK; b++)
    for (cell[2] = 0; cell[2] < lattice->cells[2]; cell[2]++)
      for (cell[1] = 0; cell[1] < lattice->cells[1]; cell[1]++)
        for (cell[0] = 0; cell[0] < lattice->cells[0]; cell[0]++)
          *energy += site_energy(&s, cell, b);
  csro_instances_release(&instances);
  csro_shells_release(&shells);
  return status;
}

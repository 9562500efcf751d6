#include "csro/interactions.h"

#include "theory/instances.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

csro_status csro_interactions_init(csro_context *context, int basis_count, int species_count,
                                   int shell_count, csro_interactions *interactions) {
  *interactions = (csro_interactions){
      .basis_count = basis_count, .species_count = species_count, .shell_count = shell_count};
  if (basis_count < 1 || basis_count > CSRO_LATTICE_BASIS || species_count < 1 ||
      species_count > CSRO_LATTICE_SPECIES || shell_count < 0 || shell_count > CSRO_SHELLS) {
    *interactions = (csro_interactions){0};
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%d sites, %d species and %d shells, expected at most %d, %d and %d",
                     basis_count, species_count, shell_count, CSRO_LATTICE_BASIS,
                     CSRO_LATTICE_SPECIES, CSRO_SHELLS);
  }
  const size_t energies = (size_t)(shell_count * species_count * species_count);
  csro_interactions i = *interactions;
  i.basis = csro_allocate(context, basis_count, sizeof *i.basis);
  i.names = csro_allocate(context, species_count, sizeof *i.names);
  i.shares = csro_allocate(context, species_count, sizeof *i.shares);
  i.shells = csro_allocate(context, shell_count, sizeof *i.shells);
  i.pairs = csro_allocate(context, (long long)energies, sizeof *i.pairs);
  *interactions = i;
  if (!i.basis || !i.names || !i.shares || !i.shells || !i.pairs) {
    csro_interactions_release(interactions);
    return CSRO_ERROR_MEMORY;
  }
  memset(i.basis, 0, (size_t)basis_count * sizeof *i.basis);
  memset(i.names, 0, (size_t)species_count * sizeof *i.names);
  memset(i.shares, 0, (size_t)species_count * sizeof *i.shares);
  memset(i.shells, 0, (size_t)shell_count * sizeof *i.shells);
  memset(i.pairs, 0, energies * sizeof *i.pairs);
  return CSRO_OK;
}

void csro_interactions_release(csro_interactions *interactions) {
  if (!interactions)
    return;
  for (int c = 0; c < interactions->cluster_count; c++)
    free(interactions->clusters[c].energy);
  free(interactions->basis);
  free(interactions->names);
  free(interactions->shares);
  free(interactions->shells);
  free(interactions->pairs);
  free(interactions->clusters);
  *interactions = (csro_interactions){0};
}

void csro_interactions_destroy(csro_interactions **interactions) {
  if (!interactions)
    return;
  csro_interactions_release(*interactions);
  free(*interactions);
  *interactions = NULL;
}

static int power(int base, int exponent) {
  int out = 1;
  for (int k = 0; k < exponent; k++)
    out *= base;
  return out;
}

csro_status csro_interactions_add_cluster(csro_context *context, csro_interactions *interactions,
                                          int sites, const int *shells, csro_cluster **cluster) {
  *cluster = NULL;
  if (sites < 3 || sites > CSRO_CLUSTER_SITES || interactions->cluster_count == CSRO_CLUSTERS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "cluster %d of %d sites, expected at most %d of 3 or 4 sites",
                     interactions->cluster_count + 1, sites, CSRO_CLUSTERS);
  csro_cluster *more = realloc(interactions->clusters, (size_t)(interactions->cluster_count + 1) *
                                                           sizeof *interactions->clusters);
  if (more)
    interactions->clusters = more;
  const int energies = power(interactions->species_count, sites);
  double *energy = csro_allocate(context, energies, sizeof *energy);
  if (!more || !energy) {
    free(energy);
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory");
  }
  memset(energy, 0, (size_t)energies * sizeof *energy);
  *cluster = &interactions->clusters[interactions->cluster_count++];
  **cluster = (csro_cluster){.sites = sites, .energy = energy};
  memcpy((*cluster)->shells, shells, (size_t)(sites * (sites - 1) / 2) * sizeof *shells);
  return CSRO_OK;
}

/* Whether an order of the sites keeps the shells. */
static bool keeps_shells(const csro_cluster *cluster, const int *order) {
  const int n = cluster->sites;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++)
      if (cluster->shells[csro_cluster_edge(n, order[i], order[j])] !=
          cluster->shells[csro_cluster_edge(n, i, j)])
        return false;
  return true;
}

bool csro_cluster_set(csro_cluster *cluster, int species_count, const int *species, double energy,
                      bool *set) {
  const int n = cluster->sites, orders = n == 3 ? 6 : 24;
  for (int k = 0; k < orders; k++) {
    const int *order = n == 3 ? csro_orders_of_3[k] : csro_orders_of_4[k];
    if (!keeps_shells(cluster, order))
      continue;
    int at = 0;
    for (int i = 0; i < n; i++)
      at = at * species_count + species[order[i]];
    if (set[at] && cluster->energy[at] != energy)
      return false;
    cluster->energy[at] = energy;
    set[at] = true;
  }
  return true;
}

static csro_status check_energies(csro_context *context, const double *energy, int count) {
  for (int k = 0; k < count; k++)
    if (!(fabs(energy[k]) <= 100))
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "energy %g eV, expected -100 to 100",
                       energy[k]);
  return CSRO_OK;
}

static csro_status check_pairs(csro_context *context, const csro_interactions *i) {
  const int n = i->species_count;
  csro_status status = check_energies(context, i->pairs, i->shell_count * n * n);
  for (int g = 0; g < i->shell_count && status == CSRO_OK; g++) {
    for (int k = 0; k < g; k++)
      if (i->shells[k] == i->shells[g])
        return csro_fail(context, CSRO_ERROR_ARGUMENT, "shell %d is there twice", i->shells[g]);
    for (int a = 0; a < n * n; a++) {
      const double there = i->pairs[g * n * n + a], back = i->pairs[(g * n + a % n) * n + a / n];
      if (there != back)
        return csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "shell %d: energy of %s-%s is %g eV, that of %s-%s %g eV", i->shells[g],
                         i->names[a / n], i->names[a % n], there, i->names[a % n], i->names[a / n],
                         back);
    }
  }
  return status;
}

/* The shells and clusters are there. */
static csro_status check_geometry(csro_context *context, const csro_interactions *i) {
  for (int g = 0; g < i->shell_count; g++)
    if (i->shells[g] < 1 || i->shells[g] > CSRO_SHELLS)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "shell %d, expected 1 to %d", i->shells[g],
                       CSRO_SHELLS);
  csro_shells shells;
  csro_instances instances = {0};
  csro_status status =
      csro_shells_init(context, i->edge, i->basis_count, (const double(*)[3])i->basis,
                       csro_interactions_last_shell(i), &shells);
  if (status == CSRO_OK && i->cluster_count)
    status = csro_instances_init(context, i, &shells, &instances);
  csro_instances_release(&instances);
  csro_shells_release(&shells);
  return status;
}

csro_status csro_interactions_check(csro_context *context, const csro_interactions *i) {
  csro_lattice cell;
  csro_status status = csro_lattice_init(context, i->edge, (int[3]){1, 1, 1}, i->basis_count,
                                         i->species_count, &cell);
  if (status != CSRO_OK)
    return status;
  memcpy(cell.basis, i->basis, (size_t)i->basis_count * sizeof *i->basis);
  memcpy(cell.names, i->names, (size_t)i->species_count * sizeof *i->names);
  status = csro_lattice_check(context, &cell);
  csro_lattice_release(&cell);
  double sum = 0;
  for (int k = 0; k < i->species_count && status == CSRO_OK; k++) {
    if (!(i->shares[k] >= 0 && i->shares[k] <= 1))
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "share %g of %s, expected 0 to 1",
                       i->shares[k], i->names[k]);
    sum += i->shares[k];
  }
  if (status == CSRO_OK && !(fabs(sum - 1) < 1e-6))
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "shares of the species sum to %g, expected 1",
                     sum);
  if (status == CSRO_OK)
    status = check_pairs(context, i);
  for (int c = 0; c < i->cluster_count && status == CSRO_OK; c++)
    status = check_energies(context, i->clusters[c].energy,
                            power(i->species_count, i->clusters[c].sites));
  return status == CSRO_OK ? check_geometry(context, i) : status;
}

csro_status csro_interactions_lattice(csro_context *context, const csro_interactions *i,
                                      const double *shares, const int cells[3], uint64_t seed,
                                      csro_lattice *lattice) {
  csro_status status =
      csro_lattice_init(context, i->edge, cells, i->basis_count, i->species_count, lattice);
  if (status != CSRO_OK)
    return status;
  memcpy(lattice->basis, i->basis, (size_t)i->basis_count * sizeof *i->basis);
  memcpy(lattice->names, i->names, (size_t)i->species_count * sizeof *i->names);
  int64_t counts[CSRO_LATTICE_SPECIES];
  const int64_t sites = csro_lattice_site_count(lattice);
  csro_lattice_counts(sites, i->species_count, shares, counts);
  for (int k = 0; k < i->species_count && status == CSRO_OK; k++)
    if (shares[k] > 0 && counts[k] == 0)
      status = csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "%g of %s in a box of %lld sites is less than one atom", shares[k],
                         i->names[k], (long long)sites);
  if (status == CSRO_OK)
    csro_lattice_randomize(lattice, counts, seed);
  else
    csro_lattice_release(lattice);
  return status;
}

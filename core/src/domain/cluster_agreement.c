/* Clusters of several parts become domains: each is known by its smallest core ion. */
#include "csro/domains.h"

#include <stdlib.h>

static const csro_ion_number no_ion = {INT64_MAX, INT64_MAX};

void csro_clusters_first(int64_t own, const csro_ion_number *number, const int64_t *component,
                         int64_t cluster_count, csro_ion_number *first) {
  for (int64_t c = 0; c < cluster_count; c++)
    first[c] = no_ion;
  for (int64_t i = 0; i < own; i++)
    csro_clusters_learn(component[i], number[i], first);
}

void csro_clusters_tell(int64_t ions, const int64_t *component, const csro_ion_number *first,
                        csro_ion_number *told) {
  for (int64_t i = 0; i < ions; i++)
    told[i] = component[i] < 0 ? no_ion : first[component[i]];
}

bool csro_clusters_learn(int64_t component, csro_ion_number told, csro_ion_number *first) {
  if (component < 0 || !csro_ion_is_before(told, first[component]))
    return false;
  first[component] = told;
  return true;
}

static int by_number(const void *a, const void *b) {
  const csro_ion_number *p = a, *q = b;
  return csro_ion_is_before(*q, *p) - csro_ion_is_before(*p, *q);
}

int64_t csro_domains_number(int64_t count, csro_ion_number *first) {
  int64_t domains = 0;
  if (count > 0)
    qsort(first, (size_t)count, sizeof *first, by_number);
  for (int64_t i = 0; i < count; i++)
    if (domains == 0 || csro_ion_is_before(first[domains - 1], first[i]))
      first[domains++] = first[i];
  return domains;
}

int64_t csro_domain_number(int64_t domain_count, const csro_ion_number *list,
                           csro_ion_number first) {
  const csro_ion_number *found =
      domain_count > 0 ? bsearch(&first, list, (size_t)domain_count, sizeof *list, by_number)
                       : NULL;
  return found ? found - list : -1;
}

#include "spectrum/isotopologues.h"

#include "ranges/elements.h"
#include "ranges/isotopes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double same = 0.005, negligible = 1e-6; /* Da; share */

enum { most_products = csro_most_isotopologues * csro_most_isotopes };

static int compare(const void *a, const void *b) {
  const csro_isotopologue *p = a, *q = b;
  return (p->mass > q->mass) - (p->mass < q->mass);
}

/* Joins neighbours that no spectrum tells apart; returns how many are left. */
static int join(csro_isotopologue *list, int count) {
  int kept = 0;
  qsort(list, (size_t)count, sizeof *list, compare);
  for (int i = 0; i < count; i++) {
    csro_isotopologue *last = &list[kept > 0 ? kept - 1 : 0];
    if (kept > 0 && list[i].mass - last->mass < same) {
      const double share = last->share + list[i].share;
      last->mass += (list[i].mass - last->mass) * list[i].share / share;
      last->share = share;
    } else {
      list[kept++] = list[i];
    }
  }
  int left = 0;
  for (int i = 0; i < kept; i++)
    if (list[i].share >= negligible)
      list[left++] = list[i];
  return left;
}

/* The isotopes of a component; returns how many. */
static int isotopes_of(const csro_component *component, csro_isotope *isotope) {
  const int element = csro_element_find(component->symbol, strlen(component->symbol));
  const csro_isotope *natural = csro_natural_isotopes(element);
  int count = 0;
  if (component->isotope > 0) {
    isotope[0] = (csro_isotope){csro_isotope_mass(element, component->isotope), 100};
    for (int k = 0; natural[k].percent > 0; k++)
      if (lround(natural[k].mass) == component->isotope)
        isotope[0].mass = natural[k].mass;
    return element > 0;
  }
  for (; natural[count].percent > 0; count++)
    isotope[count] = natural[count];
  return count;
}

int csro_isotopologues(const csro_species *species,
                       csro_isotopologue found[csro_most_isotopologues]) {
  csro_isotopologue product[most_products];
  int count = species->components > 0 ? 1 : 0;
  found[0] = (csro_isotopologue){0, 1};
  for (int k = 0; k < species->components && count > 0; k++) {
    csro_isotope isotope[csro_most_isotopes + 1];
    const int isotopes = isotopes_of(&species->component[k], isotope);
    for (int atom = 0; atom < species->component[k].count && count > 0; atom++) {
      int made = 0;
      for (int i = 0; i < count; i++)
        for (int j = 0; j < isotopes; j++)
          product[made++] = (csro_isotopologue){found[i].mass + isotope[j].mass,
                                                found[i].share * isotope[j].percent / 100};
      count = join(product, made);
      if (count > csro_most_isotopologues)
        return 0;
      memcpy(found, product, (size_t)count * sizeof *found);
    }
  }
  return count;
}

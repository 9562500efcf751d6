#include "theory/exchange.h"

#include <stdlib.h>

csro_bond csro_bond_of(const csro_monte_carlo *m, const csro_neighbour *neighbour) {
  return (csro_bond){
      {neighbour->cell[m->axis[0]], neighbour->cell[m->axis[1]], neighbour->cell[m->axis[2]]},
      neighbour->basis};
}

csro_status csro_bonds_init(csro_context *context, const csro_monte_carlo *m,
                            const csro_shells *shells, int groups, const int *of_group,
                            csro_bonds *bonds) {
  const int total = shells->first[m->basis_count];
  csro_bonds b = {.groups = groups};
  b.first = csro_allocate(context, (long long)m->basis_count * (groups + 1), sizeof *b.first);
  b.bond = csro_allocate(context, total, sizeof *b.bond);
  b.constant = csro_allocate(context, total, sizeof *b.constant);
  *bonds = b;
  if (!b.first || !b.bond || !b.constant)
    return CSRO_ERROR_MEMORY;
  int count = 0;
  for (int basis = 0; basis < m->basis_count; basis++) {
    int *first = b.first + basis * (groups + 1);
    for (int g = 0; g < groups; g++) {
      first[g] = count;
      for (int k = shells->first[basis]; k < shells->first[basis + 1]; k++)
        if (shells->neighbour[k].shell == of_group[g])
          b.bond[count++] = csro_bond_of(m, &shells->neighbour[k]);
      if (count - first[g] > 127 || count - first[0] > CSRO_BONDS)
        return csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "%d neighbours in shell %d and %d in all, expected at most 127 and %d",
                         count - first[g], of_group[g], count - first[0], CSRO_BONDS);
    }
    first[groups] = count;
  }
  for (int k = 0; k < count; k++)
    for (int axis = 0; axis < 3; axis++)
      if (abs(b.bond[k].d[axis]) > bonds->reach[axis])
        bonds->reach[axis] = abs(b.bond[k].d[axis]);
  return CSRO_OK;
}

void csro_bonds_place(const csro_monte_carlo *m, csro_bonds *bonds) {
  const int64_t column = (int64_t)m->basis_count * m->stride, row = column * m->columns;
  for (int k = 0; k < bonds->first[m->basis_count * (bonds->groups + 1) - 1]; k++) {
    const csro_bond *bond = &bonds->bond[k];
    bonds->constant[k] = bond->d[0] * column + bond->d[1] * row +
                         bond->d[2] * (row * m->n[1] + CSRO_LANES) + bond->basis * m->stride;
  }
}

void csro_bonds_release(csro_bonds *bonds) {
  free(bonds->first);
  free(bonds->bond);
  free(bonds->constant);
  *bonds = (csro_bonds){0};
}

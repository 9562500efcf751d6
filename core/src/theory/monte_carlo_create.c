#include "theory/exchange.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is needed while a run is made. */
typedef struct maker {
  csro_context *context;
  const csro_interactions *from;
  const csro_lattice *lattice;
  csro_monte_carlo *m;
  csro_shells shells;
  csro_instances instances;
  double *quanta; /* scratch */
} maker;

static csro_status check_lattice(maker *k) {
  const csro_interactions *i = k->from;
  const csro_lattice *l = k->lattice;
  bool same = i->basis_count == l->basis_count && i->species_count == l->species_count;
  for (int axis = 0; axis < 3; axis++)
    same = same && fabs(i->edge[axis] - l->edge[axis]) < 1e-6;
  for (int b = 0; b < i->basis_count && same; b++)
    for (int axis = 0; axis < 3; axis++)
      same = same && fabs(i->basis[b][axis] - l->basis[b][axis]) < 1e-6;
  for (int s = 0; s < i->species_count && same; s++)
    same = strcmp(i->names[s], l->names[s]) == 0;
  if (!same)
    return csro_fail(k->context, CSRO_ERROR_ARGUMENT,
                     "the cell or the species of the lattice are not those of the interactions");
  return csro_lattice_check(k->context, l);
}

static int wrap(int at, int n) {
  return (at % n + n) % n;
}

/* No site within reach is the site itself, or the same as another one. */
static csro_status check_box(maker *k) {
  const int *cells = k->lattice->cells;
  for (int b = 0; b < k->from->basis_count; b++)
    for (int i = k->shells.first[b]; i < k->shells.first[b + 1]; i++) {
      const csro_neighbour *p = &k->shells.neighbour[i];
      bool twice = p->basis == b;
      for (int axis = 0; axis < 3; axis++)
        twice = twice && p->cell[axis] % cells[axis] == 0;
      for (int j = k->shells.first[b]; j < i && !twice; j++) {
        const csro_neighbour *q = &k->shells.neighbour[j];
        twice = p->basis == q->basis;
        for (int axis = 0; axis < 3; axis++)
          twice = twice && (p->cell[axis] - q->cell[axis]) % cells[axis] == 0;
      }
      if (twice)
        return csro_fail(k->context, CSRO_ERROR_ARGUMENT,
                         "a box of %d x %d x %d cells is smaller than the interactions reach "
                         "(shell %d, %g nm), expected more cells",
                         cells[0], cells[1], cells[2], p->shell, p->distance);
    }
  return CSRO_OK;
}

/* Cells that neighbours reach along the axes of the lattice. */
static void find_reach(const csro_shells *shells, int basis_count, int reach[3]) {
  reach[0] = reach[1] = reach[2] = 0;
  for (int i = 0; i < shells->first[basis_count]; i++)
    for (int axis = 0; axis < 3; axis++)
      if (abs(shells->neighbour[i].cell[axis]) > reach[axis])
        reach[axis] = abs(shells->neighbour[i].cell[axis]);
}

/* The largest number of lanes that n cells are cut into. */
static int count_lanes(int n, int reach) {
  const int narrowest = 2 * reach + 1 > 4 ? 2 * reach + 1 : 4;
  int lanes = 1;
  for (int k = 2; k <= CSRO_LANES; k++)
    if (n % k == 0 && n / k >= narrowest)
      lanes = k;
  return lanes;
}

static void choose_axes(maker *k) {
  csro_monte_carlo *m = k->m;
  const int *cells = k->lattice->cells;
  int reach[3], best = 0, slabs;
  find_reach(&k->shells, k->from->basis_count, reach);
  for (int axis = 1; axis < 3; axis++)
    if (count_lanes(cells[axis], reach[axis]) > count_lanes(cells[best], reach[best]))
      best = axis;
  const int others[2] = {best == 0 ? 1 : 0, best == 2 ? 1 : 2};
  const bool swap = cells[others[0]] > cells[others[1]];
  m->axis[0] = best;
  m->axis[1] = others[swap];
  m->axis[2] = others[!swap];
  for (int axis = 0; axis < 3; axis++) {
    m->n[axis] = cells[m->axis[axis]];
    m->reach[axis] = reach[m->axis[axis]];
    m->margin[axis] = 2 * m->reach[axis] + 16;
  }
  m->lanes = count_lanes(m->n[0], m->reach[0]);
  m->columns = m->n[0] / m->lanes;
  m->stride = m->lanes + 2;
  memset(m->lane_mask, -1, (size_t)m->lanes);
  const int height = m->reach[2] > CSRO_SLAB_HEIGHT ? m->reach[2] : CSRO_SLAB_HEIGHT;
  slabs = m->n[2] / (2 * height);
  m->slabs = slabs > CSRO_SLAB_PAIRS ? CSRO_SLAB_PAIRS : slabs - slabs % 2;
}

/* offset[margin before 0 .. n + margin] of rows that are `step` bytes apart. */
static int64_t *make_offsets(csro_context *context, int n, int margin, int64_t step) {
  int64_t *offset = csro_allocate(context, (long long)n + 2 * margin, sizeof *offset);
  for (int k = 0; k < n + 2 * margin && offset; k++)
    offset[k] = wrap(k - margin, n) * step;
  return offset;
}

static csro_status make_state(maker *k) {
  enum { SLACK = 64 };
  csro_monte_carlo *m = k->m;
  const int64_t column = (int64_t)m->basis_count * m->stride, row = column * m->columns,
                plane = row * m->n[1] + CSRO_LANES;
  m->u = make_offsets(k->context, m->columns, m->margin[0], column);
  m->v = make_offsets(k->context, m->n[1], m->margin[1], row);
  m->w = make_offsets(k->context, m->n[2], m->margin[2], plane);
  m->memory = csro_allocate(k->context, plane * m->n[2] + 2 * SLACK, 1);
  if (!m->u || !m->v || !m->w || !m->memory)
    return CSRO_ERROR_MEMORY;
  memset(m->memory, 0, (size_t)(plane * m->n[2] + 2 * SLACK));
  m->state = m->memory + SLACK;
  for (int at = -m->margin[0]; at < m->columns + m->margin[0]; at++) /* the lane before or behind */
    m->u[at + m->margin[0]] += at >= m->columns ? 1 : at < 0 ? -1 : 0;
  return CSRO_OK;
}

static void set_species(csro_monte_carlo *m, const csro_lattice *l) {
  int cell[3];
  int64_t site = 0;
  for (int b = 0; b < m->basis_count; b++)
    for (cell[2] = 0; cell[2] < l->cells[2]; cell[2]++)
      for (cell[1] = 0; cell[1] < l->cells[1]; cell[1]++)
        for (cell[0] = 0; cell[0] < l->cells[0]; cell[0]++, site++) {
          const int u = cell[m->axis[0]], lane = u / m->columns;
          uint8_t *to = csro_exchange_place(
              m, (int[3]){u % m->columns, cell[m->axis[1]], cell[m->axis[2]]}, b);
          to[lane] = l->species[site];
          if (lane == 0)
            to[m->lanes] = l->species[site];
          if (lane == m->lanes - 1)
            to[-1] = l->species[site];
        }
}

/* The largest change of energy that an exchange, or a partial sum for it, may have, eV. */
static double find_bound(const maker *k) {
  const csro_interactions *i = k->from;
  const int n = i->species_count;
  double bound = 0;
  for (int b = 0; b < i->basis_count; b++) {
    double sum = 0, largest;
    for (int g = 0; g < i->shell_count; g++) {
      const int *first = k->m->pairs.first + b * (i->shell_count + 1) + g;
      largest = 0;
      for (int p = 0; p < n * n; p++)
        largest = fmax(largest, fabs(i->pairs[g * n * n + p]));
      sum += largest * (first[1] - first[0] + 1);
    }
    for (int c = k->instances.first ? k->instances.first[b] : 0;
         k->instances.first && c < k->instances.first[b + 1]; c++) {
      const csro_cluster *cluster = &i->clusters[k->instances.instance[c].cluster];
      largest = 0;
      for (int e = 0; e < (int)lround(pow(n, cluster->sites)); e++)
        largest = fmax(largest, fabs(cluster->energy[e]));
      sum += largest;
    }
    bound = fmax(bound, 8 * sum);
  }
  return bound;
}

static int32_t in_quanta(const csro_monte_carlo *m, double energy) {
  return (int32_t)lround(energy / m->quantum);
}

static int32_t pair_energy(const maker *k, int group, int a, int b) {
  const int n = k->from->species_count;
  return in_quanta(k->m, k->from->pairs[(group * n + a) * n + b]);
}

static csro_status make_pair_tables(maker *k) {
  csro_monte_carlo *m = k->m;
  const int n = m->species_count, groups = m->pairs.groups, basis = m->basis_count;
  m->terms = groups * (n - 1);
  m->change = csro_allocate(k->context, (long long)m->terms * (n - 1), sizeof *m->change);
  m->field = csro_allocate(k->context, (long long)basis * basis * (n - 1), sizeof *m->field);
  if (!m->change || !m->field)
    return CSRO_ERROR_MEMORY;
  for (int s = 1; s < n; s++)
    for (int g = 0; g < groups; g++)
      for (int t = 1; t < n; t++)
        m->change[((s - 1) * groups + g) * (n - 1) + t - 1] =
            pair_energy(k, g, s, t) - pair_energy(k, g, s, 0) - pair_energy(k, g, 0, t) +
            pair_energy(k, g, 0, 0);
  memset(m->field, 0, (size_t)(basis * basis * (n - 1)) * sizeof *m->field);
  for (int b = 0; b < basis * basis; b++)
    for (int s = 1; s < n; s++)
      for (int g = 0; g < groups; g++) {
        const int *first = m->pairs.first + b / basis * (groups + 1) + g;
        const int *second = m->pairs.first + b % basis * (groups + 1) + g;
        m->field[b * (n - 1) + s - 1] += (pair_energy(k, g, s, 0) - pair_energy(k, g, 0, 0)) *
                                         (first[1] - first[0] - (second[1] - second[0]));
      }
  return CSRO_OK;
}

static csro_status make_near_list(maker *k) {
  csro_monte_carlo *m = k->m;
  const int total = k->shells.first[m->basis_count];
  m->near_group = -1;
  for (int g = 0; g < k->from->shell_count; g++)
    m->near_group = k->from->shells[g] == 1 ? g : m->near_group;
  m->near_list = csro_allocate(k->context, total, sizeof *m->near_list);
  m->near_from = csro_allocate(k->context, total, sizeof *m->near_from);
  if (!m->near_list || !m->near_from)
    return CSRO_ERROR_MEMORY;
  for (int b = 0; b < m->basis_count; b++)
    for (int i = k->shells.first[b]; i < k->shells.first[b + 1]; i++)
      if (k->shells.neighbour[i].shell == 1) {
        m->near_from[m->near_count] = b;
        m->near_list[m->near_count++] = csro_bond_of(m, &k->shells.neighbour[i]);
      }
  return CSRO_OK;
}

/* [from][to][species of others] of one cluster whose sites have this order. */
static void fill_set(const maker *k, const csro_instance *instance, int32_t *table) {
  const csro_cluster *cluster = &k->from->clusters[instance->cluster];
  const int n = k->from->species_count, sites = cluster->sites;
  int others = 1;
  for (int i = 1; i < sites; i++)
    others *= n;
  int32_t *energy = table; /* of [to]; from = 0 is filled last */
  for (int a = n - 1; a >= 0; a--)
    for (int b = 0; b < n; b++)
      for (int o = 0; o < others; o++) {
        int species[CSRO_CLUSTER_SITES], rest = o, at[2] = {0, 0};
        for (int i = sites - 1; i > 0; i--, rest /= n)
          species[instance->order[i]] = rest % n;
        for (int side = 0; side < 2; side++) {
          species[instance->order[0]] = side ? b : a;
          for (int i = 0; i < sites; i++)
            at[side] = at[side] * n + species[i];
        }
        energy[(a * n + b) * others + o] =
            in_quanta(k->m, cluster->energy[at[1]]) - in_quanta(k->m, cluster->energy[at[0]]);
      }
}

/* Tables are shared by instances of a cluster in the same order of sites. */
static csro_status make_sets(maker *k) {
  csro_monte_carlo *m = k->m;
  const int count = k->instances.first ? k->instances.first[m->basis_count] : 0;
  const int n = m->species_count;
  m->set_first = csro_allocate(k->context, m->basis_count + 1, sizeof *m->set_first);
  m->set = csro_allocate(k->context, count, sizeof *m->set);
  int *distinct = csro_allocate(k->context, count, sizeof *distinct);
  int64_t *start = csro_allocate(k->context, count + 1, sizeof *start);
  csro_status status = m->set_first && m->set && distinct && start ? CSRO_OK : CSRO_ERROR_MEMORY;
  int tables = 0;
  int64_t room = 0;
  for (int i = 0; i < count && status == CSRO_OK; i++) {
    const csro_instance *one = &k->instances.instance[i];
    const int sites = k->from->clusters[one->cluster].sites;
    int t = 0;
    while (t < tables &&
           (k->instances.instance[distinct[t]].cluster != one->cluster ||
            memcmp(k->instances.instance[distinct[t]].order, one->order, sizeof one->order) != 0))
      t++;
    if (t == tables) {
      distinct[tables] = i;
      start[tables++] = room;
      room += (int64_t)lround(pow(n, sites + 1));
    }
    m->set[i] = (csro_partner_set){.others = sites - 1, .bond = {{{t, 0, 0}, 0}}};
  }
  if (status == CSRO_OK &&
      !(m->set_change = csro_allocate(k->context, room, sizeof *m->set_change)))
    status = CSRO_ERROR_MEMORY;
  for (int t = 0; t < tables && status == CSRO_OK; t++)
    fill_set(k, &k->instances.instance[distinct[t]], m->set_change + start[t]);
  for (int i = 0; i < count && status == CSRO_OK; i++) {
    const csro_instance *one = &k->instances.instance[i];
    m->set[i].change = m->set_change + start[m->set[i].bond[0].d[0]];
    for (int o = 0; o < m->set[i].others; o++)
      m->set[i].bond[o] = csro_bond_of(m, &k->shells.neighbour[one->neighbour[o]]);
  }
  for (int b = 0; b <= m->basis_count && status == CSRO_OK; b++)
    m->set_first[b] = k->instances.first ? k->instances.first[b] : 0;
  free(distinct);
  free(start);
  return status;
}

/* Twice the energy of the bonds of a site, and its clusters in shares of 12. */
static int64_t site_energy(const maker *k, const int at[3], int basis, int lane) {
  const csro_monte_carlo *m = k->m;
  const int n = m->species_count, groups = m->pairs.groups;
  const int self = csro_exchange_place(m, at, basis)[lane];
  int64_t pairs = 0, sets = 0;
  for (int g = 0; g < groups; g++)
    for (int i = m->pairs.first[basis * (groups + 1) + g];
         i < m->pairs.first[basis * (groups + 1) + g + 1]; i++) {
      const csro_bond *d = &m->pairs.bond[i];
      const int to[3] = {at[0] + d->d[0], at[1] + d->d[1], at[2] + d->d[2]};
      pairs += pair_energy(k, g, self, csro_exchange_place(m, to, d->basis)[lane]);
    }
  for (int i = m->set_first[basis]; i < m->set_first[basis + 1]; i++) {
    const csro_instance *one = &k->instances.instance[i];
    const csro_cluster *cluster = &k->from->clusters[one->cluster];
    int species[CSRO_CLUSTER_SITES], index = 0;
    species[one->order[0]] = self;
    for (int o = 0; o < m->set[i].others; o++) {
      const csro_bond *d = &m->set[i].bond[o];
      const int to[3] = {at[0] + d->d[0], at[1] + d->d[1], at[2] + d->d[2]};
      species[one->order[o + 1]] = csro_exchange_place(m, to, d->basis)[lane];
    }
    for (int s = 0; s < cluster->sites; s++)
      index = index * n + species[s];
    sets += (int64_t)in_quanta(m, cluster->energy[index]) * (12 / cluster->sites);
  }
  return 6 * pairs + sets;
}

static void sum_energy(const maker *k) {
  csro_monte_carlo *m = k->m;
  int64_t sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(k->context->threads)
  for (int w = 0; w < m->n[2]; w++)
    for (int v = 0; v < m->n[1]; v++)
      for (int u = 0; u < m->columns; u++)
        for (int b = 0; b < m->basis_count; b++)
          for (int lane = 0; lane < m->lanes; lane++)
            sum += site_energy(k, (int[3]){u, v, w}, b, lane);
  m->energy = sum / 12;
}

static csro_status make_bonds(maker *k) {
  csro_status status = csro_bonds_init(k->context, k->m, &k->shells, k->from->shell_count,
                                       k->from->shells, &k->m->pairs);
  if (status == CSRO_OK)
    csro_bonds_place(k->m, &k->m->pairs);
  return status;
}

static csro_status make(maker *k) {
  csro_monte_carlo *m = k->m;
  csro_status status = csro_interactions_check(k->context, k->from);
  if (status == CSRO_OK)
    status = check_lattice(k);
  if (status == CSRO_OK)
    status = csro_shells_init(k->context, k->from->edge, k->from->basis_count,
                              (const double(*)[3])k->from->basis,
                              csro_interactions_last_shell(k->from), &k->shells);
  if (status == CSRO_OK)
    status = check_box(k);
  if (status == CSRO_OK && k->from->cluster_count)
    status = csro_instances_init(k->context, k->from, &k->shells, &k->instances);
  if (status != CSRO_OK)
    return status;
  m->basis_count = k->from->basis_count;
  m->species_count = k->from->species_count;
  choose_axes(k);
  memcpy(m->edge, k->from->edge, sizeof m->edge);
  m->basis = csro_allocate(k->context, m->basis_count, sizeof *m->basis);
  if (!m->basis)
    return CSRO_ERROR_MEMORY;
  memcpy(m->basis, k->from->basis, (size_t)m->basis_count * sizeof *m->basis);
  status = make_state(k);
  if (status == CSRO_OK)
    status = make_bonds(k);
  if (status != CSRO_OK)
    return status;
  set_species(m, k->lattice);
  const double bound = find_bound(k);
  m->quantum = bound > 0 ? bound * 0x1p-30 : 1;
  status = make_pair_tables(k);
  if (status == CSRO_OK)
    status = make_near_list(k);
  if (status == CSRO_OK)
    status = make_sets(k);
  if (status == CSRO_OK)
    sum_energy(k);
  return status;
}

csro_status csro_monte_carlo_create(csro_context *context, const csro_interactions *interactions,
                                    const csro_lattice *lattice, uint64_t seed,
                                    csro_monte_carlo **monte_carlo) {
  maker k = {.context = context, .from = interactions, .lattice = lattice};
  *monte_carlo = NULL;
  k.m = csro_allocate(context, 1, sizeof *k.m);
  if (!k.m)
    return CSRO_ERROR_MEMORY;
  *k.m = (csro_monte_carlo){.seed = seed};
  csro_status status = make(&k);
  csro_shells_release(&k.shells);
  csro_instances_release(&k.instances);
  if (status == CSRO_OK)
    *monte_carlo = k.m;
  else
    csro_monte_carlo_destroy(&k.m);
  return status;
}

void csro_monte_carlo_destroy(csro_monte_carlo **monte_carlo) {
  if (!monte_carlo || !*monte_carlo)
    return;
  csro_monte_carlo *m = *monte_carlo;
  csro_bonds_release(&m->pairs);
  free(m->basis);
  free(m->u);
  free(m->v);
  free(m->w);
  free(m->memory);
  free(m->near_list);
  free(m->near_from);
  free(m->change);
  free(m->field);
  free(m->set_first);
  free(m->set);
  free(m->set_change);
  free(m);
  *monte_carlo = NULL;
}

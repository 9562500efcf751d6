#include "theory/exchange.h"

#include "base/clones.h"

#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

/* Lanes of 32 bits go through the arithmetic in parts, which are widened in two steps: what
 * compilers have instructions for. */
enum { PART = 8 };
typedef int8_t part8 __attribute__((vector_size(PART)));
typedef int16_t part16 __attribute__((vector_size(2 * PART)));
typedef int32_t ints __attribute__((vector_size(4 * PART)));
typedef float floats __attribute__((vector_size(4 * PART)));
#define WIDE(narrow) __builtin_convertvector(__builtin_convertvector(narrow, part16), ints)
#define NARROW(wide) __builtin_convertvector(__builtin_convertvector(wide, part16), part8)
typedef uint8_t bytes __attribute__((vector_size(CSRO_LANES)));

enum { MOST_TERMS = CSRO_SHELLS * (CSRO_LATTICE_SPECIES - 1), BATCH = 32, PLACE = 8 };

INLINE void find_neighbours(const csro_monte_carlo *m, const csro_bonds *bonds, const int at[3],
                            int basis, const uint8_t **out) {
  const int first = bonds->first[basis * (bonds->groups + 1)];
  const int count = bonds->first[basis * (bonds->groups + 1) + bonds->groups] - first;
  const csro_bond *bond = bonds->bond + first;
  const int *reach = bonds->reach;
  if (at[0] >= reach[0] && at[0] < m->columns - reach[0] && at[1] >= reach[1] &&
      at[1] < m->n[1] - reach[1] && at[2] >= reach[2] && at[2] < m->n[2] - reach[2]) {
    const uint8_t *here = csro_exchange_place(m, at, 0);
    for (int k = 0; k < count; k++)
      out[k] = here + bonds->constant[first + k];
    return;
  }
  const int64_t *u = m->u + at[0] + m->margin[0], *v = m->v + at[1] + m->margin[1],
                *w = m->w + at[2] + m->margin[2];
  for (int k = 0; k < count; k++)
    out[k] =
        m->state + u[bond[k].d[0]] + v[bond[k].d[1]] + w[bond[k].d[2]] + bond[k].basis * m->stride;
}

/* kinds is known where this is compiled, so that the sums stay in registers. */
INLINE void count_group(const uint8_t *const *at, int count, int kinds,
                        uint8_t (*out)[CSRO_LANES]) {
  bytes sum[3] = {{0}, {0}, {0}}, here;
  for (int k = 0; k < count; k++) {
    memcpy(&here, at[k], sizeof here);
    for (int s = 0; s < kinds; s++)
      sum[s] -= (bytes)(here == (uint8_t)(s + 1));
  }
  for (int s = 0; s < kinds; s++)
    memcpy(out[s], &sum[s], sizeof here);
}

INLINE void count_any(const uint8_t *const *at, int count, int kinds, uint8_t (*out)[CSRO_LANES]) {
  memset(out, 0, (size_t)kinds * CSRO_LANES);
  for (int k = 0; k < count; k++)
    for (int s = 0; s < kinds; s++)
      for (int lane = 0; lane < CSRO_LANES; lane++)
        out[s][lane] = (uint8_t)(out[s][lane] + (at[k][lane] == s + 1));
}

INLINE void count_neighbours(const csro_bonds *bonds, int basis, int kinds,
                             const uint8_t *const *at, uint8_t (*counts)[CSRO_LANES]) {
  const int *first = bonds->first + basis * (bonds->groups + 1);
  for (int g = 0; g < bonds->groups; g++) {
    const uint8_t *const *from = at + (first[g] - first[0]);
    const int count = first[g + 1] - first[g];
    uint8_t(*out)[CSRO_LANES] = counts + g * kinds;
    if (kinds == 1)
      count_group(from, count, 1, out);
    else if (kinds == 2)
      count_group(from, count, 2, out);
    else if (kinds == 3)
      count_group(from, count, 3, out);
    else
      count_any(from, count, kinds, out);
  }
}

void csro_exchange_neighbours(const csro_monte_carlo *m, const csro_bonds *bonds, const int at[3],
                              int basis, const uint8_t **out) {
  find_neighbours(m, bonds, at, basis, out);
}

CSRO_CLONES
static void count_in_clone(const csro_bonds *bonds, int basis, int kinds, const uint8_t *const *at,
                           uint8_t (*counts)[CSRO_LANES]) {
  count_neighbours(bonds, basis, kinds, at, counts);
}

void csro_exchange_count(const csro_bonds *bonds, int basis, int kinds, const uint8_t *const *at,
                         uint8_t (*counts)[CSRO_LANES]) {
  count_in_clone(bonds, basis, kinds, at, counts);
}

/* One exchange in all lanes. */
typedef struct trial {
  int at[2][3], basis[2]; /* of both sites; the second may be a margin outside the box */
  uint8_t species[2][CSRO_LANES];
  int8_t gain[CSRO_LATTICE_SPECIES][CSRO_LANES]; /* [k] atoms of species k + 1 that the first site
                                                    gains: -1, 0, 1 */
  int8_t differ[MOST_TERMS][CSRO_LANES]; /* neighbours of species k + 1 that the first site has more
                                            than the second one will leave it */
  int32_t change[CSRO_LANES];            /* of the energy */
  int8_t accept[CSRO_LANES];             /* -1: yes */
} trial;

/* Puts values into the lanes of a column, and into the bytes that repeat them. shift: the first
 * value belongs to the lane before (-1), or behind (1) the first one. */
INLINE void store(uint8_t *lane, int lanes, int shift, const uint8_t *value) {
  uint8_t *to = lane + shift;
  if (lanes >= 16) {
    memcpy(to, value, 16);
    memcpy(to + lanes - 16, value + lanes - 16, 16);
  } else {
    for (int k = 0; k < lanes; k++)
      to[k] = value[k];
  }
  if (shift > 0)
    lane[0] = lane[lanes];
  if (shift < 0)
    lane[lanes - 1] = lane[-1];
  lane[-1] = lane[lanes - 1];
  lane[lanes] = lane[0];
}

/* Adds what the clusters of a site gain when the species `from` there becomes `to`. */
INLINE void add_sets(const csro_monte_carlo *m, const int at[3], int basis, const uint8_t *from,
                     const uint8_t *to, int rotation, int32_t *change) {
  const int kinds = m->species_count;
  const int64_t *u = m->u + at[0] + m->margin[0], *v = m->v + at[1] + m->margin[1],
                *w = m->w + at[2] + m->margin[2];
  int32_t sum[2 * CSRO_LANES] = {0};
  for (int k = m->set_first[basis]; k < m->set_first[basis + 1]; k++) {
    const csro_partner_set *set = &m->set[k];
    const uint8_t *other[3] = {from, from, from};
    for (int i = 0; i < set->others; i++)
      other[i] = m->state + u[set->bond[i].d[0]] + v[set->bond[i].d[1]] + w[set->bond[i].d[2]] +
                 set->bond[i].basis * m->stride;
    for (int lane = 0; lane < m->lanes; lane++) {
      int index = (from[lane] * kinds + to[lane]) * kinds + other[0][lane];
      index = index * kinds + other[1][lane];
      if (set->others == 3)
        index = index * kinds + other[2][lane];
      sum[lane] += set->change[index];
    }
  }
  for (int lane = 0; lane < m->lanes; lane++)
    change[lane] += sum[(lane + rotation) % m->lanes];
}

INLINE void find_gain(const csro_monte_carlo *m, trial *t) {
  bytes first, second;
  memcpy(&first, t->species[0], sizeof first);
  memcpy(&second, t->species[1], sizeof second);
  for (int k = 0; k + 1 < m->species_count; k++) {
    const bytes gain = (bytes)(first == (uint8_t)(k + 1)) - (bytes)(second == (uint8_t)(k + 1));
    memcpy(t->gain[k], &gain, sizeof gain);
  }
}

/* The change by pairs is the sum over species of gain times field, the field being the energies
 * times what the sites differ in; the mean energy of a species 0 is taken out of all. kinds is
 * known where this is compiled. */
INLINE void add_pairs(const csro_monte_carlo *m, trial *t, int kinds, const int32_t *field) {
  const int terms = m->terms, lanes = m->lanes;
  for (int part = 0; part < lanes; part += PART) {
    ints change = {0};
    part8 narrow;
    for (int s = 0; s < kinds; s++) {
      const int32_t *factor = m->change + s * terms;
      ints sum = {0};
      sum += field[s];
      for (int k = 0; k < terms; k++) {
        memcpy(&narrow, t->differ[k] + part, sizeof narrow);
        sum += WIDE(narrow) * factor[k];
      }
      memcpy(&narrow, t->gain[s] + part, sizeof narrow);
      change += WIDE(narrow) * sum;
    }
    memcpy(t->change + part, &change, sizeof change);
  }
}

INLINE void find_change(const csro_monte_carlo *m, trial *t, const int32_t *field) {
  if (m->species_count == 2)
    add_pairs(m, t, 1, field);
  else if (m->species_count == 3)
    add_pairs(m, t, 2, field);
  else
    add_pairs(m, t, m->species_count - 1, field);
}

/* What was accepted in some steps; energy in two parts, high and low. */
enum { LOW_BITS = 15 };
typedef struct tally {
  ints attempts, accepted, high, low;
} tally;

/* min(1, exp(-dE / kT)) against a random number of 31 bits: 2^x for -120 < x < 0 as 2^whole times a
 * polynomial of the rest, within 2e-7 of the value. */
INLINE void decide(const csro_monte_carlo *m, float scale, trial *t, const uint32_t *random,
                   tally *sum) {
  for (int part = 0; part < m->lanes; part += PART) {
    ints change, drawn;
    part8 first, second, mask;
    memcpy(&change, t->change + part, sizeof change);
    memcpy(&drawn, random + part, sizeof drawn);
    memcpy(&first, t->species[0] + part, sizeof first);
    memcpy(&second, t->species[1] + part, sizeof second);
    memcpy(&mask, m->lane_mask + part, sizeof mask);
    floats x = __builtin_convertvector(change, floats) * scale;
    const ints possible = x > -120;
    x = (floats)((ints)x & possible & (x < 0));
    const ints whole = __builtin_convertvector(x - 0.5f, ints);
    const floats f = (x - __builtin_convertvector(whole, floats)) * 0.693147181f;
    floats p = f * (1.0f / 5040) + 1.0f / 720;
    p = p * f + 1.0f / 120;
    p = p * f + 1.0f / 24;
    p = p * f + 1.0f / 6;
    p = p * f + 0.5f;
    p = p * f + 1;
    p = p * f + 1;
    p *= (floats)((whole + (127 + 31)) << 23);
    drawn = (drawn >> 1) & 0x7fffffff;
    mask &= (part8)(first != second);
    const ints unlike = WIDE(mask);
    const ints chance = (ints)(__builtin_convertvector(drawn, floats) < p) & possible;
    const ints yes = unlike & (chance | (ints)(change <= 0));
    sum->attempts -= unlike;
    sum->accepted -= yes;
    change &= yes;
    sum->high += change >> LOW_BITS;
    sum->low += change & ((1 << LOW_BITS) - 1);
    mask = NARROW(yes);
    memcpy(t->accept + part, &mask, sizeof mask);
  }
}

static void add_tally(csro_exchange_task *task, const tally *sum) {
  for (int lane = 0; lane < PART; lane++) {
    task->attempts += sum->attempts[lane];
    task->accepted += sum->accepted[lane];
    task->energy += (int64_t)sum->high[lane] * (1 << LOW_BITS) + sum->low[lane];
  }
}

/* The lanes where the exchange takes place have the other's species afterwards. */
INLINE void apply(const trial *t, uint8_t *first, uint8_t *second) {
  bytes a, b, accept;
  memcpy(&a, t->species[0], sizeof a);
  memcpy(&b, t->species[1], sizeof b);
  memcpy(&accept, t->accept, sizeof accept);
  const bytes changed = (a ^ b) & accept;
  a ^= changed;
  b ^= changed;
  memcpy(first, &a, sizeof a);
  memcpy(second, &b, sizeof b);
}

INLINE int below(uint32_t random, int n) {
  return (int)(((uint64_t)random * (uint32_t)n) >> 32);
}

/* Twice the lanes, one behind the other. */
INLINE void repeat(const uint8_t *from, int lanes, uint8_t *to) {
  memcpy(to, from, CSRO_LANES);
  memcpy(to + lanes, from, CSRO_LANES);
}

/* What the neighbours of both sites differ in; lane l of the first with lane l + rotation of the
 * second. */
INLINE void count_both(const csro_monte_carlo *m, trial *t, int rotation) {
  const uint8_t *neighbours[CSRO_BONDS];
  uint8_t counts[2][MOST_TERMS][CSRO_LANES], two[2 * CSRO_LANES];
  for (int i = 0; i < 2; i++) {
    find_neighbours(m, &m->pairs, t->at[i], t->basis[i], neighbours);
    count_neighbours(&m->pairs, t->basis[i], m->species_count - 1, neighbours, counts[i]);
  }
  for (int k = 0; k < m->terms; k++) {
    bytes first, second;
    memcpy(&first, counts[0][k], sizeof first);
    if (rotation) {
      repeat(counts[1][k], m->lanes, two);
      memcpy(&second, two + rotation, sizeof second);
    } else {
      memcpy(&second, counts[1][k], sizeof second);
    }
    first -= second;
    memcpy(t->differ[k], &first, sizeof first);
  }
}

INLINE void step_near(const csro_monte_carlo *m, const csro_exchange_task *task,
                      const uint32_t *random, tally *sum) {
  trial t;
  memset(t.accept, 0, sizeof t.accept);
  const int k = below(random[3], m->near_count);
  const csro_bond *bond = &m->near_list[k];
  const int up = below(random[0], task->height[0]);
  if (task->height[0] < m->n[2] && (up + bond->d[2] < 0 || up + bond->d[2] >= task->height[0]))
    return;
  t.at[0][0] = below(random[2], m->columns);
  t.at[0][1] = below(random[1], m->n[1]);
  t.at[0][2] = task->begin[0] + up;
  t.at[0][2] -= t.at[0][2] >= m->n[2] ? m->n[2] : 0;
  t.basis[0] = m->near_from[k];
  t.basis[1] = bond->basis;
  for (int axis = 0; axis < 3; axis++)
    t.at[1][axis] = t.at[0][axis] + bond->d[axis];
  const int shift = (t.at[1][0] >= m->columns) - (t.at[1][0] < 0);
  uint8_t *place[2] = {csro_exchange_place(m, t.at[0], t.basis[0]),
                       csro_exchange_place(m, t.at[1], t.basis[1])};
  memcpy(t.species[0], place[0], CSRO_LANES);
  memcpy(t.species[1], place[1], CSRO_LANES);
  find_gain(m, &t);
  count_both(m, &t, 0);
  const int kinds = m->species_count - 1;
  for (int s = 0; s < kinds && m->near_group >= 0; s++) { /* the pair itself stays */
    bytes differ, gain;
    memcpy(&differ, t.differ[m->near_group * kinds + s], sizeof differ);
    memcpy(&gain, t.gain[s], sizeof gain);
    differ -= gain;
    memcpy(t.differ[m->near_group * kinds + s], &differ, sizeof differ);
  }
  find_change(m, &t, m->field + (t.basis[0] * m->basis_count + t.basis[1]) * kinds);
  uint8_t first[CSRO_LANES], second[CSRO_LANES];
  if (m->set_first[m->basis_count]) {
    add_sets(m, t.at[0], t.basis[0], t.species[0], t.species[1], 0, t.change);
    store(place[0], m->lanes, 0, t.species[1]);
    add_sets(m, t.at[1], t.basis[1], t.species[1], t.species[0], 0, t.change);
  }
  decide(m, task->scale, &t, random + PLACE, sum);
  apply(&t, first, second);
  store(place[0], m->lanes, 0, first);
  store(place[1] - shift, m->lanes, shift, second);
}

/* Whether two sites, in any lanes, may interact. */
INLINE bool are_near(const csro_monte_carlo *m, const trial *t) {
  for (int axis = 0; axis < 3; axis++) {
    const int period = axis == 0 ? m->columns : m->n[axis];
    int apart = abs(t->at[0][axis] - t->at[1][axis]);
    apart = apart < period - apart ? apart : period - apart;
    if (apart > m->reach[axis])
      return false;
  }
  return true;
}

INLINE void step_far(const csro_monte_carlo *m, const csro_exchange_task *task,
                     const uint32_t *random, tally *sum) {
  trial t;
  memset(t.accept, 0, sizeof t.accept);
  const int lanes = m->lanes, rotation = below(random[6], lanes);
  for (int i = 0; i < 2; i++) {
    const uint32_t *r = random + 3 * i;
    const int n = m->columns * m->basis_count, k = below(r[2], n);
    t.at[i][0] = k % m->columns;
    t.basis[i] = k / m->columns;
    t.at[i][1] = below(r[1], m->n[1]);
    t.at[i][2] = task->begin[i] + below(r[0], task->height[i]);
    t.at[i][2] -= t.at[i][2] >= m->n[2] ? m->n[2] : 0;
  }
  if (task->begin[0] == task->begin[1] && are_near(m, &t))
    return;
  uint8_t *place[2] = {csro_exchange_place(m, t.at[0], t.basis[0]),
                       csro_exchange_place(m, t.at[1], t.basis[1])};
  uint8_t two[2 * CSRO_LANES];
  memcpy(t.species[0], place[0], CSRO_LANES);
  repeat(place[1], lanes, two);
  memcpy(t.species[1], two + rotation, CSRO_LANES);
  find_gain(m, &t);
  count_both(m, &t, rotation);
  find_change(m, &t,
              m->field + (t.basis[0] * m->basis_count + t.basis[1]) * (m->species_count - 1));
  uint8_t first[CSRO_LANES], second[CSRO_LANES];
  if (m->set_first[m->basis_count]) {
    uint8_t back[2 * CSRO_LANES];
    repeat(t.species[0], lanes, back);
    add_sets(m, t.at[0], t.basis[0], t.species[0], t.species[1], 0, t.change);
    add_sets(m, t.at[1], t.basis[1], place[1], back + (lanes - rotation), rotation, t.change);
  }
  decide(m, task->scale, &t, random + PLACE, sum);
  apply(&t, first, second);
  store(place[0], lanes, 0, first);
  repeat(second, lanes, two);
  store(place[1], lanes, 0, two + (lanes - rotation));
}

INLINE void run(csro_monte_carlo *m, csro_exchange_task *task, bool far) {
  const int numbers = PLACE + m->lanes;
  uint32_t random[BATCH * (PLACE + CSRO_LANES) + CSRO_LANES] = {0};
  for (int64_t done = 0; done < task->steps; done += BATCH) {
    csro_random_fill(&task->random, BATCH * numbers, random);
    tally sum = {0};
    for (int k = 0; k < BATCH && done + k < task->steps; k++)
      if (far)
        step_far(m, task, random + k * numbers, &sum);
      else
        step_near(m, task, random + k * numbers, &sum);
    add_tally(task, &sum);
  }
}

CSRO_CLONES
static void run_near(csro_monte_carlo *m, csro_exchange_task *task) {
  run(m, task, false);
}

CSRO_CLONES
static void run_far(csro_monte_carlo *m, csro_exchange_task *task) {
  run(m, task, true);
}

void csro_exchange_near(csro_monte_carlo *m, csro_exchange_task *task) {
  run_near(m, task);
}

void csro_exchange_far(csro_monte_carlo *m, csro_exchange_task *task) {
  run_far(m, task);
}

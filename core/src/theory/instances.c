#include "theory/instances.h"

#include <stdlib.h>
#include <string.h>

const int csro_orders_of_3[6][CSRO_CLUSTER_SITES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
const int csro_orders_of_4[24][CSRO_CLUSTER_SITES] = {
    {0, 1, 2, 3}, {0, 1, 3, 2}, {0, 2, 1, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}, {0, 3, 2, 1},
    {1, 0, 2, 3}, {1, 0, 3, 2}, {1, 2, 0, 3}, {1, 2, 3, 0}, {1, 3, 0, 2}, {1, 3, 2, 0},
    {2, 0, 1, 3}, {2, 0, 3, 1}, {2, 1, 0, 3}, {2, 1, 3, 0}, {2, 3, 0, 1}, {2, 3, 1, 0},
    {3, 0, 1, 2}, {3, 0, 2, 1}, {3, 1, 0, 2}, {3, 1, 2, 0}, {3, 2, 0, 1}, {3, 2, 1, 0}};

int csro_cluster_edge(int sites, int i, int j) {
  static const int of_3[3][3] = {{0, 0, 1}, {0, 0, 2}, {1, 2, 0}};
  static const int of_4[4][4] = {{0, 0, 1, 2}, {0, 0, 3, 4}, {1, 3, 0, 5}, {2, 4, 5, 0}};
  return sites == 3 ? of_3[i][j] : of_4[i][j];
}

int csro_interactions_last_shell(const csro_interactions *interactions) {
  int last = 1;
  for (int k = 0; k < interactions->shell_count; k++)
    last = interactions->shells[k] > last ? interactions->shells[k] : last;
  for (int c = 0; c < interactions->cluster_count; c++) {
    const csro_cluster *cluster = &interactions->clusters[c];
    for (int e = 0; e < cluster->sites * (cluster->sites - 1) / 2; e++)
      last = cluster->shells[e] > last ? cluster->shells[e] : last;
  }
  return last;
}

enum { MOST = 1 << 20 };

typedef struct collector {
  csro_context *context;
  const csro_interactions *from;
  const csro_shells *shells;
  csro_instance *out;
  int64_t count, room;
} collector;

static bool add(collector *to, const csro_instance *instance) {
  if (to->count == to->room) {
    const int64_t room = 2 * to->room + 64;
    csro_instance *more = room > 2 * MOST ? NULL : realloc(to->out, (size_t)room * sizeof *to->out);
    if (!more)
      return false;
    to->out = more;
    to->room = room;
  }
  to->out[to->count++] = *instance;
  return true;
}

/* The first order in which the sites 0 (the site itself) and the neighbours make the cluster. */
static bool find_order(const csro_cluster *cluster, int shell[4][4], int order[4]) {
  const int n = cluster->sites, orders = n == 3 ? 6 : 24;
  for (int k = 0; k < orders; k++) {
    const int *o = n == 3 ? csro_orders_of_3[k] : csro_orders_of_4[k];
    bool fits = true;
    for (int i = 0; i < n && fits; i++)
      for (int j = i + 1; j < n && fits; j++)
        fits = cluster->shells[csro_cluster_edge(n, o[i], o[j])] == shell[i][j];
    if (fits) {
      memcpy(order, o, sizeof *csro_orders_of_4);
      return true;
    }
  }
  return false;
}

static int between(const collector *c, const csro_neighbour *p, const csro_neighbour *q) {
  return csro_shells_between(c->shells, c->from->edge, (const double(*)[3])c->from->basis, p->cell,
                             p->basis, q->cell, q->basis);
}

/* Tries a set of neighbours as this cluster. */
static bool try_set(collector *c, int index, const int *members) {
  const csro_cluster *cluster = &c->from->clusters[index];
  csro_instance found = {.cluster = index};
  int shell[4][4] = {{0}};
  for (int i = 1; i < cluster->sites; i++) {
    const csro_neighbour *p = &c->shells->neighbour[members[i - 1]];
    shell[0][i] = p->shell;
    found.neighbour[i - 1] = members[i - 1];
    for (int j = i + 1; j < cluster->sites; j++)
      shell[i][j] = between(c, p, &c->shells->neighbour[members[j - 1]]);
  }
  return !find_order(cluster, shell, found.order) || add(c, &found);
}

static bool collect(collector *c, int index, int begin, int end) {
  const int n = c->from->clusters[index].sites;
  for (int i = begin; i < end; i++)
    for (int j = i + 1; j < end; j++) {
      if (n == 3 && !try_set(c, index, (int[]){i, j}))
        return false;
      for (int k = j + 1; k < end && n == 4; k++)
        if (!try_set(c, index, (int[]){i, j, k}))
          return false;
    }
  return true;
}

static csro_status fail(collector *c, int cluster, const char *text) {
  return csro_fail(c->context, CSRO_ERROR_ARGUMENT, "cluster %d: %s", cluster + 1, text);
}

csro_status csro_instances_init(csro_context *context, const csro_interactions *from,
                                const csro_shells *shells, csro_instances *instances) {
  collector c = {.context = context, .from = from, .shells = shells};
  csro_status status = CSRO_OK;
  int64_t of_cluster[CSRO_CLUSTERS] = {0};
  instances->first = csro_allocate(context, from->basis_count + 1, sizeof *instances->first);
  instances->instance = NULL;
  if (!instances->first)
    return CSRO_ERROR_MEMORY;
  for (int b = 0; b < from->basis_count && status == CSRO_OK; b++) {
    instances->first[b] = (int)c.count;
    for (int k = 0; k < from->cluster_count && status == CSRO_OK; k++) {
      const int64_t before = c.count;
      const int64_t size = shells->first[b + 1] - shells->first[b];
      if (size > 400 || !collect(&c, k, shells->first[b], shells->first[b + 1]))
        status = fail(&c, k, "more than 2^20 such sets of sites");
      of_cluster[k] += c.count - before;
    }
  }
  instances->first[from->basis_count] = (int)c.count;
  instances->instance = c.out;
  for (int k = 0; k < from->cluster_count && status == CSRO_OK; k++)
    if (of_cluster[k] == 0)
      status = fail(&c, k, "the lattice has no sites at these distances");
  if (status != CSRO_OK)
    csro_instances_release(instances);
  return status;
}

void csro_instances_release(csro_instances *instances) {
  free(instances->first);
  free(instances->instance);
  *instances = (csro_instances){0};
}

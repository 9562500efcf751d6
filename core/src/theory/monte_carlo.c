#include "base/progress.h"
#include "csro/share.h"
#include "theory/exchange.h"

#include <math.h>
#include <string.h>

enum { NEAR, FAR };

double csro_monte_carlo_energy(const csro_monte_carlo *m) {
  return (double)m->energy * m->quantum;
}

csro_exchange_counts csro_monte_carlo_counts(const csro_monte_carlo *m) {
  return m->counts;
}

void csro_monte_carlo_species(const csro_monte_carlo *m, uint8_t *species) {
  int cells[3], cell[3];
  int64_t site = 0;
  for (int axis = 0; axis < 3; axis++)
    cells[m->axis[axis]] = m->n[axis];
  for (int b = 0; b < m->basis_count; b++)
    for (cell[2] = 0; cell[2] < cells[2]; cell[2]++)
      for (cell[1] = 0; cell[1] < cells[1]; cell[1]++)
        for (cell[0] = 0; cell[0] < cells[0]; cell[0]++) {
          const int u = cell[m->axis[0]];
          species[site++] = csro_exchange_place(
              m, (int[3]){u % m->columns, cell[m->axis[1]], cell[m->axis[2]]}, b)[u / m->columns];
        }
}

/* A sweep at work. */
typedef struct sweep {
  csro_monte_carlo *m;
  int threads;
  double far_share, scale;
  int origin; /* of the slabs */
} sweep;

/* A stream of numbers for each sweep, kind of exchange, parity of slabs and slab. */
static void seed_task(const sweep *s, int kind, int phase, int index, csro_random *random) {
  const uint64_t stream =
      ((uint64_t)s->m->sweep << 16) | (uint64_t)(kind << 15 | phase << 14 | index);
  csro_random_init(random, s->m->seed, stream);
}

static void set_slab(const sweep *s, int slab, int which, csro_exchange_task *task) {
  const int n = s->m->n[2];
  int64_t first, count;
  csro_share(n, slab, 2 * s->m->slabs, &first, &count);
  task->begin[which] = (int)((first + s->origin) % n);
  task->height[which] = (int)count;
}

/* Exchanges in all lanes at once that a share of so many sites amounts to. */
static int64_t count_steps(const csro_monte_carlo *m, int64_t planes, double share) {
  const double sites = (double)planes * m->n[1] * m->n[0] * m->basis_count;
  return (int64_t)floor(sites * share / m->lanes + 0.5);
}

static void collect(csro_monte_carlo *m, int kind, int count, const csro_exchange_task *task) {
  for (int k = 0; k < count; k++) {
    m->energy += task[k].energy;
    m->counts.attempts[kind] += task[k].attempts;
    m->counts.accepted[kind] += task[k].accepted;
  }
}

static void run_tasks(const sweep *s, int kind, int count, csro_exchange_task *task) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(s->threads) if (count > 1)
  for (int k = 0; k < count; k++) {
    if (kind == NEAR)
      csro_exchange_near(s->m, &task[k]);
    else
      csro_exchange_far(s->m, &task[k]);
  }
  collect(s->m, kind, count, task);
}

static void sweep_near(const sweep *s, int phase) {
  csro_exchange_task task[CSRO_SLAB_PAIRS];
  const int count = s->m->slabs;
  for (int k = 0; k < count; k++) {
    task[k] = (csro_exchange_task){.scale = (float)s->scale};
    set_slab(s, 2 * k + phase, 0, &task[k]);
    seed_task(s, NEAR, phase, k, &task[k].random);
    task[k].steps = count_steps(s->m, task[k].height[0], 1 - s->far_share);
  }
  run_tasks(s, NEAR, count, task);
}

/* Slabs in pairs, which are drawn. */
static void sweep_far(const sweep *s, int phase) {
  csro_exchange_task task[CSRO_SLAB_PAIRS];
  int order[CSRO_SLAB_PAIRS] = {0};
  csro_random random;
  const int count = s->m->slabs;
  seed_task(s, FAR, phase, (1 << 14) - 1, &random);
  for (int k = 0; k < count; k++) {
    const int other = (int)csro_random_below(&random, (uint64_t)k + 1);
    order[k] = order[other];
    order[other] = 2 * k + phase;
  }
  for (int k = 0; k < count / 2; k++) {
    task[k] = (csro_exchange_task){.scale = (float)s->scale};
    for (int which = 0; which < 2; which++)
      set_slab(s, order[2 * k + which], which, &task[k]);
    seed_task(s, FAR, phase, k, &task[k].random);
    task[k].steps = count_steps(s->m, task[k].height[0] + task[k].height[1], s->far_share);
  }
  run_tasks(s, FAR, count / 2, task);
}

static void sweep_whole(const sweep *s) {
  for (int kind = NEAR; kind <= FAR; kind++) {
    csro_exchange_task task = {.height = {s->m->n[2], s->m->n[2]}, .scale = (float)s->scale};
    seed_task(s, kind, 0, 0, &task.random);
    task.steps = count_steps(s->m, s->m->n[2], kind == FAR ? s->far_share : 1 - s->far_share);
    run_tasks(s, kind, 1, &task);
  }
}

static void run_sweep(sweep *s) {
  csro_random random;
  if (s->m->slabs == 0) {
    sweep_whole(s);
  } else {
    seed_task(s, NEAR, 0, (1 << 14) - 1, &random);
    s->origin = (int)csro_random_below(&random, (uint64_t)s->m->n[2]);
    for (int phase = 0; phase < 2; phase++) {
      if (s->far_share < 1)
        sweep_near(s, phase);
      if (s->far_share > 0)
        sweep_far(s, phase);
    }
  }
  s->m->sweep++;
}

csro_status csro_monte_carlo_sweep(csro_context *context, csro_monte_carlo *m, double kelvin,
                                   double far_share, int64_t sweeps) {
  csro_status status = csro_check_number(context, "temperature (K)", kelvin, 1e-3, 1e9);
  if (status == CSRO_OK)
    status = csro_check_number(context, "share of far exchanges", far_share, 0, 1);
  if (status != CSRO_OK)
    return status;
  sweep s = {.m = m,
             .threads = context->threads,
             .far_share = far_share,
             .scale = -m->quantum / (CSRO_BOLTZMANN * kelvin) * 1.4426950408889634};
  csro_progress progress;
  csro_progress_start(&progress, context, sweeps, 0, 1);
  for (int64_t k = 0; k < sweeps; k++) {
    run_sweep(&s);
    if (csro_progress_add(&progress, 1))
      break;
  }
  return csro_progress_end(&progress);
}

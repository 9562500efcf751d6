#include "base/progress.h"
#include "pole/cells.h"
#include "pole/dft.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
/* Lengths of the wave that are looked for, relative to the one expected. */
static const double least_length = 0.97, most_length = 1.03;
static const double false_alarm = 0.01; /* that any block of the map shows planes by chance */
enum { FEWEST_IONS = 100 };

/* The wave numbers that are looked at in blocks of one size; [x][y][z]. */
typedef struct grid {
  double first[3], step[3];
  int n[3], cells[3];
  double trials; /* independent ones, within the window */
} grid;

typedef struct search {
  const csro_pole_cells *cells;
  const csro_pole_window *window;
  double noise, least_power;
  int scale;
  int64_t n[3];
  grid grid;
  csro_dft dft[3];
  int64_t room; /* floats of one thread */
} search;

static bool is_wanted(const csro_pole_window *window, const double k[3]) {
  double across = hypot(k[0], k[1]), length = hypot(across, k[2]), off = 0;
  for (int a = 0; a < 3; a++)
    off += (k[a] - window->middle[a]) * (k[a] - window->middle[a]);
  return across <= k[2] * tan(window->tilt * pi / 180) && length >= least_length * window->length &&
         length <= most_length * window->length &&
         (window->near <= 0 || off <= window->near * window->near);
}

static void wave_of(const grid *g, const int at[3], double k[3]) {
  for (int a = 0; a < 3; a++)
    k[a] = g->first[a] + g->step[a] * at[a];
}

static void lay_grid(const search *s, grid *g) {
  double across = s->window->length * most_length * sin(s->window->tilt * pi / 180);
  double lowest = s->window->length * least_length * cos(s->window->tilt * pi / 180);
  double low[3] = {-across, -across, lowest};
  double high[3] = {across, across, s->window->length * most_length};
  double volume = 1;
  for (int a = 0; a < 3; a++) {
    g->cells[a] = csro_cells_edge(a) * s->scale;
    if (g->cells[a] > s->cells->n[a])
      g->cells[a] = (int)s->cells->n[a];
    if (s->window->near > 0) {
      low[a] = fmax(low[a], s->window->middle[a] - s->window->near);
      high[a] = fmin(high[a], s->window->middle[a] + s->window->near);
    }
    double length = s->cells->size[a] * g->cells[a];
    g->n[a] = (int)fmax(2, ceil(fmax(high[a] - low[a], 0) * 2 * length) + 1);
    g->step[a] = 0.5 / length;
    g->first[a] = (low[a] + high[a]) / 2 - g->step[a] * (g->n[a] - 1) / 2;
    volume *= 0.5;
  }
  int64_t wanted = 0;
  for (int x = 0; x < g->n[0]; x++)
    for (int y = 0; y < g->n[1]; y++)
      for (int z = 0; z < g->n[2]; z++) {
        double k[3];
        wave_of(g, (const int[3]){x, y, z}, k);
        wanted += is_wanted(s->window, k);
      }
  g->trials = fmax(1, (double)wanted * volume);
}

/* The cells of a block, low <= index < high. */
typedef struct range {
  int64_t low[3], high[3];
  double middle[3], spread[3]; /* of its ions, by cells: mean and standard deviation */
  double ions;
} range;

static range range_of(const search *s, int64_t block) {
  range r = {0};
  for (int a = 0; a < 3; a++) {
    r.low[a] = block % s->n[a] * csro_cells_edge(a) * s->scale;
    r.high[a] = r.low[a] + csro_cells_edge(a) * s->scale;
    if (r.high[a] > s->cells->n[a])
      r.high[a] = s->cells->n[a];
    block /= s->n[a];
  }
  return r;
}

static const int32_t *sums_at(const search *s, int64_t x, int64_t y, int64_t z) {
  return s->cells->sums + 3 * ((z * s->cells->n[1] + y) * s->cells->n[0] + x);
}

static void weigh(const search *s, range *r) {
  double sum[3] = {0}, squares[3] = {0};
  for (int64_t z = r->low[2]; z < r->high[2]; z++)
    for (int64_t y = r->low[1]; y < r->high[1]; y++)
      for (int64_t x = r->low[0]; x < r->high[0]; x++) {
        double n = sums_at(s, x, y, z)[2];
        const int64_t at[3] = {x, y, z};
        r->ions += n;
        for (int a = 0; a < 3; a++) {
          double middle = csro_cell_middle(s->cells, a, at[a]);
          sum[a] += n * middle;
          squares[a] += n * middle * middle;
        }
      }
  for (int a = 0; a < 3; a++) {
    double size = s->cells->size[a];
    double whole =
        csro_cell_middle(s->cells, a, r->low[a]) + csro_cell_middle(s->cells, a, r->high[a] - 1);
    r->middle[a] = r->ions > 0 ? sum[a] / r->ions : whole / 2;
    double variance = r->ions > 0 ? squares[a] / r->ions - r->middle[a] * r->middle[a] : 0;
    r->spread[a] = sqrt(fmax(variance, 0) + size * size / 12);
  }
}

/* The strongest wave of the grid in a block. */
static double scan_block(const search *s, const range *r, float *room, double best[3]) {
  const grid *g = &s->grid;
  const int *c = g->cells, *n = g->n;
  int64_t all = (int64_t)c[0] * c[1] * c[2], by_x = (int64_t)n[0] * c[1] * c[2];
  int64_t by_y = (int64_t)n[1] * c[2];
  float *re = room, *im = re + all, *x_re = im + all, *x_im = x_re + by_x;
  float *y_re = x_im + by_x, *y_im = y_re + by_y, *z_re = y_im + by_y, *z_im = z_re + n[2];
  memset(re, 0, (size_t)(2 * all) * sizeof *re);
  for (int64_t x = r->low[0]; x < r->high[0]; x++)
    for (int64_t y = r->low[1]; y < r->high[1]; y++)
      for (int64_t z = r->low[2]; z < r->high[2]; z++) {
        int64_t to = ((x - r->low[0]) * c[1] + y - r->low[1]) * c[2] + z - r->low[2];
        re[to] = (float)(sums_at(s, x, y, z)[0] * CSRO_CELL_UNIT);
        im[to] = (float)(sums_at(s, x, y, z)[1] * CSRO_CELL_UNIT);
      }
  csro_dft_apply(&s->dft[0], (int64_t)c[1] * c[2], re, im, x_re, x_im);
  double most = -1;
  for (int x = 0; x < n[0]; x++) {
    int64_t plane = (int64_t)x * c[1] * c[2];
    csro_dft_apply(&s->dft[1], c[2], x_re + plane, x_im + plane, y_re, y_im);
    for (int y = 0; y < n[1]; y++) {
      csro_dft_apply(&s->dft[2], 1, y_re + (int64_t)y * c[2], y_im + (int64_t)y * c[2], z_re, z_im);
      for (int z = 0; z < n[2]; z++) {
        double k[3], power = (double)z_re[z] * z_re[z] + (double)z_im[z] * z_im[z];
        if (power <= most)
          continue;
        wave_of(g, (const int[3]){x, y, z}, k);
        if (!is_wanted(s->window, k))
          continue;
        most = power;
        memcpy(best, k, 3 * sizeof *best);
      }
    }
  }
  return most;
}

/* The wave of a block and its derivatives by k, about the middle. */
typedef struct moments {
  double a[2], first[3][2], second[3][3][2];
} moments;

static void add_cell(const double r[3], double re, double im, moments *m) {
  m->a[0] += re;
  m->a[1] += im;
  for (int a = 0; a < 3; a++) {
    m->first[a][0] += r[a] * re;
    m->first[a][1] += r[a] * im;
    for (int b = 0; b <= a; b++) {
      m->second[a][b][0] += r[a] * r[b] * re;
      m->second[a][b][1] += r[a] * r[b] * im;
    }
  }
}

static moments moments_at(const search *s, const range *r, const double k[3]) {
  moments m = {0};
  for (int64_t z = r->low[2]; z < r->high[2]; z++)
    for (int64_t y = r->low[1]; y < r->high[1]; y++)
      for (int64_t x = r->low[0]; x < r->high[0]; x++) {
        const int32_t *sum = sums_at(s, x, y, z);
        if (sum[2] == 0)
          continue;
        double p[3] = {csro_cell_middle(s->cells, 0, x), csro_cell_middle(s->cells, 1, y),
                       csro_cell_middle(s->cells, 2, z)};
        double angle = -2 * pi * (k[0] * p[0] + k[1] * p[1] + (k[2] - s->cells->q) * p[2]);
        double c = cos(angle), d = sin(angle);
        for (int a = 0; a < 3; a++)
          p[a] -= r->middle[a];
        add_cell(p, (c * sum[0] - d * sum[1]) * CSRO_CELL_UNIT,
                 (c * sum[1] + d * sum[0]) * CSRO_CELL_UNIT, &m);
      }
  return m;
}

/* Solves h x = g for a symmetric h that is negative definite; false if it is not. */
static bool solve(double h[3][3], const double g[3], double x[3]) {
  double l[3][3] = {{0}}, y[3];
  for (int i = 0; i < 3; i++)
    for (int j = 0; j <= i; j++) {
      double sum = -h[i][j];
      for (int k = 0; k < j; k++)
        sum -= l[i][k] * l[j][k];
      if (i == j && sum <= 0)
        return false;
      l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
    }
  for (int i = 0; i < 3; i++) {
    y[i] = -g[i];
    for (int k = 0; k < i; k++)
      y[i] -= l[i][k] * y[k];
    y[i] /= l[i][i];
  }
  for (int i = 2; i >= 0; i--) {
    x[i] = y[i];
    for (int k = i + 1; k < 3; k++)
      x[i] -= l[k][i] * x[k];
    x[i] /= l[i][i];
  }
  return true;
}

/* Newton's method on ln |sum|^2 from a place of the grid; returns |sum|^2. */
static double climb(const search *s, const range *r, double k[3]) {
  enum { STEPS = 6 };
  double power = 0;
  for (int step = 0; step <= STEPS; step++) {
    moments m = moments_at(s, r, k);
    power = m.a[0] * m.a[0] + m.a[1] * m.a[1];
    if (step == STEPS || power == 0)
      break;
    double gradient[3], hessian[3][3], move[3];
    for (int a = 0; a < 3; a++) { /* in units of 2 pi */
      gradient[a] = 2 * (m.a[0] * m.first[a][1] - m.a[1] * m.first[a][0]) / power;
      for (int b = 0; b <= a; b++)
        hessian[a][b] = hessian[b][a] =
            2 *
                (m.first[a][0] * m.first[b][0] + m.first[a][1] * m.first[b][1] -
                 m.a[0] * m.second[a][b][0] - m.a[1] * m.second[a][b][1]) /
                power -
            gradient[a] * gradient[b];
    }
    if (!solve(hessian, gradient, move))
      break;
    for (int a = 0; a < 3; a++) {
      double limit = s->grid.step[a];
      k[a] += fmin(fmax(-move[a] / (2 * pi), -limit), limit);
    }
  }
  return power;
}

static void describe(const search *s, const range *r, double power, const double k[3],
                     csro_pole_block *block) {
  double n = r->ions, fade = csro_pole_cells_fade(s->cells, k);
  /* the height of a maximum among noise: on average that of 2.5 waves without planes */
  double excess = fmax(power - 2.5 * s->noise * n, 0) / (n * n * fade * fade);
  block->resolved = true;
  memcpy(block->wave, k, sizeof block->wave);
  block->coherence = sqrt(fmin(excess, 1));
  for (int a = 0; a < 3; a++)
    block->deviation[a] = 1 / (2 * pi * r->spread[a] * sqrt(2 * block->power));
}

static void find_in_block(const search *s, int64_t at, float *room, csro_pole_block *block) {
  range r = range_of(s, at);
  double k[3] = {0};
  *block = (csro_pole_block){.orientation = -1};
  weigh(s, &r);
  block->ions = (int64_t)r.ions;
  for (int a = 0; a < 3; a++) {
    block->box[2 * a] = s->cells->origin[a] + s->cells->size[a] * (double)r.low[a];
    block->box[2 * a + 1] = s->cells->origin[a] + s->cells->size[a] * (double)r.high[a];
    block->center[a] = r.middle[a];
  }
  if (block->ions < FEWEST_IONS)
    return;
  double power = scan_block(s, &r, room, k);
  if (power < 0)
    return;
  power = climb(s, &r, k);
  block->power = power / (r.ions * s->noise);
  if (block->power >= s->least_power)
    describe(s, &r, power, k, block);
}

/* The tables for the grid; one allocation, which dft[0].cosine holds. */
static csro_status make_tables(csro_context *context, search *s) {
  const grid *g = &s->grid;
  int64_t size = 0;
  for (int a = 0; a < 3; a++)
    size += 2 * (int64_t)g->n[a] * g->cells[a];
  float *next = csro_allocate(context, size, sizeof *next);
  if (!next)
    return CSRO_ERROR_MEMORY;
  for (int a = 0; a < 3; a++) {
    int64_t table = (int64_t)g->n[a] * g->cells[a];
    s->dft[a] = (csro_dft){g->cells[a], g->n[a], next, next + table};
    next += 2 * table;
    const csro_dft_axis axis = {g->first[a] - (a == 2 ? s->cells->q : 0), g->step[a], 0,
                                s->cells->size[a]};
    csro_dft_fill(&axis, &s->dft[a]);
  }
  const int *c = g->cells, *n = g->n;
  s->room =
      2 * ((int64_t)c[0] * c[1] * c[2] + (int64_t)n[0] * c[1] * c[2] + (int64_t)n[1] * c[2] + n[2]);
  return CSRO_OK;
}

/* The power that the highest maximum of a wave field exceeds once in `trials` independent wave
 * vectors: z^(3/2) exp(-z) of its maxima in three dimensions are higher than z (Rice). */
static double threshold(double trials) {
  double z = log(trials);
  for (int step = 0; step < 20; step++)
    z = log(trials) + 1.5 * log(fmax(z, 1));
  return z;
}

csro_status csro_pole_blocks(csro_context *context, const csro_pole_cells *cells,
                             const csro_pole_window *window, int scale, double noise,
                             csro_pole_block *blocks) {
  search s = {.cells = cells, .window = window, .noise = noise, .scale = scale};
  int64_t count = 1;
  for (int a = 0; a < 3; a++)
    count *= s.n[a] = (cells->blocks[a] + scale - 1) / scale;
  lay_grid(&s, &s.grid);
  s.least_power = threshold(s.grid.trials * (double)count / false_alarm);
  csro_status status = make_tables(context, &s);
  if (status != CSRO_OK)
    return status;
  float *rooms = csro_allocate(context, s.room * context->threads, sizeof *rooms);
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic)
  for (int64_t b = 0; b < count; b++)
    if (rooms && !csro_progress_add(&progress, 1))
      find_in_block(&s, b, rooms + s.room * omp_get_thread_num(), &blocks[b]);
  free(s.dft[0].cosine);
  free(rooms);
  return rooms ? csro_progress_end(&progress) : CSRO_ERROR_MEMORY;
}

#include "quality/report_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double significant = 5; /* standard errors */

/* Counts in the cells inside of the specimen. */
typedef struct inside {
  int64_t count;
  double (*center)[3];
  double *whole, *part; /* of which a trend is that of part / whole, or of part where whole is 1 */
} inside;

typedef struct trend {
  double mean, change, error;
} trend;

/* A straight line through part / whole by its weights, scaled by what the cells scatter by; the
 * change from one end of the cells to the other. */
static trend fit_trend(const inside *in, int axis, bool is_share) {
  double w = 0, x = 0, y = 0, xx = 0, xy = 0, lo = INFINITY, hi = -INFINITY, rest = 0;
  trend t = {0, 0, INFINITY};
  for (int64_t c = 0; c < in->count; c++) {
    double weight = is_share ? in->whole[c] : 1;
    w += weight;
    x += weight * in->center[c][axis];
    y += in->part[c];
    lo = fmin(lo, in->center[c][axis]);
    hi = fmax(hi, in->center[c][axis]);
  }
  if (w <= 0 || in->count < 8)
    return t;
  x /= w;
  t.mean = y / w;
  for (int64_t c = 0; c < in->count; c++) {
    double weight = is_share ? in->whole[c] : 1, off = in->center[c][axis] - x;
    double value = is_share ? in->part[c] / fmax(in->whole[c], 1) : in->part[c];
    xx += weight * off * off;
    xy += weight * off * (value - t.mean);
  }
  if (xx <= 0)
    return t;
  for (int64_t c = 0; c < in->count; c++) {
    double weight = is_share ? in->whole[c] : 1;
    double value = is_share ? in->part[c] / fmax(in->whole[c], 1) : in->part[c];
    double left = value - t.mean - xy / xx * (in->center[c][axis] - x);
    rest += weight * left * left;
  }
  double least = is_share ? t.mean * (1 - t.mean) : 0;
  t.change = xy / xx * (hi - lo);
  t.error = sqrt(fmax(rest / (double)(in->count - 2), least) / xx) * (hi - lo);
  return t;
}

static csro_status find_inside(csro_context *context, const csro_quality *q, inside *in) {
  bool *mask = csro_allocate(context, q->cells, sizeof *mask);
  *in = (inside){0};
  in->center = csro_allocate(context, q->cells, sizeof *in->center);
  in->whole = csro_allocate(context, 2 * q->cells, sizeof *in->whole);
  csro_status status = mask && in->center && in->whole ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    status = csro_quality_inside(context, q, mask);
  for (int64_t c = 0; status == CSRO_OK && c < q->cells; c++) {
    const int64_t at[3] = {c % q->n[0], c / q->n[0] % q->n[1], c / q->n[0] / q->n[1]};
    if (!mask[c])
      continue;
    for (int a = 0; a < 3; a++)
      in->center[in->count][a] = q->origin[a] + q->edge[a] * ((double)at[a] + 0.5);
    in->whole[in->count++] = (double)c; /* its number, until it is filled */
  }
  in->part = in->whole ? in->whole + q->cells : NULL;
  free(mask);
  return status;
}

static void release(inside *in) {
  free(in->center);
  free(in->whole);
}

/* Ions of the labels low .. high - 1 in a cell. */
static double ions_in(const csro_quality *q, int64_t cell, int low, int high) {
  double ions = 0;
  for (int l = low; l < high; l++)
    ions += (double)q->sums[cell * q->labels + l];
  return ions;
}

/* Where, seen along z, fewest ions are: after what changes linearly. */
static void add_sparse_pole(csro_report_writer *w, const inside *in, const trend change[2],
                            const double middle[2], const double extent[2]) {
  const csro_quality *q = w->quality;
  int64_t columns = q->n[0] * q->n[1], worst = -1, used = 0;
  double *sum = calloc((size_t)(3 * columns), sizeof *sum), lowest = 0;
  if (!sum)
    return;
  for (int64_t c = 0; c < in->count; c++) {
    int64_t at[2];
    double value = in->part[c];
    for (int a = 0; a < 2; a++) {
      at[a] = (int64_t)((in->center[c][a] - q->origin[a]) / q->edge[a]);
      if (extent[a] > 0)
        value -= change[a].change * (in->center[c][a] - middle[a]) / extent[a];
    }
    double *column = sum + 3 * (at[1] * q->n[0] + at[0]);
    column[0]++;
    column[1] += value;
  }
  double all = 0, cells = 0;
  for (int64_t c = 0; c < columns; c++) {
    used += sum[3 * c] >= 3;
    cells += sum[3 * c];
    all += sum[3 * c + 1];
  }
  double mean = cells > 0 ? all / cells : 0;
  for (int64_t c = 0; c < columns; c++) {
    double n = sum[3 * c];
    double off = n >= 3 ? (sum[3 * c + 1] / n - mean) / sqrt(mean / n) : 0;
    if (off < lowest) {
      lowest = off;
      worst = c;
    }
  }
  double loss = worst >= 0 ? 1 - sum[3 * worst + 1] / sum[3 * worst] / mean : 0;
  bool is_pole = used >= 4 && loss > 0.1 && lowest < -significant - 1;
  double error = worst >= 0 ? 1 / sqrt(mean * sum[3 * worst]) : NAN;
  int64_t column = worst % q->n[0], row = worst / q->n[0];
  if (is_pole)
    csro_report_add(w, "Lowest density along z", 1 - loss, error, "of the mean",
                    CSRO_VERDICT_WARNING,
                    "there is a low-density pole at x %.1f, y %.1f nm: %.0f %% fewer ions are seen "
                    "there; fewer domains are found in it, copies must keep it",
                    q->origin[0] + q->edge[0] * ((double)column + 0.5),
                    q->origin[1] + q->edge[1] * ((double)row + 0.5), 100 * loss);
  else if (worst >= 0)
    csro_report_add(w, "Lowest density along z", 1 - loss, error, "of the mean", CSRO_VERDICT_OK,
                    "no low-density pole");
  free(sum);
}

static void add_efficiency(csro_report_writer *w, double density) {
  double d = w->quality->map->summary.spacing;
  if (!w->quality->map->summary.found)
    return;
  double cube = d * d * d;
  csro_report_add(
      w, "Efficiency as fcc 002", density * 2 * cube, NAN, "", CSRO_VERDICT_OK,
      "share of the atoms that are seen if the planes are fcc 002; fcc 111 %.2f, bcc 110 "
      "%.2f, bcc 200 %.2f; above 1 the lattice is another or the scale is wrong",
      density * 1.299038 * cube, density * 1.414214 * cube, density * 4 * cube);
}

void csro_report_density(csro_report_writer *w) {
  const csro_quality *q = w->quality;
  inside in;
  w->status = w->status == CSRO_OK ? find_inside(w->context, q, &in) : w->status;
  if (w->status != CSRO_OK)
    return;
  double volume = q->edge[0] * q->edge[1] * q->edge[2], middle[2] = {0, 0}, extent[2] = {0, 0};
  trend change[3];
  for (int64_t c = 0; c < in.count; c++)
    in.part[c] = ions_in(q, (int64_t)in.whole[c], 0, q->labels);
  for (int a = 0; a < 3; a++) {
    change[a] = fit_trend(&in, a, false);
    double relative = change[a].mean > 0 ? change[a].change / change[a].mean : 0;
    double error = change[a].mean > 0 ? change[a].error / change[a].mean : INFINITY;
    char quantity[64];
    bool changes = fabs(relative) > 0.1 && fabs(relative) > significant * error;
    if (a == 0 && in.count > 0) {
      csro_report_add(w, "Density", change[0].mean / volume, NAN, "1/nm3", CSRO_VERDICT_OK,
                      "ions per volume inside of the specimen");
      add_efficiency(w, change[0].mean / volume);
    }
    if (!isfinite(error))
      continue;
    snprintf(quantity, sizeof quantity, "Density along %c", "xyz"[a]);
    csro_report_add(w, quantity, 100 * relative, 100 * error, "%",
                    changes ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
                    changes
                        ? "density changes by %.0f %% along %c: what is detected depends on where "
                          "it is; compare domains with copies within neighbourhoods"
                        : "density is even (%.0f %% along %c)",
                    100 * relative, "xyz"[a]);
  }
  for (int a = 0; a < 2 && in.count > 0; a++) {
    double lo = INFINITY, hi = -INFINITY;
    for (int64_t c = 0; c < in.count; c++) {
      middle[a] += in.center[c][a] / (double)in.count;
      lo = fmin(lo, in.center[c][a]);
      hi = fmax(hi, in.center[c][a]);
    }
    extent[a] = hi - lo;
  }
  if (in.count >= 8)
    add_sparse_pole(w, &in, change, middle, extent);
  release(&in);
}

/* The largest of the trends of a share along the axes, in standard errors. */
static int largest_trend(const inside *in, trend *largest) {
  int axis = 0;
  for (int a = 0; a < 3; a++) {
    trend t = fit_trend(in, a, true);
    if (a == 0 || fabs(t.change) / t.error > fabs(largest->change) / largest->error) {
      *largest = t;
      axis = a;
    }
  }
  return axis;
}

static void add_ranged(csro_report_writer *w, const inside *in) {
  trend t;
  int axis = largest_trend(in, &t);
  bool uneven = fabs(t.change) > 0.03 && fabs(t.change) > significant * t.error;
  csro_report_add(w, "Ranged share", t.mean, NAN, "",
                  t.mean < 0.5 ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
                  t.mean < 0.5 ? "fewer than half of the ions are ranged: look at the range file"
                               : "of the ions, in ranges");
  if (isfinite(t.error))
    csro_report_add(w, "Change of the ranged share", t.change, t.error, "",
                    uneven ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
                    uneven ? "the background is uneven: the ranged share changes by %.2f along %c; "
                             "exchange labels among ranged ions only (the default)"
                           : "the background is even (%.2f along %c)",
                    t.change, "xyz"[axis]);
}

static void add_species(csro_report_writer *w, inside *in, const int64_t *cells, int label) {
  const csro_quality *q = w->quality;
  const char *name = csro_report_species(w, label);
  trend t;
  for (int64_t c = 0; c < in->count; c++)
    in->part[c] = (double)q->sums[cells[c] * q->labels + label];
  int axis = largest_trend(in, &t);
  if (!isfinite(t.error) || t.mean < 0.02)
    return;
  bool changes = fabs(t.change) > 0.03 && fabs(t.change) > significant * t.error;
  char quantity[64];
  snprintf(quantity, sizeof quantity, "Change of %.40s", name);
  csro_report_add(
      w, quantity, t.change, t.error, "", changes ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
      changes ? "there is a composition gradient: the fraction of %.40s changes by %.2f "
                "along %c; compare with copies within neighbourhoods"
              : "no composition gradient of %.40s (%.2f along %c)",
      name, t.change, "xyz"[axis]);
}

/* Fractions against the nominal ones, of the species that have one. */
static void add_nominal(csro_report_writer *w) {
  const csro_quality *q = w->quality;
  const double *nominal = w->options->nominal;
  double known = 0, ions = 0;
  if (!nominal)
    return;
  for (int l = 1; l < q->labels; l++)
    known += fmax(nominal[l], 0);
  if (known <= 0)
    return;
  double *count = calloc((size_t)q->labels, sizeof *count);
  for (int l = 1; count && l < q->labels; l++) {
    for (int64_t c = 0; c < q->cells; c++)
      count[l] += (double)q->sums[c * q->labels + l];
    ions += nominal[l] > 0 ? count[l] : 0;
  }
  for (int l = 1; count && ions > 0 && l < q->labels; l++) {
    if (!(nominal[l] > 0))
      continue;
    double fraction = nominal[l] / known, ratio = count[l] / ions / fraction;
    double error = sqrt((1 - fmin(fraction, 0.999)) / (fraction * ions));
    bool differs = fabs(ratio - 1) > 0.04 && fabs(ratio - 1) > significant * error;
    char quantity[64];
    snprintf(quantity, sizeof quantity, "%.40s seen of nominal", csro_report_species(w, l));
    csro_report_add(w, quantity, ratio, error, "", differs ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
                    differs
                        ? "%.40s is seen %.2f times as often as its nominal share: the efficiency "
                          "differs by species, or the composition is another"
                        : "%.40s is seen as often as its nominal share (%.2f)",
                    csro_report_species(w, l), ratio);
  }
  free(count);
}

void csro_report_composition(csro_report_writer *w) {
  const csro_quality *q = w->quality;
  inside in;
  w->status = w->status == CSRO_OK ? find_inside(w->context, q, &in) : w->status;
  if (w->status != CSRO_OK)
    return;
  int64_t *cells = csro_allocate(w->context, in.count, sizeof *cells);
  if (!cells) {
    release(&in);
    w->status = CSRO_ERROR_MEMORY;
    return;
  }
  for (int64_t c = 0; c < in.count; c++) {
    cells[c] = (int64_t)in.whole[c];
    in.whole[c] = ions_in(q, cells[c], 0, q->labels);
    in.part[c] = ions_in(q, cells[c], 1, q->labels);
  }
  add_ranged(w, &in);
  for (int64_t c = 0; c < in.count; c++)
    in.whole[c] = in.part[c];
  for (int l = 1; l < q->labels && q->labels > 2; l++) {
    for (int64_t c = 0; c < in.count; c++)
      in.whole[c] = ions_in(q, cells[c], 1, q->labels);
    add_species(w, &in, cells, l);
  }
  add_nominal(w);
  free(cells);
  release(&in);
}

/* Runs the hard specimens, adds up the seeds of each row and prints the tables. */
#include "detection_hard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CENTRE_INSIDE = 39, CLASSES = HARD_CLASSES + 2, SHARES = 3 };
static const double shares[SHARES] = {0.05, 0.1, 0.2};
static const double factor = 1.3;  /* by which false shares may be off */
static const double longest = 120; /* s of CPU for one search */
static const double large = 1.3;   /* nm, of the domains that are counted by themselves */
static const double area_may_differ = 0.02, recall_may_differ = 0.05;

/* Sums over the seeds of one row. */
typedef struct tally {
  int samples;
  bool ended; /* a search took too long */
  int64_t voxels, domains, diameters;
  float *score, *inner; /* of all voxels of all seeds */
  int32_t *voxel_truth;
  csro_true_domain *truth;
  double *diameter; /* of reports */
  double recalled[CLASSES], known[CLASSES], told[CLASSES], around[CLASSES], told_of[CLASSES];
  double reports[SHARES], wrong[SHARES], declared[SHARES]; /* false ones: true and expected */
  double held, expected_held; /* sums over reports: share of their ions in true domains */
  double density, large, volume, large_true;
  double plane_seconds, seconds, ions, sigma_xy, sigma_z;
} tally;

static void *grow(csro_context *context, void *old, int64_t count, size_t size) {
  void *memory = realloc(old, (size_t)(count > 0 ? count : 1) * size);
  must(context, memory ? CSRO_OK : csro_fail(context, CSRO_ERROR_MEMORY, "out of memory"));
  return memory;
}

static void tally_release(tally *t) {
  free(t->score);
  free(t->inner);
  free(t->voxel_truth);
  free(t->truth);
  free(t->diameter);
}

/* Voxels and domains of a seed behind those of the seeds before. */
static void add_voxels(const sample *s, const float *probability, tally *t) {
  int64_t all = t->voxels + s->voxels, domains = t->domains + s->domains;
  t->score = grow(s->context, t->score, all, sizeof *t->score);
  t->inner = grow(s->context, t->inner, all, sizeof *t->inner);
  t->voxel_truth = grow(s->context, t->voxel_truth, all, sizeof *t->voxel_truth);
  t->truth = grow(s->context, t->truth, domains, sizeof *t->truth);
  for (int64_t v = 0; v < s->voxels; v++) {
    int32_t truth = s->voxel_truth[v];
    t->score[t->voxels + v] = s->voxel_ions[v] > 0 ? probability[v] : NAN;
    t->inner[t->voxels + v] = s->voxel_ions[v] >= CENTRE_INSIDE ? probability[v] : NAN;
    t->voxel_truth[t->voxels + v] = truth >= 0 ? truth + (int32_t)t->domains : truth;
  }
  for (int64_t d = 0; d < s->domains; d++) {
    t->truth[t->domains + d] = s->truth[d];
    t->large_true += s->truth[d].diameter >= large;
  }
  t->voxels = all;
  t->domains = domains;
}

/* Shares of the ions of the first reports that are in true domains. */
static void add_shares(const sample *s, const csro_order *order, int64_t count, tally *t) {
  double *held = need(s->context, (size_t)count, sizeof *held);
  for (int64_t i = 0; i < s->points.count; i++)
    if (order->domain[i] >= 0 && order->domain[i] < count)
      held[order->domain[i]] += s->true_domain[i] >= 0;
  for (int64_t d = 0; d < count; d++) {
    t->held += held[d] / (double)order->domains[d].ions;
    t->expected_held += order->domains[d].ion_share;
  }
  free(held);
}

static void add_domains(const sample *s, const csro_size_classes *classes, const csro_order *order,
                        tally *t) {
  double *value = need(s->context, (size_t)order->count, sizeof *value);
  double *fdr = need(s->context, (size_t)order->count, sizeof *fdr);
  for (int64_t d = 0; d < order->count; d++)
    value[d] = -(double)d;
  csro_order_fdr(order->count, order->domains, fdr);
  csro_detection detection;
  must(s->context,
       csro_detection_init(s->context, s->points.count, order->domain, s->true_domain, order->count,
                           value, s->domains, s->truth, classes, &detection));
  for (int k = 0; k < SHARES; k++) {
    int64_t count = csro_order_select_fdr(order->count, order->domains, shares[k]);
    t->reports[k] += (double)count;
    t->wrong[k] += (double)detection.wrong[count];
    t->declared[k] += count > 0 ? fdr[count - 1] * (double)count : 0;
  }
  int64_t count = csro_order_select_fdr(order->count, order->domains, 0.1);
  for (int k = 0; k < CLASSES; k++) {
    t->recalled[k] += (double)detection.recalled[count * detection.classes + k];
    t->known[k] += (double)detection.domains[k];
  }
  add_shares(s, order, count, t);
  t->diameter = grow(s->context, t->diameter, t->diameters + count, sizeof *t->diameter);
  for (int64_t d = 0; d < count; d++)
    t->diameter[t->diameters++] = order->domains[d].diameter;
  for (int64_t d = 0; d < order->count; d++)
    t->large += order->domains[d].diameter >= large ? order->domains[d].probability : 0;
  csro_detection_release(&detection);
  free(value);
  free(fdr);
}

static int past_limit(void *user, double fraction) {
  (void)fraction;
  return cpu_seconds() > *(double *)user;
}

/* Searches with a limit of time; whether it was kept. */
static bool search(const hard_row *row, sample *s, float *probability, csro_order *order) {
  double begin = cpu_seconds(), end = begin + longest;
  uint16_t rich = row->rich > 0 ? row->rich : sample_species(s);
  s->context->progress = past_limit;
  s->context->user = &end;
  csro_status status =
      sample_search(s, &(sought){rich, row->sigma_xy, false, 0}, s->made.label, probability, order);
  s->context->progress = NULL;
  if (status == CSRO_CANCELLED)
    return false;
  must(s->context, status);
  return true;
}

static void run_seed(csro_context *context, const hard_row *row, bool equivalent, uint64_t seed,
                     tally *t) {
  const csro_size_classes classes = {HARD_CLASSES + 1, row->edges};
  sample s;
  csro_specimen made = row->specimen;
  made.seed = seed;
  if (equivalent) {
    made.tilt = made.curvature_radius = made.spacing_drift = 0;
    made.grain.present = false;
    made.lattice_constant = bench_frustum(25).lattice_constant;
  }
  sample_make(context, &made, false, equivalent ? &row->specimen : NULL, &s);
  sample_planes(&s);
  float *probability = need(context, (size_t)s.voxels, sizeof *probability);
  csro_order order;
  double begin = cpu_seconds();
  if (search(row, &s, probability, &order)) {
    t->seconds += cpu_seconds() - begin;
    t->plane_seconds += s.plane_seconds;
    t->ions += (double)s.points.count;
    t->samples++;
    t->density += order.density;
    t->volume += csro_specimen_volume(&s.specimen);
    t->sigma_xy += s.sigma_xy;
    t->sigma_z += s.planes.sigma_z;
    add_voxels(&s, probability, t);
    add_domains(&s, &classes, &order, t);
    if (row->told && !equivalent)
      sample_told(&s, row->rich, &classes, &(told_counts){t->told_of, t->told, t->around});
    csro_order_release(&order);
  } else {
    t->ended = true;
  }
  free(probability);
  sample_release(&s);
}

static tally run_row(csro_context *context, const hard_row *row, bool equivalent,
                     const hard_options *options) {
  tally t = {0};
  for (uint64_t seed = options->first; seed <= options->last && !t.ended; seed++)
    run_seed(context, row, equivalent, seed, &t);
  return t;
}

static double area_of(csro_context *context, const hard_row *row, const tally *t,
                      const float *score) {
  const csro_size_classes classes = {HARD_CLASSES + 1, row->edges};
  if (t->domains == 0)
    return NAN;
  csro_roc roc;
  must(context,
       csro_voxel_roc(context, t->voxels, score, t->voxel_truth, t->truth, &classes, -1, &roc));
  double area = roc.area;
  csro_roc_release(&roc);
  return area;
}

/* P(X <= count) of a Poisson distribution. */
static double poisson_to(double count, double mean) {
  double sum = 0;
  if (mean <= 0)
    return 1;
  for (double k = 0; k <= count; k++)
    sum += exp(k * log(mean) - mean - lgamma(k + 1));
  return sum;
}

/* False reports against the expected ones: within the factor, or where chance explains it (95 %).
 */
static const char *judge(double wrong, double expected) {
  if (wrong <= factor * expected && factor * wrong >= expected)
    return "";
  if (poisson_to(wrong, expected) >= 0.025 &&
      (wrong < 1 || 1 - poisson_to(wrong - 1, expected) >= 0.025))
    return "";
  return wrong > expected ? " **high**" : " **low**";
}

static int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median_of(int64_t count, double *value) {
  if (count == 0)
    return NAN;
  qsort(value, (size_t)count, sizeof *value, rising);
  return value[count / 2];
}

static void print_number(const char *format, double value) {
  printf(" ");
  if (isnan(value))
    printf("|");
  else
    printf(format, value), printf(" |");
}

static void print_recalls(const double *found, const double *of) {
  for (int k = 1; k <= HARD_CLASSES; k++)
    if (of[k] > 0)
      printf(" %.2f (%.0f) |", found[k] / of[k], of[k]);
    else
      printf(" |");
}

static void print_row(csro_context *context, const hard_row *row, tally *t) {
  printf("| %s |", row->name);
  if (t->samples == 0) {
    printf(" not done after %.0f s |\n", longest);
    return;
  }
  print_number("%.3f", area_of(context, row, t, t->score));
  print_number("%.3f", area_of(context, row, t, t->inner));
  print_recalls(t->recalled, t->known);
  for (int k = 0; k < SHARES; k++)
    if (t->reports[k] > 0)
      printf(" %.1f (%.1f) %% of %.0f%s |", 100 * t->wrong[k] / t->reports[k],
             100 * t->declared[k] / t->reports[k], t->reports[k],
             judge(t->wrong[k], t->declared[k]));
    else
      printf(" none |");
  if (t->diameters > 0)
    printf(" %.2f (%.2f) |", t->held / (double)t->diameters,
           t->expected_held / (double)t->diameters);
  else
    printf(" |");
  printf(" %.3f (%.3f) | %.3f (%.3f) |", t->density / t->samples, (double)t->domains / t->volume,
         t->large / t->volume, t->large_true / t->volume);
  print_number("%.2f", median_of(t->diameters, t->diameter));
  printf(" %.1f + %.1f | %.2f | %.3f |\n", 1e6 * t->plane_seconds / t->ions,
         1e6 * t->seconds / t->ions, t->sigma_xy / t->samples, t->sigma_z / t->samples);
  fflush(stdout);
}

static void print_head(void) {
  printf("| specimen | AUC | inner voxels | recall 1.0-1.3 nm | 1.3-1.6 | 1.6-2.0 | false of "
         "declared 5 %% | 10 %% | 20 %% | share of ions in true domains (IonShare) | domains per "
         "nm^3 | of 1.3 nm and more | median "
         "diameter, nm | microseconds per ion | sigma_xy, nm | sigma_z, nm |\n"
         "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  fflush(stdout);
}

/* The spread of ions about the planes where they lean by t, mean of the squares over the volume. */
static double equivalent_sigma(const csro_specimen *s) {
  double sum = 0, count = 0;
  for (double z = -s->height + 0.25; z < 0; z += 0.5)
    for (double y = -s->radius[1] + 0.25; y < s->radius[1]; y += 0.5)
      for (double x = -s->radius[1] + 0.25; x < s->radius[1]; x += 0.5) {
        double radius = s->radius[0] - (s->radius[1] - s->radius[0]) * z / s->height;
        if (x * x + y * y > radius * radius)
          continue;
        const double r[3] = {x, y, z};
        double across = s->sigma_xy * sine_of_tilt(s, r);
        sum += across * across;
        count++;
      }
  return sqrt(s->sigma_z * s->sigma_z + sum / count);
}

/* The last size class that has domains. */
static int largest_class(const tally *t) {
  int k = HARD_CLASSES;
  while (k > 1 && t->known[k] == 0)
    k--;
  return k;
}

typedef struct beside {
  const hard_row *row;
  double area, recall; /* of the hard specimen */
  tally clean;
} beside;

static void print_equivalents(csro_context *context, const beside *list, int count) {
  printf("\n| specimen | clean specimen of sigma_z, nm | AUC | clean | recall of the largest | "
         "clean | |\n|---|---|---|---|---|---|---|\n");
  for (int i = 0; i < count; i++) {
    const beside *b = &list[i];
    int k = largest_class(&b->clean);
    double area = area_of(context, b->row, &b->clean, b->clean.score);
    double recall = b->clean.recalled[k] / b->clean.known[k];
    bool worse = b->area < area - area_may_differ || b->recall < recall - recall_may_differ;
    printf("| %s | %.3f | %.3f | %.3f | %.2f | %.2f | %s |\n", b->row->name,
           equivalent_sigma(&b->row->specimen), b->area, area, b->recall, recall,
           worse ? "**worse**" : "as good");
  }
}

typedef struct told_row {
  const char *name;
  double found[CLASSES], told[CLASSES], around[CLASSES], of[CLASSES];
} told_row;

static void print_shares(const double *found, const double *told) {
  for (int k = 1; k <= HARD_CLASSES; k++)
    printf(" %.2f", told[k] > 0 ? found[k] / told[k] : NAN);
  printf(" |");
}

static void print_told(const told_row *list, int count) {
  printf(
      "\n| recall at 10 %% false | told place and size: 1.0-1.3 nm | 1.3-1.6 | 1.6-2.0 | not told, "
      "as a share of it | best of each nm^3: 1.0-1.3 nm | 1.3-1.6 | 1.6-2.0 | not told, as a "
      "share of it |\n|---|---|---|---|---|---|---|---|---|\n");
  for (int i = 0; i < count; i++) {
    const told_row *t = &list[i];
    printf("| %s |", t->name);
    print_recalls(t->told, t->of);
    print_shares(t->found, t->told);
    print_recalls(t->around, t->of);
    print_shares(t->found, t->around);
    printf("\n");
  }
}

static void run_rows(csro_context *context, const hard_row *rows, int count,
                     const hard_options *options) {
  beside *list = need(context, (size_t)count, sizeof *list);
  told_row *told = need(context, (size_t)count, sizeof *told);
  int listed = 0, told_count = 0;
  print_head();
  for (int i = 0; i < count; i++) {
    const hard_row *row = &rows[i];
    if (!strstr(row->name, options->row))
      continue;
    tally t = run_row(context, row, false, options);
    print_row(context, row, &t);
    if (row->equivalent && t.samples > 0) {
      int k = largest_class(&t);
      list[listed++] = (beside){row, area_of(context, row, &t, t.score), t.recalled[k] / t.known[k],
                                run_row(context, row, true, options)};
    }
    if (row->told && t.samples > 0) {
      told_row *to = &told[told_count++];
      to->name = row->name;
      memcpy(to->found, t.recalled, sizeof to->found);
      memcpy(to->told, t.told, sizeof to->told);
      memcpy(to->around, t.around, sizeof to->around);
      memcpy(to->of, t.told_of, sizeof to->of);
    }
    tally_release(&t);
  }
  if (listed > 0)
    print_equivalents(context, list, listed);
  if (told_count > 0)
    print_told(told, told_count);
  for (int i = 0; i < listed; i++)
    tally_release(&list[i].clean);
  free(list);
  free(told);
}

static void run_nulls(csro_context *context, const hard_row *rows, int count,
                      const hard_options *options) {
  printf("| without domains | ions | runs | with reports | reports | domains per nm^3 |\n"
         "|---|---|---|---|---|---|\n");
  for (int i = 0; i < count; i++) {
    if (!rows[i].null || !strstr(rows[i].name, options->row))
      continue;
    hard_row row = rows[i];
    row.specimen.domain_density = 0;
    tally t = {0};
    int runs = 0;
    for (uint64_t seed = 1; seed <= (uint64_t)options->nulls && !t.ended; seed++) {
      double before = t.reports[1];
      run_seed(context, &row, false, seed, &t);
      runs += t.reports[1] > before;
    }
    printf("| %s | %.0f | %d | %d | %.0f | %.2g |\n", row.name, t.ions / t.samples, t.samples, runs,
           t.reports[1], t.density / t.samples);
    fflush(stdout);
    tally_release(&t);
  }
}

void run_hard(csro_context *context, const hard_options *options) {
  int count;
  hard_row *rows = hard_rows(context, &count);
  if (options->nulls > 0)
    run_nulls(context, rows, count, options);
  else
    run_rows(context, rows, count, options);
  free(rows);
}

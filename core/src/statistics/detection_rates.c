#include "csro/detection.h"

#include "base/progress.h"

#include <math.h>
#include <stdlib.h>

int csro_size_class(const csro_size_classes *classes, double diameter) {
  int k = 0;
  while (k < classes->edge_count && diameter >= classes->edges[k])
    k++;
  return k;
}

typedef struct voxel_range {
  int64_t begin, end;
} voxel_range;

/* The voxels along one axis whose centres may lie within `reach` of a coordinate. */
static voxel_range range_along(const csro_grid *grid, int axis, double center, double reach) {
  double first = csro_voxel_center_along(grid, axis, 0), last = (double)grid->n[axis] - 1;
  double lo = floor((center - reach - first) / grid->stride);
  double hi = ceil((center + reach - first) / grid->stride);
  voxel_range range = {0, 0};
  if (lo <= last && hi >= 0) {
    range.begin = lo > 0 ? (int64_t)lo : 0;
    range.end = (hi < last ? (int64_t)hi : (int64_t)last) + 1;
  }
  return range;
}

static void mark_domain(const csro_grid *grid, int32_t number, const csro_true_domain *domain,
                        double margin, int32_t *truth) {
  double reach = csro_true_domain_reach(domain) + margin;
  voxel_range range[3];
  for (int axis = 0; axis < 3; axis++)
    range[axis] = range_along(grid, axis, domain->center[axis], reach);
  int64_t v[3];
  for (v[2] = range[2].begin; v[2] < range[2].end; v[2]++)
    for (v[1] = range[1].begin; v[1] < range[1].end; v[1]++)
      for (v[0] = range[0].begin; v[0] < range[0].end; v[0]++) {
        double r[3];
        csro_voxel_center(grid, v[0], v[1], v[2], r);
        int32_t *found = &truth[(v[2] * grid->n[1] + v[1]) * grid->n[0] + v[0]];
        if (csro_true_domain_holds(domain, r, 0))
          *found = number;
        else if (*found == CSRO_VOXEL_OUTSIDE && csro_true_domain_holds(domain, r, margin))
          *found = CSRO_VOXEL_BETWEEN;
      }
}

csro_status csro_voxel_truth(csro_context *context, const csro_grid *grid, int64_t count,
                             const csro_true_domain *domains, double margin, int32_t *truth) {
  csro_status status = csro_check_number(context, "margin in nm", margin, 0, CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
  int64_t voxels = grid->n[0] * grid->n[1] * grid->n[2];
  for (int64_t v = 0; v < voxels; v++)
    truth[v] = CSRO_VOXEL_OUTSIDE;
  for (int64_t d = count - 1; d >= 0; d--) /* the smallest number has the last word */
    mark_domain(grid, (int32_t)d, &domains[d], margin, truth);
  return CSRO_OK;
}

static bool is_of_class(int32_t truth, const csro_true_domain *domains,
                        const csro_size_classes *classes, int size_class) {
  return truth >= 0 &&
         (size_class < 0 || size_class == csro_size_class(classes, domains[truth].diameter));
}

int64_t csro_voxel_positives(int64_t voxels, const float *score, const int32_t *truth,
                             const csro_true_domain *domains, const csro_size_classes *classes,
                             int size_class) {
  int64_t count = 0;
  for (int64_t v = 0; v < voxels; v++)
    count += !isnan(score[v]) && is_of_class(truth[v], domains, classes, size_class);
  return count;
}

/* The voxels of a size class and those outside of all domains; returns their number. */
static int64_t keep_examples(int64_t voxels, const float *score, const int32_t *truth,
                             const csro_true_domain *domains, const csro_size_classes *classes,
                             int size_class, float *kept, uint8_t *positive) {
  int64_t n = 0;
  for (int64_t v = 0; v < voxels; v++) {
    bool of_class = is_of_class(truth[v], domains, classes, size_class);
    if (!of_class && truth[v] != CSRO_VOXEL_OUTSIDE)
      continue;
    kept[n] = score[v];
    positive[n++] = of_class;
  }
  return n;
}

csro_status csro_voxel_roc(csro_context *context, int64_t voxels, const float *score,
                           const int32_t *truth, const csro_true_domain *domains,
                           const csro_size_classes *classes, int size_class, csro_roc *roc) {
  *roc = (csro_roc){0};
  csro_progress progress; /* one step: a cancel between two curves is heard */
  csro_progress_start(&progress, context, 1, 0, 1);
  csro_status status = csro_progress_end(&progress);
  if (status != CSRO_OK)
    return status;
  float *kept = csro_allocate(context, voxels, sizeof *kept);
  uint8_t *positive = csro_allocate(context, voxels, sizeof *positive);
  status = CSRO_ERROR_MEMORY;
  if (kept && positive) {
    int64_t n = keep_examples(voxels, score, truth, domains, classes, size_class, kept, positive);
    status = csro_roc_init(context, n, kept, positive, roc);
  }
  free(kept);
  free(positive);
  return status;
}

/* An ion of a report; truth -1 is no true domain. */
typedef struct reported_ion {
  int64_t report, truth;
} reported_ion;

/* A report, or a true domain that is recalled by reports from this value on. */
typedef struct ranked {
  double value;   /* -infinity: without a value */
  bool wrong;     /* reports */
  int size_class; /* true domains */
} ranked;

/* The work of one call. */
typedef struct matching {
  int64_t ion_count, report_count, recalled_count;
  reported_ion *ions;
  ranked *reports;
  ranked *recalled; /* [true domains], those recalled come first in the end */
} matching;

static int by_report(const void *a, const void *b) {
  const reported_ion *p = a, *q = b;
  if (p->report != q->report)
    return p->report < q->report ? -1 : 1;
  return (p->truth > q->truth) - (p->truth < q->truth);
}

static int by_falling_value(const void *a, const void *b) {
  double p = ((const ranked *)a)->value, q = ((const ranked *)b)->value;
  return (p < q) - (p > q);
}

static csro_status list_ions(csro_context *context, int64_t ions, const int64_t *report,
                             const int64_t *truth, int64_t values, int64_t count, matching *m) {
  for (int64_t i = 0; i < ions; i++) {
    if (report[i] < 0)
      continue;
    if (truth[i] >= count)
      return csro_fail(context, CSRO_ERROR_DATA,
                       "ion %lld belongs to true domain %lld, the table has %lld", (long long)i,
                       (long long)truth[i], (long long)count);
    if (report[i] >= values)
      return csro_fail(context, CSRO_ERROR_DATA,
                       "ion %lld belongs to reported domain %lld, %lld have a rank value",
                       (long long)i, (long long)report[i], (long long)values);
    bool counts = truth[i] >= 0 || truth[i] == CSRO_TRUTH_UNKNOWN;
    m->ions[m->ion_count++] = (reported_ion){report[i], counts ? truth[i] : -1};
  }
  qsort(m->ions, (size_t)m->ion_count, sizeof *m->ions, by_report);
  return CSRO_OK;
}

/* Judges the report of the ions begin .. end - 1, and lets it recall true domains. */
static void judge_report(int64_t begin, int64_t end, double value, matching *m) {
  int64_t ordered = 0;
  for (int64_t i = begin; i < end; i++)
    ordered += m->ions[i].truth != -1;
  bool wrong = 2 * ordered < end - begin;
  m->reports[m->report_count++] = (ranked){.value = value, .wrong = wrong};
  for (int64_t i = begin, next; i < end && !wrong; i = next) {
    int64_t truth = m->ions[i].truth;
    for (next = i + 1; next < end && m->ions[next].truth == truth;)
      next++;
    if (truth < 0 || next - i < CSRO_RECALL_IONS)
      continue;
    ranked *domain = &m->recalled[truth];
    domain->value = isnan(domain->value) ? value : fmax(domain->value, value);
  }
}

static void judge_reports(const double *value, matching *m) {
  for (int64_t i = 0, next; i < m->ion_count; i = next) {
    int64_t number = m->ions[i].report;
    for (next = i + 1; next < m->ion_count && m->ions[next].report == number;)
      next++;
    double rank = value ? value[number] : 0;
    judge_report(i, next, isnan(rank) ? -INFINITY : rank, m);
  }
  qsort(m->reports, (size_t)m->report_count, sizeof *m->reports, by_falling_value);
}

/* The recalled domains in the order in which they are. */
static void sort_recalled(int64_t count, matching *m) {
  for (int64_t d = 0; d < count; d++)
    if (!isnan(m->recalled[d].value))
      m->recalled[m->recalled_count++] = m->recalled[d];
  qsort(m->recalled, (size_t)m->recalled_count, sizeof *m->recalled, by_falling_value);
}

/* A new row begins as a copy of the one before. */
static void add_row(double value, csro_detection *d) {
  int64_t row = d->rows++;
  d->value[row] = value;
  d->reports[row] = row > 0 ? d->reports[row - 1] : 0;
  d->wrong[row] = row > 0 ? d->wrong[row - 1] : 0;
  for (int k = 0; k < d->classes; k++)
    d->recalled[row * d->classes + k] = row > 0 ? d->recalled[(row - 1) * d->classes + k] : 0;
}

static void fill_rows(const matching *m, csro_detection *d) {
  add_row(INFINITY, d);
  int64_t found = 0;
  for (int64_t i = 0; i < m->report_count;) {
    double value = m->reports[i].value;
    add_row(value == -INFINITY ? NAN : value, d);
    int64_t row = d->rows - 1;
    for (; i < m->report_count && m->reports[i].value == value; i++) {
      d->reports[row]++;
      d->wrong[row] += m->reports[i].wrong;
    }
    for (; found < m->recalled_count && m->recalled[found].value >= value; found++)
      d->recalled[row * d->classes + m->recalled[found].size_class]++;
  }
}

/* Rows for as many reports as there may be. */
static csro_status allocate_rows(csro_context *context, int64_t reports, csro_detection *d) {
  d->value = csro_allocate(context, reports + 1, sizeof *d->value);
  d->reports = csro_allocate(context, reports + 1, sizeof *d->reports);
  d->wrong = csro_allocate(context, reports + 1, sizeof *d->wrong);
  d->recalled = csro_allocate(context, (reports + 1) * d->classes, sizeof *d->recalled);
  return d->value && d->reports && d->wrong && d->recalled ? CSRO_OK : CSRO_ERROR_MEMORY;
}

static csro_status match(csro_context *context, const double *value, int64_t count, matching *m,
                         csro_detection *d) {
  judge_reports(value, m);
  sort_recalled(count, m);
  csro_status status = allocate_rows(context, m->report_count, d);
  if (status == CSRO_OK)
    fill_rows(m, d);
  return status;
}

/* True domains by size; none of them is recalled yet. */
static void list_domains(int64_t count, const csro_true_domain *domains,
                         const csro_size_classes *classes, matching *m, csro_detection *d) {
  for (int k = 0; k < d->classes; k++)
    d->domains[k] = 0;
  for (int64_t i = 0; i < count; i++) {
    int k = csro_size_class(classes, domains[i].diameter);
    m->recalled[i] = (ranked){.value = NAN, .size_class = k};
    d->domains[k]++;
  }
}

csro_status csro_detection_init(csro_context *context, int64_t ions, const int64_t *report,
                                const int64_t *truth, int64_t values, const double *value,
                                int64_t count, const csro_true_domain *domains,
                                const csro_size_classes *classes, csro_detection *detection) {
  *detection = (csro_detection){.classes = classes->edge_count + 1};
  matching m = {0};
  m.ions = csro_allocate(context, ions, sizeof *m.ions);
  m.reports = csro_allocate(context, ions, sizeof *m.reports);
  m.recalled = csro_allocate(context, count, sizeof *m.recalled);
  detection->domains = csro_allocate(context, detection->classes, sizeof *detection->domains);
  csro_status status = CSRO_ERROR_MEMORY;
  if (m.ions && m.reports && m.recalled && detection->domains) {
    list_domains(count, domains, classes, &m, detection);
    status = list_ions(context, ions, report, truth, value ? values : INT64_MAX, count, &m);
  }
  if (status == CSRO_OK)
    status = match(context, value, count, &m, detection);
  free(m.ions);
  free(m.reports);
  free(m.recalled);
  if (status != CSRO_OK)
    csro_detection_release(detection);
  return status;
}

void csro_detection_release(csro_detection *detection) {
  if (!detection)
    return;
  free(detection->value);
  free(detection->reports);
  free(detection->wrong);
  free(detection->recalled);
  free(detection->domains);
  *detection = (csro_detection){0};
}

int64_t csro_detection_row(const csro_detection *detection, double target) {
  int64_t row = detection->rows - 1;
  while (row > 0 && (double)detection->wrong[row] > target * (double)detection->reports[row])
    row--;
  return row;
}

static int64_t count_class(const int64_t *counts, int classes, int size_class) {
  if (size_class >= 0)
    return counts[size_class];
  int64_t all = 0;
  for (int k = 0; k < classes; k++)
    all += counts[k];
  return all;
}

static double share(int64_t part, int64_t whole) {
  return whole > 0 ? (double)part / (double)whole : NAN;
}

int64_t csro_detection_domains(const csro_detection *detection, int size_class) {
  return count_class(detection->domains, detection->classes, size_class);
}

double csro_detection_recall(const csro_detection *detection, int64_t row, int size_class) {
  const int64_t *recalled = detection->recalled + row * detection->classes;
  return share(count_class(recalled, detection->classes, size_class),
               csro_detection_domains(detection, size_class));
}

double csro_detection_fdr(const csro_detection *detection, int64_t row) {
  return share(detection->wrong[row], detection->reports[row]);
}

double csro_detection_precision(const csro_detection *detection, int64_t row) {
  return 1 - csro_detection_fdr(detection, row);
}

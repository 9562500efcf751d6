#include "statistics/sensitivity_response.h"

#include <math.h>
#include <stdlib.h>

static const double alike = 0.05;      /* orders */
static const double usual_order = 0.7; /* logarithms of order are relative to this */

/* Before looking: larger domains and stronger order are found more easily, leave more evidence, and
 * what is more strongly ordered is found to be. */
static const csro_logistic_prior found = {{0, 9, 5}, {5, 5, 4, 8, 5, 15, 4}},
                                 ordered = {{0, 0, 5}, {3, 3, 3, 3, 3, 3, 2}};

bool csro_response_of_one_order(const csro_response *response) {
  return response->order[1] - response->order[0] <= alike;
}

static void describe(const csro_response *r, double diameter, double order, int evidence,
                     double f[CSRO_FEATURES]) {
  const double x = log(diameter / r->middle);
  const double y = csro_response_of_one_order(r) ? 0 : log(order / usual_order);
  f[0] = 1;
  f[1] = x;
  f[2] = y;
  f[3] = x * x;
  f[4] = x * y;
  f[5] = x * x * x;
  f[CSRO_FEATURES - 1] = evidence;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int class_of(int edges, const double *edge, double value) {
  int k = 0;
  while (k < edges && value >= edge[k])
    k++;
  return k;
}

/* Edges between which there are equally many of the values. */
static void cut(int64_t count, double *value, int edges, double *edge) {
  if (count > 0)
    qsort(value, (size_t)count, sizeof *value, by_value);
  for (int k = 0; k < edges; k++)
    edge[k] = count > 0 ? value[count * (k + 1) / (edges + 1)] : INFINITY;
}

static void cut_classes(int64_t count, const csro_planted *planted, double *scratch,
                        csro_response *r) {
  for (int which = 0; which < 2; which++) {
    int64_t n = 0;
    for (int64_t d = 0; d < count; d++)
      if (planted[d].own)
        scratch[n++] = which ? planted[d].strength : planted[d].evidence;
    if (which)
      cut(n, scratch, CSRO_REPORT_ORDERS - 1, r->strength_edge);
    else
      cut(n, scratch, CSRO_EVIDENCES - 1, r->evidence_edge);
  }
}

/* Whether the domain answers question `which`, and how. */
static bool answers(const csro_response *r, const csro_planted *p, int which, int *evidence,
                    bool *yes) {
  *evidence = 0;
  *yes = which == CSRO_RESPONSE_RECALLED ? p->recalled : p->own;
  if (which < CSRO_RESPONSE_EVIDENT)
    return true;
  const int seen = class_of(CSRO_EVIDENCES - 1, r->evidence_edge, p->evidence);
  const bool more = which < CSRO_RESPONSE_ORDERED;
  const int least = which - (more ? CSRO_RESPONSE_EVIDENT : CSRO_RESPONSE_ORDERED);
  const int own = more ? seen : class_of(CSRO_REPORT_ORDERS - 1, r->strength_edge, p->strength);
  *evidence = more ? 0 : seen;
  *yes = own > least;
  return p->own && own >= least;
}

csro_status csro_response_fit(csro_context *context, int64_t count, const csro_planted *planted,
                              csro_response *r) {
  *r = (csro_response){.smallest = INFINITY, .order = {INFINITY, 0}};
  for (int64_t d = 0; d < count; d++) {
    r->smallest = fmin(r->smallest, planted[d].diameter);
    r->largest = fmax(r->largest, planted[d].diameter);
    r->order[0] = fmin(r->order[0], planted[d].order);
    r->order[1] = fmax(r->order[1], planted[d].order);
  }
  r->middle = sqrt(r->smallest * r->largest);
  double *scratch = csro_allocate(context, count, sizeof *scratch);
  double(*feature)[CSRO_FEATURES] = csro_allocate(context, count, sizeof *feature);
  bool *yes = csro_allocate(context, count, sizeof *yes);
  const bool enough = scratch && feature && yes;
  if (enough)
    cut_classes(count, planted, scratch, r);
  for (int which = 0; which < CSRO_RESPONSES && enough; which++) {
    int64_t n = 0;
    for (int64_t d = 0; d < count; d++) {
      int evidence;
      if (!answers(r, &planted[d], which, &evidence, &yes[n]))
        continue;
      describe(r, planted[d].diameter, planted[d].order, evidence, feature[n++]);
    }
    csro_logistic_fit(which < CSRO_RESPONSE_ORDERED ? &found : &ordered, n,
                      (const double(*)[CSRO_FEATURES])feature, yes, &r->fit[which]);
  }
  free(scratch);
  free(feature);
  free(yes);
  return enough ? CSRO_OK : CSRO_ERROR_MEMORY;
}

int csro_response_cell(const csro_response *r, double evidence, double strength) {
  return class_of(CSRO_EVIDENCES - 1, r->evidence_edge, evidence) * CSRO_REPORT_ORDERS +
         class_of(CSRO_REPORT_ORDERS - 1, r->strength_edge, strength);
}

void csro_response_draw_one(const csro_response *r, csro_random *random, csro_response_draw *draw) {
  for (int k = 0; k < CSRO_RESPONSES; k++)
    csro_logistic_draw(&r->fit[k], random, draw->coefficient[k]);
}

double csro_response_recall(const csro_response *r, const csro_response_draw *draw, double diameter,
                            double order) {
  double f[CSRO_FEATURES];
  describe(r, diameter, order, 0, f);
  return csro_logistic_at(draw->coefficient[CSRO_RESPONSE_RECALLED], f);
}

void csro_response_cells(const csro_response *r, const csro_response_draw *draw, double diameter,
                         double order, double cell[CSRO_CELLS]) {
  double f[CSRO_FEATURES];
  describe(r, diameter, order, 0, f);
  double left = csro_logistic_at(draw->coefficient[CSRO_RESPONSE_OWN], f);
  for (int j = 0; j < CSRO_EVIDENCES; j++) {
    f[CSRO_FEATURES - 1] = 0;
    const double larger = j + 1 < CSRO_EVIDENCES
                              ? csro_logistic_at(draw->coefficient[CSRO_RESPONSE_EVIDENT + j], f)
                              : 0;
    double here = left * (1 - larger);
    left *= larger;
    f[CSRO_FEATURES - 1] = j;
    for (int k = 0; k < CSRO_REPORT_ORDERS; k++) {
      const double stronger =
          k + 1 < CSRO_REPORT_ORDERS
              ? csro_logistic_at(draw->coefficient[CSRO_RESPONSE_ORDERED + k], f)
              : 0;
      cell[j * CSRO_REPORT_ORDERS + k] = here * (1 - stronger);
      here *= stronger;
    }
  }
}

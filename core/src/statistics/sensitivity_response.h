/* What a search says of a domain of some diameter and order, learned from planted ones. */
#ifndef CSRO_STATISTICS_SENSITIVITY_RESPONSE_H
#define CSRO_STATISTICS_SENSITIVITY_RESPONSE_H

#include "csro/sensitivity.h"
#include "statistics/logistic.h"

/* Reports are classed by their evidence and by the strength of their order. */
enum {
  CSRO_EVIDENCES = 4,
  CSRO_REPORT_ORDERS = 3,
  CSRO_CELLS = CSRO_EVIDENCES * CSRO_REPORT_ORDERS
};

/* Probabilities by logistic regression on the logarithms of diameter and order, their product and
 * the square and cube of the first: that a domain is recalled; that it has a report of its own;
 * that its evidence is of a higher class than k when it is not of a lower one; and the same for its
 * strength, on the class of the evidence, too. */
enum {
  CSRO_RESPONSE_RECALLED,
  CSRO_RESPONSE_OWN,
  CSRO_RESPONSE_EVIDENT,
  CSRO_RESPONSE_ORDERED = CSRO_RESPONSE_EVIDENT + CSRO_EVIDENCES - 1,
  CSRO_RESPONSES = CSRO_RESPONSE_ORDERED + CSRO_REPORT_ORDERS - 1
};
typedef struct csro_response {
  double smallest, largest, middle; /* diameter */
  double order[2];                  /* weakest and strongest */
  double evidence_edge[CSRO_EVIDENCES - 1], strength_edge[CSRO_REPORT_ORDERS - 1];
  csro_logistic fit[CSRO_RESPONSES];
} csro_response;

/* Whether all domains were planted with about the same order: then it is not looked at. */
bool csro_response_of_one_order(const csro_response *response);

/* count > 0. */
csro_status csro_response_fit(csro_context *context, int64_t count, const csro_planted *planted,
                              csro_response *response);

/* The cell of a report. */
int csro_response_cell(const csro_response *response, double evidence, double strength);

/* Coefficients that the planted domains allow. */
typedef struct csro_response_draw {
  double coefficient[CSRO_RESPONSES][CSRO_FEATURES];
} csro_response_draw;
void csro_response_draw_one(const csro_response *response, csro_random *random,
                            csro_response_draw *draw);

double csro_response_recall(const csro_response *response, const csro_response_draw *draw,
                            double diameter, double order);
/* The probability of a report of its own in each cell. */
void csro_response_cells(const csro_response *response, const csro_response_draw *draw,
                         double diameter, double order, double cell[CSRO_CELLS]);

#endif

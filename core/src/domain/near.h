/* Ions within a fixed distance of others. */
#ifndef CSRO_DOMAIN_NEAR_H
#define CSRO_DOMAIN_NEAR_H

#include "csro/ions.h"

/* begin: whether ion i is asked about at all; meet: takes an ion j within the distance of i, j
 * itself left out, and says whether that is enough; end: after the last one. Called by several
 * threads, each ion i by one, the ions j in an order that does not depend on their number. */
typedef struct csro_near_visitor {
  bool (*begin)(void *user, int64_t i);
  bool (*meet)(void *user, int64_t i, int64_t j);
  void *user;
} csro_near_visitor;

/* Visits the ions 0 .. own - 1. Errors as csro_sparse_cells_init, CSRO_CANCELLED. */
csro_status csro_near_visit(csro_context *context, const csro_points *points, int64_t own,
                            double distance, const csro_near_visitor *visitor);

#endif

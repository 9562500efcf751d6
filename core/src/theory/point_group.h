/* The operations of the cubic point group that a periodic lattice has. */
#ifndef CSRO_POINT_GROUP_H
#define CSRO_POINT_GROUP_H

#include "csro/diffuse.h"

enum { CSRO_OPERATIONS = 48 };

/* Takes the point h to what is axis[k] of it along k, with this sign. */
typedef struct csro_operation {
  int axis[3], sign[3];
} csro_operation;

/* Those that take the sites of the box and its wave vectors to themselves; the first changes
 * nothing. Where alpha does not repeat on the grid there is no other. */
int csro_point_group(const csro_diffuse *diffuse, csro_operation operations[CSRO_OPERATIONS]);

/* Where the point of the grid goes. */
int64_t csro_operation_point(const csro_operation *operation, const int points[3], const int at[3]);

#endif

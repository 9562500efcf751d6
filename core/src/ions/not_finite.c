/* Ions whose position or mass is not finite: counted, refused or left out. */
#include "ions/ion_readers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double value_of(const csro_ions *ions, int64_t i, int axis) {
  const int64_t at = axis < 3 ? 3 * i + axis : i;
  const void *values = axis < 3 ? ions->xyz : ions->mass;
  return ions->is_double ? ((const double *)values)[at] : (double)((const float *)values)[at];
}

static bool is_finite(const csro_ions *ions, int64_t i) {
  return isfinite(value_of(ions, i, 0)) && isfinite(value_of(ions, i, 1)) &&
         isfinite(value_of(ions, i, 2)) && (!ions->mass || isfinite(value_of(ions, i, 3)));
}

csro_odd_ions csro_ions_examine(const csro_context *context, const csro_ions *ions) {
  int64_t count = 0, first = ions->count;
#pragma omp parallel for num_threads(context->threads) reduction(+ : count) reduction(min : first)
  for (int64_t i = 0; i < ions->count; i++)
    if (!is_finite(ions, i)) {
      count++;
      first = i < first ? i : first;
    }
  csro_odd_ions odd = {.count = count, .first = first};
  while (count > 0 && odd.axis < 3 && isfinite(value_of(ions, first, odd.axis)))
    odd.axis++;
  if (count > 0)
    odd.value = value_of(ions, first, odd.axis);
  return odd;
}

csro_status csro_ions_mark(csro_context *context, csro_ions *ions, csro_odd_ions odd,
                           const char *where) {
  if (odd.count == 0)
    return CSRO_OK;
  const size_t size = strlen(where) + 1;
  ions->first_left_out = csro_allocate(context, (long long)size, 1);
  if (!ions->first_left_out)
    return CSRO_ERROR_MEMORY;
  memcpy(ions->first_left_out, where, size);
  ions->left_out = odd.count;
  return CSRO_OK;
}

csro_status csro_ions_mark_byte(csro_context *context, csro_ions *ions, csro_odd_ions odd,
                                int64_t byte) {
  static const char *const names[] = {"x", "y", "z", "mass-to-charge"};
  char where[128];
  snprintf(where, sizeof where, "byte %lld: %s of ion %lld (from 0) is %f", (long long)byte,
           names[odd.axis], (long long)(ions->first + odd.first), odd.value);
  return csro_ions_mark(context, ions, odd, where);
}

static void move(void *data, size_t size, int64_t from, int64_t to) {
  memcpy((char *)data + (size_t)to * size, (char *)data + (size_t)from * size, size);
}

csro_status csro_ions_leave_out(csro_context *context, csro_ions *ions) {
  if (ions->left_out == 0)
    return CSRO_OK;
  const size_t size = ions->is_double ? sizeof(double) : sizeof(float);
  ions->number = csro_allocate(context, ions->count, sizeof *ions->number);
  if (!ions->number)
    return CSRO_ERROR_MEMORY;
  int64_t kept = 0;
  for (int64_t i = 0; i < ions->count; i++) {
    if (!is_finite(ions, i))
      continue;
    ions->number[kept] = i;
    if (kept < i) {
      move(ions->xyz, 3 * size, i, kept);
      if (ions->mass)
        move(ions->mass, size, i, kept);
      for (int c = 0; c < ions->column_count; c++) {
        const csro_column *column = &ions->columns[c];
        move(column->data, (size_t)column->components * csro_column_size(column->type), i, kept);
      }
      if (ions->species)
        ions->species[kept] = ions->species[i];
    }
    kept++;
  }
  ions->count = kept;
  return CSRO_OK;
}

csro_status csro_ions_refuse(csro_context *context, const char *path, int64_t count,
                             const char *first) {
  if (count == 1)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: %s, expected a finite number (1 ion is not finite; it can be left out: "
                     "LeaveOutNotFinite)",
                     path, first);
  return csro_fail(context, CSRO_ERROR_FORMAT,
                   "%s: %s, expected a finite number (%lld ions are not finite; they can be left "
                   "out: LeaveOutNotFinite)",
                   path, first, (long long)count);
}

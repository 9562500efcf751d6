#include "ions/write_values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

char *csro_put_float(float value, char *out) {
  int n = sprintf(out, "%.7g", (double)value);
  if ((float)strtod(out, NULL) != value)
    n = sprintf(out, "%.9g", (double)value);
  return out + n;
}

char *csro_put_double(double value, char *out) {
  int n = sprintf(out, "%.15g", value);
  if (strtod(out, NULL) != value)
    n = sprintf(out, "%.17g", value);
  return out + n;
}

char *csro_put_value(const csro_column *column, int64_t i, char *out) {
  switch (column->type) {
  case CSRO_COLUMN_INT64:
    return out + sprintf(out, "%" PRId64, ((const int64_t *)column->data)[i]);
  case CSRO_COLUMN_UINT64:
    return out + sprintf(out, "%" PRIu64, ((const uint64_t *)column->data)[i]);
  case CSRO_COLUMN_FLOAT32:
    return csro_put_float(((const float *)column->data)[i], out);
  case CSRO_COLUMN_FLOAT64:
    return csro_put_double(((const double *)column->data)[i], out);
  default:
    return out + sprintf(out, "%.0f", csro_column_value(column, i));
  }
}

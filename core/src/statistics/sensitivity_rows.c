#include "csro/sensitivity.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double seen = 0.2; /* recall of the smallest class whose density is told */
enum { ENOUGH = 20 };           /* planted domains of the class whose recall is told */

__attribute__((format(printf, 2, 3))) static void add(char *text, const char *format, ...) {
  size_t used = strlen(text);
  va_list values;
  va_start(values, format);
  vsnprintf(text + used, CSRO_SENSITIVITY_TEXT - used, format, values);
  va_end(values);
}

static void add_recall(const csro_sensitivity_row *row, const csro_estimate *order, double level,
                       char *text) {
  if (isnan(order->value))
    add(text, "Fully ordered domains of %.3g", row->low);
  else
    add(text, "Domains of order %.2f (%.2f to %.2f) and %.3g", order->value, order->low,
        order->high, row->low);
  if (isfinite(row->high))
    add(text, " to %.3g", row->high);
  add(text,
      " nm%s would have been found in %.0f %% of cases (%.0f %%: %.0f to %.0f "
      "%%)",
      isfinite(row->high) ? "" : " and more", 100 * row->recall.value, 100 * level,
      100 * row->recall.low, 100 * row->recall.high);
}

static void add_limit(const csro_estimate *limit, char *text) {
  if (isnan(limit->value))
    add(text, "; at no size planted is it half");
  else
    add(text, ", half of those of %.2f nm", limit->value);
  if (!isnan(limit->low))
    add(text, " (%.2f to %.2f)", limit->low, limit->high);
  add(text, ". ");
}

static void add_density(const csro_sensitivity_row *row, double level, char *text) {
  const csro_estimate *d = &row->density;
  if (isnan(d->value))
    return;
  if (d->value > 0)
    add(text,
        "Corrected for those that are not, there are %.2g domains of %.3g nm and more per m3 (%.0f "
        "%%: %.2g to %.2g).",
        1e27 * d->value, row->low, 100 * level, 1e27 * d->low, 1e27 * d->high);
  else
    add(text, "There are fewer than %.2g domains of %.3g nm and more per m3 (%.0f %%).",
        1e27 * d->high, row->low, 100 * level);
}

void csro_sensitivity_text(const csro_size_classes *classes, const csro_sensitivity_row *rows,
                           const csro_sensitivity *found, double level,
                           char text[CSRO_SENSITIVITY_TEXT]) {
  int all = csro_sensitivity_rows(classes), between = classes->edge_count - 1;
  int largest = -1, smallest = -1;
  text[0] = 0;
  for (int least = ENOUGH; least > 0 && largest < 0; least -= ENOUGH - 1)
    for (int k = 0; k < all; k++)
      if ((k < between || k == all - 1) && rows[k].planted >= least)
        largest = largest < 0 || rows[k].low > rows[largest].low ? k : largest;
  if (largest < 0) {
    add(text, "No domains were planted.");
    return;
  }
  add_recall(&rows[largest], &found->order, level, text);
  add_limit(&found->limit, text);
  for (int k = 0; k < between && smallest < 0; k++)
    if (rows[k].recall.value >= seen)
      smallest = between + k;
  add_density(&rows[smallest < 0 ? largest < between ? between + largest : largest : smallest],
              level, text);
}

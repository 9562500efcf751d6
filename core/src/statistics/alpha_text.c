#include "csro/order_parameters.h"

#include <math.h>
#include <stdio.h>

static const double usual_order = 0.5, usual_density = 0.05, per_m3 = 1e27; /* per nm3 */

double csro_alpha_of_domains(const csro_domains_of_alpha *domains, int planes, double order,
                             double density) {
  const double pi = acos(-1.0), d = domains->diameter;
  /* both ions in one ball: the part of it that a ball moved by their distance overlaps */
  const double along = planes * domains->spacing;
  const double r = fmin(d, hypot(along, domains->lateral / sqrt(2.0))) / d;
  const double overlap = 1 - 1.5 * r + 0.5 * r * r * r;
  /* how much fuller than the mean the rich planes can be */
  const double most = fmin(1, (1 - domains->share) / domains->share);
  const double contrast = most * order;
  const double sign = planes % 2 == 0 ? -1 : 1;
  return sign * density * pi / 6 * d * d * d * overlap * contrast * contrast;
}

/* What the limit means for domains; nothing where no domains make such an alpha. */
static void say_domains(const csro_order_parameter *value, const csro_domains_of_alpha *domains,
                        char *text, size_t size) {
  text[0] = 0;
  if (!domains)
    return;
  const double alpha =
      fabs(csro_alpha_of_domains(domains, value->value, usual_order, usual_density));
  if (alpha > 0)
    snprintf(text, size, ", which is order strength %g in %.2g domains of %g nm per m3",
             usual_order, value->limit / alpha * usual_density * per_m3, domains->diameter);
}

void csro_order_parameter_text(const csro_order_parameter *value, const char *what, int copies,
                               const csro_domains_of_alpha *domains,
                               char text[CSRO_ORDER_PARAMETER_TEXT]) {
  char interval[80] = "", limit[200] = "", meaning[100];
  if (isnan(value->alpha)) {
    snprintf(text, CSRO_ORDER_PARAMETER_TEXT, "%s: no neighbours.", what);
    return;
  }
  if (!isnan(value->low))
    snprintf(interval, sizeof interval, " (95 %%: %.3g to %.3g)", value->low, value->high);
  say_domains(value, domains, meaning, sizeof meaning);
  if (!isnan(value->limit))
    snprintf(limit, sizeof limit, "; order of this kind, if any, is below |alpha| = %.2g%s",
             value->limit, meaning);
  if (copies < 1 || isnan(value->p)) {
    snprintf(text, CSRO_ORDER_PARAMETER_TEXT,
             "%s: alpha = %.3g%s; without randomised copies nothing says what chance gives%s.",
             what, value->alpha, interval, limit);
    return;
  }
  const char *verdict = value->alpha > value->mean ? "rarer neighbours than chance gives"
                                                   : "more frequent neighbours than chance gives";
  snprintf(text, CSRO_ORDER_PARAMETER_TEXT,
           "%s: alpha = %.3g%s, in %d randomised %s %.2g on average, p = %.3g: %s%s.", what,
           value->alpha, interval, copies, copies == 1 ? "copy" : "copies", value->mean, value->p,
           csro_members_verdict(value->p, copies, verdict, "no evidence of order"), limit);
}

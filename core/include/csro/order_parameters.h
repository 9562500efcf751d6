/* Order parameters of all pairs of species, from counts of neighbours (csro/neighbour_counts.h):
 *   alpha_ab = 1 - p_ab / c_b
 * with p_ab the share of group b among the neighbours of ions of group a, and c_b its share of all
 * ions (Warren, X-ray Diffraction, 1969; Cowley, Phys. Rev. 77 (1950) 669). 0 is a random alloy,
 * negative where a and b are neighbours more often than that. Beside it the multicomponent form (de
 * Fontaine, J. Appl. Cryst. 4 (1971) 15): (p_ab - c_b) / (delta_ab - c_b), which is alpha for
 * unlike and -alpha c_b / (1 - c_b) for like pairs, positive where like attracts like. */
#ifndef CSRO_ORDER_PARAMETERS_H
#define CSRO_ORDER_PARAMETERS_H

#include "csro/members.h"
#include "csro/neighbour_counts.h"

CSRO_API_BEGIN

/* An order parameter of the data, with what the copies have. NaN where there are no neighbours. */
typedef struct csro_order_parameter {
  int a, b;              /* groups */
  int value;             /* SHELLS: bin; RANKED: of the nearest value + 1; PLANES: planes between */
  double neighbours;     /* counted, of all groups, of ions of group a; PLANES: in all bins */
  double alpha;          /* PLANES: with the blur of the planes taken out */
  double multicomponent; /* the same in the other form */
  double error;          /* standard error, by leaving out one part of space after the other */
  double low, high;      /* 95 % interval of alpha, from that; NaN with fewer than 8 parts */
  double mean;           /* of the copies, as the next three; NaN without copies */
  double deviation;      /* standard deviation; NaN with fewer than two copies */
  double z;              /* (alpha - mean) / deviation */
  double p;     /* (1 + copies as far from the mean of all members or farther) / (1 + copies):
                   two-sided */
  double limit; /* 95 % upper limit of |alpha - mean|; without copies the mean is 0 */
} csro_order_parameter;

/* How bins of counts become values. */
typedef struct csro_order_values {
  csro_neighbour_kind kind;
  int first_group;        /* the groups below it are neighbours, but have no parameters */
  int count;              /* SHELLS, RANKED: the bins; PLANES: 0 .. count - 1 planes between */
  double planes_per_bin;  /* of PLANES alone, as the next; the bins reach one plane beyond the last
                             value, or more */
  const double *variance; /* [groups] of the ions of a group about their planes, in planes^2 */
} csro_order_values;

/* All values together. */
typedef struct csro_order_test {
  csro_members_test all;
  int at; /* which of the values has the largest |z| */
} csro_order_test;

/* All pairs: out[groups a][groups b][values], of the groups from first_group on. PLANES: bins hold
 * pairs of several numbers of planes, for ions are not found at the height of their plane; with the
 * variances known, so is the share q_n of each number n in each bin, and alpha_n is fitted to sum
 * of q_n alpha_n = alpha of the bins by least squares, each bin weighted by its neighbours.
 * CSRO_ERROR_ARGUMENT: values that the bins do not have. */
csro_status csro_order_parameters_make(csro_context *context, const csro_neighbour_counts *counts,
                                       const csro_order_values *values, csro_order_parameter *out,
                                       csro_order_test *test);

/* What the order of domains makes of alpha of like pairs with `planes` planes between: domains are
 * balls, in which a share `order` of the species' ions has moved to every second plane. */
typedef struct csro_domains_of_alpha {
  double spacing;  /* of the planes, nm */
  double lateral;  /* as of the counts, nm */
  double diameter; /* of the domains, nm */
  double share;    /* of the species among all ions */
} csro_domains_of_alpha;

/* alpha, where there are `density` such domains per nm^3. */
double csro_alpha_of_domains(const csro_domains_of_alpha *domains, int planes, double order,
                             double density);

enum { CSRO_ORDER_PARAMETER_TEXT = 400 };
/* The value in a sentence: what was found against what, and what can be excluded. `what` names it
 * ("Ni-Ni, 1 plane apart"); `domains` may be NULL: the limit is then that of alpha alone. */
void csro_order_parameter_text(const csro_order_parameter *value, const char *what, int copies,
                               const csro_domains_of_alpha *domains,
                               char text[CSRO_ORDER_PARAMETER_TEXT]);

CSRO_API_END

#endif

/* Domains: DBSCAN over extracted ions, and the shape of each domain. */
#ifndef CSRO_DOMAINS_H
#define CSRO_DOMAINS_H

#include "csro/ions.h"

/* DBSCAN (Ester et al., KDD 1996). An ion with at least min_samples ions within eps (inclusive,
 * itself counted) is a core ion; core ions within eps of each other share a domain; another ion
 * within eps of a core ion joins the domain with the smallest number; the rest is noise (-1).
 * Domains are numbered from 0 in the order of their first core ion. No neighbour lists are stored:
 * memory is O(ions). Same labels for any number of threads. Errors (domain_count is 0, all labels
 * are -1): CSRO_ERROR_ARGUMENT for eps that is not finite or <= 0 and for min_samples < 1,
 * CSRO_ERROR_DATA for positions that are not finite or are 1e13 eps apart or more. */
csro_status csro_dbscan(csro_context *context, const csro_points *points, double eps,
                        int min_samples, int64_t *label, int64_t *domain_count);

/* One row of the domain table. Lengths in nm. */
typedef struct csro_domain {
  int64_t size; /* ions of all species */
  double center[3];
  double lo[3], hi[3];     /* extents */
  double gyration_axes[3]; /* radius of gyration along x, y, z about the centre */
  double gyration[3];      /* along the principal axes, Rg1 >= Rg2 >= Rg3 */
  double aspect_ratio;     /* Rg2 / Rg1, NaN when Rg1 = 0 */
  double oblateness;       /* Rg3 / Rg2, NaN when Rg2 = 0 */
} csro_domain;

/* Measures domains 0 .. domain_count - 1; ions with domain -1 are left out. The radius of gyration
 * along an axis is the root of the mean square distance from the centre along it; a domain without
 * ions has NaN for every length. composition[domain][species_count] counts the ions of each label
 * 0 .. species_count - 1 (label may be NULL: composition is not written then). CSRO_ERROR_DATA:
 * positions that are not finite, domains or labels out of their range. */
csro_status csro_domains_measure(csro_context *context, const csro_points *points,
                                 const int64_t *domain, int64_t domain_count, const uint16_t *label,
                                 int species_count, csro_domain *rows, int64_t *composition);

#endif

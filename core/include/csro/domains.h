/* Domains: DBSCAN over extracted ions, and the shape of each domain. */
#ifndef CSRO_DOMAINS_H
#define CSRO_DOMAINS_H

#include "csro/ions.h"

CSRO_API_BEGIN

/* CSRO_ERROR_ARGUMENT for eps that is not finite, denormal or <= 0 and for min_samples < 1. */
csro_status csro_dbscan_check(csro_context *context, double eps, int min_samples);

/* DBSCAN (Ester et al., KDD 1996). An ion with at least min_samples ions within eps (inclusive,
 * itself counted) is a core ion; core ions within eps of each other share a domain; another ion
 * within eps of a core ion joins the domain with the smallest number; the rest is noise (-1).
 * Domains are numbered from 0 in the order of their first core ion. No neighbour lists are stored:
 * memory is O(ions), beyond positions and labels about 30 bytes per ion (in double 42). Same labels
 * for any number of threads. Errors (domain_count is 0, all labels are -1): CSRO_ERROR_ARGUMENT for
 * eps that is not finite or <= 0 and for min_samples < 1, CSRO_ERROR_DATA for positions that are
 * not finite or are 1e13 eps apart or more and for 2^31 ions or more. */
csro_status csro_dbscan(csro_context *context, const csro_points *points, double eps,
                        int min_samples, int64_t *label, int64_t *domain_count);

/* ---- the same in parts: data that several processes share ----
 * Space is divided among the parts. A part gives its own ions and all others within 2 eps of them
 * (the halo) to csro_clusters_create. Core ions among its own and those within eps of them are then
 * known for certain; of the outer halo some are missed, never one too many. So clusters of
 * different parts that share a core ion are one domain, and every two core ions of a domain are
 * connected by such steps. The parts agree on the smallest core ion of each domain. The steps, each
 * by all parts:
 *
 *   csro_clusters_create; csro_clusters_first
 *
 *   rounds: csro_clusters_tell, told[ion] goes to every other part that holds the ion,
 *   csro_clusters_learn, until no part learns anything new
 *
 *   list of the first ions of all; csro_domains_number; csro_domain_number of each cluster
 *
 *   csro_clusters_label gives the labels of csro_dbscan to each part's own ions
 *
 * There are as many rounds as the longest chain of clusters that a domain needs from part to part,
 * at most as many as there are clusters. */
typedef struct csro_clusters csro_clusters; /* core ions of one part; keeps what labels need */

/* component[i] is the cluster of ion i when it is a core ion, else -1; clusters are numbered in the
 * order of their first core ion. Errors as above (*clusters is NULL, *count 0, components -1). */
csro_status csro_clusters_create(csro_context *context, const csro_points *points, double eps,
                                 int min_samples, int64_t *component, int64_t *count,
                                 csro_clusters **clusters);

/* Turns the components of csro_clusters_create into domains, in place: number[component] is the
 * domain of each cluster; ions that are no core ions get theirs here. number may be NULL: clusters
 * are domains. On error all are -1. */
csro_status csro_clusters_label(csro_context *context, csro_clusters *clusters,
                                const int64_t *number, int64_t *label);
/* Frees the clusters and sets the pointer to NULL. */
void csro_clusters_destroy(csro_clusters **clusters);

/* The place of an ion in the order that numbers domains: by id, then by place. No ion is the last
 * one: both are INT64_MAX. */
typedef struct csro_ion_number {
  int64_t id, place;
} csro_ion_number;

static inline bool csro_ion_is_before(csro_ion_number a, csro_ion_number b) {
  return a.id < b.id || (a.id == b.id && a.place < b.place);
}

/* first[cluster_count]: the smallest of the part's own core ions in each cluster, no ion without
 * one. number[own] and component[own] are those of the own ions. */
void csro_clusters_first(int64_t own, const csro_ion_number *number, const int64_t *component,
                         int64_t cluster_count, csro_ion_number *first);
/* told[ions]: what the part knows of each ion's cluster; no ion for those that are no core ions. */
void csro_clusters_tell(int64_t ions, const int64_t *component, const csro_ion_number *first,
                        csro_ion_number *told);
/* Learns what another part has told of an ion with this component. Returns whether it was new. */
bool csro_clusters_learn(int64_t component, csro_ion_number told, csro_ion_number *first);
/* Sorts first[count], the first ions of the clusters of all parts, and leaves each once. Returns
 * how many domains there are. */
int64_t csro_domains_number(int64_t count, csro_ion_number *first);
/* The domain with this first ion in the list of csro_domains_number; -1 when it is not there. */
int64_t csro_domain_number(int64_t domain_count, const csro_ion_number *list,
                           csro_ion_number first);

/* Adds the ions of each domain to size[domain_count]; ions with domain -1 are left out.
 * CSRO_ERROR_DATA for domains outside -1 .. domain_count - 1: size is added to in part then. */
csro_status csro_domain_sizes(csro_context *context, const int64_t *domain, int64_t count,
                              int64_t domain_count, int64_t *size);

/* One row of the domain table. Lengths in nm. */
typedef struct csro_domain {
  int64_t size; /* ions of all species */
  double center[3];
  double lo[3], hi[3];     /* smallest and largest coordinate */
  double extent[3];        /* greatest distance of an ion from the centre along x, y, z */
  double gyration_axes[3]; /* radius of gyration along x, y, z about the centre */
  double gyration[3];      /* along the principal axes, Rg1 >= Rg2 >= Rg3 */
  double axis[3][3];       /* the principal axes, of length 1, z >= 0; NaN where two are alike */
  double reach[3];         /* greatest distance of an ion from the centre along each of them */
  double aspect_ratio;     /* Rg2 / Rg1, NaN when Rg1 = 0 */
  double oblateness;       /* Rg3 / Rg2, NaN when Rg2 = 0 */
  double radius;           /* of gyration about the centre: root of the sum of the three squares */
  double guinier;          /* radius of a ball with this radius of gyration: sqrt(5/3) of it */
  double gyration_volume;  /* nm^3, 4/3 pi times the radii of gyration along x, y, z */
  double extent_volume;    /* nm^3, 4/3 pi times the extents */
} csro_domain;

/* "sphere" where both ratios are above 0.5, "disc" where the aspect ratio alone is, "rod" where the
 * oblateness alone is, else "lath"; "" where a ratio is NaN. */
const char *csro_domain_shape(const csro_domain *domain);

/* Measures domains 0 .. domain_count - 1; ions with domain -1 are left out. The radius of gyration
 * along an axis is the root of the mean square distance from the centre along it; a domain without
 * ions has NaN for every length. composition[domain][species_count] counts the ions of each label
 * 0 .. species_count - 1 (label may be NULL: composition is not written then). CSRO_ERROR_DATA:
 * positions that are not finite, domains or labels out of their range. */
csro_status csro_domains_measure(csro_context *context, const csro_points *points,
                                 const int64_t *domain, int64_t domain_count, const uint16_t *label,
                                 int species_count, csro_domain *rows, int64_t *composition);

/* ---- the same in parts ---- */

/* What a part knows of a domain. Parts are added up; each keeps its sums about its own centre, so
 * that no digits are lost far from the origin. */
typedef struct csro_domain_sums {
  int64_t size;
  double center[3]; /* 0 without ions */
  double lo[3], hi[3];
  double moments[6]; /* sums of dx dx, dy dy, dz dz, dx dy, dx dz, dy dz about the centre */
} csro_domain_sums;

/* As csro_domains_measure. */
csro_status csro_domains_sum(csro_context *context, const csro_points *points,
                             const int64_t *domain, int64_t domain_count, const uint16_t *label,
                             int species_count, csro_domain_sums *sums, int64_t *composition);
/* Adds what another part knows of the same domain. */
void csro_domain_sums_add(csro_domain_sums *sums, const csro_domain_sums *other);
/* rows[domain_count] from sums[domain_count] of all parts together; their reach is 0, for each part
 * to add. */
void csro_domains_finish(const csro_domain_sums *sums, int64_t domain_count, csro_domain *rows);
/* Raises the reach of each domain to what ions of this part have. */
void csro_domains_add_reach(const csro_points *points, const int64_t *domain, csro_domain *rows);

CSRO_API_END

#endif

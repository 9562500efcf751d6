/* The search for ordered domains: strong ones are fitted and subtracted first. */
#ifndef CSRO_ORDER_SEARCH_H
#define CSRO_ORDER_SEARCH_H

#include "csro/distributed_order.h"
#include "order/candidate_grid.h"
#include "order/posterior.h"

#include <math.h>

/* An ion, by its place in the search, and the probability that a domain has it. */
typedef struct csro_search_member {
  int64_t ion;
  double membership;
} csro_search_member;

typedef struct csro_found_domain {
  csro_posterior posterior;
  double least;    /* membership of its ions, NAN until rated */
  int64_t members; /* of own rated ones: the ions with at least that */
  csro_search_member *member;
  double majority; /* probability that most of its ions belong to it, given that it exists ... */
  double share;    /* ... and the share of them that is expected to, too ... */
  double spread;   /* ... with its standard deviation, beyond CSRO_ORDER_UNSURE */
  double ratio[CSRO_STRENGTHS]; /* at the strengths tried, of own subtracted ones */
  bool subtracted;              /* its ions no longer support others */
  bool own;                     /* fitted by this part */
  bool repeated; /* the same evidence as that of a stronger one (csro_order_search_peaks) */
  int rival;     /* 1 + the number of the rival that explains its ions better: it is a domain of
                    that kind, with its planes; else 0 */
  double among;  /* probability that it is of the kind looked for, of all that it may be */
} csro_found_domain;

/* Another kind of order that the same ions may have. */
typedef struct csro_search_rival {
  float *original; /* signals, in the order of the search's ions */
  bool one_phase;
} csro_search_rival;

struct csro_search {
  csro_context *context;
  const csro_points *points;
  const csro_order_options *options;
  const csro_grid *grid;
  csro_order_part part;
  csro_signal_ions ions; /* their signals shrink as domains are subtracted */
  csro_ball_profiles profiles;
  csro_candidate_grid centers;
  float *original; /* signals before any domain is subtracted */
  int rivals;
  csro_search_rival *rival;
  float *claimed, *base; /* share that domains hold, and the likelihood ratio with them */
  int64_t candidates;
  csro_candidate *candidate; /* own ones of this round */
  int64_t count, applied, capacity;
  csro_found_domain *found; /* here and around; the first `applied` are subtracted */
  csro_order_densities density;
  double expected;   /* strength of the order that the signals have in them */
  double begin, end; /* progress of this round */
};

/* Searches all ions of this process for nothing but the peaks that are reported or not
 * (csro_order_search_peaks). *peaks comes from malloc. */
csro_status csro_order_find_peaks(csro_context *context, const csro_points *points,
                                  const float *signal, const csro_order_options *options,
                                  const csro_grid *grid, int64_t *count, csro_order_peak **peaks);

/* nm, of the pixels that tell the volume. */
#define CSRO_ORDER_PIXEL 1.0

/* Widest density of domains that is thought possible before looking, nm^-3. */
extern const double csro_search_density;

/* How far the balls of a domain may be from its centre, nm. */
extern const double csro_search_wander;

/* By how much the species is rarer than a fraction of a quarter. */
double csro_search_rare(const csro_order_options *options);

/* Probability that at least half of a domain's ions belong to one, from the share that is expected
 * to and its standard deviation beyond CSRO_ORDER_UNSURE. */
static inline double csro_order_majority(double share, double spread) {
  double sigma = sqrt(spread * spread + CSRO_ORDER_UNSURE * CSRO_ORDER_UNSURE);
  return erfc((0.5 - share) / (sqrt(2) * sigma)) / 2;
}

/* Probability of a domain with this evidence. */
double csro_search_probability(double evidence, double density);

/* The ions within this distance of a voxel tell whether it lies in the specimen, nm. */
#define CSRO_ORDER_SURFACE 0.75

/* From the candidate centre of a domain, how far its balls may reach. */
double csro_search_reach(const csro_ball_profiles *profiles);

/* Whether other parts may be within `reach` of one of this part's candidate centres. */
bool csro_search_borders(const csro_search *search, const double position[3], double reach);

/* Starts the messages of a step. */
void csro_search_open(double reach, csro_message_buffer *messages);

/* Those found, not of a rival, that are subtracted, or those that are not, along the longest axis
 * of the specimen. The list comes from malloc; NULL without memory. */
typedef struct csro_placed_domain {
  double along;
  csro_found_domain *found;
} csro_placed_domain;
csro_placed_domain *csro_search_line(csro_search *search, bool subtracted, int64_t *count);

/* Calls visit for the ions around a domain (at least those that any of its balls reaches). */
typedef void (*csro_ion_visitor)(csro_search *search, const csro_posterior *posterior, int64_t ion,
                                 void *data);
void csro_search_visit(csro_search *search, const csro_posterior *posterior, csro_ion_visitor visit,
                       void *data);

/* An ion seen from a peak, nm. */
static inline void csro_search_offset(const csro_search *search, const csro_posterior *posterior,
                                      int64_t ion, float r[3]) {
  r[0] = (float)(search->ions.x[ion] - posterior->position[0]);
  r[1] = (float)(search->ions.y[ion] - posterior->position[1]);
  r[2] = (float)(search->ions.z[ion] - posterior->position[2]);
}

/* The probability that an ion of the search belongs to a domain, given that it exists. */
double csro_search_membership(const csro_search *search, const csro_posterior *posterior,
                              int64_t ion);

/* Sets `least` to the share `core` of the largest membership of any ion, and lists the ions with at
 * least that. False when memory is short. */
bool csro_search_find_members(csro_search *search, double core, csro_found_domain *found);

/* How much more likely the ions around a peak are at each of the strengths than at the one that is
 * searched with, given that there is a domain; before it is subtracted. False when memory is short.
 */
bool csro_search_strengths(csro_search *search, const csro_posterior *posterior,
                           double ratio[CSRO_STRENGTHS]);
/* The mean of these strengths, as probable as that. */
double csro_search_mean_strength(const double ratio[CSRO_STRENGTHS]);

/* Whether a rival explains the ions around a peak better: before it is subtracted. False when
 * memory is short. */
bool csro_search_compare_rivals(csro_search *search, csro_found_domain *found);

#endif

/* The search for ordered domains: strong ones are judged and taken out first. */
#ifndef CSRO_ORDER_SEARCH_H
#define CSRO_ORDER_SEARCH_H

#include "order/places.h"
#include "order/posterior.h"

typedef struct csro_found_domain {
  csro_posterior posterior;
  bool taken_out; /* its ions speak no more for others */
} csro_found_domain;

typedef struct csro_search {
  csro_context *context;
  const csro_order_options *options;
  csro_signal_ions ions; /* their signals shrink as domains are taken out */
  csro_ball_profiles profiles;
  csro_places places;
  double volume;         /* nm^3, of the cells that hold ions */
  float *original;       /* signals before any domain is taken out */
  float *claimed, *base; /* share that domains hold, and the likelihood ratio with them */
  int64_t count, capacity;
  csro_found_domain *found; /* the most evident first */
} csro_search;

/* Widest density of domains that is thought possible before looking, nm^-3. */
extern const double csro_search_density;

/* How far the balls of a domain may be from its centre, nm. */
extern const double csro_search_wander;

/* Probability of a domain with this evidence. */
double csro_search_probability(double evidence, double density);

csro_status csro_search_run(csro_context *context, const csro_points *points, const float *signal,
                            const csro_order_options *options, const csro_grid *grid,
                            csro_search *search);
void csro_search_free(csro_search *search);

/* Calls visit for the ions around a domain (at least those that any of its balls reaches). */
typedef void (*csro_ion_visitor)(csro_search *search, const csro_posterior *posterior, int64_t ion,
                                 void *data);
void csro_search_visit(csro_search *search, const csro_posterior *posterior, csro_ion_visitor visit,
                       void *data);

#endif

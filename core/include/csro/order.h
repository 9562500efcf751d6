/* Ordered domains found by likelihood: wherever a ball in which every second lattice plane is rich
 * in one species explains the ions better than the random alloy does, by how much, and which ions
 * belong to it.
 *
 * An ion of species s at the height of even planes has the probability x_s (1 + e_s) to be of that
 * species in a domain whose even planes are the rich ones, against x_s outside. e is its signal
 * (csro_order_signal). Around a candidate centre r the ions of a domain are diluted by those that
 * the position noise carries in and out; with the share p(r) of domain ions, the likelihood ratio
 * of a domain is the product of 1 + p e over the ions. It is found for balls of five sizes, and
 * of three larger ones where the ions ask for them, rich in even or in odd planes, around every
 * point of a grid. With a prior density of domains it gives the odds that a domain is there
 * (Bayes), and strong domains are subtracted before weaker ones beside them are fitted. Balls that
 * touch with the same planes rich are one domain. Lengths in nm. */
#ifndef CSRO_ORDER_H
#define CSRO_ORDER_H

#include "csro/planes.h"
#include "csro/voxels.h"

CSRO_API_BEGIN

/* How many ions there are; counts of several processes add up. */
typedef struct csro_order_species {
  int64_t ranged, rich; /* ions with label > 0; those of the ordering species */
} csro_order_species;

/* Counts the ions of label[count]; `rich` is the label of the ordering species. */
csro_order_species csro_order_count(const uint16_t *label, uint16_t rich, int64_t count);

/* How much of the perfect order a domain is expected to have at first. Domains are neither perfect
 * nor balls: with this value voxels of domains of any strength are told better, and more domains of
 * partial order are found, than with 1; of perfect ones about as many are, with about two false
 * ones more in a hundred. Where what is found is weaker, the search is made again with less. */
#define CSRO_ORDER_STRENGTH 0.75

/* signal[i] from even[i] (csro_planes_parity), for the ordering species `rich` (a label) among the
 * ions with label > 0: e = even for ions of the species and -even x / (1 - x) for the others, x
 * being its fraction: rich planes hold the species, the planes between only the others, and the
 * composition is conserved (a species of more than half is richer in rich planes by what these can
 * hold); times CSRO_ORDER_STRENGTH. Unranged ions give 0. With same_species only
 * the ions of the species speak. `all` are the ions of all processes, NULL when these are all.
 * CSRO_ERROR_DATA when the species has no ions or there are no others; signal is then as it was.
 * signal[count] may be even.
 */
csro_status csro_order_signal(csro_context *context, const uint16_t *label, uint16_t rich,
                              const csro_order_species *all, int64_t count, const float *even,
                              bool same_species, float *signal);

/* The same for one phase of a period of 2 or more planes: pattern[i] of csro_planes_phase. */
csro_status csro_order_phase_signal(csro_context *context, const uint16_t *label, uint16_t rich,
                                    const csro_order_species *all, int64_t count,
                                    const float *pattern, int period, bool same_species,
                                    float *signal);

/* Another kind of order that is found in the same ions (csro/kinds.h). */
typedef struct csro_order_rival {
  const float *signal; /* of each ion, as csro_order_signal or csro_order_phase_signal makes it */
  bool one_phase;      /* the latter */
} csro_order_rival;

/* What is looked for. CSRO_ERROR_ARGUMENT unless 0 < diameter[0] < diameter[1] <= 20, sigma_xy is
 * 0.01 to 2, sigma_z 0.001 to 2 and strength 0 to 1. */
typedef struct csro_order_options {
  double diameter[2];       /* smallest and largest of the balls looked for everywhere, nm */
  double sigma_xy, sigma_z; /* position noise, nm */
  double strength;          /* how much of the perfect order domains are expected to have; 0:
                               CSRO_ORDER_STRENGTH, more where the species is rare (fraction); then,
                               where the domains found are weaker, a second search with what they
                               have */
  bool one_phase;           /* the signal is that of one phase of several (csro_order_phase_signal):
                               only its rich planes are looked for, none between */
  int rivals;               /* a peak whose ions a rival explains better, in the same balls, is a
                               domain of that kind: it is subtracted as such and not reported. Where
                               it is not, its probability is shared with the rivals by their
                               likelihoods */
  const csro_order_rival *rival; /* [rivals] */
  double fraction; /* of the species among ranged ions: where it is below a quarter, few
                      ions speak, so that more order is expected, for what contradicts
                      it to count for more, and less is believed of the ions of
                      domains; 0: not told, not rare */
} csro_order_options;

/* How far, of all domains that are alike, the shares of ions that belong to one are from what is
 * expected: standard deviation, as found in specimens with sigma_xy 0.3 to 0.7 and sigma_z 0.03 to
 * 0.08 nm, order of 0.5 to 1 and fractions of 0.1 to 0.33. */
#define CSRO_ORDER_UNSURE 0.08

/* A domain that was found. */
typedef struct csro_ordered_domain {
  int64_t candidate;          /* where it was found: a number of the grid of centres, each once */
  double center[3], diameter; /* means over what the ions allow */
  bool odd;                   /* which planes are rich */
  double evidence;    /* ln of the Bayes factor, integrated over candidate centres (nm^3): ln odds =
                         evidence + ln density */
  double larger;      /* share of that which balls larger than those looked for have */
  double existence;   /* probability that there is a domain */
  double probability; /* that at least half of its ions belong to a domain */
  double ion_share;   /* of its ions that is expected to belong to a domain ... */
  double share_spread; /* ... and its standard deviation, beyond CSRO_ORDER_UNSURE */
  double strength;     /* of its order, by its ions, 0.3 to 1; 0: too improbable to ask */
  int64_t ions;        /* that belong to it */
} csro_ordered_domain;

/* How much of the perfect order the domains found have, by the likelihood of their ions at
 * strengths of 0.3 to 1, with its 90 % interval. It is that of the domains that leave evidence:
 * where order is weak these are the strongest, and it is too high (0.64 to 0.73 for 0.5), which the
 * interval allows for. NAN where no domain was subtracted. */
typedef struct csro_order_strength {
  double value, low, high;
} csro_order_strength;

/* The result of a search. The arrays belong to it. */
typedef struct csro_order {
  double density; /* domains per nm^3, estimated from the evidence of all (empirical Bayes); 0 for
                     none */
  double sought;  /* of them, before balls that touch are joined: balls of the sizes looked for */
  double volume;  /* of the ions, nm^3 */
  csro_order_strength strength;
  double expected; /* strength that the search was made with, at last: what is compared with it is
                      searched with the same (csro_order_options) */
  int64_t count;
  csro_ordered_domain *domains; /* that are there with a probability of 0.2 or more, the most
                                   probable first */
  int64_t *domain;  /* [points->count], of each ion, -1 outside: the ions whose membership is at
                       least 0.75 of that of the domain's most probable ion */
  float *claimed;   /* [points->count], share of each ion that subtracted domains hold, 0 .. 1 */
  int64_t fitted;   /* candidate centres whose evidence was fitted */
  double *evidence; /* [fitted], of each of them, the highest first */
} csro_order;

/* Finds domains. The candidate centres looked at are the centres of the grid's voxels and those
 * between, at most 0.25 nm apart, all through the ions. signal[points->count] as csro_order_signal
 * makes it. probability may be NULL; else probability[voxels of the grid], x fastest, gets the
 * probability that the centre of the voxel lies in a domain. Release *order with
 * csro_order_release; after an error it is zeroed and probability is undefined. CSRO_ERROR_DATA:
 * there are no ions, or positions that are not finite; CSRO_ERROR_ARGUMENT: options. Memory: about
 * 90 bytes per ion at 45 ions per nm^3. Same result for any number of threads and any order of the
 * ions. Ions spread over processes: csro/distributed_order.h. */
csro_status csro_order_find(csro_context *context, const csro_points *points, const float *signal,
                            const csro_order_options *options, const csro_grid *grid,
                            float *probability, csro_order *order);

/* The largest number of domains, from the first one on, of which at most this share is expected to
 * be false (mean of 1 - probability). domains[count], as csro_order has them; fdr 0 .. 1.
 */
int64_t csro_order_select_fdr(int64_t count, const csro_ordered_domain *domains, double fdr);

/* The false discovery rate of each report: fdr[d] is the share of the domains 0 .. d that is
 * expected to be false, the mean of 1 - probability. fdr[count] is owned by the caller. */
void csro_order_fdr(int64_t count, const csro_ordered_domain *domains, double *fdr);

/* Frees the arrays and zeroes the struct. */
void csro_order_release(csro_order *order);

CSRO_API_END

#endif

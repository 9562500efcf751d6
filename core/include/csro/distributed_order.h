/* The search of csro/order.h where the ions are spread over processes by their positions.
 * Each process fits the candidate centres in its own box; it sees the ions in the box and in a halo
 * around it. What it finds out it sends to the parts nearby. One domain's influence ends within a
 * few nm, so no process needs to know more, and the result is that of csro_order_find bit for bit
 * (voxels: to 1e-6), however the specimen is cut. The steps, each by all parts:
 *
 *   csro_order_search_create
 *
 *   rounds: csro_order_search_scan, messages, csro_order_search_fit, messages,
 *   csro_order_search_apply, until no part has fitted a candidate centre
 *
 *   csro_order_search_strength, sum; csro_order_search_again: where it says so, rounds again
 *
 *   csro_order_search_tally, sum; csro_order_search_peaks, list of all; csro_order_density
 *
 *   csro_order_search_rate, messages, csro_order_search_report
 *
 *   csro_order_search_strength, sum; csro_order_strength_of
 *
 *   csro_order_search_links, list of all; list of the domains of all; csro_order_join;
 *   csro_order_number
 *
 *   csro_order_search_voxel_odds, for the voxels of each process; csro_order_probability
 *
 * Lengths in nm. */
#ifndef CSRO_DISTRIBUTED_ORDER_H
#define CSRO_DISTRIBUTED_ORDER_H

#include "csro/order.h"

CSRO_API_BEGIN

/* Where the ions of one process are. */
typedef struct csro_order_part {
  double bounds[6];    /* of the ions of all parts: xmin, xmax, ymin ... */
  double lo[3], hi[3]; /* the own box, lo <= r < hi. The boxes fill space: infinite outwards */
} csro_order_part;

/* CSRO_ERROR_ARGUMENT: diameters or position noise out of their ranges. */
csro_status csro_order_check(csro_context *context, const csro_order_options *options);

/* How far around its box a part has to see the ions. The options have been checked. */
double csro_order_halo(const csro_order_options *options);

/* What the other parts need to know: records of csro_message and its text, one after the
 * other. */
typedef struct csro_message_buffer {
  char *bytes; /* of malloc */
  int64_t size, capacity;
  double reach; /* a message goes to each other part whose box is, along each axis, within this
                   distance of its candidate centre; that makes the part's incoming messages, in any
                   order */
} csro_message_buffer;

/* The head of a message. */
typedef struct csro_message {
  double position[3];
  int64_t size; /* bytes of message and text, a multiple of 8 */
} csro_message;

/* Frees the bytes and zeroes the struct. */
void csro_message_buffer_release(csro_message_buffer *messages);

/* A search in progress. */
typedef struct csro_search csro_search;

/* points, signal, options and grid must outlive the search, and the context serves all its calls.
 * Release with csro_order_search_destroy. Errors as of csro_order_find. */
csro_status csro_order_search_create(csro_context *context, const csro_points *points,
                                     const float *signal, const csro_order_options *options,
                                     const csro_grid *grid, const csro_order_part *part,
                                     csro_search **search);
/* Frees the search and sets the pointer to NULL. */
void csro_order_search_destroy(csro_search **search);

/* Finds the evidence at the own candidate centres: messages of the promising ones. *messages is
 * zeroed or of the step before. */
csro_status csro_order_search_scan(csro_search *search, csro_message_buffer *messages);

/* Fits the own candidate centres that no better one is near: messages of what was found there. */
csro_status csro_order_search_fit(csro_search *search, const char *bytes, int64_t size,
                                  csro_message_buffer *messages, int64_t *fitted);

/* Subtracts what was found here and around. */
csro_status csro_order_search_apply(csro_search *search, const char *bytes, int64_t size);

/* Strengths of order that are tried. */
enum { CSRO_STRENGTHS = 8 };

/* After the rounds, with the sums of csro_order_search_strength over all parts: whether order is
 * weaker than expected, what is expected was not given, and it is not of one phase. The search then
 * starts anew, with less expected: rounds again. Once at most. */
bool csro_order_search_again(csro_search *search, const int64_t sums[CSRO_STRENGTHS]);

/* The strength of order that is expected now. */
double csro_order_search_expected(const csro_search *search);

/* Volume: tallies of pixels of 1 nm, to be added up over the parts. */
csro_status csro_order_search_tally(csro_search *search, csro_occupancy *occupancy);

/* nm^3; the box of the ions where they are too few to tell. */
double csro_order_volume(const csro_order_part *part, const csro_occupancy *occupancy);

/* The evidence for a domain (csro_ordered_domain). */
typedef struct csro_order_peak {
  double evidence, larger;
} csro_order_peak;

/* Of the own candidate centres that were fitted, in no order, each peak once: those whose balls are
 * the ones of a stronger centre are left out, here and in what follows. *peaks comes from malloc.
 * *room: to be added up over the parts. */
csro_status csro_order_search_peaks(csro_search *search, int64_t *count, csro_order_peak **peaks,
                                    int64_t *room);

/* nm^3: the volume, less the likelihood ratio of domains integrated over all places where no peak
 * was fitted. Without order the ratio integrated over all is the volume, so that the peaks fitted
 * have to make up for the room alone. At least a quarter of the volume. */
double csro_order_room(const csro_grid *grid, double volume, int64_t room);

/* Densities of balls of the sizes looked for and of larger ones, nm^-3. */
typedef struct csro_order_densities {
  double sought, larger;
} csro_order_densities;

/* The densities from the peaks of all parts, which are sorted, the highest first: with B the
 * exponential of the evidence of each and f the part of larger balls, the sums of sought (1 - f) B
 * / (1 + m B) and larger f B / (1 + m B), m = sought (1 - f) + larger f, are the densities times
 * the room. 0 where there are none. */
csro_order_densities csro_order_density(int64_t count, csro_order_peak *peaks, double room);

/* Messages of the own domains: which ions may belong to them. */
csro_status csro_order_search_rate(csro_search *search, csro_order_densities density,
                                   csro_message_buffer *messages);

/* The own domains in *order, the most evident first, and the own candidate centres' evidence;
 * domain[i] of every ion that this part sees is the `candidate` of its domain, valid for ions in
 * its box and for all ions of the own domains. */
csro_status csro_order_search_report(csro_search *search, const char *bytes, int64_t size,
                                     csro_order *order);

/* ln of the likelihood at each strength, of the own domains, in whole numbers: to be added up over
 * the parts. With the probabilities of csro_order_search_rate, before it with those of many
 * domains.
 */
void csro_order_search_strength(const csro_search *search, int64_t sums[CSRO_STRENGTHS]);

csro_order_strength csro_order_strength_of(const int64_t sums[CSRO_STRENGTHS]);

/* The domains of all parts, the most probable first. */
void csro_order_rank(int64_t count, csro_ordered_domain *domains);

/* Two domains, by their `candidate`, that are parts of one. */
typedef struct csro_order_link {
  int64_t a, b;
} csro_order_link;

/* Which domains are parts of one: balls that touch, whose even or odd planes are both rich, where
 * the ions at the point of contact that neither holds are ordered, too. *links comes from malloc.
 * Between two domains only one part finds the link. */
csro_status csro_order_search_links(csro_search *search, int64_t *count, csro_order_link **links);

/* Joins the domains of all parts that are linked, and ranks them: *count becomes the number of
 * those left. ball[k] and root[k], k < *count before, are the candidates of each domain before and
 * of the one that it is part of now. A joined domain is as probable as all of its most probable
 * parts together that hold half of its ions, but no more so than that at least half of all its ions
 * belong to domains; its evidence and candidate are those of the most probable part, its diameter
 * is larger as its ions are more. *fewer: by how much the expected
 * number of domains, the sum of the probabilities, falls. */
csro_status csro_order_join(csro_context *context, int64_t links_count,
                            const csro_order_link *links, int64_t *count,
                            csro_ordered_domain *domains, int64_t *ball, int64_t *root,
                            double *fewer);

/* domain[i], a `candidate`, becomes the number of the domain in the list of these centres, -1
 * without.
 */
csro_status csro_order_number(csro_context *context, int64_t domains, const int64_t *candidate,
                              int64_t count, int64_t *domain);

/* The voxels of a block of the grid that the own domains may cover. */
csro_block csro_order_search_reach(const csro_search *search, const csro_block *voxels);

/* What the own candidate centres and domains say of the voxels of a block, x fastest: `inside` is
 * to be added up over the parts (starting from 0), `outside` to be multiplied (from 1). */
csro_status csro_order_search_voxel_odds(csro_search *search, const csro_block *voxels,
                                         double *inside, double *outside);

/* That the centre of a voxel lies in a domain. */
static inline float csro_order_probability(double density, double inside, double outside) {
  return (float)(1 - outside / (1 + density * inside));
}

CSRO_API_END

#endif

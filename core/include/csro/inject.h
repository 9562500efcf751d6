/* Ordered domains planted into the ions of a data set: what would be found of them says how
 * complete a search of these data is. Ions keep their places; inside a domain they exchange labels
 * (species and mass), so that every second, third or fourth lattice plane becomes rich in one
 * species. Composition, noise, efficiency and all distortions of the data stay.
 *
 * Where an ion really was is not known, only where it was found. Which ions belong to a domain is
 * drawn from where they may have been: their places shifted by the position noise, backwards. Which
 * labels they have is drawn from what an ordered domain shows at their heights: of the n ions of a
 * domain, n x are of the species; an ion at a height that shows g (csro_planes_phase, of the blur
 * of its species: P - 1 in rich planes, -1 in the others for a period of P planes) is of the
 * species with odds that are (1 + s g) / (1 - s g x / (1 - x)) of those outside of order, for the
 * order s; of a species that has more ions than rich planes have places, s is what these can hold.
 * Labels are drawn by exchanges of two (Metropolis), starting from those that the ions have. With
 * the plane that an ion is nearest to instead of g, planted order would be sharper than any that is
 * real. Lengths in nm. */
#ifndef CSRO_INJECT_H
#define CSRO_INJECT_H

#include "csro/detection.h"
#include "csro/planes.h"

CSRO_API_BEGIN

/* What an ion is to an injection: kind[ion]. */
enum {
  CSRO_INJECT_STAYS, /* unranged, or not of the crystal (hydrogen): keeps its label */
  CSRO_INJECT_OTHER,
  CSRO_INJECT_RICH, /* of the species that orders */
  CSRO_INJECT_KINDS = CSRO_INJECT_RICH
};

/* What is planted. CSRO_ERROR_ARGUMENT outside of the limits in brackets. */
typedef struct csro_inject_options {
  double density;     /* domains per nm^3 of the ions' volume (0 to 1); fewer where they do not fit:
                         planted domains do not overlap */
  double diameter[2]; /* smallest and largest (0.1 to 100), uniform between */
  double order[2];    /* weakest and strongest (0 to 1), uniform between: the fraction of the rich
                         ions that takes part */
  double sigma_xy;    /* position noise (0 to 2); that along z is the blur of the planes */
  int period;         /* one plane of so many is rich (2 to 4) */
  uint64_t seed;      /* same seed, same domains and labels */
} csro_inject_options;

/* Density 0.015, diameters of 0.7 to 2.1 nm, full order, noise of 0.3 nm, every second plane,
 * seed 1.
 */
void csro_inject_options_init(csro_inject_options *options);

/* The domains planted. The arrays belong to it. */
typedef struct csro_injection {
  csro_inject_options options;
  int64_t candidates; /* places drawn anywhere within the bounds of the ions, ... */
  double (*candidate)[3];
  double bounds_volume; /* ... whose volume is this, nm^3, */
  double volume;        /* and that of the ions this, by how many places have ions around them */
  int64_t count;
  csro_true_domain *domains; /* [count]: as those of a specimen (csro/specimen.h), of type 0 */
  double *order;             /* [count] of each */
  int *phase;                /* [count] planes of this number (modulo the period) are rich */
} csro_injection;

/* Plants domains into ions of kind[points->count], anywhere among them: also where the data have
 * domains of their own, as those that a search has missed may lie there, too. planes: those of the
 * ions, their blur measured for the labels `kind` (csro_planes_set_blur) or not at all.
 * domain[points->count]: the number of the planted domain of each ion; -1 outside, but
 * CSRO_TRUTH_UNKNOWN around planted domains of odd number: so csro_detection counts a planted
 * domain that overlaps one of the data, and is found with it, in half of the cases, as it would if
 * such domains shared their ions. from[points->count]: the ion whose label and mass it takes,
 * itself outside. Release *injection with csro_injection_release. Same for any number of threads.
 * CSRO_ERROR_DATA: there are no ions, or none of one of the two kinds. */
csro_status csro_inject(csro_context *context, const csro_inject_options *options,
                        const csro_points *points, const uint16_t *kind, const csro_planes *planes,
                        csro_injection *injection, int32_t *domain, int64_t *from);

/* The same where the ions are spread over processes:
 *   csro_injection_begin, with the bounds of all ions (csro_injection_release)
 *   csro_injection_count, sums of all, csro_injection_place
 *   csro_injection_join, each its own ions
 *   the members of a domain come together, csro_injection_exchange. */
csro_status csro_injection_begin(csro_context *context, const csro_inject_options *options,
                                 const double bounds[6], csro_injection *injection);
/* near[candidates]: ions around each that take part. */
csro_status csro_injection_count(csro_context *context, const csro_injection *injection,
                                 const csro_points *points, const uint16_t *kind, int64_t *near);
/* Sets the domains, alike on all processes: at candidates with ions around them, at least half
 * the median. */
csro_status csro_injection_place(csro_context *context, const int64_t *near,
                                 csro_injection *injection);

/* An ion of a planted domain. */
typedef struct csro_inject_member {
  int64_t number; /* of the ion */
  int32_t domain;
  uint16_t kind;
  float pattern[CSRO_INJECT_KINDS]; /* of its domain at its height, for ions of the others and of
                                       the rich species */
  float rich; /* how much more often rich ions are at its height than others are, without order */
} csro_inject_member;

/* The domain of each ion, as csro_inject says. `first` is the number of the first ion, the others
 * follow it. */
csro_status csro_injection_join(csro_context *context, const csro_injection *injection,
                                const csro_planes *planes, const csro_points *points,
                                const uint16_t *kind, int64_t first, int32_t *domain);
/* Sets *member for ion i of the points, its number being first + i, of a domain. */
void csro_injection_describe(const csro_injection *injection, const csro_planes *planes,
                             const csro_points *points, const uint16_t *kind, int64_t first,
                             const int32_t *domain, int64_t i, csro_inject_member *member);
/* from[m]: the member whose label member m takes. All members of each domain that any of these
 * belong to are among them; sorted by domain and number. */
csro_status csro_injection_exchange(csro_context *context, const csro_injection *injection,
                                    int64_t count, const csro_inject_member *members,
                                    int64_t *from);

/* Frees the arrays and zeroes the struct. */
void csro_injection_release(csro_injection *injection);

CSRO_API_END

#endif

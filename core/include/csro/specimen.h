/* Synthetic atom probe specimens with known truth. Lengths in nm. */
#ifndef CSRO_SPECIMEN_H
#define CSRO_SPECIMEN_H

#include "csro/ions.h"

CSRO_API_BEGIN

/* A box, or a frustum of a cone (the shape of a needle's end). */
typedef enum csro_shape { CSRO_SHAPE_BOX, CSRO_SHAPE_FRUSTUM } csro_shape;
/* The planes that are stacked along z. */
typedef enum csro_pole { CSRO_POLE_002, CSRO_POLE_111 } csro_pole;

/* Along x and y a change goes from the lowest to the highest coordinate, along z from the top down.
 */
typedef enum csro_axis { CSRO_AXIS_NONE, CSRO_AXIS_X, CSRO_AXIS_Y, CSRO_AXIS_Z } csro_axis;

/* The other end of a quantity that changes linearly across the specimen. */
typedef struct csro_ramp {
  csro_axis axis; /* CSRO_AXIS_NONE: the same everywhere */
  double to;      /* at the end; the limits of the quantity hold */
} csro_ramp;

enum { CSRO_SPECIMEN_SPECIES = 8 };

/* An element of the alloy. */
typedef struct csro_specimen_species {
  char symbol[4];
  double share;      /* of the atoms, in proportion to the others (0 to 1e6) */
  double sigma_z;    /* noise along z, nm (0 to 100); negative: that of the specimen */
  double efficiency; /* fraction detected of what the specimen's efficiency detects (0 to 1) */
} csro_specimen_species;

/* Fraction of one species from one end to the other; the others keep their proportions. */
typedef struct csro_composition_gradient {
  csro_axis axis;  /* CSRO_AXIS_NONE: none */
  int species;     /* index */
  double from, to; /* atomic fractions, 0 .. 1 */
} csro_composition_gradient;

/* A crystallographic pole at which fewer ions are detected: at the distance q from its axis, which
 * is along z, the efficiency is multiplied by 1 - loss exp(-(q / radius)^2). */
typedef struct csro_sparse_pole {
  double loss;        /* 0 none .. 1 */
  double position[2]; /* x, y, nm (-1e6 to 1e6) */
  double radius;      /* nm (> 0); not used without loss */
} csro_sparse_pole;

/* A second grain of the same phase, beyond a plane: r . normal > distance, r from the centre of the
 * specimen. Its lattice is that of the first, moved down by half a plane and turned so that its
 * pole leans by `misorientation` towards `azimuth`. */
typedef struct csro_second_grain {
  bool present;
  double normal[3];      /* any length but 0 */
  double distance;       /* nm (-1e6 to 1e6) */
  double misorientation; /* degrees (0 to 90) */
  double azimuth;        /* degrees from x towards y (-360 to 360) */
} csro_second_grain;

/* How domain diameters are spread between the smallest and the largest. */
typedef enum csro_size_distribution {
  CSRO_SIZES_UNIFORM,
  CSRO_SIZES_FALLING /* many small, few large: falling by a factor e for each quarter of the range,
                        as the Ni-Ni domains published for CoCrNi do between 0.7 and 2.1 nm */
} csro_size_distribution;

/* What order does with the rich species of a domain. */
typedef enum csro_order_kind {
  CSRO_ORDER_PLANES,     /* it takes every second plane, of <002> first one sublattice of L1_2: the
                            most contrast that planes can have */
  CSRO_ORDER_SUBLATTICE, /* strict L1_2: it takes one of the four simple cubic sublattices; what is
                            too much for it stays spread over the others */
  CSRO_ORDER_STRUCTURE   /* as a structure of the recipe says: its highest occupancies are filled
                            first */
} csro_order_kind;

/* One type of order. */
typedef struct csro_order_type {
  csro_order_kind kind;
  int species;   /* index of the rich one; not of CSRO_ORDER_STRUCTURE ... */
  int structure; /* ... which is that of the recipe with this index */
  double share;  /* of the domains, in proportion to the other types (0 to 1e6) */
} csro_order_type;

enum { CSRO_ORDER_TYPES = 4 };

enum { CSRO_PILE_UP_REACH = 64, CSRO_PILE_UP_PLANES = 8 };

/* Pile-up on the detector: an ion is lost with this probability if an atom of the same species that
 * is detected shortly before it hits nearer than `distance`, across z. Shortly before are the last
 * `reach` ones of its own plane and all of the `planes` - 1 planes above, which evaporate at the
 * same time. Only these make neighbouring planes differ, which looks like order. */
typedef struct csro_pile_up {
  double probability; /* 0 none .. 1 */
  double distance;    /* nm (0 to 1e6) */
  int reach;          /* 1 to 64 */
  int planes;         /* 1 to 8 */
} csro_pile_up;

typedef struct csro_recipe csro_recipe;               /* csro/recipe.h */
typedef struct csro_configuration csro_configuration; /* csro/configuration.h */

/* What is simulated. CSRO_ERROR_ARGUMENT outside of the limits in brackets. An atom goes through
 * this, in this order:
 *   1. a site of the perfect crystal, planes across z;
 *   2. spacing drift; curvature; rotation to the second grain; tilt;
 *   3. what lies outside of the shape, or beyond the boundary of its grain, is no atom;
 *   4. its species (composition, gradient) and order, by the place it has now: domains, boundary
 * and poles are where they are said to be, whatever the lattice does;
 *   5. detection: efficiency, its ramp, that of the species, the low-density pole;
 *   6. local magnification of domains, then position noise;
 *   7. pile-up, where ions are seen. */
typedef struct csro_specimen {
  csro_shape shape;
  double width[2];           /* box: size in x and y (> 0) */
  double radius[2];          /* frustum: at the top (z = 0) and at the bottom (z = -height)
                                (> 0) */
  double height;             /* from z = 0 down to -height (> 0) */
  const csro_recipe *recipe; /* csro_specimen_use_recipe; NULL: fcc, as the next two say */
  const csro_configuration
      *configuration;       /* csro_specimen_use_configuration, instead of a recipe */
  double lattice_constant;  /* fcc, 0.36 (> 0) */
  csro_pole pole;           /* the direction that is along z */
  double sigma_xy, sigma_z; /* standard deviations of the position noise (0 to 100) */
  double efficiency;        /* fraction of atoms detected, 0 .. 1 */
  double domain_density;    /* ordered domains per nm^3 (0 to 1000; 5e25 m^-3 is 0.05);
                               fewer than 2^31 in the specimen */
  double diameter[2];       /* domain diameters (0 < [0] <= [1]); not used without domains */
  csro_size_distribution sizes;
  double flattening;    /* of the domains: 1 - thickness / width, 0 balls .. 0.95 plates, turned
                           anyhow; the diameter is that of the ball of the same volume */
  double magnification; /* across z, of what domains show about their centres (0.1 to 10); 1
                           none */
  double order;         /* 0 none .. 1 full order inside domains: the fraction of the rich atoms
                           (of a structure: of all) that takes part */
  int order_type_count; /* 1 to 4 */
  csro_order_type order_types[CSRO_ORDER_TYPES];
  double hydrogen;   /* ions of H per detected atom (0 to 100) */
  double background; /* unranged background ions per detected atom (0 to 100) */
  int species_count; /* 1 to 8 */
  csro_specimen_species species[CSRO_SPECIMEN_SPECIES];
  csro_composition_gradient gradient;
  csro_ramp efficiency_ramp, background_ramp; /* from the values above */
  csro_sparse_pole sparse_pole;
  double tilt;             /* of the planes' normal away from z, degrees (0 to 45), turned about the
                              centre of the specimen ... */
  double tilt_azimuth;     /* ... towards this direction, degrees from x to y (-360 to 360) */
  double curvature_radius; /* of the planes, nm: z falls by q^2 / (2 radius) at the distance q from
                              the axis (domes; negative: bowls); 0 flat. At least as large as the
                              widest radius */
  double spacing_drift; /* change of the plane spacing from top to bottom, percent, its mean as it
                           was (-50 to 50); constant beyond both ends */
  csro_second_grain grain;
  csro_pile_up pile_up;
  uint64_t seed; /* same seed, same specimen */
} csro_specimen;

/* Sets every field to that of the plain specimen: one perfect crystal of CoCrNi, evenly detected.
 */
void csro_specimen_default(csro_specimen *specimen);

/* The same as real data are: many small domains, slightly tilted and curved planes, efficiency that
 * falls with depth, background that rises along x. The built-in specimen of the demo. */
void csro_specimen_realistic(csro_specimen *specimen);

/* Takes crystal, pole and species from a recipe, which must outlive the specimen: the crystal is
 * the structure of the random class, which also gives the shares of the species; each ordered class
 * is a type of order, all of the same share, in one of the places that the lattice has for it (c of
 * tetragonal ones stays along c). The rest of the specimen stays as it is. CSRO_ERROR_ARGUMENT:
 * more than 8 species or 4 ordered classes, a species that is no element. */
csro_status csro_specimen_use_recipe(csro_context *context, csro_specimen *specimen,
                                     const csro_recipe *recipe);

/* What people type, as csro_named_values_parse reads it; blanks alone change nothing. In this
 * order, after csro_specimen_use_recipe. CSRO_ERROR_ARGUMENT: text that cannot be read, names that
 * are none of the specimen; numbers are checked when it is simulated. */
/* Elements with their shares, "Co 45, Cr 45, Ni 10". Order is that of Ni, of an alloy without Ni
 * that of the species with the smallest share. With a recipe only its species. */
csro_status csro_specimen_set_composition(csro_context *context, csro_specimen *specimen,
                                          const char *text);
/* Noise along z of some species, nm, "Ni 0.08". */
csro_status csro_specimen_set_sigma_z(csro_context *context, csro_specimen *specimen,
                                      const char *text);
/* Efficiency of some species, as a fraction of that of the specimen, "Ni 0.8". */
csro_status csro_specimen_set_efficiency(csro_context *context, csro_specimen *specimen,
                                         const char *text);
/* The gradient of this species. */
csro_status csro_specimen_set_gradient(csro_context *context, csro_specimen *specimen,
                                       const char *symbol, csro_axis axis, double from, double to);
/* Types of order with their shares: rich species of this kind of order, "Ni 2, Cr 1", or with a
 * recipe its structures, "B2, D0_3". */
csro_status csro_specimen_set_order(csro_context *context, csro_specimen *specimen,
                                    csro_order_kind kind, const char *text);

/* The ions with their truth. Arrays of ions.count; they come from malloc; ions.first and ions.total
 * are left 0 when parts > 1, the caller numbers the parts. */
typedef struct csro_specimen_ions {
  csro_ions ions;       /* float32 */
  uint16_t *label;      /* true species: 0 background, 1 to species_count, then H */
  int32_t *true_domain; /* number of the ordered domain, -1 outside */
  float *true_order;    /* of a configuration: order around the atom (csro/configuration.h), NaN of
                           H and background; else NULL */
} csro_specimen_ions;

/* Simulates part `part` of `parts` (consecutive ranges of depth, top first): the parts together are
 * the same ions, in the same order, as parts = 1. Evaporation order is from the top down.
 * Composition is conserved: ordering moves atoms, it never changes how many there are. Masses
 * follow the isotopes (1+ and 2+) of each element with Gaussian peaks and a tail.
 * CSRO_ERROR_ARGUMENT: the limits above, 0 <= part < parts. On error *out is zeroed. */
csro_status csro_specimen_simulate(csro_context *context, const csro_specimen *specimen, int part,
                                   int parts, csro_specimen_ions *out);
/* Frees the arrays and zeroes the struct. */
void csro_specimen_ions_release(csro_specimen_ions *ions);

/* A true ordered domain: a ball or a plate (an oblate spheroid), cut off by the surface of the
 * specimen and by the boundary of its grain. Where they overlap, the domain of the smallest number
 * owns the sites. */
typedef struct csro_true_domain {
  double center[3], diameter; /* nm; of the ball of the same volume */
  double flattening;          /* 1 - thickness / width; 0: a ball */
  double normal[3];           /* of a plate, length 1; zero of a ball */
  int type;                   /* of order_types */
} csro_true_domain;

/* Whether a point lies in the domain, or within `margin` (nm) of it: in the spheroid whose
 * half-axes are longer by that. */
bool csro_true_domain_holds(const csro_true_domain *domain, const double r[3], double margin);

/* Half the width, nm: nothing of the domain is farther from its centre. */
double csro_true_domain_reach(const csro_true_domain *domain);

/* The domains that csro_specimen_simulate makes, in the order of their numbers (true_domain). Some
 * may have no detected ion. *out comes from malloc; on error count is 0 and *out NULL. */
csro_status csro_specimen_domains(csro_context *context, const csro_specimen *specimen,
                                  int64_t *count, csro_true_domain **out);

/* The ions of each true domain: ions_of[domain_count], of csro_specimen_domains, is set. Those of
 * all parts add up. */
void csro_specimen_domain_ions(const csro_specimen_ions *ions, int64_t domain_count,
                               int64_t *ions_of);

/* How many lattice sites the block around the specimen has, and about how many ions there will be
 * at most. */
void csro_specimen_expect(const csro_specimen *specimen, double *sites, double *ions);

/* Exact volume of the shape, nm^3; the sizes must be within their limits. */
double csro_specimen_volume(const csro_specimen *specimen);

/* Range file text for the simulated masses, as .rrng: labels of these ranges are true labels. Where
 * windows of two peaks overlap, the larger peak has the window and the other stays without. *text
 * comes from malloc; on error it is NULL. CSRO_ERROR_ARGUMENT: a species whose isotopes are not
 * known. */
csro_status csro_specimen_ranges(csro_context *context, const csro_specimen *specimen, char **text);

CSRO_API_END

#endif

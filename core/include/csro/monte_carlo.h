/* Canonical Monte Carlo of an alloy on a periodic lattice: atoms of different species exchange
 * their sites (Kawasaki, Phys. Rev. 145 (1966) 224) with the probability min(1, exp(-dE / kT))
 * (Metropolis et al., J. Chem. Phys. 21 (1953) 1087).
 *
 * Near exchanges are between nearest neighbours, far ones between any two sites that are farther
 * apart than the interactions reach. The box is cut into equal parts along one axis ("lanes"), and
 * one exchange is tried in all of them at once, at equivalent sites: these never interact, so each
 * is an exchange of its own. Along another axis the box is cut into slabs, every second of which is
 * worked on at a time, with an origin that is drawn for every sweep; exchanges stay within a slab
 * (far ones: within a pair of slabs), and what is between slabs is as thick as the interactions
 * reach. Which sites are tried is drawn without a look at the configuration, so that every step
 * obeys detailed balance: up to 1e-6 of a probability (single precision), 2^-31 at the least.
 * Energies are whole multiples of a quantum, about 1e-8 of the largest, so that sums are exact. The
 * result is the same, bit for bit, for any number of threads. */
#ifndef CSRO_MONTE_CARLO_H
#define CSRO_MONTE_CARLO_H

#include "csro/interactions.h"

CSRO_API_BEGIN

/* Boltzmann's constant, eV/K (SI). */
#define CSRO_BOLTZMANN 8.617333262e-5

typedef struct csro_monte_carlo csro_monte_carlo;

/* Begins with this configuration, which is not needed afterwards; needs (1 + 2 / lanes) bytes per
 * site, with up to 32 lanes. CSRO_ERROR_ARGUMENT: a lattice with another cell or other species than
 * the interactions, a box that is smaller than the interactions reach (a site would be its own
 * neighbour, or the same neighbour twice), a shell of more than 127 neighbours. Release with
 * csro_monte_carlo_destroy. */
csro_status csro_monte_carlo_create(csro_context *context, const csro_interactions *interactions,
                                    const csro_lattice *lattice, uint64_t seed,
                                    csro_monte_carlo **monte_carlo);
void csro_monte_carlo_destroy(csro_monte_carlo **monte_carlo);

/* So many sweeps at a temperature (K, 1e-3 to 1e9): in each as many exchanges are tried as there
 * are sites, a share far_share (0 .. 1) of them far. Cancel leaves a valid configuration. */
csro_status csro_monte_carlo_sweep(csro_context *context, csro_monte_carlo *monte_carlo,
                                   double kelvin, double far_share, int64_t sweeps);

/* Energy of the configuration, eV. */
double csro_monte_carlo_energy(const csro_monte_carlo *monte_carlo);

/* Copies the configuration: species[sites] in the order of csro/lattice.h. */
void csro_monte_carlo_species(const csro_monte_carlo *monte_carlo, uint8_t *species);

/* Exchanges of unlike atoms so far: [0] near, [1] far. */
typedef struct csro_exchange_counts {
  int64_t attempts[2], accepted[2];
} csro_exchange_counts;
csro_exchange_counts csro_monte_carlo_counts(const csro_monte_carlo *monte_carlo);

/* A mean over a run. */
typedef struct csro_estimate {
  double mean;
  double error; /* standard error, by blocking; NaN with fewer than 4 values */
  double tau;   /* integrated autocorrelation time in measurements: error^2 = 2 tau variance / n;
                   0.5 for independent ones */
} csro_estimate;

/* Blocking (Flyvbjerg and Petersen, J. Chem. Phys. 91 (1989) 461): neighbours are averaged until
 * the blocks are longer than the correlation: until size^3 > 2 count (variance of the blocks' mean
 * over that without blocks)^2 (Lee, Greene and Bhat, Phys. Rev. E 83 (2011) 066706), or fewer than
 * 16 blocks are left. value[count]. */
csro_estimate csro_estimate_mean(int64_t count, const double *value);

/* How a temperature is measured. */
typedef struct csro_measurement {
  double kelvin;
  double far_share;      /* 0 .. 1 */
  int64_t equilibration; /* sweeps before */
  int64_t sweeps;        /* with measurements, at least 1, at most 1e7 */
  int64_t every;         /* sweeps between two measurements of order, at least 1; the energy is
                            measured after every sweep */
  int shells;            /* of Warren-Cowley parameters, 0 to 16 */
} csro_measurement;

/* The known structures whose long-range order is measured: those of csro_prototype_names from
 * CSRO_ORDER_FIRST on. */
enum { CSRO_ORDER_FIRST = 2, CSRO_ORDERS = CSRO_PROTOTYPES - CSRO_ORDER_FIRST };

/* What was found at a temperature. */
typedef struct csro_state_point {
  double kelvin;
  csro_estimate energy;        /* eV per atom */
  csro_estimate heat_capacity; /* k per atom; its error by jackknife, tau is that of the energy */
  double near_accepted, far_accepted; /* of the exchanges of unlike atoms; NaN without any */
  csro_estimate order[CSRO_ORDERS][CSRO_LATTICE_SPECIES]; /* NaN where the box or the lattice does
                                                             not have the structure */
  int shells;           /* those asked for that the box is twice as wide as */
  double radius[16];    /* nm */
  csro_estimate *alpha; /* [shells][species a][species b], 1 - p_ab / c_b; from malloc */
} csro_state_point;

/* Equilibrates and measures. Order of species a in a structure: the amplitude of its concentration
 * wave at the structure's points, over the largest that its composition allows (all atoms of a, as
 * far as they go, on one of the sublattices A and B): 1 is perfect, about 1 / sqrt(sites) none.
 * L1_2: the least of the three waves (001); L1_0: the largest of them less the second; L1_1: the
 * largest of the four (1/2 1/2 1/2) less the second; DO22: (1 1/2 0) and MoPt2: (2/3 2/3 0), the
 * largest less the second; B2: (001) of bcc; D0_3: the largest (1/2 1/2 1/2) of bcc.
 * Release with csro_state_point_release. CSRO_ERROR_ARGUMENT: what is outside the limits above. */
csro_status csro_monte_carlo_measure(csro_context *context, csro_monte_carlo *monte_carlo,
                                     const csro_measurement *how, csro_state_point *point);
void csro_state_point_release(csro_state_point *point);

/* Numbers of bonds of a configuration: bonds[shells][species a][species b], neighbours b of atoms a
 * in the shells 1 .. shells, so each bond once in each direction. */
csro_status csro_monte_carlo_bonds(csro_context *context, const csro_monte_carlo *monte_carlo,
                                   int shells, int64_t *bonds);

/* Independent runs of the same alloy as one: means of the means, errors of both kinds pooled,
 * sqrt(sum of error^2) / runs. Adds `from` to `to`, `runs` of which were added before. */
void csro_state_point_add(csro_state_point *to, int runs, const csro_state_point *from,
                          int species_count);

CSRO_API_END

#endif

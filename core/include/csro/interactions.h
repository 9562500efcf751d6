/* Energies of an alloy on a lattice: pairs by shell and clusters of three or four atoms, in one XML
 * file (schema: xml/schema/csro-interactions.rng). Lengths in nm, energies in eV. */
#ifndef CSRO_INTERACTIONS_H
#define CSRO_INTERACTIONS_H

#include "csro/lattice.h"

CSRO_API_BEGIN

enum {
  CSRO_SHELLS = 32,       /* the highest number of a shell */
  CSRO_CLUSTER_SITES = 4, /* at most */
  CSRO_CLUSTERS = 64      /* in a file, at most */
};

/* Atoms whose distances are these shells; every such set of sites of the lattice counts once. */
typedef struct csro_cluster {
  int sites;      /* 3 or 4 */
  int shells[6];  /* numbers of the distances 12 13 23, or 12 13 14 23 24 34 */
  double *energy; /* [species]..[species], the last site fastest: the same for every order of the
                     sites that keeps the shells */
} csro_cluster;

/* The energy of a configuration is the sum over all pairs (each once) and clusters. The arrays
 * belong to it. */
typedef struct csro_interactions {
  char name[128];
  double edge[3]; /* of the lattice cell, as in csro_lattice */
  int basis_count;
  double (*basis)[3];
  int species_count;
  char (*names)[CSRO_LATTICE_NAME];
  double *shares; /* [species_count] the composition that it is made for; they sum to 1 */
  int shell_count;
  int *shells;   /* [shell_count] numbers, 1 the nearest neighbours; each once */
  double *pairs; /* [shell_count][species][species], symmetric */
  int cluster_count;
  csro_cluster *clusters;
} csro_interactions;

/* Everything zero, for the caller to fill in; clusters are added with
 * csro_interactions_add_cluster. Release with csro_interactions_release. CSRO_ERROR_ARGUMENT:
 * numbers beyond those above and of csro/lattice.h. */
csro_status csro_interactions_init(csro_context *context, int basis_count, int species_count,
                                   int shell_count, csro_interactions *interactions);
void csro_interactions_release(csro_interactions *interactions);

/* Adds a cluster of 3 or 4 sites; its energies are 0. Returns it in *cluster, which is valid until
 * the next one is added. */
csro_status csro_interactions_add_cluster(csro_context *context, csro_interactions *interactions,
                                          int sites, const int *shells, csro_cluster **cluster);

/* Sets the energy of a cluster with this species on its sites, and on every order of the sites that
 * keeps the shells. false: another value was set before (`set`, as long as energy, keeps which). */
bool csro_cluster_set(csro_cluster *cluster, int species_count, const int *species, double energy,
                      bool *set);

/* What a file may hold: cell, names and shares in order, energies finite and at most 100 eV,
 * symmetric, shells that are there once, clusters that the lattice has. CSRO_ERROR_ARGUMENT. */
csro_status csro_interactions_check(csro_context *context, const csro_interactions *interactions);

/* Distances of the shells 1 .. count of a lattice: radius[count]. Distances closer than 1e-4 nm are
 * one shell. CSRO_ERROR_ARGUMENT: more than CSRO_SHELLS, or more than 2^20 neighbours. */
csro_status csro_shell_distances(csro_context *context, const double edge[3], int basis_count,
                                 const double (*basis)[3], int count, double *radius);

/* The energy of a configuration by plain summation over all pairs and clusters, eV. Slow: what the
 * tests compare with. CSRO_ERROR_ARGUMENT: another cell or species. */
csro_status csro_interactions_energy(csro_context *context, const csro_interactions *interactions,
                                     const csro_lattice *lattice, double *energy);

/* A random alloy on the lattice of the interactions with the shares of its species. */
csro_status csro_interactions_lattice(csro_context *context, const csro_interactions *interactions,
                                      const double *shares, const int cells[3], uint64_t seed,
                                      csro_lattice *lattice);

/* Reads and validates a file; refusals name file and line. Release with
 * csro_interactions_destroy. On error *interactions is NULL; CSRO_ERROR_FILE: the file cannot be
 * read, CSRO_ERROR_FORMAT: its content is refused. */
csro_status csro_interactions_read(csro_context *context, const char *path,
                                   csro_interactions **interactions);
/* The same from `size` bytes in memory; `name` stands for the path in messages. */
csro_status csro_interactions_parse(csro_context *context, const char *name, const void *data,
                                    size_t size, csro_interactions **interactions);

/* Those that ship with the program: illustrative, not fitted to any alloy. */
enum { CSRO_INTERACTIONS_SHIPPED = 3 };
extern const char *const csro_interactions_names[CSRO_INTERACTIONS_SHIPPED]; /* "l12-cu3au" ... */
csro_status csro_interactions_shipped(csro_context *context, int index,
                                      csro_interactions **interactions);

/* The XML text, which csro_interactions_parse reads as the same numbers. *text comes from malloc.
 */
csro_status csro_interactions_text(csro_context *context, const csro_interactions *interactions,
                                   char **text);
/* Writes it; an existing file is replaced only by a complete one. */
csro_status csro_interactions_write(csro_context *context, const csro_interactions *interactions,
                                    const char *path);

/* Frees what was read and sets the pointer to NULL. */
void csro_interactions_destroy(csro_interactions **interactions);

CSRO_API_END

#endif

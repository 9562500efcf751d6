/* Pile-up on the detector: which ions are lost to others of their species. */
#ifndef CSRO_SIMULATE_SPECIMEN_PILE_UP_H
#define CSRO_SIMULATE_SPECIMEN_PILE_UP_H

#include "simulate/specimen_grain.h"

/* Where an atom hits the detector. */
typedef struct csro_hit {
  double x, y; /* nm */
  int species;
  int64_t next; /* in the same cell, -1 behind the last */
} csro_hit;

/* The hits before the next one: the last of its plane, and all of the planes above, in cells. One
 * for each thread. */
typedef struct csro_hits {
  int64_t recent_count; /* of the plane so far */
  csro_hit recent[CSRO_PILE_UP_REACH];
  int64_t above_count;
  csro_hit *above;
  int64_t *head;           /* [CSRO_HIT_CELLS^2], first hit of each cell, -1 none */
  double half[2], edge[2]; /* cells reach from -half on and are as large as `edge`, nm */
} csro_hits;

enum { CSRO_HIT_CELLS = 64 };

/* Room for the hits of a specimen. Release with csro_hits_release, also after an error. */
csro_status csro_hits_init(csro_context *context, const csro_grains *grains, csro_hits *hits);
void csro_hits_release(csro_hits *hits);

/* Begins a plane: forgets all hits. */
void csro_hits_clear(csro_hits *hits);

/* Adds a hit of a plane above. */
void csro_hits_add_above(csro_hits *hits, int species, const double seen[3]);

/* Whether the next atom (its site's number, species and where it is seen) is lost. It is among the
 * recent hits afterwards, lost or not. */
bool csro_hits_lose(const csro_specimen *specimen, csro_hits *hits, int64_t number, int species,
                    const double seen[3]);

#endif

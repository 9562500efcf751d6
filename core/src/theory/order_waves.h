/* Long-range order of the known structures by their concentration waves. */
#ifndef CSRO_THEORY_ORDER_WAVES_H
#define CSRO_THEORY_ORDER_WAVES_H

#include "csro/monte_carlo.h"

/* Sites of each species by their cell modulo 6 along x, y, z. */
enum { CSRO_PERIOD = 6 };
typedef struct csro_site_counts {
  int64_t count[CSRO_PERIOD][CSRO_PERIOD][CSRO_PERIOD][4][CSRO_LATTICE_SPECIES]; /* z y x basis */
} csro_site_counts;

/* order[structure][species] as csro_monte_carlo_measure has it; NaN where the structure is none of
 * this parent lattice (0 fcc, 1 bcc) or does not fit into the cells. */
void csro_order_waves(const csro_site_counts *sites, int parent, const double (*basis)[3],
                      const int cells[3], int species_count,
                      double order[CSRO_ORDERS][CSRO_LATTICE_SPECIES]);

#endif

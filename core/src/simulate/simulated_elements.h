/* Elements that can be simulated: atomic volume and colour. */
#ifndef CSRO_SIMULATE_SIMULATED_ELEMENTS_H
#define CSRO_SIMULATE_SIMULATED_ELEMENTS_H

#include "ranges/isotopes.h"

typedef struct csro_simulated_element {
  char symbol[3];
  int number;    /* atomic */
  char color[7]; /* RRGGBB */
  double volume; /* nm^3 per atom, for range files */
} csro_simulated_element;

/* NULL: the element cannot be simulated. */
const csro_simulated_element *csro_simulated_element_find(const char *symbol);

/* All their symbols, for messages: "Ag Al ...". */
void csro_simulated_elements_list(int size, char *text);

#endif

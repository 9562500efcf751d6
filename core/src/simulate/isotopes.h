/* Elements that can be simulated: isotopes, atomic volume and colour. */
#ifndef CSRO_SIMULATE_ISOTOPES_H
#define CSRO_SIMULATE_ISOTOPES_H

typedef struct csro_isotope {
  double mass, percent; /* Da; natural abundance */
} csro_isotope;

typedef struct csro_simulated_element {
  char symbol[3], color[7]; /* RRGGBB */
  double volume;            /* nm^3 per atom, for range files */
  csro_isotope isotopes[8]; /* percent 0 behind the last */
} csro_simulated_element;

/* NULL: the element cannot be simulated. */
const csro_simulated_element *csro_simulated_element_find(const char *symbol);

/* All their symbols, for messages: "Ag Al ...". */
void csro_simulated_elements_list(int size, char *text);

#endif

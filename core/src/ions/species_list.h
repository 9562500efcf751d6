/* Names in the order in which they are met first. */
#ifndef CSRO_IONS_SPECIES_LIST_H
#define CSRO_IONS_SPECIES_LIST_H

#include "csro/ions.h"
#include "ions/text_line.h"

enum { csro_most_species = 4000 };

typedef struct csro_species_list {
  int count, room;
  char (*name)[csro_species_name_size]; /* UTF-8 */
  uint16_t *slot;                       /* a hash table of name + 1 */
  bool too_many;                        /* more than csro_most_species: not all are here */
  bool named;                           /* some are no plain numbers */
} csro_species_list;

void csro_species_list_release(csro_species_list *list);

/* The label of a name, 1 for the first one of the list; 0 for what is none: nothing, nan, or (not
 * in quotes) "unranged". False without memory. */
bool csro_species_list_label(csro_species_list *list, csro_line text, bool quoted, uint16_t *label);

#endif

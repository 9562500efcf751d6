/* Text files of ions without m/q: the columns of lists that have no header, and labels. */
#ifndef CSRO_IONS_TEXT_LABEL_H
#define CSRO_IONS_TEXT_LABEL_H

#include "ions/text_line.h"

enum { csro_label_room = 128 };

/* The columns of a file without a header whose first ion has no m/q: "Ge x y z", "x y z Ge:1" or
 * "x y z". False when the line is none of these. */
bool csro_text_match_label(csro_line ion, csro_text_format *format);

/* The text names what an ion is: "Ge", "13C", "Al:1 O:1". */
bool csro_text_is_label(csro_line text);

/* "AlO" for "Al:1 O:1", which is written to `room`; any other text as it is. */
csro_line csro_text_label_name(csro_line text, char room[csro_label_room]);

#endif

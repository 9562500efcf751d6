/* What people type: pairs of species, numbers by name and boxes, the same in the window, in scripts
 * and on the command line. Errors (CSRO_ERROR_ARGUMENT) say at which character what was found and
 * what was expected. */
#ifndef CSRO_PARSE_H
#define CSRO_PARSE_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* An ordered pair: indices into the names of the species. */
typedef struct csro_pair {
  int a, b;
} csro_pair;

/* Reads pairs like "Ni-Ni, Co-Cr":
 *   list = pair { separator pair };  pair = species "-" species
 * A separator is a comma, a semicolon or a blank, or "+" between the channels of one model
 * ("Fe-Fe+Al-Al"), with blanks around it. Species are known by their names, so that names may hold
 * "-", "+" and "_": a "+" that belongs to a name separates nothing. A text that can be read in two
 * ways is an error, and so are two pairs whose arrays would have the same name (csro_pair_key).
 * Each pair is there once, in the order of the text; blanks alone are no pairs and no error.
 * name: `species` names; of equal ones the first counts, an empty one is no species. pair: comes
 * from malloc, release with free; on error *count is 0 and *pair NULL. */
csro_status csro_pairs_parse(csro_context *context, const char *text, int species,
                             const char *const *name, int *count, csro_pair **pair);

/* Turns a typed pair into the part of an array's name that stands for it, in place: what is no
 * letter or digit becomes "_" ("Ni-Ni" is "Ni_Ni"), as ParaView's Calculator takes it. Bytes above
 * 127 stay. */
void csro_pair_key(char *pair);

/* A number by name. */
typedef struct csro_named_value {
  char name[32];
  double value;
} csro_named_value;

/* Reads numbers by name like "Ni 0.08, Co 0.03", with decimal points:
 *   list = item { separator item };  item = name [ blank number ]
 * A separator is a comma or a semicolon with or without blanks around it. A name is anything of at
 * most 31 bytes without blanks and separators. An item without a number has `otherwise`; where that
 * is NaN, every item needs one. At most `most` items; blanks alone are none. No name is there
 * twice. `what` names the text in messages. On error *count is 0. */
csro_status csro_named_values_parse(csro_context *context, const char *what, const char *text,
                                    double otherwise, int most, csro_named_value *values,
                                    int *count);

/* Reads "x0,x1,y0,y1,z0,z1" in nm: six finite numbers with decimal points, separated by a comma or
 * semicolon with or without blanks around it, or by blanks. On error the box is all zeros. */
csro_status csro_box_parse(csro_context *context, const char *text, double box[6]);

CSRO_API_END

#endif

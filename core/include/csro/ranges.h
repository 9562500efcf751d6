/* Range files: which mass-to-charge belongs to which species. */
#ifndef CSRO_RANGES_H
#define CSRO_RANGES_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* One element or isotope of a molecular formula. */
typedef struct csro_component {
  char symbol[32]; /* "B" of 10B, "H" of D; what the file has where that is no element */
  int isotope;     /* mass number, 0 when the file does not say */
  int count;
} csro_component;

/* A species is what ranges of one name have in common: the name that the file gives them, else
 * their formula, as the species' first range has it; the order of its elements does not matter, and
 * a range without a formula whose name is the formula of others is of their species. */
typedef struct csro_species {
  char name[64];  /* "Ni", "NiO2", "1Al1", "un1"; UTF-8, unique, never "unranged" */
  float color[3]; /* RGB 0..1, from the first of its ranges that has one, else grey */
  int charge;     /* 0 when the file does not say */
  int components; /* 0 when the file gives a name only and that is no formula */
  csro_component component[8];
} csro_species;

/* An interval of mass-to-charge and its species. */
typedef struct csro_range {
  double lo, hi; /* Da, both ends inclusive */
  double volume; /* nm^3 per ion, 0 when the file gives none */
  int species;   /* index into species, from 0 */
  int line;      /* where in the file */
} csro_range;

/* A line of the report that is about ions: those with lo <= mass <= hi. */
typedef struct csro_range_issue {
  double lo, hi;    /* Da */
  int64_t line_end; /* index of the end of the line in `report` */
} csro_range_issue;

/* A range file. The arrays belong to it. */
typedef struct csro_ranges {
  int count;
  csro_range *range; /* in the file's order */
  int species_count;
  csro_species *species; /* in order of first use by a range */
  int element_count;     /* the list of ions as written */
  char (*elements)[64];
  int declared; /* the number of ranges that the file states, -1 when absent */
  int left_out; /* ranges of nothing: without atoms and without a name */
  /* Pairs of ranges that have more than an end in common, just an end, or both ends (each pair is
   * one of the three); ranges that were swapped. */
  int overlaps, touching, duplicates, inverted;
  char *report; /* one line per problem for the user, "" when there is none */
  int issue_count;
  csro_range_issue *issue; /* in the order of the report */
} csro_ranges;

/* Reads a range file; the ending of the name chooses the format, in any case.
 *  - .rrng: fields in any order, Name with or without composition, blanks behind colons, quotes
 *    around names, keys and section names in any case, comments with '#' or ';', counts as 1.000.
 *  - .rng: the columns are the elements, isotopes or ions; the colour of a species is that of its
 *    only column, or of the row with the same ends in the polyatomic extension. A row without atoms
 *    takes its formula or name from there. A row may begin with a point, another mark or none.
 *  - .env: ranges name their ions; what follows behind the declared ranges is left alone.
 *  - .nxs, .h5, .hdf5: the ions of peak_identification of NeXus NXapm; species are named by their
 *    formula and charge.
 * In all text: decimal commas, LF, CRLF and CR, UTF-8 or Latin-1, a Ctrl-Z at the end, more or
 * fewer lines than declared.
 *
 * What a range is made of is its composition. Labels in it may be isotopes (13C, D, B10) and have
 * charges (Fe++, Al_2+, 2Al1). A name without composition is read as a formula or, as in Fe56, as
 * an isotope: whichever has a mass over charge (1 to 4, or the charge that the name states) within
 * 1 % of the range; where both have, the formula is taken and that reported. A name beside a
 * composition says which isotope or charge it is where the elements agree, and is left out (and
 * reported) where it is the formula of something else.
 *
 * An inverted range (hi < lo) is swapped; a range of no atoms without a name is left out.
 * Duplicates, overlaps, inversions, touching ends, an element or name that the list of ions lacks,
 * a wrong number, a colour or volume that is none are counted and reported in `report`, they are no
 * errors; a line that cannot be read is an error that names it, and so is more than 64 MiB, 65000
 * ranges, 4096 ions in the list or 8 elements in a formula. Release with csro_ranges_destroy. */
csro_status csro_ranges_read(csro_context *context, const char *path, csro_ranges **ranges);

/* The same from memory; `name` stands for the path in messages and in the choice of the format,
 * which is .rrng for a name without one of the endings. */
csro_status csro_ranges_parse(csro_context *context, const char *name, const void *data,
                              size_t size, csro_ranges **ranges);
void csro_ranges_destroy(csro_ranges **ranges); /* accepts NULL and pointers to NULL */

/* Writes all ranges as .rrng: the list of ions, then each range with its ends, volume, composition,
 * name (where it is not the formula) and colour (in 256 steps). Read again it has the same ranges,
 * in this order, of the same species; what .rrng has no words for (a charge that neither name nor
 * symbol tells, a name with a # or ; behind a blank) is an error, and so are another ending and no
 * ranges. The file is written whole, or nothing is left behind; as csro_ions_write. */
csro_status csro_ranges_write(csro_context *context, const csro_ranges *ranges, const char *path);

/* Gives species (of csro_ranges_of_names) these ranges instead of those that they have. A species
 * that is not there, and ends that are no numbers or in the wrong order are errors. */
csro_status csro_ranges_set(csro_context *context, csro_ranges *ranges, int count,
                            const csro_range *list);

/* The range file that is in the same folder as an ion file, under the same name but for the ending,
 * both in any case: "R5.pos" has "R5.RRNG". Of several, .rrng comes before .rng before .env, then
 * the name in the same case, then the first in the order of the bytes. Where there is none, the
 * range files of one other name ("specimen.rrng" and "specimen.rng") when the folder has range
 * files of no further name and no ions of another name: no other .pos, .epos, .ato, .apt or .nxs,
 * and beside text no other text. *ranges is a path that opens it, NULL when there is none or the
 * folder cannot be read; release with free. */
csro_status csro_ranges_beside(csro_context *context, const char *ions, char **ranges);

/* The chemical element that a species is exactly one atom of, of whatever isotope and charge; NULL
 * when it is anything else. */
const char *csro_species_element(const csro_species *species);

/* Index of the first species that is exactly one atom of the element (e.g. "Ni"), or -1. */
int csro_ranges_element(const csro_ranges *ranges, const char *symbol);

/* The composition of a species as text, "10B:1 O:2 +2" (isotope, symbol, count; charge), "" for
 * none: what csro_ranges_of_names takes. */
enum { csro_composition_room = 512 };
void csro_composition_write(const csro_species *species, char out[csro_composition_room]);

/* The formula, "AlO2", "10B", "" for none. */
void csro_species_write_formula(const csro_species *species, char out[csro_composition_room]);

/* Labels ions by mass: label[i] = 1 + species of the FIRST range (in file order) with
 * lo <= mass <= hi, 0 for unranged. Masses are float32 or double (is_double) and compared as
 * double. */
csro_status csro_ranges_apply(csro_context *context, const csro_ranges *ranges, const void *mass,
                              bool is_double, int64_t count, uint16_t *label);

/* How many ions the report concerns: counts[i] those of concern i, counts[issue_count] those in
 * more than one range, each once. Counts of several ranks add up. */
csro_status csro_ranges_count_issues(csro_context *context, const csro_ranges *ranges,
                                     const void *mass, bool is_double, int64_t count,
                                     int64_t *counts);

/* Whether the report is more than ranges that touch without an ion on a common end. */
bool csro_ranges_need_warning(const csro_ranges *ranges, const int64_t *counts);

/* The report with these counts in its lines; the text comes from malloc. */
csro_status csro_ranges_write_report(csro_context *context, const csro_ranges *ranges,
                                     const int64_t *counts, char **text);

/* Species without ranges, for ions that have labels already. names: 1 to 63 characters each, else
 * an error. compositions: of each, from csro_composition_write, else an error; NULL when there are
 * none: then a name that is a chemical formula is one. colors: RGB of each, NULL for
 * colours that tell them apart. Release with csro_ranges_destroy. */
csro_status csro_ranges_of_names(csro_context *context, int count, const char *const *names,
                                 const char *const *compositions, const float (*colors)[3],
                                 csro_ranges **ranges);

/* The types of ions that an .apt file has (its section "Ion Type"), as labels: label[i] = 1 + type,
 * 0 for 255, which is unranged. *types is 1 + the largest type, 0 when all are unranged. */
csro_status csro_types_apply(csro_context *context, const uint8_t *type, int64_t count,
                             uint16_t *label, int *types);

/* The species of such labels, named IonType0, IonType1 ..., in colours that tell them apart. */
csro_status csro_ranges_of_types(csro_context *context, int types, csro_ranges **ranges);

CSRO_API_END

#endif

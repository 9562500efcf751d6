/* .xyz and .extxyz: the number of ions, a line about them, then one line per ion: its species and
 * its position in angstrom, which readers of these formats take for granted. .extxyz goes on with
 * the mass-to-charge and all columns, and its second line names them (docs/formats.md). */
#include "ions/write_ions.h"
#include "ions/write_values.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A name without what would end it in a line of words, or in the list of properties. */
static size_t put_word(const char *name, char *out) {
  size_t n = 0;
  if (!name[0])
    name = "unnamed";
  for (; name[n]; n++)
    if (out)
      out[n] = (unsigned char)name[n] <= ' ' || strchr(":\"'=", name[n]) ? '_' : name[n];
  return n;
}

/* X stands for what is no element, as in other programs. */
char *csro_put_species(const csro_ions *ions, int64_t i, char *out) {
  const uint16_t label = ions->species ? ions->species[i] : 0;
  return out + put_word(label > 0 ? ions->species_names[label - 1] : "X", out);
}

char *csro_put_angstrom(const csro_ions *ions, int64_t i, int axis, char *out) {
  const double value = 10 * csro_ion_value(ions, i, axis);
  return ions->is_double || fabs(value) > (double)FLT_MAX ? csro_put_double(value, out)
                                                          : csro_put_float((float)value, out);
}

static char *put_ion(const csro_ions *ions, int64_t i, bool extended, char *out) {
  out = csro_put_species(ions, i, out);
  for (int axis = 0; axis < 3; axis++) {
    *out++ = ' ';
    out = csro_put_angstrom(ions, i, axis, out);
  }
  if (extended && ions->mass) {
    const double mass = csro_ion_value(ions, i, 3);
    *out++ = ' ';
    out = ions->is_double ? csro_put_double(mass, out) : csro_put_float((float)mass, out);
  }
  for (int c = 0; extended && c < ions->column_count; c++)
    for (int k = 0; k < ions->columns[c].components; k++) {
      *out++ = ' ';
      out = csro_put_value(&ions->columns[c], i * ions->columns[c].components + k, out);
    }
  *out++ = '\n';
  return out;
}

static size_t encode(const csro_ions *ions, int64_t begin, int64_t count, bool extended,
                     char *out) {
  char *p = out;
  for (int64_t i = begin; i < begin + count; i++)
    p = put_ion(ions, i, extended, p);
  return (size_t)(p - out);
}

static size_t encode_xyz(const csro_ions *ions, int64_t begin, int64_t count, char *out) {
  return encode(ions, begin, count, false, out);
}

static size_t encode_extxyz(const csro_ions *ions, int64_t begin, int64_t count, char *out) {
  return encode(ions, begin, count, true, out);
}

size_t csro_put_text(const char *text, size_t n, char *out) {
  for (; *text; text++, n++)
    if (out)
      out[n] = *text;
  return n;
}

static size_t put_count(const csro_ions *ions, char *out) {
  char line[32];
  snprintf(line, sizeof line, "%" PRId64 "\n", ions->total);
  return csro_put_text(line, 0, out);
}

static size_t head_xyz(const csro_ions *ions, char *out) {
  return csro_put_text("positions in angstrom; X is unranged\n", put_count(ions, out), out);
}

static bool is_real(csro_column_type type) {
  return type == CSRO_COLUMN_FLOAT32 || type == CSRO_COLUMN_FLOAT64;
}

static size_t head_extxyz(const csro_ions *ions, char *out) {
  size_t n = put_count(ions, out);
  n = csro_put_text("Properties=species:S:1:pos:R:3", n, out);
  if (ions->mass)
    n = csro_put_text(":mass_to_charge_Da:R:1", n, out);
  for (int c = 0; c < ions->column_count; c++) {
    const csro_column *column = &ions->columns[c];
    char type[32];
    snprintf(type, sizeof type, ":%c:%d", is_real(column->type) ? 'R' : 'I', column->components);
    n = csro_put_text(":", n, out);
    n += put_word(column->name, out ? out + n : NULL);
    n = csro_put_text(type, n, out);
  }
  if (!ions->has_box)
    return csro_put_text(" pbc=\"F F F\"\n", n, out);
  n = csro_put_text(" Lattice=\"", n, out);
  for (int k = 0; k < 9; k++) {
    char number[csro_longest_number + 2];
    *csro_put_double(10 * ions->box[k], number) = 0;
    n = csro_put_text(number, k > 0 ? csro_put_text(" ", n, out) : n, out);
  }
  return csro_put_text("\" pbc=\"T T T\"\n", n, out);
}

const csro_ion_encoder csro_xyz_encoder = {.ending = ".xyz",
                                           .needs_no_mass = true,
                                           .fixed_bytes =
                                               3 * csro_longest_number + csro_longest_word,
                                           .head = head_xyz,
                                           .encode = encode_xyz};

const csro_ion_encoder csro_extxyz_encoder = {.ending = ".extxyz",
                                              .needs_no_mass = true,
                                              .fixed_bytes =
                                                  4 * csro_longest_number + csro_longest_word,
                                              .bytes_per_value = csro_longest_number,
                                              .head = head_extxyz,
                                              .encode = encode_extxyz};

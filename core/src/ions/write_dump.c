/* .dump: a snapshot as LAMMPS writes and reads it, with the element beside the type. */
#include "ions/write_ions.h"
#include "ions/write_values.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static int64_t type_of(const csro_ions *ions, int64_t i) {
  const int label = ions->species ? ions->species[i] : 0;
  return label > 0 ? label : ions->species_count + 1;
}

static size_t encode_dump(const csro_ions *ions, int64_t begin, int64_t count, char *out) {
  char *p = out;
  for (int64_t i = begin; i < begin + count; i++) {
    p += sprintf(p, "%" PRId64 " %" PRId64 " ", ions->first + i + 1, type_of(ions, i));
    p = csro_put_species(ions, i, p);
    for (int axis = 0; axis < 3; axis++) {
      *p++ = ' ';
      p = csro_put_angstrom(ions, i, axis, p);
    }
    *p++ = '\n';
  }
  return (size_t)(p - out);
}

/* The bounds of a tilted box are those of its corners. */
static size_t head_dump(const csro_ions *ions, char *out) {
  const double *box = ions->box, xy = 10 * box[3], xz = 10 * box[6], yz = 10 * box[7];
  const bool tilted = xy != 0 || xz != 0 || yz != 0;
  const double lo[3] = {fmin(fmin(0, xy), fmin(xz, xy + xz)), fmin(0, yz), 0};
  const double hi[3] = {10 * box[0] + fmax(fmax(0, xy), fmax(xz, xy + xz)),
                        10 * box[4] + fmax(0, yz), 10 * box[8]};
  const double tilt[3] = {xy, xz, yz};
  char text[8 * csro_longest_number];
  snprintf(text, sizeof text, "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n%" PRId64 "\n",
           ions->total);
  size_t n = csro_put_text(text, 0, out);
  n = csro_put_text(tilted ? "ITEM: BOX BOUNDS xy xz yz pp pp pp\n" : "ITEM: BOX BOUNDS pp pp pp\n",
                    n, out);
  for (int axis = 0; axis < 3; axis++) {
    char *p = csro_put_double(lo[axis], text);
    *p++ = ' ';
    p = csro_put_double(hi[axis], p);
    if (tilted) {
      *p++ = ' ';
      p = csro_put_double(tilt[axis], p);
    }
    *p++ = '\n';
    *p = 0;
    n = csro_put_text(text, n, out);
  }
  return csro_put_text("ITEM: ATOMS id type element x y z\n", n, out);
}

const csro_ion_encoder csro_dump_encoder = {.ending = ".dump",
                                            .needs_no_mass = true,
                                            .fixed_bytes =
                                                5 * csro_longest_number + csro_longest_word,
                                            .head = head_dump,
                                            .encode = encode_dump};

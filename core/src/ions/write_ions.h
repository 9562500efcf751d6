/* The encoders of the single formats behind csro_ions_write. */
#ifndef CSRO_IONS_WRITE_IONS_H
#define CSRO_IONS_WRITE_IONS_H

#include "ions/ion_columns.h"

typedef struct csro_ion_encoder {
  const char *ending;
  bool float32; /* positions and masses are stored as float32 */
  bool needs_no_mass;
  int fixed_bytes;     /* at most, of x, y, z and m/q with separators */
  int bytes_per_value; /* at most, of each value in the columns */
  /* Text above the ions: returns its length, writes it when out is not NULL. NULL for none. */
  size_t (*head)(const csro_ions *ions, char *out);
  /* Writes the ions begin .. begin + count - 1; returns the number of bytes. Runs in the
   * C locale. NULL for HDF5. */
  size_t (*encode)(const csro_ions *ions, int64_t begin, int64_t count, char *out);
} csro_ion_encoder;

extern const csro_ion_encoder csro_pos_encoder, csro_epos_encoder, csro_text_encoder,
    csro_xyz_encoder, csro_extxyz_encoder, csro_dump_encoder, csro_nexus_encoder;

/* Whether the format can hold these ions. */
csro_status csro_ions_check_written(csro_context *context, const csro_ion_encoder *encoder,
                                    const csro_ions *ions, const char *path);

#endif

/* The readers of the single formats behind csro_ions_read, which frees the ions on error, and what
 * they share. */
#ifndef CSRO_IONS_ION_READERS_H
#define CSRO_IONS_ION_READERS_H

#include "file/file.h"
#include "ions/ion_columns.h"

typedef csro_status (*csro_read_function)(csro_context *context, const csro_file *file, int part,
                                          int parts, csro_ions *ions);

csro_status csro_pos_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions);
csro_status csro_epos_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions);
csro_status csro_ato_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions);
csro_status csro_apt_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions);
csro_status csro_hdf5_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions);
csro_status csro_text_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions);
csro_status csro_atoms_read(csro_context *context, const csro_file *file, int part, int parts,
                            csro_ions *ions);

/* The ions of a part whose position or mass is not finite. */
typedef struct csro_odd_ions {
  int64_t count, first; /* first: in the part */
  int axis;             /* of the first one; 3: its mass */
  double value;
} csro_odd_ions;

csro_odd_ions csro_ions_examine(const csro_context *context, const csro_ions *ions);

/* Remembers that there are such ions, of which the first stands at `where`; without any it does
 * nothing. csro_ions_read_finite takes them out then. */
csro_status csro_ions_mark(csro_context *context, csro_ions *ions, csro_odd_ions odd,
                           const char *where);

/* The same in a binary file: the value stands at that byte. */
csro_status csro_ions_mark_byte(csro_context *context, csro_ions *ions, csro_odd_ions odd,
                                int64_t byte);

/* Takes the marked ions out of all arrays. */
csro_status csro_ions_leave_out(csro_context *context, csro_ions *ions);

#endif

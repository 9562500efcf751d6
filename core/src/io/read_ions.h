/* The readers of the single formats behind csro_ions_read, which frees the ions on error, and what
 * they share. */
#ifndef CSRO_IO_READ_IONS_H
#define CSRO_IO_READ_IONS_H

#include "csro/ions.h"
#include "io/file.h"

typedef csro_status (*csro_read_function)(csro_context *context, const csro_file *file, int part,
                                          int parts, csro_ions *ions);

csro_status csro_pos_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions);
csro_status csro_epos_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions);
csro_status csro_apt_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions);
csro_status csro_text_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions);

/* Adds a column with room for ions->count ions and returns it, or NULL without memory. Valid until
 * the next one is added. */
csro_column *csro_ions_add_column(csro_context *context, csro_ions *ions, const char *name,
                                  const char *unit, csro_column_type type, int components);

/* Adds one line to the note. */
csro_status csro_ions_note(csro_context *context, csro_ions *ions, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "ion 7 (from 0): z is nan, expected a finite number" at the byte where that value stands. */
csro_status csro_ions_fail_value(csro_context *context, const csro_file *file, int64_t byte,
                                 int64_t ion, int axis, double value);

#endif

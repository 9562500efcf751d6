/* The readers of the single formats behind csro_ions_read, which frees the ions on error. */
#ifndef CSRO_IO_READ_IONS_H
#define CSRO_IO_READ_IONS_H

#include "csro/ions.h"
#include "io/file.h"

typedef csro_status (*csro_read_function)(csro_context *context, const csro_file *file, int part,
                                          int parts, csro_ions *ions);

csro_status csro_pos_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions);
csro_status csro_text_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions);

#endif

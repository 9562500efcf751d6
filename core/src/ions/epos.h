/* The columns of .epos files, behind x, y, z and m/q: five float32, then two int32. */
#ifndef CSRO_IONS_EPOS_H
#define CSRO_IONS_EPOS_H

enum { csro_epos_record = 44, csro_epos_floats = 5, csro_epos_columns = 7 };

extern const char *const csro_epos_names[csro_epos_columns];

#endif

/* Snapshots of atoms in a periodic box: files of simulations, extended XYZ and LAMMPS dumps. */
#ifndef CSRO_IONS_ATOM_FRAME_H
#define CSRO_IONS_ATOM_FRAME_H

#include "base/progress.h"
#include "file/file.h"
#include "ions/text_line.h"

/* One snapshot: where its atoms are in the file, and what its head says of them. */
typedef struct csro_atom_frame {
  csro_text_format format; /* in: c_locale */
  int64_t count;           /* atoms */
  int64_t begin, end;      /* bytes of their lines */
  int64_t lines_before;    /* above the first of them */
  bool scaled;             /* positions are in edges of the box */
  bool periodic;           /* there is a box */
  double origin[3];        /* of the box, nm */
  double box[3][3];        /* its edges, nm */
} csro_atom_frame;

/* The lines of a file, one after the other. */
typedef struct csro_frame_lines {
  csro_context *context;
  const csro_file *file;
  locale_t c_locale;
  char *buffer; /* of `room` bytes, the longest line */
  int64_t room, base, size, at, number;
  csro_progress progress;
} csro_frame_lines;

/* The next line, without its end; line->begin is NULL at the end of the file. It is there until the
 * next one is read. */
csro_status csro_frame_next_line(csro_frame_lines *lines, csro_line *line);

/* "input.dump: line 7: 'x', expected <what>". */
csro_status csro_frame_fail(const csro_frame_lines *lines, csro_line found, const char *expected);

/* Reads the head of a snapshot up to the line above its first atom, of which `first` is the first
 * line that is not blank. */
typedef csro_status (*csro_frame_head)(csro_frame_lines *lines, csro_line first,
                                       csro_atom_frame *frame);
csro_status csro_xyz_read_head(csro_frame_lines *lines, csro_line first, csro_atom_frame *frame);
csro_status csro_dump_read_head(csro_frame_lines *lines, csro_line first, csro_atom_frame *frame);

/* The number of atoms in a line of its own: from 1 to what fits into the file. */
csro_status csro_frame_count(csro_frame_lines *lines, csro_line line, int64_t *count);

/* Whether a text is this word. */
bool csro_frame_is_word(csro_line text, const char *word);

/* Up to `most` numbers separated by blanks that fill the text; returns how many, -1 for what is
 * none. Each is finite. */
int csro_frame_numbers(const csro_frame_lines *lines, csro_line text, int most, double *numbers);

/* Edges of 1e-3 to 1e6 nm that span a volume; fails else, with the line above. */
csro_status csro_frame_check_box(const csro_frame_lines *lines, const csro_atom_frame *frame);

/* Finds the last snapshot of a file, and how many there are. */
csro_status csro_atom_frame_find(csro_context *context, const csro_file *file, char *buffer,
                                 int64_t room, csro_atom_frame *frame, int64_t *frames);

/* From the numbers of a line (in nm where they are not scaled) to nm, in the box whose origin is
 * 0. */
void csro_atom_frame_place(const csro_atom_frame *frame, double r[3]);

#endif

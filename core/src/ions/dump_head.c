/* The head of a snapshot of LAMMPS (dump atom and dump custom, as text). */
#include "ions/atom_frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool takes(csro_line *line, const char *beginning) {
  const size_t length = strlen(beginning);
  if ((size_t)(line->end - line->begin) < length || memcmp(line->begin, beginning, length) != 0)
    return false;
  line->begin += length;
  while (line->begin < line->end && *line->begin == ' ')
    line->begin++;
  return true;
}

static csro_status read_units(csro_frame_lines *lines, csro_line line, csro_atom_frame *frame) {
  static const char *const units[][2] = {{"metal", "angstrom"}, {"real", "angstrom"},
                                         {"nano", "nm"},        {"micro", "um"},
                                         {"si", "m"},           {"cgs", "cm"}};
  while (line.begin && line.end > line.begin && line.end[-1] == ' ')
    line.end--;
  for (size_t i = 0; line.begin && i < sizeof units / sizeof *units; i++)
    if (csro_frame_is_word(line, units[i][0])) {
      for (int k = 0; k < 3; k++)
        frame->format.columns.unit[k] =
            csro_unit_find(CSRO_UNIT_LENGTH, units[i][1], strlen(units[i][1]));
      return CSRO_OK;
    }
  return csro_frame_fail(lines, line, "units of a length: metal, real, nano, micro, si or cgs");
}

/* The bounds of a triclinic box are those of its corners; its factors are behind them. */
static void set_box(const double number[3][3], const csro_unit *unit, csro_atom_frame *frame) {
  const double xy = number[0][2], xz = number[1][2], yz = number[2][2];
  const double lo[3] = {number[0][0] - fmin(fmin(0, xy), fmin(xz, xy + xz)),
                        number[1][0] - fmin(0, yz), number[2][0]};
  const double hi[3] = {number[0][1] - fmax(fmax(0, xy), fmax(xz, xy + xz)),
                        number[1][1] - fmax(0, yz), number[2][1]};
  const double box[3][3] = {{hi[0] - lo[0], 0, 0}, {xy, hi[1] - lo[1], 0}, {xz, yz, hi[2] - lo[2]}};
  frame->periodic = true;
  for (int k = 0; k < 3; k++) {
    frame->origin[k] = csro_unit_convert(unit, lo[k]);
    for (int axis = 0; axis < 3; axis++)
      frame->box[k][axis] = csro_unit_convert(unit, box[k][axis]);
  }
}

/* `rest` is what follows BOX BOUNDS: "xy xz yz pp pp pp". */
static csro_status read_box(csro_frame_lines *lines, csro_line rest, csro_atom_frame *frame) {
  char text[61];
  csro_line_copy_printable(rest, text, sizeof text);
  if (strstr(text, "abc"))
    return csro_frame_fail(lines, rest,
                           "a box whose first edge is along x (BOX BOUNDS, with xy xz yz)");
  const bool tilted = takes(&rest, "xy xz yz");
  const bool periodic = csro_line_count_columns(' ', rest) == 0 || takes(&rest, "pp pp pp");
  double number[3][3] = {{0}};
  for (int k = 0; k < 3; k++) {
    csro_line line;
    const csro_status status = csro_frame_next_line(lines, &line);
    if (status != CSRO_OK)
      return status;
    if (!line.begin || csro_frame_numbers(lines, line, 3, number[k]) != (tilted ? 3 : 2))
      return csro_frame_fail(
          lines, line, tilted ? "two bounds of the box and its tilt" : "two bounds of the box");
    if (number[k][0] > number[k][1])
      return csro_frame_fail(lines, line, "two bounds of the box, the lower first");
  }
  set_box(number, frame->format.columns.unit[0], frame);
  for (int k = 0; k < 3; k++)
    if (frame->box[k][k] < 0)
      return csro_frame_fail(lines, rest, "bounds that are farther apart than the tilt of the box");
  const csro_status status = csro_frame_check_box(lines, frame);
  frame->periodic = periodic;
  return status;
}

/* The names of the columns: type or element; x y z, xu yu zu, xs ys zs or xsu ysu zsu. */
static csro_status read_columns(csro_frame_lines *lines, csro_line line, csro_atom_frame *frame) {
  static const char *const suffixes[] = {"", "u", "s", "su"};
  int at[4][3], type = -1, element = -1, count = 0;
  memset(at, -1, sizeof at);
  const csro_line all = line;
  const char *p = line.begin;
  csro_line name;
  bool quoted;
  for (; csro_line_next_column(' ', &p, line.end, &name, &quoted); count++) {
    type = csro_frame_is_word(name, "type") ? count : type;
    element = csro_frame_is_word(name, "element") ? count : element;
    for (int s = 0; s < 4; s++)
      for (int axis = 0; axis < 3; axis++) {
        char word[4] = {"xyz"[axis]};
        strcpy(word + 1, suffixes[s]);
        at[s][axis] = csro_frame_is_word(name, word) ? count : at[s][axis];
      }
  }
  int *columns = frame->format.columns.at;
  for (int s = 0; s < 4; s++)
    if (at[s][0] >= 0 && at[s][1] >= 0 && at[s][2] >= 0 && (type >= 0 || element >= 0)) {
      memcpy(columns, at[s], sizeof at[s]);
      columns[csro_role_species] = element >= 0 ? element : type;
      frame->format.columns.names = count;
      frame->scaled = s >= 2;
      for (int axis = 0; axis < 3 && frame->scaled; axis++)
        frame->format.columns.unit[axis] = csro_unit_default(CSRO_UNIT_LENGTH);
      return CSRO_OK;
    }
  return csro_frame_fail(lines, all, "columns with type or element and x y z or xs ys zs");
}

csro_status csro_dump_read_head(csro_frame_lines *lines, csro_line first, csro_atom_frame *frame) {
  bool has_box = false;
  csro_line line = first;
  csro_status status = CSRO_OK;
  while (status == CSRO_OK) {
    csro_line item = line;
    if (!line.begin || !takes(&item, "ITEM:"))
      return csro_frame_fail(lines, line, "a line ITEM: of a LAMMPS dump (as text)");
    if (takes(&item, "ATOMS")) {
      if (frame->count == 0 || !has_box)
        return csro_frame_fail(lines, line, "NUMBER OF ATOMS and BOX BOUNDS above the atoms");
      return read_columns(lines, item, frame);
    }
    if (takes(&item, "BOX BOUNDS")) {
      status = read_box(lines, item, frame);
      has_box = true;
    } else {
      status = csro_frame_next_line(lines, &line);
      if (status == CSRO_OK && takes(&item, "NUMBER OF ATOMS"))
        status = csro_frame_count(lines, line, &frame->count);
      else if (status == CSRO_OK && takes(&item, "UNITS"))
        status = read_units(lines, line, frame);
      else if (status == CSRO_OK && !line.begin)
        status = csro_frame_fail(lines, line, "a snapshot");
    }
    if (status == CSRO_OK)
      status = csro_frame_next_line(lines, &line);
  }
  return status;
}

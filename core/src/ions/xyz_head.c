/* The head of a snapshot of .xyz and of extended XYZ: the number of atoms, then key="value" ... */
#include "ions/atom_frame.h"

#include <string.h>

typedef struct pair {
  csro_line key, value;
  bool has_value;
} pair;

/* The next key, or key=value with the value in quotes or brackets or without; false at the end. */
static bool next_pair(csro_line *line, pair *out) {
  const char *p = line->begin, *end = line->end;
  while (p < end && (*p == ' ' || *p == '\t'))
    p++;
  out->key.begin = p;
  while (p < end && *p != ' ' && *p != '\t' && *p != '=')
    p++;
  out->key.end = p;
  out->value = (csro_line){p, p};
  out->has_value = p < end && *p == '=';
  if (out->has_value) {
    const char open = ++p < end ? *p : 0;
    const char close = open == '{'                   ? '}'
                       : open == '['                 ? ']'
                       : open == '"' || open == '\'' ? open
                                                     : 0;
    p += close != 0;
    out->value.begin = p;
    while (p < end && (close ? *p != close : *p != ' ' && *p != '\t'))
      p++;
    out->value.end = p;
    p += close && p < end;
  }
  line->begin = p;
  return out->key.begin < out->key.end || p < end;
}

static csro_status read_lattice(csro_frame_lines *lines, csro_line value, csro_atom_frame *frame) {
  double numbers[9];
  if (csro_frame_numbers(lines, value, 9, numbers) != 9)
    return csro_frame_fail(lines, value, "Lattice with nine numbers");
  for (int k = 0; k < 9; k++)
    frame->box[k / 3][k % 3] = csro_unit_convert(frame->format.columns.unit[0], numbers[k]);
  frame->periodic = true;
  return csro_frame_check_box(lines, frame);
}

static csro_status read_origin(csro_frame_lines *lines, csro_line value, csro_atom_frame *frame) {
  double numbers[3];
  if (csro_frame_numbers(lines, value, 3, numbers) != 3)
    return csro_frame_fail(lines, value, "Origin with three numbers");
  for (int k = 0; k < 3; k++)
    frame->origin[k] = csro_unit_convert(frame->format.columns.unit[0], numbers[k]);
  return CSRO_OK;
}

/* One field of name:type:columns. */
static csro_line next_field(csro_line *rest) {
  const char *colon = memchr(rest->begin, ':', (size_t)(rest->end - rest->begin));
  const csro_line field = {rest->begin, colon ? colon : rest->end};
  rest->begin = colon ? colon + 1 : rest->end;
  return field;
}

static csro_status read_properties(csro_frame_lines *lines, csro_line value,
                                   csro_atom_frame *frame) {
  enum { most_columns = 10000 };
  int *at = frame->format.columns.at, column = 0;
  for (int role = 0; role < csro_roles; role++)
    at[role] = -1;
  csro_line rest = value;
  while (rest.begin < rest.end) {
    const csro_line name = next_field(&rest), type = next_field(&rest), size = next_field(&rest);
    double width = 0;
    if (name.begin == name.end || type.end - type.begin != 1 || !strchr("SRIL", *type.begin) ||
        csro_frame_numbers(lines, size, 1, &width) != 1 || !(width >= 1 && width <= most_columns) ||
        width != (int)width || column > most_columns)
      return csro_frame_fail(lines, value, "Properties as species:S:1:pos:R:3");
    const bool is_single = width == 1;
    if (width == 3 && (csro_frame_is_word(name, "pos") || csro_frame_is_word(name, "position") ||
                       csro_frame_is_word(name, "positions")))
      for (int axis = 0; axis < 3; axis++)
        at[axis] = column + axis;
    if (is_single &&
        (csro_frame_is_word(name, "species") || csro_frame_is_word(name, "element") ||
         csro_frame_is_word(name, "symbol") || csro_frame_is_word(name, "type")) &&
        at[csro_role_species] < 0)
      at[csro_role_species] = column;
    if (is_single && csro_frame_is_word(name, "mass_to_charge_Da"))
      at[csro_role_mass] = column;
    column += (int)width;
  }
  frame->format.columns.names = column;
  return at[0] < 0 ? csro_frame_fail(lines, value, "Properties with pos:R:3") : CSRO_OK;
}

static bool is_true(csro_line text) {
  static const char *const words[] = {"T", "true", "1"};
  for (int i = 0; i < 3; i++)
    if (csro_frame_is_word(text, words[i]))
      return true;
  return false;
}

/* "T T T". */
static bool is_periodic(csro_line value) {
  const char *p = value.begin;
  csro_line column;
  bool quoted, all = true;
  while (csro_line_next_column(' ', &p, value.end, &column, &quoted))
    all = all && is_true(column);
  return all;
}

csro_status csro_xyz_read_head(csro_frame_lines *lines, csro_line first, csro_atom_frame *frame) {
  csro_line line;
  csro_status status = csro_frame_count(lines, first, &frame->count);
  if (status == CSRO_OK)
    status = csro_frame_next_line(lines, &line);
  if (status != CSRO_OK)
    return status;
  if (!line.begin)
    return csro_frame_fail(lines, line, "a line about the atoms and the atoms");
  const int plain[csro_roles] = {1, 2, 3, -1, 0}; /* species x y z */
  memcpy(frame->format.columns.at, plain, sizeof plain);
  frame->format.columns.names = 4;
  bool periodic = true;
  pair next;
  while (status == CSRO_OK && next_pair(&line, &next)) {
    if (!next.has_value)
      continue; /* a word of a comment */
    if (csro_frame_is_word(next.key, "Lattice"))
      status = read_lattice(lines, next.value, frame);
    else if (csro_frame_is_word(next.key, "Properties"))
      status = read_properties(lines, next.value, frame);
    else if (csro_frame_is_word(next.key, "Origin"))
      status = read_origin(lines, next.value, frame);
    else if (csro_frame_is_word(next.key, "pbc"))
      periodic = is_periodic(next.value);
  }
  frame->periodic = frame->periodic && periodic;
  return status;
}

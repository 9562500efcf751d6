#include "ions/text_names.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { key_size = 40, shown = 41 };

/* A name taken apart: "X-Position [nm]" has the key xposition and the unit nm. */
typedef struct name_parts {
  char key[key_size]; /* small letters, digits and slashes; "?" stands for anything else */
  csro_line unit;     /* empty: none */
} name_parts;

static bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static csro_line trim(csro_line text) {
  while (text.begin < text.end && strchr(" \t\"", *text.begin))
    text.begin++;
  while (text.end > text.begin && strchr(" \t\"", text.end[-1]))
    text.end--;
  return text;
}

static void make_key(csro_line text, char key[key_size]) {
  size_t n = 0;
  for (const char *p = text.begin; p < text.end && n + 1 < key_size; p++) {
    if (is_letter_or_digit(*p) || *p == '/')
      key[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    else if (!strchr(" \t_:.,;()[]{}\"", *p) && !(*p == '-' && p > text.begin))
      key[n++] = '?';
  }
  if (n + 1 == key_size)
    n = 0; /* too long for any name that is known */
  key[n] = 0;
}

/* "x (nm)", "x [nm]", "x, nm", "x/nm", "x_nm", "x in nm" */
static void take_unit(csro_line *name, csro_unit_kind kind, name_parts *parts) {
  static const char opening[] = "([{<", closing[] = ")]}>";
  const char *last = name->end > name->begin ? strchr(closing, name->end[-1]) : NULL;
  parts->unit = (csro_line){name->end, name->end};
  if (last && *last) {
    const char *p = name->end - 1;
    while (p > name->begin && *p != opening[last - closing])
      p--;
    if (p == name->begin)
      return;
    parts->unit = trim((csro_line){p + 1, name->end - 1});
    name->end = p;
  } else {
    const char *p = name->end;
    while (p > name->begin && !strchr(" \t_,;/|:-", p[-1]))
      p--;
    csro_line suffix = {p, name->end};
    if (p <= name->begin + 1 ||
        !csro_unit_find(kind, suffix.begin, (size_t)(suffix.end - suffix.begin)))
      return;
    parts->unit = suffix;
    name->end = p - 1;
    *name = trim(*name);
    if (name->end - name->begin > 3 && strncasecmp(name->end - 3, " in", 3) == 0)
      name->end -= 3;
  }
  *name = trim(*name);
}

static name_parts take_apart(csro_line name, csro_unit_kind kind) {
  name_parts parts;
  name = trim(name);
  csro_line base = name;
  take_unit(&base, kind, &parts);
  make_key(base, parts.key);
  return parts;
}

static bool is_one_of(const char *key, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(key, words[i]) == 0)
      return true;
  return false;
}

/* x, xnm, posx, xposition, points0 ... for axis 0. */
static bool is_axis(const char *key, int axis) {
  static const char *const words[] = {
      "pos",         "position", "positions", "coord",         "coords",         "coordinate",
      "coordinates", "point",    "points",    "reconstructed", "reconstruction", "recon",
      "rec",         "ion",      "ions",      "atom",          "location"};
  static const char *const indexed[] = {"pos",        "position",    "positions", "coord", "coords",
                                        "coordinate", "coordinates", "point",     "points"};
  const char letter = (char)('x' + axis);
  const size_t length = strlen(key);
  char rest[key_size];
  if (length == 0)
    return false;
  if (key[0] == letter && (length == 1 || strcmp(key + 1, "nm") == 0 ||
                           is_one_of(key + 1, words, sizeof words / sizeof *words)))
    return true;
  memcpy(rest, key, length);
  rest[length - 1] = 0;
  return (key[length - 1] == letter && is_one_of(rest, words, sizeof words / sizeof *words)) ||
         (key[length - 1] == '0' + axis &&
          is_one_of(rest, indexed, sizeof indexed / sizeof *indexed));
}

static bool is_mass(const char *key) {
  static const char *const words[] = {"m",
                                      "mass",
                                      "masses",
                                      "ionmass",
                                      "m/q",
                                      "m/z",
                                      "m/n",
                                      "m/c",
                                      "mq",
                                      "mz",
                                      "mc",
                                      "m2q",
                                      "m2c",
                                      "mtoq",
                                      "mtoc",
                                      "mtc",
                                      "mcr",
                                      "mass/q",
                                      "mass/z",
                                      "mass/charge",
                                      "masscharge",
                                      "masstocharge",
                                      "mass2charge",
                                      "masspercharge",
                                      "massovercharge",
                                      "masstochargestate",
                                      "da",
                                      "dalton",
                                      "daltons",
                                      "amu",
                                      "da/e",
                                      "amu/e"};
  char rest[key_size];
  size_t length = strlen(key);
  if (length > 5 && strcmp(key + length - 5, "ratio") == 0) {
    memcpy(rest, key, length - 5);
    rest[length - 5] = 0;
    key = rest;
  }
  return is_one_of(key, words, sizeof words / sizeof *words);
}

/* How well a name fits the names of species: the lowest number counts; -1 does not. */
static int species_rank(csro_line name) {
  static const char *const words[] = {"species", "speciesname", "speciesnames", "ionspecies",
                                      "iontype", "ionname",     "element",      "ion"};
  char key[key_size];
  make_key(trim(name), key);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(key, words[i]) == 0)
      return (int)i;
  return -1;
}

static csro_unit_kind kind_of(int role) {
  return role < csro_role_mass ? CSRO_UNIT_LENGTH : CSRO_UNIT_MASS;
}

/* What is found so far, for each of x, y, z and m/q. */
typedef struct search {
  const char *const *exact; /* names that count before all others, or NULL */
  int at[csro_role_numbers], again[csro_role_numbers];
  csro_line name[csro_role_numbers], name_again[csro_role_numbers];
  const csro_unit *unit[csro_role_numbers];
  bool has_unit[csro_role_numbers], is_exact[csro_role_numbers];
  csro_line odd_name, odd_unit; /* the first name with a unit that is unknown */
  int odd_role, odd_at;         /* odd_at: -1 for none */
  int species, species_rank, names;
} search;

static bool has_role(const char *key, int role) {
  return role < csro_role_mass ? is_axis(key, role) : is_mass(key);
}

/* Whether a name is that of a role; its unit, NULL for an unknown one. */
static bool fits(csro_line name, int role, const csro_unit **unit, csro_line *unit_text) {
  name_parts parts = take_apart(name, kind_of(role));
  *unit_text = parts.unit;
  *unit = csro_unit_default(kind_of(role));
  if (has_role(parts.key, role)) {
    if (parts.unit.begin < parts.unit.end)
      *unit = csro_unit_find(kind_of(role), parts.unit.begin,
                             (size_t)(parts.unit.end - parts.unit.begin));
    return true;
  }
  make_key(trim(name), parts.key); /* "position (x)" */
  unit_text->begin = unit_text->end;
  return has_role(parts.key, role);
}

static bool is_text(csro_line name, const char *text) {
  return (size_t)(name.end - name.begin) == strlen(text) &&
         memcmp(name.begin, text, strlen(text)) == 0;
}

static void take_name(search *s, csro_line name, int column) {
  for (int role = 0; role < csro_role_numbers; role++) {
    const csro_unit *unit;
    csro_line unit_text;
    if (!fits(name, role, &unit, &unit_text))
      continue;
    if (!unit) {
      if (s->odd_at < 0) {
        s->odd_at = column, s->odd_role = role;
        s->odd_name = name, s->odd_unit = unit_text;
      }
      continue;
    }
    bool first = s->at[role] < 0;
    bool exact = s->exact && !s->is_exact[role] && is_text(name, s->exact[role]);
    if (first || exact) {
      if (!first)
        s->again[role] = s->at[role], s->name_again[role] = s->name[role];
      s->at[role] = column;
      s->is_exact[role] = exact;
      s->name[role] = name;
      s->unit[role] = unit;
      s->has_unit[role] = unit_text.begin < unit_text.end;
    } else if (s->again[role] < 0) {
      s->again[role] = column;
      s->name_again[role] = name;
    }
  }
  int rank = species_rank(name);
  if (rank >= 0 && (s->species < 0 || rank < s->species_rank)) {
    s->species = column;
    s->species_rank = rank;
  }
}

/* Names that this program and ParaView give to ions: where all four stand they are meant, whatever
 * other arrays there are. */
static const char *const *exact_names(csro_line line, char separator) {
  static const char *const own[][4] = {
      {"x_nm", "y_nm", "z_nm", "mass_to_charge_Da"},
      {"Points:0", "Points:1", "Points:2", "MassToCharge"},
      {"Points_0", "Points_1", "Points_2", "MassToCharge"},
  };
  for (size_t set = 0; set < sizeof own / sizeof *own; set++) {
    unsigned found = 0;
    const char *p = line.begin;
    csro_line name;
    bool quoted;
    while (csro_line_next_column(separator, &p, line.end, &name, &quoted))
      for (int role = 0; role < csro_role_numbers; role++)
        found |= is_text(name, own[set][role]) ? 1u << role : 0;
    if (found == 15)
      return own[set];
  }
  return NULL;
}

/* "x (nm) y (nm)": a unit in brackets belongs to the name before the blank. */
static bool next_name(char separator, const char **p, const char *end, csro_line *name) {
  bool quoted;
  if (!csro_line_next_column(separator, p, end, name, &quoted))
    return false;
  while (separator == ' ' && !quoted && *p < end) {
    const char *next = *p;
    csro_line column;
    if (!csro_line_next_column(separator, &next, end, &column, &quoted) || quoted ||
        !strchr("([{", *column.begin))
      break;
    name->end = column.end;
    *p = next;
  }
  while (separator == ' ' && name->end > name->begin && strchr(",;", name->end[-1]))
    name->end--;
  return true;
}

static const char *role_name(int role) {
  static const char *const names[] = {"x", "y", "z", "m/q"};
  return names[role];
}

#define EXPECTED                                                                                   \
  "expected names of x, y, z and m/q, as in x,y,z,m or x (nm),y (nm),z (nm),Da or "                \
  "Points:0,Points:1,Points:2,MassToCharge"

/* x, y, z and perhaps species are all names there are, so that no other column can be m/q. */
static bool names_no_mass(const search *s) {
  return s->odd_at < 0 && s->names == csro_role_mass + (s->species >= 0);
}

/* Why the columns cannot be told; true when there is something. */
static bool find_problem(const search *s, csro_line line, csro_text_header *header) {
  char first[shown], second[shown];
  char *out = header->problem;
  const size_t size = sizeof header->problem;
  for (int role = 0; role < csro_role_numbers; role++) {
    if (s->at[role] >= 0 && s->again[role] >= 0 && !s->exact) {
      csro_line_copy_printable(s->name[role], first, sizeof first);
      csro_line_copy_printable(s->name_again[role], second, sizeof second);
      snprintf(out, size, "columns %d '%s' and %d '%s' are both named as %s, expected one of each",
               s->at[role] + 1, first, s->again[role] + 1, second, role_name(role));
      return true;
    }
    if (s->at[role] >= 0 || (role == csro_role_mass && names_no_mass(s)))
      continue;
    if (s->odd_at >= 0 && s->odd_role == role) {
      csro_line_copy_printable(s->odd_name, first, sizeof first);
      csro_line_copy_printable(s->odd_unit, second, sizeof second);
      snprintf(out, size, "column %d '%s' has the unit '%s', expected %s", s->odd_at + 1, first,
               second, csro_unit_list(kind_of(role)));
      return true;
    }
    char found[81];
    csro_line_copy_printable(line, found, sizeof found);
    snprintf(out, size, "no column of '%s' is named as %s, " EXPECTED, found, role_name(role));
    return true;
  }
  for (int axis = 0; axis < csro_role_mass; axis++)
    for (int other = 0; other < csro_role_mass; other++)
      if (!s->has_unit[axis] && s->has_unit[other] &&
          s->unit[other] != csro_unit_default(CSRO_UNIT_LENGTH)) {
        csro_line_copy_printable(s->name[axis], first, sizeof first);
        csro_line_copy_printable(s->name[other], second, sizeof second);
        snprintf(out, size, "'%s' is in %s, '%s' has no unit, expected one for each of x, y and z",
                 second, s->unit[other]->name, first);
        return true;
      }
  return false;
}

static void add_note(csro_text_header *header, const char *text) {
  size_t length = strlen(header->note);
  snprintf(header->note + length, sizeof header->note - length, "%s%s", length ? "; " : "", text);
}

static void write_note(const search *s, csro_text_header *header) {
  char text[256], first[shown], second[shown];
  for (int role = 0; role < csro_role_numbers; role++) {
    if (s->unit[role] && s->unit[role] != csro_unit_default(kind_of(role))) {
      snprintf(text, sizeof text, "%s is in %s, converted to %s", role_name(role),
               s->unit[role]->name, csro_unit_default(kind_of(role))->name);
      add_note(header, text);
    }
    if (s->again[role] >= 0) {
      csro_line_copy_printable(s->name[role], first, sizeof first);
      csro_line_copy_printable(s->name_again[role], second, sizeof second);
      snprintf(text, sizeof text, "%s is column %d '%s', not column %d '%s'", role_name(role),
               s->at[role] + 1, first, s->again[role] + 1, second);
      add_note(header, text);
    }
  }
}

void csro_text_header_read(csro_line line, char separator, csro_text_header *header) {
  search s = {.exact = exact_names(line, separator), .odd_at = -1, .species = -1};
  memset(s.at, -1, sizeof s.at);
  memset(s.again, -1, sizeof s.again);
  const char *p = line.begin;
  csro_line name;
  for (; next_name(separator, &p, line.end, &name); s.names++)
    take_name(&s, name, s.names);
  *header = (csro_text_header){.columns = csro_text_first_columns()};
  header->columns.names = s.names;
  header->columns.at[csro_role_species] = s.species;
  for (int role = 0; role < csro_role_numbers; role++) {
    header->columns.at[role] = s.at[role];
    if (s.at[role] >= 0)
      header->columns.unit[role] = s.unit[role];
    header->found += s.at[role] >= 0;
  }
  if (!find_problem(&s, line, header))
    write_note(&s, header);
}

/* What tells that the columns below are not those that the names tell; NULL when nothing does. */
static const char *examine_columns(const csro_text_columns *columns, csro_line ion,
                                   char separator) {
  int names = columns->names, below = csro_line_count_columns(separator, ion);
  if (names > 1 && below == names + 1 && csro_line_starts_whole(separator, ion))
    return "the line below has one column more, a whole number first (an index of the lines?), "
           "expected as many names as columns";
  if (names > 1 && separator == ',' && below == 2 * names &&
      !memchr(ion.begin, '.', (size_t)(ion.end - ion.begin)))
    return "the line below has twice as many columns (decimal commas?), expected as many names as "
           "columns";
  return NULL;
}

static bool match_with(csro_line names, char between, csro_line ion, csro_text_format *format,
                       csro_text_header *header) {
  double values[4];
  csro_text_header_read(names, between, header);
  if (header->problem[0])
    return false;
  format->columns = header->columns;
  return csro_line_parse(format, ion, values, NULL, NULL) != CSRO_LINE_BAD;
}

bool csro_text_header_match(csro_line names, csro_line ion, csro_text_format *format,
                            csro_text_header *header) {
  int tabs = 0;
  bool found = false;
  for (const char *p = ion.begin; p < ion.end; p++)
    tabs += *p == '\t';
  for (size_t s = 0; s < sizeof csro_text_separators && !found; s++) {
    format->separator = csro_text_separators[s];
    if (format->separator == ' ' && tabs >= 3) /* blanks would hide an empty column */
      continue;
    found = match_with(names, format->separator, ion, format, header);
    for (size_t t = 0; t < sizeof csro_text_separators && !found; t++)
      found = match_with(names, csro_text_separators[t], ion, format, header);
  }
  if (!found) { /* says what is wrong with the columns as they are most likely meant */
    format->separator = csro_line_separator(ion, format->c_locale);
    csro_text_header_read(names, format->separator, header);
    format->columns = header->columns;
    return !header->problem[0];
  }
  const char *problem = examine_columns(&format->columns, ion, format->separator);
  if (!problem)
    return true;
  char text[81];
  csro_line_copy_printable(names, text, sizeof text);
  snprintf(header->problem, sizeof header->problem, "'%s': %s", text, problem);
  return false;
}

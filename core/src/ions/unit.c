#include "ions/unit.h"

#include <string.h>
#include <strings.h>

enum { nm, angstrom, pm, um, mm, cm, m, length_units };

static const csro_unit lengths[length_units] = {
    [nm] = {"nm", 1, 1},           [angstrom] = {"angstrom", 1, 10}, [pm] = {"pm", 1, 1000},
    [um] = {"micrometre", 1e3, 1}, [mm] = {"millimetre", 1e6, 1},    [cm] = {"centimetre", 1e7, 1},
    [m] = {"metre", 1e9, 1}};

static const csro_unit dalton = {"Da", 1, 1}, kilodalton = {"kDa", 1e3, 1};

static const struct {
  const char *text;
  int unit;
} length_names[] = {
    {"nm", nm},
    {"nanometer", nm},
    {"nanometers", nm},
    {"nanometre", nm},
    {"nanometres", nm},
    {"a", angstrom},
    {"ang", angstrom},
    {"angs", angstrom},
    {"angstrom", angstrom},
    {"angstroms", angstrom},
    {"angstroem", angstrom},
    {"\xc3\x85", angstrom}, /* the letter, large and small, and the unit's own sign */
    {"\xc3\xa5", angstrom},
    {"\xe2\x84\xab", angstrom},
    {"A\xcc\x8a", angstrom},
    {"\xc5", angstrom}, /* Latin-1 */
    {"\xe5", angstrom},
    {"\xc3\x85ngstrom", angstrom},
    {"\xc3\xa5ngstrom", angstrom},
    {"\xc3\x85ngstr\xc3\xb6m", angstrom},
    {"\xc3\xa5ngstr\xc3\xb6m", angstrom},
    {"pm", pm},
    {"picometer", pm},
    {"picometre", pm},
    {"um", um},
    {"\xc2\xb5m", um}, /* micro sign, Greek mu, Latin-1 */
    {"\xce\xbcm", um},
    {"\xb5m", um},
    {"micron", um},
    {"microns", um},
    {"micrometer", um},
    {"micrometre", um},
    {"mm", mm},
    {"cm", cm},
    {"m", m},
    {"meter", m},
    {"metre", m},
};

static const struct {
  const char *text;
  const csro_unit *unit;
} mass_names[] = {{"da", &dalton},    {"dalton", &dalton}, {"daltons", &dalton}, {"amu", &dalton},
                  {"u", &dalton},     {"da/e", &dalton},   {"amu/e", &dalton},   {"u/e", &dalton},
                  {"da/q", &dalton},  {"u/q", &dalton},    {"da/z", &dalton},    {"th", &dalton},
                  {"g/mol", &dalton}, {"kda", &kilodalton}};

static int is_name(const char *name, const char *text, size_t length) {
  return strlen(name) == length && strncasecmp(name, text, length) == 0;
}

const csro_unit *csro_unit_find(csro_unit_kind kind, const char *text, size_t length) {
  if (kind == CSRO_UNIT_LENGTH) {
    for (size_t i = 0; i < sizeof length_names / sizeof *length_names; i++)
      if (is_name(length_names[i].text, text, length))
        return &lengths[length_names[i].unit];
    return NULL;
  }
  for (size_t i = 0; i < sizeof mass_names / sizeof *mass_names; i++)
    if (is_name(mass_names[i].text, text, length))
      return mass_names[i].unit;
  return NULL;
}

const csro_unit *csro_unit_default(csro_unit_kind kind) {
  return kind == CSRO_UNIT_LENGTH ? &lengths[nm] : &dalton;
}

const char *csro_unit_list(csro_unit_kind kind) {
  return kind == CSRO_UNIT_LENGTH ? "nm, angstrom (A), pm, um, mm, cm or m" : "Da, u, amu or kDa";
}

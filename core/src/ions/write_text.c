/* .csv: a line of names, then one line per ion, with as many digits as it takes to read the same
 * value back. */
#include "ions/write_ions.h"
#include "ions/write_values.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { longest_name = 2 * csro_species_name_size + 3 };

/* A name that could be taken for something else (a number, no species, two columns) in quotes. */
static bool needs_quotes(const char *name) {
  return !((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z')) ||
         strpbrk(name, ",;\t\r\n\" ") || strcasecmp(name, "unranged") == 0 ||
         strcasecmp(name, "nan") == 0;
}

static char *put_species(const csro_ions *ions, uint16_t label, char *out) {
  const char *name = label > 0 ? ions->species_names[label - 1] : "unranged";
  if (label == 0 || !needs_quotes(name))
    return out + sprintf(out, "%s", name);
  *out++ = '"';
  for (; *name; name++) {
    if (*name == '"')
      *out++ = '"';
    *out++ = *name == '\n' || *name == '\r' ? ' ' : *name;
  }
  *out++ = '"';
  return out;
}

static char *put_ion(const csro_ions *ions, int64_t i, char *out) {
  for (int k = 0; k < 4; k++) {
    double value = csro_ion_value(ions, i, k);
    out = ions->is_double ? csro_put_double(value, out) : csro_put_float((float)value, out);
    *out++ = ',';
  }
  for (int c = 0; c < ions->column_count; c++) {
    const csro_column *column = &ions->columns[c];
    for (int k = 0; k < column->components; k++) {
      out = csro_put_value(column, i * column->components + k, out);
      *out++ = ',';
    }
  }
  if (ions->species) {
    out = put_species(ions, ions->species[i], out);
    *out++ = ',';
  }
  out[-1] = '\n';
  return out;
}

static size_t encode(const csro_ions *ions, int64_t begin, int64_t count, char *out) {
  char *p = out;
  for (int64_t i = begin; i < begin + count; i++)
    p = put_ion(ions, i, p);
  return (size_t)(p - out);
}

/* A name without what would end it, or its line; an array may have none. */
static size_t put_name(const char *name, char *out) {
  size_t n = 0;
  if (!name[0])
    name = "unnamed";
  for (; name[n]; n++)
    if (out)
      out[n] = strchr(",;\t\r\n\"", name[n]) ? '_' : name[n];
  return n;
}

static size_t head(const csro_ions *ions, char *out) {
  static const char first[] = "x_nm,y_nm,z_nm,mass_to_charge_Da";
  size_t n = strlen(first);
  if (out)
    memcpy(out, first, n);
  for (int c = 0; c < ions->column_count; c++)
    for (int k = 0; k < ions->columns[c].components; k++) {
      char suffix[16] = "";
      if (ions->columns[c].components > 1)
        snprintf(suffix, sizeof suffix, "_%d", k);
      if (out)
        out[n] = ',';
      n += 1 + put_name(ions->columns[c].name, out ? out + n + 1 : NULL);
      if (suffix[0])
        n += put_name(suffix, out ? out + n : NULL);
    }
  if (ions->species) {
    static const char name[] = {',', 'S', 'p', 'e', 'c', 'i', 'e', 's'};
    if (out)
      memcpy(out + n, name, sizeof name);
    n += sizeof name;
  }
  if (out)
    out[n] = '\n';
  return n + 1;
}

const csro_ion_encoder csro_text_encoder = {.ending = ".csv",
                                            .fixed_bytes = 4 * csro_longest_number + longest_name,
                                            .bytes_per_value = csro_longest_number,
                                            .head = head,
                                            .encode = encode};

/* Interactions to XML text. What is written is read back first, so that no file is made that the
 * reader would refuse. */
#include "csro/interactions.h"
#include "file/atomic_file.h"

#include <libxml/entities.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A short decimal text that reads back as the same double; the locale is "C". */
static const char *number(double value, char room[32]) {
  for (int digits = 6; digits <= 17; digits++) {
    snprintf(room, 32, "%.*g", digits, value);
    if (strtod(room, NULL) == value)
      break;
  }
  return room;
}

static void put_lattice(FILE *to, const csro_interactions *i) {
  char room[3][32];
  fprintf(to, "  <lattice a=\"%s\" b=\"%s\" c=\"%s\">\n", number(i->edge[0], room[0]),
          number(i->edge[1], room[1]), number(i->edge[2], room[2]));
  for (int b = 0; b < i->basis_count; b++)
    fprintf(to, "    <site x=\"%s\" y=\"%s\" z=\"%s\"/>\n", number(i->basis[b][0], room[0]),
            number(i->basis[b][1], room[1]), number(i->basis[b][2], room[2]));
  fprintf(to, "  </lattice>\n  <species>\n");
  for (int s = 0; s < i->species_count; s++)
    fprintf(to, "    <element name=\"%s\" share=\"%s\"/>\n", i->names[s],
            number(i->shares[s], room[0]));
  fprintf(to, "  </species>\n");
}

static void put_pairs(FILE *to, const csro_interactions *i) {
  char room[32];
  const int n = i->species_count;
  fprintf(to, "  <pairs>\n");
  for (int g = 0; g < i->shell_count; g++) {
    fprintf(to, "    <shell number=\"%d\">\n", i->shells[g]);
    for (int a = 0; a < n; a++)
      for (int b = a; b < n; b++)
        fprintf(to, "      <energy a=\"%s\" b=\"%s\">%s</energy>\n", i->names[a], i->names[b],
                number(i->pairs[(g * n + a) * n + b], room));
    fprintf(to, "    </shell>\n");
  }
  fprintf(to, "  </pairs>\n");
}

static void put_cluster(FILE *to, const csro_interactions *i, const csro_cluster *cluster) {
  const int n = i->species_count, sites = cluster->sites;
  char room[32];
  int energies = 1;
  fprintf(to, "    <cluster shells=\"");
  for (int k = 0; k < sites * (sites - 1) / 2; k++)
    fprintf(to, k ? " %d" : "%d", cluster->shells[k]);
  fprintf(to, "\">\n");
  for (int k = 0; k < sites; k++)
    energies *= n;
  for (int e = 0; e < energies; e++) {
    if (cluster->energy[e] == 0 && e > 0)
      continue;
    fprintf(to, "      <energy species=\"");
    for (int k = 0, size = energies / n; k < sites; k++, size /= n)
      fprintf(to, k ? " %s" : "%s", i->names[e / (size > 0 ? size : 1) % n]);
    fprintf(to, "\">%s</energy>\n", number(cluster->energy[e], room));
  }
  fprintf(to, "    </cluster>\n");
}

static bool put_document(FILE *to, const csro_interactions *i) {
  xmlChar *name = xmlEncodeSpecialChars(NULL, (const xmlChar *)i->name);
  if (!name)
    return false;
  fprintf(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<csro-interactions xmlns=\"urn:apt-csro:interactions:1\" version=\"1\">\n");
  fprintf(to, "  <name>%s</name>\n", (const char *)name);
  xmlFree(name);
  put_lattice(to, i);
  put_pairs(to, i);
  if (i->cluster_count) {
    fprintf(to, "  <clusters>\n");
    for (int c = 0; c < i->cluster_count; c++)
      put_cluster(to, i, &i->clusters[c]);
    fprintf(to, "  </clusters>\n");
  }
  fprintf(to, "</csro-interactions>\n");
  return !ferror(to);
}

csro_status csro_interactions_text(csro_context *context, const csro_interactions *interactions,
                                   char **text) {
  size_t size = 0;
  *text = NULL;
  csro_status status = csro_interactions_check(context, interactions);
  if (status != CSRO_OK)
    return status;
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  FILE *to = c_locale ? open_memstream(text, &size) : NULL;
  bool good = false;
  if (to) {
    locale_t before = uselocale(c_locale);
    good = put_document(to, interactions);
    uselocale(before);
    good = fclose(to) == 0 && good;
  }
  if (c_locale)
    freelocale(c_locale);
  if (good)
    return CSRO_OK;
  free(*text);
  *text = NULL;
  return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory while interactions were written");
}

csro_status csro_interactions_write(csro_context *context, const csro_interactions *interactions,
                                    const char *path) {
  char *text;
  csro_interactions *again = NULL;
  csro_replacement file;
  csro_status status = csro_interactions_text(context, interactions, &text);
  if (status != CSRO_OK || !text)
    return status;
  status = csro_interactions_parse(context, path, text, strlen(text), &again);
  csro_interactions_destroy(&again);
  if (status == CSRO_OK) {
    status = csro_replacement_open(context, path, &file);
    if (status == CSRO_OK)
      status = csro_replacement_write(context, &file, text, strlen(text));
    status = csro_replacement_close(context, &file, status);
  }
  free(text);
  return status;
}

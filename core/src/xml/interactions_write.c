/* Interactions to XML text. What is written is read back first, so that no file is made that the
 * reader would refuse. */
#include "csro/interactions.h"
#include "file/atomic_file.h"
#include "file/text_buffer.h"

#include <libxml/entities.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void put_attribute(csro_text_buffer *to, const char *name, double value) {
  csro_text_put(to, " %s=\"", name);
  csro_text_put_number(to, value);
  csro_text_put(to, "\"");
}

static void put_axes(csro_text_buffer *to, const char *names, const double value[3]) {
  for (int k = 0; k < 3; k++)
    put_attribute(to, (const char[2]){names[k], 0}, value[k]);
}

static void put_lattice(csro_text_buffer *to, const csro_interactions *i) {
  csro_text_put(to, "  <lattice");
  put_axes(to, "abc", i->edge);
  csro_text_put(to, ">\n");
  for (int b = 0; b < i->basis_count; b++) {
    csro_text_put(to, "    <site");
    put_axes(to, "xyz", i->basis[b]);
    csro_text_put(to, "/>\n");
  }
  csro_text_put(to, "  </lattice>\n  <species>\n");
  for (int s = 0; s < i->species_count; s++) {
    csro_text_put(to, "    <element name=\"%s\"", i->names[s]);
    put_attribute(to, "share", i->shares[s]);
    csro_text_put(to, "/>\n");
  }
  csro_text_put(to, "  </species>\n");
}

static void put_pairs(csro_text_buffer *to, const csro_interactions *i) {
  const int n = i->species_count;
  csro_text_put(to, "  <pairs>\n");
  for (int g = 0; g < i->shell_count; g++) {
    csro_text_put(to, "    <shell number=\"%d\">\n", i->shells[g]);
    for (int a = 0; a < n; a++)
      for (int b = a; b < n; b++) {
        csro_text_put(to, "      <energy a=\"%s\" b=\"%s\">", i->names[a], i->names[b]);
        csro_text_put_number(to, i->pairs[(g * n + a) * n + b]);
        csro_text_put(to, "</energy>\n");
      }
    csro_text_put(to, "    </shell>\n");
  }
  csro_text_put(to, "  </pairs>\n");
}

static void put_cluster(csro_text_buffer *to, const csro_interactions *i,
                        const csro_cluster *cluster) {
  const int n = i->species_count, sites = cluster->sites;
  int energies = 1;
  csro_text_put(to, "    <cluster shells=\"");
  for (int k = 0; k < sites * (sites - 1) / 2; k++)
    csro_text_put(to, k ? " %d" : "%d", cluster->shells[k]);
  csro_text_put(to, "\">\n");
  for (int k = 0; k < sites; k++)
    energies *= n;
  for (int e = 0; e < energies; e++) {
    if (cluster->energy[e] == 0 && e > 0)
      continue;
    csro_text_put(to, "      <energy species=\"");
    for (int k = 0, size = energies / n; k < sites; k++, size /= n)
      csro_text_put(to, k ? " %s" : "%s", i->names[e / (size > 0 ? size : 1) % n]);
    csro_text_put(to, "\">");
    csro_text_put_number(to, cluster->energy[e]);
    csro_text_put(to, "</energy>\n");
  }
  csro_text_put(to, "    </cluster>\n");
}

static void put_document(csro_text_buffer *to, const csro_interactions *i, const xmlChar *name) {
  csro_text_put(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<csro-interactions xmlns=\"urn:apt-csro:interactions:1\" version=\"1\">\n");
  csro_text_put(to, "  <name>%s</name>\n", (const char *)name);
  put_lattice(to, i);
  put_pairs(to, i);
  if (i->cluster_count) {
    csro_text_put(to, "  <clusters>\n");
    for (int c = 0; c < i->cluster_count; c++)
      put_cluster(to, i, &i->clusters[c]);
    csro_text_put(to, "  </clusters>\n");
  }
  csro_text_put(to, "</csro-interactions>\n");
}

csro_status csro_interactions_text(csro_context *context, const csro_interactions *interactions,
                                   char **text) {
  csro_text_buffer to = {.context = context};
  *text = NULL;
  csro_status status = csro_interactions_check(context, interactions);
  if (status != CSRO_OK)
    return status;
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  xmlChar *name = xmlEncodeSpecialChars(NULL, (const xmlChar *)interactions->name);
  if (c_locale && name) {
    locale_t before = uselocale(c_locale);
    put_document(&to, interactions, name);
    uselocale(before);
  } else {
    to.status =
        csro_fail(context, CSRO_ERROR_MEMORY, "out of memory while interactions were written");
  }
  xmlFree(name);
  if (c_locale)
    freelocale(c_locale);
  if (to.status == CSRO_OK)
    *text = to.text;
  else
    free(to.text);
  return to.status;
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

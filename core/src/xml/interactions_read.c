#include "csro/interactions.h"
#include "xml/embedded.h"
#include "xml/xml_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const csro_interactions_names[CSRO_INTERACTIONS_SHIPPED] = {"nicocr", "l12-cu3au",
                                                                        "b2-feal"};

static int find_species(const csro_interactions *i, const char *name) {
  for (int k = 0; k < i->species_count; k++)
    if (strcmp(i->names[k], name) == 0)
      return k;
  return -1;
}

static csro_status unknown_species(const csro_xml_source *from, xmlNode *node, const char *name) {
  return csro_fail(from->context, CSRO_ERROR_FORMAT, "%s: line %ld: no species %s is declared",
                   from->name, xmlGetLineNo(node), name);
}

static csro_status read_sites(const csro_xml_source *from, xmlNode *lattice,
                              csro_interactions *out) {
  static const char *const axes[] = {"x", "y", "z"}, *const edges[] = {"a", "b", "c"};
  static const double fcc[4][3] = {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
  static const double bcc[2][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}};
  csro_status status = CSRO_OK;
  char prototype[8];
  int index = 0;
  for (int axis = 0; axis < 3 && status == CSRO_OK; axis++) {
    out->edge[axis] = out->edge[0];
    status = csro_xml_number(from, lattice, edges[axis], &out->edge[axis]);
  }
  if (status == CSRO_OK)
    status = csro_xml_text(from, lattice, "prototype", sizeof prototype, prototype);
  if (status == CSRO_OK && prototype[0])
    memcpy(out->basis, prototype[0] == 'f' ? fcc : bcc,
           (size_t)out->basis_count * sizeof *out->basis);
  for (xmlNode *site = csro_xml_first(lattice); site && status == CSRO_OK;
       site = csro_xml_next(site), index++)
    for (int axis = 0; axis < 3 && status == CSRO_OK; axis++)
      status = csro_xml_number(from, site, axes[axis], &out->basis[index][axis]);
  return status;
}

static csro_status read_species(const csro_xml_source *from, xmlNode *list,
                                csro_interactions *out) {
  csro_status status = CSRO_OK;
  int index = 0;
  for (xmlNode *node = csro_xml_first(list); node && status == CSRO_OK;
       node = csro_xml_next(node), index++) {
    status = csro_xml_text(from, node, "name", sizeof out->names[index], out->names[index]);
    if (status == CSRO_OK)
      status = csro_xml_number(from, node, "share", &out->shares[index]);
  }
  return status;
}

/* The number of a shell that is given by its distance. */
static csro_status find_shell(const csro_xml_source *from, xmlNode *node,
                              const csro_interactions *out, double distance, int *number) {
  double radius[CSRO_SHELLS];
  csro_status status = csro_shell_distances(from->context, out->edge, out->basis_count,
                                            (const double(*)[3])out->basis, CSRO_SHELLS, radius);
  if (status != CSRO_OK)
    return csro_xml_add_place(from, node, status);
  for (int k = 0; k < CSRO_SHELLS; k++)
    if (fabs(radius[k] - distance) < 0.001) {
      *number = k + 1;
      return CSRO_OK;
    }
  return csro_fail(from->context, CSRO_ERROR_FORMAT,
                   "%s: line %ld: no shell of the lattice at %g nm (the first is at %g nm)",
                   from->name, xmlGetLineNo(node), distance, radius[0]);
}

static csro_status read_pair(const csro_xml_source *from, xmlNode *node, int shell, bool *set,
                             csro_interactions *out) {
  char name[2][CSRO_LATTICE_NAME];
  int species[2];
  double energy = 0;
  csro_status status = csro_xml_number(from, node, NULL, &energy);
  for (int k = 0; k < 2 && status == CSRO_OK; k++) {
    status = csro_xml_text(from, node, k ? "b" : "a", sizeof name[k], name[k]);
    species[k] = find_species(out, name[k]);
    if (status == CSRO_OK && species[k] < 0)
      status = unknown_species(from, node, name[k]);
  }
  if (status != CSRO_OK)
    return status;
  const int n = out->species_count;
  for (int k = 0; k < 2; k++) {
    const int at = species[k] * n + species[1 - k];
    double *to = &out->pairs[shell * n * n + at];
    if (set[at] && *to != energy)
      return csro_fail(from->context, CSRO_ERROR_FORMAT,
                       "%s: line %ld: %s-%s has %g eV, but %g eV before (pairs are symmetric)",
                       from->name, xmlGetLineNo(node), name[0], name[1], energy, *to);
    *to = energy;
  }
  set[species[0] * n + species[1]] = set[species[1] * n + species[0]] = true;
  return CSRO_OK;
}

static csro_status read_pairs(const csro_xml_source *from, xmlNode *list, csro_interactions *out) {
  csro_status status = CSRO_OK;
  int index = 0;
  for (xmlNode *node = csro_xml_first(list); node && status == CSRO_OK;
       node = csro_xml_next(node), index++) {
    bool set[CSRO_LATTICE_SPECIES * CSRO_LATTICE_SPECIES] = {false};
    double distance = 0;
    status = csro_xml_int(from, node, "number", &out->shells[index]);
    if (status == CSRO_OK)
      status = csro_xml_number(from, node, "distance", &distance);
    if (status == CSRO_OK && distance > 0)
      status = find_shell(from, node, out, distance, &out->shells[index]);
    for (int k = 0; k < index && status == CSRO_OK; k++)
      if (out->shells[k] == out->shells[index])
        status = csro_xml_refuse(from, node, "the shell is there twice");
    for (xmlNode *pair = csro_xml_first(node); pair && status == CSRO_OK;
         pair = csro_xml_next(pair))
      status = read_pair(from, pair, index, set, out);
  }
  return status;
}

static csro_status read_cluster_energy(const csro_xml_source *from, xmlNode *node, bool *set,
                                       const csro_interactions *out, csro_cluster *cluster) {
  char text[CSRO_CLUSTER_SITES * CSRO_LATTICE_NAME], *rest = NULL;
  int species[CSRO_CLUSTER_SITES], count = 0;
  double energy = 0;
  csro_status status = csro_xml_number(from, node, NULL, &energy);
  if (status == CSRO_OK)
    status = csro_xml_text(from, node, "species", sizeof text, text);
  if (status != CSRO_OK)
    return status;
  for (char *name = strtok_r(text, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
    species[count] = find_species(out, name);
    if (species[count++] < 0)
      return unknown_species(from, node, name);
  }
  if (count != cluster->sites)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: %d species on a cluster of %d sites", from->name,
                     xmlGetLineNo(node), count, cluster->sites);
  if (!csro_cluster_set(cluster, out->species_count, species, energy, set))
    return csro_xml_refuse(from, node,
                           "another energy was given for these species in an order of the sites "
                           "that the shells do not tell apart");
  return CSRO_OK;
}

static csro_status read_cluster(const csro_xml_source *from, xmlNode *node,
                                csro_interactions *out) {
  char text[32], *rest = text;
  int shells[6], count = 0, energies = 1;
  csro_cluster *cluster;
  csro_status status = csro_xml_text(from, node, "shells", sizeof text, text);
  if (status != CSRO_OK)
    return status;
  while (count < 6 && *rest) {
    shells[count] = (int)strtol(rest, &rest, 10);
    if (shells[count] < 1 || shells[count] > CSRO_SHELLS)
      return csro_xml_refuse(from, node, "shells are 1 to 32");
    count++;
  }
  status = csro_interactions_add_cluster(from->context, out, count == 3 ? 3 : 4, shells, &cluster);
  if (status != CSRO_OK)
    return csro_xml_add_place(from, node, status);
  for (int k = 0; k < cluster->sites; k++)
    energies *= out->species_count;
  bool *set = csro_allocate(from->context, energies, sizeof *set);
  if (!set)
    return CSRO_ERROR_MEMORY;
  memset(set, 0, (size_t)energies * sizeof *set);
  for (xmlNode *energy = csro_xml_first(node); energy && status == CSRO_OK;
       energy = csro_xml_next(energy))
    status = read_cluster_energy(from, energy, set, out, cluster);
  free(set);
  return status;
}

/* A csro_xml_build of zeroed csro_interactions. */
static csro_status build(const csro_xml_source *from, xmlNode *root, void *made) {
  csro_interactions *out = made;
  xmlNode *lattice = csro_xml_child(root, "lattice"), *species = csro_xml_child(root, "species"),
          *pairs = csro_xml_child(root, "pairs"), *clusters = csro_xml_child(root, "clusters");
  char prototype[8] = "";
  csro_status status = csro_xml_text(from, lattice, "prototype", sizeof prototype, prototype);
  const int sites = prototype[0] == 0 ? csro_xml_count(lattice) : prototype[0] == 'f' ? 4 : 2;
  if (status == CSRO_OK)
    status = csro_interactions_init(from->context, sites, csro_xml_count(species),
                                    csro_xml_count(pairs), out);
  if (status != CSRO_OK)
    return csro_xml_add_place(from, root, status);
  status = csro_xml_text(from, csro_xml_child(root, "name"), NULL, sizeof out->name, out->name);
  if (status == CSRO_OK)
    status = read_sites(from, lattice, out);
  if (status == CSRO_OK)
    status = read_species(from, species, out);
  if (status == CSRO_OK)
    status = read_pairs(from, pairs, out);
  for (xmlNode *node = clusters ? csro_xml_first(clusters) : NULL; node && status == CSRO_OK;
       node = csro_xml_next(node))
    status = read_cluster(from, node, out);
  if (status != CSRO_OK)
    return status;
  status = csro_interactions_check(from->context, out);
  return status == CSRO_OK ? status : csro_xml_add_place(from, root, status);
}

static void destroy(void *interactions) {
  csro_interactions *made = interactions;
  csro_interactions_destroy(&made);
}

static const unsigned char *const documents[][2] = {
    {csro_embedded_nicocr, csro_embedded_nicocr_end},
    {csro_embedded_l12_cu3au, csro_embedded_l12_cu3au_end},
    {csro_embedded_b2_feal, csro_embedded_b2_feal_end}};

static const csro_xml_kind kind = {.root = "csro-interactions",
                                   .version = "1",
                                   .noun = "interaction",
                                   .schema = csro_embedded_interactions_schema,
                                   .schema_end = csro_embedded_interactions_schema_end,
                                   .largest = 1 << 22,
                                   .size = sizeof(csro_interactions),
                                   .build = build,
                                   .destroy = destroy,
                                   .shipped = CSRO_INTERACTIONS_SHIPPED,
                                   .names = csro_interactions_names,
                                   .documents = documents};

csro_status csro_interactions_parse(csro_context *context, const char *name, const void *data,
                                    size_t size, csro_interactions **interactions) {
  void *made;
  csro_status status = csro_xml_parse(context, &kind, name, data, size, &made);
  *interactions = made;
  return status;
}

csro_status csro_interactions_read(csro_context *context, const char *path,
                                   csro_interactions **interactions) {
  void *made;
  csro_status status = csro_xml_read(context, &kind, path, &made);
  *interactions = made;
  return status;
}

csro_status csro_interactions_shipped(csro_context *context, int index,
                                      csro_interactions **interactions) {
  void *made;
  csro_status status = csro_xml_shipped(context, &kind, index, &made);
  *interactions = made;
  return status;
}

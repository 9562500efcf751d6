/* Small specimens of domains of a prototype in its parent lattice. */
#ifndef CSRO_TEST_CRYSTAL_SPECIMEN_H
#define CSRO_TEST_CRYSTAL_SPECIMEN_H

#include "check.h"
#include "csro/recipe.h"
#include "csro/specimen.h"

enum { FE, AL };

static inline void small_box(csro_specimen *specimen) {
  specimen->shape = CSRO_SHAPE_BOX;
  specimen->width[0] = specimen->width[1] = 8;
  specimen->height = 12;
  specimen->domain_density = 0.03;
  specimen->diameter[0] = 1.4;
  specimen->diameter[1] = 2;
}

static inline int prototype(const char *name) {
  for (int k = 0; k < CSRO_PROTOTYPES; k++)
    if (strcmp(csro_prototype_names[k], name) == 0)
      return k;
  return -1;
}

/* Domains of a prototype in its parent lattice, this many per nm^3; Al on sublattice B, Fe on the
 * others. spacing: of the planes, nm. */
static inline void simulate_crystal(csro_context *context, const char *parent, const char *name,
                                    double a, const int hkl[3], double spacing, double density,
                                    csro_specimen_ions *made) {
  csro_structure structures[2];
  char species[2][16] = {"Fe", "Al"}, names[2][32] = {"random", "ordered"};
  CHECK_OK(context, csro_structure_prototype(context, prototype(parent), a, a, 2, &structures[0]));
  CHECK_OK(context, csro_structure_prototype(context, prototype(name), a, a, 2, &structures[1]));
  csro_structure *s = &structures[1];
  double share = 0;
  for (int k = 0; k < s->sublattice_count; k++)
    s->occupancy[2 * k + (strcmp(s->sublattices[k], "B") == 0 ? AL : FE)] = 1;
  for (int k = 0; k < s->site_count; k++)
    share += s->occupancy[2 * s->sublattice[k] + AL] / s->site_count;
  structures[0].occupancy[FE] = 1 - share;
  structures[0].occupancy[AL] = share;
  csro_recipe_class classes[2] = {{.structure = 0, .species = -1}, {.structure = 1, .species = -1}};
  csro_recipe recipe = {.pole = {hkl[0], hkl[1], hkl[2]},
                        .species_count = 2,
                        .species = species,
                        .structure_count = 2,
                        .structures = structures,
                        .structure_names = names,
                        .class_count = 2,
                        .classes = classes};
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  CHECK_OK(context, csro_specimen_use_recipe(context, &specimen, &recipe));
  small_box(&specimen);
  specimen.sigma_z = 0.1 * spacing;
  specimen.domain_density = density;
  CHECK_OK(context, csro_specimen_simulate(context, &specimen, 0, 1, made));
  csro_structure_release(&structures[0]);
  csro_structure_release(&structures[1]);
}

#endif

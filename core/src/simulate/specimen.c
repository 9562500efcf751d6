#include "base/progress.h"
#include "csro/configuration.h"
#include "csro/share.h"
#include "simulate/specimen_check.h"
#include "simulate/specimen_detector.h"
#include "simulate/specimen_domains.h"
#include "simulate/specimen_masses.h"
#include "simulate/specimen_pile_up.h"
#include "simulate/specimen_shape.h"
#include "simulate/specimen_species.h"
#include "simulate/specimen_streams.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

typedef struct simulation {
  csro_context *context;
  const csro_specimen *specimen;
  csro_grains grains;
  csro_domain_map map;
  int64_t begin, end; /* planes of this part */
  int64_t *offset;    /* first ion of each plane of this part, and the end */
  const csro_simulated_element
      *elements[CSRO_SPECIMEN_SPECIES + 2]; /* by label; background: NULL */
  csro_hits *hits;                          /* one for each thread; NULL without pile-up */
} simulation;

/* Where the next ion goes. out is NULL while ions are only counted. */
typedef struct cursor {
  csro_specimen_ions *out;
  int64_t next;
  csro_hits *hits; /* NULL without pile-up */
} cursor;

/* An atom that the detector sees. */
typedef struct seen_atom {
  csro_random random; /* the rest of the stream of its site */
  int64_t number;     /* of the site */
  int species;
  int32_t domain;
  float order;                  /* NaN where it is not known */
  int64_t hydrogen, background; /* ions that come with it */
} seen_atom;

static void write_ion(const simulation *s, cursor *at, csro_random *random, const double r[3],
                      int label, int32_t domain, float order) {
  float *xyz = (float *)at->out->ions.xyz + 3 * at->next;
  for (int axis = 0; axis < 3; axis++)
    xyz[axis] = (float)r[axis];
  const csro_simulated_element *element = s->elements[label];
  ((float *)at->out->ions.mass)[at->next] =
      (float)(element ? csro_simulated_mass(random, element) : csro_simulated_background(random));
  at->out->label[at->next] = (uint16_t)label;
  at->out->true_domain[at->next] = domain;
  if (at->out->true_order)
    at->out->true_order[at->next] = order;
  at->next++;
}

/* Ions that do not come from a site of the crystal: anywhere in the cell around one. Two spacings
 * along z, so that they have no planes of their own. */
static void write_stray_ions(const simulation *s, cursor *at, csro_random *random,
                             const double site[3], int64_t count, int label) {
  double edge = s->specimen->lattice_constant, height = 2 * s->grains.crystal.plane_spacing;
  for (int64_t k = 0; k < count; k++) {
    double r[3];
    for (int axis = 0; axis < 3; axis++)
      r[axis] = site[axis] + (csro_random_uniform(random) - 0.5) * (axis == 2 ? height : edge);
    write_ion(s, at, random, r, label, -1, NAN);
  }
}

/* A whole number with this mean, one of its two neighbours. */
static int64_t draw_number(csro_random *random, double mean) {
  double whole = floor(mean);
  return (int64_t)whole + (csro_random_uniform(random) < mean - whole);
}

/* The first of the planes whose hits decide which atoms of this plane are lost. */
static int64_t first_plane_with(const csro_specimen *specimen, int64_t plane) {
  int64_t above = specimen->pile_up.probability > 0 ? specimen->pile_up.planes - 1 : 0;
  return plane > above ? plane - above : 0;
}

/* The atom that a configuration has at a site. */
static void take_from_configuration(const simulation *s, int64_t site, seen_atom *atom) {
  const csro_configuration *configuration = s->specimen->configuration;
  const csro_crystal *crystal = &s->grains.crystal;
  double ideal[3];
  csro_crystal_position(crystal, site / crystal->columns / crystal->rows,
                        site / crystal->columns % crystal->rows, site % crystal->columns, ideal);
  const int64_t at = csro_configuration_site(configuration, (const double(*)[3])crystal->cell->axes,
                                             crystal->plane_spacing, ideal);
  atom->species = configuration->lattice->species[at];
  atom->order = configuration->order[at];
}

/* Whether the atom of a site is seen. */
static bool detect(const simulation *s, int grain, int64_t site, const double r[3],
                   seen_atom *atom) {
  const csro_specimen *specimen = s->specimen;
  atom->number = csro_grain_site_number(&s->grains, grain, site);
  atom->species = csro_site_start(&atom->random, specimen, atom->number, r);
  int64_t index = csro_domain_map_index(&s->map, &s->grains.crystal, grain, site);
  atom->domain = s->map.owner[index];
  atom->order = NAN;
  if (atom->domain >= 0)
    atom->species = s->map.species[index];
  if (specimen->configuration)
    take_from_configuration(s, site, atom);
  double efficiency = csro_specimen_efficiency(specimen, atom->species, r);
  if (csro_random_uniform(&atom->random) >= efficiency)
    return false;
  double background = csro_ramp_at(specimen, &specimen->background_ramp, specimen->background, r);
  atom->hydrogen = draw_number(&atom->random, specimen->hydrogen);
  atom->background = draw_number(&atom->random, background);
  return true;
}

/* Where an atom is seen: magnified with its domain, then blurred. */
static void draw_position(const simulation *s, seen_atom *atom, const double r[3], double seen[3]) {
  const csro_specimen *specimen = s->specimen;
  double own = specimen->species[atom->species].sigma_z, place[2] = {r[0], r[1]};
  if (atom->domain >= 0 && specimen->magnification != 1)
    for (int axis = 0; axis < 2; axis++) {
      double center = s->map.domains[atom->domain].center[axis];
      place[axis] = center + specimen->magnification * (r[axis] - center);
    }
  seen[0] = place[0] + specimen->sigma_xy * csro_random_normal(&atom->random);
  seen[1] = place[1] + specimen->sigma_xy * csro_random_normal(&atom->random);
  seen[2] = r[2] + (own < 0 ? specimen->sigma_z : own) * csro_random_normal(&atom->random);
}

/* The first draws of a site decide how many ions it gives, so that counting can stop there. Pile-up
 * has to know where they are seen. */
static void visit_site(const simulation *s, int grain, int64_t site, const double r[3],
                       cursor *at) {
  seen_atom atom;
  double seen[3];
  bool lost = false;
  if (!detect(s, grain, site, r, &atom))
    return;
  if (at->out || at->hits)
    draw_position(s, &atom, r, seen);
  if (at->hits)
    lost = csro_hits_lose(s->specimen, at->hits, atom.number, atom.species, seen);
  if (!at->out) {
    at->next += (lost ? 0 : 1) + atom.hydrogen + atom.background;
    return;
  }
  if (!lost)
    write_ion(s, at, &atom.random, seen, atom.species + 1, atom.domain, atom.order);
  write_stray_ions(s, at, &atom.random, r, atom.hydrogen, s->specimen->species_count + 1);
  write_stray_ions(s, at, &atom.random, r, atom.background, 0);
}

/* Notes where the atom of a site of a plane above is seen. */
static void note_site(const simulation *s, int grain, int64_t site, const double r[3], cursor *at) {
  seen_atom atom;
  double seen[3];
  if (!detect(s, grain, site, r, &atom))
    return;
  draw_position(s, &atom, r, seen);
  csro_hits_add_above(at->hits, atom.species, seen);
}

/* Evaporation goes plane by plane, row by row; of two grains it takes planes by turns. */
static void visit_sites(const simulation *s, int64_t plane, cursor *at,
                        void visit(const simulation *, int, int64_t, const double[3], cursor *)) {
  const csro_crystal *crystal = &s->grains.crystal;
  for (int grain = 0; grain < s->grains.count; grain++)
    for (int64_t row = 0; row < crystal->rows; row++)
      for (int64_t column = 0; column < crystal->columns; column++) {
        double r[3];
        if (csro_grain_site(&s->grains, grain, plane, row, column, r))
          visit(s, grain, csro_crystal_site(crystal, plane, row, column), r, at);
      }
}

static void visit_plane(const simulation *s, int64_t plane, cursor *at) {
  if (s->hits) {
    at->hits = &s->hits[omp_get_thread_num()];
    csro_hits_clear(at->hits);
    for (int64_t above = first_plane_with(s->specimen, plane); above < plane; above++)
      visit_sites(s, above, at, note_site);
  }
  visit_sites(s, plane, at, visit_site);
}

static csro_status count_ions(simulation *s) {
  int64_t planes = s->end - s->begin;
  csro_progress progress;
  csro_progress_start(&progress, s->context, planes, 0.3, 0.5);
  s->offset[0] = 0;
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic)
  for (int64_t p = 0; p < planes; p++) {
    cursor at = {0};
    if (!csro_progress_add(&progress, 1))
      visit_plane(s, s->begin + p, &at);
    s->offset[p + 1] = at.next;
  }
  for (int64_t p = 0; p < planes; p++)
    s->offset[p + 1] += s->offset[p];
  return csro_progress_end(&progress);
}

static csro_status allocate_ions(simulation *s, csro_specimen_ions *out) {
  int64_t count = s->offset[s->end - s->begin];
  out->ions.count = count;
  out->ions.xyz = csro_allocate(s->context, count, 3 * sizeof(float));
  out->ions.mass = csro_allocate(s->context, count, sizeof(float));
  out->label = csro_allocate(s->context, count, sizeof *out->label);
  out->true_domain = csro_allocate(s->context, count, sizeof *out->true_domain);
  if (s->specimen->configuration)
    out->true_order = csro_allocate(s->context, count, sizeof *out->true_order);
  bool all = out->ions.xyz && out->ions.mass && out->label && out->true_domain &&
             (out->true_order || !s->specimen->configuration);
  return all ? CSRO_OK : CSRO_ERROR_MEMORY;
}

static csro_status write_ions(simulation *s, csro_specimen_ions *out) {
  int64_t planes = s->end - s->begin;
  csro_progress progress;
  csro_progress_start(&progress, s->context, planes, 0.5, 1.0);
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic)
  for (int64_t p = 0; p < planes; p++) {
    cursor at = {.out = out, .next = s->offset[p]};
    if (!csro_progress_add(&progress, 1))
      visit_plane(s, s->begin + p, &at);
  }
  return csro_progress_end(&progress);
}

static csro_status make_hits(simulation *s) {
  if (s->specimen->pile_up.probability == 0)
    return CSRO_OK;
  s->hits = csro_allocate(s->context, s->context->threads, sizeof *s->hits);
  if (!s->hits)
    return CSRO_ERROR_MEMORY;
  csro_status status = CSRO_OK;
  for (int k = 0; k < s->context->threads; k++)
    s->hits[k] = (csro_hits){0};
  for (int k = 0; k < s->context->threads && status == CSRO_OK; k++)
    status = csro_hits_init(s->context, &s->grains, &s->hits[k]);
  return status;
}

static void release(simulation *s) {
  for (int k = 0; s->hits && k < s->context->threads; k++)
    csro_hits_release(&s->hits[k]);
  free(s->hits);
  free(s->offset);
  csro_domain_map_release(&s->map);
}

static csro_status simulate(simulation *s, csro_specimen_ions *out) {
  s->offset = csro_allocate(s->context, s->end - s->begin + 1, sizeof *s->offset);
  if (!s->offset)
    return CSRO_ERROR_MEMORY;
  int64_t first = first_plane_with(s->specimen, s->begin);
  csro_status status = csro_domain_map_init(s->context, &s->grains, first, s->end, &s->map);
  if (status == CSRO_OK)
    status = make_hits(s);
  if (status == CSRO_OK)
    status = count_ions(s);
  if (status == CSRO_OK)
    status = allocate_ions(s, out);
  if (status == CSRO_OK)
    status = write_ions(s, out);
  release(s);
  return status;
}

csro_status csro_specimen_simulate(csro_context *context, const csro_specimen *specimen, int part,
                                   int parts, csro_specimen_ions *out) {
  *out = (csro_specimen_ions){0};
  if (parts < 1 || part < 0 || part >= parts)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "part %d of %d parts does not exist", part,
                     parts);
  simulation s = {.context = context, .specimen = specimen};
  csro_status status = csro_specimen_check(context, specimen);
  if (status == CSRO_OK)
    status = csro_grains_init(context, specimen, &s.grains);
  if (status != CSRO_OK)
    return status;
  for (int k = 0; k < specimen->species_count; k++)
    s.elements[k + 1] = csro_simulated_element_find(specimen->species[k].symbol);
  s.elements[specimen->species_count + 1] = csro_simulated_element_find("H");
  s.begin = csro_share_begin(s.grains.crystal.planes, part, parts);
  s.end = csro_share_begin(s.grains.crystal.planes, part + 1, parts);
  status = simulate(&s, out);
  csro_grains_release(&s.grains);
  if (status != CSRO_OK)
    csro_specimen_ions_release(out);
  else if (parts == 1)
    out->ions.total = out->ions.count;
  return status;
}

void csro_specimen_ions_release(csro_specimen_ions *ions) {
  if (!ions)
    return;
  free(ions->ions.xyz);
  free(ions->ions.mass);
  free(ions->label);
  free(ions->true_domain);
  free(ions->true_order);
  *ions = (csro_specimen_ions){0};
}

void csro_specimen_domain_ions(const csro_specimen_ions *ions, int64_t domain_count,
                               int64_t *ions_of) {
  for (int64_t d = 0; d < domain_count; d++)
    ions_of[d] = 0;
  for (int64_t i = 0; i < ions->ions.count; i++)
    if (ions->true_domain[i] >= 0)
      ions_of[ions->true_domain[i]]++;
}

/* Which specimens are hard. */
#include "detection_hard.h"

#include <string.h>

typedef struct rows {
  hard_row *row;
  int count;
} rows;

enum { MOST_ROWS = 40 };

static csro_specimen clean(void) {
  csro_specimen specimen = bench_frustum(25);
  specimen.sigma_z = 0.03;
  return specimen;
}

static hard_row *add(rows *all, const char *name) {
  hard_row *row = &all->row[all->count++];
  *row = (hard_row){.name = name,
                    .specimen = clean(),
                    .rich = NICKEL,
                    .edges = {1.0, 1.3, 1.6, 2.0},
                    .null = true};
  return row;
}

static void add_planes(rows *all) {
  static const struct {
    const char *name;
    double tilt, azimuth, lattice, drift;
  } planes[] = {{"tilt 2 degrees", 2, 0, 1, 0},           {"tilt 4 degrees", 4, 70, 1, 0},
                {"tilt 5 degrees", 5, 200, 1, 0},         {"lattice constant +3 %", 0, 0, 1.03, 0},
                {"lattice constant -3 %", 0, 0, 0.97, 0}, {"lattice constant +5 %", 0, 0, 1.05, 0},
                {"lattice constant -5 %", 0, 0, 0.95, 0}, {"spacing drift +2 %", 0, 0, 1, 2},
                {"spacing drift -2 %", 0, 0, 1, -2}};
  for (size_t k = 0; k < sizeof planes / sizeof *planes; k++) {
    hard_row *row = add(all, planes[k].name);
    row->specimen.tilt = planes[k].tilt;
    row->specimen.tilt_azimuth = planes[k].azimuth;
    row->specimen.lattice_constant *= planes[k].lattice;
    row->specimen.spacing_drift = planes[k].drift;
    row->equivalent = true;
  }
  hard_row *row = add(all, "curvature radius 50 nm");
  row->specimen.curvature_radius = 50;
  row->equivalent = true;
  row = add(all, "boundary, 10 degrees, other phase");
  row->specimen.grain = (csro_second_grain){true, {1, 0, 0}, 0, 10, 30};
  row->equivalent = true;
  row = add(all, "tilt 1, curved 150, uneven, background, sigma_z 0.05");
  row->specimen.sigma_z = 0.05;
  row->specimen.tilt = 1;
  row->specimen.tilt_azimuth = 30;
  row->specimen.curvature_radius = 150;
  row->specimen.efficiency = 0.58;
  row->specimen.efficiency_ramp = (csro_ramp){CSRO_AXIS_Z, 0.44};
  row->specimen.background = 0.02;
  row->specimen.background_ramp = (csro_ramp){CSRO_AXIS_X, 0.12};
}

static void add_noise(rows *all) {
  hard_row *row = add(all, "sigma_z of Ni 0.08, others 0.03");
  row->specimen.species[2].sigma_z = 0.08;
  row->told = true;
  static const struct {
    const char *name;
    double sigma_xy, searched;
  } noise[] = {{"sigma_xy 0.5", 0.5, 0},
               {"sigma_xy 0.5, searched with 0.5", 0.5, 0.5},
               {"sigma_xy 0.7", 0.7, 0},
               {"sigma_xy 0.7, searched with 0.7", 0.7, 0.7}};
  for (size_t k = 0; k < sizeof noise / sizeof *noise; k++) {
    row = add(all, noise[k].name);
    row->specimen.sigma_xy = noise[k].sigma_xy;
    row->sigma_xy = noise[k].searched;
  }
  row = add(all, "10 % Ni");
  row->told = true;
  row->specimen.species[2].share = 2.0 / 9;
}

static void add_order(rows *all) {
  hard_row *row = add(all, "order 0.7");
  row->specimen.order = 0.7;
  row->told = true;
  row->null = false;
  row = add(all, "order 0.5");
  row->specimen.order = 0.5;
  row->told = true;
  row->null = false;
  row = add(all, "strict L1_2");
  row->specimen.order_types[0].kind = CSRO_ORDER_SUBLATTICE;
  row->told = true;
  row->null = false;
  row = add(all, "domains of 3-5 nm");
  row->specimen.diameter[0] = 3;
  row->specimen.diameter[1] = 5;
  row->specimen.domain_density = 0.003;
  memcpy(row->edges, (double[4]){3, 4, 5, 6}, sizeof row->edges);
  row->null = false;
  row = add(all, "fully ordered");
  row->specimen.diameter[0] = row->specimen.diameter[1] = 60;
  row->specimen.domain_density = 0.0005;
  memcpy(row->edges, (double[4]){59, 61, 62, 63}, sizeof row->edges);
  row->null = false;
  row = add(all, "Cr-rich order, Species Ni");
  row->specimen.order_types[0].species = 1;
  row->null = false;
  row = add(all, "Cr-rich order, Species empty");
  row->specimen.order_types[0].species = 1;
  row->rich = 0;
  row->null = false;
}

/* Ions of one species that follow one another at the same place are lost, also those of the plane
 * above: planes of neighbouring parity differ then. The shares of all ions that are lost were
 * measured. */
static void add_pile_up(rows *all) {
  static const struct {
    const char *name;
    double probability, distance;
  } lost[] = {{"pile-up, 5 % lost, no order", 0.12, 0.25},
              {"pile-up, 15 % lost, no order", 0.38, 0.25},
              {"pile-up, 35 % lost, no order", 0.87, 0.25}};
  for (size_t k = 0; k < sizeof lost / sizeof *lost; k++) {
    hard_row *row = add(all, lost[k].name);
    row->specimen.domain_density = 0;
    row->specimen.pile_up = (csro_pile_up){lost[k].probability, lost[k].distance, 1, 2};
  }
}

hard_row *hard_rows(csro_context *context, int *count) {
  rows all = {need(context, MOST_ROWS, sizeof(hard_row)), 0};
  hard_row *row = add(&all, "clean, sigma_z 0.03");
  row->told = true;
  row = add(&all, "clean, sigma_z 0.06");
  row->specimen.sigma_z = 0.06;
  row->told = true;
  add_planes(&all);
  add_noise(&all);
  add_order(&all);
  add_pile_up(&all);
  *count = all.count;
  return all.row;
}

#include "detection_sample.h"

#include "csro/chance.h"
#include "csro/kinds.h"
#include "csro/lateral.h"
#include "csro/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void must(csro_context *context, csro_status status) {
  if (status == CSRO_OK)
    return;
  fprintf(stderr, "bench_detection: %s\n", context->message);
  exit(1);
}

void *need(csro_context *context, size_t count, size_t size) {
  void *memory = calloc(count > 0 ? count : 1, size);
  must(context, memory ? CSRO_OK : csro_fail(context, CSRO_ERROR_MEMORY, "out of memory"));
  return memory;
}

double cpu_seconds(void) {
  return (double)clock() / CLOCKS_PER_SEC;
}

csro_specimen bench_frustum(double height) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  specimen.shape = CSRO_SHAPE_FRUSTUM;
  specimen.radius[0] = 7.5;
  specimen.radius[1] = 10.5;
  specimen.height = height;
  specimen.domain_density = 0.05;
  specimen.diameter[0] = 0.7;
  specimen.diameter[1] = 2.0;
  return specimen;
}

static void lean(double degrees, double azimuth, double slope[2]) {
  const double degree = acos(-1.0) / 180;
  slope[0] += tan(degrees * degree) * cos(azimuth * degree);
  slope[1] += tan(degrees * degree) * sin(azimuth * degree);
}

double sine_of_tilt(const csro_specimen *s, const double r[3]) {
  double slope[2] = {0, 0};
  lean(s->tilt, s->tilt_azimuth, slope);
  for (int a = 0; a < 2 && s->curvature_radius != 0; a++)
    slope[a] += r[a] / s->curvature_radius;
  const double *normal = s->grain.normal;
  double length = sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
  double beyond = normal[0] * r[0] + normal[1] * r[1] + normal[2] * (r[2] + s->height / 2);
  if (s->grain.present && beyond > s->grain.distance * length)
    lean(s->grain.misorientation, s->grain.azimuth, slope);
  double square = slope[0] * slope[0] + slope[1] * slope[1];
  return sqrt(square / (1 + square));
}

static void find_voxels(sample *s) {
  csro_context *context = s->context;
  double bounds[6], box[6];
  must(context, csro_points_bounds(context, &s->points, bounds));
  for (int k = 0; k < 6; k++)
    box[k] = 0.5 * (k % 2 ? ceil(2 * bounds[k]) : floor(2 * bounds[k]));
  must(context, csro_grid_init(context, box, 1, 0.5, 0.75, &s->grid));
  s->voxels = s->grid.n[0] * s->grid.n[1] * s->grid.n[2];
  s->voxel_truth = need(context, (size_t)s->voxels, sizeof *s->voxel_truth);
  s->voxel_ions = need(context, (size_t)s->voxels, sizeof *s->voxel_ions);
  must(context,
       csro_voxel_truth(context, &s->grid, s->domains, s->truth, far_away, s->voxel_truth));
  const csro_block all = csro_block_whole(s->grid.n);
  must(context,
       csro_voxel_counts(context, &s->grid, &all, &s->points, NULL, 0, NULL, s->voxel_ions));
}

static void blur_more(sample *s, const csro_specimen *like) {
  float *xyz = s->made.ions.xyz;
  csro_random random;
  csro_random_init(&random, s->specimen.seed, UINT64_C(3) << 60);
  for (int64_t i = 0; i < s->made.ions.count; i++) {
    const double r[3] = {xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]};
    double sigma = like->sigma_xy * sine_of_tilt(like, r);
    xyz[3 * i + 2] += (float)(sigma * csro_random_normal(&random));
  }
}

void sample_make(csro_context *context, const csro_specimen *specimen, bool without_hydrogen,
                 const csro_specimen *blur_of, sample *s) {
  *s = (sample){.context = context, .specimen = *specimen};
  must(context, csro_specimen_simulate(context, specimen, 0, 1, &s->made));
  must(context, csro_specimen_domains(context, specimen, &s->domains, &s->truth));
  if (blur_of)
    blur_more(s, blur_of);
  int64_t n = s->made.ions.count;
  s->points = (csro_points){s->made.ions.xyz, s->made.ions.is_double, n};
  s->true_domain = need(context, (size_t)n, sizeof *s->true_domain);
  s->even = need(context, (size_t)n, sizeof *s->even);
  for (int64_t i = 0; i < n; i++) {
    s->true_domain[i] = s->made.true_domain[i];
    if (without_hydrogen && s->made.label[i] == specimen->species_count + 1)
      s->made.label[i] = 0;
  }
  find_voxels(s);
}

void sample_release(sample *s) {
  csro_specimen_ions_release(&s->made);
  csro_planes_release(&s->planes);
  csro_pole_map_release(&s->map);
  free(s->truth);
  free(s->true_domain);
  free(s->voxel_truth);
  free(s->voxel_ions);
  free(s->even);
}

void sample_planes(sample *s) {
  csro_context *context = s->context;
  const uint16_t *label = s->made.label;
  int labels = s->specimen.species_count + 1;
  double begin = cpu_seconds();
  csro_pole_options options;
  csro_pole_options_init(&options);
  must(context, csro_pole_find(context, &s->points, label, &options, &s->map));
  must(context, csro_planes_fit(context, &s->points, label, 0, &s->map, &s->planes));
  int64_t(*sums)[3] =
      need(context, (size_t)(csro_planes_blocks(&s->planes) + labels + 1), sizeof *sums);
  must(context, csro_planes_sum_blur(context, &s->planes, &s->points, label, labels, sums));
  must(context, csro_planes_set_blur(context, labels, sums, &s->planes));
  must(context, csro_planes_parity(context, &s->planes, 0, &s->points, label, s->even));
  s->plane_seconds = cpu_seconds() - begin;
  free(sums);
}

uint16_t sample_species(const sample *s) {
  csro_order_kind_row row[CSRO_KINDS];
  int count, of_label[LABELS];
  double ions_of[LABELS] = {0};
  for (int k = 0; k < LABELS; k++)
    of_label[k] = k >= 1 && k < HYDROGEN ? k - 1 : -1;
  for (int64_t i = 0; i < s->points.count; i++)
    if (s->made.label[i] > 0 && s->made.label[i] < HYDROGEN)
      ions_of[s->made.label[i] - 1]++;
  const csro_kinds_task task = {&s->planes, 0, HYDROGEN - 1, LABELS - 1, of_label, ions_of};
  must(s->context, csro_kinds_find(s->context, &task, &s->points, s->made.label, row, &count));
  int k = 0;
  while (row[k].period != 2)
    k++;
  return (uint16_t)(row[k].species + 1);
}

csro_status sample_search(sample *s, const sought *what, const uint16_t *label, float *probability,
                          csro_order *order) {
  csro_context *context = s->context;
  const csro_order_species ions = csro_order_count(label, what->rich, s->points.count);
  csro_order_options options = {.diameter = {0.7, 2.1},
                                .sigma_xy = what->sigma_xy,
                                .sigma_z = s->planes.sigma_z,
                                .fraction = (double)ions.rich / (double)ions.ranged};
  float *signal = need(context, (size_t)s->points.count, sizeof *signal);
  float *other = need(context, (size_t)s->points.count, sizeof *other);
  const csro_order_rival rival = {other, false};
  const csro_control_rival kind = {what->rival, 2, 0};
  csro_status status = csro_order_signal(context, label, what->rich, NULL, s->points.count, s->even,
                                         what->same_species, signal);
  csro_lateral lateral;
  if (status == CSRO_OK && what->rival > 0) {
    status = csro_order_signal(context, label, what->rival, NULL, s->points.count, s->even,
                               what->same_species, other);
    options.rivals = 1;
    options.rival = &rival;
  }
  if (status == CSRO_OK && what->sigma_xy == 0) {
    status = csro_lateral_find(context, &s->points, s->even, signal, options.sigma_z, &lateral);
    options.sigma_xy = lateral.sigma;
  }
  s->sigma_xy = options.sigma_xy;
  if (status == CSRO_OK)
    status = csro_order_find(context, &s->points, signal, &options, &s->grid, probability, order);
  free(signal);
  free(other);
  const csro_control control = {.points = &s->points,
                                .label = label,
                                .planes = &s->planes,
                                .rich = what->rich,
                                .period = 2,
                                .same_species = what->same_species,
                                .options = &options,
                                .grid = &s->grid,
                                .copies = 1,
                                .decoys = 1,
                                .seed = 1,
                                .rivals = options.rivals,
                                .rival = &kind};
  csro_chance_test test;
  if (status == CSRO_OK)
    status = csro_order_compare(context, &control, order, &test);
  return status;
}

/* The whole path from one input: ranges, ions, voxels, z-SDMs, probabilities, scores, extraction
 * and domains, each step against brute force (path_oracle.h), bit for bit. */
#include "csro/classify.h"
#include "fuzz_bytes.h"
#include "path_oracle.h"

enum { most_ions = 40, most_voxels = 3, most_pixels = 125 };

typedef struct path {
  csro_context context;
  csro_ranges *ranges;
  int64_t ions;
  double r[most_ions][3], mass[most_ions];
  float r_float[most_ions][3];
  csro_points points;
  uint16_t label[most_ions], pair[2];
  csro_grid grid;
  csro_block all, part; /* voxels */
  csro_bins bins;
  csro_partners partners;
  double probability[most_voxels * most_voxels * most_voxels];
} path;

/* Ends and widths of quarters of a Da, so that ranges touch, overlap and repeat. */
static void make_ranges(fuzz_bytes *from, path *on) {
  static const char *const made_of[] = {"Ni:1", "Co:1", "O:1 Ni:1", "Name:x", "O:2", "Cr:1"};
  char text[1000];
  int n = 1 + fuzz_below(from, 6);
  int length = snprintf(text, sizeof text, "[Ranges]\nNumber=%d\n", n);
  for (int i = 0; i < n; i++) {
    double lo = fuzz_byte(from) / 4.0, width = fuzz_below(from, 64) / 4.0;
    length += snprintf(text + length, sizeof text - (size_t)length, "Range%d=%.17g %.17g %s\n",
                       i + 1, lo, lo + width, made_of[fuzz_below(from, 6)]);
  }
  csro_status status = csro_ranges_parse(&on->context, "a.rrng", text, (size_t)length, &on->ranges);
  FUZZ_CHECK(status == CSRO_OK && on->ranges->count == n);
}

/* A sixteenth of a nm, or a neighbouring double. */
static double make_length(fuzz_bytes *from, int nudge) {
  double length = ((int)fuzz_byte(from) - 128) / 64.0;
  return nudge == 1 ? nextafter(length, 10) : nudge == 2 ? nextafter(length, -10) : length;
}

static void make_ions(fuzz_bytes *from, path *on) {
  static const double stray[] = {1e3, 1e5, 1e9, 1e30, -1e4, -1e9};
  bool is_double = fuzz_below(from, 2);
  on->ions = fuzz_below(from, most_ions + 1);
  for (int64_t i = 0; i < on->ions; i++) {
    int odd = fuzz_byte(from);
    for (int axis = 0; axis < 3; axis++)
      on->r[i][axis] = make_length(from, odd < 200 ? 0 : odd >> 2 * axis & 3);
    on->mass[i] = fuzz_byte(from) / 4.0;
    if (odd == 255)
      on->r[i][fuzz_below(from, 3)] = stray[fuzz_below(from, 6)];
    for (int axis = 0; axis < 3; axis++) {
      on->r_float[i][axis] = (float)on->r[i][axis];
      if (!is_double)
        on->r[i][axis] = (double)on->r_float[i][axis];
    }
  }
  on->points = (csro_points){is_double ? (const void *)on->r : on->r_float, is_double, on->ions};
}

static bool make_grid(fuzz_bytes *from, path *on) {
  static const double strides[] = {0.5, 0.25, 1, 0.3, 0.1, 0.7, 1.0 / 3};
  double stride = strides[fuzz_below(from, 7)], edge = stride * (1 + fuzz_below(from, 3));
  double radius[] = {edge / 2, 0.5, 0.87 * edge, (1 + fuzz_byte(from)) / 64.0}, box[6];
  for (int axis = 0; axis < 3; axis++) {
    box[2 * axis] = make_length(from, 0);
    box[2 * axis + 1] = box[2 * axis] + edge + stride * (fuzz_below(from, most_voxels) + 0.25);
  }
  csro_status status =
      csro_grid_init(&on->context, box, edge, stride, radius[fuzz_below(from, 4)], &on->grid);
  if (status != CSRO_OK)
    return false;
  on->all = on->part = csro_block_whole(on->grid.n);
  for (int axis = 0; axis < 3; axis++) {
    FUZZ_CHECK(on->grid.n[axis] >= 1 && on->grid.n[axis] <= most_voxels);
    on->part.lo[axis] = fuzz_below(from, (int)on->grid.n[axis]);
  }
  double half_range[] = {1.5, 0.5, 1, (1 + fuzz_byte(from)) / 64.0};
  int total = 2 + fuzz_below(from, 200);
  double range = half_range[fuzz_below(from, 4)], window = (1 + fuzz_byte(from)) / 100.0;
  status = csro_bins_init(&on->context, range, total, window, &on->bins);
  on->partners = fuzz_below(from, 2) ? CSRO_PARTNERS_IN_DATA : CSRO_PARTNERS_IN_VOXEL;
  for (int k = 0; k < 2; k++)
    on->pair[k] = (uint16_t)(1 + fuzz_below(from, on->ranges->species_count));
  return status == CSRO_OK;
}

static void check_labels(path *on) {
  FUZZ_CHECK(csro_ranges_apply(&on->context, on->ranges, on->mass, true, on->ions, on->label) ==
             CSRO_OK);
  for (int64_t i = 0; i < on->ions; i++)
    FUZZ_CHECK(on->label[i] == oracle_label(on->ranges, on->mass[i]));
}

static void check_counts(path *on) {
  int32_t counts[most_voxels * most_voxels * most_voxels];
  const csro_block *block = &on->part;
  FUZZ_CHECK(csro_voxel_counts(&on->context, &on->grid, block, &on->points, on->label, 1,
                               &on->pair[0], counts) == CSRO_OK);
  for (int64_t voxel = 0; voxel < csro_block_size(block); voxel++) {
    double center[3], radius = on->grid.radius;
    int32_t expected = 0;
    oracle_center(&on->grid, block, voxel, center);
    for (int64_t i = 0; i < on->ions; i++)
      expected +=
          on->label[i] == on->pair[0] && oracle_distance2(on->r[i], center) <= radius * radius;
    FUZZ_CHECK(counts[voxel] == expected);
  }
}

/* The curves of all voxels; the caller frees them. */
static uint32_t *check_curves(path *on) {
  const int kept = on->bins.kept;
  int64_t voxels = csro_block_size(&on->all), expected[202], sum[202], sums[202] = {0};
  uint32_t *counts = fuzz_allocate((size_t)(voxels * kept) * sizeof *counts);
  FUZZ_CHECK(csro_zsdm_voxels(&on->context, &on->grid, &on->all, &on->points, on->label,
                              on->pair[0], on->pair[1], &on->bins, on->partners, CSRO_U32,
                              counts) == CSRO_OK);
  FUZZ_CHECK(csro_zsdm_sum(&on->context, &on->grid, &on->all, &on->points, on->label, on->pair[0],
                           on->pair[1], &on->bins, on->partners, sum) == CSRO_OK);
  for (int64_t voxel = 0; voxel < voxels; voxel++) {
    double center[3];
    oracle_center(&on->grid, &on->all, voxel, center);
    oracle_curve(center, on->grid.radius, on->ions, (const double(*)[3])on->r, on->label, on->pair,
                 &on->bins, on->partners, expected);
    for (int b = 0; b < kept; b++) {
      FUZZ_CHECK(counts[voxel * kept + b] == expected[b]);
      sums[b] += expected[b];
    }
  }
  for (int b = 0; b < kept; b++)
    FUZZ_CHECK(sum[b] == sums[b]);
  return counts;
}

static void check_region(path *on) {
  int64_t counts[202], expected[202];
  csro_status status = csro_zsdm_region(&on->context, &on->points, on->ions, on->label, on->pair[0],
                                        on->pair[1], &on->bins, counts);
  fuzz_check_status(&on->context, status);
  const double anywhere[3] = {0, 0, 0};
  oracle_curve(anywhere, INFINITY, on->ions, (const double(*)[3])on->r, on->label, on->pair,
               &on->bins, CSRO_PARTNERS_IN_DATA, expected);
  for (int b = 0; b < on->bins.kept && status == CSRO_OK; b++)
    FUZZ_CHECK(counts[b] == expected[b]);
}

/* A small network with weights of both signs. */
static csro_model make_model(path *on, csro_network *network) {
  static char classes[2][32] = {"random", "ordered"}, pairs[1][32] = {"A-B"};
  FUZZ_CHECK(csro_network_parse(&on->context, "conv 2 5, pool 2, dense 3", on->bins.kept, 1, 2,
                                network) == CSRO_OK);
  uint32_t state = 1;
  for (int l = 0; l < network->layer_count; l++)
    for (int64_t w = 0; w < network->layers[l].weight_count; w++) {
      state = state * 1664525u + 1013904223u;
      network->layers[l].weights[w] = (float)(state >> 16) / 65536.0f - 0.5f;
    }
  return (csro_model){.class_count = 2,
                      .classes = classes,
                      .channel_count = 1,
                      .pairs = pairs,
                      .bins = on->bins,
                      .member_count = 1,
                      .members = network};
}

/* Probabilities of the curves, and the same bits straight from the ions. */
static void check_probabilities(path *on, const uint32_t *counts, csro_preprocessing how) {
  int64_t voxels = csro_block_size(&on->all);
  for (int64_t v = 0; v < voxels; v++)
    on->probability[v] = (double)(v % 5) / 4;
  if (on->bins.kept < CSRO_CURVE_MIN_BINS)
    return;
  csro_network network;
  csro_model model = make_model(on, &network);
  const uint16_t pairs[1][2] = {{on->pair[0], on->pair[1]}};
  const csro_ion_curves ions = {.grid = &on->grid,
                                .block = &on->all,
                                .points = &on->points,
                                .label = on->label,
                                .pairs = pairs,
                                .partners = on->partners};
  double direct[most_voxels * most_voxels * most_voxels];
  FUZZ_CHECK(csro_classify(&on->context, &model, how, 1, voxels, &(csro_count_type){CSRO_U32},
                           (const void *[]){counts}, (double *[]){on->probability}, NULL, NULL,
                           NULL) == CSRO_OK);
  FUZZ_CHECK(csro_classify_ions(&on->context, &model, how, 1, &ions, (double *[]){direct}, NULL,
                                NULL) == CSRO_OK);
  FUZZ_CHECK(memcmp(direct, on->probability, (size_t)voxels * sizeof *direct) == 0);
  for (int64_t v = 0; v < voxels; v++)
    FUZZ_CHECK(isnan(direct[v]) || (direct[v] >= 0 && direct[v] <= 1));
  csro_network_release(&network);
}

static void check_scores(path *on, csro_score_rule rule, double threshold, uint8_t *selected) {
  const csro_grid *grid = &on->grid;
  const csro_block pixels = csro_block_whole(grid->pixels);
  double score[most_pixels];
  FUZZ_CHECK(csro_scores(&on->context, grid, &on->all, on->probability, &pixels, rule, score) ==
             CSRO_OK);
  for (int64_t at = 0; at < csro_block_size(&pixels); at++) {
    const int64_t pixel[3] = {at % grid->pixels[0], at / grid->pixels[0] % grid->pixels[1],
                              at / grid->pixels[0] / grid->pixels[1]};
    double expected = oracle_score(grid, on->probability, pixel, rule);
    FUZZ_CHECK(isnan(expected) ? isnan(score[at]) : score[at] == expected);
    selected[at] = score[at] > threshold;
  }
}

static void check_domains(path *on, int64_t ions, const double (*r)[3], const uint16_t *label,
                          double eps, int min_samples) {
  int64_t domain[most_ions], expected[most_ions], count;
  int species = on->ranges->species_count + 1;
  bool core[most_ions];
  const csro_points points = {r, true, ions};
  csro_status status = csro_dbscan(&on->context, &points, eps, min_samples, domain, &count);
  fuzz_check_status(&on->context, status);
  if (status != CSRO_OK)
    return;
  FUZZ_CHECK(count == oracle_dbscan(ions, r, eps, min_samples, core, expected));
  FUZZ_CHECK(ions == 0 || memcmp(domain, expected, (size_t)ions * sizeof *domain) == 0);
  csro_domain *rows = fuzz_allocate((size_t)count * sizeof *rows);
  int64_t *composition = fuzz_allocate((size_t)(count * species) * sizeof *composition);
  FUZZ_CHECK(csro_domains_measure(&on->context, &points, domain, count, label, species, rows,
                                  composition) == CSRO_OK);
  for (int64_t i = 0; i < ions; i++) {
    if (domain[i] < 0)
      continue;
    composition[domain[i] * species + label[i]]--;
    rows[domain[i]].size--;
    for (int axis = 0; axis < 3; axis++)
      FUZZ_CHECK(r[i][axis] >= rows[domain[i]].lo[axis] && r[i][axis] <= rows[domain[i]].hi[axis]);
  }
  for (int64_t k = 0; k < count * species; k++)
    FUZZ_CHECK(composition[k] == 0 && rows[k / species].size == 0);
  free(composition);
  free(rows);
}

static void check_extraction(path *on, fuzz_bytes *from, const uint8_t *selected,
                             csro_extraction rule) {
  const csro_block pixels = csro_block_whole(on->grid.pixels);
  uint8_t keep[most_ions];
  double kept[most_ions][3];
  uint16_t label[most_ions];
  int64_t count = 0;
  FUZZ_CHECK(csro_extract(&on->context, &on->grid, &pixels, selected, rule, &on->points, keep) ==
             CSRO_OK);
  for (int64_t i = 0; i < on->ions; i++) {
    FUZZ_CHECK((keep[i] != 0) == oracle_kept(&on->grid, selected, rule, on->r[i]));
    if (keep[i] == 0)
      continue;
    memcpy(kept[count], on->r[i], sizeof *kept);
    label[count++] = on->label[i];
  }
  double eps = (1 + fuzz_byte(from)) / 64.0;
  int min_samples = 1 + fuzz_below(from, 6);
  check_domains(on, count, (const double(*)[3])kept, label, eps, min_samples);
  check_domains(on, on->ions, (const double(*)[3])on->r, on->label, eps, min_samples);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  path *on = fuzz_allocate(sizeof *on);
  fuzz_bytes from = {data, size};
  on->context = fuzz_context();
  make_ranges(&from, on);
  make_ions(&from, on);
  check_labels(on);
  if (make_grid(&from, on)) {
    uint8_t selected[most_pixels];
    int rules = fuzz_byte(&from);
    check_counts(on);
    uint32_t *counts = check_curves(on);
    check_region(on);
    /* the full preprocessing takes far longer than the rest */
    check_probabilities(on, counts,
                        rules < 8   ? CSRO_PREPROCESS_FULL
                        : rules & 4 ? CSRO_PREPROCESS_MEAN
                                    : CSRO_PREPROCESS_MINMAX);
    check_scores(on, rules & 1 ? CSRO_SCORE_SUM : CSRO_SCORE_MEAN, fuzz_byte(&from) / 32.0,
                 selected);
    check_extraction(on, &from, selected, rules & 2 ? CSRO_EXTRACT_BALL : CSRO_EXTRACT_PIXEL);
    free(counts);
  }
  csro_ranges_destroy(&on->ranges);
  free(on);
  return 0;
}

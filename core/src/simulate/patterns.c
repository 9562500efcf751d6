#include "csro/patterns.h"

#include "base/progress.h"
#include "simulate/pattern_ions.h"
#include "zsdm/pair_histogram.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

const char *const csro_pattern_parameters[CSRO_VALUES] = {
    "SigmaXY_nm", "SigmaZ_nm", "Efficiency", "Composition", "Order", "DomainDiameter_nm"};

/* One call. */
typedef struct bank {
  const csro_recipe *recipe;
  uint64_t seed;
  int64_t *index; /* of each pattern in the whole bank */
  csro_pattern_class *classes;
  csro_pattern_workspace *rooms; /* per thread */
  csro_pair_histogram *pairs;
  int classes_made, rooms_made, pairs_made;
  csro_patterns *patterns;
} bank;

/* The grid goes through its last set fastest; values without a grid are drawn. */
static void choose_values(const csro_recipe_class *class, int64_t index, csro_random *random,
                          double values[CSRO_VALUES]) {
  for (int v = CSRO_VALUES - 1; v >= 0; v--) {
    const csro_value_set *set = &class->values[v];
    int64_t count = set->count > 0 ? set->count : 1;
    values[v] = csro_value_at(set, index % count);
    index /= count;
  }
  for (int v = 0; v < CSRO_VALUES; v++) {
    const csro_value_set *set = &class->values[v];
    if (set->count == 0)
      values[v] = set->from + (set->to - set->from) * csro_random_uniform(random);
  }
}

static void count_pairs(const csro_recipe *recipe, const csro_pattern_workspace *room,
                        const int channel[2], csro_pair_histogram *pairs) {
  bool in_data = recipe->geometry.ball && recipe->geometry.partners == CSRO_PARTNERS_IN_DATA;
  const csro_pattern_ions *a = &room->own[channel[0]];
  const csro_pattern_ions *b = in_data ? &room->all[channel[1]] : &room->own[channel[1]];
  csro_pair_histogram_clear(pairs);
  if (a == b) {
    csro_pair_histogram_among(pairs, a->x, a->y, a->z, a->count);
    return;
  }
  for (int64_t i = 0; i < a->count; i++) {
    const double r[3] = {a->x[i], a->y[i], a->z[i]};
    csro_pair_histogram_from(pairs, r, b->x, b->y, b->z, 0, b->count);
  }
}

static void fill_pattern(const bank *of, int64_t pattern, int thread) {
  const csro_recipe *recipe = of->recipe;
  const csro_bins *bins = &recipe->bins;
  csro_patterns *patterns = of->patterns;
  int64_t index = of->index[pattern];
  int label = 0;
  for (; index >= recipe->classes[label].patterns; label++)
    index -= recipe->classes[label].patterns;
  const csro_recipe_class *class = &recipe->classes[label];

  csro_random random;
  csro_random_init(&random, of->seed, (uint64_t)of->index[pattern]);
  double values[CSRO_VALUES];
  choose_values(class, index, &random, values);
  csro_pattern_simulate(&of->classes[label], values, &random, &of->rooms[thread]);
  uint32_t *counts = patterns->counts + pattern * patterns->channels * bins->kept;
  for (int c = 0; c < recipe->channel_count; c++, counts += bins->kept) {
    count_pairs(recipe, &of->rooms[thread], recipe->channels[c], &of->pairs[thread]);
    csro_pair_histogram_store(&of->pairs[thread], bins->first, bins->kept, CSRO_U32, counts);
  }
  patterns->label[pattern] = (uint8_t)label;
  for (int v = 0; v < CSRO_VALUES; v++)
    patterns->parameters[pattern][v] = class->given[v] ? (float)values[v] : NAN;
}

static csro_status fill_patterns(csro_context *context, const bank *of) {
  csro_progress progress;
  csro_progress_start(&progress, context, of->patterns->count, 0.0, 1.0);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 32)
  for (int64_t pattern = 0; pattern < of->patterns->count; pattern++)
    if (!csro_progress_add(&progress, 1))
      fill_pattern(of, pattern, omp_get_thread_num());
  return csro_progress_end(&progress);
}

/* All patterns, or those whose place in a random order is below the limit. */
static csro_status choose_patterns(csro_context *context, bank *of, int64_t total, int64_t limit) {
  of->index = csro_allocate(context, of->patterns->count, sizeof *of->index);
  if (!of->index)
    return CSRO_ERROR_MEMORY;
  csro_permutation places;
  csro_permutation_init(&places, of->seed, (uint64_t)total);
  for (int64_t i = 0, n = 0; i < total; i++)
    if (of->patterns->count == total || csro_permutation_at(&places, (uint64_t)i) < (uint64_t)limit)
      of->index[n++] = i;
  return CSRO_OK;
}

static csro_status prepare_classes(csro_context *context, bank *of) {
  const csro_recipe *recipe = of->recipe;
  of->classes = csro_allocate(context, recipe->class_count, sizeof *of->classes);
  csro_status status = of->classes ? CSRO_OK : CSRO_ERROR_MEMORY;
  while (status == CSRO_OK && of->classes_made < recipe->class_count) {
    status =
        csro_pattern_class_init(context, recipe, of->classes_made, &of->classes[of->classes_made]);
    of->classes_made += status == CSRO_OK;
  }
  return status;
}

static csro_status prepare_threads(csro_context *context, bank *of) {
  int64_t sites = 0;
  int sublattices = 0;
  for (int c = 0; c < of->classes_made; c++) {
    const csro_pattern_class *class = &of->classes[c];
    sites = class->sites.count > sites ? class->sites.count : sites;
    int count = class->structure->sublattice_count;
    sublattices = count > sublattices ? count : sublattices;
  }
  of->rooms = csro_allocate(context, context->threads, sizeof *of->rooms);
  of->pairs = csro_allocate(context, context->threads, sizeof *of->pairs);
  csro_status status = of->rooms && of->pairs ? CSRO_OK : CSRO_ERROR_MEMORY;
  while (status == CSRO_OK && of->rooms_made < context->threads) {
    status = csro_pattern_workspace_init(context, of->recipe->species_count, sites, sublattices,
                                         &of->rooms[of->rooms_made]);
    of->rooms_made += status == CSRO_OK;
  }
  while (status == CSRO_OK && of->pairs_made < context->threads) {
    status = csro_pair_histogram_init(context, &of->recipe->bins, &of->pairs[of->pairs_made]);
    of->pairs_made += status == CSRO_OK;
  }
  return status;
}

static void release(bank *of) {
  while (of->classes_made > 0)
    csro_pattern_class_release(&of->classes[--of->classes_made]);
  while (of->rooms_made > 0)
    csro_pattern_workspace_release(&of->rooms[--of->rooms_made]);
  while (of->pairs_made > 0)
    csro_pair_histogram_release(&of->pairs[--of->pairs_made]);
  free(of->classes);
  free(of->rooms);
  free(of->pairs);
  free(of->index);
}

static csro_status allocate_patterns(csro_context *context, const csro_recipe *recipe,
                                     int64_t count, csro_patterns *patterns) {
  patterns->count = count;
  patterns->channels = recipe->channel_count;
  patterns->bins = recipe->bins.kept;
  patterns->counts =
      csro_allocate(context, count * patterns->channels * patterns->bins, sizeof *patterns->counts);
  patterns->label = csro_allocate(context, count, sizeof *patterns->label);
  patterns->parameters = csro_allocate(context, count, sizeof *patterns->parameters);
  bool all = patterns->counts && patterns->label && patterns->parameters;
  return all ? CSRO_OK : CSRO_ERROR_MEMORY;
}

csro_status csro_patterns_init(csro_context *context, const csro_recipe *recipe, uint64_t seed,
                               int64_t limit, csro_patterns *patterns) {
  *patterns = (csro_patterns){0};
  int64_t total = 0;
  for (int c = 0; c < recipe->class_count; c++)
    total += recipe->classes[c].patterns;
  int64_t count = limit > 0 && limit < total ? limit : total;
  bank of = {.recipe = recipe, .seed = seed, .patterns = patterns};
  csro_status status = allocate_patterns(context, recipe, count, patterns);
  if (status == CSRO_OK)
    status = choose_patterns(context, &of, total, limit);
  if (status == CSRO_OK)
    status = prepare_classes(context, &of);
  if (status == CSRO_OK)
    status = prepare_threads(context, &of);
  if (status == CSRO_OK)
    status = fill_patterns(context, &of);
  release(&of);
  if (status != CSRO_OK)
    csro_patterns_release(patterns);
  return status;
}

void csro_patterns_release(csro_patterns *patterns) {
  if (!patterns)
    return;
  free(patterns->counts);
  free(patterns->label);
  free(patterns->parameters);
  *patterns = (csro_patterns){0};
}

csro_status csro_patterns_inputs(csro_context *context, const csro_patterns *patterns,
                                 csro_preprocessing preprocessing, float *inputs) {
  const int channels = patterns->channels, bins = patterns->bins;
  if (channels == 1)
    return csro_curves_preprocess(context, preprocessing, patterns->count, bins, CSRO_U32,
                                  patterns->counts, inputs);
  float *curves = csro_allocate(context, patterns->count * channels * bins, sizeof *curves);
  if (!curves)
    return CSRO_ERROR_MEMORY;
  csro_status status = csro_curves_preprocess(context, preprocessing, patterns->count * channels,
                                              bins, CSRO_U32, patterns->counts, curves);
  for (int64_t i = 0; i < patterns->count && status == CSRO_OK; i++)
    for (int c = 0; c < channels; c++)
      for (int b = 0; b < bins; b++)
        inputs[(i * bins + b) * channels + c] = curves[(i * channels + c) * bins + b];
  free(curves);
  return status;
}

void csro_patterns_mean(const csro_patterns *patterns, int label, double *mean) {
  const int row = patterns->channels * patterns->bins;
  int64_t members = 0;
  for (int k = 0; k < row; k++)
    mean[k] = 0;
  for (int64_t i = 0; i < patterns->count; i++) {
    if (patterns->label[i] != label)
      continue;
    members++;
    for (int k = 0; k < row; k++)
      mean[k] += patterns->counts[i * row + k];
  }
  for (int k = 0; k < row && members > 0; k++)
    mean[k] /= (double)members;
}

/* Species of ions that were labelled elsewhere. */
#include "base/progress.h"
#include "ranges/read_species_name.h"
#include "simulate/simulated_elements.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { block_ions = 65536, unranged_type = 255 };

/* Hues a golden section apart, so that neighbours differ however many there are; brightness in
 * three steps tells those apart whose hues come close. */
static void color_of(int type, float color[3]) {
  const double hue = 6 * fmod(0.02 + 0.6180339887498949 * type, 1),
               value = 0.95 - 0.15 * (type % 3);
  for (int k = 0; k < 3; k++) {
    double away = fabs(fmod(hue - 2 * k + 9, 6) - 3); /* from the hue of red, green, blue */
    color[k] = (float)(value * fmin(fmax(2 - away, 0.15), 1));
  }
}

/* An element has the colour that it has in simulated specimens. */
static void color_named(const char *name, int type, float color[3]) {
  const csro_simulated_element *element = csro_simulated_element_find(name);
  unsigned int part[3];
  if (element && sscanf(element->color, "%2x%2x%2x", &part[0], &part[1], &part[2]) == 3)
    for (int k = 0; k < 3; k++)
      color[k] = (float)part[k] / 255;
  else
    color_of(type, color);
}

static csro_status fill_one(csro_context *context, int index, const char *name,
                            const char *composition, csro_species *species) {
  const size_t length = strlen(name);
  if (length == 0 || length >= sizeof species->name)
    return csro_fail(context, CSRO_ERROR_DATA,
                     "species %d is named '%.80s', expected a name of 1 to 63 characters",
                     index + 1, name);
  memset(species, 0, sizeof *species);
  csro_reading readings[csro_most_readings];
  if (composition && !csro_composition_read(composition, species))
    return csro_fail(context, CSRO_ERROR_DATA,
                     "species %d has the composition '%.80s', expected one like 10B:1 O:2 +2",
                     index + 1, composition);
  if (!composition && csro_readings_of_label(name, readings) > 0)
    *species = readings[0].species;
  strcpy(species->name, name);
  return CSRO_OK;
}

static csro_status fill_species(csro_context *context, const char *const *names,
                                const char *const *compositions, const float (*colors)[3],
                                csro_ranges *ranges) {
  for (int i = 0; i < ranges->species_count; i++) {
    csro_species *species = &ranges->species[i];
    csro_status status =
        fill_one(context, i, names[i], compositions ? compositions[i] : NULL, species);
    if (status != CSRO_OK)
      return status;
    if (colors)
      memcpy(species->color, colors[i], sizeof species->color);
    else
      color_named(names[i], i, species->color);
  }
  return CSRO_OK;
}

csro_status csro_ranges_of_names(csro_context *context, int count, const char *const *names,
                                 const char *const *compositions, const float (*colors)[3],
                                 csro_ranges **ranges) {
  *ranges = NULL;
  csro_ranges *made = csro_allocate(context, 1, sizeof *made);
  if (!made)
    return CSRO_ERROR_MEMORY;
  *made = (csro_ranges){.declared = -1,
                        .species_count = count,
                        .species = csro_allocate(context, count, sizeof *made->species),
                        .report = csro_allocate(context, 1, 1)};
  csro_status status = CSRO_ERROR_MEMORY;
  if (made->species && made->report) {
    made->report[0] = 0;
    status = fill_species(context, names, compositions, colors, made);
  }
  if (status == CSRO_OK)
    *ranges = made;
  else
    csro_ranges_destroy(&made);
  return status;
}

csro_status csro_ranges_set(csro_context *context, csro_ranges *ranges, int count,
                            const csro_range *list) {
  for (int i = 0; i < count; i++)
    if (list[i].species < 0 || list[i].species >= ranges->species_count ||
        !(list[i].lo <= list[i].hi) || !isfinite(list[i].lo) || !isfinite(list[i].hi) ||
        !(list[i].volume >= 0) || !isfinite(list[i].volume))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "range %d is %g to %g Da, %g nm^3, of species %d, expected ends in their "
                       "order and a species from 0 to %d",
                       i + 1, list[i].lo, list[i].hi, list[i].volume, list[i].species,
                       ranges->species_count - 1);
  csro_range *copy = csro_allocate(context, count, sizeof *copy);
  if (!copy)
    return CSRO_ERROR_MEMORY;
  if (count > 0)
    memcpy(copy, list, (size_t)count * sizeof *copy);
  free(ranges->range);
  ranges->range = copy;
  ranges->count = count;
  return CSRO_OK;
}

csro_status csro_types_apply(csro_context *context, const uint8_t *type, int64_t count,
                             uint16_t *label, int *types) {
  int found = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads) reduction(max : found)
  for (int64_t begin = 0; begin < count; begin += block_ions) {
    int64_t end = count - begin < block_ions ? count : begin + block_ions;
    if (csro_progress_add(&progress, end - begin))
      continue;
    for (int64_t i = begin; i < end; i++) {
      label[i] = type[i] == unranged_type ? 0 : (uint16_t)(type[i] + 1);
      found = label[i] > found ? label[i] : found;
    }
  }
  csro_status status = csro_progress_end(&progress);
  *types = status == CSRO_OK ? found : 0;
  return status;
}

csro_status csro_ranges_of_types(csro_context *context, int types, csro_ranges **ranges) {
  char text[unranged_type][24];
  const char *names[unranged_type];
  *ranges = NULL;
  if (types < 0 || types > unranged_type)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d types of ions, expected 0 to %d", types,
                     unranged_type);
  for (int i = 0; i < types; i++) {
    snprintf(text[i], sizeof text[i], "IonType%d", i);
    names[i] = text[i];
  }
  return csro_ranges_of_names(context, types, names, NULL, NULL, ranges);
}

#include "csro/pole.h"

#include "csro/voxels.h"
#include "pole/scan.h"
#include "pole/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
static const double false_alarm = 1e-4; /* of the whole data */
static const double cone_spare = 0.5;   /* degrees: the cone is that of the mean, and of blocks */
/* Blocks of two and more sizes above the smallest look only near the wave found. */
static const double near_scan = 0.35;
enum { LARGEST_SCALE = 8, FULL_SCALE = 2, DIRECTIONS = 120, MOST_PEAKS = 100 };
/* Blocks of the scan, if the first ones show nothing. */
static const double second_height = 40;

typedef enum stage { COUNT, FILL, CELLS, DONE } stage;

struct csro_pole_search {
  csro_pole_options options;
  double bounds[6], noise;
  stage stage;
  csro_pole_scan scan;
  csro_pole_direction peak; /* along z */
  csro_pole_cells cells;
  int direction; /* of the scan: 0 along z */
  int pole_count;
  csro_pole_direction poles[MOST_PEAKS];
  bool is_second; /* the scan is the second one */
  int64_t ions;
  int64_t size;
  int32_t *sums;
};

void csro_pole_options_init(csro_pole_options *options) {
  *options = (csro_pole_options){.spacing = {0.12, 0.4}, .tilt = 12};
}

static csro_status check(csro_context *context, const csro_pole_options *options,
                         const double bounds[6]) {
  csro_status status = csro_check_number(context, "the largest spacing of the planes in nm",
                                         options->spacing[1], 0.05, 1);
  if (status == CSRO_OK)
    status = csro_check_number(context, "the smallest spacing of the planes in nm",
                               options->spacing[0], 0.05, options->spacing[1] * (1 - 1e-6));
  if (status == CSRO_OK)
    status = csro_check_number(context, "the largest tilt of the planes in degrees", options->tilt,
                               0, 15);
  if (status == CSRO_OK && !(bounds[0] <= bounds[1]))
    status = csro_fail(context, CSRO_ERROR_DATA, "there are no ions to find lattice planes in");
  return status;
}

static csro_status take_sums(csro_context *context, csro_pole_search *s, stage next, int64_t size) {
  free(s->sums);
  s->size = size;
  s->stage = next;
  s->sums = csro_allocate(context, size, sizeof *s->sums);
  if (!s->sums)
    return CSRO_ERROR_MEMORY;
  memset(s->sums, 0, (size_t)size * sizeof *s->sums);
  return CSRO_OK;
}

/* Directions that are evenly spread over the half sphere (a spiral of Fibonacci), no direction
 * being further than 12 degrees from one. */
static void direction_of(int direction, double out[3]) {
  const double golden = (1 + sqrt(5)) / 2;
  double z = direction == 0 ? 1 : 1 - (direction - 0.5) / (DIRECTIONS - 1);
  double angle = 2 * pi * direction / golden, across = sqrt(fmax(1 - z * z, 0));
  out[0] = across * cos(angle);
  out[1] = across * sin(angle);
  out[2] = z;
}

static csro_status begin_scan(csro_context *context, csro_pole_search *s, double height) {
  double direction[3];
  direction_of(s->direction, direction);
  csro_pole_scan_release(&s->scan);
  csro_status status =
      csro_pole_scan_init(context, s->bounds, direction, height, &s->options, &s->scan);
  return status == CSRO_OK ? take_sums(context, s, COUNT, csro_pole_scan_blocks(&s->scan)) : status;
}

csro_status csro_pole_search_create(csro_context *context, const double bounds[6],
                                    const csro_pole_options *options, csro_pole_search **search) {
  *search = NULL;
  csro_status status = check(context, options, bounds);
  if (status != CSRO_OK)
    return status;
  csro_pole_search *s = csro_allocate(context, 1, sizeof *s);
  if (!s)
    return CSRO_ERROR_MEMORY;
  *s = (csro_pole_search){.options = *options, .noise = 1, .peak = {.log_chance = 0}};
  memcpy(s->bounds, bounds, sizeof s->bounds);
  status = begin_scan(context, s, CSRO_SCAN_HEIGHT);
  if (status != CSRO_OK)
    csro_pole_search_destroy(&s);
  *search = s;
  return status;
}

void csro_pole_search_destroy(csro_pole_search **search) {
  if (!search || !*search)
    return;
  csro_pole_scan_release(&(*search)->scan);
  free((*search)->sums);
  free((*search)->cells.sums);
  free(*search);
  *search = NULL;
}

int64_t csro_pole_search_sums(csro_pole_search *search, int32_t **sums) {
  *sums = search->sums;
  return search->stage == DONE ? 0 : search->size;
}

csro_status csro_pole_search_add(csro_context *context, csro_pole_search *search,
                                 const csro_points *points, const uint16_t *label) {
  if (search->stage == COUNT)
    csro_pole_scan_count(context, &search->scan, points, label, search->sums);
  else if (search->stage == FILL)
    csro_pole_scan_fill(context, &search->scan, points, label, search->sums);
  else if (search->stage == CELLS)
    csro_pole_cells_add(context, &search->cells, points, label, search->sums);
  return CSRO_OK;
}

static double length_of(const double k[3]) {
  return sqrt(k[0] * k[0] + k[1] * k[1] + k[2] * k[2]);
}

/* The middle of the heights that blocks look at: those of planes tilted up to the limit are lower.
 */
static double middle_height(const csro_pole_search *s) {
  double lowest = cos((s->options.tilt + cone_spare) * pi / 180);
  return length_of(s->peak.wave) * (1 + lowest) / 2;
}

/* Where further directions are wanted, the next one; the end otherwise. */
static csro_status next_direction(csro_context *context, csro_pole_search *s) {
  s->stage = DONE;
  if (!s->options.all_directions || s->direction + 1 == DIRECTIONS)
    return CSRO_OK;
  s->direction++;
  return begin_scan(context, s, CSRO_SCAN_HEIGHT);
}

static csro_status choose_blocks(csro_context *context, csro_pole_search *s) {
  s->ions = 0;
  for (int64_t b = 0; b < s->size; b++)
    s->ions += s->sums[b];
  csro_status status = csro_pole_scan_choose(context, &s->scan, s->sums);
  if (status == CSRO_OK && s->scan.chosen == 0)
    return next_direction(context, s);
  return status == CSRO_OK ? take_sums(context, s, FILL, csro_pole_scan_bins(&s->scan)) : status;
}

/* Of the scan along z: on to the cells, or to a scan of higher blocks. */
static csro_status find_peak(csro_context *context, csro_pole_search *s) {
  csro_pole_direction peak;
  int count = 0;
  csro_status status =
      csro_pole_scan_peaks(context, &s->scan, s->sums, -INFINITY, 1, &peak, &count, &s->noise);
  if (status != CSRO_OK)
    return status;
  peak.log_chance = fmin(peak.log_chance + log(2), 0); /* there are two scans */
  if (count > 0 && (!s->is_second || peak.log_chance < s->peak.log_chance))
    s->peak = peak;
  if (s->peak.log_chance <= log(false_alarm)) {
    status = csro_pole_cells_init(context, s->bounds, middle_height(s), &s->cells);
    return status == CSRO_OK ? take_sums(context, s, CELLS, 3 * csro_pole_cells_count(&s->cells))
                             : status;
  }
  if (s->is_second || s->scan.n[2] == 1)
    return next_direction(context, s);
  s->is_second = true;
  return begin_scan(context, s, second_height);
}

/* Of a scan in another direction, the first of which is along z once more. */
static csro_status find_poles(csro_context *context, csro_pole_search *s) {
  csro_pole_direction peaks[MOST_PEAKS];
  double noise, least = log(false_alarm / DIRECTIONS);
  int count = 0;
  csro_status status =
      csro_pole_scan_peaks(context, &s->scan, s->sums, least, MOST_PEAKS, peaks, &count, &noise);
  for (int p = 0; status == CSRO_OK && p < count; p++) {
    if (peaks[p].log_chance > least)
      continue;
    double sign = peaks[p].wave[2] < 0 ? -1 : 1; /* k and -k are the same planes */
    for (int a = 0; a < 3; a++)
      peaks[p].wave[a] *= sign;
    peaks[p].log_chance += log(DIRECTIONS);
    csro_pole_list(&peaks[p], MOST_PEAKS, s->poles, &s->pole_count);
  }
  return status == CSRO_OK ? next_direction(context, s) : status;
}

csro_status csro_pole_search_step(csro_context *context, csro_pole_search *s) {
  csro_status status = CSRO_OK;
  if (s->stage == COUNT)
    return choose_blocks(context, s);
  if (s->stage == FILL)
    return s->direction == 0 ? find_peak(context, s) : find_poles(context, s);
  if (s->stage == CELLS) {
    s->cells.sums = s->sums;
    s->sums = NULL;
    status = csro_pole_cells_trim(context, &s->cells);
    if (status == CSRO_OK)
      status = next_direction(context, s);
  }
  return status;
}

static double share_of(const csro_pole_map *map, int64_t count) {
  double resolved = 0, all = 0;
  for (int64_t b = 0; b < count; b++) {
    all += (double)map->blocks[b].ions;
    resolved += map->blocks[b].resolved ? (double)map->blocks[b].ions : 0;
  }
  return all > 0 ? resolved / all : 0;
}

static csro_status make_map(csro_context *context, const csro_pole_search *s, int scale,
                            csro_pole_map *map) {
  csro_pole_window window = {.length = length_of(s->peak.wave),
                             .tilt = s->options.tilt + cone_spare,
                             .near = scale > FULL_SCALE ? near_scan : 0};
  memcpy(window.middle, s->peak.wave, sizeof window.middle);
  int64_t count = 1;
  for (int a = 0; a < 3; a++)
    count *= map->n[a] = (s->cells.blocks[a] + scale - 1) / scale;
  map->blocks = csro_allocate(context, count, sizeof *map->blocks);
  if (!map->blocks)
    return CSRO_ERROR_MEMORY;
  map->summary.block = scale * s->cells.size[2] * CSRO_CELLS_ALONG;
  return csro_pole_blocks(context, &s->cells, &window, scale, s->noise, map->blocks);
}

/* The map of the smallest blocks that show planes for most ions, else of those that do for most. */
static csro_status choose_map(csro_context *context, const csro_pole_search *s,
                              csro_pole_map *map) {
  double best = -1;
  csro_status status = CSRO_OK;
  for (int scale = 1; scale <= LARGEST_SCALE && best < 0.5 && status == CSRO_OK; scale *= 2) {
    csro_pole_map tried = *map;
    tried.blocks = NULL;
    status = make_map(context, s, scale, &tried);
    int64_t count = tried.n[0] * tried.n[1] * tried.n[2];
    double share = status == CSRO_OK ? share_of(&tried, count) : -1;
    if (share > best) {
      csro_pole_map kept = *map;
      *map = tried;
      tried = kept;
      best = share;
    }
    csro_pole_map_release(&tried);
    if (count == 1)
      break;
  }
  return status;
}

/* What the scan alone tells: no block, of any size, shows planes by itself. */
static void summarise_scan(const csro_pole_search *s, csro_pole_summary *summary) {
  const double *k = s->peak.wave;
  memcpy(summary->wave, k, sizeof summary->wave);
  summary->spacing = 1 / length_of(k);
  summary->tilt = atan2(hypot(k[0], k[1]), k[2]) * 180 / pi;
  summary->tilt_x = atan2(-k[1], k[2]) * 180 / pi;
  summary->tilt_y = atan2(k[0], k[2]) * 180 / pi;
  memcpy(summary->crop, s->bounds, sizeof summary->crop);
  summary->crop_share = 1;
  double step = 0.5 / s->scan.size[0]; /* half of what a block tells apart */
  summary->spacing_error = summary->spacing * summary->spacing * step;
  summary->tilt_error = step * summary->spacing * 180 / pi;
}

csro_status csro_pole_search_end(csro_context *context, csro_pole_search *s, csro_pole_map *map) {
  *map = (csro_pole_map){.summary = {.log_chance = s->peak.log_chance, .ions = s->ions}};
  csro_pole_summary *summary = &map->summary;
  csro_status status = csro_pole_prune(context, s->bounds, &s->options, s->poles, &s->pole_count);
  if (status != CSRO_OK)
    return status;
  map->pole_count = s->pole_count < CSRO_POLES ? s->pole_count : CSRO_POLES;
  memcpy(map->poles, s->poles, sizeof map->poles);
  summary->found = s->cells.sums != NULL;
  if (!summary->found)
    return CSRO_OK;
  status = choose_map(context, s, map);
  if (status == CSRO_OK)
    status = csro_pole_orient(context, map);
  if (status == CSRO_OK && summary->orientations == 0)
    summarise_scan(s, summary);
  else if (status == CSRO_OK) {
    csro_pole_summarise(map);
    status = csro_pole_crop(context, s->bounds, map);
  }
  if (status == CSRO_OK)
    csro_pole_axis(context, &s->cells, s->noise, map);
  if (status != CSRO_OK)
    csro_pole_map_release(map);
  return status;
}

csro_status csro_pole_find(csro_context *context, const csro_points *points, const uint16_t *label,
                           const csro_pole_options *options, csro_pole_map *map) {
  double bounds[6];
  int32_t *sums;
  csro_pole_search *search = NULL;
  *map = (csro_pole_map){0};
  csro_status status = csro_points_bounds(context, points, bounds);
  if (status == CSRO_OK)
    status = csro_pole_search_create(context, bounds, options, &search);
  while (status == CSRO_OK && csro_pole_search_sums(search, &sums) > 0) {
    status = csro_pole_search_add(context, search, points, label);
    if (status == CSRO_OK)
      status = csro_pole_search_step(context, search);
  }
  if (status == CSRO_OK)
    status = csro_pole_search_end(context, search, map);
  csro_pole_search_destroy(&search);
  return status;
}

csro_status csro_pole_measure(csro_context *context, const csro_points *points,
                              const uint16_t *label, const csro_pole_options *options,
                              csro_pole_summary *summary) {
  csro_pole_map map;
  csro_status status = csro_pole_find(context, points, label, options, &map);
  *summary = map.summary;
  csro_pole_map_release(&map);
  return status;
}

void csro_pole_map_release(csro_pole_map *map) {
  if (!map)
    return;
  free(map->blocks);
  *map = (csro_pole_map){0};
}

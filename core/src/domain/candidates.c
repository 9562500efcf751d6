/* The block is worked through in slabs of whole layers, one more in every step, and each slab
 * passes by the members of the ensemble two steps apart: when a member runs on a slab, the
 * neighbours on both sides have been through all members before it. So all that is done in a step
 * is independent, and threads wait for each other twice in a step. The inputs of a slab are kept
 * until the last member has seen it. */
#include "csro/candidates.h"

#include "base/progress.h"
#include "domain/score.h"
#include "network/inference.h"
#include "network/inputs.h"
#include "network/upper_bound.h"
#include "network/voxel_batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows of one call of the networks, and voxels of a slab, about. */
enum { RUN = 256, SLAB_VOXELS = 8192 };

/* Classes of voxels by whether i, j and k are odd; the members that an undefined voxel went
 * through. */
enum { CLASSES = 8, UNDEFINED = 255 };

/* Far above the rounding of a sum of probabilities, far below what a score can tell apart. */
static const double margin = 1e-9;

/* A member on the voxels of the classes first .. last - 1. The pass after the last member is that
 * of all members, on the voxels of which some are only bounded. */
typedef struct pass {
  int member, first, last;
} pass;

typedef struct slab {
  int64_t first, voxels; /* of the block */
  float *inputs;         /* [voxels][value] */
  int32_t *waiting;      /* [waits] voxels that the pass runs on, counted from `first` */
  int64_t waits;
} slab;

typedef struct job {
  const csro_model *model;
  csro_preprocessing preprocessing;
  int64_t minimum_counts;
  const csro_ion_curves *ions;
  const csro_selection_rule *rule;
  const csro_voxel_curves *curves; /* [channel] */
  const float *packed;             /* the networks of all members, and */
  const csro_upper_bound *bounds;  /* what bounds them, or NULL */
  bool all;                        /* every voxel goes through all members */
  double *bound;        /* [voxel]: the largest probability that is possible; NaN: undefined */
  double *sum;          /* [voxel]: of the members so far, */
  uint8_t *members_run; /* [voxel]: and how many these are; */
  bool *is_bounded;     /* [voxel]: whether upper bounds are among them */
  csro_block pixels;    /* that the voxels cover, and */
  uint8_t *possible;    /* [pixel]: whether each can still be selected */
  pass *passes;
  int pass_count;
  int64_t layer, slab_layers, slabs; /* voxels of a layer, layers of a slab, slabs of the block */
  slab *window;                      /* slab s is window[s % window_size] */
  int64_t window_size;
  csro_progress progress;
  csro_candidate_counts counts;
} job;

/* What one thread works in. */
typedef struct room {
  csro_context context;
  csro_status failed;
  csro_run_counts made;
  float *curves;  /* [RUN][bin] */
  float *inputs;  /* [RUN][value] */
  float *outputs; /* [RUN][class] */
  float *scratch;
  double *largest; /* [RUN] */
  csro_candidate_counts counts;
} room;

static int64_t input_values(const csro_model *model) {
  return (int64_t)model->bins.kept * model->channel_count;
}

/* Curves are normalised to 1 or divided by their mean. */
static double largest_input(const csro_model *model) {
  return model->bins.kept;
}

/* ---- which pixels can still be selected ---- */

static double bound_at(const job *work, int64_t i, int64_t j, int64_t k) {
  const csro_block *block = work->ions->block;
  const bool inside = i >= block->lo[0] && i < block->hi[0] && j >= block->lo[1] &&
                      j < block->hi[1] && k >= block->lo[2] && k < block->hi[2];
  return inside ? work->bound[csro_block_at(block, i, j, k)] : 1;
}

static bool is_possible(const job *work, int64_t i, int64_t j, int64_t k) {
  const csro_grid *grid = work->ions->grid;
  const csro_cover x = csro_cover_of(grid, 0, i), y = csro_cover_of(grid, 1, j),
                   z = csro_cover_of(grid, 2, k);
  const double terms = (double)csro_cover_size(x, y, z);
  double sum = 0;
  for (int64_t c = z.first; c <= z.last; c++)
    for (int64_t b = y.first; b <= y.last; b++)
      for (int64_t a = x.first; a <= x.last; a++)
        sum += bound_at(work, a, b, c);
  const double needed =
      work->rule->threshold * (work->rule->score == CSRO_SCORE_SUM ? 1 : terms / 8);
  return sum > needed - margin * terms; /* not for NaN */
}

/* The pixels over a slab. Slabs that are worked on in the same step have none in common. */
static void update_pixels(const job *work, const slab *in) {
  const csro_block *pixels = &work->pixels;
  const int64_t first = pixels->lo[2] + in->first / work->layer;
  const int64_t end = first + in->voxels / work->layer + work->ions->grid->ratio - 1;
  for (int64_t k = first; k < end; k++)
    for (int64_t j = pixels->lo[1]; j < pixels->hi[1]; j++) {
      uint8_t *possible = work->possible + csro_block_at(pixels, pixels->lo[0], j, k);
      for (int64_t i = pixels->lo[0]; i < pixels->hi[0]; i++, possible++)
        *possible = *possible && is_possible(work, i, j, k);
    }
}

static bool has_possible_pixel(const job *work, int64_t i, int64_t j, int64_t k) {
  const int ratio = work->ions->grid->ratio;
  for (int64_t c = k; c < k + ratio; c++)
    for (int64_t b = j; b < j + ratio; b++) {
      const uint8_t *possible = work->possible + csro_block_at(&work->pixels, i, b, c);
      for (int a = 0; a < ratio; a++)
        if (possible[a])
          return true;
    }
  return false;
}

/* The voxels of a slab that a pass has to run on. */
static void find_waiting(const job *work, const pass *now, slab *in) {
  const csro_block *block = work->ions->block;
  const int64_t length = block->hi[0] - block->lo[0], rows = block->hi[1] - block->lo[1];
  in->waits = 0;
  for (int64_t v = 0; v < in->voxels; v++) {
    const int64_t at = in->first + v;
    if (work->members_run[at] != now->member)
      continue;
    const int64_t i = block->lo[0] + at % length, j = block->lo[1] + at / length % rows,
                  k = block->lo[2] + at / work->layer;
    const int class = (int)((i & 1) + 2 * (j & 1) + 4 * (k & 1));
    if (class >= now->first && class < now->last &&
        (now->member < work->model->member_count || work->is_bounded[at]) &&
        (work->all || has_possible_pixel(work, i, j, k)))
      in->waiting[in->waits++] = (int32_t)v;
  }
}

/* ---- what is done in a step ---- */

static csro_status make_rows(const job *work, room *mine, const slab *in, int64_t first, int rows) {
  const csro_model *model = work->model;
  const int64_t values = input_values(model);
  float *inputs = in->inputs + first * values;
  csro_status status =
      csro_run_counts_fill(&mine->context, work->curves, in->first + first, rows, &mine->made);
  if (status == CSRO_OK)
    status = csro_inputs_init(&mine->context, model, work->preprocessing, work->minimum_counts, 0,
                              rows, mine->made.types, mine->made.counts, mine->curves, inputs);
  if (status != CSRO_OK)
    return status;
  for (int c = 0; c < model->channel_count; c++)
    for (int64_t n = 0; n < (int64_t)rows * model->bins.kept; n++)
      mine->counts.count_sum += mine->made.values[c * mine->made.of_channel + n];
  for (int r = 0; r < rows; r++) {
    const bool undefined = isnan(inputs[r * values]);
    work->bound[in->first + first + r] = undefined ? NAN : 1;
    work->members_run[in->first + first + r] = undefined ? UNDEFINED : 0;
    mine->counts.defined += !undefined;
  }
  return CSRO_OK;
}

/* What a member, the next of its voxel, adds: a probability, or what is no less. */
static void add_member(const job *work, room *mine, int member, int64_t voxel, double value) {
  const int members = work->model->member_count;
  work->sum[voxel] += value;
  work->bound[voxel] = (work->sum[voxel] + (members - 1 - member)) / members;
  const bool overflowed = isnan(work->bound[voxel]);
  work->members_run[voxel] = overflowed ? UNDEFINED : (uint8_t)(member + 1);
  mine->counts.overflowed += overflowed;
}

static const float *packed_of(const job *work, int member) {
  return work->packed + member * csro_network_packed(work->model->members);
}

/* Takes the rows that an upper bound is enough for; the others close ranks. */
static int bound_rows(const job *work, room *mine, int member, int rows, int64_t *voxel) {
  const int64_t values = input_values(work->model);
  int left = 0;
  csro_upper_bound_run(&work->bounds[member], &work->model->members[member],
                       packed_of(work, member), rows, mine->inputs, mine->scratch, mine->largest);
  for (int r = 0; r < rows; r++) {
    if (mine->largest[r] < 1) {
      add_member(work, mine, member, voxel[r], mine->largest[r]);
      work->is_bounded[voxel[r]] = true;
      continue;
    }
    memmove(mine->inputs + left * values, mine->inputs + r * values,
            (size_t)values * sizeof *mine->inputs);
    voxel[left++] = voxel[r];
  }
  return left;
}

static void run_member(const job *work, room *mine, int member, int rows, const int64_t *voxel) {
  const csro_model *model = work->model;
  csro_network_run(&model->members[member], packed_of(work, member), rows, mine->inputs,
                   mine->scratch, mine->outputs);
  for (int r = 0; r < rows; r++)
    add_member(work, mine, member, voxel[r],
               (double)mine->outputs[r * model->class_count + work->rule->ordered_class]);
  mine->counts.curves_run += rows;
}

static void run_rows(const job *work, room *mine, int member, const slab *in, int64_t first,
                     int rows) {
  const int64_t values = input_values(work->model);
  int64_t voxel[RUN];
  for (int r = 0; r < rows; r++) {
    voxel[r] = in->first + in->waiting[first + r];
    memcpy(mine->inputs + r * values, in->inputs + in->waiting[first + r] * values,
           (size_t)values * sizeof *mine->inputs);
  }
  const int members = work->model->member_count;
  if (member < members) {
    const int left = work->bounds ? bound_rows(work, mine, member, rows, voxel) : rows;
    run_member(work, mine, member, left, voxel);
    return;
  }
  for (int r = 0; r < rows; r++)
    work->sum[voxel[r]] = 0;
  for (int m = 0; m < members; m++)
    run_member(work, mine, m, rows, voxel);
}

/* The slab that pass p works on in step t, NULL when there is none. Pass -1 makes the inputs. */
static slab *slab_of(const job *work, int64_t t, int p) {
  const int64_t s = p < 0 ? t : t - 1 - 2 * p;
  return s >= 0 && s < work->slabs ? &work->window[s % work->window_size] : NULL;
}

/* Finds what there is to do for a pass. */
static void prepare(job *work, int64_t t, int p) {
  slab *in = slab_of(work, t, p);
  if (!in)
    return;
  if (p < 0) {
    const int64_t most = work->slab_layers * work->layer;
    in->first = t * most;
    const int64_t left = csro_block_size(work->ions->block) - in->first;
    in->voxels = in->waits = most < left ? most : left;
    return;
  }
  update_pixels(work, in);
  find_waiting(work, &work->passes[p], in);
  csro_progress_add(&work->progress, in->voxels);
}

/* One chunk of all that the passes have to do in a step. */
static void work_on(const job *work, room *mine, int64_t t, int64_t chunk) {
  int p = -1;
  slab *in = slab_of(work, t, p);
  for (int64_t chunks; !in || chunk >= (chunks = (in->waits + RUN - 1) / RUN);
       in = slab_of(work, t, ++p))
    chunk -= in ? chunks : 0;
  const int64_t first = chunk * RUN;
  const int rows = in->waits - first < RUN ? (int)(in->waits - first) : RUN;
  if (p < 0)
    mine->failed = make_rows(work, mine, in, first, rows);
  else
    run_rows(work, mine, work->passes[p].member, in, first, rows);
}

static int64_t count_chunks(const job *work, int64_t t) {
  int64_t chunks = 0;
  for (int p = -1; p < work->pass_count; p++) {
    const slab *in = slab_of(work, t, p);
    chunks += in ? (in->waits + RUN - 1) / RUN : 0;
  }
  return chunks;
}

/* By all threads of a parallel region. */
static void run_slabs(job *work, room *mine) {
  for (int64_t t = 0; t < work->slabs + 2 * (int64_t)work->pass_count; t++) {
#pragma omp for schedule(dynamic, 1)
    for (int p = -1; p < work->pass_count; p++)
      prepare(work, t, p);
    const int64_t chunks = count_chunks(work, t);
#pragma omp for schedule(dynamic, 1)
    for (int64_t chunk = 0; chunk < chunks; chunk++)
      if (!csro_progress_add(&work->progress, 0) && mine->failed == CSRO_OK)
        work_on(work, mine, t, chunk);
  }
}

/* ---- memory ---- */

static csro_status room_init(const job *work, room *mine) {
  const csro_model *model = work->model;
  const int64_t values = input_values(model), curves = (int64_t)RUN * model->bins.kept,
                outputs = (int64_t)RUN * model->class_count;
  *mine = (room){.context.threads = 1};
  mine->curves = csro_allocate(
      &mine->context, curves + RUN * values + outputs + csro_network_scratch(model->members),
      sizeof(float));
  mine->largest = csro_allocate(&mine->context, RUN, sizeof *mine->largest);
  if (!mine->curves || !mine->largest)
    return CSRO_ERROR_MEMORY;
  mine->inputs = mine->curves + curves;
  mine->outputs = mine->inputs + RUN * values;
  mine->scratch = mine->outputs + outputs;
  return csro_run_counts_init(&mine->context, work->curves, model->channel_count, RUN, &mine->made);
}

static void add_counts(csro_candidate_counts *sum, const csro_candidate_counts *more) {
  sum->defined += more->defined;
  sum->overflowed += more->overflowed;
  sum->count_sum += more->count_sum;
  sum->curves_run += more->curves_run;
}

static csro_status run_threads(csro_context *context, job *work) {
  csro_status status = CSRO_OK;
  csro_progress_start(&work->progress, context,
                      csro_block_size(work->ions->block) * work->pass_count, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    room mine;
    mine.failed = room_init(work, &mine);
    run_slabs(work, &mine);
#pragma omp critical(csro_candidates_end)
    {
      add_counts(&work->counts, &mine.counts);
      if (mine.failed != CSRO_OK)
        status = csro_fail(context, mine.failed, "%s", mine.context.message);
    }
    csro_run_counts_release(&mine.made);
    free(mine.largest);
    free(mine.curves);
  }
  return status != CSRO_OK ? status : csro_progress_end(&work->progress);
}

/* As many members as there are, one of them in two passes: the one after which pixels of voxels
 * without any probability cannot be selected; it is left out for the rest of their voxels as soon
 * as enough have been through it. */
static csro_status make_passes(csro_context *context, job *work) {
  const int members = work->model->member_count, ratio = work->ions->grid->ratio;
  const double full = work->rule->score == CSRO_SCORE_SUM ? (double)ratio * ratio * ratio : CLASSES;
  const double needed = work->rule->threshold / full * members; /* by each voxel, of `members` */
  work->passes = csro_allocate(context, members + 2, sizeof *work->passes);
  if (!work->passes)
    return CSRO_ERROR_MEMORY;
  for (int m = 0; m < members; m++) {
    const double classes = CLASSES * (members - m - needed); /* that must have been through it */
    const int first = classes >= 0 && classes < CLASSES - 1 ? (int)classes + 1 : CLASSES;
    work->passes[work->pass_count++] = (pass){m, 0, first};
    if (first < CLASSES)
      work->passes[work->pass_count++] = (pass){m, first, CLASSES};
  }
  if (work->bounds)
    work->passes[work->pass_count++] = (pass){members, 0, CLASSES};
  return CSRO_OK;
}

static csro_status make_window(csro_context *context, job *work) {
  const csro_block *block = work->ions->block;
  const int64_t layers = block->hi[2] - block->lo[2];
  work->layer = (block->hi[0] - block->lo[0]) * (block->hi[1] - block->lo[1]);
  if (work->layer < 1)
    return CSRO_OK; /* an empty block does not come here */
  work->slab_layers = (SLAB_VOXELS + work->layer - 1) / work->layer;
  if (work->slab_layers < work->ions->grid->ratio - 1) /* else slabs two apart would share pixels */
    work->slab_layers = work->ions->grid->ratio - 1;
  if (work->slab_layers > layers)
    work->slab_layers = layers;
  work->slabs = (layers + work->slab_layers - 1) / work->slab_layers;
  const int64_t most = 2 * (int64_t)work->pass_count + 1;
  work->window_size = work->slabs < most ? work->slabs : most;
  work->window = csro_allocate(context, work->window_size, sizeof *work->window);
  if (!work->window)
    return CSRO_ERROR_MEMORY;
  memset(work->window, 0, (size_t)work->window_size * sizeof *work->window);
  const int64_t voxels = work->slab_layers * work->layer;
  for (slab *one = work->window; one < work->window + work->window_size; one++) {
    one->inputs = csro_allocate(context, voxels * input_values(work->model), sizeof *one->inputs);
    one->waiting = csro_allocate(context, voxels, sizeof *one->waiting);
    if (!one->inputs || !one->waiting)
      return CSRO_ERROR_MEMORY;
  }
  return CSRO_OK;
}

static csro_status job_init(csro_context *context, job *work) {
  const int64_t voxels = csro_block_size(work->ions->block);
  work->pixels = *work->ions->block;
  for (int axis = 0; axis < 3; axis++)
    work->pixels.hi[axis] += work->ions->grid->ratio - 1;
  const int64_t pixels = csro_block_size(&work->pixels);
  work->sum = csro_allocate(context, voxels, sizeof *work->sum);
  work->members_run = csro_allocate(context, voxels, 1);
  work->is_bounded = csro_allocate(context, voxels, sizeof *work->is_bounded);
  work->possible = csro_allocate(context, pixels, 1);
  if (!work->sum || !work->members_run || !work->is_bounded || !work->possible)
    return CSRO_ERROR_MEMORY;
  for (int64_t v = 0; v < voxels; v++) {
    work->bound[v] = 1;
    work->sum[v] = 0;
    work->is_bounded[v] = false;
  }
  memset(work->members_run, UNDEFINED, (size_t)voxels);
  memset(work->possible, 1, (size_t)pixels);
  csro_status status = make_passes(context, work);
  return status == CSRO_OK ? make_window(context, work) : status;
}

static void job_release(job *work) {
  for (int64_t s = 0; work->window && s < work->window_size; s++) {
    free(work->window[s].inputs);
    free(work->window[s].waiting);
  }
  free(work->window);
  free(work->passes);
  free(work->possible);
  free(work->is_bounded);
  free(work->members_run);
  free(work->sum);
}

csro_status csro_classify_candidates(csro_context *context, const csro_model *model,
                                     csro_preprocessing preprocessing, int64_t minimum_counts,
                                     const csro_ion_curves *ions, const csro_selection_rule *rule,
                                     double *probability, csro_candidate_counts *counts) {
  *counts = (csro_candidate_counts){0};
  csro_status status = csro_members_check(context, "classify", model);
  if (status == CSRO_OK && (rule->ordered_class < 1 || rule->ordered_class >= model->class_count))
    status = csro_fail(context, CSRO_ERROR_ARGUMENT, "classify: class %d of a model of %d",
                       rule->ordered_class, model->class_count);
  if (status != CSRO_OK || csro_block_size(ions->block) == 0)
    return status;
  csro_voxel_curves *curves = NULL;
  float *packed = NULL;
  csro_upper_bound *bounds = NULL;
  job work = {
      .model = model,
      .preprocessing = preprocessing,
      .minimum_counts = minimum_counts,
      .ions = ions,
      .rule = rule,
      .bound = probability,
      .all = csro_networks_can_overflow(model->member_count, model->members, largest_input(model))};
  status = csro_networks_pack(context, model->member_count, model->members, &packed);
  if (status == CSRO_OK && !work.all)
    status = csro_upper_bounds_create(context, model->member_count, model->members,
                                      rule->ordered_class, &bounds);
  if (status == CSRO_OK)
    status = csro_channel_curves_create(context, ions, model, &curves);
  if (status == CSRO_OK) {
    work.packed = packed;
    work.bounds = bounds;
    work.curves = curves;
    status = job_init(context, &work);
  }
  if (status == CSRO_OK)
    status = run_threads(context, &work);
  job_release(&work);
  csro_channel_curves_destroy(model, &curves);
  csro_upper_bounds_destroy(model->member_count, &bounds);
  free(packed);
  work.counts.defined -= work.counts.overflowed;
  if (status == CSRO_OK)
    *counts = work.counts;
  return status;
}

/* Leaving members of the ensemble out selects the same pixels as running all of them: for every
 * model that ships, at thresholds that are the score of a pixel to the last bit, in a block of its
 * own or in two that are scored together, and with weights that overflow. */
#include "csro/candidates.h"

#include "check.h"
#include "random_points.h"

enum { IONS = 20000, MOST = 2 };

typedef struct cloud {
  float xyz[3 * IONS];
  uint16_t label[IONS];
} cloud;

/* 7 x 6 x 7 nm, part of it so empty that voxels are undefined; with order half of the ions of
 * labels 1 and 2 lie on every second plane, so that scores of all heights occur, without it all on
 * every plane. */
static cloud *make_cloud(bool order) {
  cloud *c = malloc(sizeof *c);
  uint64_t state = 3;
  for (int i = 0; i < IONS; i++) {
    c->xyz[3 * i] = (float)cloud_between(&state, 0, i % 50 ? 5 : 7);
    c->xyz[3 * i + 1] = (float)cloud_between(&state, 0, i % 30 ? 4 : 6);
    c->label[i] = (uint16_t)(4 * cloud_uniform(&state));
    double z = cloud_between(&state, 0, 7);
    if (!order)
      z = 0.18 * floor(z / 0.18) + 0.04 * cloud_uniform(&state);
    else if (c->label[i] && c->label[i] < 3 && i % 2)
      z = 0.36 * floor(z / 0.36) + 0.02 * cloud_uniform(&state);
    c->xyz[3 * i + 2] = (float)z;
  }
  return c;
}

typedef struct trial {
  csro_context *context;
  csro_model *model;
  csro_ion_curves ions; /* of the whole grid */
  csro_selection_rule rule;
  int64_t voxels, pixels;
  double *mean[MOST]; /* of all members */
  double *bound, *score, *found;
} trial;

static void score(trial *t, const double *probability, double *out) {
  const csro_block pixels = csro_block_whole(t->ions.grid->pixels);
  CHECK_OK(t->context, csro_scores(t->context, t->ions.grid, t->ions.block, probability, &pixels,
                                   t->rule.score, out));
}

/* The pixels above the threshold, and the means of their voxels. */
static void compare(trial *t) {
  score(t, t->bound, t->found);
  for (int64_t p = 0; p < t->pixels; p++) {
    const bool is = t->score[p] > t->rule.threshold;
    CHECK((t->found[p] > t->rule.threshold) == is);
    CHECK(!is || t->found[p] == t->score[p]);
  }
  const double *mean = t->mean[t->rule.ordered_class - 1];
  for (int64_t v = 0; v < t->voxels; v++)
    CHECK(isnan(mean[v]) ? isnan(t->bound[v]) : t->bound[v] >= mean[v]);
}

static csro_candidate_counts classify(trial *t, const csro_block *block, double *bound) {
  csro_candidate_counts counts;
  csro_ion_curves ions = t->ions;
  ions.block = block;
  CHECK_OK(t->context, csro_classify_candidates(t->context, t->model, t->model->preprocessing, 20,
                                                &ions, &t->rule, bound, &counts));
  return counts;
}

/* The grid in two parts along z, neither of which knows of the other. */
static void test_parts(trial *t, const csro_candidate_counts *whole) {
  csro_block lower = *t->ions.block, upper = lower;
  lower.hi[2] = upper.lo[2] = 5;
  const csro_candidate_counts a = classify(t, &lower, t->bound);
  const csro_candidate_counts b = classify(t, &upper, t->bound + csro_block_size(&lower));
  compare(t);
  CHECK_EQ(a.defined + b.defined, whole->defined);
  CHECK_EQ(a.count_sum + b.count_sum, whole->count_sum);
}

static int64_t test_rule(trial *t) {
  int64_t defined = 0;
  csro_candidate_counts counts = {0}, first = {0};
  score(t, t->mean[t->rule.ordered_class - 1], t->score);
  for (int64_t v = 0; v < t->voxels; v++)
    defined += !isnan(t->mean[0][v]);
  for (t->context->threads = 1; t->context->threads <= 3; t->context->threads += 2) {
    counts = classify(t, t->ions.block, t->bound);
    compare(t);
    first = t->context->threads == 1 ? counts : first;
    CHECK_EQ(counts.defined, defined);
    CHECK_EQ(counts.curves_run, first.curves_run);
  }
  t->context->threads = 2;
  test_parts(t, &counts);
  return counts.curves_run;
}

/* Thresholds on the score of some pixel, the next number below it, and the published one. */
static void test_thresholds(trial *t) {
  score(t, t->mean[t->rule.ordered_class - 1], t->score);
  double *scores = malloc((size_t)t->pixels * sizeof *scores);
  memcpy(scores, t->score, (size_t)t->pixels * sizeof *scores);
  int tried = 0;
  for (int64_t p = 0; p < t->pixels && tried < 2; p++)
    if (scores[p] > 0.5 + 3 * tried) {
      tried++;
      t->rule.threshold = scores[p];
      test_rule(t);
      t->rule.threshold = nextafter(scores[p], 0);
      test_rule(t);
    }
  CHECK_EQ(tried, 2);
  free(scores);
  t->rule.threshold = 3.75;
  test_rule(t);
}

static void trial_init(csro_context *context, csro_model *model, const csro_ion_curves *ions,
                       trial *t) {
  *t = (trial){.context = context, .model = model, .ions = *ions};
  t->voxels = csro_block_size(ions->block);
  const csro_block pixels = csro_block_whole(ions->grid->pixels);
  t->pixels = csro_block_size(&pixels);
  for (int k = 0; k < MOST; k++)
    t->mean[k] = malloc((size_t)t->voxels * sizeof(double));
  t->bound = malloc((size_t)t->voxels * sizeof(double));
  t->score = malloc((size_t)t->pixels * sizeof(double));
  t->found = malloc((size_t)t->pixels * sizeof(double));
  CHECK_OK(context,
           csro_classify_ions(context, model, model->preprocessing, 20, ions, t->mean, NULL, NULL));
  t->rule = (csro_selection_rule){1, CSRO_SCORE_MEAN, 3.75};
}

static void trial_release(trial *t) {
  for (int k = 0; k < MOST; k++)
    free(t->mean[k]);
  free(t->bound);
  free(t->score);
  free(t->found);
}

static void test_model(csro_context *context, csro_model *model, const csro_ion_curves *ions) {
  trial t;
  trial_init(context, model, ions, &t);
  test_thresholds(&t);
  t.rule = (csro_selection_rule){model->class_count - 1, CSRO_SCORE_SUM, 3};
  test_rule(&t);
  trial_release(&t);
}

/* Where there is no order, most of the networks are not run. */
static void test_without_order(csro_context *context, csro_model *model,
                               const csro_ion_curves *ions) {
  cloud *c = make_cloud(false);
  const csro_points points = {c->xyz, false, IONS};
  csro_ion_curves random = *ions;
  random.points = &points;
  random.label = c->label;
  trial t;
  trial_init(context, model, &random, &t);
  int64_t most = 0;
  for (int64_t v = 0; v < t.voxels; v++)
    most += isnan(t.mean[0][v]) ? 0 : model->member_count;
  const int64_t run = test_rule(&t);
  CHECK(most > 0 && run < most / 4);
  trial_release(&t);
  free(c);
}

/* Some voxels overflow in the last member only: they have no probability, and are counted. */
static void test_overflow(csro_context *context, csro_model *model, const csro_ion_curves *ions) {
  const int64_t n = csro_block_size(ions->block);
  double *mean = malloc((size_t)n * sizeof *mean), *bound = malloc((size_t)n * sizeof *bound);
  uint8_t *overflow = malloc((size_t)n);
  const csro_layer *last = &model->members[model->member_count - 1].layers[0];
  for (int64_t i = 0; i < last->weight_count; i++)
    last->weights[i] *= 7e37F;
  CHECK_OK(context, csro_classify_ions(context, model, model->preprocessing, 20, ions, &mean, NULL,
                                       overflow));
  int64_t overflowed = 0, defined = 0;
  for (int64_t v = 0; v < n; v++) {
    overflowed += overflow[v];
    defined += !isnan(mean[v]);
  }
  CHECK(overflowed > 0 && defined > 0);
  csro_candidate_counts counts;
  const csro_selection_rule rule = {1, CSRO_SCORE_MEAN, 3.75};
  CHECK_OK(context, csro_classify_candidates(context, model, model->preprocessing, 20, ions, &rule,
                                             bound, &counts));
  CHECK_EQ(counts.overflowed, overflowed);
  CHECK_EQ(counts.defined, defined);
  CHECK_EQ(counts.curves_run, (defined + overflowed) * model->member_count);
  for (int64_t v = 0; v < n; v++)
    CHECK(isnan(mean[v]) ? isnan(bound[v]) : bound[v] == mean[v]);
  free(mean);
  free(bound);
  free(overflow);
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction >= 0;
}

static void test_ends(csro_context *context, csro_model *model, const csro_ion_curves *ions) {
  double *bound = malloc((size_t)csro_block_size(ions->block) * sizeof *bound);
  csro_candidate_counts counts;
  csro_selection_rule rule = {1, CSRO_SCORE_MEAN, 3.75};
  context->progress = cancel;
  CHECK_FAILS(context,
              csro_classify_candidates(context, model, CSRO_PREPROCESS_FULL, 0, ions, &rule, bound,
                                       &counts),
              CSRO_CANCELLED, "cancelled");
  context->progress = NULL;
  rule.ordered_class = model->class_count;
  CHECK_FAILS(context,
              csro_classify_candidates(context, model, CSRO_PREPROCESS_FULL, 0, ions, &rule, bound,
                                       &counts),
              CSRO_ERROR_ARGUMENT, "class");
  free(bound);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  cloud *c = make_cloud(true);
  const csro_points points = {c->xyz, false, IONS};
  csro_grid grid, fine;
  const double box[6] = {0, 7, 0, 6, 0, 7};
  CHECK_OK(&context, csro_grid_init(&context, box, 1.0, 0.5, 0.75, &grid));
  CHECK_OK(&context,
           csro_grid_init(&context, (double[6]){0, 4, 0, 4, 0, 6}, 1.2, 0.4, 0.75, &fine));
  const csro_block whole = csro_block_whole(grid.n), whole_fine = csro_block_whole(fine.n);
  const uint16_t pairs[][2] = {{1, 1}, {2, 2}};
  for (int m = 0; m < CSRO_MODELS_SHIPPED; m++) {
    csro_model *model;
    CHECK_OK(&context, csro_model_shipped(&context, m, &model));
    csro_ion_curves ions = {&grid, &whole, &points, c->label, pairs, CSRO_PARTNERS_IN_VOXEL};
    test_model(&context, model, &ions);
    if (m == 0) {
      test_without_order(&context, model, &ions);
      test_ends(&context, model, &ions);
      ions.grid = &fine;
      ions.block = &whole_fine;
      test_model(&context, model, &ions);
      test_overflow(&context, model, &ions);
    }
    csro_model_destroy(&model);
  }
  free(c);
  return check_end();
}

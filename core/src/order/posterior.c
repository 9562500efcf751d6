#include "order/posterior.h"

#include <math.h>
#include <stdlib.h>

/* ln of the weight of a ball, as a part of the heaviest: kept above; counts for the sums above. */
static const float kept = -4.605F, counts = -30;
/* Evidence from which on all centres that may matter are tried, not only every fourth; and how far
 * below the highest one a centre makes those next to it matter. */
static const float worthwhile = 8, below = 7;

typedef struct candidate {
  int at[3]; /* steps from the position */
  double center[3];
  float evidence[2][CSRO_BALL_LANES]; /* with even, with odd planes rich */
  float top;                          /* the highest of these */
} candidate;

/* Every fourth centre of the cubic grid, in the arrangement of a body-centred lattice. */
static bool is_coarse(int i, int j, int k) {
  return ((i ^ j) & 1) == 0 && ((j ^ k) & 1) == 0;
}

/* Lists the centres within reach, or only counts them: the coarse ones or those between; those
 * above each other in a row. */
static int64_t list_tries(const double center[3], double step, double reach, bool coarse,
                          candidate *out) {
  int half = (int)(reach / step);
  int64_t count = 0;
  for (int j = -half; j <= half; j++)
    for (int i = -half; i <= half; i++)
      for (int k = -half; k <= half; k++) {
        if ((i * i + j * j + k * k) * step * step > reach * reach || is_coarse(i, j, k) != coarse)
          continue;
        if (out)
          out[count] = (candidate){
              .at = {i, j, k},
              .center = {center[0] + i * step, center[1] + j * step, center[2] + k * step}};
        count++;
      }
  return count;
}

static bool same_line(const candidate *a, const candidate *b) {
  return a->at[0] == b->at[0] && a->at[1] == b->at[1];
}

/* Finds the evidence of tries above each other in one go. */
static bool find_evidence(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                          csro_evidence_column *column, int64_t count, candidate *tries) {
  int64_t end = 0;
  for (int64_t first = 0; first < count; first = end) {
    for (end = first + 1; end < count && same_line(&tries[first], &tries[end]);)
      end++;
    double z[2] = {tries[first].center[2], tries[end - 1].center[2]};
    if (!csro_evidence_gather(ions, profiles, CSRO_ORDER_RADII - 1, tries[first].center, z, column))
      return false;
    for (candidate *try = tries + first; try < tries + end; try++)
      csro_evidence_at(column, try->center[2], try->evidence);
  }
  for (candidate *try = tries; try < tries + count; try++) {
    if (!csro_evidence_larger(ions, profiles, try->center, column, try->evidence))
      return false;
    try->top = -INFINITY;
    for (int r = 0; r < CSRO_BALL_LANES; r++)
      try->top = fmaxf(try->top, fmaxf(try->evidence[0][r], try->evidence[1][r]));
  }
  return true;
}

static float top_of(const candidate *tries, int64_t count) {
  float top = -INFINITY;
  for (int64_t p = 0; p < count; p++)
    top = fmaxf(top, tries[p].top);
  return top;
}

/* Whether one of the coarse tries next to this one has at least this evidence. */
static bool is_promising(const candidate *try, const candidate *coarse, int64_t count, float top) {
  for (int64_t p = 0; p < count; p++) {
    int square = 0;
    for (int a = 0; a < 3; a++)
      square += (try->at[a] - coarse[p].at[a]) * (try->at[a] - coarse[p].at[a]);
    if (square <= 2 && coarse[p].top >= top)
      return true;
  }
  return false;
}

/* The tries with their evidence, at the front of `tries`; *volume is what each stands for, in
 * cubes of the step. Returns their number, 0 when memory is short. */
static int64_t find_tries(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                          const double center[3], double step, double reach,
                          csro_evidence_column *column, candidate *tries, double *volume) {
  int64_t coarse = list_tries(center, step, reach, true, tries);
  if (!find_evidence(ions, profiles, column, coarse, tries))
    return 0;
  float top = top_of(tries, coarse);
  *volume = 4;
  if (top < worthwhile)
    return coarse;
  *volume = 1;
  int64_t count = coarse, between = list_tries(center, step, reach, false, tries + coarse);
  for (int64_t p = coarse; p < coarse + between; p++)
    if (is_promising(&tries[p], tries, coarse, top - below))
      tries[count++] = tries[p];
  return find_evidence(ions, profiles, column, count - coarse, tries + coarse) ? count : 0;
}

/* Sums of exp(evidence - top) over candidate centres and radii, for even and odd planes; *larger is
 * the part of both that larger balls than those looked for have. */
static void sum_variants(const candidate *tries, int64_t count, double top, double sum[2],
                         double *larger) {
  sum[0] = sum[1] = *larger = 0;
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_BALL_LANES; r++)
      for (int v = 0; v < 2; v++) {
        double from = tries[p].evidence[v][r] - top;
        double ratio = from > counts ? exp(from) : 0;
        sum[v] += ratio;
        *larger += r < CSRO_ORDER_RADII ? 0 : ratio;
      }
}

/* Whether a ball of the more probable variant is worth keeping. */
static bool matters(const candidate *try, int radius, bool odd, float heaviest) {
  return try->evidence[odd][radius] - heaviest >= kept;
}

static bool keep_balls(const candidate *tries, int64_t count, bool odd, csro_posterior *posterior) {
  float heaviest = -INFINITY;
  int64_t balls = 0;
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_BALL_LANES; r++)
      heaviest = fmaxf(heaviest, tries[p].evidence[odd][r]);
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_BALL_LANES; r++)
      balls += matters(&tries[p], r, odd, heaviest);
  csro_ball_mixture *mixture = &posterior->balls;
  if (!csro_ball_mixture_init(balls, mixture))
    return false;
  int64_t b = 0;
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_BALL_LANES; r++) {
      if (!matters(&tries[p], r, odd, heaviest))
        continue;
      for (int a = 0; a < 3; a++)
        mixture->center[a][b] = (float)(tries[p].center[a] - posterior->position[a]);
      mixture->radius[b] = r;
      mixture->weight[b++] = expf(tries[p].evidence[odd][r] - heaviest);
    }
  return true;
}

static void average(csro_posterior *posterior, const csro_ball_profiles *profiles) {
  csro_ordered_domain *d = &posterior->domain;
  csro_ball_mixture *balls = &posterior->balls;
  double total = 0;
  for (int64_t b = 0; b < balls->count; b++)
    total += (double)balls->weight[b];
  for (int a = 0; a < 3; a++)
    d->center[a] = posterior->position[a];
  for (int64_t b = 0; b < balls->count; b++) {
    double weight = (double)balls->weight[b] / total;
    balls->weight[b] = (float)weight;
    for (int a = 0; a < 3; a++)
      d->center[a] += weight * (double)balls->center[a][b];
    d->diameter += weight * 2 * profiles->radius[balls->radius[b]];
  }
}

void csro_posterior_measure_reach(csro_posterior *posterior, const csro_ball_profiles *profiles) {
  const csro_ball_mixture *balls = &posterior->balls;
  double *reach = posterior->reach;
  reach[0] = reach[1] = 0;
  for (int64_t b = 0; b < balls->count; b++) {
    double x = (double)balls->center[0][b], y = (double)balls->center[1][b];
    double z = fabs((double)balls->center[2][b]);
    reach[0] = fmax(reach[0], sqrt(x * x + y * y) + profiles->reach_xy[balls->radius[b]]);
    reach[1] = fmax(reach[1], z + profiles->reach_z[balls->radius[b]]);
  }
}

static bool rate(const candidate *tries, int64_t count, const csro_ball_profiles *profiles,
                 double volume, csro_posterior *posterior) {
  double top = (double)top_of(tries, count), sum[2], larger;
  sum_variants(tries, count, top, sum, &larger);
  bool odd = sum[1] > sum[0];
  /* Prior: sizes and both variants alike, candidate centres by volume. */
  double mean = (sum[0] + sum[1]) / (2.0 * CSRO_ORDER_RADII) * volume;
  posterior->domain = (csro_ordered_domain){
      .odd = odd, .evidence = top + log(mean), .larger = larger / (sum[0] + sum[1])};
  if (!keep_balls(tries, count, odd, posterior))
    return false;
  average(posterior, profiles);
  csro_posterior_measure_reach(posterior, profiles);
  return true;
}

bool csro_posterior_init(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                         const double center[3], double step, double reach,
                         csro_evidence_column *column, csro_posterior *posterior) {
  *posterior = (csro_posterior){.position = {center[0], center[1], center[2]}};
  int64_t all =
      list_tries(center, step, reach, true, NULL) + list_tries(center, step, reach, false, NULL);
  if (all < 1) /* not with a reach of 0 or more */
    return true;
  candidate *tries = calloc((size_t)all, sizeof *tries);
  if (!tries)
    return false;
  double cubes;
  int64_t count = find_tries(ions, profiles, center, step, reach, column, tries, &cubes);
  bool enough = count > 0 && rate(tries, count, profiles, cubes * step * step * step, posterior);
  free(tries);
  return enough;
}

void csro_posterior_release(csro_posterior *posterior) {
  if (!posterior)
    return;
  csro_ball_mixture_release(&posterior->balls);
  *posterior = (csro_posterior){0};
}

static void from_position(const csro_posterior *posterior, const double r[3], float from[3]) {
  for (int a = 0; a < 3; a++)
    from[a] = (float)(r[a] - posterior->position[a]);
}

double csro_posterior_member(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                             const double r[3], double signal) {
  float from[3];
  from_position(posterior, r, from);
  return (double)csro_ball_mixture_member(&posterior->balls, profiles, from, (float)signal);
}

void csro_posterior_add(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                        const double r[3], double signal, double *inside) {
  float from[3];
  from_position(posterior, r, from);
  csro_ball_mixture_add(&posterior->balls, profiles, from, (float)signal, inside);
}

double csro_posterior_voxel(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                            const double r[3]) {
  const csro_ball_mixture *balls = &posterior->balls;
  double sum = 0;
  for (int64_t b = 0; b < balls->count; b++) {
    double square = 0, radius = profiles->radius[balls->radius[b]];
    for (int a = 0; a < 3; a++) {
      double d = r[a] - posterior->position[a] - (double)balls->center[a][b];
      square += d * d;
    }
    sum += square <= radius * radius ? (double)balls->weight[b] : 0;
  }
  return sum;
}

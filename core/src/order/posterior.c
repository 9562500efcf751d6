#include "order/posterior.h"

#include <math.h>
#include <stdlib.h>

static const double negligible = 0.01; /* of the heaviest ball */

typedef struct candidate {
  double center[3];
  float evidence[CSRO_ORDER_RADII][2];
} candidate;

static int64_t list_tries(const double center[3], double step, double reach, candidate *out) {
  int half = (int)(reach / step);
  int64_t count = 0;
  for (int k = -half; k <= half; k++)
    for (int j = -half; j <= half; j++)
      for (int i = -half; i <= half; i++) {
        if ((i * i + j * j + k * k) * step * step > reach * reach)
          continue;
        if (out)
          out[count] = (candidate){
              .center = {center[0] + i * step, center[1] + j * step, center[2] + k * step}};
        count++;
      }
  return count;
}

/* Sums of exp(evidence - top) over candidate centres and radii, for even and odd planes. */
static void sum_variants(const candidate *tries, int64_t count, double top, double sum[2]) {
  sum[0] = sum[1] = 0;
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_ORDER_RADII; r++)
      for (int v = 0; v < 2; v++)
        sum[v] += exp(tries[p].evidence[r][v] - top);
}

static double top_of(const candidate *tries, int64_t count) {
  double top = -INFINITY;
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_ORDER_RADII; r++)
      for (int v = 0; v < 2; v++)
        top = fmax(top, tries[p].evidence[r][v]);
  return top;
}

static void average(csro_posterior *posterior, const csro_ball_profiles *profiles) {
  csro_ordered_domain *d = &posterior->domain;
  double total = 0;
  for (int64_t b = 0; b < posterior->count; b++)
    total += posterior->balls[b].weight;
  for (int64_t b = 0; b < posterior->count; b++) {
    csro_ball_weight *ball = &posterior->balls[b];
    ball->weight /= total;
    for (int a = 0; a < 3; a++)
      d->center[a] += ball->weight * ball->center[a];
    d->diameter += ball->weight * 2 * profiles->radius[ball->radius];
  }
}

static bool rate(const candidate *tries, int64_t count, const csro_ball_profiles *profiles,
                 double step, csro_posterior *posterior) {
  double top = top_of(tries, count), sum[2];
  sum_variants(tries, count, top, sum);
  bool odd = sum[1] > sum[0];
  /* Prior: sizes and both variants alike, candidate centres by volume. */
  double mean = (sum[0] + sum[1]) / (2.0 * CSRO_ORDER_RADII) * step * step * step;
  posterior->domain = (csro_ordered_domain){.odd = odd, .evidence = top + log(mean)};
  float heaviest = -INFINITY;
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_ORDER_RADII; r++)
      heaviest = fmaxf(heaviest, tries[p].evidence[r][odd]);
  posterior->balls = malloc((size_t)count * CSRO_ORDER_RADII * sizeof *posterior->balls);
  if (!posterior->balls)
    return false;
  for (int64_t p = 0; p < count; p++)
    for (int r = 0; r < CSRO_ORDER_RADII; r++) {
      double weight = exp((double)(tries[p].evidence[r][odd] - heaviest));
      if (weight < negligible)
        continue;
      csro_ball_weight *ball = &posterior->balls[posterior->count++];
      *ball = (csro_ball_weight){.radius = r, .weight = weight};
      for (int a = 0; a < 3; a++)
        ball->center[a] = tries[p].center[a];
    }
  csro_ball_weight *fitting =
      realloc(posterior->balls, (size_t)posterior->count * sizeof *posterior->balls);
  posterior->balls = fitting ? fitting : posterior->balls;
  average(posterior, profiles);
  return true;
}

bool csro_posterior_init(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                         const double center[3], double step, double reach,
                         csro_evidence_scratch *scratch, csro_posterior *posterior) {
  *posterior = (csro_posterior){.position = {center[0], center[1], center[2]}};
  int64_t count = list_tries(center, step, reach, NULL);
  candidate *tries = malloc((size_t)count * sizeof *tries);
  if (!tries)
    return false;
  list_tries(center, step, reach, tries);
  bool enough = true;
  for (int64_t p = 0; p < count && enough; p++)
    enough = csro_evidence(ions, profiles, tries[p].center, scratch, tries[p].evidence);
  enough = enough && rate(tries, count, profiles, step, posterior);
  free(tries);
  return enough;
}

void csro_posterior_release(csro_posterior *posterior) {
  if (!posterior)
    return;
  free(posterior->balls);
  *posterior = (csro_posterior){0};
}

double csro_posterior_share(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                            const double r[3]) {
  double sum = 0;
  for (int64_t b = 0; b < posterior->count; b++) {
    const csro_ball_weight *ball = &posterior->balls[b];
    sum += ball->weight * csro_ball_share(profiles, ball->radius, r[0] - ball->center[0],
                                          r[1] - ball->center[1], r[2] - ball->center[2]);
  }
  return sum;
}

double csro_ball_member(const csro_ball_profiles *profiles, const csro_ball_weight *ball,
                        const double r[3], double signal) {
  double share = csro_ball_share(profiles, ball->radius, r[0] - ball->center[0],
                                 r[1] - ball->center[1], r[2] - ball->center[2]);
  return share * (1 + signal) / fmax(1 + share * signal, 1e-6);
}

double csro_posterior_member(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                             const double r[3], double signal) {
  double sum = 0;
  for (int64_t b = 0; b < posterior->count; b++)
    sum += posterior->balls[b].weight * csro_ball_member(profiles, &posterior->balls[b], r, signal);
  return sum;
}

double csro_posterior_voxel(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                            const double r[3]) {
  double sum = 0;
  for (int64_t b = 0; b < posterior->count; b++) {
    const csro_ball_weight *ball = &posterior->balls[b];
    double square = 0, radius = profiles->radius[ball->radius];
    for (int a = 0; a < 3; a++)
      square += (r[a] - ball->center[a]) * (r[a] - ball->center[a]);
    sum += square <= radius * radius ? ball->weight : 0;
  }
  return sum;
}

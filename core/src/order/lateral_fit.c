/* The noise that sums over pairs show (csro/lateral.h). */
#include "csro/lateral.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACROSS = CSRO_LATERAL_ACROSS, ALONG = CSRO_LATERAL_ALONG, PARTS = CSRO_LATERAL_PARTS };
enum { BINS = ALONG * ACROSS, BALLS = 12, TRIED = 19, HALF = 5, DEPTHS = 3 };
enum { NEAREST = 4 /* bins across: where ions are lost that hit close together, all is nearer */ };
static const double step = 0.05; /* nm, between the values that are tried, from 0 on */
static const double diameter[BALLS] = {0.6, 0.8, 1.0, 1.3, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 7.0, 12.0};
/* Means over a normal distribution: values this many standard deviations apart. */
static const double apart = 0.6;
static const double depth[DEPTHS] = {-1.7320508075688772, 0, 1.7320508075688772};
static const double depth_weight[DEPTHS] = {1.0 / 6, 2.0 / 3, 1.0 / 6};
static const double confident = 1.645; /* standard deviations: 90 % */
/* Before looking: the usual noise, give or take this. */
static const double usual = CSRO_LATERAL_USUAL, unsure = 0.3, least = 0.2;
/* How unsure the estimate is beyond what the parts say, nm; and at least where there is less noise
 * than can be told. By how much the sum of squares has to fall for there to be an estimate. */
static const double inexact = 0.03, too_small = 0.12, evident = 30;
static const double vague = 0.4;    /* nm: intervals longer than this are warned of */
static const double unit = 1 << 20; /* of the sums */

/* The balls, and at last what planes hold of the species more than others on average: parities. */
enum { TERMS = BALLS + 1 };

/* What is to be solved for one noise: sums over the bins, of each part. */
typedef struct normal_equations {
  double square[TERMS][TERMS], right[TERMS];
} normal_equations;

/* Adds to out[BALLS], for pairs at a distance of which the square is given. */
static void add_overlaps(double square, double factor, double out[BALLS]) {
  const double r = sqrt(square);
  for (int k = BALLS - 1; k >= 0 && r < diameter[k]; k--) {
    const double u = r / diameter[k];
    out[k] += factor * (1 - u * (1.5 - 0.5 * u * u));
  }
}

/* Of pairs in one bin, for each ball the share with both ions inside, relative to none apart. */
static void find_shares(int bin, double sigma, double sigma_z, double out[BALLS]) {
  const int column = bin % ACROSS, row = bin / ACROSS;
  const double across = (column + 0.5) * (CSRO_LATERAL_REACH / ACROSS);
  const double along = (row + 0.5) * (CSRO_LATERAL_REACH / ALONG);
  const double s = sqrt(2) * sigma * apart, sz = sqrt(2) * sigma_z;
  double weight[HALF + 1], total = 0;
  for (int i = 0; i <= HALF; i++) {
    weight[i] = exp(-0.5 * i * i * apart * apart);
    total += (i > 0 ? 2 : 1) * weight[i];
  }
  memset(out, 0, BALLS * sizeof *out);
  for (int i = -HALF; i <= HALF; i++)
    for (int j = 0; j <= HALF; j++)
      for (int k = 0; k < DEPTHS; k++) {
        const double x = across + s * i, y = s * j, z = along + sz * depth[k];
        const double factor = (j > 0 ? 2 : 1) * weight[abs(i)] * weight[j] / (total * total);
        add_overlaps(x * x + y * y + z * z, factor * depth_weight[k], out);
      }
}

static void set_up(const csro_lateral_sums sums, double sigma, double sigma_z,
                   normal_equations part[PARTS]) {
  memset(part, 0, PARTS * sizeof *part);
  for (int b = 0; b < BINS; b++) {
    double term[TERMS];
    if (b % ACROSS < NEAREST)
      continue;
    find_shares(b, sigma, sigma_z, term);
    for (int g = 0; g < PARTS; g++) {
      const double weight = (double)sums[g][b][1];
      if (weight <= 0)
        continue;
      term[BALLS] = (double)sums[g][b][2] / weight;
      for (int k = 0; k < TERMS; k++) {
        part[g].right[k] += (double)sums[g][b][0] * term[k];
        for (int l = 0; l < TERMS; l++)
          part[g].square[k][l] += weight * term[k] * term[l];
      }
    }
  }
}

/* Least squares, the balls' weights being 0 or more, one after the other: by how much the sum of
 * squares falls, beyond what it does without balls. */
static double solve(const normal_equations *n) {
  enum { SWEEPS = 300 };
  double x[TERMS] = {0}, alone = n->square[BALLS][BALLS];
  for (int sweep = 0; sweep < SWEEPS; sweep++)
    for (int k = 0; k < TERMS; k++) {
      double rest = n->right[k];
      for (int l = 0; l < TERMS; l++)
        rest -= l == k ? 0 : n->square[k][l] * x[l];
      x[k] = n->square[k][k] > 0 ? rest / n->square[k][k] : 0;
      if (k < BALLS)
        x[k] = fmax(x[k], 0);
    }
  double gain = alone > 0 ? -n->right[BALLS] * n->right[BALLS] / alone : 0;
  for (int k = 0; k < TERMS; k++)
    gain += n->right[k] * x[k];
  return gain;
}

/* Of all parts but one (-1: all). */
static void add_parts(const normal_equations part[PARTS], int without, normal_equations *sum) {
  memset(sum, 0, sizeof *sum);
  for (int g = 0; g < PARTS; g++)
    for (int k = 0; k < TERMS && g != without; k++) {
      sum->right[k] += part[g].right[k];
      for (int l = 0; l < TERMS; l++)
        sum->square[k][l] += part[g].square[k][l];
    }
}

/* Where the gain is largest: a parabola through the highest value and those beside it. */
static double find_top(const double gain[TRIED]) {
  int best = 0;
  for (int t = 1; t < TRIED; t++)
    best = gain[t] > gain[best] ? t : best;
  if (best == 0 || best == TRIED - 1)
    return best * step;
  const double before = gain[best] - gain[best - 1], after = gain[best] - gain[best + 1];
  return (best + 0.5 * (before - after) / (before + after)) * step;
}

/* The spread of the estimate, from what it is without each of the parts (jackknife). */
static double find_spread(double gain[PARTS + 1][TRIED]) {
  double without[PARTS], mean = 0, spread = 0;
  for (int g = 0; g < PARTS; g++) {
    without[g] = find_top(gain[g]);
    mean += without[g] / PARTS;
  }
  for (int g = 0; g < PARTS; g++)
    spread += (without[g] - mean) * (without[g] - mean) * (PARTS - 1) / PARTS;
  return sqrt(spread + inexact * inexact);
}

static csro_lateral judge(double gain[PARTS + 1][TRIED]) {
  csro_lateral lateral = {usual, NAN, NAN, false};
  const double top = find_top(gain[PARTS]), parts = find_spread(gain);
  const double spread = top < least ? fmax(parts, too_small) : parts;
  double most = 0;
  for (int t = 0; t < TRIED; t++)
    most = fmax(most, gain[PARTS][t] / unit);
  if (most < evident || top > (TRIED - 1.5) * step)
    return lateral;
  const double known = 1 / (spread * spread), before = 1 / (unsure * unsure);
  const double half = confident / sqrt(known + before);
  lateral.sigma = fmax((known * top + before * usual) / (known + before), least);
  lateral.low = fmax(lateral.sigma - half, 0);
  lateral.high = lateral.sigma + half;
  lateral.measured = true;
  return lateral;
}

csro_status csro_lateral_fit(csro_context *context, const csro_lateral_sums sums, double sigma_z,
                             csro_lateral *lateral) {
  double gain[PARTS + 1][TRIED];
  normal_equations *part = csro_allocate(context, PARTS, sizeof *part), some;
  if (!part)
    return CSRO_ERROR_MEMORY;
  for (int t = 0; t < TRIED; t++) {
    set_up(sums, t * step, sigma_z, part);
    for (int g = 0; g <= PARTS; g++) {
      add_parts(part, g < PARTS ? g : -1, &some);
      gain[g][t] = solve(&some);
    }
  }
  free(part);
  *lateral = judge(gain);
  return CSRO_OK;
}

bool csro_lateral_vague(const csro_lateral *lateral) {
  return !lateral->measured || lateral->high - lateral->low > vague;
}

void csro_lateral_text(const csro_lateral *lateral, char text[CSRO_LATERAL_TEXT]) {
  static const char wrong[] =
      "Where 0.3 nm are taken and it is 0.5 nm, about twice as many domains are false as FDR says, "
      "where it is 0.7 nm about half of them. Set SigmaXY if it is known.";
  if (lateral->measured)
    snprintf(text, CSRO_LATERAL_TEXT,
             "The position noise along x and y is %.2f nm (90 %%: %.2f to %.2f), from how much "
             "farther order reaches across z than along it.%s%s",
             lateral->sigma, lateral->low, lateral->high,
             csro_lateral_vague(lateral) ? " That is not known well. " : "",
             csro_lateral_vague(lateral) ? wrong : "");
  else
    snprintf(text, CSRO_LATERAL_TEXT,
             "The position noise along x and y cannot be told: too little order, or domains too "
             "large. It is taken as %.1f nm, the usual one. %s",
             lateral->sigma, wrong);
}

csro_status csro_lateral_find(csro_context *context, const csro_points *points, const float *even,
                              const float *signal, double sigma_z, csro_lateral *lateral) {
  csro_order_part all;
  for (int a = 0; a < 3; a++) {
    all.lo[a] = -INFINITY;
    all.hi[a] = INFINITY;
  }
  int64_t(*sums)[BINS][3] = csro_allocate(context, PARTS, sizeof *sums);
  csro_status status = sums ? csro_points_bounds(context, points, all.bounds) : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    status = csro_lateral_sum(context, points, even, signal, &all, points->count, sums);
  if (status == CSRO_OK)
    status = csro_lateral_fit(context, (const int64_t(*)[BINS][3])sums, sigma_z, lateral);
  free(sums);
  return status;
}

#include "csro/spectrum_fit.h"
#include "csro/distributions.h"

#include "ranges/read_species_name.h"
#include "spectrum/fractions.h"
#include "spectrum/isotopologues.h"
#include "spectrum/least_squares.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { charges_tried = 4, highest_charge = 9, rounds = 12 };

/* The linear problem: ranges R, kinds of ions K. */
typedef struct problem {
  const csro_ranges *ranges;
  const csro_background *background;
  const int64_t *counts;
  int kinds;
  double *share;      /* [R][K]: F */
  double *expected;   /* [R]: background b */
  double *mean;       /* [R]: F x + b */
  double *solution;   /* [K]: x */
  double *normal;     /* [K][K] */
  double *inverse;    /* [K][K] */
  double *gain;       /* [K][R]: x = gain (counts - b) */
  double *covariance; /* [K][K] */
  bool *mixed;        /* [K] */
} problem;

static void release_problem(problem *p) {
  free(p->share);
  free(p->expected);
  free(p->mean);
  free(p->solution);
  free(p->normal);
  free(p->inverse);
  free(p->gain);
  free(p->covariance);
  free(p->mixed);
}

static csro_status init_problem(csro_context *context, const csro_ranges *ranges,
                                const csro_background *background, const int64_t *counts, int kinds,
                                problem *p) {
  const long long r = ranges->count, k = kinds, d = sizeof(double);
  *p = (problem){ranges,
                 background,
                 counts,
                 kinds,
                 csro_allocate(context, r * k, (size_t)d),
                 csro_allocate(context, r, (size_t)d),
                 csro_allocate(context, r, (size_t)d),
                 csro_allocate(context, k, (size_t)d),
                 csro_allocate(context, k * k, (size_t)d),
                 csro_allocate(context, k * k, (size_t)d),
                 csro_allocate(context, k * r, (size_t)d),
                 csro_allocate(context, k * k, (size_t)d),
                 csro_allocate(context, k, sizeof(bool))};
  if (!p->share || !p->expected || !p->mean || !p->solution || !p->normal || !p->inverse ||
      !p->gain || !p->covariance || !p->mixed)
    return CSRO_ERROR_MEMORY;
  memset(p->share, 0, (size_t)(r * k) * sizeof(double));
  for (int i = 0; i < ranges->count; i++)
    p->expected[i] = csro_background_of(background, counts, i);
  return CSRO_OK;
}

/* Of the ions of a species with this charge, the share in a range. */
static double share_in(const csro_background *background, const csro_isotopologue *ion, int count,
                       int charge, int range) {
  double share = 0;
  for (int i = 0; i < count; i++)
    if (csro_background_range_at(background, ion[i].mass / charge) == range)
      share += ion[i].share;
  return share;
}

/* The charge that explains a range of this species; 0: none. */
static int find_charge(const csro_background *background, const csro_species *species, int range) {
  csro_isotopologue ion[csro_most_isotopologues];
  const int count = csro_isotopologues(species, ion);
  int found = 0;
  double most = 0;
  for (int charge = 1; charge <= highest_charge; charge++) {
    if (species->charge > 0 ? charge != species->charge : charge > charges_tried)
      continue;
    const double share = share_in(background, ion, count, charge, range);
    if (share > most) {
      most = share;
      found = charge;
    }
  }
  return found;
}

static bool same_kind(const csro_ranges *ranges, const csro_ion_kind *a, const csro_ion_kind *b) {
  return a->by_mass && b->by_mass && a->charge == b->charge &&
         csro_species_same_composition(&ranges->species[a->species], &ranges->species[b->species]);
}

/* The kinds of ions that the ranges mean. */
static void list_kinds(const csro_ranges *ranges, const csro_background *background,
                       csro_spectrum_fit *fit) {
  for (int r = 0; r < ranges->count; r++) {
    const csro_species *species = &ranges->species[ranges->range[r].species];
    const int charge = find_charge(background, species, r);
    const csro_ion_kind kind = {.species = ranges->range[r].species,
                                .charge = charge > 0 ? charge : species->charge,
                                .by_mass = charge > 0};
    int k = 0;
    while (k < fit->ions && !same_kind(ranges, &fit->ion[k], &kind))
      k++;
    if (k == fit->ions)
      fit->ion[fit->ions++] = kind;
    fit->range[r].kind = k;
  }
}

static void fill_shares(const csro_spectrum_fit *fit, problem *p) {
  for (int k = 0; k < p->kinds; k++) {
    csro_isotopologue ion[csro_most_isotopologues];
    if (!fit->ion[k].by_mass)
      continue;
    const int count = csro_isotopologues(&p->ranges->species[fit->ion[k].species], ion);
    for (int i = 0; i < count; i++) {
      const int r = csro_background_range_at(p->background, ion[i].mass / fit->ion[k].charge);
      if (r >= 0)
        p->share[(long)r * p->kinds + k] += ion[i].share;
    }
  }
  for (int r = 0; r < p->ranges->count; r++)
    if (!fit->ion[fit->range[r].kind].by_mass)
      p->share[(long)r * p->kinds + fit->range[r].kind] = 1;
}

/* gain = (F' W F)^-1 F' W with W = 1 / mean. */
static void find_gain(problem *p) {
  const int n = p->kinds, ranges = p->ranges->count;
  memset(p->normal, 0, (size_t)n * (size_t)n * sizeof *p->normal);
  for (int r = 0; r < ranges; r++) {
    const double *row = p->share + (long)r * n;
    for (int k = 0; k < n; k++)
      for (int j = 0; row[k] != 0 && j <= k; j++)
        p->normal[(long)k * n + j] += row[k] * row[j] / p->mean[r];
  }
  csro_invert_symmetric(n, p->normal, p->inverse, p->mixed);
  for (int k = 0; k < n; k++)
    for (int r = 0; r < ranges; r++) {
      double sum = 0;
      for (int j = 0; j < n; j++)
        sum += p->inverse[(long)k * n + j] * p->share[(long)r * n + j];
      p->gain[(long)k * ranges + r] = sum / p->mean[r];
    }
}

static double fitted(const problem *p, int r) {
  double sum = 0;
  for (int k = 0; k < p->kinds; k++)
    sum += p->share[(long)r * p->kinds + k] * p->solution[k];
  return sum;
}

/* Weights of the counts at first, then of the solution: its bias goes away. */
static void solve(problem *p) {
  const int ranges = p->ranges->count;
  for (int r = 0; r < ranges; r++)
    p->mean[r] = fmax((double)p->counts[r], 1);
  for (int round = 0; round < rounds; round++) {
    find_gain(p);
    for (int k = 0; k < p->kinds; k++) {
      p->solution[k] = 0;
      for (int r = 0; r < ranges; r++)
        p->solution[k] += p->gain[(long)k * ranges + r] * ((double)p->counts[r] - p->expected[r]);
    }
    for (int r = 0; r < ranges; r++)
      p->mean[r] = fmax(fitted(p, r) + p->expected[r], 0.5);
  }
}

/* gain (diag(mean) + covariance of the background) gain'. */
static csro_status find_covariance(csro_context *context, problem *p) {
  const int n = p->kinds, ranges = p->ranges->count;
  double *row = csro_allocate(context, ranges, sizeof *row);
  if (!row)
    return CSRO_ERROR_MEMORY;
  memset(p->covariance, 0, (size_t)n * (size_t)n * sizeof *p->covariance);
  for (int r = 0; r < ranges; r++) {
    for (int q = 0; q < ranges; q++)
      row[q] =
          csro_background_covariance(p->background, p->counts, r, q) + (q == r ? p->mean[r] : 0);
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int q = 0; q < ranges; q++)
        sum += row[q] * p->gain[(long)j * ranges + q];
      for (int k = 0; k < n; k++)
        p->covariance[(long)k * n + j] += p->gain[(long)k * ranges + r] * sum;
    }
  }
  free(row);
  return CSRO_OK;
}

static void put_ranges(const problem *p, csro_spectrum_fit *fit) {
  int used = 0, known = 0;
  for (int r = 0; r < fit->ranges; r++) {
    csro_range_row *row = &fit->range[r];
    const double variance = csro_background_covariance(p->background, p->counts, r, r);
    row->counts = p->counts[r];
    row->background = p->expected[r];
    row->background_error = sqrt(variance);
    row->corrected = (double)row->counts - row->background;
    row->standard_error = sqrt((double)row->counts + variance);
    row->fitted = fitted(p, r);
    row->foreign = 0;
    for (int k = 0; k < p->kinds; k++)
      if (k != row->kind &&
          !csro_species_same_composition(&p->ranges->species[fit->ion[k].species],
                                         &p->ranges->species[fit->ion[row->kind].species]))
        row->foreign += p->share[(long)r * p->kinds + k] * p->solution[k];
    const double off = row->corrected - row->fitted;
    fit->chi2 += off * off / (p->mean[r] + variance);
    used++;
  }
  for (int k = 0; k < p->kinds; k++)
    known += p->inverse[(long)k * p->kinds + k] > 0;
  fit->dof = used - known;
  fit->p_value = csro_chi2_tail(fit->chi2, fit->dof);
}

/* The kind of the same composition in the next lower charge state, -1 for none. */
static int next_lower(const problem *p, const csro_spectrum_fit *fit, int k) {
  int found = -1;
  for (int j = 0; j < p->kinds; j++)
    if (fit->ion[j].charge < fit->ion[k].charge && fit->ion[j].charge > 0 &&
        csro_species_same_composition(&p->ranges->species[fit->ion[j].species],
                                      &p->ranges->species[fit->ion[k].species]) &&
        (found < 0 || fit->ion[j].charge > fit->ion[found].charge))
      found = j;
  return found;
}

static void put_ions(const problem *p, csro_spectrum_fit *fit) {
  for (int k = 0; k < p->kinds; k++) {
    csro_ion_kind *ion = &fit->ion[k];
    ion->count = p->mixed[k] ? NAN : p->solution[k];
    ion->standard_error = p->mixed[k] ? NAN : sqrt(fmax(p->covariance[(long)k * p->kinds + k], 0));
  }
  for (int k = 0; k < p->kinds; k++) {
    csro_ion_kind *ion = &fit->ion[k];
    double all = 0;
    for (int j = 0; j < p->kinds; j++)
      if (csro_species_same_composition(&p->ranges->species[fit->ion[j].species],
                                        &p->ranges->species[ion->species]))
        all += fit->ion[j].count;
    ion->share = p->ranges->species[ion->species].components > 0 ? ion->count / all : 1;
    const int j = next_lower(p, fit, k);
    ion->ratio = j < 0 ? NAN : ion->count / fit->ion[j].count;
    const double a = ion->standard_error / ion->count;
    const double b = j < 0 ? 0 : fit->ion[j].standard_error / fit->ion[j].count;
    const double both =
        j < 0 ? 0 : p->covariance[(long)k * p->kinds + j] / (ion->count * fit->ion[j].count);
    ion->ratio_error = fabs(ion->ratio) * sqrt(fmax(a * a + b * b - 2 * both, 0));
  }
}

static void put_fraction(const problem *p, const csro_spectrum_fit *fit, int kind,
                         const int *species) {
  csro_corrected_fraction *row = &fit->fraction[kind];
  csro_fraction_propagate(fit->atoms, kind, p->kinds, species, p->solution, p->covariance, row);
  for (int k = 0; k < p->kinds; k++)
    if (p->mixed[k] && csro_atoms_in(fit->atoms, species[k], kind) > 0)
      row->atoms = row->value = row->standard_error = NAN;
}

static csro_status put_fractions(csro_context *context, const problem *p, csro_spectrum_fit *fit) {
  const int species = p->ranges->species_count;
  int64_t *counts = csro_allocate(context, species + 1, sizeof *counts);
  csro_fraction *raw = csro_allocate(context, fit->atoms->count, sizeof *raw);
  int *of = csro_allocate(context, fit->ions, sizeof *of);
  if (counts && raw && of) {
    for (int k = 0; k < fit->ions; k++)
      of[k] = fit->ion[k].species;
    memset(counts, 0, (size_t)(species + 1) * sizeof *counts);
    for (int r = 0; r < fit->ranges; r++)
      counts[p->ranges->range[r].species + 1] += p->counts[r];
    csro_atom_fractions(fit->atoms, counts, raw);
    for (int e = 0; e < fit->atoms->count; e++) {
      fit->fraction[e].raw = raw[e];
      put_fraction(p, fit, e, of);
    }
  }
  free(of);
  free(counts);
  free(raw);
  return counts && raw && of ? CSRO_OK : CSRO_ERROR_MEMORY;
}

static void add_words(csro_spectrum_fit *fit, const char *text) {
  const size_t length = strlen(fit->words);
  snprintf(fit->words + length, sizeof fit->words - length, "%s%s", length > 0 ? "; " : "", text);
}

static void put_words(const problem *p, csro_spectrum_fit *fit) {
  char text[256];
  int worst = 0;
  for (int r = 0; r < fit->ranges; r++) {
    const csro_range *range = &p->ranges->range[r];
    const csro_species *species = &p->ranges->species[range->species];
    const csro_range_row *row = &fit->range[r], *last = &fit->range[worst];
    if (fabs(row->corrected - row->fitted) / row->standard_error >
        fabs(last->corrected - last->fitted) / last->standard_error)
      worst = r;
    if (species->components > 0 && !fit->ion[row->kind].by_mass) {
      snprintf(text, sizeof text, "no natural isotope of %s lies in the range %.3f to %.3f Da",
               species->name, range->lo, range->hi);
      add_words(fit, text);
    }
  }
  for (int k = 0; k < p->kinds; k++)
    if (p->mixed[k]) {
      snprintf(text, sizeof text, "%s in charge state %d cannot be told from other ions",
               p->ranges->species[fit->ion[k].species].name, fit->ion[k].charge);
      add_words(fit, text);
    }
  if (fit->p_value < 0.001) {
    const csro_range_row *row = &fit->range[worst];
    snprintf(
        text, sizeof text,
        "the peaks do not fit the natural isotopes (chi2 %.0f of %d degrees of freedom), least "
        "at %.2f to %.2f Da: %.0f ions without the background, %.0f expected",
        fit->chi2, fit->dof, p->ranges->range[worst].lo, p->ranges->range[worst].hi, row->corrected,
        row->fitted);
    add_words(fit, text);
  }
}

static csro_status fit_all(csro_context *context, problem *p, csro_spectrum_fit *fit) {
  fill_shares(fit, p);
  solve(p);
  csro_status status = find_covariance(context, p);
  if (status != CSRO_OK)
    return status;
  put_ranges(p, fit);
  put_ions(p, fit);
  status = put_fractions(context, p, fit);
  if (status == CSRO_OK)
    put_words(p, fit);
  return status;
}

static csro_status prepare(csro_context *context, const csro_ranges *ranges,
                           const csro_background *background, csro_spectrum_fit *fit) {
  csro_status status = csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_MERGED, &fit->atoms);
  if (status != CSRO_OK)
    return status;
  fit->ranges = ranges->count;
  fit->range = csro_allocate(context, ranges->count, sizeof *fit->range);
  fit->ion = csro_allocate(context, ranges->count, sizeof *fit->ion);
  fit->fraction = csro_allocate(context, fit->atoms->count, sizeof *fit->fraction);
  if (!fit->range || !fit->ion || !fit->fraction)
    return CSRO_ERROR_MEMORY;
  list_kinds(ranges, background, fit);
  return CSRO_OK;
}

csro_status csro_spectrum_fit_make(csro_context *context, const csro_ranges *ranges,
                                   const csro_background *background, const int64_t *counts,
                                   csro_spectrum_fit *fit) {
  problem p = {0};
  *fit = (csro_spectrum_fit){0};
  csro_status status = prepare(context, ranges, background, fit);
  if (status == CSRO_OK)
    status = init_problem(context, ranges, background, counts, fit->ions, &p);
  if (status == CSRO_OK)
    status = fit_all(context, &p, fit);
  release_problem(&p);
  if (status != CSRO_OK)
    csro_spectrum_fit_release(fit);
  return status;
}

void csro_spectrum_fit_release(csro_spectrum_fit *fit) {
  if (!fit)
    return;
  free(fit->range);
  free(fit->ion);
  free(fit->fraction);
  csro_atom_kinds_destroy(&fit->atoms);
  memset(fit, 0, sizeof *fit);
}

/* Background and isotopes of spectra of known composition; tails of chi2. */
#include "check.h"
#include "csro/distributions.h"
#include "csro/peaks.h"
#include "csro/specimen.h"
#include "csro/spectrum_fit.h"
#include "ranges/elements.h"
#include "simulate/specimen_masses.h"
#include "spectrum/isotopologues.h"

static void test_chi2(void) {
  for (double x = 0.01; x < 400; x *= 1.7) {
    CHECK_NEAR(csro_chi2_tail(x, 2) / exp(-x / 2), 1, 1e-10);
    CHECK_NEAR(csro_chi2_tail(x, 1) / erfc(sqrt(x / 2)), 1, 1e-10);
    CHECK_NEAR(csro_chi2_tail(x, 4) / ((1 + x / 2) * exp(-x / 2)), 1, 1e-10);
  }
  CHECK(csro_chi2_tail(0, 3) == 1 && isnan(csro_chi2_tail(1, 0)) && isnan(csro_chi2_tail(NAN, 1)));
  CHECK_NEAR(csro_chi2_tail(1000, 1000), 0.4940, 1e-3);
}

static csro_ranges *parse(csro_context *context, const char *text) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_parse(context, "text", text, strlen(text), &ranges));
  return ranges;
}

/* CrO: every isotope of one with every one of the other. */
static void test_isotopologues(csro_context *context) {
  csro_ranges *ranges = parse(context, "[Ranges]\nRange1=66 70 Cr:1 O:1\nRange2=10 11 Name:10B\n"
                                       "Range3=300 310 Name:un1\nRange4=180 200 W:1\n");
  csro_isotopologue ion[csro_most_isotopologues];
  int count = csro_isotopologues(&ranges->species[0], ion);
  double all = 0, at68 = 0;
  for (int i = 0; i < count; i++) {
    all += ion[i].share;
    at68 += fabs(ion[i].mass - 67.935) < 0.01 ? ion[i].share : 0;
  }
  CHECK_NEAR(all, 1, 1e-5);
  CHECK_NEAR(at68, 0.83789 * 0.99757 + 0.04345 * 0.00205, 1e-4);
  CHECK_EQ(csro_isotopologues(&ranges->species[1], ion), 1);
  CHECK_NEAR(ion[0].mass, 10.0129, 1e-9);
  CHECK_EQ(csro_isotopologues(&ranges->species[2], ion), 0);
  CHECK_EQ(csro_isotopologues(&ranges->species[3], ion), 5);
  csro_ranges_destroy(&ranges);
  for (int element = 1; element < 93; element++) {
    csro_species one = {.components = 1, .component = {{.count = 1}}};
    strcpy(one.component[0].symbol, csro_element_symbol(element));
    count = csro_isotopologues(&one, ion);
    for (all = 0; count > 0; count--)
      all += ion[count - 1].share;
    CHECK(all == 0 || fabs(all - 1) < 1e-3);
  }
}

/* Counts against looking at every range and at the gaps. */
static void test_count(csro_context *context) {
  enum { count = 100003 };
  csro_ranges *ranges = parse(context, "[Ranges]\nRange1=20 21 Ni:1\nRange2=20.5 22 Cr:1\n"
                                       "Range3=25 25.5 Fe:1\nRange4=30 31 Co:1\n");
  csro_random random;
  csro_random_init(&random, 1, 0);
  float *mass = malloc(count * sizeof *mass);
  int64_t expected[4] = {0}, gaps = 0, counted = 0;
  for (int i = 0; i < count; i++) {
    const double m = mass[i] = (float)(40 * csro_random_uniform(&random));
    for (int r = 0; r < 4; r++)
      if (m >= ranges->range[r].lo && m <= ranges->range[r].hi) {
        expected[r]++;
        break;
      }
    gaps += (m > 18 && m < 19.9) || (m > 22.3 && m < 24.9) || (m > 25.8 && m < 29.9) || m > 31.3;
  }
  csro_background *background;
  CHECK_OK(context, csro_background_create(context, ranges->range, 4, 0, 40, &background));
  const int places = csro_background_places(background);
  int64_t *counts = malloc((size_t)places * sizeof *counts);
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    CHECK_OK(context, csro_background_count(context, background, mass, false, NULL, count, counts));
    CHECK(memcmp(counts, expected, sizeof expected) == 0);
    for (int i = 4; i < places; i++)
      counted += counts[i];
  }
  CHECK(llabs(counted - 3 * gaps) < 10);
  CHECK_EQ(csro_background_range_at(background, 20.7), 0);
  CHECK_EQ(csro_background_range_at(background, 21.7), 1);
  CHECK_EQ(csro_background_range_at(background, 24), -1);
  csro_background_destroy(&background);
  csro_background_destroy(&background);
  CHECK_FAILS(context, csro_background_create(context, ranges->range, 0, 0, 40, &background),
              CSRO_ERROR_DATA, "expected 1 to");
  csro_ranges_destroy(&ranges);
  free(counts);
  free(mass);
}

/* How often what is known lies within the interval. */
enum { seeds = 100, ions = 40000, most = 8 };

typedef struct alloy {
  const char *species;
  double share[4]; /* in the order of the elements */
  double background;
  bool in_time; /* noise at any time of flight, not at any mass */
} alloy;

/* Ions of the alloy, and 5 % H that is not part of it. */
static int draw(csro_random *random, const csro_specimen *specimen, const alloy *of, float *mass) {
  int count = 0;
  for (int i = 0; i < ions; i++) {
    double share = csro_random_uniform(random);
    int k = 0;
    while (k + 1 < specimen->species_count && share >= of->share[k])
      share -= of->share[k++];
    mass[count++] = (float)csro_simulated_mass(
        random, csro_simulated_element_find(specimen->species[k].symbol));
    if (csro_random_uniform(random) < of->background) {
      const double u = csro_random_uniform(random);
      const double root = 1 + u * (sqrt(120) - 1);
      mass[count++] = (float)(of->in_time ? root * root : csro_simulated_background(random));
    }
  }
  return count;
}

static int find_fraction(const csro_spectrum_fit *fit, const char *symbol) {
  for (int e = 0; e < fit->atoms->count; e++)
    if (strcmp(fit->atoms->kind[e].name, symbol) == 0)
      return e;
  return -1;
}

static void test_coverage(csro_context *context, const alloy *of) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  specimen.species_count = 0;
  for (const char *p = of->species; *p; p += 2) {
    specimen.species[specimen.species_count] =
        (csro_specimen_species){.share = 1, .sigma_z = -1, .efficiency = 1};
    snprintf(specimen.species[specimen.species_count].symbol, 4, "%.2s", p);
    specimen.species[specimen.species_count].share = of->share[specimen.species_count];
    specimen.species_count++;
  }
  char *text;
  CHECK_OK(context, csro_specimen_ranges(context, &specimen, &text));
  csro_ranges *ranges = parse(context, text);
  float *mass = malloc(2 * ions * sizeof *mass);
  int inside[most] = {0}, raw[most] = {0}, fits = 0, misfits = 0;
  double pull[most] = {0};
  for (int seed = 0; seed < seeds; seed++) {
    csro_random random;
    csro_random_init(&random, (uint64_t)seed, 5);
    const int count = draw(&random, &specimen, of, mass);
    csro_background *background;
    csro_background_report report;
    csro_spectrum_fit fit;
    CHECK_OK(context,
             csro_background_create(context, ranges->range, ranges->count, 1, 120, &background));
    int64_t *counts = malloc((size_t)csro_background_places(background) * sizeof *counts);
    CHECK_OK(context, csro_background_count(context, background, mass, false, NULL, count, counts));
    csro_background_fit(background,
                        of->in_time ? CSRO_BACKGROUND_FLIGHT_TIME : CSRO_BACKGROUND_LOCAL, counts,
                        &report);
    misfits += report.p_value < 0.001;
    CHECK_OK(context, csro_spectrum_fit_make(context, ranges, background, counts, &fit));
    fits += fit.p_value > 0.01;
    for (int k = 0; k < specimen.species_count; k++) {
      const int e = find_fraction(&fit, specimen.species[k].symbol);
      const csro_corrected_fraction *row = &fit.fraction[e];
      inside[k] += fabs(row->value - of->share[k]) < 1.959964 * row->standard_error;
      raw[k] += fabs(row->raw.value - of->share[k]) < 1.959964 * row->raw.standard_error;
      pull[k] += (row->value - of->share[k]) / row->standard_error / seeds;
    }
    csro_spectrum_fit_release(&fit);
    csro_background_destroy(&background);
    free(counts);
  }
  for (int k = 0; k < specimen.species_count; k++) {
    if (getenv("CSRO_PRINT"))
      printf("%s background %g %s: corrected %d, as ranged %d of 100 inside, mean pull %.2f\n",
             specimen.species[k].symbol, of->background, of->in_time ? "in time" : "in mass",
             inside[k], raw[k], pull[k]);
    CHECK(inside[k] >= 90 && inside[k] <= 99);
  }
  if (getenv("CSRO_PRINT"))
    printf("fits %d, misfits of the background %d\n", fits, misfits);
  CHECK(fits >= 90);
  CHECK(of->in_time ? misfits <= 2 : misfits >= 50);
  free(mass);
  free(text);
  csro_ranges_destroy(&ranges);
}

/* Two kinds that only one range holds, and one alone. */
static void test_mixed(csro_context *context) {
  csro_ranges *ranges = parse(context, "[Ranges]\nRange1=26.9 27.2 Al:1\nRange2=26.91 27.1 Fe:1\n"
                                       "Range3=57.8 58.1 Ni:1\nRange4=70 71 Name:un1\n");
  csro_background *background;
  csro_background_report report;
  csro_spectrum_fit fit;
  CHECK_OK(context,
           csro_background_create(context, ranges->range, ranges->count, 1, 120, &background));
  int64_t *counts = calloc((size_t)csro_background_places(background), sizeof *counts);
  counts[0] = 1000, counts[2] = 681, counts[3] = 5;
  csro_background_fit(background, CSRO_BACKGROUND_FLIGHT_TIME, counts, &report);
  CHECK_OK(context, csro_spectrum_fit_make(context, ranges, background, counts, &fit));
  CHECK_EQ(fit.ions, 4);
  CHECK_NEAR(fit.ion[0].count, 1000, 1e-6);
  CHECK(!fit.ion[1].by_mass); /* the second range has nothing that the first has not */
  CHECK_NEAR(fit.ion[2].count, 681 / 0.68077, 1e-6);
  CHECK_NEAR(fit.ion[3].count, 5, 1e-6);
  CHECK(strstr(fit.words, "no natural isotope of Fe"));
  csro_spectrum_fit_release(&fit);
  csro_background_destroy(&background);
  csro_ranges_destroy(&ranges);
  ranges = parse(context, "[Ranges]\nRange1=53.9 53.99 Cr:1\nRange2=53.91 54.0 Fe:1\n");
  CHECK_OK(context, csro_background_create(context, ranges->range, 2, 1, 120, &background));
  memset(counts, 0, 2 * sizeof *counts);
  csro_background_fit(background, CSRO_BACKGROUND_NONE, counts, &report);
  CHECK_OK(context, csro_spectrum_fit_make(context, ranges, background, counts, &fit));
  CHECK(isnan(fit.fraction[0].value));
  csro_spectrum_fit_release(&fit);
  csro_background_destroy(&background);
  csro_ranges_destroy(&ranges);
  free(counts);
}

/* 54 Da is Cr and Fe, 58 Da Ni and Fe: told apart by the other isotopes. */
static void test_overlaps(csro_context *context) {
  csro_ranges *ranges =
      parse(context, "[Ranges]\nRange1=57.8 58.1 Name:Ni+\nRange2=53.8 54.1 Name:Cr+\n"
                     "Range3=57.81 58.1 Name:Fe+\nRange4=55.8 56.1 Name:Fe+\n");
  csro_background *background;
  csro_background_report report;
  csro_spectrum_fit fit;
  CHECK_OK(context, csro_background_create(context, ranges->range, 4, 1, 120, &background));
  int64_t *counts = calloc((size_t)csro_background_places(background), sizeof *counts);
  /* 10000 Fe, 5000 Ni, 20000 Cr */
  counts[0] = 28 + 3404, counts[1] = 585 + 473, counts[3] = 9175;
  csro_background_fit(background, CSRO_BACKGROUND_FLIGHT_TIME, counts, &report);
  CHECK_OK(context, csro_spectrum_fit_make(context, ranges, background, counts, &fit));
  CHECK_NEAR(fit.fraction[find_fraction(&fit, "Fe")].atoms, 10000, 2);
  CHECK_NEAR(fit.fraction[find_fraction(&fit, "Ni")].atoms, 5000, 2);
  CHECK_NEAR(fit.fraction[find_fraction(&fit, "Cr")].atoms, 20000, 30);
  CHECK_NEAR(fit.range[0].foreign, 28, 1);
  csro_spectrum_fit_release(&fit);
  csro_background_destroy(&background);
  csro_ranges_destroy(&ranges);
  free(counts);
}

/* A part of the spectrum: its own windows, and counts by label; without background the raw numbers.
 */
static void test_region(csro_context *context) {
  csro_ranges *ranges = parse(context, "[Ranges]\nRange1=28.9 29.3 Ni:1\nRange2=25.9 26.3 Cr:1\n"
                                       "Range3=67.8 68.2 Cr:1 O:1\n");
  csro_background *background;
  csro_background_report report;
  CHECK_OK(context, csro_background_create(context, ranges->range, 3, 1, 120, &background));
  const int places = csro_background_places(background);
  int64_t *counts = calloc((size_t)places, sizeof *counts);
  for (int i = 3; i < places; i++)
    counts[i] = 40;
  csro_background_fit(background, CSRO_BACKGROUND_LOCAL, counts, &report);
  csro_atom_kinds *atoms;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_MERGED, &atoms));
  const int64_t labels[] = {500, 1000, 2000, 300};
  csro_corrected_fraction rows[3];
  CHECK_OK(context, csro_region_composition(context, ranges, atoms, labels, NULL, NULL, rows));
  for (int k = 0; k < 3; k++) {
    CHECK_NEAR(rows[k].value, rows[k].raw.value, 1e-12);
    CHECK_NEAR(rows[k].standard_error, rows[k].raw.standard_error, 1e-12);
  }
  CHECK_OK(context,
           csro_region_composition(context, ranges, atoms, labels, background, counts, rows));
  double lost[3];
  for (int r = 0; r < 3; r++)
    lost[r] = csro_background_of(background, counts, r);
  CHECK(lost[0] > 50 && lost[0] < 80);
  CHECK_NEAR(rows[0].atoms, 1000 - lost[0], 1e-9);
  CHECK_NEAR(rows[1].atoms, 2300 - lost[1] - lost[2], 1e-9);
  CHECK_NEAR(rows[0].value, (1000 - lost[0]) / (3600 - lost[0] - lost[1] - 2 * lost[2]), 1e-12);
  CHECK(rows[0].standard_error > rows[0].raw.standard_error);
  csro_atom_kinds_destroy(&atoms);
  csro_background_destroy(&background);
  csro_ranges_destroy(&ranges);
  free(counts);
}

/* The peaks of a simulated spectrum where its isotopes are, and none in pure noise. */
static void test_peaks(csro_context *context) {
  enum { count = 200000 };
  csro_ranges *ranges = parse(context, "[Ranges]\nRange1=27.4 27.7 Mn:1\nRange2=15.9 16.2 O:1\n");
  csro_random random;
  csro_random_init(&random, 4, 0);
  double *mass = malloc(count * sizeof *mass);
  for (int i = 0; i < count; i++) /* Mn 2+ at 27.469, MnO 1+ at 70.933 (a tenth), noise */
    mass[i] = i % 4 == 0    ? csro_simulated_background(&random)
              : i % 10 == 1 ? 70.933 + 0.03 * csro_random_normal(&random)
                            : 27.469 + 0.02 * csro_random_normal(&random);
  csro_spectrum spectrum;
  CHECK_OK(context, csro_spectrum_init(context, 0.01, 120, &spectrum));
  int64_t *bins = malloc((size_t)spectrum.bins * sizeof *bins);
  CHECK_OK(context, csro_spectrum_count(context, &spectrum, mass, true, NULL, count, 0, bins));
  csro_background *background;
  csro_background_report report;
  CHECK_OK(context, csro_background_create(context, ranges->range, 2, 1, 120, &background));
  int64_t *places = malloc((size_t)csro_background_places(background) * sizeof *places);
  CHECK_OK(context, csro_background_count(context, background, mass, true, NULL, count, places));
  csro_background_fit(background, CSRO_BACKGROUND_LOCAL, places, &report);
  csro_peak *peak;
  int peaks;
  CHECK_OK(context,
           csro_peaks_find(context, &spectrum, bins, ranges, background, places, 5, &peak, &peaks));
  CHECK_EQ(peaks, 2);
  CHECK_NEAR(peak[0].mass, 27.469, 0.011);
  CHECK_NEAR(peak[0].width, 2.355 * 0.02, 0.01);
  CHECK_EQ(peak[0].range, 0);
  CHECK_NEAR(peak[1].mass, 70.933, 0.011);
  CHECK_EQ(peak[1].range, -1);
  CHECK(strncmp(peak[1].candidates, "MnO 1+", 6) == 0);
  free(peak);
  for (int i = 0; i < count; i++) /* noise alone */
    mass[i] = csro_simulated_background(&random);
  CHECK_OK(context, csro_spectrum_count(context, &spectrum, mass, true, NULL, count, 0, bins));
  CHECK_OK(context, csro_background_count(context, background, mass, true, NULL, count, places));
  csro_background_fit(background, CSRO_BACKGROUND_LOCAL, places, &report);
  CHECK_OK(context,
           csro_peaks_find(context, &spectrum, bins, ranges, background, places, 5, &peak, &peaks));
  CHECK_EQ(peaks, 0);
  free(peak);
  csro_background_destroy(&background);
  csro_ranges_destroy(&ranges);
  free(places);
  free(bins);
  free(mass);
}

int main(void) {
  static const alloy alloys[] = {{"FeCrNi", {0.6, 0.25, 0.15}, 0.05, true},
                                 {"FeCrNi", {0.05, 0.9, 0.05}, 0.2, true},
                                 {"CoCrNi", {0.33, 0.33, 0.34}, 0.1, false},
                                 {"NiFeCrTi", {0.7, 0.04, 0.25, 0.01}, 0.1, false},
                                 {"MoZrNb", {0.4, 0.4, 0.2}, 0.1, true}};
  csro_context context;
  csro_context_init(&context);
  test_chi2();
  test_isotopologues(&context);
  test_count(&context);
  test_mixed(&context);
  test_overlaps(&context);
  test_region(&context);
  test_peaks(&context);
  context.threads = 1;
  for (size_t i = 0; i < sizeof alloys / sizeof *alloys; i++)
    test_coverage(&context, &alloys[i]);
  return check_end();
}

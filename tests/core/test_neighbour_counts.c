/* Counts of neighbours against brute force, for any threads and processes. */
#include "neighbour_trial.h"

static csro_context context;

enum { IONS = 900, MEMBERS = 5 };

static void count_slowly(const trial *t, const csro_neighbour_bins *bins,
                         csro_neighbour_counts *counts) {
  const int64_t block = csro_neighbour_block(counts);
  const int groups = t->groups;
  const bool pairs = bins->kind != CSRO_NEIGHBOURS_RANKED;
  int64_t *near = calloc((size_t)t->count, sizeof *near);
  memset(counts->sums, 0, (size_t)counts->size * sizeof *counts->sums);
  for (int64_t i = 0; i < t->count; i++) {
    const int64_t found = sort_near(t, i, csro_neighbour_reach(bins), near);
    counts->ions[t->part[i] * groups + t->group[i * t->members]]++;
    counts->lacking[0] += !pairs && found < bins->count;
    for (int64_t k = 0; k < found; k++) {
      const int64_t j = near[k];
      const int bin = bin_of(t, bins, i, j, k);
      for (int m = 0; m < t->members && bin >= 0; m++)
        counts
            ->of[m * block + ((int64_t)t->group[i * t->members + m] * bins->count + bin) * groups +
                 t->group[j * t->members + m]]++;
      if (bin < 0)
        continue;
      const int64_t at = ((int64_t)t->group[i * t->members] * bins->count + bin) * groups +
                         t->group[j * t->members];
      counts->touching[t->part[i] * block + at]++;
      if (t->part[i] != t->part[j])
        counts->touching[t->part[j] * block + at]++;
    }
  }
  free(near);
}

static void check_equal(const csro_neighbour_counts *found, const csro_neighbour_counts *expected) {
  CHECK_EQ(found->size, expected->size);
  for (int64_t k = 0; k < found->size && found->size == expected->size; k++)
    if (found->sums[k] != expected->sums[k]) {
      CHECK_EQ(k, -1);
      CHECK_EQ(found->sums[k], expected->sums[k]);
      return;
    }
}

/* The ions of one of two processes: its own, then those near them. */
static void count_part(const trial *t, const csro_neighbour_bins *bins, int process,
                       csro_neighbour_counts *counts) {
  const double cut = 1.1, reach = csro_neighbour_reach(bins);
  trial mine = make_trial(t->count, t->members);
  csro_neighbour_bins here = *bins;
  int64_t own = 0, count = 0;
  for (int halo = 0; halo < 2; halo++)
    for (int64_t i = 0; i < t->count; i++) {
      const double from = process == 0 ? t->xyz[i][0] - cut : cut - t->xyz[i][0];
      if (halo ? from <= 0 || from > reach : from > 0)
        continue;
      memcpy(mine.xyz[count], t->xyz[i], sizeof *t->xyz);
      memcpy(mine.group + count * t->members, t->group + i * t->members, (size_t)t->members);
      mine.height[count] = t->height[i];
      mine.part[count] = t->part[i];
      mine.number[count++] = t->number[i];
      own += !halo;
    }
  /* an ion on the cut belongs to both */
  mine.count = count;
  csro_labelled_ions ions = labelled(&mine);
  ions.own = own;
  if (bins->height)
    here.height = mine.height;
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, &here, counts));
  free_trial(&mine);
}

static void check_kind(const csro_neighbour_bins *bins) {
  trial t = make_trial(IONS, MEMBERS);
  const csro_labelled_ions ions = labelled(&t);
  csro_neighbour_counts found, expected, first, second;
  context.threads = 1;
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, bins, &expected));
  count_slowly(&t, bins, &expected);
  for (int threads = 1; threads <= 5; threads += 2) {
    context.threads = threads;
    CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, bins, &found));
    check_equal(&found, &expected);
    csro_neighbour_counts_release(&found);
  }
  count_part(&t, bins, 0, &first);
  count_part(&t, bins, 1, &second);
  for (int64_t k = 0; k < first.size; k++)
    first.sums[k] += second.sums[k];
  check_equal(&first, &expected);
  csro_neighbour_counts_release(&first);
  csro_neighbour_counts_release(&second);
  csro_neighbour_counts_release(&expected);
  free_trial(&t);
}

static void check_errors(void) {
  trial t = make_trial(20, 1);
  csro_labelled_ions ions = labelled(&t);
  csro_neighbour_counts counts;
  csro_neighbour_bins bins = {CSRO_NEIGHBOURS_SHELLS, 4, 1, 1, 0, 0, NULL};
  CHECK_FAILS(&context, csro_neighbour_counts_make(&context, &ions, &bins, &counts),
              CSRO_ERROR_ARGUMENT, "4 bins from 1 to 1");
  bins.last = 1000;
  CHECK_FAILS(&context, csro_neighbour_counts_make(&context, &ions, &bins, &counts),
              CSRO_ERROR_ARGUMENT, "at most 100 nm");
  CHECK(!counts.sums);
  ions.points.count = ions.own = 0;
  bins.last = 2;
  CHECK_OK(&context, csro_neighbour_counts_make(&context, &ions, &bins, &counts));
  CHECK_EQ(counts.ions[0], 0);
  csro_neighbour_counts_release(&counts);
  free_trial(&t);
}

static void check_periods(void) {
  const double xyz[][3] = {{0.1, 1, 1}, {2.9, 1, 1}, {3.05, 1, 2.9}},
               bounds[6] = {0, 3, 0, 3, 0, 3};
  const csro_points points = {xyz, true, 3};
  csro_periodic_ions ions;
  const double period[3] = {3, 0, 3};
  CHECK_OK(&context, csro_periodic_ions_make(&context, &points, bounds, period, 0.5, &ions));
  CHECK_EQ(ions.count, 3 + ions.images);
  CHECK_EQ(ions.images, 1 + 1 + 3); /* the last one near an edge of the box */
  CHECK_NEAR(ions.xyz[6], 0.05, 1e-12);
  CHECK_NEAR(ions.xyz[9], 3.1, 1e-12);
  CHECK_EQ(ions.of[0], 0);
  CHECK_NEAR(ions.bounds[0], -0.5, 1e-12);
  CHECK_NEAR(ions.bounds[2], 0, 1e-12);
  csro_periodic_ions_release(&ions);
  CHECK_FAILS(&context, csro_periodic_ions_make(&context, &points, bounds, period, 2, &ions),
              CSRO_ERROR_ARGUMENT, "period of 3 nm along x");
  const double shorter[3] = {2, 0, 0};
  CHECK_FAILS(&context, csro_periodic_ions_make(&context, &points, bounds, shorter, 0.5, &ions),
              CSRO_ERROR_DATA, "span 3 nm along x");
}

int main(void) {
  csro_context_init(&context);
  trial t = make_trial(IONS, MEMBERS);
  check_kind(&(csro_neighbour_bins){CSRO_NEIGHBOURS_SHELLS, 7, 0.1, 0.9, 0, 0, NULL});
  check_kind(&(csro_neighbour_bins){CSRO_NEIGHBOURS_RANKED, 12, 0, 0.6, 0, 0, NULL});
  check_kind(&(csro_neighbour_bins){CSRO_NEIGHBOURS_RANKED, 3, 0, 3, 0, 0, NULL});
  check_kind(&(csro_neighbour_bins){CSRO_NEIGHBOURS_PLANES, 30, 0, 3, 0.5, 0.2, t.height});
  free_trial(&t);
  check_errors();
  check_periods();
  return check_end();
}

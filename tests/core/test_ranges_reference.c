/* Range files of real laboratories, and how many ions they label. */
#include "check.h"
#include "csro/ions.h"
#include "csro/ranges.h"

typedef struct expectation {
  const char *name;
  int count, touching, elements;
  int one, several, none; /* ranges of one element alone, of several atoms, without elements */
  double lo, hi;          /* Da, over all ranges */
  const char *list;       /* the elements */
} expectation;

static const expectation files[] = {
    {"ranges/recon_v01.RRNG", 12, 0, 6, 11, 0, 1, 1.004, 29.039, "Al Fe H O C un1 "},
    {"ranges/example-rrng.rrng", 13, 5, 8, 13, 0, 0, 5.8962, 66.729, "C Si Cr V Fe Ni Cu Mo "},
    {"ranges/Ranges_R45_2434-v01.rrng", 13, 1, 2, 4, 9, 0, 15.883, 106.671, "O Ni "},
    {"ranges/Mo_range.rrng", 46, 0, 8, 32, 14, 0, 10.281, 62.061, "Mo N O P Ga S Fe W "},
    {"ranges/R31_06365-v02.rrng", 72, 0, 17, 46, 26, 0, 5.498, 80.109,
     "C O Ti Fe Al Si Cr Mn Co Y Ga H Ni V Mo B As "},
    {"ranges/R18_53705-v03.rng", 2, 0, 1, 2, 0, 0, 13.3473, 27.3571, "Al "},
    {"ranges/R18_59377.rng", 39, 2, 11, 39, 0, 0, 0.949, 93.724, "Ni Co C Al Cr Mo W Ta B H Si "},
};

static void check_compositions(const csro_ranges *ranges, const expectation *expected) {
  int one = 0, several = 0, none = 0;
  double lo = 1e9, hi = 0;
  for (int i = 0; i < ranges->count; i++) {
    const csro_range *range = &ranges->range[i];
    const csro_species *species = &ranges->species[range->species];
    int atoms = 0;
    for (int k = 0; k < species->components; k++)
      atoms += species->component[k].count;
    one += atoms == 1;
    several += atoms > 1;
    none += atoms == 0;
    lo = range->lo < lo ? range->lo : lo;
    hi = range->hi > hi ? range->hi : hi;
  }
  CHECK_EQ(one, expected->one);
  CHECK_EQ(several, expected->several);
  CHECK_EQ(none, expected->none);
  CHECK_NEAR(lo, expected->lo, 0);
  CHECK_NEAR(hi, expected->hi, 0);
}

static void test_file(csro_context *context, const expectation *expected) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_read(context, check_reference(expected->name), &ranges));
  CHECK_EQ(ranges->count, expected->count);
  CHECK_EQ(ranges->declared, expected->count);
  CHECK_EQ(ranges->overlaps, 0);
  CHECK_EQ(ranges->touching, expected->touching);
  CHECK_EQ(ranges->duplicates, 0);
  CHECK_EQ(ranges->inverted, 0);
  CHECK((ranges->report[0] == 0) == (expected->touching == 0));
  CHECK_EQ(ranges->element_count, expected->elements);
  char list[256] = "";
  for (int i = 0; i < ranges->element_count; i++) {
    strcat(list, ranges->elements[i]);
    strcat(list, " ");
  }
  CHECK(strcmp(list, expected->list) == 0);
  check_compositions(ranges, expected);
  csro_ranges_destroy(&ranges);
}

static void read_and_label(csro_context *context, const char *ions_path, const char *ranges_path,
                           int64_t count[6]) {
  csro_ions ions;
  csro_ranges *ranges;
  CHECK_OK(context, csro_ions_read(context, ions_path, 0, 1, &ions));
  CHECK_OK(context, csro_ranges_read(context, ranges_path, &ranges));
  uint16_t *label = malloc((size_t)ions.count * sizeof *label);
  CHECK_OK(context,
           csro_ranges_apply(context, ranges, ions.mass, ions.is_double, ions.count, label));
  for (int64_t i = 0; i < ions.count; i++)
    if (label[i] < 6)
      count[label[i]]++;
  free(label);
  csro_ranges_destroy(&ranges);
  csro_ions_release(&ions);
}

/* The same ranges in both formats give the same labels and species. */
static void test_same_ranges(csro_context *context) {
  csro_ions ions;
  csro_ranges *ranges[2];
  uint16_t *label[2];
  CHECK_OK(context,
           csro_ions_read(context, check_reference("tungsten/W_TAP_110cal.pos"), 0, 1, &ions));
  for (int k = 0; k < 2; k++) {
    const char *path = check_reference(k ? "tungsten/W.rng" : "tungsten/W.rrng");
    CHECK_OK(context, csro_ranges_read(context, path, &ranges[k]));
    label[k] = malloc((size_t)ions.count * sizeof *label[k]);
    CHECK_OK(context, csro_ranges_apply(context, ranges[k], ions.mass, ions.is_double, ions.count,
                                        label[k]));
    CHECK_EQ(ranges[k]->count, 4);
    CHECK(strcmp(ranges[k]->species[0].name, "W") == 0);
    CHECK_NEAR(ranges[k]->species[0].color[0], 0.6, 1e-6);
  }
  CHECK(memcmp(label[0], label[1], (size_t)ions.count * sizeof *label[0]) == 0);
  for (int k = 0; k < 2; k++) {
    csro_ranges_destroy(&ranges[k]);
    free(label[k]);
  }
  csro_ions_release(&ions);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    test_file(&context, &files[i]);
  test_same_ranges(&context);
  int64_t tungsten[6] = {0}, small[6] = {0};
  read_and_label(&context, check_reference("tungsten/W_TAP_110cal.pos"),
                 check_reference("tungsten/W.rrng"), tungsten);
  CHECK_EQ(tungsten[1], 54620);
  CHECK_EQ(tungsten[0], 79138 - 54620);
  static const int64_t expected[6] = {805, 16970, 16800, 16721, 1334, 0};
  read_and_label(&context, check_reference("small/data.pos"),
                 check_reference("small/specimen.rrng"), small);
  for (int k = 0; k < 6; k++)
    CHECK_EQ(small[k], expected[k]);
  return check_end();
}

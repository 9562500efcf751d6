/* Species of ions that have labels already: by name, and by the types of an .apt file. */
#include "check.h"
#include "csro/composition.h"

static void test_names(csro_context *context) {
  static const char *const names[] = {"Ni", "Cr2O3", "un1", "NiO2+", "OH"};
  static const float colors[][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 0}, {0, 1, 1}};
  static const int components[] = {1, 2, 0, 2, 2};
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_of_names(context, 5, names, NULL, colors, &ranges));
  CHECK(ranges->count == 0 && ranges->species_count == 5 && ranges->report[0] == 0);
  for (int i = 0; i < 5; i++) {
    CHECK(strcmp(ranges->species[i].name, names[i]) == 0);
    CHECK(memcmp(ranges->species[i].color, colors[i], sizeof colors[i]) == 0);
    CHECK_EQ(ranges->species[i].components, components[i]);
  }
  CHECK_EQ(ranges->species[1].component[1].count, 3);
  csro_atom_kinds *kinds;
  CHECK_OK(context, csro_atom_kinds_create(context, ranges, CSRO_ISOTOPES_MERGED, &kinds));
  CHECK_EQ(ranges->species[3].charge, 2);
  CHECK_EQ(kinds->count, 5); /* Ni Cr O un1 H */
  csro_atom_kinds_destroy(&kinds);
  csro_ranges_destroy(&ranges);
  CHECK_OK(context, csro_ranges_of_names(context, 0, NULL, NULL, NULL, &ranges));
  CHECK_EQ(ranges->species_count, 0);
  csro_ranges_destroy(&ranges);
  char longest[65] = {0};
  memset(longest, 'x', 64);
  const char *const bad[] = {"Ni", longest}, *const empty[] = {""};
  CHECK_FAILS(context, csro_ranges_of_names(context, 2, bad, NULL, colors, &ranges),
              CSRO_ERROR_DATA, "species 2 is named 'xxxx");
  CHECK(!ranges);
  CHECK_FAILS(context, csro_ranges_of_names(context, 1, empty, NULL, colors, &ranges),
              CSRO_ERROR_DATA, "species 1 is named ''");
}

static void test_types(csro_context *context) {
  enum { count = 200000 };
  uint8_t *type = malloc(count);
  uint16_t *label = malloc(count * sizeof *label);
  int types;
  for (int i = 0; i < count; i++)
    type[i] = i == 150000 ? 254 : i % 3 ? (uint8_t)(i % 7) : 255;
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    CHECK_OK(context, csro_types_apply(context, type, count, label, &types));
    CHECK_EQ(types, 255);
    for (int i = 0; i < count; i++)
      CHECK(label[i] == (type[i] == 255 ? 0 : type[i] + 1));
    CHECK_OK(context, csro_types_apply(context, type, 150000, label, &types));
    CHECK_EQ(types, 7);
    CHECK_OK(context, csro_types_apply(context, type, 1, label, &types));
    CHECK_EQ(types, 0);
    CHECK_OK(context, csro_types_apply(context, type, 0, label, &types));
    CHECK_EQ(types, 0);
  }
  free(type);
  free(label);
}

static void test_species_of_types(csro_context *context) {
  csro_ranges *ranges;
  CHECK_OK(context, csro_ranges_of_types(context, 255, &ranges));
  CHECK_EQ(ranges->species_count, 255);
  CHECK(strcmp(ranges->species[0].name, "IonType0") == 0);
  CHECK(strcmp(ranges->species[254].name, "IonType254") == 0);
  for (int i = 0; i < 255; i++) {
    const float *color = ranges->species[i].color;
    CHECK_EQ(ranges->species[i].components, 0);
    for (int k = 0; k < 3; k++)
      CHECK(color[k] >= 0 && color[k] <= 1);
    for (int j = i - 1; j >= 0 && j > i - 8; j--) { /* neighbours are told apart */
      const float *other = ranges->species[j].color;
      CHECK(fabsf(color[0] - other[0]) + fabsf(color[1] - other[1]) + fabsf(color[2] - other[2]) >
            0.2f);
    }
  }
  csro_ranges_destroy(&ranges);
  CHECK_OK(context, csro_ranges_of_types(context, 0, &ranges));
  csro_ranges_destroy(&ranges);
  CHECK_FAILS(context, csro_ranges_of_types(context, 256, &ranges), CSRO_ERROR_ARGUMENT,
              "256 types of ions, expected 0 to 255");
  CHECK(!ranges);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_names(&context);
  test_types(&context);
  test_species_of_types(&context);
  return check_end();
}

/* Ions of real specimens: counts and bounds. */
#include "check.h"
#include "csro/ions.h"

#include <float.h>

static void test_tungsten(csro_context *context, const char *path) {
  static const double bounds[4][2] = {{-14.042737007141113, 14.021430015563965},
                                      {-14.045472145080566, 14.037917137145996},
                                      {-5.364579677581787, -0.0056808823719620705},
                                      {0.2265355885028839, 199.9769744873047}};
  csro_ions ions;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK_EQ(ions.count, 79138);
  CHECK_EQ(ions.total, 79138);
  CHECK(!ions.is_double);
  for (int k = 0; k < 4; k++) {
    double low = DBL_MAX, high = -DBL_MAX;
    for (int64_t i = 0; i < ions.count; i++) {
      double v = k < 3 ? ((float *)ions.xyz)[3 * i + k] : ((float *)ions.mass)[i];
      low = v < low ? v : low;
      high = v > high ? v : high;
    }
    CHECK_NEAR(low, bounds[k][0], 0);
    CHECK_NEAR(high, bounds[k][1], 0);
  }
  csro_ions_release(&ions);
}

/* The same ions, with what the instrument measured. */
static void test_epos(csro_context *context, const char *pos_path, const char *path) {
  csro_ions pos, epos;
  CHECK_OK(context, csro_ions_read(context, pos_path, 0, 1, &pos));
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &epos));
  CHECK_EQ(epos.count, pos.count);
  CHECK(memcmp(epos.xyz, pos.xyz, (size_t)pos.count * 3 * sizeof(float)) == 0);
  CHECK(memcmp(epos.mass, pos.mass, (size_t)pos.count * sizeof(float)) == 0);
  CHECK_EQ(epos.column_count, 7);
  CHECK(strcmp(epos.note, "") == 0);
  CHECK(strcmp(epos.columns[1].unit, "V") == 0);
  CHECK(((float *)epos.columns[1].data)[0] == 14563.521484375f);
  CHECK_EQ(((int32_t *)epos.columns[5].data)[8], 3);
  csro_ions_release(&pos);
  csro_ions_release(&epos);
}

/* Without a header line: the first ion must be there. */
static void test_text(csro_context *context, const char *path, int64_t count,
                      const double first[4]) {
  csro_ions ions;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK_EQ(ions.count, count);
  CHECK(ions.is_double);
  for (int k = 0; k < 3; k++)
    CHECK_NEAR(((double *)ions.xyz)[k], first[k], 0);
  CHECK_NEAR(((double *)ions.mass)[0], first[3], 0);
  csro_ions_release(&ions);
}

/* Text whose columns stand elsewhere than in the first four places. */
static void test_met(csro_context *context, const char *path) {
  static const double xyz[9] = {1.5, -2.5, -10, 0.5, 0.25, -11, -4, 1, -12}, mass[3] = {27, 43, 60};
  csro_ions ions;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK_EQ(ions.count, 3);
  CHECK(memcmp(ions.xyz, xyz, sizeof xyz) == 0);
  CHECK(memcmp(ions.mass, mass, sizeof mass) == 0);
  CHECK(!ions.species && ions.note[0] == 0);
  csro_ions_release(&ions);
}

/* Text with labels and without masses. */
static void test_labels(csro_context *context, const char *path, const char *second) {
  static const double xyz[6] = {1.5, -2.5, -10, 0.5, 0.25, -11};
  csro_ions ions;
  CHECK_OK(context, csro_ions_read(context, path, 0, 1, &ions));
  CHECK_EQ(ions.count, 2);
  CHECK(!ions.mass && memcmp(ions.xyz, xyz, sizeof xyz) == 0);
  CHECK_EQ(ions.species_count, 2);
  CHECK(ions.species && ions.species[0] == 1 && ions.species[1] == 2);
  CHECK(strcmp(ions.species_names[0], "Al") == 0 && strcmp(ions.species_names[1], second) == 0);
  csro_ions_release(&ions);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_tungsten(&context, check_reference("tungsten/W_TAP_110cal.pos"));
  test_epos(&context, check_reference("tungsten/W_TAP_110cal.pos"),
            check_reference("tungsten/W_TAP_110cal.epos"));
  const char *data = check_reference("real_nini/"
                                     "NiNi_10_10_-120_0nm_above_3.75_win_1_stride_0.5.csv");
  const char *copy = check_reference("real_nini/"
                                     "Random_NiNi_10_10_-120_0nm_above_3.75_win_1_stride_0.5.csv");
  test_text(&context, data, 39944, (double[]){-6.235, -8.691, -118.959, 25.967});
  test_text(&context, copy, 33139, (double[]){-7.655, -7.221, -118.970, 26.954});
  test_met(&context, check_reference("files_met/01_paraview_save_data.txt"));
  test_met(&context, check_reference("files_met/02_paraview_spreadsheet.csv"));
  test_met(&context, check_reference("files_met/03_mass_is_fifth.csv"));
  test_met(&context, check_reference("files_met/04_mass_is_third.csv"));
  test_labels(&context, check_reference("files_met/28_label_first.txt"), "O");
  test_labels(&context, check_reference("files_met/29_label_last.txt"), "AlO");
  return check_end();
}

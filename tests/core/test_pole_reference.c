/* Tungsten with a 110 pole: its spacing, and where it is. */
#include "check.h"
#include "csro/pole.h"
#include "pos_points.h"

int main(void) {
  csro_context context;
  csro_context_init(&context);
  const char *ions = CSRO_REFERENCE_DIR "/tungsten/W_TAP_110cal.pos";
  FILE *file = fopen(ions, "rb");
  if (!file)
    return 77;
  fclose(file);
  pos_points data = pos_points_read(&context, ions, CSRO_REFERENCE_DIR "/tungsten/W.rrng");
  csro_pole_options options;
  csro_pole_summary s;
  csro_pole_options_init(&options);
  CHECK_OK(&context, csro_pole_measure(&context, &data.points, data.label, &options, &s));
  CHECK(s.found);
  CHECK_NEAR(s.spacing, 0.2238, 0.005 * 0.2238);
  CHECK_NEAR(hypot(s.axis[0] - 0.7, s.axis[1] + 0.5), 0, 0.75);
  if (getenv("CSRO_SHOW"))
    printf("lnp %g spacing %g +- %g tilt %g +- %g axis %g %g %g share %g coherence %g sigma %g "
           "R %g grains %d crop %g..%g %g..%g %g..%g %g block %g\n",
           s.log_chance, s.spacing, s.spacing_error, s.tilt, s.tilt_error, s.axis[0], s.axis[1],
           s.axis_coherence, s.share, s.coherence, s.sigma_z, 1 / s.curvature, s.orientations,
           s.crop[0], s.crop[1], s.crop[2], s.crop[3], s.crop[4], s.crop[5], s.crop_share, s.block);
  pos_points_free(&data);
  return check_failures > 0;
}

#include "quality/report_writer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double significant = 5; /* standard errors */

/* Spacings of planes that people look at, nm. */
static const struct {
  const char *name;
  double spacing;
} lattices[] = {
    {"Al 002", 0.2025},  {"Al 111", 0.2338},      {"Ni 002", 0.1762},        {"Ni 111", 0.2035},
    {"Cu 002", 0.1808},  {"Cu 111", 0.2087},      {"CoCrNi 002", 0.1783},    {"CoCrNi 111", 0.2059},
    {"Fe 110", 0.2027},  {"Fe 200", 0.1433},      {"W 110", 0.2238},         {"W 200", 0.1583},
    {"Cr 110", 0.2040},  {"austenite 002", 0.18}, {"austenite 111", 0.2078}, {"Ti 0002", 0.2342},
    {"Mg 0002", 0.2605}, {"Zr 0002", 0.2574},     {"Si 111", 0.3136},        {"Si 022", 0.1920}};

/* Up to three names within 1.5 %, the nearest first. */
static void name_lattices(double spacing, char *text, size_t size) {
  const size_t count = sizeof lattices / sizeof *lattices;
  bool used[sizeof lattices / sizeof *lattices] = {false};
  text[0] = 0;
  for (int k = 0; k < 3; k++) {
    size_t best = count;
    for (size_t l = 0; l < count; l++)
      if (!used[l] && fabs(lattices[l].spacing / spacing - 1) < 0.015 &&
          (best == count ||
           fabs(lattices[l].spacing - spacing) < fabs(lattices[best].spacing - spacing)))
        best = l;
    if (best == count)
      break;
    used[best] = true;
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s", k > 0 ? ", " : "", lattices[best].name);
  }
  if (!text[0])
    snprintf(text, size, "no lattice of the list");
}

static void add_spacing(csro_report_writer *w, const csro_pole_summary *s) {
  double wanted = w->options->spacing, off = wanted > 0 ? s->spacing / wanted - 1 : 0;
  char names[128];
  name_lattices(s->spacing, names, sizeof names);
  if (wanted > 0 && fabs(off) > 0.02)
    csro_report_add(w, "Plane spacing", s->spacing, s->spacing_error, "nm",
                    fabs(off) > 0.08 ? CSRO_VERDICT_BAD : CSRO_VERDICT_WARNING,
                    "spacing of the planes is %.1f %% off the %.4f nm of the model (near: %s): "
                    "choose the model of this lattice and pole, or calibrate the reconstruction",
                    100 * off, wanted, names);
  else
    csro_report_add(w, "Plane spacing", s->spacing, s->spacing_error, "nm", CSRO_VERDICT_OK,
                    "near: %s", names);
}

static void add_tilt(csro_report_writer *w, const csro_pole_summary *s) {
  bool tilted = s->tilt > 0.7 && s->tilt > significant * s->tilt_error;
  csro_verdict verdict = !tilted       ? CSRO_VERDICT_OK
                         : s->tilt > 4 ? CSRO_VERDICT_BAD
                                       : CSRO_VERDICT_WARNING;
  csro_report_add(w, "Tilt", s->tilt, s->tilt_error, "degrees", verdict,
                  tilted ? "planes are tilted by %.1f degrees: order is missed and planes look "
                           "blurred; rotate the ions with Find Pole"
                         : "planes lie across z (%.1f degrees)",
                  s->tilt);
}

static void add_bending(csro_report_writer *w, const csro_pole_summary *s) {
  if (!isfinite(s->curvature_error))
    return;
  double bent = fabs(s->curvature), height = w->quality->bounds[5] - w->quality->bounds[4];
  bool curved = bent > 1 / 150.0 && bent > significant * s->curvature_error;
  csro_report_add(w, "Radius of curvature", 1 / s->curvature, NAN, "nm",
                  !curved           ? CSRO_VERDICT_OK
                  : bent > 1 / 40.0 ? CSRO_VERDICT_BAD
                                    : CSRO_VERDICT_WARNING,
                  curved
                      ? "planes are curved with a radius of %.0f nm: away from the axis they are "
                        "tilted and blurred; keep to a narrow column about the pole"
                      : "planes are flat (radius above %.0f nm)",
                  curved ? 1 / bent : 1 / fmax(bent + 2 * s->curvature_error, 1e-6));
  double drift = 100 * s->drift * height, error = 100 * s->drift_error * height;
  bool drifts = fabs(drift) > 0.7 && fabs(drift) > significant * error;
  csro_report_add(w, "Spacing drift", drift, error, "%",
                  !drifts           ? CSRO_VERDICT_OK
                  : fabs(drift) > 5 ? CSRO_VERDICT_BAD
                                    : CSRO_VERDICT_WARNING,
                  drifts
                      ? "spacing of the planes drifts by %.1f %% along z: the depth scale of the "
                        "reconstruction changes; analyse slices, or reconstruct anew"
                      : "spacing of the planes is the same along z (%.1f %%)",
                  drift);
}

static void add_grains(csro_report_writer *w, const csro_pole_summary *s) {
  if (s->orientations > 1)
    csro_report_add(
        w, "Orientations", s->orientations, NAN, "", CSRO_VERDICT_BAD,
        "there is a second grain, %.1f degrees away, with %.0f %% of the ions that show "
        "planes: order is told in one grain at a time; crop to the first",
        s->kink, 100 * s->second_share);
  else
    csro_report_add(w, "Orientations", s->orientations, NAN, "", CSRO_VERDICT_OK,
                    "one grain (grains turned about the pole look alike)");
}

void csro_report_planes(csro_report_writer *w) {
  const csro_pole_summary *s = &w->quality->map->summary;
  if (!s->found) {
    csro_report_add(w, "Coherence", 0, NAN, "", CSRO_VERDICT_BAD,
                    "no lattice planes are seen within the cone about z: no order can be told from "
                    "plane to plane");
    return;
  }
  bool blurred = s->coherence < 0.05, in_part = s->share < 0.8;
  csro_report_add(
      w, "Coherence", s->coherence, NAN, "", blurred ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
      blurred ? "planes are hardly resolved (sigma_z %.3f nm): only large domains are seen"
              : "planes are resolved (sigma_z %.3f nm)",
      s->sigma_z);
  csro_report_add(w, "SigmaZ", s->sigma_z, NAN, "nm", CSRO_VERDICT_OK,
                  "holds for the %.0f %% of the ions in blocks that show planes", 100 * s->share);
  csro_report_add(w, "Share with planes", s->share, NAN, "",
                  !in_part ? CSRO_VERDICT_OK : CSRO_VERDICT_WARNING,
                  in_part ? "planes are resolved around %.0f %% of the ions only: densities and "
                            "detection limits hold there"
                          : "planes are resolved around %.0f %% of the ions",
                  100 * s->share);
  add_spacing(w, s);
  add_tilt(w, s);
  add_bending(w, s);
  add_grains(w, s);
}

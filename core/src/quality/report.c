#include "quality/report_writer.h"

#include <stdio.h>
#include <stdlib.h>

static const char *first_bad(const csro_quality_report *report) {
  for (int64_t r = 0; r < report->count; r++)
    if (report->rows[r].verdict == CSRO_VERDICT_BAD)
      return report->rows[r].words;
  return "";
}

/* One line for the whole. */
static void conclude(const csro_quality *q, csro_quality_report *report) {
  const csro_pole_summary *s = &q->map->summary;
  const double *crop = s->crop;
  size_t size = sizeof report->words;
  int warnings = 0;
  for (int64_t r = 0; r < report->count; r++)
    warnings += report->rows[r].verdict != CSRO_VERDICT_OK;
  const char *points = warnings == 1 ? "point" : "points";
  if (!s->found || s->orientations == 0)
    snprintf(report->words, size,
             "not usable along this pole: no lattice planes are seen across z, order from plane to "
             "plane cannot be told");
  else if (s->share < 0.8 || s->orientations > 1)
    snprintf(
        report->words, size,
        "usable in a part of it: planes are resolved in one orientation within x %.1f to %.1f, "
        "y %.1f to %.1f, z %.1f to %.1f nm (%.0f %% of the ions); densities and detection "
        "limits hold there only; %d %s to heed",
        crop[0], crop[1], crop[2], crop[3], crop[4], crop[5], 100 * s->crop_share, warnings,
        points);
  else if (report->verdict == CSRO_VERDICT_BAD)
    snprintf(report->words, size, "not usable as it is: %s", first_bad(report));
  else if (warnings > 0)
    snprintf(report->words, size, "usable along this pole, with %d %s to heed", warnings, points);
  else
    snprintf(report->words, size, "usable along this pole");
}

csro_status csro_quality_report_make(csro_context *context, const csro_quality *quality,
                                     const csro_quality_options *options,
                                     csro_quality_report *report) {
  *report = (csro_quality_report){.verdict = CSRO_VERDICT_OK};
  csro_report_writer writer = {context, quality, options, report, 0, CSRO_OK};
  csro_report_planes(&writer);
  csro_report_species_planes(&writer);
  csro_report_density(&writer);
  csro_report_composition(&writer);
  csro_report_hits(&writer);
  csro_report_pile_up(&writer);
  conclude(quality, report);
  if (writer.status != CSRO_OK)
    csro_quality_report_release(report);
  return writer.status;
}

void csro_quality_report_release(csro_quality_report *report) {
  if (!report)
    return;
  free(report->rows);
  *report = (csro_quality_report){0};
}

/* Which wave vectors the ions show at all: the power spectra of blocks, added up. */
#ifndef CSRO_POLE_SCAN_H
#define CSRO_POLE_SCAN_H

#include "csro/pole.h"

/* Blocks of about 5 x 5 x height nm in a frame of its own, of which up to CSRO_SCAN_BLOCKS are
 * looked at. Their ions are counted in columns along the third axis. */
typedef struct csro_pole_scan {
  double frame[3][3]; /* axes of the frame */
  double origin[3], size[3];
  int64_t n[3];
  int64_t chosen;
  int32_t *slot; /* [blocks] the place among the chosen, -1 for others */
  int bins;      /* along the third axis */
  int heights;   /* wave numbers along it: first + step k */
  double first, step, tilt, spacing[2];
} csro_pole_scan;

enum {
  CSRO_SCAN_BLOCKS = 128,
  CSRO_SCAN_COLUMNS = 16,
  CSRO_SCAN_LATERAL = 25,
  CSRO_SCAN_HEIGHT = 10
};

/* The layout for bounds of the ions and the direction that the scan looks along; blocks of
 * CSRO_SCAN_HEIGHT see planes that change along z, higher ones see weaker planes. */
csro_status csro_pole_scan_init(csro_context *context, const double bounds[6],
                                const double direction[3], double height,
                                const csro_pole_options *options, csro_pole_scan *scan);
void csro_pole_scan_release(csro_pole_scan *scan);

static inline int64_t csro_pole_scan_blocks(const csro_pole_scan *scan) {
  return scan->n[0] * scan->n[1] * scan->n[2];
}
/* First pass: counts[blocks] of the ions. Then, with those of all processes, blocks are chosen. */
void csro_pole_scan_count(const csro_context *context, const csro_pole_scan *scan,
                          const csro_points *points, const uint16_t *label, int32_t *counts);
csro_status csro_pole_scan_choose(csro_context *context, csro_pole_scan *scan,
                                  const int32_t *counts);
/* Second pass: ions of each bin, [chosen][COLUMNS][COLUMNS][bins]. */
static inline int64_t csro_pole_scan_bins(const csro_pole_scan *scan) {
  return scan->chosen * CSRO_SCAN_COLUMNS * CSRO_SCAN_COLUMNS * scan->bins;
}
void csro_pole_scan_fill(const csro_context *context, const csro_pole_scan *scan,
                         const csro_points *points, const uint16_t *label, int32_t *bins);
/* Whether two peaks of blocks are one: closer than what these tell apart. */
bool csro_pole_is_same(const double a[3], const double b[3]);
/* Puts a peak into a list of up to `most`, the least likely first, unless one of it is stronger. */
void csro_pole_list(const csro_pole_direction *peak, int most, csro_pole_direction *peaks,
                    int *count);
/* Takes peaks out that are only what blocks and their columns make of stronger ones: sidelobes and
 * aliases. peaks[*count] of scans of these bounds, the strongest first. */
csro_status csro_pole_prune(csro_context *context, const double bounds[6],
                            const csro_pole_options *options, csro_pole_direction *peaks,
                            int *count);
/* The strongest `most` of the peaks, the least likely first; *noise is what a wave number without
 * planes has on average (1 for independent ions). The first peak is given even if it is likely, the
 * others up to log_chance `least`. */
csro_status csro_pole_scan_peaks(csro_context *context, const csro_pole_scan *scan,
                                 const int32_t *bins, double least, int most,
                                 csro_pole_direction *peaks, int *count, double *noise);

#endif

/* Specimens of known truth for bench_detection, and how Detect Order looks at them. */
#ifndef CSRO_BENCH_DETECTION_SAMPLE_H
#define CSRO_BENCH_DETECTION_SAMPLE_H

#include "csro/detection.h"
#include "csro/order.h"

enum { NICKEL = 3, HYDROGEN = 4, LABELS = 5 };
static const double far_away = 0.75; /* nm, of voxels outside and of decoys */

typedef struct sample {
  csro_context *context;
  csro_specimen specimen;
  csro_specimen_ions made;
  csro_points points;
  int64_t domains;
  csro_true_domain *truth;
  int64_t *true_domain; /* of each ion */
  csro_grid grid;
  int64_t voxels;
  int32_t *voxel_truth;
  int32_t *voxel_ions;
  csro_pole_map map;
  csro_planes planes;
  float *even;
  double sigma_xy;      /* that was searched with last */
  double plane_seconds; /* of CPU, to find the planes and the parity of the ions */
} sample;

/* Ends the program after an error. */
void must(csro_context *context, csro_status status);
void *need(csro_context *context, size_t count, size_t size);
/* CPU time of the program, s. */
double cpu_seconds(void);

/* The frustum of which the benchmark makes all specimens: radius 7.5 to 10.5 nm, a = 0.36 nm,
 * efficiency 0.52, noise 0.3 nm in x and y, 0.05 domains per nm^3 of 0.7 to 2.0 nm. */
csro_specimen bench_frustum(double height);

/* Sine of the angle between the planes and z at r, about. */
double sine_of_tilt(const csro_specimen *specimen, const double r[3]);

/* Makes the ions of a specimen, their voxels and truth. without_hydrogen: hydrogen is unranged.
 * blur_of: NULL, or a specimen that is tilted, curved or of two grains: every ion gets the noise
 * along z, beyond its own, that sigma_xy makes across the planes of that specimen where it is. */
void sample_make(csro_context *context, const csro_specimen *specimen, bool without_hydrogen,
                 const csro_specimen *blur_of, sample *s);
void sample_release(sample *s);

/* The parity of each ion by the planes, as Detect Order finds them. */
void sample_planes(sample *s);

/* The label of the species in which every second plane is found to be rich (csro/kinds.h), of that
 * which comes nearest where none is. */
uint16_t sample_species(const sample *s);

/* What is looked for. */
typedef struct sought {
  uint16_t rich;     /* label of the species that every second plane is rich in */
  double sigma_xy;   /* as the user sets it; 0: as measured */
  bool same_species; /* only its ions speak */
  uint16_t rival;    /* label of another species that is found to order in the same ions; 0: none */
} sought;

/* What Detect Order does with the planes, and nothing else: all that the tables say comes from
 * here. probability[voxels] may be NULL; it is that before the comparison with chance. */
csro_status sample_search(sample *s, const sought *what, const uint16_t *label, float *probability,
                          csro_order *order);

/* Domains of each size class, and how many of them tests find that have to tell them from decoys,
 * one per nm^3, at 10 % false ones. */
typedef struct told_counts {
  double *all;    /* [classes] */
  double *told;   /* by a test that knows place and size of each */
  double *around; /* by one that knows neither, but takes the best of each cubic nanometre */
} told_counts;

/* Added to the counts. */
void sample_told(const sample *s, uint16_t rich, const csro_size_classes *classes,
                 told_counts *counts);

#endif

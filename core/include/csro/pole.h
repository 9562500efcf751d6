/* Where the lattice planes across z really lie, from the ions alone. Their wave vector k (1/nm;
 * across the planes, 1/|k| is their spacing) is looked for in blocks of about 5 nm within a cone
 * about z, and joined into a map. Lengths in nm, angles in degrees. */
#ifndef CSRO_POLE_H
#define CSRO_POLE_H

#include "csro/ions.h"

CSRO_API_BEGIN

/* What is looked for. CSRO_ERROR_ARGUMENT unless 0.05 <= spacing[0] < spacing[1] <= 1 and tilt is 0
 * to 15. */
typedef struct csro_pole_options {
  double spacing[2];   /* smallest and largest spacing of the planes */
  double tilt;         /* largest angle between the normal of the planes and z */
  bool all_directions; /* also look for planes in all directions; takes a hundred scans more */
} csro_pole_options;

/* 0.12 to 0.4 nm, 12 degrees, not in all directions. */
void csro_pole_options_init(csro_pole_options *options);

/* Planes that are seen in any direction. */
enum { CSRO_POLES = 20 };
typedef struct csro_pole_direction {
  double wave[3];    /* k, to within half of what blocks of 5 nm tell apart; z not negative */
  double log_chance; /* ln of the chance of ions without planes, a bound */
  double coherence;  /* about: within blocks of 5 x 5 x 10 nm */
  double seen[3];    /* direction of the scan that saw it */
} csro_pole_direction;

/* A block of the map. */
typedef struct csro_pole_block {
  double box[6];
  double center[3]; /* of its ions */
  int64_t ions;
  bool resolved;       /* it shows planes: one chance in a hundred that one block of all the blocks
                          shows them without having any. The rest is 0, and -1, without */
  double wave[3];      /* k */
  double deviation[3]; /* standard errors of k, where the noise is that of counting */
  double coherence;    /* 0 .. 1 */
  double power;    /* what ions without planes have 1 of on average, exponentially distributed */
  int orientation; /* 0 the largest, -1 none */
} csro_pole_block;

/* What the blocks say together. Numbers of planes (all from `wave` on) are those of the largest
 * orientation, and 0 where none are found. */
typedef struct csro_pole_summary {
  bool found;            /* fewer than one chance in 10^4 that ions without planes look like this */
  double log_chance;     /* ln of that chance, a bound; found or not */
  double wave[3];        /* mean k; z component positive */
  double spacing;        /* perpendicular to the planes */
  double spacing_error;  /* standard error */
  double tilt;           /* angle between the normal of the planes and z */
  double tilt_x, tilt_y; /* by how much the planes are turned about x, and about y */
  double tilt_error;     /* standard error */
  double coherence;      /* |mean exp(2 pi i k r)| within blocks, without the part of chance */
  double sigma_z;   /* spread across the planes that gives this coherence: exp(-2 pi^2 sigma^2 /
                       d^2). Contains sigma_xy sin(tilt), and what the planes bend in a block */
  double share;     /* of the ions, in blocks that show planes */
  double curvature; /* 1 / radius of the planes where they are curved most, 1/nm; positive where
                       they bulge towards z */
  double curvature_error; /* standard error; infinite with fewer than 8 blocks with planes (and
                             curvature 0) */
  double drift;           /* relative change of the spacing per nm of z */
  double drift_error;     /* standard error; as of the curvature */
  int orientations;       /* parts whose planes join without a kink, of 5 % of the ions or more */
  double kink;            /* angle between the mean normals of the two largest; 0 for one */
  double second_share;    /* of the ions in blocks with planes, those of the second */
  double crop[6];         /* the box in which planes are resolved */
  double crop_share;      /* of the ions, in it */
  double axis[2];         /* x and y of the cylinder along z of 1 nm radius in which the planes are
                             most coherent */
  double axis_coherence;
  double block; /* edge of the blocks of the map */
  int64_t ions; /* that counted */
} csro_pole_summary;

/* The map. The array belongs to it. */
typedef struct csro_pole_map {
  csro_pole_summary summary;
  int64_t n[3];            /* blocks along x, y, z, x fastest */
  csro_pole_block *blocks; /* [n[0] n[1] n[2]], also without planes */
  int pole_count;
  csro_pole_direction poles[CSRO_POLES]; /* with all_directions: the strongest first */
} csro_pole_map;

/* Finds the planes of the ions with label > 0, of all ions where label is NULL. Blocks too small
 * to show planes are made larger (to 40 nm) until most of them do. No planes is no error. Errors:
 * CSRO_ERROR_ARGUMENT for options; CSRO_ERROR_DATA: no ions, positions that are not finite, or
 * bounds that no specimen has. Same result for any number of threads and order of the ions. Release
 * *map with csro_pole_map_release. */
csro_status csro_pole_find(csro_context *context, const csro_points *points, const uint16_t *label,
                           const csro_pole_options *options, csro_pole_map *map);

/* The summary alone. */
csro_status csro_pole_measure(csro_context *context, const csro_points *points,
                              const uint16_t *label, const csro_pole_options *options,
                              csro_pole_summary *summary);

/* Frees the array and zeroes the struct. */
void csro_pole_map_release(csro_pole_map *map);

/* The same where the ions are spread over processes. Each goes through
 *   csro_pole_search_create (with the bounds of all ions)
 *   while csro_pole_search_sums gives sums: csro_pole_search_add (its own ions), the sums of all
 *     processes are added (whole numbers, so in any order), csro_pole_search_step
 *   csro_pole_search_end
 * and has the same map in the end. */
typedef struct csro_pole_search csro_pole_search;
csro_status csro_pole_search_create(csro_context *context, const double bounds[6],
                                    const csro_pole_options *options, csro_pole_search **search);
/* How many sums there are now, and where; 0 when no ions are wanted any more. */
int64_t csro_pole_search_sums(csro_pole_search *search, int32_t **sums);
csro_status csro_pole_search_add(csro_context *context, csro_pole_search *search,
                                 const csro_points *points, const uint16_t *label);
csro_status csro_pole_search_step(csro_context *context, csro_pole_search *search);
csro_status csro_pole_search_end(csro_context *context, csro_pole_search *search,
                                 csro_pole_map *map);
void csro_pole_search_destroy(csro_pole_search **search);

/* The rotation about the centre that lays the planes of this k across z, by the smallest angle:
 * matrix[row][column] of homogeneous coordinates. */
void csro_pole_rotation(const double wave[3], const double center[3], double matrix[4][4]);
/* Applies it: out[3 count] of the type of the points. */
void csro_pole_rotate(const csro_context *context, const csro_points *points,
                      const double matrix[4][4], void *out);

CSRO_API_END

#endif

/* Recipes: everything that makes a model reproducible, in one XML file (schema:
 * xml/schema/csro-recipe.rng): structures, classes, the noise and detection to simulate, network
 * and training. Lengths in nm. */
#ifndef CSRO_RECIPE_H
#define CSRO_RECIPE_H

#include "csro/structure.h"
#include "csro/train.h"

CSRO_API_BEGIN

/* What varies from pattern to pattern; a grid goes through the first slowest. */
typedef enum csro_recipe_parameter {
  CSRO_VALUE_SIGMA_XY, /* noise across the pole, nm */
  CSRO_VALUE_SIGMA_Z,  /* noise along it, nm */
  CSRO_VALUE_EFFICIENCY,
  CSRO_VALUE_COMPOSITION, /* atomic fraction of one species */
  CSRO_VALUE_ORDER,       /* degree of order, 0 .. 1 */
  CSRO_VALUE_DIAMETER,    /* of the ordered domain, nm */
  CSRO_VALUES
} csro_recipe_parameter;

/* The values of one parameter. */
typedef struct csro_value_set {
  int64_t count; /* values of a grid; 0: any value from `from` to `to` is drawn */
  double from, to, step;
} csro_value_set;

/* One class of patterns. */
typedef struct csro_recipe_class {
  char name[32];
  int structure;           /* index */
  int64_t patterns;        /* how many */
  bool given[CSRO_VALUES]; /* false: as the structure has it (the set is one value, 0 or 1) */
  csro_value_set values[CSRO_VALUES];
  int species; /* whose fraction the composition is; -1: none */
} csro_recipe_class;

/* What a pattern is counted in. */
typedef struct csro_recipe_geometry {
  bool ball;              /* else a crystal of cells */
  int cells[3];           /* lattice cells of the crystal */
  double radius;          /* of the ball */
  csro_partners partners; /* in the ball, or in the whole crystal */
  bool domain;            /* order only inside of a sphere ... */
  double offset;          /* ... this far from the voxel's centre at most */
} csro_recipe_geometry;

/* Of csro_recipe_read and its relatives; the arrays belong to it. Each has the length of the count
 * above it. */
typedef struct csro_recipe {
  char name[128];
  int pole[3]; /* hkl along z */
  int species_count;
  char (*species)[16];
  int structure_count;
  csro_structure *structures; /* all with the species above */
  char (*structure_names)[32];
  char (*prototypes)[32]; /* of each structure; its name when the cell is its own */
  int class_count;
  csro_recipe_class *classes; /* the first is the random one */
  int channel_count;
  char (*pairs)[32];
  int (*channels)[2]; /* species of each pair */
  csro_bins bins;
  csro_recipe_geometry geometry;
  csro_preprocessing preprocessing;
  csro_network architecture; /* no memory for weights */
  csro_train_options training;
  double threshold;
  char *text; /* the recipe itself, as it was read */
} csro_recipe;

/* Reads and validates a recipe; refusals name file and line. Release with csro_recipe_destroy. On
 * error *recipe is NULL; CSRO_ERROR_FILE: the file cannot be read, CSRO_ERROR_FORMAT: its content
 * is refused. */
csro_status csro_recipe_read(csro_context *context, const char *path, csro_recipe **recipe);

/* The same from `size` bytes in memory, which are not needed afterwards; `name` stands for the path
 * in messages. */
csro_status csro_recipe_parse(csro_context *context, const char *name, const void *data,
                              size_t size, csro_recipe **recipe);

/* The recipes that ship with the program. */
enum { CSRO_RECIPES_SHIPPED = 3 };
extern const char *const csro_recipe_names[CSRO_RECIPES_SHIPPED]; /* "cocrni-002" ... */
/* Reads a shipped recipe, by its place in csro_recipe_names. Release with csro_recipe_destroy. On
 * error *recipe is NULL; CSRO_ERROR_ARGUMENT: there is no such place. */
csro_status csro_recipe_shipped(csro_context *context, int index, csro_recipe **recipe);

/* Frees the recipe and all that belongs to it and sets the pointer to NULL. */
void csro_recipe_destroy(csro_recipe **recipe);

/* Value k of a grid, summed up as the published one was: 0.2 + 6 steps of 0.05 is just below 0.5.
 */
static inline double csro_value_at(const csro_value_set *set, int64_t k) {
  return set->from + (double)k * ((set->from + set->step) - set->from);
}

/* The descriptive fields of a model of this recipe (name, classes, pairs, bins, preprocessing,
 * lattice, threshold); provenance and members stay empty. Release with csro_model_destroy. On error
 * *model is NULL. */
csro_status csro_recipe_model(csro_context *context, const csro_recipe *recipe, csro_model **model);

CSRO_API_END

#endif

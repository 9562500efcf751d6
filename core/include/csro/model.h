/* A trained model: an ensemble of networks with everything needed to apply it, in one
 * self-describing XML file (schema: xml/schema/csro-model.rng). */
#ifndef CSRO_MODEL_H
#define CSRO_MODEL_H

#include "csro/curve.h"
#include "csro/network.h"

CSRO_API_BEGIN

/* Of csro_model_read and its relatives; the arrays belong to it. */
typedef struct csro_model {
  char name[128];
  int class_count;
  char (*classes)[32]; /* [class_count], "FCC", "CSRO"; class 0 is the random one, the others are
                          ordered */
  int channel_count;
  char (*pairs)[32]; /* [channel_count], the pair of each channel it was trained for, "Co-Co" */
  csro_bins bins;
  csro_preprocessing preprocessing;  /* of the data the network was trained on */
  char lattice[32], orientation[32]; /* "fcc", "002" */
  double lattice_constant;           /* nm, 0 when unknown */
  double threshold;                  /* score threshold (of 8) it was published with, 3.75 */
  char provenance[2048];             /* how it was trained, free text */
  double test_accuracy;              /* fraction, NaN when unknown */
  int member_count;
  csro_network *members; /* [member_count], all of the same shape */
} csro_model;

/* A zeroed model with room for its names. Release with csro_model_destroy; on error *model is NULL.
 */
csro_status csro_model_create(csro_context *context, int class_count, int channel_count,
                              csro_model **model);

/* Reads and validates a model file against the embedded schema. Refused with a message that names
 * file and line: documents with a DTD, external entities, files over 256 MiB, weights whose number
 * does not fit the architecture or that are not finite. No network access. Release with
 * csro_model_destroy. On error *model is NULL; CSRO_ERROR_FILE: the file cannot be read,
 * CSRO_ERROR_FORMAT: its content is refused. */
csro_status csro_model_read(csro_context *context, const char *path, csro_model **model);

/* The same from `size` bytes in memory, which are not needed afterwards; `name` stands for the path
 * in messages. */
csro_status csro_model_parse(csro_context *context, const char *name, const void *data, size_t size,
                             csro_model **model);

/* The models that ship with the program, each trained on the recipe of its name; 0 is the default
 * one. */
enum { CSRO_MODELS_SHIPPED = 3 };
extern const char *const csro_model_names[CSRO_MODELS_SHIPPED]; /* "cocrni-002" ... */
/* Reads a shipped model, by its place in csro_model_names. Release with csro_model_destroy. On
 * error *model is NULL; CSRO_ERROR_ARGUMENT: there is no such place. */
csro_status csro_model_shipped(csro_context *context, int index, csro_model **model);

/* A number that two models share only when all that decides what they do is the same: classes,
 * bins, preprocessing, layers and weights (FNV-1a, 64 bits). */
uint64_t csro_model_fingerprint(const csro_model *model);

/* Writes a model file, whole or not at all. Symbolic links are followed; an older file hands on its
 * mode, owner and group. What is no regular file (a directory, device, pipe, socket), or is
 * write-protected, is an error and stays as it is. */
csro_status csro_model_write(csro_context *context, const csro_model *model, const char *path);

/* Whether csro_model_write could write there now: better known before a training than after it. */
csro_status csro_model_check_target(csro_context *context, const char *path);

/* Frees the model and all that belongs to it and sets the pointer to NULL. */
void csro_model_destroy(csro_model **model);

CSRO_API_END

#endif

/* The parts of reading a model: from a checked XML tree to the structure. */
#ifndef CSRO_IO_MODEL_DOCUMENT_H
#define CSRO_IO_MODEL_DOCUMENT_H

#include "csro/model.h"

#include <libxml/tree.h>

#define CSRO_MODEL_NAMESPACE "urn:apt-csro:model:1"
#define CSRO_MODEL_VERSION "1"

enum { CSRO_MODEL_LARGEST_FILE = 256 << 20, CSRO_MODEL_MEMBERS = 64, CSRO_MODEL_LAYERS = 256 };

/* Names of enumerators in the file. */
extern const char *const csro_preprocessing_names[2], *const csro_activation_names[3];

/* Fills *model (zeroed by the caller, who frees it also after an error) from a document that
 * follows the schema, and checks what the schema cannot say. size is that of the file. */
csro_status csro_model_from_tree(csro_context *context, const char *name, size_t size,
                                 xmlNode *root, csro_model *model);

#endif

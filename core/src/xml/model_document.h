/* The parts of reading a model: from a checked XML tree to the structure. */
#ifndef CSRO_XML_MODEL_DOCUMENT_H
#define CSRO_XML_MODEL_DOCUMENT_H

#include "csro/model.h"
#include "xml/xml_document.h"

#define CSRO_MODEL_NAMESPACE "urn:apt-csro:model:1"
#define CSRO_MODEL_VERSION "1"

enum { CSRO_MODEL_LARGEST_FILE = 256 << 20, CSRO_MODEL_MEMBERS = 64 };

/* A csro_xml_build of a csro_model, zeroed by the caller, who frees it also after an error. */
csro_status csro_model_from_tree(const csro_xml_source *from, xmlNode *root, void *model);

#endif

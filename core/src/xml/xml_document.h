/* XML files to trees that follow their schema: what is refused here (document types, entities,
 * sheer size, foreign documents) never reaches the code that reads values. No network access. */
#ifndef CSRO_XML_XML_DOCUMENT_H
#define CSRO_XML_XML_DOCUMENT_H

#include "csro/context.h"

#include <libxml/tree.h>

typedef struct csro_xml_kind {
  const char *root, *version; /* <root version="..."> */
  const char *noun;           /* for messages: "model" */
  const unsigned char *schema, *schema_end;
  int largest; /* bytes of a file */
} csro_xml_kind;

/* Where a tree comes from, for messages. */
typedef struct csro_xml_source {
  csro_context *context;
  const char *name;
  size_t size; /* bytes */
} csro_xml_source;

/* Fills *out from a tree that follows the schema and checks what the schema cannot say. Runs in the
 * locale "C". */
typedef csro_status (*csro_xml_build)(const csro_xml_source *from, xmlNode *root, void *out);

csro_status csro_xml_parse(csro_context *context, const csro_xml_kind *kind, const char *name,
                           const void *data, size_t size, csro_xml_build build, void *out);

/* The bytes of a file; release with free(). */
csro_status csro_xml_load(csro_context *context, const csro_xml_kind *kind, const char *path,
                          void **data, size_t *size);

#endif

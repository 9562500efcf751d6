/* XML files to trees that follow their schema: what is refused here (document types, entities,
 * sheer size, foreign documents) never reaches the code that reads values. No network access. */
#ifndef CSRO_XML_XML_DOCUMENT_H
#define CSRO_XML_XML_DOCUMENT_H

#include "csro/context.h"

#include <libxml/tree.h>

/* Where a tree comes from. */
typedef struct csro_xml_source {
  csro_context *context;
  const char *name; /* for messages */
  const void *data;
  size_t size; /* bytes */
} csro_xml_source;

/* Fills *out, which is zeroed, from a tree that follows the schema and checks what the schema
 * cannot say. Runs in the locale "C". */
typedef csro_status (*csro_xml_build)(const csro_xml_source *from, xmlNode *root, void *out);

/* The documents of one kind, and what is made of them. */
typedef struct csro_xml_kind {
  const char *root, *version; /* <root version="..."> */
  const char *noun;           /* for messages: "model" */
  const unsigned char *schema, *schema_end;
  int largest; /* bytes of a file */
  size_t size; /* of the struct that is made */
  csro_xml_build build;
  void (*destroy)(void *made);                /* frees it, also when it was built in part */
  int shipped;                                /* documents in the library, */
  const char *const *names;                   /* their names */
  const unsigned char *const (*documents)[2]; /* and where each begins and ends */
} csro_xml_kind;

/* From bytes in memory, from a file, and from document `index` of the library. On error *made is
 * NULL. */
csro_status csro_xml_parse(csro_context *context, const csro_xml_kind *kind, const char *name,
                           const void *data, size_t size, void **made);
csro_status csro_xml_read(csro_context *context, const csro_xml_kind *kind, const char *path,
                          void **made);
csro_status csro_xml_shipped(csro_context *context, const csro_xml_kind *kind, int index,
                             void **made);

#endif

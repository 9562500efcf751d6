/* What an XML file of ours may hold, checked in one pass over its bytes before any parser sees
 * them: libxml2 takes time that grows with the square of the attributes of an element, and
 * validation with the length of a text. */
#ifndef CSRO_XML_XML_LIMITS_H
#define CSRO_XML_XML_LIMITS_H

#include "csro/context.h"

enum {
  CSRO_XML_ATTRIBUTES = 32,  /* of an element */
  CSRO_XML_VALUE = 1024,     /* bytes of an attribute, or of a name */
  CSRO_XML_ELEMENTS = 65536, /* of a file */
  CSRO_XML_DEPTH = 32,       /* elements within each other */
  CSRO_XML_TEXT = 16384      /* bytes between two tags, other than in <weights> */
};

/* CSRO_ERROR_FORMAT with the line; noun for messages: "model". What is not well-formed is left to
 * the parser. */
csro_status csro_xml_check_limits(csro_context *context, const char *name, const char *noun,
                                  const char *data, size_t size);

#endif

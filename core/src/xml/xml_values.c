#include "xml/xml_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const csro_preprocessing_names[CSRO_PREPROCESSINGS] = {"minmax", "full", "mean"};

enum { LONGEST_LIST = 256 };

csro_status csro_xml_refuse(const csro_xml_source *from, const xmlNode *node, const char *text) {
  return csro_fail(from->context, CSRO_ERROR_FORMAT, "%s: line %ld: %s", from->name,
                   xmlGetLineNo(node), text);
}

csro_status csro_xml_add_place(const csro_xml_source *from, const xmlNode *node,
                               csro_status status) {
  char text[sizeof from->context->message];
  memcpy(text, from->context->message, sizeof text);
  return csro_fail(from->context, status == CSRO_ERROR_ARGUMENT ? CSRO_ERROR_FORMAT : status,
                   "%s: line %ld: %.900s", from->name, xmlGetLineNo(node), text);
}

bool csro_xml_is(const xmlNode *node, const char *name) {
  return strcmp((const char *)node->name, name) == 0;
}

static xmlNode *element_from(xmlNode *node) {
  while (node && node->type != XML_ELEMENT_NODE)
    node = node->next;
  return node;
}

xmlNode *csro_xml_first(xmlNode *node) {
  return element_from(node->children);
}

xmlNode *csro_xml_next(xmlNode *node) {
  return element_from(node->next);
}

xmlNode *csro_xml_child(xmlNode *node, const char *name) {
  xmlNode *child = csro_xml_first(node);
  while (child && !csro_xml_is(child, name))
    child = csro_xml_next(child);
  return child;
}

int csro_xml_count(xmlNode *node) {
  int count = 0;
  for (xmlNode *child = csro_xml_first(node); child; child = csro_xml_next(child))
    count++;
  return count;
}

csro_status csro_xml_out_of_memory(const csro_xml_source *from) {
  return csro_fail(from->context, CSRO_ERROR_MEMORY, "%s: out of memory", from->name);
}

csro_status csro_xml_text(const csro_xml_source *from, xmlNode *node, const char *attribute,
                          size_t room, char *out) {
  out[0] = 0;
  if (attribute && !xmlHasProp(node, (const xmlChar *)attribute))
    return CSRO_OK;
  char *text = (char *)(attribute ? xmlGetNoNsProp(node, (const xmlChar *)attribute)
                                  : xmlNodeGetContent(node));
  if (!text)
    return csro_xml_out_of_memory(from);
  size_t length = strlen(text);
  if (length < room)
    memcpy(out, text, length + 1);
  xmlFree(text);
  if (length >= room)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: text of %zu bytes, expected at most %zu", from->name,
                     xmlGetLineNo(node), length, room - 1);
  return CSRO_OK;
}

csro_status csro_xml_number(const csro_xml_source *from, xmlNode *node, const char *attribute,
                            double *out) {
  char text[512];
  csro_status status = csro_xml_text(from, node, attribute, sizeof text, text);
  if (status != CSRO_OK || !text[0])
    return status;
  *out = strtod(text, NULL);
  double size = fabs(*out);
  if (size == 0 || (size >= 1e-12 && size <= 1e12))
    return CSRO_OK;
  return csro_fail(from->context, CSRO_ERROR_FORMAT,
                   "%s: line %ld: the number is %g, expected 0 or a size of 1e-12 to 1e12",
                   from->name, xmlGetLineNo(node), *out);
}

csro_status csro_xml_int(const csro_xml_source *from, xmlNode *node, const char *attribute,
                         int *out) {
  double value = 0;
  csro_status status = csro_xml_number(from, node, attribute, &value);
  *out = (int)value; /* the schema bounds it */
  return status;
}

csro_status csro_xml_choice(const csro_xml_source *from, xmlNode *node, const char *attribute,
                            int count, const char *const *names, int *out) {
  char text[512];
  csro_status status = csro_xml_text(from, node, attribute, sizeof text, text);
  *out = 0;
  for (int i = 0; i < count; i++)
    if (strcmp(text, names[i]) == 0)
      *out = i;
  return status;
}

csro_status csro_xml_list(const csro_xml_source *from, xmlNode *list, int *count,
                          char (**out)[32]) {
  int items = csro_xml_count(list);
  if (items > LONGEST_LIST)
    return csro_xml_refuse(from, list, "more than 256 names");
  *out = csro_allocate(from->context, items, sizeof **out);
  if (!*out)
    return CSRO_ERROR_MEMORY;
  *count = items;
  memset(*out, 0, (size_t)items * sizeof **out);
  int i = 0;
  csro_status status = CSRO_OK;
  for (xmlNode *item = csro_xml_first(list); item && status == CSRO_OK;
       item = csro_xml_next(item)) {
    status = csro_xml_text(from, item, NULL, sizeof **out, (*out)[i]);
    for (int k = 0; k < i && status == CSRO_OK; k++)
      if (strcmp((*out)[k], (*out)[i]) == 0)
        status = csro_xml_refuse(from, item, "the same name occurs twice");
    i++;
  }
  return status;
}

csro_status csro_xml_bins(const csro_xml_source *from, xmlNode *node, csro_bins *bins) {
  csro_status status = csro_xml_number(from, node, "half-range", &bins->half_range);
  if (status == CSRO_OK) {
    status = csro_check_number(from->context, "half-range in nm", bins->half_range, CSRO_SHORTEST,
                               CSRO_LONGEST);
    if (status != CSRO_OK)
      return csro_xml_add_place(from, node, status);
  }
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "total", &bins->total);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "first", &bins->first);
  if (status == CSRO_OK)
    status = csro_xml_int(from, node, "kept", &bins->kept);
  if (status == CSRO_OK && bins->first + bins->kept > bins->total)
    return csro_fail(from->context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: bins %d .. %d are kept, expected at most %d bins", from->name,
                     xmlGetLineNo(node), bins->first, bins->first + bins->kept - 1, bins->total);
  return status;
}

/* Values in a tree that follows its schema. Every error names file and line. */
#ifndef CSRO_XML_XML_VALUES_H
#define CSRO_XML_XML_VALUES_H

#include "csro/curve.h"
#include "xml/xml_document.h"

/* Names of enumerators in the files. */
extern const char *const csro_preprocessing_names[CSRO_PREPROCESSINGS];

csro_status csro_xml_refuse(const csro_xml_source *from, const xmlNode *node, const char *text);
csro_status csro_xml_out_of_memory(const csro_xml_source *from);

/* Puts file and line before the context's message. */
csro_status csro_xml_add_place(const csro_xml_source *from, const xmlNode *node,
                               csro_status status);

/* Elements only. NULL where there is none. */
bool csro_xml_is(const xmlNode *node, const char *name);
xmlNode *csro_xml_first(xmlNode *node);
xmlNode *csro_xml_next(xmlNode *node);
xmlNode *csro_xml_child(xmlNode *node, const char *name);
int csro_xml_count(xmlNode *node);

/* Text of an element, or of its attribute when one is named; empty when the attribute is absent. */
csro_status csro_xml_text(const csro_xml_source *from, xmlNode *node, const char *attribute,
                          size_t room, char *out);

/* A number, 0 or of a size of 1e-12 to 1e12 (no NaN, infinity, denormal); *out stays as it is when
 * the attribute is absent. */
csro_status csro_xml_number(const csro_xml_source *from, xmlNode *node, const char *attribute,
                            double *out);

/* A whole number that the schema bounds; 0 when the attribute is absent. */
csro_status csro_xml_int(const csro_xml_source *from, xmlNode *node, const char *attribute,
                         int *out);

/* The position of the text among the names; the schema allows no other. */
csro_status csro_xml_choice(const csro_xml_source *from, xmlNode *node, const char *attribute,
                            int count, const char *const *names, int *out);

/* The texts of the children, all different; the caller frees *out. */
csro_status csro_xml_list(const csro_xml_source *from, xmlNode *list, int *count, char (**out)[32]);

csro_status csro_xml_bins(const csro_xml_source *from, xmlNode *node, csro_bins *bins);

#endif

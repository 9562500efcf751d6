/* XML text made from the decisions of an input: well-formed and mostly valid, with accidents where
 * the input asks for them. */
#ifndef FUZZ_XML_H
#define FUZZ_XML_H

#include "fuzz_bytes.h"

#include <stdarg.h>

typedef struct fuzz_xml {
  fuzz_bytes *from;
  char *text;
  size_t size, room;
  bool wild;  /* accidents happen */
  bool plain; /* for the target: nothing odd has been written so far */
} fuzz_xml;

static inline void fuzz_xml_room(fuzz_xml *xml, size_t more) {
  if (xml->size + more < xml->room)
    return;
  xml->room = 2 * (xml->size + more) + 4096;
  xml->text = realloc(xml->text, xml->room);
  FUZZ_CHECK(xml->text != NULL);
}

static inline void __attribute__((format(printf, 2, 3)))
fuzz_xml_put(fuzz_xml *xml, const char *format, ...) {
  va_list values;
  fuzz_xml_room(xml, 2000);
  va_start(values, format);
  int length = vsnprintf(xml->text + xml->size, 2000, format, values);
  va_end(values);
  FUZZ_CHECK(length >= 0 && length < 2000);
  xml->size += (size_t)length;
}

static inline void fuzz_xml_append(fuzz_xml *xml, const char *text) {
  size_t length = strlen(text);
  fuzz_xml_room(xml, length);
  memcpy(xml->text + xml->size, text, length + 1);
  xml->size += length;
}

/* Between two elements: something that stands there rarely. */
static inline void fuzz_xml_accident(fuzz_xml *xml) {
  static const char *const accidents[] = {
      "<!-- c -->",         "<?pi x?>",
      "<other/>",           "text",
      "&lt;&#32;",          "&nothing;",
      "<![CDATA[ ]]>",      "</name>",
      "<o:o xmlns:o='u'/>", "\n\t ",
      "<name>a</name>",     "<occupancy sublattice=\"A\" species=\"Fe\" fraction=\"0\"/>"};
  if (xml->wild && fuzz_byte(xml->from) >= 240)
    fuzz_xml_append(xml, accidents[fuzz_below(xml->from, 12)]);
}

/* A number from the list, at times one that few programs are made for. */
static inline const char *fuzz_xml_number(fuzz_xml *xml, int count, const char *const *usual) {
  static const char *const odd[] = {
      "0",     "-0",  "5e-324", "2.3e-308", "1e-30", "1e300",  "1.7976931348623157e308",
      "1e400", "INF", "NaN",    "-1",       "+1",    " 1 ",    "0x10",
      "1,5",   "",    "1e-400", "65536",    "4096",  "100000", "0.00000000000000000000000000001"};
  int choice = fuzz_byte(xml->from);
  return choice < 230 || !xml->wild ? usual[choice % count] : odd[fuzz_below(xml->from, 21)];
}

/* One of the texts that names may be, at times another. */
static inline const char *fuzz_xml_name(fuzz_xml *xml, int count, const char *const *usual) {
  static const char *const odd[] = {
      "", "a b", "Ü", "&amp;&lt;", "&#x41;", "-", "0123456789012345678901234567890123456789"};
  int choice = fuzz_byte(xml->from);
  return choice < 240 || !xml->wild ? usual[choice % count] : odd[fuzz_below(xml->from, 7)];
}

#endif

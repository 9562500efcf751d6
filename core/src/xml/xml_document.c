#include "xml/xml_document.h"

#include "xml/xml_limits.h"

#include "file/file.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first error of a parser or validator. */
typedef struct report {
  const char *name;
  const csro_xml_kind *kind;
  int line;
  char text[700];
} report;

static void keep_first(report *to, int line, const char *text) {
  if (to->text[0])
    return;
  to->line = line;
  snprintf(to->text, sizeof to->text, "%s", text ? text : "not well-formed");
  to->text[strcspn(to->text, "\n")] = 0;
}

static void on_error(void *user, xmlErrorPtr error) {
  if (error->level >= XML_ERR_ERROR)
    keep_first(user, error->line, error->message);
}

static void on_parser_error(void *user, xmlErrorPtr error) {
  xmlParserCtxtPtr parser = user;
  if (error->level >= XML_ERR_ERROR)
    keep_first(parser->_private, error->line, error->message);
}

/* format has one %s for what the file is. */
static void stop_with(xmlParserCtxtPtr parser, const char *format) {
  report *to = parser->_private;
  char text[200];
  snprintf(text, sizeof text, format, to->kind->noun);
  keep_first(to, xmlSAX2GetLineNumber(parser), text);
  xmlStopParser(parser);
}

/* Called at the name of a DOCTYPE, before any of its declarations is read. */
static void on_doctype(void *user, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system) {
  (void)name, (void)external, (void)system;
  stop_with(user, "a document type declaration, which no %s file may have");
}

static csro_status fail_with(csro_context *context, const report *from) {
  return csro_fail(context, CSRO_ERROR_FORMAT, "%s: line %d: %s", from->name, from->line,
                   from->text);
}

static csro_status read_tree(csro_context *context, report *problems, const void *data, size_t size,
                             xmlDoc **out) {
  *out = NULL;
  xmlParserCtxtPtr parser = xmlNewParserCtxt();
  if (!parser)
    return csro_fail(context, CSRO_ERROR_MEMORY, "%s: out of memory", problems->name);
  parser->_private = problems;
  parser->sax->serror = on_parser_error;
  parser->sax->internalSubset = on_doctype;
  parser->sax->comment = NULL;
  parser->sax->processingInstruction = NULL;
  /* Errors of encodings do not pass through the parser: libxml2 would print them. The function for
   * them is this thread's. */
  xmlStructuredErrorFunc before = xmlStructuredError;
  void *before_user = xmlStructuredErrorContext;
  xmlSetStructuredErrorFunc(problems, on_error);
  xmlDoc *document =
      xmlCtxtReadMemory(parser, data, (int)size, NULL, NULL,
                        XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_HUGE | XML_PARSE_BIG_LINES);
  xmlSetStructuredErrorFunc(before_user, before);
  bool good = document && parser->wellFormed && !problems->text[0];
  xmlFreeParserCtxt(parser);
  if (good) {
    *out = document;
    return CSRO_OK;
  }
  keep_first(problems, 1, "not an XML document");
  xmlFreeDoc(document);
  return fail_with(context, problems);
}

/* A clearer message than the schema's for other documents and later versions. */
static csro_status check_kind(csro_context *context, const report *problems, xmlNode *root) {
  const csro_xml_kind *kind = problems->kind;
  if (!root || strcmp((const char *)root->name, kind->root) != 0)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: the document is <%.60s>, expected <%s>", problems->name,
                     root ? xmlGetLineNo(root) : 1, root ? (const char *)root->name : "",
                     kind->root);
  char *version = (char *)xmlGetNoNsProp(root, (const xmlChar *)"version");
  bool known = version && strcmp(version, kind->version) == 0;
  csro_status status = CSRO_OK;
  if (!known)
    status = csro_fail(context, CSRO_ERROR_FORMAT,
                       "%s: line %ld: %s file version '%.60s', expected '%s'", problems->name,
                       xmlGetLineNo(root), kind->noun, version ? version : "", kind->version);
  xmlFree(version);
  return status;
}

static xmlRelaxNGPtr load_schema(report *problems) {
  const char *text = (const char *)problems->kind->schema;
  int length = (int)(problems->kind->schema_end - problems->kind->schema);
  xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewMemParserCtxt(text, length);
  if (!parser)
    return NULL;
  xmlRelaxNGSetParserStructuredErrors(parser, on_error, problems);
  xmlRelaxNGPtr schema = NULL;
  /* libxml2 sets up its tables of types at the first use, without a lock of its own. */
#pragma omp critical(csro_relaxng)
  schema = xmlRelaxNGParse(parser);
  xmlRelaxNGFreeParserCtxt(parser);
  return schema;
}

static csro_status validate(csro_context *context, report *problems, xmlDoc *document) {
  int result = -1;
  xmlRelaxNGPtr schema = load_schema(problems);
  xmlRelaxNGValidCtxtPtr validator = schema ? xmlRelaxNGNewValidCtxt(schema) : NULL;
  if (validator) {
    xmlRelaxNGSetValidStructuredErrors(validator, on_error, problems);
    result = xmlRelaxNGValidateDoc(validator, document);
  }
  xmlRelaxNGFreeValidCtxt(validator);
  xmlRelaxNGFree(schema);
  if (result == 0)
    return CSRO_OK;
  keep_first(problems, 0, "the document could not be validated");
  return fail_with(context, problems);
}

/* Numbers are read in the locale "C". */
static csro_status build_in_c_locale(const csro_xml_source *from, xmlNode *root,
                                     csro_xml_build build, void *out) {
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!c_locale)
    return csro_fail(from->context, CSRO_ERROR_MEMORY, "%s: out of memory", from->name);
  locale_t before = uselocale(c_locale);
  csro_status status = build(from, root, out);
  uselocale(before);
  freelocale(c_locale);
  return status;
}

static csro_status fill(csro_context *context, const csro_xml_kind *kind, const char *name,
                        const void *data, size_t size, void *out) {
  if (size > (size_t)kind->largest)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: %zu bytes, expected at most %d", name, size,
                     kind->largest);
  csro_status limits = csro_xml_check_limits(context, name, kind->noun, data, size);
  if (limits != CSRO_OK)
    return limits;
  xmlInitParser();
  report problems = {.name = name, .kind = kind};
  xmlDoc *document;
  csro_status status = read_tree(context, &problems, data, size, &document);
  if (status != CSRO_OK)
    return status;
  xmlNode *root = xmlDocGetRootElement(document);
  status = check_kind(context, &problems, root);
  if (status == CSRO_OK)
    status = validate(context, &problems, document);
  const csro_xml_source from = {context, name, data, size};
  if (status == CSRO_OK)
    status = build_in_c_locale(&from, root, kind->build, out);
  xmlFreeDoc(document);
  return status;
}

csro_status csro_xml_parse(csro_context *context, const csro_xml_kind *kind, const char *name,
                           const void *data, size_t size, void **made) {
  *made = NULL;
  void *out = csro_allocate(context, 1, kind->size);
  if (!out)
    return CSRO_ERROR_MEMORY;
  memset(out, 0, kind->size);
  csro_status status = fill(context, kind, name, data, size, out);
  if (status == CSRO_OK)
    *made = out;
  else
    kind->destroy(out);
  return status;
}

static csro_status load(csro_context *context, const csro_file *file, int largest, void **data) {
  if (file->size > largest)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: %lld bytes, expected at most %d", file->path,
                     (long long)file->size, largest);
  *data = csro_allocate(context, file->size, 1);
  if (!*data)
    return CSRO_ERROR_MEMORY;
  if (!csro_file_read(file, 0, file->size, *data))
    return csro_file_fail_read(context, file, errno);
  return csro_file_check_unchanged(context, file);
}

static csro_status load_file(csro_context *context, const csro_xml_kind *kind, const char *path,
                             void **data, size_t *size) {
  *data = NULL;
  csro_file file;
  csro_status status = csro_file_open(context, path, &file);
  if (status == CSRO_OK)
    status = load(context, &file, kind->largest, data);
  *size = (size_t)file.size;
  csro_file_close(&file);
  if (status != CSRO_OK) {
    free(*data);
    *data = NULL;
  }
  return status;
}

csro_status csro_xml_read(csro_context *context, const csro_xml_kind *kind, const char *path,
                          void **made) {
  void *data;
  size_t size;
  *made = NULL;
  csro_status status = load_file(context, kind, path, &data, &size);
  if (status == CSRO_OK)
    status = csro_xml_parse(context, kind, path, data, size, made);
  free(data);
  return status;
}

csro_status csro_xml_shipped(csro_context *context, const csro_xml_kind *kind, int index,
                             void **made) {
  *made = NULL;
  if (index < 0 || index >= kind->shipped)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%s %d, expected 0 to %d", kind->noun, index,
                     kind->shipped - 1);
  const unsigned char *const *document = kind->documents[index];
  return csro_xml_parse(context, kind, kind->names[index], document[0],
                        (size_t)(document[1] - document[0]), made);
}

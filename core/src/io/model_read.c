/* Files to XML trees: what is refused here never reaches the code that builds a model. */
#include "io/embedded.h"
#include "io/model_document.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A tree takes far more memory than its text; no model has so many elements. */
enum { LARGEST_ELEMENTS = 1 << 16 };

/* The first error of a parser or validator. */
typedef struct report {
  const char *name;
  int elements;
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

static void on_validity_error(void *user, xmlErrorPtr error) {
  if (error->level >= XML_ERR_ERROR)
    keep_first(user, error->line, error->message);
}

static void on_parser_error(void *user, xmlErrorPtr error) {
  xmlParserCtxtPtr parser = user;
  if (error->level >= XML_ERR_ERROR)
    keep_first(parser->_private, error->line, error->message);
}

static void stop_with(xmlParserCtxtPtr parser, const char *text) {
  keep_first(parser->_private, xmlSAX2GetLineNumber(parser), text);
  xmlStopParser(parser);
}

/* Called at the name of a DOCTYPE, before any of its declarations is read. */
static void on_doctype(void *user, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system) {
  (void)name, (void)external, (void)system;
  stop_with(user, "a document type declaration, which a model file must not have");
}

static void on_element(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                       int namespace_count, const xmlChar **namespaces, int attribute_count,
                       int defaulted_count, const xmlChar **attributes) {
  xmlParserCtxtPtr parser = user;
  report *to = parser->_private;
  if (++to->elements > LARGEST_ELEMENTS) {
    stop_with(parser, "more elements than any model has");
    return;
  }
  xmlSAX2StartElementNs(user, name, prefix, uri, namespace_count, namespaces, attribute_count,
                        defaulted_count, attributes);
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
  parser->sax->startElementNs = on_element;
  parser->sax->comment = NULL;
  parser->sax->processingInstruction = NULL;
  xmlDoc *document =
      xmlCtxtReadMemory(parser, data, (int)size, NULL, NULL,
                        XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_HUGE | XML_PARSE_BIG_LINES);
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
static csro_status check_kind(csro_context *context, const char *name, xmlNode *root) {
  if (!root || strcmp((const char *)root->name, "csro-model") != 0)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: line %ld: the document is <%.60s>, expected <csro-model>", name,
                     root ? xmlGetLineNo(root) : 1, root ? (const char *)root->name : "");
  char *version = (char *)xmlGetNoNsProp(root, (const xmlChar *)"version");
  bool known = version && strcmp(version, CSRO_MODEL_VERSION) == 0;
  csro_status status = CSRO_OK;
  if (!known)
    status = csro_fail(context, CSRO_ERROR_FORMAT,
                       "%s: line %ld: model file version '%.60s', expected '%s'", name,
                       xmlGetLineNo(root), version ? version : "", CSRO_MODEL_VERSION);
  xmlFree(version);
  return status;
}

static xmlRelaxNGPtr load_schema(report *problems) {
  const char *text = (const char *)csro_embedded_schema;
  int length = (int)(csro_embedded_schema_end - csro_embedded_schema);
  xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewMemParserCtxt(text, length);
  if (!parser)
    return NULL;
  xmlRelaxNGSetParserStructuredErrors(parser, on_validity_error, problems);
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
    xmlRelaxNGSetValidStructuredErrors(validator, on_validity_error, problems);
    result = xmlRelaxNGValidateDoc(validator, document);
  }
  xmlRelaxNGFreeValidCtxt(validator);
  xmlRelaxNGFree(schema);
  if (result == 0)
    return CSRO_OK;
  keep_first(problems, 0, "the document could not be validated");
  return fail_with(context, problems);
}

static csro_status build(csro_context *context, const char *name, size_t size, xmlDoc *document,
                         report *problems, csro_model *model) {
  xmlNode *root = xmlDocGetRootElement(document);
  csro_status status = check_kind(context, name, root);
  if (status == CSRO_OK)
    status = validate(context, problems, document);
  if (status != CSRO_OK)
    return status;
  locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!c_locale)
    return csro_fail(context, CSRO_ERROR_MEMORY, "%s: out of memory", name);
  locale_t before = uselocale(c_locale);
  status = csro_model_from_tree(context, name, size, root, model);
  uselocale(before);
  freelocale(c_locale);
  return status;
}

csro_status csro_model_parse(csro_context *context, const char *name, const void *data, size_t size,
                             csro_model **model) {
  *model = NULL;
  if (size > CSRO_MODEL_LARGEST_FILE)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: %zu bytes, expected at most %d", name, size,
                     CSRO_MODEL_LARGEST_FILE);
  xmlInitParser();
  report problems = {.name = name};
  xmlDoc *document;
  csro_status status = read_tree(context, &problems, data, size, &document);
  if (status != CSRO_OK)
    return status;
  csro_model *made = csro_allocate(context, 1, sizeof *made);
  if (made) {
    memset(made, 0, sizeof *made);
    status = build(context, name, size, document, &problems, made);
  } else {
    status = CSRO_ERROR_MEMORY;
  }
  xmlFreeDoc(document);
  if (status != CSRO_OK)
    csro_model_free(&made);
  *model = made;
  return status;
}

static csro_status read_file(csro_context *context, const char *path, FILE *file, void **data,
                             size_t *size) {
  struct stat about;
  if (fstat(fileno(file), &about) != 0)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: %s", path, strerror(errno));
  if (!S_ISREG(about.st_mode))
    return csro_fail(context, CSRO_ERROR_FILE, "%s: is no regular file", path);
  if (about.st_size > CSRO_MODEL_LARGEST_FILE)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: %lld bytes, expected at most %d", path,
                     (long long)about.st_size, CSRO_MODEL_LARGEST_FILE);
  *size = (size_t)about.st_size;
  *data = csro_allocate(context, (long long)*size, 1);
  if (!*data)
    return CSRO_ERROR_MEMORY;
  if (fread(*data, 1, *size, file) != *size)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: cannot be read", path);
  return CSRO_OK;
}

csro_status csro_model_read(csro_context *context, const char *path, csro_model **model) {
  *model = NULL;
  struct stat about; /* before opening: a named pipe would wait for its writer */
  if (stat(path, &about) != 0)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: %s", path, strerror(errno));
  if (!S_ISREG(about.st_mode))
    return csro_fail(context, CSRO_ERROR_FILE, "%s: is no regular file", path);
  FILE *file = fopen(path, "rb");
  if (!file)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: %s", path, strerror(errno));
  void *data = NULL;
  size_t size = 0;
  csro_status status = read_file(context, path, file, &data, &size);
  fclose(file);
  if (status == CSRO_OK)
    status = csro_model_parse(context, path, data, size, model);
  free(data);
  return status;
}

csro_status csro_model_default(csro_context *context, csro_model **model) {
  return csro_model_parse(context, "the built-in model", csro_embedded_model,
                          (size_t)(csro_embedded_model_end - csro_embedded_model), model);
}

void csro_model_free(csro_model **model) {
  if (!model || !*model)
    return;
  csro_model *m = *model;
  for (int i = 0; m->members && i < m->member_count; i++)
    csro_network_free(&m->members[i]);
  free(m->members);
  free(m->classes);
  free(m->pairs);
  free(m);
  *model = NULL;
}

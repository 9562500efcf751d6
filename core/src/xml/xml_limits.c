#include "xml/xml_limits.h"

#include <string.h>
#include <strings.h>

typedef struct scan {
  csro_context *context;
  const char *name, *noun;
  const char *at, *end;
  long line;
  int elements, depth;
  bool weights; /* the last tag opened <weights> */
} scan;

static csro_status refuse(const scan *s, const char *what, int most) {
  return csro_fail(s->context, CSRO_ERROR_FORMAT, "%s: line %ld: more than %d %s, which no %s has",
                   s->name, s->line, most, what, s->noun);
}

static bool starts(const scan *s, const char *with) {
  size_t length = strlen(with);
  return (size_t)(s->end - s->at) >= length && memcmp(s->at, with, length) == 0;
}

static void step(scan *s) {
  s->line += *s->at == '\n';
  s->at++;
}

/* Behind the next `mark`, or at the end. */
static void skip_behind(scan *s, const char *mark) {
  while (s->at < s->end && !starts(s, mark))
    step(s);
  size_t length = strlen(mark), left = (size_t)(s->end - s->at);
  s->at += left < length ? left : length;
}

/* A value in quotes, from its opening quote on. */
static csro_status check_value(scan *s) {
  const char quote = *s->at++, *begin = s->at;
  while (s->at < s->end && *s->at != quote && *s->at != '<') {
    if (s->at - begin >= CSRO_XML_VALUE)
      return refuse(s, "bytes of an attribute", CSRO_XML_VALUE);
    step(s);
  }
  if (s->at < s->end && *s->at == quote)
    s->at++;
  return CSRO_OK;
}

/* Bytes in front of the first of these marks; a name is no longer than CSRO_XML_VALUE. */
static size_t name_length(const char *text, size_t size, const char *marks) {
  size_t length = 0;
  while (length < size && length < CSRO_XML_VALUE && !strchr(marks, text[length]))
    length++;
  return length;
}

/* With or without the prefix of a namespace. */
static bool opens_weights(const scan *s) {
  static const char name[] = "weights";
  const size_t left = (size_t)(s->end - s->at), length = name_length(s->at, left, " \t\r\n>/");
  const char *colon = memchr(s->at, ':', length), *begin = colon ? colon + 1 : s->at;
  return (size_t)(s->at + length - begin) == sizeof name - 1 &&
         memcmp(begin, name, sizeof name - 1) == 0;
}

/* A tag, from behind its < on. */
static csro_status check_tag(scan *s) {
  const bool closing = s->at < s->end && *s->at == '/';
  int attributes = 0;
  s->weights = !closing && opens_weights(s);
  const char *begin = s->at; /* of a name, or what stands for one */
  char last = 0;
  for (; s->at < s->end && *s->at != '>' && *s->at != '<'; step(s)) {
    if (*s->at == '"' || *s->at == '\'') {
      if (++attributes > CSRO_XML_ATTRIBUTES)
        return refuse(s, "attributes of an element", CSRO_XML_ATTRIBUTES);
      csro_status status = check_value(s);
      if (status != CSRO_OK)
        return status;
      begin = s->at;
      last = 0;
      if (s->at == s->end || *s->at == '>' || *s->at == '<')
        break;
    }
    if (s->at - begin > CSRO_XML_VALUE)
      return refuse(s, "bytes of a name", CSRO_XML_VALUE);
    last = *s->at;
  }
  s->depth += closing ? -1 : last != '/';
  if (!closing && ++s->elements > CSRO_XML_ELEMENTS)
    return refuse(s, "elements", CSRO_XML_ELEMENTS);
  if (s->depth > CSRO_XML_DEPTH)
    return refuse(s, "elements within each other", CSRO_XML_DEPTH);
  if (s->at < s->end && *s->at == '>')
    s->at++;
  return CSRO_OK;
}

/* Text up to the next <. */
static csro_status check_text(scan *s) {
  const char *begin = s->at;
  bool references = false;
  for (; s->at < s->end && *s->at != '<'; step(s))
    references = references || *s->at == '&';
  if (s->at - begin > CSRO_XML_TEXT && (!s->weights || references))
    return refuse(s, "bytes of text", CSRO_XML_TEXT);
  return CSRO_OK;
}

/* The marks < > " and ' are what they seem in UTF-8 and in its subsets alone. */
static bool is_utf8(const char *data, size_t size) {
  static const char *const others[] = {"\xfe\xff", "\xff\xfe", "\x4c\x6f\xa7\x94"};
  for (size_t k = 0; k < sizeof others / sizeof *others; k++)
    if (size >= strlen(others[k]) && memcmp(data, others[k], strlen(others[k])) == 0)
      return false;
  if (size >= 4 && memchr(data, 0, 4) && memchr(data, '<', 4))
    return false;
  if (size < 5 || memcmp(data, "<?xml", 5) != 0)
    return true;
  const char *end = memchr(data, '>', size < 1024 ? size : 1024);
  for (const char *at = data; end && at + 9 < end; at++)
    if (memcmp(at, "encoding", 8) == 0) {
      for (at += 8; at < end && strchr(" \t\r\n='\"", *at); at++) {
      }
      static const char *const names[] = {"UTF-8", "UTF8", "US-ASCII", "ASCII", "ISO-8859-1"};
      for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if ((size_t)(end - at) >= strlen(names[k]) &&
            strncasecmp(at, names[k], strlen(names[k])) == 0)
          return true;
      return false;
    }
  return true;
}

csro_status csro_xml_check_limits(csro_context *context, const char *name, const char *noun,
                                  const char *data, size_t size) {
  scan s = {
      .context = context, .name = name, .noun = noun, .at = data, .end = data + size, .line = 1};
  if (!is_utf8(data, size))
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: line 1: a foreign encoding, expected UTF-8",
                     name);
  csro_status status = CSRO_OK;
  while (s.at < s.end && status == CSRO_OK) {
    if (starts(&s, "<!--"))
      skip_behind(&s, "-->");
    else if (starts(&s, "<![CDATA["))
      skip_behind(&s, "]]>");
    else if (starts(&s, "<?"))
      skip_behind(&s, "?>");
    else if (starts(&s, "<!"))
      return CSRO_OK; /* a document type: the parser refuses it */
    else if (*s.at != '<')
      status = check_text(&s);
    else {
      s.at++;
      status = check_tag(&s);
    }
  }
  return status;
}

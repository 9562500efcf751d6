/* Attributes, namespaces and nesting in any number and length, in a model and in a recipe. A
 * document of more than its kind has is refused before its time can grow faster than its size
 * (the fuzzer's time limit sees to that). */
#include "csro/model.h"
#include "csro/recipe.h"
#include "fuzz_xml.h"

enum { most_bytes = 3 << 17 };

/* 0, 1, or a power of two. */
static int make_count(fuzz_bytes *from, int most_bits) {
  int bits = fuzz_below(from, most_bits + 2);
  return bits ? 1 << (bits - 1) : 0;
}

static void put_value(fuzz_xml *xml, int length, int kind) {
  static const char *const pieces[] = {"a", "&amp;", "&#65;", " ", "1", "&#x10FFFF;", "\n", "0"};
  fuzz_xml_append(xml, "\"");
  for (int k = 0; k < length; k++)
    fuzz_xml_append(xml, pieces[kind % 8]);
  fuzz_xml_append(xml, "\"");
}

/* Attributes with names of their own or all with one name, and values of any length. */
static void put_attributes(fuzz_xml *xml) {
  static const char *const names[] = {"a",    "xmlns:a",  "a:b",    "xml:lang",
                                      "from", "\xc3\xa4", "xmlns:", "p:"};
  fuzz_bytes *from = xml->from;
  int count = make_count(from, 16), length = make_count(from, 14), kind = fuzz_byte(from);
  bool same = fuzz_below(from, 4) == 3;
  while (length > 0 && (size_t)count * (size_t)(length * 10 + 20) > most_bytes)
    length /= 2;
  for (int k = 0; k < count; k++) {
    fuzz_xml_put(xml, " %s%d=", names[kind % 8], same ? 0 : k);
    put_value(xml, length, kind / 8);
  }
  xml->plain &= count == 0;
}

static void put_nesting(fuzz_xml *xml) {
  static const char *const open[] = {"<b>", "<b xmlns='u'>", "<p:b xmlns:p='u' p:c='1'>"},
                           *const close[] = {"</b>", "</b>", "</p:b>"};
  int depth = make_count(xml->from, 13), kind = fuzz_below(xml->from, 3);
  for (int k = 0; k < depth; k++)
    fuzz_xml_append(xml, open[kind]);
  for (int k = 0; k < depth; k++)
    fuzz_xml_append(xml, close[kind]);
  xml->plain &= depth == 0;
}

static void put_member(fuzz_xml *xml) {
  fuzz_xml_append(xml, "<member");
  put_attributes(xml);
  fuzz_xml_append(xml, "><weights layer=\"1\" kind=\"kernel\" count=\"34\">");
  for (int k = 0; k < 182; k++) /* 34 zeros */
    fuzz_xml_append(xml, "A");
  fuzz_xml_append(xml, "==</weights><weights layer=\"1\" kind=\"bias\" count=\"2\"");
  put_attributes(xml);
  fuzz_xml_append(xml, ">AAAAAAAAAAA=</weights></member>");
}

static void put_document(fuzz_xml *xml, const char *kind) {
  fuzz_xml_put(xml, "<csro-%s xmlns=\"urn:apt-csro:%s:1\" version=\"1\"", kind, kind);
  put_attributes(xml);
  fuzz_xml_put(xml, "><name>t</name><classes><class role=\"random\">F</class>"
                    "<class role=\"ordered\">C</class></classes>");
  put_nesting(xml);
  fuzz_xml_put(xml, "<channels><pair>Fe-Fe</pair></channels><bins half-range=\"1.5\" total=\"40\" "
                    "first=\"10\" kept=\"17\"/><preprocessing>minmax</preprocessing>"
                    "<lattice structure=\"fcc\" orientation=\"002\"/><threshold>3.75</threshold>"
                    "<training>x</training><architecture><flatten");
  put_attributes(xml);
  fuzz_xml_put(xml, "/><dense units=\"2\" activation=\"softmax\"/></architecture>");
  put_member(xml);
  fuzz_xml_put(xml, "</csro-%s>", kind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  csro_context context = fuzz_context();
  fuzz_bytes from = {data, size};
  fuzz_xml xml = {.from = &from, .plain = true};
  csro_model *model;
  csro_recipe *recipe;
  bool is_model = fuzz_below(&from, 2) == 0;
  put_document(&xml, is_model ? "model" : "recipe");
  csro_status status = csro_model_parse(&context, "input", xml.text, xml.size, &model);
  FUZZ_CHECK(status == CSRO_ERROR_FORMAT || (status == CSRO_OK && is_model));
  FUZZ_CHECK(status == CSRO_OK || strncmp(context.message, "input: ", 7) == 0);
  FUZZ_CHECK(status == CSRO_OK || !is_model || !xml.plain);
  csro_model_destroy(&model);
  status = csro_recipe_parse(&context, "input", xml.text, xml.size, &recipe);
  FUZZ_CHECK(status == CSRO_ERROR_FORMAT && strncmp(context.message, "input: ", 7) == 0);
  free(xml.text);
  return 0;
}

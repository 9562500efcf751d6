/* Numbers by name as people type them. */
#include "csro/parse.h"

#include "check.h"

static csro_context context;
static csro_named_value values[3];
static int count;

static void test_read(void) {
  CHECK_OK(&context, csro_named_values_parse(&context, "noise", "  Ni 0.08,\tCo 1e-2 ; Cr 3 ", NAN,
                                             3, values, &count));
  CHECK_EQ(count, 3);
  CHECK(strcmp(values[0].name, "Ni") == 0 && strcmp(values[2].name, "Cr") == 0);
  CHECK(values[0].value == 0.08 && values[1].value == 0.01 && values[2].value == 3);
  CHECK_OK(&context,
           csro_named_values_parse(&context, "shares", "D0_3, B2 2", 1, 3, values, &count));
  CHECK_EQ(count, 2);
  CHECK(strcmp(values[0].name, "D0_3") == 0 && values[0].value == 1 && values[1].value == 2);
  CHECK_OK(&context, csro_named_values_parse(&context, "noise", " ", NAN, 3, values, &count));
  CHECK_EQ(count, 0);
}

static void check_refused(const char *text, double otherwise, const char *message) {
  count = 7;
  CHECK_FAILS(&context,
              csro_named_values_parse(&context, "noise", text, otherwise, 3, values, &count),
              CSRO_ERROR_ARGUMENT, message);
  CHECK_EQ(count, 0);
}

static void test_refused(void) {
  check_refused("Ni", NAN, "noise 'Ni': character 3: the end, expected a finite number");
  check_refused("Ni x", 1, "character 4: 'x', expected a finite number behind the name");
  check_refused("Ni inf", NAN, "expected a finite number");
  check_refused("Ni 1 2", NAN, "character 4: '1', expected a finite number behind the name");
  check_refused("Ni 1,", NAN, "character 6: the end, expected a name and a number");
  check_refused(", Ni 1", NAN, "expected a name and a number");
  check_refused("Ni 1, Co 2, Ni 3", NAN, "character 13: 'Ni', expected each name only once");
  check_refused("A 1, B 2, C 3, D 4", NAN, "more than 3 names");
  check_refused("abcdefghijklmnopqrstuvwxyzabcdefgh 1", NAN, "expected a name and a number");
}

int main(void) {
  csro_context_init(&context);
  test_read();
  test_refused();
  return check_end();
}

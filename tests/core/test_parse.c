/* Pairs and boxes as people type them. */
#include "csro/parse.h"

#include "check.h"

static const char *const alloy[] = {"", "Ni", "Co", "Cr", "N", "Fe", "Al"};
enum { alloy_count = 7 };

typedef struct pair_list {
  int count;
  csro_pair *pair;
} pair_list;

static void check_pairs(csro_context *context, int species, const char *const *name,
                        const char *text, int count, const int (*expected)[2]) {
  pair_list list;
  CHECK_OK(context, csro_pairs_parse(context, text, species, name, &list.count, &list.pair));
  CHECK_EQ(list.count, count);
  for (int i = 0; i < count && i < list.count; i++) {
    CHECK_EQ(list.pair[i].a, expected[i][0]);
    CHECK_EQ(list.pair[i].b, expected[i][1]);
  }
  free(list.pair);
}

static void check_refused(csro_context *context, int species, const char *const *name,
                          const char *text, const char *message) {
  pair_list list = {7, (csro_pair *)context};
  CHECK_FAILS(context, csro_pairs_parse(context, text, species, name, &list.count, &list.pair),
              CSRO_ERROR_ARGUMENT, message);
  CHECK(list.count == 0 && !list.pair);
}

static void test_pairs(csro_context *context) {
  static const int ni[][2] = {{1, 1}}, three[][2] = {{1, 1}, {2, 3}, {4, 1}},
                   channels[][2] = {{5, 5}, {6, 6}};
  check_pairs(context, alloy_count, alloy, "Ni-Ni", 1, ni);
  check_pairs(context, alloy_count, alloy, " Ni-Ni ,Co-Cr;\tN-Ni\n", 3, three);
  check_pairs(context, alloy_count, alloy, "Ni-Ni Co-Cr, N-Ni", 3, three);
  check_pairs(context, alloy_count, alloy, "Ni-Ni,Co-Cr,Ni-Ni,N-Ni", 3, three);
  check_pairs(context, alloy_count, alloy, "Fe-Fe+Al-Al", 2, channels);
  check_pairs(context, alloy_count, alloy, "Fe-Fe + Al-Al", 2, channels);
  check_pairs(context, alloy_count, alloy, "", 0, NULL);
  check_pairs(context, alloy_count, alloy, " \t", 0, NULL);
}

static void test_damaged_pairs(csro_context *context) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {",", "pairs ',': character 1: ',', expected a pair of species as in Ni-Ni"},
      {"Ni-Ni,", "pairs 'Ni-Ni,': character 7: the end, expected a pair of species as in Ni-Ni"},
      {"Ni-Ni,,Co-Co", "character 7: ',', expected a pair"},
      {"Ni-Ni, W-W", "character 8: 'W', expected one of the species Ni, Co, Cr, N, Fe, Al"},
      {"Ni-Xx,Co-Co", "character 4: 'Xx', expected one of the species Ni"},
      {"Ni-", "character 4: the end, expected one of the species"},
      {"Ni-,Co-Co", "character 4: '', expected one of the species"},
      {"Ni", "character 3: the end, expected '-' and a second species"},
      {"Ni Co", "character 3: ' ', expected '-' and a second species"},
      {"-Ni", "character 1: '', expected one of the species"},
      {"ni-Ni", "character 1: 'ni', expected one of the species"},
      {"Ni-Ni-Ni", "character 4: 'Ni-Ni', expected one of the species"},
      {"Ni_Ni", "character 1: 'Ni_Ni', expected one of the species"},
      {"Ni-Ni+", "character 4: 'Ni+', expected one of the species"},
      {"Fe-Fe+Xx-Al", "character 4: 'Fe+Xx-Al', expected one of the species"},
      {"\xc3\xa4-Ni", "character 1: '?\?', expected one of the species"},
      {"Ni-Ni,\xc3\xa4-Ni W", "character 7: '?\?', expected one of the species"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    check_refused(context, alloy_count, alloy, cases[i].text, cases[i].message);
  check_refused(context, 0, NULL, "Ni-Ni", "character 1: 'Ni', expected a species, but the ions");
  check_refused(context, 1, alloy, "Ni-Ni", "but the ions have none");
}

/* Names of range files hold what they like. */
static void test_odd_names(csro_context *context) {
  static const char *const charged[] = {"Ni", "Ni+", "Ni++", "un_1", "O-18", "O", "18"};
  static const int plain[][2] = {{0, 0}, {0, 0}}, plus[][2] = {{1, 1}},
                   channels[][2] = {{0, 1}, {2, 0}}, other[][2] = {{3, 3}, {4, 4}, {4, 5}};
  check_pairs(context, 7, charged, "Ni-Ni", 1, plain);
  check_pairs(context, 7, charged, "Ni+-Ni+", 1, plus);
  check_pairs(context, 7, charged, "Ni-Ni++Ni++-Ni", 2, channels);
  check_pairs(context, 7, charged, "un_1-un_1,O-18-O-18 O-18-O", 3, other);
  static const char *const twofold[] = {"a", "a-a", "a_b", "c", "b_c", "a"};
  check_refused(context, 6, twofold, "a-a-a",
                "character 1: 'a-a-a', expected one way to read it, there are 'a' with 'a-a' and "
                "'a-a' with 'a'");
  static const int first[][2] = {{0, 0}};
  check_pairs(context, 6, twofold, "a-a", 1, first);
  check_refused(context, 6, twofold, "a_b-c,a-b_c",
                "character 7: 'a-b_c', expected another pair: its arrays would have the names of "
                "those of a_b-c");
  static const char *many[40];
  static char names[40][8];
  for (int i = 0; i < 40; i++) {
    snprintf(names[i], sizeof names[i], "s%d", i);
    many[i] = names[i];
  }
  check_refused(context, 40, many, "x-s1", "s0, s1, s2");
  check_refused(context, 40, many, "x-s1", "s15 and 24 more");
}

static void test_keys(void) {
  static const char *const cases[][2] = {
      {"Ni-Ni", "Ni_Ni"}, {"un_1-O-18", "un_1_O_18"}, {"Ni+-\xc3\xa4", "Ni__\xc3\xa4"}, {"", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char key[32];
    strcpy(key, cases[i][0]);
    csro_pair_key(key);
    CHECK(strcmp(key, cases[i][1]) == 0);
  }
}

static void test_box(csro_context *context) {
  static const char *const good[] = {"-10,10,-10.5,10,-120,0", " -10 10 -10.5 10 -1.2e2 0 ",
                                     "-10; 10;-10.5 ;+10 , -120\t0"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    double box[6];
    CHECK_OK(context, csro_box_parse(context, good[i], box));
    CHECK(box[0] == -10 && box[1] == 10 && box[2] == -10.5 && box[3] == 10 && box[4] == -120 &&
          box[5] == 0);
  }
  static const char six[] = "six numbers x0,x1,y0,y1,z0,z1 in nm";
  static const char *const bad[][2] = {
      {"", "box '': character 1: the end, expected a finite number"},
      {"1,2", "box '1,2': character 4: the end, expected six numbers"},
      {"1,2,3,4,5,", "character 11: the end, expected a finite number"},
      {"1,2,3,4,5,6,7", "character 12: ',7', expected nothing behind six numbers"},
      {"1,2,x,4,5,6", "character 5: 'x', expected a finite number"},
      {"1,2,,4,5,6", "character 5: '', expected a finite number"},
      {"1,2,3,4,5,nan", "character 11: 'nan', expected a finite number"},
      {"1,2,3,4,5,1e400", "character 11: '1e400', expected a finite number"},
      {"1,2,3,4,5,6x", "character 12: 'x', expected nothing behind six numbers"},
      {"1,2x,3,4,5,6", "character 3: '2x', expected a finite number"},
      {"0x10,2,3,4,5,6", "character 1: '0x10', expected a finite number"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    double box[6] = {1, 2, 3, 4, 5, 6};
    CHECK_FAILS(context, csro_box_parse(context, bad[i][0], box), CSRO_ERROR_ARGUMENT, bad[i][1]);
    CHECK(strstr(context->message, six) != NULL);
    CHECK(box[0] == 0 && box[5] == 0);
  }
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_pairs(&context);
  test_damaged_pairs(&context);
  test_odd_names(&context);
  test_keys();
  test_box(&context);
  return check_end();
}

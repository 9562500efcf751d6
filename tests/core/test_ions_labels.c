/* Text files of ions without m/q: labels and positions, or positions only. */
#include "check.h"
#include "csro/ions.h"
#include "temporary.h"

static temporary files;

/* The ions (1.5, -2, 30) and (-4, 0.5, 6) of the species "A B" (names in their order), "" for no
 * column of species. */
static void check_lists(csro_context *context, const char *text, const char *species) {
  csro_ions ions;
  const char *path = temporary_text(&files, "a.txt", text);
  for (context->threads = 1; context->threads <= 2; context->threads++) {
    if (csro_ions_read(context, path, 0, 1, &ions) != CSRO_OK) {
      fprintf(stderr, "'%s': %s\n", text, context->message);
      check_failures++;
      return;
    }
    static const double expected[6] = {1.5, -2, 30, -4, 0.5, 6};
    char found[200] = "";
    for (int64_t i = 0; ions.species && i < ions.count; i++) {
      strcat(found, i > 0 ? " " : "");
      strcat(found, ions.species[i] > 0 ? ions.species_names[ions.species[i] - 1] : "-");
    }
    if (ions.count != 2 || ions.mass || !ions.is_double ||
        memcmp(ions.xyz, expected, sizeof expected) != 0 || strcmp(found, species) != 0 ||
        !strstr(ions.note, "no column of m/q")) {
      fprintf(stderr, "'%s': %lld ions, species '%s', note '%s'\n", text, (long long)ions.count,
              found, ions.note);
      check_failures++;
    }
    csro_ions_release(&ions);
  }
}

static void test_lists(csro_context *context) {
  check_lists(context, "Ge 1.5 -2 30\nAl -4 0.5 6\n", "Ge Al");
  check_lists(context, "Ge\t1.5\t-2\t30\r\nGe\t-4\t0.5\t6\r\n", "Ge Ge");
  check_lists(context, "Na,1.5,-2,30\n10B,-4,.5,6\n", "Na 10B");
  check_lists(context, "Ni;1,5;-2;30\nNi;-4;0,5;6\n", "Ni Ni");
  check_lists(context, "# simulated\n\n1.5 -2 30 Ge:1\n-4 0.5 6 Ge:1 O:2 \n", "Ge GeO2");
  check_lists(context, "1.5\t-2\t30\tAl:1\tO:1\n-4\t0.5\t6\tO:1\n", "AlO O");
  check_lists(context, "1.5,-2,30,Ni\n-4,0.5,6,unranged\n", "Ni -");
  check_lists(context, "1.5 -2 30\n-4 0.5 6\n", "");
  check_lists(context, "1,5 -2 30\n-4 0,5 6", "");
  check_lists(context, "0,1,2\n1.5,-2,30\n-4,0.5,6\n", "");
}

static void test_headers(csro_context *context) {
  check_lists(context, "x,y,z\n1.5,-2,30\n-4,0.5,6\n", "");
  check_lists(context, "x (A),y (A),z (A)\n15,-20,300\n-40,5,60\n", "");
  check_lists(context, "Species x y z\nNi 1.5 -2 30\nAl -4 0.5 6\n", "Ni Al");
  check_lists(context, "z,y,x,element\n30,-2,1.5,\"Al O\"\n6,0.5,-4,\n", "Al O -");
  check_lists(context, "# x y z\n1.5 -2 30\n-4 0.5 6\n", "");
}

static void test_damage(csro_context *context) {
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"1 2 3\n1 2 3 58\n", "line 2: 4 columns in '1 2 3 58', expected 3 as in the first ion"},
      {"1 2 3\n\n1 2\n", "line 3: 2 columns in '1 2', expected 3 as in the first ion"},
      {"1 2 3\n1 x 3\n", "line 2: column 2 (y) is 'x', expected a finite number"},
      {"Ge 1 2 3\nGe 1 2\n",
       "line 2: 3 columns in 'Ge 1 2', expected 4 as in the first ion (label"},
      {"Ge 1 2 3\nGe 1 2 3 4\n", "line 2: 5 columns in 'Ge 1 2 3 4', expected 4 as in the first"},
      {"Ge 1 2 3\nGe 1 2.3.4 3\n", "line 2: column 3 (y) is '2.3.4', expected a finite number"},
      {"Ge 1 2 3\n1.5 1 2 3\n", "line 2: column 1 (label) is '1.5', expected a label as in Ge"},
      {"1 2 3 Ge:1\n1 2 3 58.1\n", "line 2: column 4 (label) is '58.1', expected a label as in"},
      {"1 2 3 Ge:1\n1 2 3 Ge:1 O\n", "line 2: column 4 (label) is 'Ge:1 O', expected a label"},
      {"1 2 3 Ge:1\n1 2 3\n", "line 2: 3 columns in '1 2 3', expected 4 as in the first ion (x, y"},
      {"1 2 3 Ge:1\n1 2 nan Ge:1\n", "line 2: column 3 (z) is 'nan', expected a finite number (1"},
      {"1 2 3 4x\n", "line 1: column 4 (m/q) is '4x'"},
      {"1 2 3 NA\n", "line 1: column 4 (m/q) is 'NA'"},
      {"Ge 1 2 3 4\n", "line 1: column 1 (x) is 'Ge'"},
      {"1 2 3 4\n1 2 3 Ge\n", "line 2: column 4 (m/q) is 'Ge'"},
      {"x,y,z\n1,2,3,4\n", "line 2: 4 columns in '1,2,3,4', the header names 3"},
      {"x,y,z,V4\n1,2,3,4\n", "line 1: no column of 'x,y,z,V4' is named as m/q"},
      {"x,y,z,m (kg)\n1,2,3,4\n", "column 4 'm (kg)' has the unit 'kg'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    csro_ions ions;
    const char *path = temporary_text(&files, "a.txt", cases[i].text);
    CHECK_FAILS(context, csro_ions_read(context, path, 0, 1, &ions), CSRO_ERROR_FORMAT,
                cases[i].message);
  }
}

/* An ion that is left out, and parts of a file of several chunks. */
static void test_parts(csro_context *context) {
  enum { count = 100000, parts = 3 };
  char *text = malloc(count * 40);
  size_t n = 0;
  for (int i = 0; i < count; i++)
    n += (size_t)sprintf(text + n, "%d.5 %s -%d.25 %s\n", i, i == 77777 ? "nan" : "1", i,
                         i % 3 ? "Al:1 O:1" : "Ge:1");
  const char *path = temporary_write(&files, "a.txt", text, n);
  int64_t next = 0;
  for (int part = 0; part < parts; part++) {
    csro_ions ions;
    CHECK_OK(context, csro_ions_read_finite(context, path, part, parts, &ions));
    CHECK(!ions.mass && ions.species);
    for (int64_t i = 0; i < ions.count; i++) {
      int64_t number = next + (ions.number ? ions.number[i] : i);
      const char *name = ions.species_names[ions.species[i] - 1];
      if (((double *)ions.xyz)[3 * i] != (double)number + 0.5 ||
          strcmp(name, number % 3 ? "AlO" : "Ge") != 0)
        check_failures++;
    }
    next += ions.count + ions.left_out;
    csro_ions_release(&ions);
  }
  CHECK_EQ(next, count);
  free(text);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  temporary_make(&files);
  test_lists(&context);
  test_headers(&context);
  test_damage(&context);
  test_parts(&context);
  temporary_remove(&files);
  return check_end();
}

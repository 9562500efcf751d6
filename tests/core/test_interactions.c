/* Interaction files: those that ship, what is written is read back, refusals with file and line,
 * which sets of sites clusters are. */
#include "csro/interactions.h"

#include "check.h"

#include <unistd.h>

static csro_context context;

#define HEAD                                                                                       \
  "<csro-interactions xmlns=\"urn:apt-csro:interactions:1\" version=\"1\">\n<name>A &amp; "        \
  "B</name>\n"
#define FCC "<lattice prototype=\"fcc\" a=\"0.36\"/>\n"
#define AB                                                                                         \
  "<species><element name=\"A\" share=\"0.5\"/><element name=\"B\" share=\"0.5\"/></species>\n"
#define TAIL "</csro-interactions>"

static csro_interactions *parse(const char *text) {
  csro_interactions *made;
  CHECK_OK(&context, csro_interactions_parse(&context, "input", text, strlen(text), &made));
  return made;
}

static void refuse(const char *text, const char *message) {
  csro_interactions *made;
  CHECK_FAILS(&context, csro_interactions_parse(&context, "input", text, strlen(text), &made),
              CSRO_ERROR_FORMAT, message);
  CHECK(!made);
}

static void check_same(const csro_interactions *a, const csro_interactions *b) {
  CHECK(strcmp(a->name, b->name) == 0);
  CHECK_EQ(a->basis_count, b->basis_count);
  CHECK_EQ(a->species_count, b->species_count);
  CHECK_EQ(a->shell_count, b->shell_count);
  CHECK_EQ(a->cluster_count, b->cluster_count);
  const int n = a->species_count;
  CHECK(memcmp(a->edge, b->edge, sizeof a->edge) == 0);
  CHECK(memcmp(a->shares, b->shares, (size_t)n * sizeof(double)) == 0);
  CHECK(memcmp(a->pairs, b->pairs, (size_t)(a->shell_count * n * n) * sizeof(double)) == 0);
  for (int c = 0; c < a->cluster_count; c++)
    for (int e = 0, all = a->clusters[c].sites == 3 ? n * n * n : n * n * n * n; e < all; e++)
      CHECK(a->clusters[c].energy[e] == b->clusters[c].energy[e]);
}

static void test_shipped(void) {
  for (int k = 0; k < CSRO_INTERACTIONS_SHIPPED; k++) {
    csro_interactions *made, *again;
    char *text;
    CHECK_OK(&context, csro_interactions_shipped(&context, k, &made));
    CHECK(strstr(made->name, "illustrative"));
    CHECK_OK(&context, csro_interactions_text(&context, made, &text));
    again = parse(text);
    check_same(made, again);
    free(text);
    csro_interactions_destroy(&made);
    csro_interactions_destroy(&again);
  }
}

static void test_clusters(void) {
  csro_interactions *made = parse(
      HEAD FCC AB
      "<pairs><shell distance=\"0.2546\"><energy a=\"A\" b=\"B\">-0.02</energy></shell></pairs>"
      "<clusters><cluster shells=\"1 1 2\"><energy species=\"A B B\">0.25</energy>"
      "<energy species=\"B A A\">0.125</energy></cluster>"
      "<cluster shells=\"1 1 1 1 1 1\"><energy species=\"A A A B\">1</energy></cluster>"
      "</clusters>" TAIL);
  CHECK_EQ(made->shells[0], 1);
  CHECK(made->pairs[1] == -0.02 && made->pairs[2] == -0.02 && made->pairs[0] == 0);
  /* Sites 2 and 3 are told apart from the apex alone. */
  CHECK(made->clusters[0].energy[3] == 0.25 && made->clusters[0].energy[5] == 0);
  CHECK(made->clusters[0].energy[4] == 0.125);
  int ones = 0;
  for (int k = 0; k < 16; k++)
    ones += made->clusters[1].energy[k] == 1;
  CHECK_EQ(ones, 4);
  /* One B in A: in fcc 12 pairs, 12 triangles 1 1 2 with it at the apex, 8 tetrahedra. */
  csro_lattice l;
  double energy;
  CHECK_OK(&context,
           csro_interactions_lattice(&context, made, made->shares, (int[3]){4, 4, 4}, 1, &l));
  memset(l.species, 0, 256);
  l.species[100] = 1;
  CHECK_OK(&context, csro_interactions_energy(&context, made, &l, &energy));
  CHECK_NEAR(energy, 12 * -0.02 + 12 * 0.125 + 8, 1e-9);
  csro_lattice_release(&l);
  char path[64], *text;
  snprintf(path, sizeof path, "interactions-%d.xml", (int)getpid());
  csro_interactions *again;
  CHECK_OK(&context, csro_interactions_write(&context, made, path));
  CHECK_OK(&context, csro_interactions_read(&context, path, &again));
  check_same(made, again);
  remove(path);
  made->pairs[1] = 3;
  CHECK_FAILS(&context, csro_interactions_text(&context, made, &text), CSRO_ERROR_ARGUMENT,
              "energy of A-B is 3 eV, that of B-A -0.02 eV");
  csro_interactions_destroy(&made);
  csro_interactions_destroy(&again);
}

static void test_refusals(void) {
  refuse(HEAD FCC AB "<pairs><shell number=\"1\"><energy a=\"A\" b=\"B\">1</energy>\n<energy "
                     "a=\"B\" b=\"A\">2</energy></shell></pairs>" TAIL,
         "input: line 6: B-A has 2 eV, but 1 eV before");
  refuse(HEAD FCC AB "<pairs><shell number=\"1\"><energy a=\"A\" b=\"C\">1</energy></shell>"
                     "</pairs>" TAIL,
         "line 5: no species C is declared");
  refuse(HEAD FCC AB "<pairs><shell distance=\"0.3\"><energy a=\"A\" b=\"B\">1</energy></shell>"
                     "</pairs>" TAIL,
         "line 5: no shell of the lattice at 0.3 nm (the first is at 0.254");
  refuse(HEAD FCC AB "<pairs><shell number=\"99\"><energy a=\"A\" b=\"B\">1</energy></shell>"
                     "</pairs>" TAIL,
         "line 5");
  refuse(HEAD FCC AB "<pairs><shell number=\"1\"><energy a=\"A\" b=\"B\">1e9</energy></shell>"
                     "</pairs>" TAIL,
         "line 5");
  refuse(HEAD FCC "<species><element name=\"A\" share=\"0.5\"/><element name=\"B\" share=\"0.6\"/>"
                  "</species><pairs/>" TAIL,
         "shares of the species sum to 1.1");
  refuse(HEAD FCC "<species><element name=\"A\" share=\"0.5\"/><element name=\"A\" share=\"0.5\"/>"
                  "</species><pairs/>" TAIL,
         "species A is there twice");
  refuse(HEAD "<lattice a=\"0.3\"><site x=\"0\" y=\"0\" z=\"0\"/><site x=\"0\" y=\"0\" "
              "z=\"0.01\"/></lattice>" AB "<pairs/>" TAIL,
         "closer than");
  refuse(HEAD FCC AB "<pairs/><clusters><cluster shells=\"1 1 9\"><energy species=\"A B "
                     "B\">1</energy></cluster></clusters>" TAIL,
         "cluster 1: the lattice has no sites at these distances");
  refuse(HEAD FCC AB
         "<pairs/><clusters>\n<cluster shells=\"1 1 1\"><energy species=\"A B "
         "B\">1</energy>\n<energy species=\"B A B\">2</energy></cluster></clusters>" TAIL,
         "line 7: another energy was given");
  refuse(HEAD FCC AB "<pairs/><clusters><cluster shells=\"1 1 1\"><energy species=\"A B B "
                     "B\">1</energy></cluster></clusters>" TAIL,
         "4 species on a cluster of 3 sites");
  csro_interactions *made = parse(HEAD FCC AB "<pairs/>" TAIL);
  csro_lattice l;
  CHECK_FAILS(
      &context,
      csro_interactions_lattice(&context, made, (double[2]){1, 0.001}, (int[3]){2, 2, 2}, 1, &l),
      CSRO_ERROR_ARGUMENT, "0.001 of B in a box of 32 sites is less than one atom");
  CHECK(!l.species);
  csro_interactions_destroy(&made);
}

int main(void) {
  csro_context_init(&context);
  test_shipped();
  test_clusters();
  test_refusals();
  return check_end();
}

/* Recipes: what the shipped ones say, a cell of one's own, every kind of damage refused with its
 * line, the example of the documentation. */
#include "recipes.h"

static csro_context context;

static void test_shipped(void) {
  csro_recipe *r = shipped_recipe(&context, "cocrni-111");
  CHECK(strcmp(r->name, "CoCrNi <111>") == 0);
  CHECK(r->pole[0] == 1 && r->pole[1] == 1 && r->pole[2] == 1);
  CHECK_EQ(r->structure_count, 2);
  CHECK(strcmp(r->prototypes[1], "L1_1") == 0);
  CHECK_EQ(r->classes[0].patterns, 3250);
  CHECK_EQ(r->classes[1].patterns, 1950);
  CHECK_EQ(r->classes[0].values[CSRO_VALUE_ORDER].from, 0);
  CHECK_EQ(r->classes[1].values[CSRO_VALUE_ORDER].from, 1);
  CHECK(csro_value_at(&r->classes[0].values[CSRO_VALUE_EFFICIENCY], 6) < 0.5);
  CHECK(memcmp(&r->bins, &csro_bins_published, sizeof r->bins) == 0);
  csro_train_options defaults;
  csro_train_defaults(&defaults);
  CHECK_EQ(r->training.folds, defaults.folds);
  CHECK_EQ(r->training.epochs, defaults.epochs);
  CHECK_EQ(r->training.batch, defaults.batch);
  CHECK_EQ(r->training.shift_lo, defaults.shift_lo);
  CHECK_EQ(r->training.shift_hi, defaults.shift_hi);
  CHECK_EQ(r->training.seed, defaults.seed);
  CHECK(r->training.learning_rate == defaults.learning_rate &&
        r->training.test_fraction == defaults.test_fraction);
  csro_network published;
  CHECK_OK(&context, csro_network_published(&context, 93, 1, 2, &published));
  CHECK_EQ(r->architecture.layer_count, published.layer_count);
  for (int l = 0; l < published.layer_count; l++) {
    const csro_layer *a = &r->architecture.layers[l], *b = &published.layers[l];
    CHECK(a->kind == b->kind && a->units == b->units && a->size == b->size && a->same == b->same &&
          a->rate == b->rate && a->activation == b->activation);
  }
  csro_network_release(&published);
  csro_model *model;
  CHECK_OK(&context, csro_recipe_model(&context, r, &model));
  CHECK(strcmp(model->lattice, "fcc") == 0 && strcmp(model->orientation, "111") == 0);
  CHECK(model->lattice_constant == 0.36 && model->threshold == 3.75);
  CHECK(strcmp(model->classes[1], "CSRO") == 0 && strcmp(model->pairs[0], "Co-Co") == 0);
  csro_model_destroy(&model);
  csro_recipe_destroy(&r);

  r = shipped_recipe(&context, "feal-002");
  CHECK_EQ(r->class_count, 3);
  CHECK_EQ(r->channel_count, 2);
  CHECK_EQ(r->channels[1][0], 1);
  CHECK(r->geometry.ball && r->geometry.radius == 0.5);
  CHECK_EQ(r->geometry.partners, CSRO_PARTNERS_IN_DATA);
  CHECK_EQ(r->architecture.layers[0].units, 64);
  CHECK(r->architecture.layers[0].same);
  CHECK_EQ(r->classes[0].species, 1);
  CHECK_EQ(r->classes[1].species, -1);
  CHECK_EQ(r->classes[1].values[CSRO_VALUE_SIGMA_XY].count, 0);
  csro_recipe_destroy(&r);
  CHECK(r == NULL);
  CHECK_FAILS(&context, csro_recipe_shipped(&context, 9, &r), CSRO_ERROR_ARGUMENT, "recipe 9");
  csro_recipe_destroy(NULL);
}

static char *slurp(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    fprintf(stderr, "no %s\n", path);
    exit(1);
  }
  char *data = calloc(1, 1 << 20);
  size_t size = fread(data, 1, (1 << 20) - 1, file);
  fclose(file);
  CHECK(size > 0);
  return data;
}

/* The text with the first `from` replaced. */
static char *replaced(const char *text, const char *from, const char *to) {
  const char *at = strstr(text, from);
  if (!at) {
    fprintf(stderr, "no '%s'\n", from);
    exit(1);
  }
  char *out = calloc(1, strlen(text) + strlen(to) + 1);
  memcpy(out, text, (size_t)(at - text));
  strcat(out, to);
  strcat(out, at + strlen(from));
  return out;
}

static void check_refused(const char *text, const char *from, const char *to, const char *message) {
  char *damaged = replaced(text, from, to);
  csro_recipe *recipe = NULL;
  CHECK_FAILS(&context, csro_recipe_parse(&context, "damaged", damaged, strlen(damaged), &recipe),
              CSRO_ERROR_FORMAT, message);
  CHECK(recipe == NULL);
  CHECK(strncmp(context.message, "damaged: line ", 14) == 0);
  free(damaged);
}

static void test_damaged(void) {
  char *feal = slurp(CSRO_XML "/recipes/feal-002.xml");
  const struct {
    const char *from, *to, *message;
  } damages[] = {
      {"<csro-recipe", "<!DOCTYPE x><csro-recipe", "document type declaration"},
      {"csro-recipe xmlns=\"urn:apt-csro:recipe:1\" version=\"1\"",
       "csro-recipe xmlns=\"urn:apt-csro:recipe:1\" version=\"2\"", "recipe file version '2'"},
      {"<name>", "<nam>", ""},
      {"<orientation>002", "<orientation>000", "line 7: 000 is no pole"},
      {"<orientation>002", "<orientation>-10", ""},
      {"structure name=\"B2\"", "structure name=\"bcc\"", "same name"},
      {"prototype=\"B2\"", "prototype=\"B3\"", ""},
      {"a=\"0.29\"", "a=\"0\"", ""},
      {"sublattice=\"A2\"", "sublattice=\"C\"", "no sublattice C"},
      {"species=\"Fe\" fraction=\"0.75\"", "species=\"Fe\" fraction=\"0.8\"", "sum to 1.05"},
      {"class role=\"ordered\" name=\"B2\"", "class role=\"ordered\" name=\"D03\"", "same name"},
      {"structure=\"D0_3\"", "structure=\"L1_2\"", "no structure L1_2"},
      {"composition species=\"Al\"", "composition species=\"Ti\"", "composition of Ti"},
      {"from=\"0.2\" to=\"0.5\"", "from=\"0.6\" to=\"0.5\"", "from 0.6 to 0.5"},
      {"<efficiency from=\"0.35\"", "<efficiency from=\"0\"", "from 0 to 0.65"},
      {"to=\"0.6\"", "to=\"2.5\"", "0.2 to 2.5"},
      {"to=\"0.6\"", "to=\"0.6\" step=\"1e-9\"", "ten million"},
      {"patterns=\"40000\"", "patterns=\"10000000\"", "ten million patterns"},
      {"<sigma-z from=\"0.015\" to=\"0.05\"/>", "", "no sigma-z"},
      {"partners=\"data\"/>", "partners=\"data\"><domain offset=\"0.1\"/></ball>",
       "no domain-diameter"},
      {"<pair>Al-Al", "<pair>Al-Ni", "species of Al-Ni"},
      {"<pair>Al-Al", "<pair>Fe-Fe", "same name"},
      {"kept=\"93\"", "kept=\"193\"", "line"},
      {"shift-from=\"-2\"", "shift-from=\"2\"", "shifts from 2 to 1"},
      {"units=\"3\"", "units=\"2\"", "the last layer has 2 units, expected 3"},
      {"<flatten/>", "", "network"},
      {"folds=\"5\"", "folds=\"1\"", ""},
      {"seed=\"1\"", "seed=\"-1\"", ""},
  };
  for (size_t k = 0; k < sizeof damages / sizeof damages[0]; k++)
    check_refused(feal, damages[k].from, damages[k].to, damages[k].message);
  for (size_t length = 0; length < strlen(feal); length += 97) {
    csro_recipe *recipe = NULL;
    CHECK(csro_recipe_parse(&context, "cut", feal, length, &recipe) == CSRO_ERROR_FORMAT);
    CHECK(recipe == NULL);
  }
  free(feal);
}

/* B2 as a cell of one's own is the prototype: the same bank. */
static void test_own_cell(void) {
  char *feal = slurp(CSRO_XML "/recipes/feal-002.xml");
  char *few = replaced(feal, "role=\"ordered\" name=\"B2\" structure=\"B2\" patterns=\"40000\"",
                       "role=\"ordered\" name=\"B2\" structure=\"B2\" patterns=\"20\"");
  char *own = replaced(few, "prototype=\"B2\" a=\"0.29\">",
                       "a=\"0.29\"><site sublattice=\"A\" x=\"0\" y=\"0\" z=\"0\"/>"
                       "<site sublattice=\"B\" x=\"0.5\" y=\"0.5\" z=\"0.5\"/>");
  const char *texts[] = {few, own};
  csro_patterns p[2];
  for (int k = 0; k < 2; k++) {
    csro_recipe *recipe;
    CHECK_OK(&context, csro_recipe_parse(&context, "text", texts[k], strlen(texts[k]), &recipe));
    recipe->classes[0].patterns = 1, recipe->classes[2].patterns = 1;
    CHECK_OK(&context, csro_patterns_init(&context, recipe, 1, 0, &p[k]));
    CHECK(strcmp(recipe->prototypes[1], "B2") == 0);
    csro_recipe_destroy(&recipe);
  }
  CHECK_EQ(p[0].count, 22);
  CHECK(memcmp(p[0].counts, p[1].counts, 22 * 2 * 93 * sizeof *p[0].counts) == 0);
  csro_patterns_release(&p[0]);
  csro_patterns_release(&p[1]);
  check_refused(own, "x=\"0.5\" y=\"0.5\" z=\"0.5\"", "x=\"1\" y=\"0.5\" z=\"0.5\"",
                "coordinate 1 of site 2");
  check_refused(own, "x=\"0.5\" y=\"0.5\" z=\"0.5\"", "x=\"0\" y=\"0\" z=\"0.1\"", "closer than");
  free(feal);
  free(few);
  free(own);
}

static void test_training(void) {
  char *plain = slurp(CSRO_XML "/recipes/cocrni-111.xml");
  char *text = replaced(plain, "seed=\"1\"",
                        "patience=\"7\" rate=\"cosine\" weights=\"classes\" seed=\"3\"");
  csro_recipe *recipe;
  CHECK_OK(&context, csro_recipe_parse(&context, "text", plain, strlen(plain), &recipe));
  CHECK(recipe->training.patience == 0 && !recipe->training.cosine && !recipe->training.balanced);
  CHECK(strcmp(recipe->text, plain) == 0);
  csro_recipe_destroy(&recipe);
  CHECK_OK(&context, csro_recipe_parse(&context, "text", text, strlen(text), &recipe));
  CHECK(recipe->training.patience == 7 && recipe->training.cosine && recipe->training.balanced);
  CHECK_EQ(recipe->training.seed, 3);
  csro_recipe_destroy(&recipe);
  free(plain);
  free(text);
}

/* The complete example of docs/recipes.md. */
static void test_example(void) {
  char *page = slurp(CSRO_DOCS "/recipes.md");
  char *begin = strstr(page, "```xml\n<?xml"), *end = begin ? strstr(begin + 7, "```") : NULL;
  CHECK(end != NULL);
  if (!end)
    return;
  begin += strlen("```xml\n");
  csro_recipe *recipe;
  csro_patterns patterns;
  CHECK_OK(&context,
           csro_recipe_parse(&context, "recipes.md", begin, (size_t)(end - begin), &recipe));
  CHECK_OK(&context, csro_patterns_init(&context, recipe, recipe->training.seed, 50, &patterns));
  CHECK_EQ(patterns.count, 50);
  csro_patterns_release(&patterns);
  csro_recipe_destroy(&recipe);
  free(page);
}

static void test_files(void) {
  csro_recipe *recipe;
  CHECK_OK(&context, csro_recipe_read(&context, CSRO_XML "/recipes/cocrni-002.xml", &recipe));
  csro_recipe_destroy(&recipe);
  CHECK_FAILS(&context, csro_recipe_read(&context, "absent.xml", &recipe), CSRO_ERROR_FILE,
              "absent.xml");
  CHECK_FAILS(&context, csro_recipe_read(&context, CSRO_XML, &recipe), CSRO_ERROR_FILE,
              "expected a regular file");
  CHECK_FAILS(&context, csro_recipe_read(&context, CSRO_XML "/models/cocrni-002.xml", &recipe),
              CSRO_ERROR_FORMAT, "at most 1048576");
  const char *model = "<csro-model/>";
  CHECK_FAILS(&context, csro_recipe_parse(&context, "text", model, strlen(model), &recipe),
              CSRO_ERROR_FORMAT, "expected <csro-recipe>");
  CHECK(recipe == NULL);
}

int main(void) {
  csro_context_init(&context);
  test_shipped();
  test_damaged();
  test_own_cell();
  test_training();
  test_example();
  test_files();
  return check_end();
}

/* Recipes whose structure the input chooses: read, turned into patterns, and these into inputs. */
#include "csro/patterns.h"
#include "fuzz_xml_layers.h"

#include <math.h>

/* Patterns of larger crystals take longer than a fuzzer should wait. */
enum { most_sites = 3000, few_patterns = 2 };

static const char *const species[] = {"Fe", "Al", "Co"};

static void put_sites(fuzz_xml *xml) {
  int sites = 1 + fuzz_below(xml->from, 4);
  for (int k = 0; k < sites; k++)
    fuzz_xml_put(xml, "<site sublattice=\"%s\" x=\"0.%d\" y=\"0.%d\" z=\"0.%d\"/>",
                 k % 2 ? "B" : "A", fuzz_below(xml->from, 10), fuzz_below(xml->from, 10),
                 5 * (k % 2));
}

static void put_structure(fuzz_xml *xml, int index) {
  static const char *const constants[] = {"0.36", "0.29", "0.5", "1"},
                           *const fractions[] = {"0.25", "0", "0.5", "1"},
                           *const sublattices[] = {"A", "B", "A2"};
  fuzz_bytes *from = xml->from;
  int prototype = fuzz_below(from, CSRO_PROTOTYPES + 2), rows = 1 + fuzz_below(from, 3);
  fuzz_xml_put(xml, "<structure name=\"s%d\" a=\"%s\"", index, fuzz_xml_number(xml, 4, constants));
  if (fuzz_below(from, 4) == 3)
    fuzz_xml_put(xml, " c=\"%s\"", fuzz_xml_number(xml, 4, constants));
  if (prototype < CSRO_PROTOTYPES) {
    fuzz_xml_put(xml, " prototype=\"%s\">", csro_prototype_names[prototype]);
  } else {
    fuzz_xml_put(xml, ">");
    put_sites(xml);
  }
  for (int k = 0; k < rows; k++) {
    fuzz_xml_accident(xml);
    /* every cell has the sublattice A, and four quarters are at most 1 */
    fuzz_xml_put(xml, "<occupancy sublattice=\"%s\" species=\"%s\" fraction=\"%s\"/>",
                 xml->wild ? sublattices[fuzz_below(from, 3)] : "A", species[k],
                 fuzz_xml_number(xml, rows == 1 || xml->wild ? 4 : 2, fractions));
  }
  fuzz_xml_put(xml, "</structure>");
}

static void put_set(fuzz_xml *xml, const char *name, int count, const char *const *rising) {
  fuzz_bytes *from = xml->from;
  int first = fuzz_below(from, count), last = first + fuzz_below(from, count - first);
  const char *at[] = {rising[first]}, *to[] = {rising[last]};
  static const char *const steps[] = {"0.1", "0.05", "1", "0.003"};
  fuzz_xml_accident(xml);
  fuzz_xml_put(xml, "<%s", name);
  if (strcmp(name, "composition") == 0)
    fuzz_xml_put(xml, " species=\"Fe\"");
  int kind = fuzz_below(from, 3);
  if (kind == 0)
    fuzz_xml_put(xml, " value=\"%s\"/>", fuzz_xml_number(xml, 1, at));
  else {
    fuzz_xml_put(xml, " from=\"%s\" to=\"%s\"", fuzz_xml_number(xml, 1, at),
                 fuzz_xml_number(xml, 1, to));
    if (kind == 2)
      fuzz_xml_put(xml, " step=\"%s\"", fuzz_xml_number(xml, 4, steps));
    fuzz_xml_put(xml, "/>");
  }
}

/* The sets that stand in one place; all of those that every recipe needs, or some of them. */
static void put_sets(fuzz_xml *xml, bool all, bool ordered) {
  static const char *const lengths[] = {"0", "0.01", "0.05", "0.2", "0.6", "2"},
                           *const shares[] = {"0", "0.001", "0.35", "0.65", "0.999", "1"},
                           *const diameters[] = {"0.1", "0.5", "1", "2", "20"};
  fuzz_bytes *from = xml->from;
  if (all || fuzz_below(from, 4) == 3)
    put_set(xml, "sigma-xy", 6, lengths);
  if (all || fuzz_below(from, 4) == 3)
    put_set(xml, "sigma-z", 6, lengths);
  if (all || fuzz_below(from, 4) == 3)
    put_set(xml, "efficiency", 5, shares + 1);
  if (fuzz_below(from, 4) == 3)
    put_set(xml, "composition", 6, shares);
  if (ordered && fuzz_below(from, 2))
    put_set(xml, "order", 6, shares);
  if (ordered && (all || fuzz_below(from, 2)))
    put_set(xml, "domain-diameter", 5, diameters);
}

static void put_classes(fuzz_xml *xml, int classes, int structures) {
  fuzz_bytes *from = xml->from;
  fuzz_xml_put(xml, "<classes>");
  for (int k = 0; k < classes; k++) {
    fuzz_xml_accident(xml);
    fuzz_xml_put(xml, "<class role=\"%s\" name=\"c%d\" structure=\"s%d\"", k ? "ordered" : "random",
                 k, fuzz_below(from, structures));
    if (fuzz_below(from, 2))
      fuzz_xml_put(xml, " patterns=\"%d\"", 1 + fuzz_byte(from));
    fuzz_xml_put(xml, ">");
    put_sets(xml, false, k > 0);
    fuzz_xml_put(xml, "</class>");
  }
  fuzz_xml_put(xml, "</classes>");
}

static void put_geometry(fuzz_xml *xml) {
  static const char *const radii[] = {"0.5", "1", "0.1", "2"}, *const offsets[] = {"0.3", "0", "1",
                                                                                   "20"};
  fuzz_bytes *from = xml->from;
  fuzz_xml_put(xml, "<geometry>");
  if (fuzz_below(from, 3) == 0) {
    fuzz_xml_put(xml, "<crystal x=\"%d\" y=\"%d\" z=\"%d\"/>", 1 + fuzz_below(from, 4),
                 1 + fuzz_below(from, 4), 1 + fuzz_below(from, 4));
  } else {
    fuzz_xml_put(xml, "<ball radius=\"%s\" partners=\"%s\">", fuzz_xml_number(xml, 4, radii),
                 fuzz_below(from, 2) ? "data" : "voxel");
    if (fuzz_below(from, 2))
      fuzz_xml_put(xml, "<domain offset=\"%s\"/>", fuzz_xml_number(xml, 4, offsets));
    fuzz_xml_put(xml, "</ball>");
  }
  fuzz_xml_put(xml, "</geometry>");
}

static void put_training(fuzz_xml *xml) {
  static const char *const rates[] = {"0.001", "1", "5e-324"};
  fuzz_bytes *from = xml->from;
  fuzz_xml_put(xml, "<augmentation shift-from=\"%d\" shift-to=\"%d\"/>", -fuzz_below(from, 20),
               fuzz_below(from, 20));
  fuzz_xml_accident(xml);
  csro_layer layers[fuzz_most_layers];
  fuzz_xml_layers(xml, fuzz_layers(from, 2 + fuzz_below(from, 2), layers), layers);
  fuzz_xml_put(xml, "<training test-fraction=\"0.%d\" folds=\"%d\" epochs=\"1\" batch=\"1\" ",
               fuzz_byte(from), 2 + fuzz_below(from, 3));
  fuzz_xml_put(xml, "learning-rate=\"%s\" seed=\"%d\"/>", fuzz_xml_number(xml, 3, rates),
               fuzz_byte(from));
  fuzz_xml_put(xml, "<threshold>3.75</threshold></csro-recipe>");
}

static void put_recipe(fuzz_xml *xml) {
  static const char *const names[] = {"t", "Fe-Al &lt;002&gt;"}, *const poles[] = {"002", "111",
                                                                                   "001", "110",
                                                                                   "345", "000"},
                           *const ranges[] = {"1.5", "0.5", "1"},
                           *const ways[] = {"minmax", "mean", "minmax", "mean",
                                            "minmax", "mean", "minmax", "full"};
  fuzz_bytes *from = xml->from;
  xml->wild = fuzz_below(from, 2);
  int structures = 1 + fuzz_below(from, 3), kept = 17 + fuzz_below(from, 20);
  fuzz_xml_put(xml, "<csro-recipe xmlns=\"urn:apt-csro:recipe:1\" version=\"1\">");
  fuzz_xml_put(xml, "<name>%s</name>", fuzz_xml_name(xml, 2, names));
  fuzz_xml_put(xml, "<orientation>%s</orientation><structures>",
               fuzz_xml_name(xml, 5 + xml->wild, poles));
  for (int k = 0; k < structures; k++)
    put_structure(xml, k);
  fuzz_xml_put(xml, "</structures>");
  put_classes(xml, 2 + fuzz_below(from, 2), structures);
  fuzz_xml_put(xml, "<channels><pair>Fe-Fe</pair>");
  if (fuzz_below(from, 4) == 3)
    fuzz_xml_put(xml, "<pair>%s-Fe</pair>", species[fuzz_below(from, 3)]);
  fuzz_xml_put(xml, "</channels><bins half-range=\"%s\" total=\"%d\" first=\"%d\" kept=\"%d\"/>",
               fuzz_xml_number(xml, 3, ranges), kept + 9, fuzz_below(from, 10), kept);
  put_geometry(xml);
  fuzz_xml_put(xml, "<values>");
  put_sets(xml, true, true);
  fuzz_xml_put(xml, "</values><preprocessing>%s</preprocessing>", fuzz_xml_name(xml, 8, ways));
  put_training(xml);
}

/* About how many sites the largest pattern takes. */
static double count_sites(const csro_recipe *recipe) {
  double most = 0;
  for (int k = 0; k < recipe->class_count; k++) {
    const csro_recipe_class *class = &recipe->classes[k];
    for (int s = 0; s < recipe->structure_count; s++) {
      const csro_structure *structure = &recipe->structures[s];
      double cells = 1, volume = 1, sites = structure->site_count;
      const csro_recipe_geometry *geometry = &recipe->geometry;
      for (int axis = 0; axis < 3; axis++) {
        volume *= structure->constant[axis];
        sites /= structure->cells[axis];
        cells *= geometry->cells[axis] + 1;
      }
      double noise =
          3 * (class->values[CSRO_VALUE_SIGMA_XY].to + class->values[CSRO_VALUE_SIGMA_Z].to);
      double reach = geometry->radius + noise + recipe->bins.half_range;
      if (geometry->ball)
        cells = 4.2 * reach * reach * reach / volume;
      most = fmax(most, cells * sites);
    }
  }
  return most;
}

static void check_patterns(const csro_recipe *recipe, const csro_patterns *patterns) {
  FUZZ_CHECK(patterns->count > 0 && patterns->count <= few_patterns);
  FUZZ_CHECK(patterns->channels == recipe->channel_count && patterns->bins == recipe->bins.kept);
  for (int64_t i = 0; i < patterns->count; i++) {
    FUZZ_CHECK(patterns->label[i] < recipe->class_count);
    const csro_recipe_class *class = &recipe->classes[patterns->label[i]];
    for (int v = 0; v < CSRO_VALUES; v++) {
      double value = (double)patterns->parameters[i][v];
      FUZZ_CHECK(class->given[v] || isnan(value));
      FUZZ_CHECK(!class->given[v] ||
                 (value >= class->values[v].from - 1e-5 && value <= class->values[v].to + 1e-5));
    }
  }
}

static void check_inputs(csro_context *context, const csro_recipe *recipe,
                         const csro_patterns *patterns) {
  int64_t row = (int64_t)patterns->bins * patterns->channels;
  float *inputs = fuzz_allocate((size_t)(patterns->count * row) * sizeof *inputs);
  FUZZ_CHECK(csro_patterns_inputs(context, patterns, recipe->preprocessing, inputs) == CSRO_OK);
  for (int64_t i = 0; i < patterns->count * row; i++)
    FUZZ_CHECK(isnan(inputs[i]) || isfinite(inputs[i]));
  free(inputs);
}

/* The bank, twice the same. */
static void make_bank(const csro_recipe *recipe, uint64_t seed) {
  csro_context context = fuzz_context();
  csro_patterns patterns, again;
  csro_status status = csro_patterns_init(&context, recipe, seed, few_patterns, &patterns);
  FUZZ_CHECK(status == CSRO_OK || context.message[0]);
  FUZZ_CHECK(status == CSRO_OK || status == CSRO_ERROR_ARGUMENT || status == CSRO_ERROR_DATA);
  if (status != CSRO_OK)
    return;
  check_patterns(recipe, &patterns);
  check_inputs(&context, recipe, &patterns);
  FUZZ_CHECK(csro_patterns_init(&context, recipe, seed, few_patterns, &again) == CSRO_OK);
  FUZZ_CHECK(again.count == patterns.count);
  FUZZ_CHECK(memcmp(again.counts, patterns.counts,
                    (size_t)(patterns.count * patterns.channels * patterns.bins) * 4) == 0);
  csro_patterns_release(&patterns);
  csro_patterns_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  csro_context context = fuzz_context();
  fuzz_bytes from = {data, size};
  fuzz_xml xml = {.from = &from};
  csro_recipe *recipe;
  put_recipe(&xml);
  csro_status status = csro_recipe_parse(&context, "input", xml.text, xml.size, &recipe);
  fuzz_check_status(&context, status);
  FUZZ_CHECK((status == CSRO_OK) == (recipe != NULL));
  if (recipe) {
    csro_model *model;
    FUZZ_CHECK(strlen(recipe->text) == xml.size && memcmp(recipe->text, xml.text, xml.size) == 0);
    FUZZ_CHECK(csro_recipe_model(&context, recipe, &model) == CSRO_OK);
    FUZZ_CHECK(model->class_count == recipe->class_count);
    csro_model_destroy(&model);
    if (count_sites(recipe) < most_sites)
      make_bank(recipe, (uint64_t)fuzz_byte(&from));
  }
  csro_recipe_destroy(&recipe);
  free(xml.text);
  return 0;
}

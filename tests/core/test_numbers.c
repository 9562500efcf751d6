/* Numbers that no length can be, and XML files that no recipe can be: refused at once. */
#include "check.h"
#include "csro/domains.h"
#include "csro/planes.h"
#include "csro/recipe.h"
#include "csro/spectrum.h"
#include "csro/zsdm.h"

#include <time.h>

static csro_context context;

static void test_numbers(void) {
  const double bad[] = {0, -1, 5e-324, 1e-310, 1e300, INFINITY, -INFINITY, NAN};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    csro_bins bins;
    csro_spectrum spectrum;
    csro_grid grid;
    csro_planes planes;
    const double box[6] = {0, 10, 0, 10, 0, 10};
    CHECK_FAILS(&context, csro_bins_init(&context, bad[k], 200, 1, &bins), CSRO_ERROR_ARGUMENT,
                "half range");
    CHECK_FAILS(&context, csro_bins_init(&context, 1.5, 200, bad[k], &bins), CSRO_ERROR_ARGUMENT,
                "window");
    CHECK_FAILS(&context, csro_spectrum_init(&context, bad[k], 100, &spectrum), CSRO_ERROR_ARGUMENT,
                "width of a bin");
    CHECK_FAILS(&context, csro_spectrum_init(&context, 0.01, bad[k], &spectrum),
                CSRO_ERROR_ARGUMENT, "upper limit");
    CHECK_FAILS(&context, csro_grid_init(&context, box, bad[k], 0.5, 0.75, &grid),
                CSRO_ERROR_ARGUMENT, "voxel edge");
    CHECK_FAILS(&context, csro_grid_init(&context, box, 1, bad[k], 0.75, &grid),
                CSRO_ERROR_ARGUMENT, "voxel stride");
    CHECK_FAILS(&context, csro_grid_init(&context, box, 1, 0.5, bad[k], &grid), CSRO_ERROR_ARGUMENT,
                "ball radius");
    if (bad[k] != 1e300) /* all ions are near enough */
      CHECK_FAILS(&context, csro_dbscan_check(&context, bad[k], 3), CSRO_ERROR_ARGUMENT, "eps");
    CHECK_FAILS(&context, csro_planes_begin(&context, box, bad[k], NULL, &planes),
                CSRO_ERROR_ARGUMENT, "spacing");
  }
  CHECK_FAILS(&context, csro_check_number(&context, "x", NAN, 0, 1), CSRO_ERROR_ARGUMENT,
              "x is nan, expected 0 to 1");
}

/* begin, `count` times text (with a number), end. */
static void refused(const char *begin, const char *text, int count, const char *end,
                    const char *message) {
  size_t room = strlen(begin) + (strlen(text) + 12) * (size_t)count + strlen(end) + 1;
  char *data = malloc(room);
  if (!data)
    exit(1);
  char *at = data + sprintf(data, "%s", begin);
  for (int k = 0; k < count; k++) {
    at += sprintf(at, "%s", text);
    if (strcmp(text, " a") == 0)
      at += sprintf(at, "%d='1'", k);
  }
  at += sprintf(at, "%s", end);
  csro_recipe *recipe;
  clock_t start = clock();
  CHECK_FAILS(&context, csro_recipe_parse(&context, "x.xml", data, (size_t)(at - data), &recipe),
              CSRO_ERROR_FORMAT, message);
  CHECK((double)(clock() - start) < 2.0 * CLOCKS_PER_SEC);
  free(data);
}

static void test_documents(void) {
  refused("<csro-recipe version='1'", " a", 60000, "/>", "attributes of an element");
  refused("<csro-recipe version='", "1", 1000000, "'/>", "bytes of an attribute");
  refused("<", "a", 1000000, "/>", "bytes of a name");
  refused("<csro-recipe>", "<a/>", 200000, "</csro-recipe>", "elements");
  refused("", "<a>", 300000, "", "elements within each other");
  refused("<csro-recipe><name>", "x", 1000000, "</name></csro-recipe>", "bytes of text");
  refused("<csro-recipe><weights>", "&#65;", 200000, "</weights></csro-recipe>", "bytes of text");
  refused("<?xml version='1.0' encoding='UTF-7'?><a>", "x", 1, "</a>", "foreign encoding");
  refused("<!-- a='b' > -->\n<!-- \" -->\n<csro-model/>", " ", 1, "", "line 3: the document is");
}

int main(void) {
  csro_context_init(&context);
  test_numbers();
  test_documents();
  return check_end();
}

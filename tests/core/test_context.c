/* Status texts, error messages, allocation limits, progress and cancel. */
#include "base/progress.h"
#include "check.h"

static int cancel_at_half(void *user, double fraction) {
  ++*(int *)user;
  return fraction >= 0.5;
}

static void test_progress(void) {
  csro_context context;
  csro_context_init(&context);
  int calls = 0;
  context.progress = cancel_at_half;
  context.user = &calls;
  csro_progress progress;
  csro_progress_start(&progress, &context, 4, 0.0, 1.0);
  CHECK(!csro_progress_add(&progress, 1)); /* within the first tenth of a second: no callback */
  CHECK_EQ(calls, 1);
  progress.last = 0;
  CHECK(csro_progress_add(&progress, 1));
  CHECK_EQ(calls, 2);
  CHECK_FAILS(&context, csro_progress_end(&progress), CSRO_CANCELLED, "cancelled");
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  CHECK(context.threads >= 1);
  CHECK(strcmp(csro_status_text(CSRO_OK), "no error") == 0);
  CHECK(strcmp(csro_status_text((csro_status)99), "unknown status") == 0);
  CHECK_FAILS(&context, csro_fail(&context, CSRO_ERROR_DATA, "%s:%d", "a", 7), CSRO_ERROR_DATA,
              "a:7");
  char path[3000]; /* a long text loses its middle */
  memset(path, 'p', sizeof path - 1);
  path[sizeof path - 1] = 0;
  CHECK_FAILS(&context, csro_fail(&context, CSRO_ERROR_FILE, "a%s: absent", path), CSRO_ERROR_FILE,
              "ppp: absent");
  CHECK_EQ(strlen(context.message), sizeof context.message - 1);
  CHECK(strncmp(context.message, "appp", 4) == 0 && strstr(context.message, "p ... p"));
  CHECK(csro_allocate(&context, -1, 8) == NULL);
  CHECK(csro_allocate(&context, 1LL << 62, 8) == NULL);
  void *memory = csro_allocate(&context, 0, 8);
  CHECK(memory != NULL);
  free(memory);
  test_progress();
  return check_end();
}

/* The test harness: checks that print file and line and let the test go on. */
#ifndef CHECK_H
#define CHECK_H

#include "csro/context.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures;

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                      \
      check_failures++;                                                                            \
    }                                                                                              \
  } while (0)

#define CHECK_EQ(found, expected)                                                                  \
  do {                                                                                             \
    long long found_ = (long long)(found), expected_ = (long long)(expected);                      \
    if (found_ != expected_) {                                                                     \
      fprintf(stderr, "%s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #found, found_,    \
              expected_);                                                                          \
      check_failures++;                                                                            \
    }                                                                                              \
  } while (0)

#define CHECK_NEAR(found, expected, tolerance)                                                     \
  do {                                                                                             \
    double found_ = (found), expected_ = (expected);                                               \
    if (!(fabs(found_ - expected_) <= (tolerance))) {                                              \
      fprintf(stderr, "%s:%d: %s is %.17g, expected %.17g\n", __FILE__, __LINE__, #found, found_,  \
              expected_);                                                                          \
      check_failures++;                                                                            \
    }                                                                                              \
  } while (0)

/* The call must succeed; the test ends otherwise, for nothing after it can be trusted. */
#define CHECK_OK(context, call)                                                                    \
  do {                                                                                             \
    csro_status status_ = (call);                                                                  \
    if (status_ != CSRO_OK) {                                                                      \
      fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, csro_status_text(status_),            \
              (context)->message);                                                                 \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

/* The call must fail with this status and a message that contains the text. */
#define CHECK_FAILS(context, call, status, text)                                                   \
  do {                                                                                             \
    (context)->message[0] = 0;                                                                     \
    csro_status status_ = (call);                                                                  \
    if (status_ != (status) || !strstr((context)->message, (text))) {                              \
      fprintf(stderr, "%s:%d: '%s' (%s), expected '%s' (%s)\n", __FILE__, __LINE__,                \
              (context)->message, csro_status_text(status_), (text), csro_status_text(status));    \
      check_failures++;                                                                            \
    }                                                                                              \
  } while (0)

enum { CHECK_SKIPPED = 77 };

/* Path of a reference case, e.g. "small/data.pos"; ends the test as skipped when it is absent. */
static inline const char *check_reference(const char *name) {
  static char path[8][1024];
  static int next;
  char *out = path[next++ % 8];
  snprintf(out, sizeof path[0], "%s/%s", CSRO_REFERENCE_DIR, name);
  FILE *file = fopen(out, "rb");
  if (!file) {
    fprintf(stderr, "skipped: no reference case %s\n", out);
    exit(CHECK_SKIPPED);
  }
  fclose(file);
  return out;
}

/* End of main: return check_end(); */
static inline int check_end(void) {
  return check_failures ? 1 : 0;
}

#endif

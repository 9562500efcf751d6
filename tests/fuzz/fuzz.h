/* Targets for libFuzzer, one per parser. What must hold for every input: the parser returns, leaks
 * nothing, and either fails with a message and without output, or its output keeps its promises. */
#ifndef FUZZ_H
#define FUZZ_H

#include "csro/context.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program: libFuzzer keeps the input then. */
#define FUZZ_CHECK(condition)                                                                      \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);               \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

/* One thread, so that an input always takes the same way. */
static inline csro_context fuzz_context(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 1;
  return context;
}

/* Damaged input is an error of the format or of the data, and the message says more. */
static inline void fuzz_check_status(const csro_context *context, csro_status status) {
  FUZZ_CHECK(status == CSRO_OK || status == CSRO_ERROR_FORMAT || status == CSRO_ERROR_DATA);
  FUZZ_CHECK(status == CSRO_OK || context->message[0]);
}

#endif

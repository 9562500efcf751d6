/* What every function of the core returns. The text of an error is in the context (context.h). */
#ifndef CSRO_STATUS_H
#define CSRO_STATUS_H

#include "csro/api.h"

CSRO_API_BEGIN

/* Every status with its text, for X(name, text). */
#define CSRO_STATUS_LIST(X)                                                                        \
  X(CSRO_OK, "no error")                                                                           \
  X(CSRO_CANCELLED, "cancelled")                                                                   \
  X(CSRO_ERROR_MEMORY, "out of memory")                                                            \
  X(CSRO_ERROR_ARGUMENT, "invalid argument")                                                       \
  X(CSRO_ERROR_FILE, "file cannot be opened, read or written")                                     \
  X(CSRO_ERROR_FORMAT, "file content is not what its format requires")                             \
  X(CSRO_ERROR_DATA, "input data cannot be analysed")

/* CSRO_OK, which is 0, or what went wrong. */
typedef enum csro_status {
#define CSRO_STATUS_ENUM(name, text) name,
  CSRO_STATUS_LIST(CSRO_STATUS_ENUM)
#undef CSRO_STATUS_ENUM
} csro_status;

/* A short, static English text for a status; never NULL. */
const char *csro_status_text(csro_status status);

CSRO_API_END

#endif

/* The assembler copies the files; CMake gives their paths and rebuilds when they change. */
#include "io/embedded.h"

#define EMBED(symbol, path)                                                                        \
  __asm__(".section .rodata\n"                                                                     \
          ".balign 16\n"                                                                           \
          ".global " #symbol "\n"                                                                  \
          ".hidden " #symbol "\n"                                                                  \
          ".global " #symbol "_end\n"                                                              \
          ".hidden " #symbol "_end\n" #symbol ":\n"                                                \
          ".incbin \"" path "\"\n" #symbol "_end:\n"                                               \
          ".byte 0\n"                                                                              \
          ".previous\n")

EMBED(csro_embedded_schema, CSRO_SCHEMA_FILE);
EMBED(csro_embedded_model, CSRO_MODEL_FILE);

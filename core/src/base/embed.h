/* Files that are part of the library: the assembler copies them. CMake gives their folder and
 * rebuilds when they change. */
#ifndef CSRO_BASE_EMBED_H
#define CSRO_BASE_EMBED_H

/* The bytes from `symbol` up to `symbol`_end, and a zero behind them. */
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

#endif

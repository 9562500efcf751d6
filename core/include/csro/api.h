/* Every header of the core declares its functions between CSRO_API_BEGIN and CSRO_API_END: they
 * are C functions for C++, too, and all that the shared library shows. */
#ifndef CSRO_API_H
#define CSRO_API_H

#if defined(__GNUC__)
#define CSRO_API_SHOW _Pragma("GCC visibility push(default)")
#define CSRO_API_HIDE _Pragma("GCC visibility pop")
#else
#define CSRO_API_SHOW
#define CSRO_API_HIDE
#endif

#if defined(__cplusplus)
#define CSRO_API_BEGIN                                                                             \
  extern "C" {                                                                                     \
  CSRO_API_SHOW
#define CSRO_API_END                                                                               \
  CSRO_API_HIDE                                                                                    \
  }
#else
#define CSRO_API_BEGIN CSRO_API_SHOW
#define CSRO_API_END CSRO_API_HIDE
#endif

#endif

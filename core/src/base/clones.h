/* Run-time choice of the instruction set: a function marked CSRO_CLONES is compiled for several and
 * the loader picks one. Marked functions must give the same results in each (see -ffp-contract in
 * core/CMakeLists.txt), and be static: the library would show clones of others. */
#ifndef CSRO_BASE_CLONES_H
#define CSRO_BASE_CLONES_H

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) &&       \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CSRO_HAVE_CLONES 1
#define CSRO_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CSRO_CLONES
#endif

#endif

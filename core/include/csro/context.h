/* The context that every working function of the core takes: threads, progress, cancel, error text.
 * One context serves one call at a time; different contexts are independent.
 *
 * What holds for every function of the core unless its own comment says otherwise:
 *  - Pointers are not NULL. Arrays are as long as the comment says, belong to the caller and are
 *    not kept: a function that keeps what it is given says so.
 *  - Arguments that a comment gives a range are checked where the comment names an error, else the
 *    caller keeps to the range.
 *  - CSRO_ERROR_MEMORY and, where progress is called, CSRO_CANCELLED can come from every function
 *    that takes a context and returns a status.
 *  - After an error, arrays that were to be filled hold nothing of use (some parts may be written),
 *    and what was to be created is zero or NULL: there is nothing to release, and to release it
 *    does no harm. The context is as good as before.
 *  - What a function creates is released by the function that its comment names; these accept NULL
 *    and what has been released already. Arrays in the structures come from malloc.
 *  - Lengths are in nm, masses (mass-to-charge) in Da. */
#ifndef CSRO_CONTEXT_H
#define CSRO_CONTEXT_H

#include "csro/status.h"

#include <stdbool.h>
#include <stddef.h>

CSRO_API_BEGIN

/* fraction is 0..1 of the running call. A non-zero return value cancels: the running function then
 * returns CSRO_CANCELLED. Called only from the thread that called the core. */
typedef int (*csro_progress_function)(void *user, double fraction);

/* Set up by csro_context_init; the fields may then be changed between calls. Nothing to release. */
typedef struct csro_context {
  int threads;                     /* OpenMP threads, at least 1 */
  csro_progress_function progress; /* may be NULL */
  void *user;                      /* handed to progress */
  char message[1024];              /* the last error: file, line or byte, found, expected */
} csro_context;

/* All available cores, no progress callback, empty message. */
void csro_context_init(csro_context *context);

/* Writes the text of an error into the context (too long: without its middle) and returns the given
 * status, so that a function can end with: return csro_fail(context, CSRO_ERROR_FORMAT, "...",
 * ...); */
csro_status csro_fail(csro_context *context, csro_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* CSRO_ERROR_ARGUMENT unless lo <= value <= hi: "<name> is <value>, expected <lo> to <hi>". NaN is
 * in no range; infinities and denormals are out of every range of a length or a share. */
csro_status csro_check_number(csro_context *context, const char *name, double value, double lo,
                              double hi);

/* malloc(count * size) that checks for overflow and for an absurd (negative) count; on failure
 * returns NULL and writes the message. count 0 gives a valid pointer. Release with free(). */
void *csro_allocate(csro_context *context, long long count, size_t size);

CSRO_API_END

#endif

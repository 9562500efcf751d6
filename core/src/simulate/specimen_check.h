/* The check of the parameters of a specimen. */
#ifndef CSRO_SIMULATE_SPECIMEN_CHECK_H
#define CSRO_SIMULATE_SPECIMEN_CHECK_H

#include "csro/specimen.h"

/* CSRO_ERROR_ARGUMENT names the first that is outside of its limits. */
csro_status csro_specimen_check(csro_context *context, const csro_specimen *specimen);

#endif

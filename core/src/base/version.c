#include "csro/version.h"

const char *csro_version(void) {
  return CSRO_VERSION;
}

#include "csro/status.h"

const char *csro_status_text(csro_status status) {
  switch (status) {
#define CSRO_STATUS_CASE(name, text)                                                               \
  case name:                                                                                       \
    return text;
    CSRO_STATUS_LIST(CSRO_STATUS_CASE)
#undef CSRO_STATUS_CASE
  }
  return "unknown status";
}

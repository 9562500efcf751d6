#include "fuzz_ranges.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_parse_ranges("input.env", data, size);
  return 0;
}

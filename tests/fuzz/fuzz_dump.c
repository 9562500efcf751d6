#include "fuzz_ions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_read_named("input.dump", csro_atoms_read, data, size);
  return 0;
}

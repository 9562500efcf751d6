/* In place of the readers and the writer of HDF5 files where the library was not there when this
 * was built. */
#include "csro/nexus.h"
#include "ions/ion_readers.h"
#include "ranges/ranges_builder.h"

static csro_status fail(csro_context *context, const char *path) {
  return csro_fail(context, CSRO_ERROR_FORMAT,
                   "%s: this program was built without HDF5, which .nxs, .h5 and .hdf5 are", path);
}

csro_status csro_hdf5_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions) {
  (void)part, (void)parts, (void)ions;
  return fail(context, file->path);
}

csro_status csro_hdf5_read_ranges(csro_context *context, const char *path, csro_ranges **ranges) {
  *ranges = NULL;
  return fail(context, path);
}

csro_status csro_nexus_write_part(csro_context *context, const csro_ions *ions,
                                  const csro_nexus *about, const char *path, char **temporary) {
  (void)ions, (void)about, (void)temporary;
  return fail(context, path);
}

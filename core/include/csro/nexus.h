/* Ions with their ranges, domains and provenance in one file of NeXus NXapm (.nxs, HDF5). */
#ifndef CSRO_NEXUS_H
#define CSRO_NEXUS_H

#include "csro/ions.h"
#include "csro/ranges.h"

CSRO_API_BEGIN

/* A list that says where the data are from: numbers, or texts (UTF-8) where numbers is NULL. */
typedef struct csro_nexus_list {
  const char *name;
  int64_t count;
  const double *numbers;
  const char *const *texts;
} csro_nexus_list;

/* What the file says beside the ions. */
typedef struct csro_nexus {
  const csro_ranges *ranges; /* of which the labels of the ions are 1 + the species; NULL: none */
  int list_count;
  const csro_nexus_list *list;
} csro_nexus;

/* As csro_ions_write_part, to a file of NXapm whatever the ending is: positions (nm), masses (Da),
 * each species as an ion of peak_identification with its nuclides, charge and ranges, the species
 * of each ion (iontypes, 0 is unranged), all columns (ion_data) and the lists (provenance). Numbers
 * are stored as they are in the struct. `about` may be NULL; that of the first part counts. `total`
 * and `first` must be set. CSRO_ERROR_FORMAT where this was built without HDF5. Only in the thread
 * that calls. */
csro_status csro_nexus_write_part(csro_context *context, const csro_ions *ions,
                                  const csro_nexus *about, const char *path, char **temporary);

CSRO_API_END

#endif

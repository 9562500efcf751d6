# HDF5, for NeXus and pyccapt files; without it the core says so when it is asked for one. The plugin
# must have the library that ParaView itself has: two of them in one process do not know of each
# other. Debian's ParaView has the one for Open MPI, whose headers include those of MPI.
set(csro_hdf5_places hdf5/openmpi)
if(NOT CSRO_BUILD_PLUGIN)
  list(PREPEND csro_hdf5_places hdf5/serial "")
endif()
find_path(CSRO_HDF5_HEADERS hdf5.h PATH_SUFFIXES ${csro_hdf5_places})
find_library(CSRO_HDF5_LIBRARY hdf5 PATH_SUFFIXES ${csro_hdf5_places})
mark_as_advanced(CSRO_HDF5_HEADERS CSRO_HDF5_LIBRARY)
if(CSRO_HDF5_HEADERS AND CSRO_HDF5_LIBRARY)
  set(CSRO_HDF5_INCLUDE ${CSRO_HDF5_HEADERS})
  if(CSRO_HDF5_HEADERS MATCHES openmpi)
    find_path(CSRO_MPI_HEADERS mpi.h PATH_SUFFIXES ${CMAKE_LIBRARY_ARCHITECTURE}/openmpi/include
      PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openmpi/include)
    mark_as_advanced(CSRO_MPI_HEADERS)
    list(APPEND CSRO_HDF5_INCLUDE ${CSRO_MPI_HEADERS})
  endif()
  message(STATUS "HDF5: ${CSRO_HDF5_LIBRARY}")
else()
  unset(CSRO_HDF5_LIBRARY CACHE)
  message(STATUS "HDF5 was not found (libhdf5-openmpi-dev): NeXus and pyccapt files will not be read")
endif()

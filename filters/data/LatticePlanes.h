// The lattice planes that Voxelize APT has measured, as field arrays, and the guard that compares
// them with what an analysis expects (csro/guard.h).
#ifndef csroLatticePlanes_h
#define csroLatticePlanes_h

#include "parallel/FilterCall.h"

#include "csro/guard.h"
#include "csro/pole.h"

#include <string>

class vtkDataObject;

namespace csro {
csro_lattice_planes PlanesOf(const csro_pole_summary &summary);

// Field arrays LatticeSpacing_nm (0: no planes were found), LatticeTilt_deg, LatticeCoherence.
void PutLatticePlanes(const csro_lattice_planes &planes, vtkDataObject *data);
// No planes where the data have no such arrays. Inside a local section.
csro_lattice_planes GetLatticePlanes(vtkDataObject *data);

// Fails when the planes are none that the analysis can use, unless it is forced. Returns what is to
// be warned of; empty: nothing. Inside a local section.
std::string GuardPlanes(Call &call, const csro_lattice_planes &planes, double expected,
                        const std::string &who, const std::string &advice, bool force);
} // namespace csro

#endif

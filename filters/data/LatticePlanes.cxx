#include "data/LatticePlanes.h"

#include "data/FieldArrays.h"

namespace csro {
csro_lattice_planes PlanesOf(const csro_pole_summary &summary) {
  return {summary.spacing, summary.tilt, summary.coherence};
}

void PutLatticePlanes(const csro_lattice_planes &planes, vtkDataObject *data) {
  PutNumbers(data, "LatticeSpacing_nm", {planes.spacing});
  PutNumbers(data, "LatticeTilt_deg", {planes.tilt});
  PutNumbers(data, "LatticeCoherence", {planes.coherence});
}

csro_lattice_planes GetLatticePlanes(vtkDataObject *data) {
  const auto number = [&](const char *name) {
    const std::vector<double> values = GetNumbers(data, name);
    return values.size() == 1 ? values[0] : 0.0;
  };
  return {number("LatticeSpacing_nm"), number("LatticeTilt_deg"), number("LatticeCoherence")};
}

std::string GuardPlanes(Call &call, const csro_lattice_planes &planes, double expected,
                        const std::string &who, const std::string &advice, bool force) {
  char text[512];
  const csro_guard guard = csro_guard_planes(&planes, expected, who.c_str(), advice.c_str(), text);
  if (guard == CSRO_GUARD_REFUSES && !force)
    call.Fail(CSRO_ERROR_DATA, std::string(text) + ", or go on with Force (--force)");
  return text;
}
} // namespace csro

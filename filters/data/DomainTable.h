// Domains of ions as arrays and tables.
#ifndef csroDomainTable_h
#define csroDomainTable_h

#include "data/IonArrays.h"
#include "data/TableColumns.h"

#include "csro/domains.h"

#include <string>
#include <vector>

class vtkPolyData;

namespace csro {
// Point arrays DomainId and DomainSize, of each ion.
void PutDomains(Call &call, const std::vector<int64_t> &labels, const std::vector<int64_t> &sizes,
                vtkPolyData *output);

// Domains of the ions on one rank, measured.
struct DomainTable {
  std::vector<int64_t> Labels; // domain of each ion, -1 outside
  std::vector<csro_domain> Rows;
  std::vector<int64_t> Composition; // [row][species]
  std::vector<std::string> Species; // names, empty without ranges

  // Measures the domains 0 .. count - 1 of Labels. Inside a local section.
  void Measure(Call &call, const IonView &ions, int64_t count);
  // Point arrays DomainId and DomainSize.
  void PutLabels(Call &call, vtkPolyData *output) const;
  // Number and size, which every table of domains begins with.
  void PutFirst(Columns &columns) const;
  // What cluster analyses of this field export: ions of each species, centre, extents (greatest
  // distances from the centre), radii of gyration along the axes; then shape, spans (largest less
  // smallest coordinate) and composition.
  void PutRest(Columns &columns) const;

private:
  void PutFractions(Columns &columns) const;
};
} // namespace csro

#endif

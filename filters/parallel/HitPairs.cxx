#include "parallel/HitPairs.h"

#include "parallel/Exchange.h"
#include "parallel/SortIons.h"

#include <vtkPointData.h>
#include <vtkPointSet.h>

#include <algorithm>
#include <numeric>

namespace csro {
vtkDataArray *IonsPerPulse(vtkPointSet *ions) {
  vtkDataArray *array = ions->GetPointData()->GetArray("IonsPerPulse");
  if (!array)
    array = ions->GetPointData()->GetArray("Multiplicity");
  return array && array->GetNumberOfComponents() == 1 ? array : nullptr;
}

std::string HitPairs::Words() const {
  if (!this->Known)
    return "The ions do not say which came after the same pulse (IonsPerPulse, Multiplicity).";
  const int64_t pairs = std::accumulate(this->Counts.begin(), this->Counts.end(), int64_t{0}) / 2;
  return std::to_string(pairs) + " pairs of ions in " + std::to_string(this->Pulses) +
         " pulses of several ions.";
}

HitPairs CountHitPairs(Call &call, vtkPointSet *ions, double width, double limit) {
  HitPairs pairs;
  call.RunLocal([&] {
    call.Check(csro_spectrum_init(call.Context(), width, limit, &pairs.Bins));
    if (pairs.Bins.bins > CSRO_HIT_BINS)
      call.Fail(CSRO_ERROR_ARGUMENT,
                std::to_string(pairs.Bins.bins) + " bins of pairs, expected at most " +
                    std::to_string(CSRO_HIT_BINS) + ": choose a larger PairWidth");
    pairs.Counts.assign(int64_t{pairs.Bins.bins} * pairs.Bins.bins, 0);
  });
  double known = ions->GetNumberOfPoints() == 0 || IonsPerPulse(ions) ? 1 : 0;
  call.Minimum(&known, 1);
  pairs.Known = known == 1;
  if (!pairs.Known)
    return pairs;
  const vtkSmartPointer<vtkPointSet> sorted = SortIons(call, ions);
  std::vector<double> mass, hits; // of pulses that lie on several ranks: they follow each other
  call.RunLocal([&] {
    const IonView view = ViewIons(call, sorted);
    const MassView masses = ViewMasses(call, sorted, view.Index, view.Points.count);
    vtkDataArray *array = IonsPerPulse(sorted);
    for (int64_t i = 0; i < view.Points.count; ++i) {
      mass.push_back(masses.IsDouble ? static_cast<const double *>(masses.Values)[i]
                                     : static_cast<const float *>(masses.Values)[i]);
      hits.push_back(array->GetComponent(view.Point(i), 0));
    }
    const auto begins = [](double n) { return n > 0; };
    const auto first = std::find_if(hits.begin(), hits.end(), begins) - hits.begin();
    auto last = std::find_if(hits.rbegin(), hits.rend(), begins).base() - hits.begin();
    last = std::max<std::ptrdiff_t>(last - 1, first); // where the last pulse begins
    call.Check(csro_multiple_hits_add(call.Context(), &pairs.Bins, mass.data() + first, true,
                                      hits.data() + first, last - first, pairs.Counts.data(),
                                      &pairs.Pulses));
    mass.erase(mass.begin() + first, mass.begin() + last);
    hits.erase(hits.begin() + first, hits.begin() + last);
  });
  mass = GatherOnFirst(call, std::move(mass));
  hits = GatherOnFirst(call, std::move(hits));
  call.RunLocal([&] {
    call.Check(csro_multiple_hits_add(call.Context(), &pairs.Bins, mass.data(), true, hits.data(),
                                      static_cast<int64_t>(hits.size()), pairs.Counts.data(),
                                      &pairs.Pulses));
  });
  call.Sum(pairs.Counts.data(), static_cast<int64_t>(pairs.Counts.size()));
  call.Sum(&pairs.Pulses, 1);
  return pairs;
}
} // namespace csro

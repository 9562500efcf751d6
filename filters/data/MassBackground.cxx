#include "data/MassBackground.h"

#include <vtkPointData.h>
#include <vtkPointSet.h>

#include <algorithm>
#include <limits>

namespace csro {
namespace {
// Lowest and highest of the masses of all ranks. Collective.
void FindLimits(Call &call, const MassView &masses, int64_t count, double limits[2]) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  limits[0] = infinity, limits[1] = -infinity;
  for (int64_t i = 0; i < count; ++i) {
    const double mass = masses.IsDouble ? static_cast<const double *>(masses.Values)[i]
                                        : static_cast<const float *>(masses.Values)[i];
    limits[0] = std::min(limits[0], mass);
    limits[1] = std::max(limits[1], mass);
  }
  call.Minimum(&limits[0], 1);
  call.Maximum(&limits[1], 1);
}
} // namespace

MassBackground::MassBackground(Call &call, csro_background_model model, const Labels &labels,
                               vtkPointSet *ions)
    : Processes(call), Known(labels.Known.get()) {
  double masses = ions->GetNumberOfPoints() == 0 || ions->GetPointData()->GetArray("MassToCharge");
  call.Minimum(&masses, 1);
  if (!this->Known || this->Known->count == 0 || masses == 0) {
    this->Text = "the ions do not carry the ranges that gave them their species, so no background "
                 "is subtracted: read or range them by a range file";
    return;
  }
  const IonView view = ViewPoints(ions);
  CheckMasses(call, ions, view);
  call.RunLocal([&] {
    this->Masses = ViewMasses(call, ions, view.Index, view.Points.count);
    this->IonCount = view.Points.count;
  });
  this->Create(call, model);
}

void MassBackground::Create(Call &call, csro_background_model model) {
  double limits[2];
  FindLimits(call, this->Masses, this->IonCount, limits);
  call.RunLocal([&] {
    csro_background *made = nullptr;
    call.Check(csro_background_create(call.Context(), this->Known->range, this->Known->count,
                                      limits[0], limits[1], &made));
    this->Background.reset(made);
    this->All.resize(csro_background_places(made));
    call.Check(csro_background_count(call.Context(), made, this->Masses.Values,
                                     this->Masses.IsDouble, nullptr, this->IonCount,
                                     this->All.data()));
  });
  call.Sum(this->All.data(), static_cast<int>(this->All.size()));
  csro_background_fit(this->Background.get(), model, this->All.data(), &this->Fitted);
  char text[CSRO_BACKGROUND_TEXT];
  csro_background_text(model, &this->Fitted, text);
  this->Text = text;
}

std::vector<int64_t> MassBackground::Count(const std::vector<int64_t> &ions) {
  std::vector<int64_t> counts(this->All.size());
  if (!this->Background)
    return counts;
  this->Processes.RunLocal([&] {
    this->Processes.Check(csro_background_count(
        this->Processes.Context(), this->Background.get(), this->Masses.Values,
        this->Masses.IsDouble, ions.data(), static_cast<int64_t>(ions.size()), counts.data()));
  });
  this->Processes.Sum(counts.data(), static_cast<int>(counts.size()));
  return counts;
}
} // namespace csro

// The background of the mass spectrum of ions, by the ranges that they carry.
#ifndef csroMassBackground_h
#define csroMassBackground_h

#include "data/SpeciesLabels.h"

#include "csro/background.h"

#include <string>
#include <vector>

namespace csro {
class MassBackground {
public:
  // labels: as LabelAsBefore gives them, must outlive this; with the model CSRO_BACKGROUND_NONE, or
  // where the ranges or masses are not known, nothing is subtracted. Collective.
  MassBackground(Call &call, csro_background_model model, const Labels &labels, vtkPointSet *ions);

  // nullptr: nothing is known of the background.
  const csro_background *Get() const {
    return this->Background.get();
  }
  const csro_background_report &Report() const {
    return this->Fitted;
  }
  // Of all ions; empty without Get().
  const std::vector<int64_t> &Counts() const {
    return this->All;
  }
  // What is wrong, in words; empty when nothing is.
  const std::string &Words() const {
    return this->Text;
  }
  // Of some of the ions (by their place among those of the view), of all ranks. Collective.
  std::vector<int64_t> Count(const std::vector<int64_t> &ions);

private:
  void Create(Call &call, csro_background_model model);

  Call &Processes;
  const csro_ranges *Known;
  MassView Masses;
  int64_t IonCount = 0;
  Owned<csro_background_destroy> Background;
  csro_background_report Fitted{};
  std::vector<int64_t> All;
  std::string Text;
};
} // namespace csro

#endif

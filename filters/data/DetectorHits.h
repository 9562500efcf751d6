// Where the ions hit the detector, from the columns that their file has.
#ifndef csroDetectorHits_h
#define csroDetectorHits_h

#include "data/IonArrays.h"

#include <string>
#include <vector>

class vtkPointSet;

namespace csro {
struct DetectorHits {
  std::vector<double> Positions; // x, y, 0 in mm, of each ion of the view; empty without columns
  std::string Columns;           // "X_det_mm, Y_det_mm"; empty without

  bool Known() const {
    return !this->Columns.empty();
  }
  csro_points Points(const IonView &view) const { // of the hits, else of the ions
    return this->Known() ? csro_points{this->Positions.data(), true, view.Points.count}
                         : view.Points;
  }
};

// X_det_mm and Y_det_mm of .epos, XDet_mm and YDet_mm or Detector Coordinates of .apt, X_det and
// Y_det of .ato, x_det (cm) and y_det (cm) of pyccapt, in any case of letters. None where any ion
// lacks them or hits no finite place. Collective.
DetectorHits FindHits(Call &call, vtkPointSet *ions, const IonView &view);
} // namespace csro

#endif

#include "data/CellImage.h"

#include <vtkDataObject.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkStreamingDemandDrivenPipeline.h>

namespace csro {
namespace {
struct Frame {
  int Extent[6];
  double Origin[3], Spacing[3];

  explicit Frame(const csro_map &map) {
    for (int a = 0; a < 3; ++a) {
      const bool any = map.cells > 0;
      this->Extent[2 * a] = 0;
      this->Extent[2 * a + 1] = any ? static_cast<int>(map.n[a]) - 1 : -1;
      this->Origin[a] = any ? map.origin[a] + (a == map.across ? 0 : map.side / 2) : 0;
      this->Spacing[a] = any ? map.side : 1;
    }
  }
};
} // namespace

void AnnounceCells(const csro_map &map, vtkInformation *output) {
  const Frame frame(map);
  output->Set(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), frame.Extent, 6);
  output->Set(vtkDataObject::ORIGIN(), frame.Origin, 3);
  output->Set(vtkDataObject::SPACING(), frame.Spacing, 3);
}

void ShapeCells(const csro_map &map, vtkImageData *image) {
  Frame frame(map);
  image->SetOrigin(frame.Origin);
  image->SetSpacing(frame.Spacing);
  image->SetExtent(frame.Extent);
}
} // namespace csro

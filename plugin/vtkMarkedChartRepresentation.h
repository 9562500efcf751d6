/**
 * @class vtkMarkedChartRepresentation
 * @brief line charts with marks: lattice planes in z-SDMs, the shapes of domains
 *
 * As ParaView's line chart. Over dz_nm, lines are where lattice planes are expected, at multiples
 * of the spacing in the field array LatticeSpacing_nm, with room for the legend above the curves;
 * with AspectRatio against Oblateness, lines between the four shapes.
 */
#ifndef vtkMarkedChartRepresentation_h
#define vtkMarkedChartRepresentation_h

#include "PlotMarks.h"

#include <vtkNew.h>
#include <vtkXYChartRepresentation.h>

class vtkMarkedChartRepresentation : public vtkXYChartRepresentation {
public:
  static vtkMarkedChartRepresentation *New();
  vtkTypeMacro(vtkMarkedChartRepresentation, vtkXYChartRepresentation);
  void SetVisibility(bool visible) override;

protected:
  vtkMarkedChartRepresentation() = default;
  ~vtkMarkedChartRepresentation() override = default;
  bool RemoveFromView(vtkView *view) override;
  void PrepareForRendering() override;

private:
  bool MarkPlanes(vtkTable *table);
  bool MarkShapes();
  bool IsMarkedAlready();
  void MakeRoom();

  vtkNew<PlotMarks> Marks;
  bool IsInChart = false;
};

#endif

/**
 * @class vtkMarkedChartRepresentation
 * @brief line charts with marks: lattice planes in z-SDMs, the shapes of domains, standard errors
 *
 * As ParaView's line chart. Over dz_nm, lines are where lattice planes are expected, at multiples
 * of the spacing in the field array LatticeSpacing_nm, with room for the legend above the curves;
 * with AspectRatio against Oblateness, lines between the four shapes. Lines whose table has their
 * standard errors have bars: ErrorBars.
 */
#ifndef vtkMarkedChartRepresentation_h
#define vtkMarkedChartRepresentation_h

#include "ErrorBars.h"
#include "PlotMarks.h"

#include <vtkNew.h>
#include <vtkSmartPointer.h>
#include <vtkXYChartRepresentation.h>

#include <vector>

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
  void MakeRoom(bool is_marked);
  void ShowErrors(vtkTable *table);

  vtkNew<PlotMarks> Marks;
  std::vector<vtkSmartPointer<ErrorBars>> Bars; // in the chart
  bool IsInChart = false;
};

#endif

/**
 * @class vtkSizeChartRepresentation
 * @brief charts of domain sizes: bars with the names of their bins, and the band of the copies
 *
 * As ParaView's bars, which have no areas beside them. The area lies between the columns NullP5 and
 * NullP95, where a table has them. Rows with a Name, as those of a composition, have it on the
 * axis.
 */
#ifndef vtkSizeChartRepresentation_h
#define vtkSizeChartRepresentation_h

#include "BinNames.h"

#include <vtkNew.h>
#include <vtkXYChartRepresentation.h>

class vtkPlotArea;
class vtkTable;

class vtkSizeChartRepresentation : public vtkXYChartRepresentation {
public:
  static vtkSizeChartRepresentation *New();
  vtkTypeMacro(vtkSizeChartRepresentation, vtkXYChartRepresentation);
  void SetVisibility(bool visible) override;

protected:
  vtkSizeChartRepresentation();
  ~vtkSizeChartRepresentation() override;
  bool RemoveFromView(vtkView *view) override;
  void PrepareForRendering() override;

private:
  void NameBins(vtkTable *table);

  vtkNew<vtkPlotArea> Band;
  vtkNew<BinNames> Names;
  bool IsInChart = false, HasNames = false;
};

#endif

/**
 * @class vtkSizeChartRepresentation
 * @brief the size chart of Compare Domains: bars, and the band of the copies as an area
 *
 * As ParaView's bars, which have no areas beside them. The area lies between the columns NullP5 and
 * NullP95, where a table has them.
 */
#ifndef vtkSizeChartRepresentation_h
#define vtkSizeChartRepresentation_h

#include <vtkNew.h>
#include <vtkXYChartRepresentation.h>

class vtkPlotArea;

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
  vtkNew<vtkPlotArea> Band;
  bool IsInChart = false;
};

// Makes the class known to ParaView's proxies.
void csroRegisterSizeChart();

#endif

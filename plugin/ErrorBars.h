/**
 * @class ErrorBars
 * @brief the standard errors of a line of a chart, as bars in its colour
 *
 * ParaView's lines have none. The errors are those in the column StandardError_NAME of the table of
 * a line NAME.
 */
#ifndef csroErrorBars_h
#define csroErrorBars_h

#include <vtkPlot.h>
#include <vtkSmartPointer.h>

class vtkContextScene;
class vtkDataArray;

// Above curves, as a share of their range, so that a legend of so many lines covers none; 0 where
// the chart is too low for it.
double csroRoomOfLegend(vtkContextScene *scene, int lines);

class ErrorBars : public vtkPlot {
public:
  static ErrorBars *New();
  vtkTypeMacro(ErrorBars, vtkPlot);

  // The column with the errors of what a plot shows; NULL when its table has none.
  static vtkDataArray *ErrorsOf(vtkPlot *line);
  vtkSmartPointer<vtkPlot> Line;
  int LegendLines = 0; // above the bars is room for so many, unless it takes half of the chart

  bool Paint(vtkContext2D *painter) override;
  bool PaintLegend(vtkContext2D *painter, const vtkRectf &box, int index) override;
  void GetBounds(double bounds[4]) override;

protected:
  ErrorBars() = default;
  ~ErrorBars() override = default;

private:
  struct Bar {
    double X, Low, High; // logarithms where an axis is logarithmic
  };
  template <typename Use> void ForEach(Use use);
};

#endif

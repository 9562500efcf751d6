/**
 * @class PlotMarks
 * @brief lines across a chart at given places, and words
 *
 * Lines are as long as the axes; they have no part in the range of the chart, but for IsUnit.
 */
#ifndef csroPlotMarks_h
#define csroPlotMarks_h

#include <vtkPlot.h>

#include <array>
#include <string>
#include <vector>

class PlotMarks : public vtkPlot {
public:
  static PlotMarks *New();
  vtkTypeMacro(PlotMarks, vtkPlot);

  struct Word {
    double X, Y;
    std::string Text;
  };
  std::vector<double> AcrossX, AcrossY; // places on the x axis, on the y axis
  std::vector<Word> Words;
  // What the chart shows at least: ends of x and of y. None when the second is below the first.
  std::array<double, 4> Least{{1, -1, 1, -1}};

  bool Paint(vtkContext2D *painter) override;
  bool PaintLegend(vtkContext2D *painter, const vtkRectf &box, int index) override;
  void GetBounds(double bounds[4]) override;

protected:
  PlotMarks();
  ~PlotMarks() override = default;
};

#endif

/**
 * @class BinNames
 * @brief names of bins on the horizontal axis of a bar chart, and where it begins and ends
 *
 * Draws nothing. ParaView's view takes the names of an axis away when its own properties are set:
 * they are put there again with each picture.
 */
#ifndef csroBinNames_h
#define csroBinNames_h

#include <vtkDoubleArray.h>
#include <vtkNew.h>
#include <vtkPlot.h>
#include <vtkStringArray.h>

class BinNames : public vtkPlot {
public:
  static BinNames *New();
  vtkTypeMacro(BinNames, vtkPlot);

  vtkNew<vtkDoubleArray> Places;
  vtkNew<vtkStringArray> Texts;
  double Begin = 0, End = 0;

  void Update() override;
  bool Paint(vtkContext2D *painter) override;
  void GetBounds(double bounds[4]) override;

protected:
  BinNames() = default;
  ~BinNames() override = default;

private:
  vtkIdType FindStep();
};

#endif

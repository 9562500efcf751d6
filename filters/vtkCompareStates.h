/**
 * @class vtkCompareStates
 * @brief data sets of several states: means with intervals, tests between states, correlations
 *
 * Input 0 is a table with one row per data set: a column that names its state, and numbers. Output
 * 0 has one row per state: of each quantity the number of values, mean, standard deviation and 95 %
 * interval of the mean; output 1 one row per quantity and pair of states; output 2 one row per
 * quantity: its correlation with a measured property. All on rank 0.
 */
#ifndef vtkCompareStates_h
#define vtkCompareStates_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkCompareStates : public vtkAPTAlgorithm {
public:
  static vtkCompareStates *New();
  vtkTypeMacro(vtkCompareStates, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Column that names the state of each data set.
  vtkSetStringMacro(StateColumn);
  vtkGetStringMacro(StateColumn);
  ///@}

  ///@{
  /// Column of a measured property, with which the others are correlated; empty: none.
  vtkSetStringMacro(PropertyColumn);
  vtkGetStringMacro(PropertyColumn);
  ///@}

  ///@{
  /// Of the divisions and permutations that are drawn where there are too many to count.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

protected:
  vtkCompareStates();
  ~vtkCompareStates() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Table;

  char *StateColumn = nullptr;
  char *PropertyColumn = nullptr;
  int Seed = 1;
};

#endif

/**
 * @class vtkClusterSweep
 * @brief numbers of clusters against the distance and the smallest size, in the data and in copies
 *
 * Input 0 are the ions. Output 0 is a table with one row per distance, on rank 0: of every smallest
 * size the clusters in the data, the mean and the 5 and 95 % quantiles of the randomised copies,
 * and what the data have beyond the mean. Its field array Sentence says where they differ most.
 */
#ifndef vtkClusterSweep_h
#define vtkClusterSweep_h

#include "vtkAPTAlgorithm.h"

#include <vector>

class APTCSROFILTERS_EXPORT vtkClusterSweep : public vtkAPTAlgorithm {
public:
  static vtkClusterSweep *New();
  vtkTypeMacro(vtkClusterSweep, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// The solute: species or elements, separated by commas. Empty: as in vtkMaximumSeparation.
  vtkSetStringMacro(Species);
  vtkGetStringMacro(Species);
  ///@}

  ///@{
  /// First and last distance, in nm.
  vtkSetVector2Macro(Distances, double);
  vtkGetVector2Macro(Distances, double);
  ///@}

  ///@{
  /// Distances from the first to the last.
  vtkSetMacro(Steps, int);
  vtkGetMacro(Steps, int);
  ///@}

  ///@{
  /// Solute ions that a cluster has at least.
  void SetMinimumSizeCount(int count);
  void SetMinimumSize(int index, int size);
  ///@}

  ///@{
  /// Other solute ions within the distance that make a solute ion a core of a cluster: DBSCAN with
  /// one sample more.
  vtkSetMacro(Order, int);
  vtkGetMacro(Order, int);
  ///@}

  ///@{
  /// Randomised copies, in which the ranged ions exchange their labels, and the seed of the first.
  vtkSetMacro(Copies, int);
  vtkGetMacro(Copies, int);
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

protected:
  vtkClusterSweep();
  ~vtkClusterSweep() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *Species = nullptr;
  double Distances[2] = {0, 0};
  int Steps = 11;
  std::vector<int> MinimumSizes{5, 10, 20};
  int Order = 1;
  int Copies = 9;
  int Seed = 1;
};

#endif

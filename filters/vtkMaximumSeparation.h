/**
 * @class vtkMaximumSeparation
 * @brief clusters of solute ions by the maximum separation method, beside those of randomised
 * copies
 *
 * Input 0 are the ions. Output 0 are the ions of the clusters with DomainId and DomainSize, on the
 * ranks that they came from; output 1 a table with one row per cluster; output 2 the histogram of
 * their solute ions, with those of the copies; output 3 one row of statistics; all tables on rank
 * 0. Lengths in nm.
 */
#ifndef vtkMaximumSeparation_h
#define vtkMaximumSeparation_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkMaximumSeparation : public vtkAPTAlgorithm {
public:
  static vtkMaximumSeparation *New();
  vtkTypeMacro(vtkMaximumSeparation, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// The solute: species or elements (all isotopes and charges), separated by commas. Empty: the
  /// element whose order is looked for by default.
  vtkSetStringMacro(Species);
  vtkGetStringMacro(Species);
  ///@}

  ///@{
  /// Solute ions within the distance share a cluster (d_max).
  vtkSetMacro(Distance, double);
  vtkGetMacro(Distance, double);
  ///@}

  ///@{
  /// Clusters of fewer solute ions are dropped (N_min).
  vtkSetMacro(MinimumSize, int);
  vtkGetMacro(MinimumSize, int);
  ///@}

  ///@{
  /// Other solute ions within CoreDistance that make a solute ion a core of a cluster; 0: all are.
  vtkSetMacro(Order, int);
  vtkGetMacro(Order, int);
  ///@}

  ///@{
  /// See Order.
  vtkSetMacro(CoreDistance, double);
  vtkGetMacro(CoreDistance, double);
  ///@}

  ///@{
  /// Other ions within this distance of a solute ion of a cluster belong to it; 0: none do.
  vtkSetMacro(Envelope, double);
  vtkGetMacro(Envelope, double);
  ///@}

  ///@{
  /// Of those, ions that have an ion of no cluster within this distance leave it again; 0: none do.
  vtkSetMacro(Erosion, double);
  vtkGetMacro(Erosion, double);
  ///@}

  ///@{
  /// Randomised copies, in which the ranged ions exchange their labels, and the seed of the first.
  vtkSetMacro(Copies, int);
  vtkGetMacro(Copies, int);
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

protected:
  vtkMaximumSeparation();
  ~vtkMaximumSeparation() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *Species = nullptr;
  double Distance = 0;
  int MinimumSize = 10;
  int Order = 1;
  double CoreDistance = 0.5;
  double Envelope = 0;
  double Erosion = 0;
  int Copies = 19;
  int Seed = 1;
};

#endif

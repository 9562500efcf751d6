/**
 * @class vtkRandomizeIons
 * @brief the randomised copy of a data set
 *
 * Positions stay; Species and MassToCharge change places together, over all ranks: among the ranged
 * ions or among all, in the whole data set or in neighbourhoods. Where no ion is ranged, all
 * exchange their labels.
 */
#ifndef vtkRandomizeIons_h
#define vtkRandomizeIons_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkRandomizeIons : public vtkAPTAlgorithm {
public:
  static vtkRandomizeIons *New();
  vtkTypeMacro(vtkRandomizeIons, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Seed of the permutation.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

  ///@{
  /// Which ions exchange labels: 0 the ranged ones, 1 all.
  vtkSetMacro(Exchange, int);
  vtkGetMacro(Exchange, int);
  ///@}

  ///@{
  /// Where they exchange them: 0 in the whole data set, 1 in neighbourhoods of at least
  /// NeighbourhoodIons ions that take part.
  vtkSetMacro(Within, int);
  vtkGetMacro(Within, int);
  vtkSetMacro(NeighbourhoodIons, int);
  vtkGetMacro(NeighbourhoodIons, int);
  ///@}

protected:
  vtkRandomizeIons();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  int Seed = 1;
  int Exchange = 0;
  int Within = 0;
  int NeighbourhoodIons = 5000;
};

#endif

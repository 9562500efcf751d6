/**
 * @class vtkRandomizeIons
 * @brief the randomised copy of a data set
 *
 * Positions stay; Species and MassToCharge are permuted together over all ions of all ranks. The
 * permutation depends on the seed and on the number of ions only.
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

protected:
  vtkRandomizeIons();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  int Seed = 1;
};

#endif

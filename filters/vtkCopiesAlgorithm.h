/**
 * @class vtkCopiesAlgorithm
 * @brief common base of the statistics of ions that are compared with randomised copies
 *
 * One input of ions; outputs are tables on rank 0.
 */
#ifndef vtkCopiesAlgorithm_h
#define vtkCopiesAlgorithm_h

#include "vtkAPTAlgorithm.h"

namespace csro {
struct MemberSettings;
}

class APTCSROFILTERS_EXPORT vtkCopiesAlgorithm : public vtkAPTAlgorithm {
public:
  vtkAbstractTypeMacro(vtkCopiesAlgorithm, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Randomised copies; copy k, from 1, has the seed Seed + k - 1. Within, NeighbourhoodIons: as in
  /// vtkRandomizeIons. Ranged ions alone exchange labels.
  vtkSetMacro(Copies, int);
  vtkGetMacro(Copies, int);
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  vtkSetMacro(Within, int);
  vtkGetMacro(Within, int);
  vtkSetMacro(NeighbourhoodIons, int);
  vtkGetMacro(NeighbourhoodIons, int);
  ///@}

protected:
  vtkCopiesAlgorithm();
  ~vtkCopiesAlgorithm() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;

  /// The copies that are asked for, of all groups, without a period.
  csro::MemberSettings CopySettings() const;

  int Copies = 19;

private:
  int Seed = 1;
  int Within = 0;
  int NeighbourhoodIons = 5000;
};

#endif

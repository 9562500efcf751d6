/**
 * @class vtkRadialDistribution
 * @brief pair correlation of pairs of species, against randomised copies
 *
 * g(r) with the surface taken out (csro/radial_distribution.h). Output 0: a table with a row for
 * each pair and bin of distance; output 1: the same for a chart, with the envelope of the copies.
 * Tables are on rank 0. Lengths in nm.
 */
#ifndef vtkRadialDistribution_h
#define vtkRadialDistribution_h

#include "vtkCopiesAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkRadialDistribution : public vtkCopiesAlgorithm {
public:
  static vtkRadialDistribution *New();
  vtkTypeMacro(vtkRadialDistribution, vtkCopiesAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Pairs of species, "Ni-Ni, Co-Cr"; empty: those of vtkComputeZSDM.
  vtkSetStringMacro(Pairs);
  vtkGetStringMacro(Pairs);
  ///@}

  ///@{
  /// Bins of equal width from 0 to Reach.
  vtkSetMacro(Reach, double);
  vtkGetMacro(Reach, double);
  vtkSetMacro(Bins, int);
  vtkGetMacro(Bins, int);
  ///@}

  ///@{
  /// Length of a periodic box along x, y and z, all three or none; 0: not periodic.
  vtkSetVector3Macro(Period, double);
  vtkGetVector3Macro(Period, double);
  ///@}

protected:
  vtkRadialDistribution();
  ~vtkRadialDistribution() override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Measurement;

  char *Pairs = nullptr;
  double Reach = 2;
  int Bins = 100;
  double Period[3] = {0, 0, 0};
};

#endif

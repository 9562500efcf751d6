/**
 * @class vtkFrequencyDistribution
 * @brief how many ions of a species blocks of ions have, against chance
 *
 * Observed and binomial distributions (csro/block_counts.h), of the data and of randomised copies.
 * Output 0: a table with a row for each species; output 1: the distributions for a chart. Tables
 * are on rank 0.
 */
#ifndef vtkFrequencyDistribution_h
#define vtkFrequencyDistribution_h

#include "vtkCopiesAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkFrequencyDistribution : public vtkCopiesAlgorithm {
public:
  static vtkFrequencyDistribution *New();
  vtkTypeMacro(vtkFrequencyDistribution, vtkCopiesAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Species and elements, "Ni, Co"; empty: as in vtkOrderParameters.
  vtkSetStringMacro(Species);
  vtkGetStringMacro(Species);
  ///@}

  ///@{
  /// What a block is: 0 ions that are close together, 1 ions that evaporated one after the other.
  vtkSetMacro(Blocks, int);
  vtkGetMacro(Blocks, int);
  ///@}

  ///@{
  /// Ranged ions of a block.
  vtkSetMacro(BlockIons, int);
  vtkGetMacro(BlockIons, int);
  ///@}

protected:
  vtkFrequencyDistribution();
  ~vtkFrequencyDistribution() override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Measurement;

  char *Species = nullptr;
  int Blocks = 0;
  int BlockIons = 100;
};

#endif

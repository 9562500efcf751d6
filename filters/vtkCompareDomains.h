/**
 * @class vtkCompareDomains
 * @brief compares the sizes of domains with those of randomised copies
 *
 * Input port 0: domain ions (output 0 of vtkClusterDomains) of the data; port 1, repeatable: those
 * of the copies, or their size histograms (also as numbers: AddCopyHistogramCount). PCC, chi2 and
 * mu refer to the first copy. Output port 0: a table of one row; port 1: the size histograms.
 * Tables are on rank 0.
 */
#ifndef vtkCompareDomains_h
#define vtkCompareDomains_h

#include "vtkAPTAlgorithm.h"

#include <vector>

class APTCSROFILTERS_EXPORT vtkCompareDomains : public vtkAPTAlgorithm {
public:
  static vtkCompareDomains *New();
  vtkTypeMacro(vtkCompareDomains, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  /// Removes all copies (input port 1).
  void ClearCopies();

  ///@{
  /// Size histograms of further copies, one count after the other, those of the second copy after
  /// the 32 of the first. These copies come after those of input port 1.
  void AddCopyHistogramCount(vtkIdType count);
  void ClearCopyHistograms();
  ///@}

protected:
  vtkCompareDomains();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  std::vector<vtkIdType> CopyHistogramCounts;
};

#endif

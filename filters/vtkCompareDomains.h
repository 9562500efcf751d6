/**
 * @class vtkCompareDomains
 * @brief compares the sizes of domains with those of randomised copies
 *
 * Input port 0: domain ions (output 0 of vtkClusterDomains) of the data; port 1, repeatable: those
 * of the copies, the first of which is the one that PCC, chi2 and mu refer to. Output port 0: a
 * table of one row; port 1: the size histograms. Tables are on rank 0.
 */
#ifndef vtkCompareDomains_h
#define vtkCompareDomains_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkCompareDomains : public vtkAPTAlgorithm {
public:
  static vtkCompareDomains *New();
  vtkTypeMacro(vtkCompareDomains, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  /// Removes all copies (input port 1).
  void ClearCopies();

protected:
  vtkCompareDomains();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;
};

#endif

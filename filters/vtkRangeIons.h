/**
 * @class vtkRangeIons
 * @brief gives ions new species, takes molecular ions apart, counts
 *
 * Output 0 are the ions or their atoms, output 1 the ion table (on rank 0).
 */
#ifndef vtkRangeIons_h
#define vtkRangeIons_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkRangeIons : public vtkAPTAlgorithm {
public:
  static vtkRangeIons *New();
  vtkTypeMacro(vtkRangeIons, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Range file; without one the species stay as they are.
  vtkSetFilePathMacro(RangesFileName);
  vtkGetFilePathMacro(RangesFileName);
  ///@}

  ///@{
  /// Whether molecular ions become atoms.
  vtkSetMacro(Decompose, bool);
  vtkGetMacro(Decompose, bool);
  ///@}

  ///@{
  /// Whether the table has elements instead of ions.
  vtkSetMacro(CountByElement, bool);
  vtkGetMacro(CountByElement, bool);
  ///@}

protected:
  vtkRangeIons();
  ~vtkRangeIons() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *RangesFileName = nullptr;
  bool Decompose = false;
  bool CountByElement = false;
};

#endif

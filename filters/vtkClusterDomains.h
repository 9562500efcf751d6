/**
 * @class vtkClusterDomains
 * @brief ions of selected pixels, clustered into domains by DBSCAN
 *
 * Input 0 are the ions, input 1 the pixels (optional: without them all ions are clustered).
 * Output 0 are the extracted ions with DomainId and DomainSize, on the ranks that they came from;
 * output 1 a table with one row per domain and output 2 the histogram of domain sizes, both on rank
 * 0. Lengths in nm.
 */
#ifndef vtkClusterDomains_h
#define vtkClusterDomains_h

#include "vtkAPTAlgorithm.h"

#include <vtkSmartPointer.h>

class vtkImageData;
class vtkPointSet;
class vtkPolyData;

class APTCSROFILTERS_EXPORT vtkClusterDomains : public vtkAPTAlgorithm {
public:
  static vtkClusterDomains *New();
  vtkTypeMacro(vtkClusterDomains, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Cell array of the pixels that selects; empty: the first that begins with Score_.
  vtkSetStringMacro(ScoreArray);
  vtkGetStringMacro(ScoreArray);
  ///@}

  ///@{
  /// Pixels with a score above are selected.
  vtkSetMacro(Threshold, double);
  vtkGetMacro(Threshold, double);
  ///@}

  ///@{
  /// Radius of the neighbourhood.
  vtkSetMacro(Eps, double);
  vtkGetMacro(Eps, double);
  ///@}

  ///@{
  /// Ions in the neighbourhood (itself counted) that make an ion a core of its domain.
  vtkSetMacro(MinSamples, int);
  vtkGetMacro(MinSamples, int);
  ///@}

  ///@{
  /// Extract ions as published: in balls around the pixels' centres, which do not reach the
  /// corners.
  vtkSetMacro(ReferenceMode, bool);
  vtkGetMacro(ReferenceMode, bool);
  vtkBooleanMacro(ReferenceMode, bool);
  ///@}

  /// How long the last execution took to extract the ions, in seconds.
  vtkGetMacro(ExtractSeconds, double);

protected:
  vtkClusterDomains();
  ~vtkClusterDomains() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  vtkSmartPointer<vtkPolyData> Extract(csro::Call &call, vtkPointSet *ions, vtkImageData *pixels,
                                       int64_t &pixelsSelected);

  char *ScoreArray = nullptr;
  double Threshold = 3.75;
  double Eps = 0.4;
  int MinSamples = 3;
  bool ReferenceMode = false;
  double ExtractSeconds = 0;
};

#endif

/**
 * @class vtkSensitivity
 * @brief what would have been found in a data set, and how many domains it has
 *
 * Input 0 is the table of domains that vtkDetectOrder reports in the data. Inputs 1 to 3 have as
 * many connections each, one for each injection, in the same order: the planted domains (second
 * output of vtkInjectOrder), and what vtkDetectOrder reports of the ions with them (domain ions,
 * table). The output is a table of recall and corrected density by size (csro/sensitivity.h), on
 * rank 0. Lengths in nm.
 */
#ifndef vtkSensitivity_h
#define vtkSensitivity_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkSensitivity : public vtkAPTAlgorithm {
public:
  static vtkSensitivity *New();
  vtkTypeMacro(vtkSensitivity, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  /// Take away what is connected to an input.
  ///@{
  void ClearPlanted() {
    this->SetInputConnection(1, nullptr);
  }
  void ClearDomainIons() {
    this->SetInputConnection(2, nullptr);
  }
  void ClearDomains() {
    this->SetInputConnection(3, nullptr);
  }
  ///@}

  ///@{
  /// Diameters that rise, between which the size classes lie.
  void SetDiameterEdgeCount(int count);
  void SetDiameterEdge(int index, double diameter);
  ///@}

  ///@{
  /// Level of all intervals.
  vtkSetMacro(Level, double);
  vtkGetMacro(Level, double);
  ///@}

protected:
  vtkSensitivity();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  std::vector<double> DiameterEdges{1.0, 1.3, 1.6, 2.0};
  double Level = 0.9;
};

#endif

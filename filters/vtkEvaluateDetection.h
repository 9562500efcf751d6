/**
 * @class vtkEvaluateDetection
 * @brief detected order against the true domains of a simulated specimen
 *
 * Input port 0: voxels with a probability; port 1: ions of the reported domains; port 2: the true
 * domains (output 1 of vtkSimulateAPT); port 3, optional: the reported domains with a rank value.
 * Output ports: ROC curves, calibration, numbers by size class, ranked reports. Tables are on
 * rank 0. Lengths in nm.
 */
#ifndef vtkEvaluateDetection_h
#define vtkEvaluateDetection_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkEvaluateDetection : public vtkAPTAlgorithm {
public:
  static vtkEvaluateDetection *New();
  vtkTypeMacro(vtkEvaluateDetection, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Point array of the voxels, 0 to 1; empty: the active one.
  vtkSetStringMacro(ProbabilityArray);
  vtkGetStringMacro(ProbabilityArray);
  ///@}

  ///@{
  /// Column of the reported domains that ranks them, the highest first.
  vtkSetStringMacro(RankColumn);
  vtkGetStringMacro(RankColumn);
  ///@}

  ///@{
  /// Rising diameters that part the true domains into size classes.
  void SetDiameterEdgeCount(int count);
  void SetDiameterEdge(int index, double diameter);
  ///@}

  ///@{
  /// Negative voxels are farther than this from every true domain.
  vtkSetMacro(Margin, double);
  vtkGetMacro(Margin, double);
  ///@}

  ///@{
  /// Acceptable share of false reports.
  vtkSetMacro(FalseTarget, double);
  vtkGetMacro(FalseTarget, double);
  ///@}

  /// Takes the table of the reported domains (input port 3) away.
  void RemoveDomains() {
    this->SetInputConnection(3, nullptr);
  }

  /// No group: its domains would have other numbers than the tables.
  bool TakesGroups(int) override {
    return false;
  }

protected:
  vtkEvaluateDetection();
  ~vtkEvaluateDetection() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *ProbabilityArray = nullptr;
  char *RankColumn = nullptr;
  std::vector<double> DiameterEdges{0.7, 1.0, 1.3, 1.6, 2.0};
  double Margin = 0.75;
  double FalseTarget = 0.1;
};

#endif

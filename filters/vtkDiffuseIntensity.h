/**
 * @class vtkDiffuseIntensity
 * @brief Warren-Cowley parameters of periodic configurations in reciprocal space
 *
 * Outputs: the volume, its planes (001) and (111), and a table of maxima, all on rank 0.
 */
#ifndef vtkDiffuseIntensity_h
#define vtkDiffuseIntensity_h

#include "vtkAPTAlgorithm.h"

#include <memory>

class APTCSROFILTERS_EXPORT vtkDiffuseIntensity : public vtkAPTAlgorithm {
public:
  static vtkDiffuseIntensity *New();
  vtkTypeMacro(vtkDiffuseIntensity, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// A point that the plane (001) goes through, in units of 2 pi / a.
  vtkSetVector3Macro(Point001, double);
  vtkGetVector3Macro(Point001, double);
  ///@}

  ///@{
  /// A point that the plane (111) goes through, in units of 2 pi / a.
  vtkSetVector3Macro(Point111, double);
  vtkGetVector3Macro(Point111, double);
  ///@}

  ///@{
  /// Whether each configuration is its mean over the wave vectors that the lattice makes
  /// equivalent.
  vtkSetMacro(Symmetrise, bool);
  vtkGetMacro(Symmetrise, bool);
  vtkBooleanMacro(Symmetrise, bool);
  ///@}

  ///@{
  /// Different maxima of each pair in the table, at most.
  vtkSetMacro(Maxima, int);
  vtkGetMacro(Maxima, int);
  ///@}

  ///@{
  /// Height of the lowest maximum in the table, as a share of the highest of its pair.
  vtkSetMacro(LeastShare, double);
  vtkGetMacro(LeastShare, double);
  ///@}

  /// Each block of a group is a configuration.
  bool SplitsGroups(int) override {
    return true;
  }

protected:
  vtkDiffuseIntensity();
  ~vtkDiffuseIntensity() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Shape;
  void FindShape(csro::Call &call, vtkInformationVector **inputs);

  std::unique_ptr<Shape> Found;
  double Point001[3] = {0, 0, 0};
  double Point111[3] = {0.5, 0.5, 0.5};
  bool Symmetrise = false;
  int Maxima = 5;
  double LeastShare = 0.1;
};

#endif

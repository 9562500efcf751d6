/**
 * @class vtkComputeZSDM
 * @brief z-SDM curves of species pairs, per voxel or over the whole input
 *
 * Input 0 are the ions, input 1 the voxels (optional). Output 0 are the voxels with one array of
 * counts per pair, output 1 a table of the mean curves (on rank 0). Lengths in nm.
 */
#ifndef vtkComputeZSDM_h
#define vtkComputeZSDM_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkComputeZSDM : public vtkAPTAlgorithm {
public:
  static vtkComputeZSDM *New();
  vtkTypeMacro(vtkComputeZSDM, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum PartnersType { PARTNERS_IN_VOXEL, PARTNERS_IN_DATA };

  ///@{
  /// Pairs of species as in "Ni-Ni, Co-Cr"; empty: El-El of every element but H with at least 1 %
  /// of the ranged ions.
  vtkSetStringMacro(Pairs);
  vtkGetStringMacro(Pairs);
  ///@}

  ///@{
  /// Largest distance of a pair and half-width of the histogram.
  vtkSetMacro(HalfRange, double);
  vtkGetMacro(HalfRange, double);
  ///@}

  ///@{
  /// Number of bins over the whole histogram.
  vtkSetMacro(Bins, int);
  vtkGetMacro(Bins, int);
  ///@}

  ///@{
  /// Half-width of the part of the histogram that is kept.
  vtkSetMacro(Window, double);
  vtkGetMacro(Window, double);
  ///@}

  ///@{
  /// Where the partners of a voxel's ions are taken from.
  vtkSetMacro(Partners, int);
  vtkGetMacro(Partners, int);
  ///@}

  ///@{
  /// Whether the voxels keep their curves; the mean curves are made in either case.
  vtkSetMacro(KeepCurves, bool);
  vtkGetMacro(KeepCurves, bool);
  vtkBooleanMacro(KeepCurves, bool);
  ///@}

protected:
  vtkComputeZSDM();
  ~vtkComputeZSDM() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Curves;

  char *Pairs = nullptr;
  double HalfRange = 1.5;
  int Bins = 200;
  double Window = 0.69;
  int Partners = PARTNERS_IN_VOXEL;
  bool KeepCurves = true;
};

#endif

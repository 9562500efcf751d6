/**
 * @class vtkClassifyCSRO
 * @brief probabilities of ordered classes from z-SDM curves, and their overlap scores
 *
 * Output 0 are the voxels with probabilities, output 1 the pixels (cells of one stride) with
 * scores.
 */
#ifndef vtkClassifyCSRO_h
#define vtkClassifyCSRO_h

#include "vtkAPTAlgorithm.h"

#include <vtkSmartPointer.h>

#include <string>
#include <vector>

class APTCSROFILTERS_EXPORT vtkClassifyCSRO : public vtkAPTAlgorithm {
public:
  static vtkClassifyCSRO *New();
  vtkTypeMacro(vtkClassifyCSRO, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum PreprocessingType { PREPROCESS_AS_TRAINED, PREPROCESS_FULL };

  ///@{
  /// Index in csro_model_names: which of the models that ship with the program.
  vtkSetMacro(ShippedModel, int);
  vtkGetMacro(ShippedModel, int);
  ///@}

  ///@{
  /// Model file (.xml); empty: the shipped model.
  vtkSetFilePathMacro(ModelFile);
  vtkGetFilePathMacro(ModelFile);
  ///@}

  ///@{
  /// How curves are prepared: as in the published analysis, or as the model was trained.
  vtkSetMacro(Preprocessing, int);
  vtkGetMacro(Preprocessing, int);
  ///@}

  ///@{
  /// Curves with fewer counts are undefined.
  vtkSetMacro(MinimumCounts, int);
  vtkGetMacro(MinimumCounts, int);
  ///@}

  ///@{
  /// Scores as published: sums, which suppress domains at the faces of the box.
  vtkSetMacro(ReferenceMode, bool);
  vtkGetMacro(ReferenceMode, bool);
  vtkBooleanMacro(ReferenceMode, bool);
  ///@}

  ///@{
  /// Go on, with a warning, where the lattice planes of the data are not those of the model.
  vtkSetMacro(Force, bool);
  vtkGetMacro(Force, bool);
  vtkBooleanMacro(Force, bool);
  ///@}

protected:
  vtkClassifyCSRO();
  ~vtkClassifyCSRO() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Classifier;

  int ShippedModel = 0;
  char *ModelFile = nullptr;
  int Preprocessing = PREPROCESS_AS_TRAINED;
  int MinimumCounts = 100;
  bool ReferenceMode = false;
  bool Force = false;
};

#endif

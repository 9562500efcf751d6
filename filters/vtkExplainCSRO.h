/**
 * @class vtkExplainCSRO
 * @brief which parts of the z-SDM curves decide for a class
 *
 * Output 0 are the voxels explained, one vertex each, with the class activation along their curves;
 * output 1 is a table for a chart: mean curves and mean activations.
 */
#ifndef vtkExplainCSRO_h
#define vtkExplainCSRO_h

#include "vtkAPTAlgorithm.h"

#include <vtkNew.h>
#include <vtkStringArray.h>

#include <vector>

class APTCSROFILTERS_EXPORT vtkExplainCSRO : public vtkAPTAlgorithm {
public:
  static vtkExplainCSRO *New();
  vtkTypeMacro(vtkExplainCSRO, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum PreprocessingType { PREPROCESS_AS_TRAINED, PREPROCESS_FULL };

  ///@{
  /// Voxels to explain by their number in the whole grid, x fastest; none: all voxels of the input.
  void AddVoxelId(vtkIdType voxel);
  void ClearVoxelIds();
  ///@}

  ///@{
  /// Class of the model to explain, by its name; empty: its first ordered class.
  vtkSetStringMacro(Class);
  vtkGetStringMacro(Class);
  ///@}
  /// Those of the model that was used last.
  vtkStringArray *GetClassNames();

  ///@{
  /// As those of vtkClassifyCSRO.
  vtkSetMacro(ShippedModel, int);
  vtkGetMacro(ShippedModel, int);
  vtkSetFilePathMacro(ModelFile);
  vtkGetFilePathMacro(ModelFile);
  vtkSetMacro(Preprocessing, int);
  vtkGetMacro(Preprocessing, int);
  vtkSetMacro(MinimumCounts, int);
  vtkGetMacro(MinimumCounts, int);
  ///@}

protected:
  vtkExplainCSRO();
  ~vtkExplainCSRO() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Explanation;

  std::vector<vtkIdType> VoxelIds;
  char *Class = nullptr;
  vtkNew<vtkStringArray> ClassNames;
  int ShippedModel = 0;
  char *ModelFile = nullptr;
  int Preprocessing = PREPROCESS_AS_TRAINED;
  int MinimumCounts = 100;
};

#endif

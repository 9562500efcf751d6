/**
 * @class vtkPatternBank
 * @brief simulated z-SDM patterns of a recipe, to train classifiers on
 *
 * Output 0 is a table with one row per pattern: class, parameters, counts of each channel; its
 * field arrays hold the recipe, so that it is all a training needs. Output 1 is a table of the mean
 * curve of each class and channel. Both on rank 0.
 */
#ifndef vtkPatternBank_h
#define vtkPatternBank_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkPatternBank : public vtkAPTAlgorithm {
public:
  static vtkPatternBank *New();
  vtkTypeMacro(vtkPatternBank, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum RecipeType { COCRNI_002, COCRNI_111, FEAL_002, FROM_FILE };

  ///@{
  /// One of the recipes that ship with the program, or RecipeFile.
  vtkSetMacro(Recipe, int);
  vtkGetMacro(Recipe, int);
  ///@}

  ///@{
  /// Path of a recipe.
  vtkSetFilePathMacro(RecipeFile);
  vtkGetFilePathMacro(RecipeFile);
  ///@}

  ///@{
  /// Start of the random numbers.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

  ///@{
  /// At most this many patterns, chosen at random; 0: all of the recipe.
  vtkSetMacro(Limit, int);
  vtkGetMacro(Limit, int);
  ///@}

protected:
  vtkPatternBank();
  ~vtkPatternBank() override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  int Recipe = COCRNI_002;
  char *RecipeFile = nullptr;
  int Seed = 1;
  int Limit = 0;
};

#endif

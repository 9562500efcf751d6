/**
 * @class vtkTrainClassifier
 * @brief trains an ensemble on a pattern bank and writes it as a model file
 *
 * Input: a table with one row per pattern, column Label (class, 0 is the random one) and columns
 * zSDM_A_B of counts, one component per bin and one column per channel; field arrays ClassNames,
 * zSDM_Pairs, zSDM_Bins and, where it is known, Recipe: output 0 of vtkPatternBank. Outputs:
 * history, ROC curve, confusion matrix and calibration of the held-out patterns. The first rank
 * trains; tables are on rank 0.
 */
#ifndef vtkTrainClassifier_h
#define vtkTrainClassifier_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkTrainClassifier : public vtkAPTAlgorithm {
public:
  static vtkTrainClassifier *New();
  vtkTypeMacro(vtkTrainClassifier, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  /// In the order of csro_preprocessing.
  enum PreprocessingType { PREPROCESS_MINMAX, PREPROCESS_FULL, PREPROCESS_MEAN };
  enum ScheduleType { SCHEDULE_CONSTANT, SCHEDULE_COSINE };

  ///@{
  /// The model file to write (.xml), whole or not at all.
  vtkSetFilePathMacro(ModelFile);
  vtkGetFilePathMacro(ModelFile);
  ///@}

  ///@{
  /// Layers between curves and classes, as csro_network_parse reads them.
  vtkSetStringMacro(Architecture);
  vtkGetStringMacro(Architecture);
  ///@}

  ///@{
  /// What is done to the counts before the networks see them.
  vtkSetMacro(Preprocessing, int);
  vtkGetMacro(Preprocessing, int);
  ///@}

  ///@{
  /// Members of the ensemble.
  vtkSetMacro(Folds, int);
  vtkGetMacro(Folds, int);
  ///@}

  ///@{
  /// Fraction of the patterns that is held out for the test.
  vtkSetMacro(TestFraction, double);
  vtkGetMacro(TestFraction, double);
  ///@}

  ///@{
  /// Passes over the training patterns.
  vtkSetMacro(Epochs, int);
  vtkGetMacro(Epochs, int);
  ///@}

  ///@{
  /// Epochs without a lower validation loss after which a fold stops; 0: never.
  vtkSetMacro(Patience, int);
  vtkGetMacro(Patience, int);
  ///@}

  ///@{
  /// Patterns per step.
  vtkSetMacro(BatchSize, int);
  vtkGetMacro(BatchSize, int);
  ///@}

  ///@{
  /// Adam's step.
  vtkSetMacro(LearningRate, double);
  vtkGetMacro(LearningRate, double);
  ///@}

  ///@{
  /// How the learning rate goes on.
  vtkSetMacro(Schedule, int);
  vtkGetMacro(Schedule, int);
  ///@}

  ///@{
  /// Smallest and largest shift of the copies, in bins; 0, 0: no copies.
  vtkSetVector2Macro(ShiftRange, int);
  vtkGetVector2Macro(ShiftRange, int);
  ///@}

  ///@{
  /// Every class weighs the same.
  vtkSetMacro(BalanceClasses, bool);
  vtkGetMacro(BalanceClasses, bool);
  vtkBooleanMacro(BalanceClasses, bool);
  ///@}

  ///@{
  /// Of the split, the first weights, the order, the shifts and the dropout.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

  ///@{
  /// Overlap score above which a pixel is ordered, for the model file.
  vtkSetMacro(ScoreThreshold, double);
  vtkGetMacro(ScoreThreshold, double);
  ///@}

protected:
  vtkTrainClassifier();
  ~vtkTrainClassifier() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Trainer;

  char *ModelFile = nullptr;
  char *Architecture = nullptr;
  int Preprocessing = PREPROCESS_MINMAX;
  int Folds = 5;
  double TestFraction = 0.1;
  int Epochs = 30;
  int Patience = 0;
  int BatchSize = 32;
  double LearningRate = 1e-3;
  int Schedule = SCHEDULE_CONSTANT;
  int ShiftRange[2] = {-2, 1};
  bool BalanceClasses = false;
  int Seed = 1;
  double ScoreThreshold = 3.75;
};

#endif

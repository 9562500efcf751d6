/**
 * @class vtkComposition
 * @brief composition of ions, and of their domains against the matrix
 *
 * Input 0 are the ions (all of them, or a selection), input 1, optional, their domain ions. Output
 * 0 is the composition, output 1 the test of equal compositions, output 2 a row per domain, output
 * 3 the ions with DomainId. Tables are on rank 0.
 */
#ifndef vtkComposition_h
#define vtkComposition_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkComposition : public vtkAPTAlgorithm {
public:
  static vtkComposition *New();
  vtkTypeMacro(vtkComposition, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// csro_background_model.
  vtkSetMacro(Background, int);
  vtkGetMacro(Background, int);
  ///@}

  ///@{
  /// Random divisions of the ions for the exact test.
  vtkSetMacro(Draws, int);
  vtkGetMacro(Draws, int);
  ///@}

  ///@{
  /// Randomised copies whose domains are compared; of domains of Cluster Domains alone.
  vtkSetMacro(Copies, int);
  vtkGetMacro(Copies, int);
  ///@}

  ///@{
  /// Every domain that is found stands for so many: of that many orientations of the order, one is
  /// seen.
  vtkSetMacro(Variants, int);
  vtkGetMacro(Variants, int);
  ///@}

  ///@{
  /// Of the first copy, and of the divisions.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

  ///@{
  /// As in vtkRandomizeIons.
  vtkSetMacro(Exchange, int);
  vtkGetMacro(Exchange, int);
  vtkSetMacro(Within, int);
  vtkGetMacro(Within, int);
  vtkSetMacro(NeighbourhoodIons, int);
  vtkGetMacro(NeighbourhoodIons, int);
  ///@}

protected:
  vtkComposition();
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Work;

  int Background = 1;
  int Draws = 9999;
  int Variants = 1;
  int Copies = 19;
  int Seed = 1;
  int Exchange = 0;
  int Within = 0;
  int NeighbourhoodIons = 5000;
};

#endif

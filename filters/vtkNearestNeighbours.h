/**
 * @class vtkNearestNeighbours
 * @brief distances of nearest neighbours, against randomised copies
 *
 * Output 0: a table of mean distances with a row for each pair and neighbour; output 1: the
 * distances of one neighbour in bins, with the envelope of the copies and ions at random
 * (csro/nearest_distances.h). Tables are on rank 0. Lengths in nm.
 */
#ifndef vtkNearestNeighbours_h
#define vtkNearestNeighbours_h

#include "vtkCopiesAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkNearestNeighbours : public vtkCopiesAlgorithm {
public:
  static vtkNearestNeighbours *New();
  vtkTypeMacro(vtkNearestNeighbours, vtkCopiesAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// Pairs of species, "Ni-Ni, Co-Cr"; empty: those of vtkComputeZSDM.
  vtkSetStringMacro(Pairs);
  vtkGetStringMacro(Pairs);
  ///@}

  ///@{
  /// Up to which neighbour, and which one output 1 is about.
  vtkSetMacro(NearestNeighbours, int);
  vtkGetMacro(NearestNeighbours, int);
  vtkSetMacro(ShownNeighbour, int);
  vtkGetMacro(ShownNeighbour, int);
  ///@}

  ///@{
  /// Neighbours farther away are none; bins from 0 to there.
  vtkSetMacro(Reach, double);
  vtkGetMacro(Reach, double);
  vtkSetMacro(Bins, int);
  vtkGetMacro(Bins, int);
  ///@}

  ///@{
  /// As in vtkOrderParameters.
  vtkSetVector3Macro(Period, double);
  vtkGetVector3Macro(Period, double);
  ///@}

protected:
  vtkNearestNeighbours();
  ~vtkNearestNeighbours() override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Measurement;

  char *Pairs = nullptr;
  int NearestNeighbours = 10;
  int ShownNeighbour = 1;
  double Reach = 2;
  int Bins = 100;
  double Period[3] = {0, 0, 0};
};

#endif

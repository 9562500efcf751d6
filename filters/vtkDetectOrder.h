/**
 * @class vtkDetectOrder
 * @brief ordered domains by the likelihood of all ions, with their probability
 *
 * Input 0 are the ions, input 1 the voxels. Output 0 are the voxels with the probability that their
 * centre lies in an ordered domain, output 1 the ions of the reported domains, output 2 a table
 * with one row per domain, output 3 one with the kinds of order that the planes show; the last
 * three on rank 0. Lengths in nm. What the search found is kept: where FDR alone has changed, the
 * domains are selected anew without it.
 */
#ifndef vtkDetectOrder_h
#define vtkDetectOrder_h

#include "vtkAPTAlgorithm.h"

#include <memory>

class APTCSROFILTERS_EXPORT vtkDetectOrder : public vtkAPTAlgorithm {
public:
  static vtkDetectOrder *New();
  vtkTypeMacro(vtkDetectOrder, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// The species that is rich in every second plane of a domain; empty: those that the planes show.
  vtkSetStringMacro(Species);
  vtkGetStringMacro(Species);
  ///@}

  ///@{
  /// Distance of the lattice planes along z; 0: measured.
  vtkSetMacro(PlaneSpacing, double);
  vtkGetMacro(PlaneSpacing, double);
  ///@}

  ///@{
  /// Smallest and largest diameter of the domains that are looked for.
  vtkSetVector2Macro(Diameter, double);
  vtkGetVector2Macro(Diameter, double);
  ///@}

  ///@{
  /// Standard deviation of the position noise along x and y (0: found from the ions of domains),
  /// and along z (0: found from the planes).
  vtkSetMacro(SigmaXY, double);
  vtkGetMacro(SigmaXY, double);
  vtkSetMacro(SigmaZ, double);
  vtkGetMacro(SigmaZ, double);
  ///@}

  ///@{
  /// Use the ions of the species alone.
  vtkSetMacro(SameSpeciesOnly, bool);
  vtkGetMacro(SameSpeciesOnly, bool);
  vtkBooleanMacro(SameSpeciesOnly, bool);
  ///@}

  ///@{
  /// Share of the reported domains that may be false.
  vtkSetMacro(FDR, double);
  vtkGetMacro(FDR, double);
  ///@}

  ///@{
  /// Label-randomised copies and decoys that the evidence is compared with, and the seed of the
  /// copies.
  vtkSetMacro(Copies, int);
  vtkGetMacro(Copies, int);
  vtkSetMacro(Decoys, int);
  vtkGetMacro(Decoys, int);
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

  ///@{
  /// Which ions exchange labels: 0 the ranged ones, 1 all.
  vtkSetMacro(Exchange, int);
  vtkGetMacro(Exchange, int);
  ///@}

  ///@{
  /// Where they exchange them: 0 in the whole data set, 1 in neighbourhoods of at least
  /// NeighbourhoodIons ions that take part.
  vtkSetMacro(Within, int);
  vtkGetMacro(Within, int);
  vtkSetMacro(NeighbourhoodIons, int);
  vtkGetMacro(NeighbourhoodIons, int);
  ///@}

  ///@{
  /// Go on, with a warning, where the lattice planes of the data are not those of PlaneSpacing.
  vtkSetMacro(Force, bool);
  vtkGetMacro(Force, bool);
  vtkBooleanMacro(Force, bool);
  ///@}

protected:
  vtkDetectOrder();
  ~vtkDetectOrder() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Detector;
  struct Key;
  struct Ordered;

  Key MakeKey();
  std::unique_ptr<Detector> TakeKept(csro::Call &call);

  char *Species = nullptr;
  double PlaneSpacing = 0;
  double Diameter[2] = {0.7, 2.1};
  double SigmaXY = 0;
  double SigmaZ = 0;
  bool SameSpeciesOnly = false;
  double FDR = 0.1;
  bool Force = false;
  int Copies = 1;
  int Decoys = 1;
  int Seed = 1;
  int Exchange = 0;
  int Within = 0;
  int NeighbourhoodIons = 5000;
  std::unique_ptr<Detector> Kept; // of the last execution that succeeded
};

#endif

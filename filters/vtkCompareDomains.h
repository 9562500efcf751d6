/**
 * @class vtkCompareDomains
 * @brief compares the sizes of domains with those of randomised copies
 *
 * Input port 0: domain ions (output 0 of vtkClusterDomains) of the data; port 1, repeatable: those
 * of given copies, or their size histograms (also as numbers: AddCopyHistogramCount); port 2: the
 * ions of the data. Without given copies the filter makes Copies of these ions itself, by the
 * settings that the domain ions carry, and keeps their counts as long as these are the same. PCC,
 * chi2 and mu refer to the first copy. Output port 0: a table of one row; port 1: the size
 * histograms; port 2: counts of each copy made here. Tables are on rank 0.
 */
#ifndef vtkCompareDomains_h
#define vtkCompareDomains_h

#include "vtkAPTAlgorithm.h"

#include <memory>
#include <vector>

class APTCSROFILTERS_EXPORT vtkCompareDomains : public vtkAPTAlgorithm {
public:
  static vtkCompareDomains *New();
  vtkTypeMacro(vtkCompareDomains, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  /// Removes all given copies (input port 1).
  void ClearGivenCopies();
  /// Takes the ions (input port 2) away.
  void ClearIons();

  ///@{
  /// How many copies are made of the ions of input port 2 when none are given; copy k, from 1, has
  /// the seed Seed + k - 1.
  vtkSetMacro(Copies, int);
  vtkGetMacro(Copies, int);
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

  ///@{
  /// How labels are exchanged: as in vtkRandomizeIons.
  vtkSetMacro(Exchange, int);
  vtkGetMacro(Exchange, int);
  vtkSetMacro(Within, int);
  vtkGetMacro(Within, int);
  vtkSetMacro(NeighbourhoodIons, int);
  vtkGetMacro(NeighbourhoodIons, int);
  ///@}

  ///@{
  /// Whether copies are made anew whenever the settings of the domains or the ions have changed.
  /// Without it (for the window) they wait once they have been made: the output says that they are
  /// out of date until MakeCopies is called or another property of the filter changes.
  void SetFollow(bool follow);
  vtkGetMacro(Follow, bool);
  vtkBooleanMacro(Follow, bool);
  ///@}

  /// Makes the copies anew at the next execution.
  void MakeCopies() {
    this->Modified();
  }

  ///@{
  /// Size histograms of further copies, one count after the other, those of the second copy after
  /// the 32 of the first. These copies come after those of input port 1.
  void AddCopyHistogramCount(vtkIdType count);
  void ClearCopyHistograms();
  ///@}

protected:
  vtkCompareDomains();
  ~vtkCompareDomains() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Maker;
  struct Key;
  struct Kept;

  Key MakeKey(vtkDataObject *domains);

  int Copies = 19;
  int Seed = 1;
  int Exchange = 0;
  int Within = 0;
  int NeighbourhoodIons = 5000;
  bool Follow = true;
  std::unique_ptr<Kept> Last; // copies of the last execution that made any
  std::vector<vtkIdType> CopyHistogramCounts;
};

#endif

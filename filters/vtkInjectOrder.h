/**
 * @class vtkInjectOrder
 * @brief plants ordered domains into the ions of a data set
 *
 * Positions stay; inside of planted domains Species and MassToCharge change places, so that every
 * second (third, fourth) lattice plane becomes rich in one species (csro/inject.h). Output 0 are
 * the ions with TrueDomainId, output 1 a table with one row per planted domain (on rank 0), both as
 * of vtkSimulateAPT. Lengths in nm.
 */
#ifndef vtkInjectOrder_h
#define vtkInjectOrder_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkInjectOrder : public vtkAPTAlgorithm {
public:
  static vtkInjectOrder *New();
  vtkTypeMacro(vtkInjectOrder, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// The species that is rich in some planes of a domain: all isotopes and charges of an
  /// element. Empty: an element is chosen.
  vtkSetStringMacro(Species);
  vtkGetStringMacro(Species);
  ///@}

  ///@{
  /// Domains per nm^3.
  vtkSetMacro(Density, double);
  vtkGetMacro(Density, double);
  ///@}

  ///@{
  /// Smallest and largest diameter, evenly drawn.
  vtkSetVector2Macro(Diameter, double);
  vtkGetVector2Macro(Diameter, double);
  ///@}

  ///@{
  /// Weakest and strongest order, evenly drawn: the fraction of the rich ions that takes part.
  vtkSetVector2Macro(Order, double);
  vtkGetVector2Macro(Order, double);
  ///@}

  ///@{
  /// Standard deviation of the position noise along x and y.
  vtkSetMacro(SigmaXY, double);
  vtkGetMacro(SigmaXY, double);
  ///@}

  ///@{
  /// One lattice plane of so many is rich: 2, 3 or 4.
  vtkSetMacro(Period, int);
  vtkGetMacro(Period, int);
  ///@}

  ///@{
  /// Seed: same seed, same domains and labels.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

protected:
  vtkInjectOrder();
  ~vtkInjectOrder() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  char *Species = nullptr;
  double Density = 0.015;
  double Diameter[2] = {0.7, 2.1};
  double Order[2] = {1, 1};
  double SigmaXY = 0.3;
  int Period = 2;
  int Seed = 1;
};

#endif

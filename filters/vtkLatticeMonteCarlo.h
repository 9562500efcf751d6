/**
 * @class vtkLatticeMonteCarlo
 * @brief Monte Carlo of an alloy on a periodic lattice (csro/monte_carlo.h)
 *
 * Output port 0: the atoms of the last configuration of the first run as ions, with the box in
 * field data; port 1: a table against temperature; port 2: a table of Warren-Cowley parameters;
 * port 3: the last configurations of all runs, a block each. All on rank 0. Runs are shared out to
 * the ranks; the result is the same for any number of them.
 */
#ifndef vtkLatticeMonteCarlo_h
#define vtkLatticeMonteCarlo_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkLatticeMonteCarlo : public vtkAPTAlgorithm {
public:
  static vtkLatticeMonteCarlo *New();
  vtkTypeMacro(vtkLatticeMonteCarlo, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum InteractionsType { NICOCR, CU3AU, FEAL, FROM_FILE };

  ///@{
  /// NICOCR, CU3AU, FEAL (shipped) or FROM_FILE (InteractionsFile).
  vtkSetMacro(Interactions, int);
  vtkGetMacro(Interactions, int);
  ///@}

  ///@{
  /// Interaction file (.xml).
  vtkSetFilePathMacro(InteractionsFile);
  vtkGetFilePathMacro(InteractionsFile);
  ///@}

  ///@{
  /// Lattice cells of the box along x, y and z.
  vtkSetVector3Macro(Cells, int);
  vtkGetVector3Macro(Cells, int);
  ///@}

  ///@{
  /// Species with their shares, as in "Ni 50, Cr 50"; empty: those of the interactions.
  vtkSetStringMacro(Composition);
  vtkGetStringMacro(Composition);
  ///@}

  ///@{
  /// Temperatures in K, one after the other: each begins with what the one before has left.
  void SetTemperatureCount(int count);
  void SetTemperature(int index, double kelvin);
  ///@}

  ///@{
  /// Sweeps before and during the measurement, at each temperature.
  vtkSetMacro(Equilibration, int);
  vtkGetMacro(Equilibration, int);
  vtkSetMacro(Sweeps, int);
  vtkGetMacro(Sweeps, int);
  ///@}

  ///@{
  /// Sweeps between two measurements of order.
  vtkSetMacro(MeasureEvery, int);
  vtkGetMacro(MeasureEvery, int);
  ///@}

  ///@{
  /// Share of exchanges between distant sites.
  vtkSetMacro(FarShare, double);
  vtkGetMacro(FarShare, double);
  ///@}

  ///@{
  /// Shells of Warren-Cowley parameters.
  vtkSetMacro(Shells, int);
  vtkGetMacro(Shells, int);
  ///@}

  ///@{
  /// Independent runs.
  vtkSetMacro(Runs, int);
  vtkGetMacro(Runs, int);
  ///@}

  ///@{
  /// Start of the random numbers.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

protected:
  vtkLatticeMonteCarlo();
  ~vtkLatticeMonteCarlo() override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  int Interactions = NICOCR;
  char *InteractionsFile = nullptr;
  int Cells[3] = {12, 12, 12};
  char *Composition = nullptr;
  std::vector<double> Temperatures{1000, 850, 750, 700, 650, 600, 550, 500, 450};
  int Equilibration = 200;
  int Sweeps = 400;
  int MeasureEvery = 5;
  double FarShare = 0.5;
  int Shells = 6;
  int Runs = 1;
  int Seed = 1;
};

#endif

/**
 * @class vtkSimulateAPT
 * @brief synthetic atom probe specimen of CoCrNi with known truth
 *
 * Each rank makes its own part of the depth; the parts together are the same ions for any number
 * of ranks. Output port 0: the ions; port 1: a table of the true domains, on rank 0. Lengths in nm.
 */
#ifndef vtkSimulateAPT_h
#define vtkSimulateAPT_h

#include "vtkAPTAlgorithm.h"

class APTCSROFILTERS_EXPORT vtkSimulateAPT : public vtkAPTAlgorithm {
public:
  static vtkSimulateAPT *New();
  vtkTypeMacro(vtkSimulateAPT, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum ShapeType { BOX, FRUSTUM };
  enum PoleType { POLE_002, POLE_111 };

  ///@{
  /// BOX or FRUSTUM.
  vtkSetMacro(Shape, int);
  vtkGetMacro(Shape, int);
  ///@}

  ///@{
  /// Size of the box along x and y.
  vtkSetVector2Macro(Width, double);
  vtkGetVector2Macro(Width, double);
  ///@}

  ///@{
  /// Radii of the frustum at the top (z = 0) and at the bottom.
  vtkSetVector2Macro(Radius, double);
  vtkGetVector2Macro(Radius, double);
  ///@}

  ///@{
  /// The specimen reaches from z = 0 down to -Height.
  vtkSetMacro(Height, double);
  vtkGetMacro(Height, double);
  ///@}

  ///@{
  /// Edge of the fcc cell.
  vtkSetMacro(LatticeConstant, double);
  vtkGetMacro(LatticeConstant, double);
  ///@}

  ///@{
  /// The crystal direction along z.
  vtkSetMacro(Pole, int);
  vtkGetMacro(Pole, int);
  ///@}

  ///@{
  /// Standard deviations of the Gaussian position noise across and along z.
  vtkSetMacro(SigmaXY, double);
  vtkGetMacro(SigmaXY, double);
  vtkSetMacro(SigmaZ, double);
  vtkGetMacro(SigmaZ, double);
  ///@}

  ///@{
  /// Fraction of the atoms that is detected.
  vtkSetMacro(Efficiency, double);
  vtkGetMacro(Efficiency, double);
  ///@}

  ///@{
  /// Ordered domains per nm^3.
  vtkSetMacro(DomainDensity, double);
  vtkGetMacro(DomainDensity, double);
  ///@}

  ///@{
  /// Smallest and largest diameter of the domains.
  vtkSetVector2Macro(Diameter, double);
  vtkGetVector2Macro(Diameter, double);
  ///@}

  ///@{
  /// Degree of order inside the domains, 0 to 1.
  vtkSetMacro(Order, double);
  vtkGetMacro(Order, double);
  ///@}

  ///@{
  /// Ions of H and of background per detected atom.
  vtkSetMacro(Hydrogen, double);
  vtkGetMacro(Hydrogen, double);
  vtkSetMacro(Background, double);
  vtkGetMacro(Background, double);
  ///@}

  ///@{
  /// Start of the random numbers.
  vtkSetMacro(Seed, int);
  vtkGetMacro(Seed, int);
  ///@}

protected:
  vtkSimulateAPT();
  ~vtkSimulateAPT() override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  int Shape;
  double Width[2];
  double Radius[2];
  double Height;
  double LatticeConstant;
  int Pole;
  double SigmaXY;
  double SigmaZ;
  double Efficiency;
  double DomainDensity;
  double Diameter[2];
  double Order;
  double Hydrogen;
  double Background;
  int Seed;
};

#endif

/**
 * @class vtkSimulateAPT
 * @brief synthetic atom probe specimen with known truth
 *
 * Each rank makes its own part of the depth; the parts together are the same ions for any number
 * of ranks. Output port 0: the ions; port 1: a table of the true domains, on rank 0. Lengths in nm.
 */
#ifndef vtkSimulateAPT_h
#define vtkSimulateAPT_h

#include "vtkAPTAlgorithm.h"

struct csro_configuration;
struct csro_recipe;
struct csro_specimen;
class vtkPolyData;
class vtkTable;

class APTCSROFILTERS_EXPORT vtkSimulateAPT : public vtkAPTAlgorithm {
public:
  static vtkSimulateAPT *New();
  vtkTypeMacro(vtkSimulateAPT, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  enum ShapeType { BOX, FRUSTUM };
  enum CrystalType { FCC, FEAL, RECIPE };
  enum PoleType { POLE_002, POLE_111 };
  enum AxisType { NONE, AXIS_X, AXIS_Y, AXIS_Z };
  enum SizesType { UNIFORM, FALLING };
  enum OrderKindType { PLANES, SUBLATTICE };

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
  /// FCC, FEAL (the recipe feal-002) or RECIPE (RecipeFile).
  vtkSetMacro(Crystal, int);
  vtkGetMacro(Crystal, int);
  ///@}

  ///@{
  /// Recipe file (.xml).
  vtkSetFilePathMacro(RecipeFile);
  vtkGetFilePathMacro(RecipeFile);
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
  /// Elements with their shares, as in "Co 45, Cr 45, Ni 10"; empty: equal shares of Co, Cr and
  /// Ni, or those of the recipe.
  vtkSetStringMacro(Composition);
  vtkGetStringMacro(Composition);
  ///@}

  ///@{
  /// Along which the fraction of one species changes: NONE, or AXIS_X, AXIS_Y (from the lowest to
  /// the highest), AXIS_Z (from the top down).
  vtkSetMacro(GradientAxis, int);
  vtkGetMacro(GradientAxis, int);
  ///@}

  ///@{
  /// The species of the gradient.
  vtkSetStringMacro(GradientSpecies);
  vtkGetStringMacro(GradientSpecies);
  ///@}

  ///@{
  /// Atomic fraction of that species at both ends.
  vtkSetVector2Macro(Gradient, double);
  vtkGetVector2Macro(Gradient, double);
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
  /// UNIFORM between the diameters, or FALLING: many small, few large.
  vtkSetMacro(Sizes, int);
  vtkGetMacro(Sizes, int);
  ///@}

  ///@{
  /// Degree of order inside the domains, 0 to 1.
  vtkSetMacro(Order, double);
  vtkGetMacro(Order, double);
  ///@}

  ///@{
  /// PLANES: the rich species takes every second plane; SUBLATTICE: one of the four simple cubic
  /// sublattices (strict L1_2).
  vtkSetMacro(OrderKind, int);
  vtkGetMacro(OrderKind, int);
  ///@}

  ///@{
  /// Rich species, or structures of the recipe, with their shares of the domains, as in "Ni 2, Cr
  /// 1".
  vtkSetStringMacro(OrderTypes);
  vtkGetStringMacro(OrderTypes);
  ///@}

  ///@{
  /// 1 - thickness / width of the domains; 0 balls.
  vtkSetMacro(Flattening, double);
  vtkGetMacro(Flattening, double);
  ///@}

  ///@{
  /// Of domains about their centres, across z.
  vtkSetMacro(Magnification, double);
  vtkGetMacro(Magnification, double);
  ///@}

  ///@{
  /// Standard deviations of the Gaussian position noise across and along z.
  vtkSetMacro(SigmaXY, double);
  vtkGetMacro(SigmaXY, double);
  vtkSetMacro(SigmaZ, double);
  vtkGetMacro(SigmaZ, double);
  ///@}

  ///@{
  /// Noise along z of some species, nm, as in "Ni 0.08".
  vtkSetStringMacro(SpeciesSigmaZ);
  vtkGetStringMacro(SpeciesSigmaZ);
  ///@}

  ///@{
  /// Angle of the planes' normal from z, about the centre of the specimen.
  vtkSetMacro(Tilt, double);
  vtkGetMacro(Tilt, double);
  ///@}

  ///@{
  /// Where it leans to, from x towards y.
  vtkSetMacro(TiltAzimuth, double);
  vtkGetMacro(TiltAzimuth, double);
  ///@}

  ///@{
  /// Radius of curvature of the planes: domes, negative bowls; 0 flat.
  vtkSetMacro(CurvatureRadius, double);
  vtkGetMacro(CurvatureRadius, double);
  ///@}

  ///@{
  /// Change of the plane spacing from top to bottom, percent.
  vtkSetMacro(SpacingDrift, double);
  vtkGetMacro(SpacingDrift, double);
  ///@}

  ///@{
  /// Whether there is a second grain beyond a plane.
  vtkSetMacro(SecondGrain, bool);
  vtkGetMacro(SecondGrain, bool);
  ///@}

  ///@{
  /// Angle between the poles of the grains.
  vtkSetMacro(Misorientation, double);
  vtkGetMacro(Misorientation, double);
  ///@}

  ///@{
  /// Where the second leans to, from x towards y.
  vtkSetMacro(MisorientationAzimuth, double);
  vtkGetMacro(MisorientationAzimuth, double);
  ///@}

  ///@{
  /// Normal of the boundary, of any length.
  vtkSetVector3Macro(BoundaryNormal, double);
  vtkGetVector3Macro(BoundaryNormal, double);
  ///@}

  ///@{
  /// Of the boundary from the centre of the specimen, along the normal.
  vtkSetMacro(BoundaryDistance, double);
  vtkGetMacro(BoundaryDistance, double);
  ///@}

  ///@{
  /// Fraction of the atoms that is detected.
  vtkSetMacro(Efficiency, double);
  vtkGetMacro(Efficiency, double);
  ///@}

  ///@{
  /// Along which it changes, as GradientAxis.
  vtkSetMacro(EfficiencyAxis, int);
  vtkGetMacro(EfficiencyAxis, int);
  ///@}

  ///@{
  /// Efficiency at the end of the axis.
  vtkSetMacro(EfficiencyTo, double);
  vtkGetMacro(EfficiencyTo, double);
  ///@}

  ///@{
  /// Efficiency of some species as a fraction of that of the specimen, as in "Ni 0.8".
  vtkSetStringMacro(SpeciesEfficiency);
  vtkGetStringMacro(SpeciesEfficiency);
  ///@}

  ///@{
  /// What a low-density pole takes from the efficiency at its axis.
  vtkSetMacro(PoleLoss, double);
  vtkGetMacro(PoleLoss, double);
  ///@}

  ///@{
  /// x and y of its axis.
  vtkSetVector2Macro(PolePosition, double);
  vtkGetVector2Macro(PolePosition, double);
  ///@}

  ///@{
  /// Its radius.
  vtkSetMacro(PoleRadius, double);
  vtkGetMacro(PoleRadius, double);
  ///@}

  ///@{
  /// Ions of H and of background per detected atom.
  vtkSetMacro(Hydrogen, double);
  vtkGetMacro(Hydrogen, double);
  vtkSetMacro(Background, double);
  vtkGetMacro(Background, double);
  ///@}

  ///@{
  /// Along which the background changes, as GradientAxis.
  vtkSetMacro(BackgroundAxis, int);
  vtkGetMacro(BackgroundAxis, int);
  ///@}

  ///@{
  /// Background at the end of the axis.
  vtkSetMacro(BackgroundTo, double);
  vtkGetMacro(BackgroundTo, double);
  ///@}

  ///@{
  /// Probability of losing an ion that hits near a recent one of its species.
  vtkSetMacro(PileUp, double);
  vtkGetMacro(PileUp, double);
  ///@}

  ///@{
  /// How near, across z.
  vtkSetMacro(PileUpDistance, double);
  vtkGetMacro(PileUpDistance, double);
  ///@}

  ///@{
  /// How many ions back.
  vtkSetMacro(PileUpReach, int);
  vtkGetMacro(PileUpReach, int);
  ///@}

  ///@{
  /// How many planes evaporate at once.
  vtkSetMacro(PileUpPlanes, int);
  vtkGetMacro(PileUpPlanes, int);
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

  /// Sets every number to that of the specimen.
  void TakeNumbers(const csro_specimen &specimen);

  /// Sets what the properties say; the recipe or the configuration, if there is one, must outlive
  /// it.
  void Describe(csro::Call &call, const csro_recipe *recipe,
                const csro_configuration *configuration, csro_specimen &specimen) const;

  /// Makes the ions with their truth, and the table of true domains where it is not null.
  /// Collective.
  void Simulate(csro::Call &call, const csro_specimen &specimen, vtkPolyData *output,
                vtkTable *table) const;

private:
  int Shape;
  double Width[2];
  double Radius[2];
  double Height;
  int Crystal = 0;
  char *RecipeFile = nullptr;
  double LatticeConstant;
  int Pole;
  char *Composition = nullptr;
  int GradientAxis = 0;
  char *GradientSpecies = nullptr;
  double Gradient[2] = {0.2, 0.45};
  double DomainDensity;
  double Diameter[2];
  int Sizes;
  double Order;
  int OrderKind = 0;
  char *OrderTypes = nullptr;
  double Flattening;
  double Magnification;
  double SigmaXY;
  double SigmaZ;
  char *SpeciesSigmaZ = nullptr;
  double Tilt;
  double TiltAzimuth;
  double CurvatureRadius;
  double SpacingDrift;
  bool SecondGrain;
  double Misorientation;
  double MisorientationAzimuth;
  double BoundaryNormal[3];
  double BoundaryDistance;
  double Efficiency;
  int EfficiencyAxis;
  double EfficiencyTo;
  char *SpeciesEfficiency = nullptr;
  double PoleLoss;
  double PolePosition[2];
  double PoleRadius;
  double Hydrogen;
  double Background;
  int BackgroundAxis;
  double BackgroundTo;
  double PileUp;
  double PileUpDistance;
  int PileUpReach;
  int PileUpPlanes;
  int Seed;
};

#endif

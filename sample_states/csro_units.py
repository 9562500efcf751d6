"""Units of the properties of sources and filters, as the panels of the window show them. Used by csro_report.py; needs
no ParaView."""

UNITS = {name: unit for unit, names in {
    "nm": "BallRadius BoundaryDistance Box BoxText CurvatureRadius Diameter DiameterEdges Edge Eps HalfRange Height "
          "LatticeConstant Margin PileUpDistance PlaneSpacing PolePosition PoleRadius Radius SigmaXY SigmaZ SpacingRange "
          "SpeciesSigmaZ Stride Width Window",
    "\u00b0": "LargestTilt Misorientation MisorientationAzimuth Tilt TiltAzimuth",
    "per nm\u00b3": "DomainDensity",
    "%": "SpacingDrift",
    "Da": "BinWidth UpperLimit",
    "ions": "MinSamples NeighbourhoodIons PileUpReach",
    "counts": "MinimumCounts",
    "bins": "ShiftRange",
    "0 to 8": "ScoreThreshold Threshold",
    "0 to 1": "Efficiency EfficiencyTo FalseTarget FDR Gradient Order PileUp PoleLoss TestFraction",
}.items() for name in names.split()}

#include "DisplayTable.h"

const csroDisplay *csroFindDisplay(const char *filter) {
  static const csroAxis sizes{"Size", "ions per domain", "domains"},
      shapes{"AspectRatio", "aspect ratio (Rg2 / Rg1)", "oblateness (Rg3 / Rg2)", "Oblateness"},
      roc{"FalsePositiveRate", "false positive rate", "true positive rate"};
  const auto depth = [](const char *left) {
    return csroAxis{"dz_nm", "depth difference (nm)", left};
  };
  static const csroDisplay rows[] = {
      {"MassSpectrum", {{"MassToCharge_Da", "mass-to-charge (Da)", "ions per bin"}}, {}, -1, true},
      {"SpectrumFit", {{"MassToCharge_Da", "mass-to-charge (Da)", "ions per bin"}}, {}, -1, true},
      {"Profile",
       {{"Position_nm", "position (nm)", "fraction"}},
       {"Ions", "Ranged", "Count_", "StandardError_", "Density", "Domain"}},
      {"ProximityHistogram",
       {{"Distance_nm", "distance from the surface (nm), inside below 0", "fraction"}},
       {"Ions", "Ranged", "Count_", "StandardError_"}},
      {"ComputeZSDM", {depth("pairs per voxel")}, {}, -1, false, true},
      {"ExplainCSRO", {depth("mean curve, mean activation (arbitrary units)")}, {}},
      {"PatternBank", {depth("pairs per pattern")}, {}},
      {"LatticeMonteCarlo",
       {{"Temperature_K", "temperature (K)", "heat capacity (k), order"}},
       {"StandardError_", "Energy_", "AutocorrelationTime_", "NearAccepted", "FarAccepted"}},
      {"ClusterDomains", {shapes, sizes}, {}, 0},
      {"CompareDomains", {sizes}, {"Copy ", "NullP"}},
      {"DetectOrder", {shapes, sizes}, {}, 1},
      {"ClusterSweep", {{"Distance_nm", "distance (nm)", "clusters"}}, {"CopiesP", "Beyond"}},
      {"MaximumSeparation",
       {{"Size", "solute ions per cluster", "clusters"}},
       {"Copy ", "NullP"},
       0},
      {"NearestNeighbours",
       {{"Distance_nm", "distance (nm)", "ions per nm"}},
       {"CopiesLow_", "CopiesHigh_", "CopiesMean_", "Random_"},
       -1,
       false,
       true},
      {"OrderParameters",
       {{"Distance_nm", "distance (nm)", "order parameter alpha"},
        {"NearestNeighbours", "nearest neighbours", "order parameter alpha"},
        {"Planes", "planes between", "order parameter alpha"}},
       {"Low_", "High_", "CopiesMean_"},
       -1,
       false,
       true},
      {"TrainClassifier",
       {{"Epoch", "epoch", "loss, accuracy"},
        roc,
        {"MeanProbability", "mean probability", "share of ordered patterns"}},
       {"Threshold", "Patterns", "_Fold"}},
      {"EvaluateDetection",
       {roc,
        {"MeanProbability", "mean probability", "share of voxels in true domains"},
        {"Reports", "domains reported", "false discovery rate, recall"}},
       {"Threshold", "FalseReports", "Voxels"}}};
  for (const csroDisplay &row : rows)
    if (std::string(row.Filter) == filter)
      return &row;
  return nullptr;
}

#include "DisplayTable.h"

const csroDisplay *csroFindDisplay(const char *filter) {
  static const csroDisplay rows[] = {{"MassSpectrum", {"MassToCharge_Da"}, {}, -1, true},
                                     {"ComputeZSDM", {"dz_nm"}, {}},
                                     {"ExplainCSRO", {"dz_nm"}, {}},
                                     {"PatternBank", {"dz_nm"}, {}},
                                     {"ClusterDomains", {"Size"}, {}, 0},
                                     {"CompareDomains", {"Size"}, {"Copy ", "NullP"}},
                                     {"DetectOrder", {"Size"}, {}, 1},
                                     {"TrainClassifier",
                                      {"Epoch", "FalsePositiveRate", "MeanProbability"},
                                      {"Threshold", "Patterns", "_Fold"}},
                                     {"EvaluateDetection",
                                      {"FalsePositiveRate", "MeanProbability", "Reports"},
                                      {"Threshold", "FalseReports", "Voxels"}}};
  for (const csroDisplay &row : rows)
    if (std::string(row.Filter) == filter)
      return &row;
  return nullptr;
}

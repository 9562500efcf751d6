// What each source and filter of ours asks of displays and charts: the one place where a new one is
// entered. Those that only make ions with species need no row.
#ifndef csroDisplayTable_h
#define csroDisplayTable_h

#include <string>
#include <vector>

struct csroDisplay {
  const char *Filter; // XML name
  // Columns for the horizontal axis of a chart (the first that its table has); others are series.
  std::vector<std::string> Axes;
  // Columns that are no series at first: thresholds, counts beside shares, and (as a part of the
  // name) the folds of a training beside their means.
  std::vector<std::string> Details;
  int DomainPort = -1; // the output with domain ions, -1 when there is none
  bool Spectrum = false;
};

// The row of a filter, NULL when it has none.
const csroDisplay *csroFindDisplay(const char *filter);

#endif

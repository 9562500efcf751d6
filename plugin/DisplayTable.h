// What each source and filter of ours asks of displays and charts: the one place where a new one is
// entered. Those that only make ions with species need no row.
#ifndef csroDisplayTable_h
#define csroDisplayTable_h

#include <string>
#include <utility>
#include <vector>

// A column for the horizontal axis of a chart, and the titles of both axes, with units.
struct csroAxis {
  std::string Column, Bottom, Left;
  std::string Only{}; // the one column that is shown, as points; empty: the others, as lines
  const char *Legend = nullptr;       // where it is; NULL: where ParaView has it
  std::string RightColumn{}, Right{}; // a column for the axis on the right, and its title
};

struct csroDisplay {
  const char *Filter; // XML name
  // The first of these that the table of a chart has; other columns are series.
  std::vector<csroAxis> Axes;
  // Columns that are no series at first: thresholds, counts beside shares, and (as a part of the
  // name) the folds of a training beside their means.
  std::vector<std::string> Details;
  int DomainPort = -1; // the output with domain ions, -1 when there is none
  bool Spectrum = false;
  // What the names of series begin with that are species, or pairs of them as A-B or A_B: these
  // have the colours of the range file. NULL: none are.
  const char *SpeciesSeries = nullptr;
  // Columns that begin so are points; the lines of the same species have their colours.
  std::string Points{};
  // Columns that begin so are no series at first where they stay below 0.2; all that are have
  // colours of their own.
  std::string Orders{};
  // What the legend calls series: whole names, or how they begin, and what stands there instead.
  std::vector<std::pair<std::string, std::string>> Names{};
};

// The row of a filter, NULL when it has none.
const csroDisplay *csroFindDisplay(const char *filter);

#endif

#include "DisplayDefaults.h"

#include "DataKinds.h"
#include "DisplayTable.h"
#include "DomainColors.h"
#include "SpecimenView.h"

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkDataObject.h>
#include <vtkDataSetAttributes.h>
#include <vtkNew.h>
#include <vtkPVArrayInformation.h>
#include <vtkPVDataInformation.h>
#include <vtkPVDataSetAttributesInformation.h>
#include <vtkPVRepresentedArrayListSettings.h>
#include <vtkPVSession.h>
#include <vtkSMPVRepresentationProxy.h>
#include <vtkSMProperty.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMProxyIterator.h>
#include <vtkSMProxyManager.h>
#include <vtkSMRepresentationProxy.h>
#include <vtkSMSession.h>
#include <vtkSMSessionProxyManager.h>
#include <vtkSMSourceProxy.h>
#include <vtkSMTransferFunctionManager.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace {
struct Color {
  double Red, Green, Blue;
};

struct Category {
  std::string Value, Label;
  Color Shown;
};

constexpr char NoiseLabel[] = "noise";
constexpr Color NoiseColor{0.55, 0.55, 0.55};
// Colours that colour-blind readers can tell apart, too (Okabe and Ito), without black.
constexpr Color DomainColors[] = {{0.90, 0.62, 0.00}, {0.00, 0.45, 0.70}, {0.80, 0.47, 0.65},
                                  {0.00, 0.62, 0.45}, {0.94, 0.89, 0.26}, {0.84, 0.37, 0.00},
                                  {0.34, 0.71, 0.91}};
constexpr int DomainColorCount = sizeof DomainColors / sizeof *DomainColors;
// Of these the ones that are seen as lines on white.
constexpr Color LineColors[] = {{0.00, 0.45, 0.70}, {0.84, 0.37, 0.00}, {0.00, 0.62, 0.45},
                                {0.80, 0.47, 0.65}, {0.90, 0.62, 0.00}, {0.34, 0.71, 0.91},
                                {0.42, 0.24, 0.60}, {0.55, 0.34, 0.16}, {0.35, 0.35, 0.35}};
constexpr int LineColorCount = sizeof LineColors / sizeof *LineColors;
constexpr int Dashed = 2;
constexpr int MostDomains = 20000;      // a colour map of more categories would take long to draw
constexpr double DomainIonRadius = 0.1; // nm
constexpr int DomainPointSize = 4;      // pixels
constexpr double IonPixels = 150000;    // of a whole specimen, that its ions cover together
constexpr int LargestIon = 5;           // pixels
constexpr Color AllIonsColor{0.2, 0.2, 0.2};
constexpr double Faint = 0.12;        // difference of unranged ions from the background
constexpr double ApartColors = 0.15;  // the least difference of red, green or blue
constexpr double LightestCurve = 0.6; // luminance
constexpr int MarkerSize = 9;         // pixels
constexpr double SlightOrder = 0.2;   // of 1
constexpr int BottomRight = 1;        // of the corners of a chart
constexpr char AllIons[] = "All ions";

vtkSMProxy *ColorMap(vtkSMSourceProxy *source, const char *array) {
  vtkNew<vtkSMTransferFunctionManager> manager;
  return manager->GetColorTransferFunction(array, source->GetSessionProxyManager());
}

std::vector<std::string> Labels(vtkSMProxy *map) {
  const vtkSMPropertyHelper annotations(map, "Annotations");
  std::vector<std::string> labels;
  for (unsigned int i = 1; i < annotations.GetNumberOfElements(); i += 2)
    labels.emplace_back(annotations.GetAsString(i));
  return labels;
}

void SetCategories(vtkSMProxy *map, const std::vector<Category> &categories) {
  vtkSMPropertyHelper annotations(map, "Annotations"), colors(map, "IndexedColors");
  annotations.SetNumberOfElements(2 * static_cast<unsigned int>(categories.size()));
  colors.SetNumberOfElements(3 * static_cast<unsigned int>(categories.size()));
  for (unsigned int i = 0; i < categories.size(); ++i) {
    const Category &category = categories[i];
    annotations.Set(2 * i, category.Value.c_str());
    annotations.Set(2 * i + 1, category.Label.c_str());
    colors.Set(3 * i, category.Shown.Red);
    colors.Set(3 * i + 1, category.Shown.Green);
    colors.Set(3 * i + 2, category.Shown.Blue);
  }
  vtkSMPropertyHelper(map, "IndexedLookup").Set(1);
  vtkSMPropertyHelper(map, "AnnotationsInitialized", true).Set(1);
  vtkSMPropertyHelper(map, "AutomaticRescaleRangeMode").Set(-1); // the categories stay
  map->UpdateVTKObjects();
}

bool HasSpecies(vtkSMSourceProxy *source) {
  return source->GetProperty("SpeciesNames") && source->GetProperty("SpeciesColors");
}

// The output with domain ions, -1 when there is none.
int DomainPort(vtkSMSourceProxy *source) {
  const csroDisplay *display = csroFindDisplay(source->GetXMLName());
  return display ? display->DomainPort : -1;
}

bool HasDomains(vtkSMSourceProxy *source) {
  return DomainPort(source) >= 0;
}

// How bright the background of the palette is.
double Backdrop(vtkSMSourceProxy *source) {
  vtkSMProxy *palette = source->GetSessionProxyManager()->GetProxy("settings", "ColorPalette");
  double color[3] = {0.34, 0.34, 0.34};
  if (palette && palette->GetProperty("BackgroundColor"))
    vtkSMPropertyHelper(palette, "BackgroundColor").Get(color, 3);
  return 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2];
}

// A grey, faint on the background, that no species has nearly. (Transparent ions would be as faint,
// but take four times as long to draw: all ions of a display are drawn as such.)
Color FindUnrangedColor(const std::vector<Category> &species, double backdrop) {
  Color best{};
  double farthest = -1;
  for (const double step : {1, -1, 2, -2, 3, -3, 4, -4}) {
    const double grey = backdrop + step * Faint;
    if (grey < 0 || grey > 1)
      continue;
    double nearest = 1;
    for (size_t i = 1; i < species.size(); ++i) {
      const Color &other = species[i].Shown;
      nearest =
          std::min(nearest, std::max({std::abs(other.Red - grey), std::abs(other.Green - grey),
                                      std::abs(other.Blue - grey)}));
    }
    if (nearest > farthest) {
      farthest = nearest;
      best = {grey, grey, grey};
    }
    if (nearest >= ApartColors)
      break;
  }
  return best;
}

// By label, in the colours of the range file, which has none for unranged ions (the first).
std::vector<Category> SpeciesOf(vtkSMSourceProxy *source) {
  source->UpdatePropertyInformation(source->GetProperty("SpeciesNames"));
  source->UpdatePropertyInformation(source->GetProperty("SpeciesColors"));
  const vtkSMPropertyHelper names(source, "SpeciesNames"), colors(source, "SpeciesColors");
  const unsigned int count = names.GetNumberOfElements();
  std::vector<Category> species;
  if (colors.GetNumberOfElements() != 3 * count)
    return species;
  for (unsigned int i = 0; i < count; ++i)
    species.push_back({std::to_string(i),
                       names.GetAsString(i),
                       {colors.GetAsDouble(3 * i), colors.GetAsDouble(3 * i + 1),
                        colors.GetAsDouble(3 * i + 2)}});
  if (count > 1)
    species[0].Shown = FindUnrangedColor(species, Backdrop(source));
  return species;
}

// The legend of Species names the species.
void ColorSpecies(vtkSMSourceProxy *source) {
  const std::vector<Category> species = SpeciesOf(source);
  if (species.empty())
    return;
  vtkSMProxy *map = ColorMap(source, "Species");
  const std::vector<std::string> shown = Labels(map);
  const auto same = [](const Category &category, const std::string &label) {
    return category.Label == label;
  };
  if (shown.size() < species.size() ||
      !std::equal(species.begin(), species.end(), shown.begin(), same))
    SetCategories(map, species);
}

// Tables of all domains in the pipeline, which share the colours.
std::vector<vtkTable *> TablesOfDomains(vtkSMSourceProxy *one) {
  std::vector<vtkTable *> tables;
  if (one->GetSession()->GetNumberOfProcesses(vtkPVSession::DATA_SERVER) > 1)
    return tables; // each process has its part
  vtkNew<vtkSMProxyIterator> each;
  each->SetSessionProxyManager(one->GetSessionProxyManager());
  for (each->Begin("sources"); !each->IsAtEnd(); each->Next()) {
    auto *source = vtkSMSourceProxy::SafeDownCast(each->GetProxy());
    vtkTable *table = source && HasDomains(source) ? csroTableOfDomains(source) : nullptr;
    if (table)
      tables.push_back(table);
  }
  return tables;
}

// Noise is grey, neighbouring domains have different colours. Data and copies share the map, so it
// only grows; what the user has changed stays until there are other domains.
void ColorDomains(vtkSMSourceProxy *source) {
  static const char key[] = "csro_domains";
  vtkPVArrayInformation *ids = source->GetDataInformation(DomainPort(source))
                                   ->GetArrayInformation("DomainId", vtkDataObject::POINT);
  vtkSMProxy *map = ColorMap(source, "DomainId");
  const int count = std::max(static_cast<int>(ids ? ids->GetComponentRange(0)[1] : -1) + 1,
                             static_cast<int>(Labels(map).size()) - 1);
  if (count > MostDomains)
    return;
  const std::vector<vtkTable *> tables = TablesOfDomains(source);
  const std::string now = std::to_string(count) + ":" + csroDescribeDomains(tables);
  if (map->HasAnnotation(key) && map->GetAnnotation(key) == now)
    return;
  map->SetAnnotation(key, now.c_str());
  const std::vector<int> colors = csroColorDomains(tables, count, DomainColorCount);
  std::vector<Category> domains{{"-1", NoiseLabel, NoiseColor}};
  for (int id = 0; id < count; ++id)
    domains.push_back({std::to_string(id), "", DomainColors[colors[static_cast<size_t>(id)]]});
  SetCategories(map, domains);
}

void ColorOutput(vtkSMSourceProxy *source) {
  if (HasSpecies(source))
    ColorSpecies(source);
  else if (HasDomains(source))
    ColorDomains(source);
}

bool HasSpectrum(vtkSMSourceProxy *source) {
  const csroDisplay *display = csroFindDisplay(source->GetXMLName());
  return display && display->Spectrum;
}

// The species of a spectrum have the colours of the range file; those without ions are not drawn.
// Other ranges bring other species; else what the user has changed stays.
void ShowSpecies(vtkSMProxy *chart, vtkSMSourceProxy *source) {
  static const char key[] = "csro_species";
  const std::vector<Category> species = SpeciesOf(source);
  std::string names;
  for (const Category &each : species)
    names += each.Label + '\n';
  if (chart->HasAnnotation(key) && chart->GetAnnotation(key) == names)
    return;
  chart->SetAnnotation(key, names.c_str());
  vtkSMPropertyHelper colors(chart, "SeriesColor"), visible(chart, "SeriesVisibility");
  const auto paint = [&](const char *series, const Color &color) {
    double values[3] = {color.Red, color.Green, color.Blue};
    colors.SetStatus(series, values, 3);
  };
  paint(AllIons, AllIonsColor);
  for (const Category &each : species) {
    vtkPVArrayInformation *counts =
        source->GetDataInformation(0)->GetArrayInformation(each.Label.c_str(), vtkDataObject::ROW);
    if (!counts)
      continue;
    paint(each.Label.c_str(), each.Shown);
    visible.SetStatus(each.Label.c_str(), counts->GetComponentRange(0)[1] > 0 ? 1 : 0);
  }
  chart->UpdateVTKObjects();
}

void HideDetails(vtkSMProxy *chart, vtkSMSourceProxy *source, int port,
                 const csroDisplay &display) {
  vtkPVDataSetAttributesInformation *columns =
      source->GetDataInformation(port)->GetAttributeInformation(vtkDataObject::ROW);
  vtkSMPropertyHelper visible(chart, "SeriesVisibility");
  for (int i = 0; i < columns->GetNumberOfArrays(); ++i) {
    const std::string column = columns->GetArrayInformation(i)->GetName();
    for (const std::string &detail : display.Details)
      if (column.find(detail) != std::string::npos)
        visible.SetStatus(column.c_str(), 0);
  }
}

// What a display or a filter has as its input.
vtkSMSourceProxy *SourceOf(vtkSMProxy *user) {
  if (!user || !user->GetProperty("Input"))
    return nullptr;
  const vtkSMPropertyHelper input(user, "Input", true);
  return input.GetNumberOfElements() > 0 ? vtkSMSourceProxy::SafeDownCast(input.GetAsProxy())
                                         : nullptr;
}

// The mean of two colours of the range file, dark enough for a white chart.
Color MixForChart(const Color &a, const Color &b) {
  Color mean{(a.Red + b.Red) / 2, (a.Green + b.Green) / 2, (a.Blue + b.Blue) / 2};
  const double light = 0.3 * mean.Red + 0.59 * mean.Green + 0.11 * mean.Blue;
  const double darker = std::min(1.0, LightestCurve / std::max(light, LightestCurve));
  return {mean.Red * darker, mean.Green * darker, mean.Blue * darker};
}

// Series of species and of pairs of them have their colours and names.
void PaintSpecies(vtkSMProxy *chart, vtkSMSourceProxy *source, int port,
                  const std::string &beginning, const std::string &addition = {}) {
  const csroOutput ions = csroFindKind({source, static_cast<unsigned int>(port)}, "ions");
  vtkSMSourceProxy *ranged = ions.Source;
  while (ranged && !HasSpecies(ranged))
    ranged = SourceOf(ranged);
  if (!ranged)
    return;
  const std::vector<Category> species = SpeciesOf(ranged);
  vtkPVDataSetAttributesInformation *columns =
      source->GetDataInformation(port)->GetAttributeInformation(vtkDataObject::ROW);
  vtkSMPropertyHelper colors(chart, "SeriesColor"), labels(chart, "SeriesLabel");
  const auto paint = [&](const std::string &rest, const std::string &label, const Color &color) {
    const std::string series = beginning + rest;
    if (!columns->GetArrayInformation(series.c_str()))
      return;
    double values[3] = {color.Red, color.Green, color.Blue};
    colors.SetStatus(series.c_str(), values, 3);
    labels.SetStatus(series.c_str(), (label + addition).c_str());
  };
  for (const Category &a : species) {
    paint(a.Label, a.Label, MixForChart(a.Shown, a.Shown));
    for (const Category &b : species)
      for (const char *between : {"-", "_"})
        paint(a.Label + between + b.Label, a.Label + "-" + b.Label, MixForChart(a.Shown, b.Shown));
  }
}

const csroAxis *AxisOf(vtkSMSourceProxy *source, int port) {
  const csroDisplay *display = csroFindDisplay(source->GetXMLName());
  for (size_t i = 0; display && i < display->Axes.size(); ++i)
    if (source->GetDataInformation(port)->GetArrayInformation(display->Axes[i].Column.c_str(),
                                                              vtkDataObject::ROW))
      return &display->Axes[i];
  return nullptr;
}

// One column as points, no other.
void ShowPoints(vtkSMProxy *chart, vtkSMSourceProxy *source, int port, const std::string &only) {
  vtkPVDataSetAttributesInformation *columns =
      source->GetDataInformation(port)->GetAttributeInformation(vtkDataObject::ROW);
  vtkSMPropertyHelper visible(chart, "SeriesVisibility");
  for (int i = 0; i < columns->GetNumberOfArrays(); ++i)
    visible.SetStatus(columns->GetArrayInformation(i)->GetName(),
                      columns->GetArrayInformation(i)->GetName() == only ? 1 : 0);
  vtkSMPropertyHelper(chart, "SeriesLineStyle", true).SetStatus(only.c_str(), 0);
  vtkSMPropertyHelper(chart, "SeriesMarkerStyle", true).SetStatus(only.c_str(), 4); // circles
  vtkSMPropertyHelper(chart, "SeriesMarkerSize", true).SetStatus(only.c_str(), MarkerSize);
  double blue[3] = {0, 0.45, 0.7};
  vtkSMPropertyHelper(chart, "SeriesColor").SetStatus(only.c_str(), blue, 3);
  vtkSMPropertyHelper(chart, "SeriesLabel").SetStatus(only.c_str(), "domains");
}

// The columns of observed numbers as points, in the colours of what they are compared with.
void ShowObserved(vtkSMProxy *chart, vtkSMSourceProxy *source, int port,
                  const std::string &observed) {
  vtkPVDataSetAttributesInformation *columns =
      source->GetDataInformation(port)->GetAttributeInformation(vtkDataObject::ROW);
  const auto name = [&](int i) { return std::string(columns->GetArrayInformation(i)->GetName()); };
  vtkSMPropertyHelper colors(chart, "SeriesColor"), lines(chart, "SeriesLineStyle"),
      markers(chart, "SeriesMarkerStyle"), sizes(chart, "SeriesMarkerSize", true);
  int shown = 0;
  for (int i = 0; i < columns->GetNumberOfArrays(); ++i) {
    if (name(i).compare(0, observed.size(), observed) != 0)
      continue;
    const std::string species = name(i).substr(observed.size());
    const Color &color = DomainColors[shown++ % DomainColorCount];
    double values[3] = {color.Red, color.Green, color.Blue};
    for (int k = 0; k < columns->GetNumberOfArrays(); ++k)
      if (name(k).substr(name(k).find('_') + 1) == species)
        colors.SetStatus(name(k).c_str(), values, 3);
    lines.SetStatus(name(i).c_str(), 0);
    markers.SetStatus(name(i).c_str(), 4); // circles
    sizes.SetStatus(name(i).c_str(), MarkerSize);
  }
}

// Of a series as the legend has it.
std::string NameOf(const std::string &series, const csroDisplay &display) {
  for (const auto &[beginning, instead] : display.Names)
    if (series.compare(0, beginning.size(), beginning) == 0)
      return instead + series.substr(beginning.size());
  return series;
}

// Structures that there is order of at some temperature, each line in a colour of its own.
void ShowOrders(vtkSMProxy *chart, vtkSMSourceProxy *source, int port, const csroAxis &axis,
                const csroDisplay &display) {
  vtkPVDataSetAttributesInformation *columns =
      source->GetDataInformation(port)->GetAttributeInformation(vtkDataObject::ROW);
  vtkSMPropertyHelper visible(chart, "SeriesVisibility"), colors(chart, "SeriesColor");
  int shown = 0;
  for (int i = 0; i < columns->GetNumberOfArrays(); ++i) {
    vtkPVArrayInformation *column = columns->GetArrayInformation(i);
    const std::string name = column->GetName();
    const auto begins = [&](const std::string &text) {
      return name.compare(0, text.size(), text) == 0;
    };
    if (begins(display.Orders) && column->GetComponentRange(0)[1] < SlightOrder)
      visible.SetStatus(name.c_str(), 0);
    else if (name != axis.Column &&
             std::none_of(display.Details.begin(), display.Details.end(), begins)) {
      const bool is_right = name == axis.RightColumn;
      const Color &color = is_right ? AllIonsColor : LineColors[shown++ % LineColorCount];
      double values[3] = {color.Red, color.Green, color.Blue};
      colors.SetStatus(name.c_str(), values, 3);
      const std::string label = is_right ? axis.Right + ", right" : NameOf(name, display);
      vtkSMPropertyHelper(chart, "SeriesLabel").SetStatus(name.c_str(), label.c_str());
    }
  }
}

// Series that stand for no species: each in a colour of its own, the copies of one dashed.
void ShowLines(vtkSMProxy *chart, vtkSMSourceProxy *source, int port, const csroAxis &axis,
               const csroDisplay &display) {
  static const std::string copies = "CopiesMean of ";
  vtkPVDataSetAttributesInformation *columns =
      source->GetDataInformation(port)->GetAttributeInformation(vtkDataObject::ROW);
  vtkSMPropertyHelper colors(chart, "SeriesColor"), labels(chart, "SeriesLabel"),
      lines(chart, "SeriesLineStyle", true);
  int shown = 0;
  std::vector<std::pair<std::string, int>> places;
  for (int i = 0; i < columns->GetNumberOfArrays(); ++i) {
    const std::string name = columns->GetArrayInformation(i)->GetName();
    const auto is_part = [&](const std::string &detail) {
      return name.find(detail) != std::string::npos;
    };
    if (name == axis.Column || std::any_of(display.Details.begin(), display.Details.end(), is_part))
      continue;
    labels.SetStatus(name.c_str(), NameOf(name, display).c_str());
    const bool is_copy = name.compare(0, copies.size(), copies) == 0;
    const std::string of = is_copy ? "Clusters of " + name.substr(copies.size()) : name;
    const auto same = std::find_if(places.begin(), places.end(),
                                   [&](const auto &place) { return place.first == of; });
    const int place = same == places.end() ? shown++ : same->second;
    if (same == places.end())
      places.emplace_back(of, place);
    const Color &color = LineColors[place % LineColorCount];
    double values[3] = {color.Red, color.Green, color.Blue};
    colors.SetStatus(name.c_str(), values, 3);
    if (is_copy)
      lines.SetStatus(name.c_str(), Dashed);
  }
}

// What species are compared with has their colours, too.
void PaintCompared(vtkSMProxy *chart, vtkSMSourceProxy *source, int port) {
  for (const auto &[beginning, addition] : {std::pair{"Observed_", ", observed"},
                                            {"Binomial_", ", binomial"},
                                            {"Expected_", ", expected"}})
    PaintSpecies(chart, source, port, beginning, addition);
}

// Charts start with our column for the horizontal axis; other columns are series.
void ShowColumns(vtkSMProxy *chart, vtkSMSourceProxy *source, int port) {
  const csroAxis *axis = AxisOf(source, port);
  if (!axis)
    return;
  const csroDisplay *display = csroFindDisplay(source->GetXMLName());
  vtkSMPropertyHelper(chart, "XArrayName").Set(axis->Column.c_str());
  const int is_text = // names, which stand at the places of their rows
      source->GetDataInformation(port)
          ->GetArrayInformation(axis->Column.c_str(), vtkDataObject::ROW)
          ->GetDataType() == VTK_STRING;
  vtkSMPropertyHelper(chart, "UseIndexForXAxis").Set(is_text);
  vtkSMPropertyHelper(chart, "SeriesVisibility").SetStatus(axis->Column.c_str(), 0);
  HideDetails(chart, source, port, *display);
  if (!axis->RightColumn.empty())
    vtkSMPropertyHelper(chart, "SeriesPlotCorner")
        .SetStatus(axis->RightColumn.c_str(), BottomRight);
  if (!axis->Only.empty())
    ShowPoints(chart, source, port, axis->Only);
  if (!display->Points.empty())
    ShowObserved(chart, source, port, display->Points);
  if (!display->Orders.empty())
    ShowOrders(chart, source, port, *axis, *display);
  if (!display->SpeciesSeries && !display->Spectrum && axis->Only.empty() &&
      display->Points.empty() && display->Orders.empty())
    ShowLines(chart, source, port, *axis, *display);
  double red[3] = {0.8, 0.15, 0.15};
  for (const char *sizes : {"Domains", "Data"})
    vtkSMPropertyHelper(chart, "SeriesColor").SetStatus(sizes, red, 3);
  if (display->SpeciesSeries)
    PaintSpecies(chart, source, port, display->SpeciesSeries);
  PaintCompared(chart, source, port);
  chart->UpdateVTKObjects();
  if (display->Spectrum)
    ShowSpecies(chart, source);
}

bool IsOurs(vtkSMSourceProxy *source) {
  return HasSpecies(source) || csroFindDisplay(source->GetXMLName());
}

vtkCallbackCommand *DataObserver();

// ParaView 5.11 loses the spheres of some ranks where several draw one picture; points it keeps.
void DrawPlainly(vtkSMProxy *display) {
  if (display->GetSession()->GetNumberOfProcesses(vtkPVSession::RENDER_SERVER) < 2)
    return;
  vtkSMPropertyHelper(display, "PointSize").Set(DomainPointSize);
  vtkSMRepresentationProxy::SetRepresentationType(display, "Points");
  display->UpdateVTKObjects();
}

// Few ions are large, many so small that planes of them can be seen.
void SetIonSize(vtkSMProxy *display, vtkSMSourceProxy *source) {
  const auto ions = static_cast<double>(source->GetDataInformation(0)->GetNumberOfPoints());
  const double size = std::round(std::sqrt(IonPixels / std::max(ions, 1.0)));
  vtkSMPropertyHelper(display, "PointSize").Set(std::max(1.0, std::min(size, double{LargestIon})));
  display->UpdateVTKObjects();
}

// A map by what it is of, not by the error that comes before it in the alphabet.
void ColorByShown(vtkSMProxy *display, vtkSMSourceProxy *source) {
  vtkPVArrayInformation *shown =
      source->GetDataInformation(0)->GetPointDataInformation()->GetAttributeInformation(
          vtkDataSetAttributes::SCALARS);
  auto *map = vtkSMPVRepresentationProxy::SafeDownCast(display);
  if (shown && map)
    map->SetScalarColoring(shown->GetName(), vtkDataObject::POINT);
}

// A map in three dimensions by the slice through its middle that is seen from the side.
void ShowMiddle(vtkSMProxy *display, vtkSMSourceProxy *source) {
  enum { AcrossY = 7 }; // VTK_XZ_PLANE
  int extent[6];
  source->GetDataInformation(0)->GetExtent(extent);
  const bool is_flat = extent[0] == extent[1] || extent[2] == extent[3] || extent[4] == extent[5];
  if (is_flat || !display->GetProperty("SliceMode"))
    return;
  vtkSMPropertyHelper(display, "SliceMode").Set(AcrossY);
  vtkSMPropertyHelper(display, "Slice").Set((extent[2] + extent[3]) / 2);
  display->UpdateVTKObjects();
}

void FollowData(vtkSMProxy *proxy) {
  auto *source = vtkSMSourceProxy::SafeDownCast(proxy);
  if (source && csroIsOurs(source) && HasDomains(source) &&
      !source->HasObserver(vtkCommand::UpdateDataEvent, DataObserver()))
    source->AddObserver(vtkCommand::UpdateDataEvent, DataObserver());
}

void OnDisplay(vtkSMProxy *display) {
  vtkSMSourceProxy *source = SourceOf(display);
  if (!source || !csroIsOurs(source))
    return;
  const int port = static_cast<int>(vtkSMPropertyHelper(display, "Input").GetOutputPort());
  const bool domains = port == DomainPort(source);
  const bool follows = domains || (port == 0 && HasSpecies(source));
  if (follows && !source->HasObserver(vtkCommand::UpdateDataEvent, DataObserver()))
    source->AddObserver(vtkCommand::UpdateDataEvent, DataObserver());
  if (display->GetProperty("XArrayName")) {
    ShowColumns(display, source, port);
    return;
  }
  if (follows)
    ColorOutput(source);
  if (std::strcmp(source->GetXMLName(), "DensityMaps") == 0) {
    ColorByShown(display, source);
    ShowMiddle(display, source);
  }
  if (follows && !domains && display->GetProperty("PointSize"))
    SetIonSize(display, source);
  if (domains && display->GetProperty("GaussianRadius")) {
    vtkSMPropertyHelper(display, "GaussianRadius").Set(DomainIonRadius);
    vtkSMPropertyHelper(display, "ShaderPreset", true).Set("Sphere");
    display->UpdateVTKObjects();
    DrawPlainly(display);
  }
}

// The only display of a chart, NULL when there are none or several.
vtkSMProxy *OnlyDisplay(vtkSMProxy *view) {
  const vtkSMPropertyHelper displays(view, "Representations");
  return displays.GetNumberOfElements() == 1 ? displays.GetAsProxy() : nullptr;
}

// Its source, when it is a spectrum.
vtkSMSourceProxy *SpectrumOf(vtkSMProxy *view) {
  vtkSMSourceProxy *source = SourceOf(OnlyDisplay(view));
  return source && HasSpectrum(source) ? source : nullptr;
}

// A chart that has no titles yet gets those of its first display.
void SetTitles(vtkSMProxy *view) {
  vtkSMProxy *display = OnlyDisplay(view);
  vtkSMSourceProxy *source = SourceOf(display);
  const csroAxis *axis =
      source
          ? AxisOf(source, static_cast<int>(vtkSMPropertyHelper(display, "Input").GetOutputPort()))
          : nullptr;
  vtkSMPropertyHelper bottom(view, "BottomAxisTitle"), left(view, "LeftAxisTitle");
  if (!axis || *bottom.GetAsString() || *left.GetAsString())
    return;
  if (axis->Legend)
    vtkSMPropertyHelper(view, "LegendLocation", true).Set(axis->Legend);
  bottom.Set(axis->Bottom.c_str());
  left.Set(axis->Left.c_str());
  if (!axis->Right.empty())
    vtkSMPropertyHelper(view, "RightAxisTitle").Set(axis->Right.c_str());
  view->UpdateVTKObjects();
}

// From below a single ion to above the highest peak: empty bins, which have no logarithm, keep a
// chart from finding its range itself.
void FitCounts(vtkSMProxy *view, vtkSMSourceProxy *source) {
  vtkPVArrayInformation *counts =
      source->GetDataInformation(0)->GetArrayInformation(AllIons, vtkDataObject::ROW);
  const double most = counts ? counts->GetComponentRange(0)[1] : 0;
  vtkSMPropertyHelper(view, "LeftAxisUseCustomRange").Set(1);
  vtkSMPropertyHelper(view, "LeftAxisRangeMinimum").Set(0.5);
  vtkSMPropertyHelper(view, "LeftAxisRangeMaximum")
      .Set(std::pow(10, std::ceil(std::log10(1.5 * std::max(most, 1.0)))));
  view->UpdateVTKObjects();
}

// A chart gets its titles, and one that is made for a spectrum a logarithmic axis of counts. Apply
// and Reset let go of the range of a chart: it is set again, for the logarithm of empty bins.
void OnViewChange(vtkObject *caller, unsigned long, void *, void *property) {
  auto *view = vtkSMProxy::SafeDownCast(caller);
  const char *changed = static_cast<const char *>(property);
  const bool isFree = std::strcmp(changed, "LeftAxisUseCustomRange") == 0;
  if (!view || (!isFree && std::strcmp(changed, "Representations") != 0))
    return;
  if (!isFree)
    SetTitles(view);
  vtkSMSourceProxy *source = SpectrumOf(view);
  if (!source)
    return;
  if (isFree) {
    if (!vtkSMPropertyHelper(view, changed).GetAsInt() &&
        vtkSMPropertyHelper(view, "LeftAxisLogScale").GetAsInt())
      FitCounts(view, source);
    return;
  }
  vtkSMPropertyHelper(view, "LeftAxisLogScale").Set(1);
  FitCounts(view, source);
}

// The spectrum has changed, and so may have the species and the highest peak.
void UpdateSpectrum(vtkSMSourceProxy *source) {
  vtkSMSessionProxyManager *manager = source->GetSessionProxyManager();
  vtkNew<vtkSMProxyIterator> each;
  each->SetSessionProxyManager(manager);
  for (each->Begin("representations"); !each->IsAtEnd(); each->Next())
    if (SourceOf(each->GetProxy()) == source && each->GetProxy()->GetProperty("XArrayName"))
      ShowSpecies(each->GetProxy(), source);
  for (each->Begin("views"); !each->IsAtEnd(); each->Next()) {
    vtkSMProxy *view = each->GetProxy();
    if (view->GetProperty("LeftAxisLogScale") && SpectrumOf(view) == source &&
        vtkSMPropertyHelper(view, "LeftAxisLogScale").GetAsInt())
      FitCounts(view, source);
  }
}

vtkCallbackCommand *ViewObserver() {
  static const vtkNew<vtkCallbackCommand> command;
  command->SetCallback(OnViewChange);
  return command;
}

void OnView(vtkSMProxy *view) {
  if (view->GetProperty("LeftAxisLogScale"))
    view->AddObserver(vtkCommand::PropertyModifiedEvent, ViewObserver());
}

bool IsOfDomains(vtkSMProxy *bar) {
  const vtkSMPropertyHelper map(bar, "LookupTable", true);
  const std::vector<std::string> labels =
      map.GetNumberOfElements() > 0 ? Labels(map.GetAsProxy()) : std::vector<std::string>{};
  return !labels.empty() && labels.front() == NoiseLabel;
}

// The labels of domains are empty: no lines to them beside the colour bar. Ends of other ranges
// have as many digits as what is between them.
void OnColorBar(vtkSMProxy *bar) {
  if (IsOfDomains(bar))
    vtkSMPropertyHelper(bar, "DrawAnnotations", true).Set(0);
  vtkSMPropertyHelper(bar, "RangeLabelFormat", true).Set("%-.4g");
  bar->UpdateVTKObjects();
}

void OnData(vtkObject *source, unsigned long, void *, void *) {
  auto *proxy = vtkSMSourceProxy::SafeDownCast(source);
  if (proxy && HasSpectrum(proxy))
    UpdateSpectrum(proxy);
  else if (proxy)
    ColorOutput(proxy);
}

void OnRegister(vtkObject *caller, unsigned long, void *, void *data) {
  using Information = vtkSMProxyManager::RegisteredProxyInformation;
  const auto *information = static_cast<Information *>(data);
  auto *manager = vtkSMSessionProxyManager::SafeDownCast(caller);
  if (!manager || information->Type != Information::PROXY || !information->Proxy)
    return;
  const bool is_view = std::strcmp(information->GroupName, "views") == 0;
  if (is_view && information->Proxy->GetProperty("AxesGrid"))
    csroFollowView(information->Proxy);
  if (manager->GetInLoadXMLState()) {
    FollowData(information->Proxy); // displays are as saved, but other settings bring other domains
    return;
  }
  if (is_view)
    OnView(information->Proxy);
  else if (std::strcmp(information->GroupName, "representations") == 0)
    OnDisplay(information->Proxy);
  else if (std::strcmp(information->GroupName, "scalar_bars") == 0)
    OnColorBar(information->Proxy);
}

// What is said of whole outputs (field arrays) is nothing to colour by.
void HideFieldArrays() {
  static const char names[] =
      "^(CSRO_.*|Species(Colors|Compositions|Counts|Names)|Lattice(Coherence|Spacing_nm|Tilt_deg)"
      "|zSDM_(BinCenters|Bins|Pairs|Partners)|Voxels(Defined|Overflowed)_.*|VoxelsWithIons"
      "|AnalysedVolume_nm3|PlantedVolume_nm3|Score(Classes|Pairs|Threshold)|PixelsSelected"
      "|Order(Found|P|Species|Verdict)|DomainDensity_nm3|SmallestDetectable_nm|SigmaXY_nm"
      "|Pole(Matrix|Spacing_nm)|(Ions|Ranges)Report)$";
  vtkPVRepresentedArrayListSettings *hidden = vtkPVRepresentedArrayListSettings::GetInstance();
  const int count = hidden->GetNumberOfFilterExpressions();
  for (int i = 0; i < count; ++i)
    if (std::strcmp(hidden->GetFilterExpression(i), names) == 0)
      return;
  hidden->SetNumberOfFilterExpressions(count + 1);
  hidden->SetFilterExpression(count, names);
}

vtkCallbackCommand *DataObserver() {
  static const vtkNew<vtkCallbackCommand> command;
  command->SetCallback(OnData);
  return command;
}

vtkCallbackCommand *RegisterObserver() {
  static const vtkNew<vtkCallbackCommand> command;
  command->SetCallback(OnRegister);
  return command;
}

void FollowSession(vtkObject *, unsigned long, void *, void *) {
  vtkSMSessionProxyManager *session =
      vtkSMProxyManager::GetProxyManager()->GetActiveSessionProxyManager();
  if (session && !session->HasObserver(vtkCommand::RegisterEvent, RegisterObserver()))
    session->AddObserver(vtkCommand::RegisterEvent, RegisterObserver());
}
} // namespace

void csroSetDisplayDefaults() {
  HideFieldArrays();
  static const vtkNew<vtkCallbackCommand> command;
  command->SetCallback(FollowSession);
  vtkSMProxyManager *manager = vtkSMProxyManager::GetProxyManager();
  if (!manager->HasObserver(vtkSMProxyManager::ActiveSessionChanged, command))
    manager->AddObserver(vtkSMProxyManager::ActiveSessionChanged, command);
  FollowSession(nullptr, 0, nullptr, nullptr);
}

void csroHideColorsOfDomains() {
  vtkSMSessionProxyManager *manager =
      vtkSMProxyManager::GetProxyManager()->GetActiveSessionProxyManager();
  if (!manager)
    return;
  vtkNew<vtkSMProxyIterator> each;
  each->SetSessionProxyManager(manager);
  for (each->Begin("scalar_bars"); !each->IsAtEnd(); each->Next()) {
    vtkSMProxy *bar = each->GetProxy();
    if (!IsOfDomains(bar))
      continue;
    vtkSMPropertyHelper(bar, "Visibility").Set(0);
    bar->UpdateVTKObjects();
  }
}

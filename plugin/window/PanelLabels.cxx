#include "PanelLabels.h"

#include "DataKinds.h"

#include <pqPropertiesPanel.h>
#include <pqProxyWidget.h>

#include <vtkSMProperty.h>
#include <vtkSMPropertyIterator.h>
#include <vtkSMProxy.h>
#include <vtkSmartPointer.h>

#include <QLabel>
#include <QMap>
#include <QString>

namespace {
const QMap<QString, QString> &Units() {
  static const QMap<QString, QString> units = [] {
    QMap<QString, QString> every;
    const auto add = [&every](const char *unit, std::initializer_list<const char *> names) {
      for (const char *name : names)
        every[name] = QString::fromUtf8(unit);
    };
    add("nm", {"BallRadius",
               "BoundaryDistance",
               "Box",
               "BoxText",
               "CurvatureRadius",
               "Diameter",
               "DiameterEdges",
               "Edge",
               "Eps",
               "HalfRange",
               "Height",
               "LatticeConstant",
               "Margin",
               "PileUpDistance",
               "PlaneSpacing",
               "PolePosition",
               "PoleRadius",
               "Radius",
               "SigmaXY",
               "SigmaZ",
               "SpacingRange",
               "SpeciesSigmaZ",
               "Stride",
               "Width",
               "Window"});
    add("°", {"LargestTilt", "Misorientation", "MisorientationAzimuth", "Tilt", "TiltAzimuth"});
    add("per nm³", {"DomainDensity"});
    add("%", {"SpacingDrift"});
    add("Da", {"BinWidth", "UpperLimit"});
    add("ions", {"MinSamples", "NeighbourhoodIons", "PileUpReach"});
    add("counts", {"MinimumCounts"});
    add("bins", {"ShiftRange"});
    add("0 to 8", {"ScoreThreshold", "Threshold"});
    add("0 to 1", {"Efficiency", "EfficiencyTo", "FalseTarget", "FDR", "Gradient", "Order",
                   "PileUp", "PoleLoss", "TestFraction"});
    return every;
  }();
  return units;
}

void AddUnits(pqProxyWidget *widget) {
  const auto labels = widget->findChildren<QLabel *>();
  const auto each =
      vtkSmartPointer<vtkSMPropertyIterator>::Take(widget->proxy()->NewPropertyIterator());
  for (each->Begin(); !each->IsAtEnd(); each->Next()) {
    const QString unit = Units().value(each->GetKey());
    const QString name = each->GetProperty()->GetXMLLabel();
    for (QLabel *label : labels)
      if (!unit.isEmpty() && label->text() == "<p>" + name + "</p>")
        label->setText(QString("<p>%1 (%2)</p>").arg(name == "F DR" ? "FDR" : name, unit));
  }
}
} // namespace

void csroLabelPanel(pqPropertiesPanel *panel) {
  for (pqProxyWidget *widget : panel->findChildren<pqProxyWidget *>())
    if (csroIsOurs(widget->proxy()))
      AddUnits(widget);
}

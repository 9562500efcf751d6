#include "PanelLabels.h"

#include "DataKinds.h"

#include <pqPropertiesPanel.h>
#include <pqProxyWidget.h>

#include <vtkPVXMLElement.h>
#include <vtkSMProperty.h>
#include <vtkSMPropertyIterator.h>
#include <vtkSMProxy.h>
#include <vtkSmartPointer.h>

#include <QComboBox>
#include <QLabel>
#include <QString>

namespace {
// The hint Unit of a property.
QString UnitOf(vtkSMProperty *property) {
  vtkPVXMLElement *hints = property->GetHints();
  vtkPVXMLElement *unit = hints ? hints->FindNestedElementByName("Unit") : nullptr;
  return unit ? QString::fromUtf8(unit->GetAttributeOrEmpty("name")) : QString();
}

void AddUnits(pqProxyWidget *widget) {
  const auto labels = widget->findChildren<QLabel *>();
  const auto each =
      vtkSmartPointer<vtkSMPropertyIterator>::Take(widget->proxy()->NewPropertyIterator());
  for (each->Begin(); !each->IsAtEnd(); each->Next()) {
    const QString unit = UnitOf(each->GetProperty());
    const QString name = each->GetProperty()->GetXMLLabel();
    for (QLabel *label : labels)
      if (!unit.isEmpty() && label->text() == "<p>" + name + "</p>")
        label->setText(QString("<p>%1 (%2)</p>").arg(name == "F DR" ? "FDR" : name, unit));
  }
}

// A long entry does not push the rest of the panel out of it; the list shows it whole.
void NarrowLists(pqProxyWidget *widget) {
  constexpr int least = 12;
  for (QComboBox *list : widget->findChildren<QComboBox *>()) {
    list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    list->setMinimumContentsLength(least);
  }
}
} // namespace

void csroLabelPanel(pqPropertiesPanel *panel) {
  for (pqProxyWidget *widget : panel->findChildren<pqProxyWidget *>())
    if (csroIsOurs(widget->proxy())) {
      AddUnits(widget);
      NarrowLists(widget);
    }
}

#include "csroSpeciesWidget.h"

#include "DataKinds.h"

#include <pqLineEdit.h>

#include <vtkSMProperty.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMSourceProxy.h>

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QRegularExpression>
#include <QToolButton>

#include <cstring>

namespace {
// Those of the ions that the filter has, unranged ones aside.
QStringList SpeciesOf(vtkSMProxy *filter) {
  const vtkSMPropertyHelper input(filter, "Input", true);
  csroOutput ions;
  if (input.GetNumberOfElements() > 0)
    ions = csroFindKind({vtkSMSourceProxy::SafeDownCast(input.GetAsProxy()), input.GetOutputPort()},
                        "ions");
  // filters that change ions leave their species
  while (ions.Source && !ions.Source->GetProperty("SpeciesNames")) {
    const vtkSMPropertyHelper above(ions.Source, "Input", true);
    ions.Source = above.GetNumberOfElements() > 0
                      ? vtkSMSourceProxy::SafeDownCast(above.GetAsProxy())
                      : nullptr;
  }
  QStringList species;
  if (!ions.Source)
    return species;
  ions.Source->UpdatePropertyInformation(ions.Source->GetProperty("SpeciesNames"));
  const vtkSMPropertyHelper names(ions.Source, "SpeciesNames");
  for (unsigned int i = 1; i < names.GetNumberOfElements(); ++i)
    species << names.GetAsString(i);
  return species;
}
} // namespace

csroSpeciesWidget::csroSpeciesWidget(vtkSMProxy *proxy, vtkSMProperty *property, QWidget *parent)
    : pqPropertyWidget(proxy, parent), IsPairs(std::strcmp(property->GetXMLName(), "Pairs") == 0),
      Edit(new pqLineEdit) {
  auto *pick = new QToolButton;
  auto *menu = new QMenu(pick);
  this->Edit->setObjectName(property->GetXMLName());
  this->Edit->setPlaceholderText(this->IsPairs ? "every element with itself"
                                               : "every element of the data");
  pick->setText("...");
  pick->setToolTip(this->IsPairs ? "Pairs of the species of the data" : "The species of the data");
  pick->setPopupMode(QToolButton::InstantPopup);
  pick->setMenu(menu);
  auto *row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(this->Edit);
  row->addWidget(pick);
  QObject::connect(menu, &QMenu::aboutToShow, this, [this, menu] { this->Fill(menu); });
  this->addPropertyLink(this->Edit, "text2", SIGNAL(textChangedAndEditingFinished()), property);
  this->setChangeAvailableAsChangeFinished(true);
}

QStringList csroSpeciesWidget::Chosen() const {
  return this->Edit->text().split(QRegularExpression("[,;\\s]+"), Qt::SkipEmptyParts);
}

void csroSpeciesWidget::Fill(QMenu *menu) {
  menu->clear();
  const QStringList species = SpeciesOf(this->proxy());
  if (species.isEmpty())
    menu->addAction("No species: press Apply on the ions first")->setEnabled(false);
  for (const QString &name : species)
    this->AddChoice(menu, this->IsPairs ? name + "-" + name : name);
  if (!this->IsPairs || species.size() < 2)
    return;
  menu->addSeparator();
  for (int i = 0; i < species.size(); ++i)
    for (int j = i + 1; j < species.size(); ++j)
      this->AddChoice(menu, species[i] + "-" + species[j]);
}

void csroSpeciesWidget::AddChoice(QMenu *menu, const QString &choice) {
  QAction *action = menu->addAction(choice);
  action->setCheckable(true);
  action->setChecked(this->Chosen().contains(choice));
  QObject::connect(action, &QAction::toggled, this, [this, choice](bool is_on) {
    QStringList chosen = this->IsPairs ? this->Chosen() : QStringList();
    chosen.removeAll(choice);
    if (is_on)
      chosen << choice;
    this->Edit->setTextAndResetCursor(chosen.join(", "));
    Q_EMIT this->Edit->textChangedAndEditingFinished();
  });
}

#include "csroChoiceWidget.h"

#include "DataKinds.h"

#include <pqLineEdit.h>

#include <vtkDataObject.h>
#include <vtkPVArrayInformation.h>
#include <vtkPVDataInformation.h>
#include <vtkPVDataSetAttributesInformation.h>
#include <vtkPVXMLElement.h>
#include <vtkSMArrayListDomain.h>
#include <vtkSMProperty.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMSourceProxy.h>

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QRegularExpression>
#include <QToolButton>

namespace {
QStringList TextsOf(vtkSMProxy *proxy, const char *name) {
  proxy->UpdatePropertyInformation(proxy->GetProperty(name));
  const vtkSMPropertyHelper texts(proxy, name);
  QStringList found;
  for (unsigned int i = 0; i < texts.GetNumberOfElements(); ++i)
    found << texts.GetAsString(i);
  return found;
}

// Those that the property may name, once its input has been executed.
QStringList ArraysOf(vtkSMProperty *property) {
  auto *arrays = property->FindDomain<vtkSMArrayListDomain>();
  QStringList found;
  for (unsigned int i = 0; arrays && i < arrays->GetNumberOfStrings(); ++i)
    found << arrays->GetString(i);
  return found;
}

// The columns of the table at an input.
QStringList ColumnsOf(vtkSMProxy *filter, const QString &input_name) {
  const vtkSMPropertyHelper input(filter, input_name.toUtf8().data(), true);
  auto *table = input.GetNumberOfElements() > 0 ? vtkSMSourceProxy::SafeDownCast(input.GetAsProxy())
                                                : nullptr;
  QStringList columns;
  if (!table)
    return columns;
  vtkPVDataSetAttributesInformation *rows =
      table->GetDataInformation(input.GetOutputPort())->GetAttributeInformation(vtkDataObject::ROW);
  for (int i = 0; i < rows->GetNumberOfArrays(); ++i)
    columns << rows->GetArrayInformation(i)->GetName();
  return columns;
}

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
  return ions.Source ? TextsOf(ions.Source, "SpeciesNames").mid(1) : QStringList();
}
} // namespace

csroChoiceWidget::csroChoiceWidget(vtkSMProxy *proxy, vtkSMProperty *property, QWidget *parent)
    : pqPropertyWidget(proxy, parent), Edit(new pqLineEdit) {
  vtkPVXMLElement *hints = property->GetHints();
  vtkPVXMLElement *choices = hints ? hints->FindNestedElementByName("Choices") : nullptr;
  if (choices) {
    this->From = choices->GetAttributeOrEmpty("from");
    this->Input = choices->GetAttributeOrDefault("input", "Input");
    this->TakesSeveral = *choices->GetAttributeOrEmpty("several") == '1';
  }
  auto *button = new QToolButton;
  auto *menu = new QMenu(button);
  this->Edit->setObjectName(property->GetXMLName());
  if (this->From == "pairs")
    this->Edit->setPlaceholderText("every element with itself");
  else if (this->From == "species" || this->From == "arrays")
    this->Edit->setPlaceholderText("as the data say");
  button->setArrowType(Qt::DownArrow);
  button->setStyleSheet("QToolButton::menu-indicator { image: none; }");
  button->setToolTip("The " + this->From + " of the data");
  button->setPopupMode(QToolButton::InstantPopup);
  button->setMenu(menu);
  auto *row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(this->Edit);
  row->addWidget(button);
  QObject::connect(menu, &QMenu::aboutToShow, this, [this, menu] { this->Fill(menu); });
  this->addPropertyLink(this->Edit, "text2", SIGNAL(textChangedAndEditingFinished()), property);
  this->setChangeAvailableAsChangeFinished(true);
}

QStringList csroChoiceWidget::Chosen() const {
  return this->TakesSeveral
             ? this->Edit->text().split(QRegularExpression("[,;\\s]+"), Qt::SkipEmptyParts)
             : QStringList(this->Edit->text());
}

QStringList csroChoiceWidget::Choices() const {
  if (this->From == "columns")
    return ColumnsOf(this->proxy(), this->Input);
  if (this->From == "arrays")
    return ArraysOf(this->property());
  if (this->From == "classes")
    return TextsOf(this->proxy(), "ClassNames");
  const QStringList species = SpeciesOf(this->proxy());
  if (this->From != "pairs")
    return species;
  QStringList pairs;
  for (int apart = 0; apart < species.size(); ++apart)
    for (int i = 0; i + apart < species.size(); ++i)
      pairs << species[i] + "-" + species[i + apart];
  return pairs;
}

void csroChoiceWidget::Fill(QMenu *menu) {
  menu->clear();
  const QStringList choices = this->Choices();
  if (choices.isEmpty())
    menu->addAction(this->From == "classes"
                        ? "No classes: press Apply first"
                        : "No " + this->From + ": press Apply on the input first")
        ->setEnabled(false);
  for (const QString &choice : choices)
    this->AddChoice(menu, choice);
}

void csroChoiceWidget::AddChoice(QMenu *menu, const QString &choice) {
  QAction *action = menu->addAction(choice);
  action->setCheckable(true);
  action->setChecked(this->Chosen().contains(choice));
  QObject::connect(action, &QAction::toggled, this, [this, choice](bool is_on) {
    QStringList chosen = this->TakesSeveral ? this->Chosen() : QStringList();
    chosen.removeAll(choice);
    if (is_on)
      chosen << choice;
    this->Edit->setTextAndResetCursor(chosen.join(", "));
    Q_EMIT this->Edit->textChangedAndEditingFinished();
  });
}

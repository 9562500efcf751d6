#include "csroNumbersWidget.h"

#include <pqLineEdit.h>

#include <vtkSMProperty.h>

#include <QHBoxLayout>
#include <QRegularExpression>
#include <QRegularExpressionValidator>
#include <QStringList>

csroNumbersWidget::csroNumbersWidget(vtkSMProxy *proxy, vtkSMProperty *property, QWidget *parent)
    : pqPropertyWidget(proxy, parent), Edit(new pqLineEdit) {
  this->Edit->setObjectName(property->GetXMLName());
  this->Edit->setValidator(
      new QRegularExpressionValidator(QRegularExpression("[-+.,;eE0-9\\s]*"), this->Edit));
  auto *row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(this->Edit);
  QObject::connect(this->Edit, &pqLineEdit::textChangedAndEditingFinished, this,
                   &csroNumbersWidget::numbersChanged);
  this->addPropertyLink(this, "numbers", SIGNAL(numbersChanged()), property);
  this->setChangeAvailableAsChangeFinished(true);
}

QVariantList csroNumbersWidget::numbers() const {
  QVariantList numbers;
  const QStringList texts =
      this->Edit->text().split(QRegularExpression("[,;\\s]+"), Qt::SkipEmptyParts);
  for (const QString &text : texts) {
    bool is_number = false;
    text.toDouble(&is_number);
    if (is_number)
      numbers << text;
  }
  return numbers;
}

void csroNumbersWidget::setNumbers(const QVariantList &numbers) {
  if (numbers == this->numbers())
    return;
  QStringList texts;
  for (const QVariant &number : numbers)
    texts << number.toString();
  this->Edit->setTextAndResetCursor(texts.join(", "));
}

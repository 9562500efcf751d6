// A list of numbers as a text, "0.7, 1, 1.3": of a length that the user chooses, with a label as
// other properties have. (ParaView's table of them has none, and shows no voxel ids.)
#ifndef csroNumbersWidget_h
#define csroNumbersWidget_h

#include <pqPropertyWidget.h>

#include <QVariantList>

class pqLineEdit;

class csroNumbersWidget : public pqPropertyWidget {
  Q_OBJECT
  Q_PROPERTY(QVariantList numbers READ numbers WRITE setNumbers NOTIFY numbersChanged)

public:
  csroNumbersWidget(vtkSMProxy *proxy, vtkSMProperty *property, QWidget *parent);

  QVariantList numbers() const;
  void setNumbers(const QVariantList &numbers);

Q_SIGNALS:
  void numbersChanged();

private:
  pqLineEdit *Edit;
};

#endif

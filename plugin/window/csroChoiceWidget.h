// A text of names, with a menu to pick or tick those of the data. The hint Choices of the property
// says which:
//   from="species"  species of the ions that the filter has
//   from="pairs"    pairs of them, A-B
//   from="columns"  columns of the table at the input ("input", else Input)
//   from="classes"  classes of the model that the filter has last used (its property ClassNames)
//   several="1"     more than one
#ifndef csroChoiceWidget_h
#define csroChoiceWidget_h

#include <pqPropertyWidget.h>

#include <QString>
#include <QStringList>

class QMenu;
class pqLineEdit;

class csroChoiceWidget : public pqPropertyWidget {
  Q_OBJECT

public:
  csroChoiceWidget(vtkSMProxy *proxy, vtkSMProperty *property, QWidget *parent);

private:
  void Fill(QMenu *menu);
  void AddChoice(QMenu *menu, const QString &choice);
  QStringList Choices() const;
  QStringList Chosen() const;

  QString From, Input = "Input";
  bool TakesSeveral = false;
  pqLineEdit *Edit;
};

#endif

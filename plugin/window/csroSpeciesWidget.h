// A text of species, or of pairs of species, with a menu to tick those of the data.
#ifndef csroSpeciesWidget_h
#define csroSpeciesWidget_h

#include <pqPropertyWidget.h>

#include <QStringList>

class QMenu;
class pqLineEdit;

class csroSpeciesWidget : public pqPropertyWidget {
  Q_OBJECT

public:
  csroSpeciesWidget(vtkSMProxy *proxy, vtkSMProperty *property, QWidget *parent);

private:
  void Fill(QMenu *menu);
  void AddChoice(QMenu *menu, const QString &choice);
  QStringList Chosen() const;

  bool IsPairs; // else one species
  pqLineEdit *Edit;
};

#endif

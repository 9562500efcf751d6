// Pick and see: a selection of ions of domains, or of rows of their table, is one of whole domains
// wherever they are shown; what was selected is described in a tab beside the Properties.
#ifndef csroPick_h
#define csroPick_h

#include <QList>
#include <QObject>
#include <QPointer>

class QMainWindow;
class csroPickWidget;
class pqOutputPort;
class vtkDataObject;
struct csroOutput;

class csroPick : public QObject {
  Q_OBJECT

public:
  csroPick(QMainWindow *window, QObject *parent);

private:
  void OnSelected(pqOutputPort *port);
  bool ShowDomains(const csroOutput &output, vtkDataObject *selected);
  bool ShowVoxels(const csroOutput &output, vtkDataObject *selected);
  void Show();
  void Unselect();

  csroPickWidget *Widget;
  QList<QPointer<pqOutputPort>> Linked; // whose selection is ours
  QPointer<pqOutputPort> Picked;
  bool IsWaiting = false;
};

#endif

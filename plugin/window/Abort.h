// The button Abort beside the progress bar, for the filters of this plugin.
#ifndef csroAbort_h
#define csroAbort_h

#include <QList>
#include <QObject>
#include <QPointer>

class QMainWindow;
class QToolButton;
class pqPipelineSource;

// ParaView 5.11 never enables the button, connects nothing to it, and sees no mouse while filters
// execute. Here each progress of a filter of ours looks where the pointer is; over the button the
// window handles what has been clicked there, and nothing else: no timer, no key, no other widget,
// for the pipeline is in the middle of its work.
class csroAbort : public QObject {
  Q_OBJECT

public:
  csroAbort(QMainWindow *window, QObject *parent);

  // Apply executes again what has been aborted since the last one, where it has not yet.
  void OnApplied();

protected:
  bool eventFilter(QObject *receiver, QEvent *event) override;

private:
  void OnProgress();
  void OnPressed();
  void OfferApply();
  bool IsPointed() const;

  QMainWindow *Window;
  QPointer<QToolButton> Button;
  QList<QPointer<pqPipelineSource>> Aborted, Waiting; // just now, and for Apply
  bool IsListening = false;
};

#endif

// What the plugin adds to the behaviour of ParaView's window.
#ifndef csroWindow_h
#define csroWindow_h

#include <QObject>

class QMainWindow;
class csroAbort;

class csroWindow : public QObject {
  Q_OBJECT

public:
  void startup();
  void shutdown() {}

private:
  void FollowWindow();
  void AddActions(QMainWindow *window);
  void OnApplied();

  csroAbort *Abort = nullptr;
  int Views = 1; // at the last Apply
};

#endif

// Change File on a reader of ions asks for their range file.
#ifndef csroChangedFile_h
#define csroChangedFile_h

#include <QDialog>
#include <QObject>
#include <QPointer>

class QMainWindow;
class QRadioButton;
class pqFileChooserWidget;
class pqPipelineSource;

/// Which range file is that of other ions: the one beside them, the one as before, another, none.
class csroRangesDialog : public QDialog {
  Q_OBJECT

public:
  csroRangesDialog(const QString &ions, const QString &before, const QString &beside,
                   QWidget *parent);
  QString Chosen() const;

private:
  QString Before, Beside;
  QRadioButton *IsBeside, *IsBefore, *IsOther, *IsNone;
  pqFileChooserWidget *Other;
};

class csroChangedFile : public QObject {
  Q_OBJECT

public:
  explicit csroChangedFile(QMainWindow *window);

private:
  void FollowActions();
  void Remember(pqPipelineSource *source);
  void Ask();

  QMainWindow *Window;
  // ParaView puts a new reader in the place of the one whose file is changed.
  QPointer<pqPipelineSource> New;
};

#endif

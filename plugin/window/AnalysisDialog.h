// Asks what is to be analysed, and has csro_pipeline.build do it.
#ifndef csroAnalysisDialog_h
#define csroAnalysisDialog_h

#include <QDialog>
#include <QPointer>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;
class QSpinBox;
class pqFileChooserWidget;
class pqPipelineSource;

class csroAnalysisDialog : public QDialog {
  Q_OBJECT

public:
  explicit csroAnalysisDialog(QWidget *parent);

private:
  void TakeSelected();
  bool IsOfReader() const;
  void ProposeRanges();
  void ShowState();
  void Build();
  QByteArray Call() const;

  QRadioButton *IsSpecimen, *IsFile;
  pqFileChooserWidget *Ions, *Ranges;
  QLineEdit *Pairs;
  QSpinBox *Copies;
  QCheckBox *Statistics;
  QLabel *State;
  QPushButton *ApplyButton;
  QPointer<pqPipelineSource> Reader; // of the files that are proposed
};

#endif

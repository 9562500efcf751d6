// What is shown of a selection: a title, curves over the depth difference, and a text.
#ifndef csroPickWidget_h
#define csroPickWidget_h

#include <QColor>
#include <QDockWidget>
#include <QString>
#include <QWidget>

#include <vector>

class QLabel;
class QMainWindow;
class QTextEdit;

struct csroCurve {
  QString Name;
  QColor Color;
  std::vector<double> X, Y;
  bool IsFilled = false;
};

// Curves over a common axis of depth differences.
class csroCurves : public QWidget {
  Q_OBJECT

public:
  using QWidget::QWidget;
  void Show(std::vector<csroCurve> curves, const QString &title);
  QSize sizeHint() const override {
    return {260, 170};
  }

protected:
  void paintEvent(QPaintEvent *event) override;

private:
  std::vector<csroCurve> Curves;
  QString Title;
};

class csroPickWidget : public QDockWidget {
  Q_OBJECT

public:
  // Beside the Properties of the window, as a tab that comes to the front with a selection.
  explicit csroPickWidget(QMainWindow *window);

  // Html, and one or two charts; an empty one is hidden.
  void Show(const QString &text, const std::vector<csroCurve> &first, const QString &firstTitle,
            const std::vector<csroCurve> &second = {}, const QString &secondTitle = {});
  void Clear();
  // Properties come to the front.
  void Lower();

private:
  QDockWidget *Properties = nullptr;
  csroCurves *First, *Second;
  QTextEdit *Text;
};

#endif

#include "PickWidget.h"

#include <QFontMetrics>
#include <QMainWindow>
#include <QPainter>
#include <QPainterPath>
#include <QTextEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace {
constexpr int Margin = 6, ChartHeight = 170;
constexpr char Nothing[] =
    "<p>Select domains in the 3D view or rows in their table, or voxels (or any ions) of data that "
    "have been classified.</p>";

double Highest(const std::vector<csroCurve> &curves) {
  double highest = 0;
  for (const csroCurve &curve : curves)
    for (const double value : curve.Y)
      highest = std::isfinite(value) ? std::max(highest, value) : highest;
  return highest > 0 ? highest : 1;
}
} // namespace

void csroCurves::Show(std::vector<csroCurve> curves, const QString &title) {
  this->Curves = std::move(curves);
  this->Title = title;
  this->setVisible(!this->Curves.empty());
  this->update();
}

void csroCurves::paintEvent(QPaintEvent *) {
  QPainter painter(this);
  painter.fillRect(this->rect(), Qt::white);
  if (this->Curves.empty() || this->Curves.front().X.empty())
    return;
  const QFontMetrics font = painter.fontMetrics();
  const int line = font.height();
  painter.setPen(Qt::black);
  painter.drawText(Margin, line, this->Title);
  int x = Margin;
  for (const csroCurve &curve : this->Curves) {
    painter.setPen(curve.Color.darker(110));
    painter.drawText(x, 2 * line + 2, curve.Name);
    x += font.horizontalAdvance(curve.Name + "   ");
  }
  const double highest = Highest(this->Curves);
  const QString top = QString::number(highest, 'g', 3);
  const int left = Margin + font.horizontalAdvance(top) + 4;
  const QRectF area(left, 2 * line + 10, this->width() - left - Margin - 8,
                    this->height() - 4 * line - 16);
  const double begin = this->Curves.front().X.front(), end = this->Curves.front().X.back();
  const auto place = [&](double at, double value) {
    return QPointF(area.left() + (at - begin) / (end - begin) * area.width(),
                   area.bottom() - value / highest * area.height());
  };
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QColor(150, 150, 150));
  painter.drawRect(area);
  for (int tick = static_cast<int>(std::ceil(begin / 0.5)); tick * 0.5 <= end; ++tick) {
    const QPointF at = place(tick * 0.5, 0);
    const QString text = QString::number(tick * 0.5);
    painter.drawLine(at, at - QPointF(0, 4));
    painter.drawText(QPointF(at.x() - font.horizontalAdvance(text) / 2.0, at.y() + line), text);
  }
  painter.drawText(QPointF(Margin, area.top() + font.ascent()), top);
  const QString axis = "depth difference (nm)";
  painter.drawText(
      QPointF(area.center().x() - font.horizontalAdvance(axis) / 2.0, area.bottom() + 2 * line),
      axis);
  for (const csroCurve &curve : this->Curves) {
    QPainterPath path;
    for (size_t i = 0; i < curve.X.size(); ++i) {
      const QPointF at = place(curve.X[i], std::isfinite(curve.Y[i]) ? curve.Y[i] : 0);
      if (i == 0)
        path.moveTo(at);
      else
        path.lineTo(at);
    }
    painter.setPen(QPen(curve.Color, curve.IsFilled ? 1 : 1.5));
    painter.drawPath(path);
    if (!curve.IsFilled)
      continue;
    path.lineTo(place(end, 0));
    path.lineTo(place(begin, 0));
    QColor faint = curve.Color;
    faint.setAlpha(60);
    painter.fillPath(path, faint);
  }
}

csroPickWidget::csroPickWidget(QMainWindow *window)
    : QDockWidget("CSRO Selection", window), First(new csroCurves), Second(new csroCurves),
      Text(new QTextEdit) {
  this->setObjectName("csroPick");
  this->Text->setReadOnly(true);
  this->Text->setFrameStyle(0);
  for (csroCurves *chart : {this->First, this->Second})
    chart->setFixedHeight(ChartHeight);
  auto *all = new QWidget;
  auto *column = new QVBoxLayout(all);
  column->setContentsMargins(Margin, Margin, Margin, Margin);
  column->addWidget(this->First);
  column->addWidget(this->Second);
  column->addWidget(this->Text, 1);
  this->setWidget(all);
  window->addDockWidget(Qt::LeftDockWidgetArea, this);
  this->Properties = window->findChild<QDockWidget *>("propertiesDock");
  if (this->Properties)
    window->tabifyDockWidget(this->Properties, this);
  this->Lower();
  this->Clear();
}

void csroPickWidget::Show(const QString &text, const std::vector<csroCurve> &first,
                          const QString &firstTitle, const std::vector<csroCurve> &second,
                          const QString &secondTitle) {
  this->First->Show(first, firstTitle);
  this->Second->Show(second, secondTitle);
  this->Text->setHtml(text);
  this->show();
  this->raise();
}

void csroPickWidget::Lower() {
  if (this->Properties)
    this->Properties->raise();
}

void csroPickWidget::Clear() {
  if (!this->visibleRegion().isEmpty())
    this->Lower();
  this->First->Show({}, {});
  this->Second->Show({}, {});
  this->Text->setHtml(Nothing);
}

#include "Abort.h"

#include "vtkAPTAlgorithm.h"

#include <pqApplicationCore.h>
#include <pqPipelineSource.h>
#include <pqProgressManager.h>
#include <pqProgressWidget.h>
#include <pqServerManagerModel.h>

#include <vtkSMProxy.h>

#include <QApplication>
#include <QCursor>
#include <QEventLoop>
#include <QMainWindow>
#include <QMouseEvent>
#include <QStatusBar>
#include <QTimer>
#include <QToolButton>

namespace {
constexpr int MessageTime = 15000; // ms
}

csroAbort::csroAbort(QMainWindow *window, QObject *parent) : QObject(parent), Window(window) {
  pqProgressManager *progress = pqApplicationCore::instance()->getProgressManager();
  auto *bar = window->findChild<pqProgressWidget *>();
  if (!progress || !bar)
    return;
  this->Button = bar->abortButton();
  this->Button->setToolTip("Abort: stops the filter that is executing, and keeps what it had made "
                           "before");
  QObject::connect(progress, &pqProgressManager::progress, this, &csroAbort::OnProgress);
  QObject::connect(progress, &pqProgressManager::enableProgress, this, [progress](bool is_on) {
    if (!is_on)
      progress->setEnableAbort(false);
  });
  QObject::connect(progress, &pqProgressManager::abort, this, &csroAbort::OnPressed);
}

void csroAbort::OnPressed() {
  if (!vtkAPTAlgorithm::CancelRunning())
    return;
  pqApplicationCore::instance()->getProgressManager()->setEnableAbort(false);
  const auto sources =
      pqApplicationCore::instance()->getServerManagerModel()->findItems<pqPipelineSource *>();
  for (pqPipelineSource *source : sources) {
    auto *algorithm = vtkAPTAlgorithm::SafeDownCast(source->getProxy()->GetClientSideObject());
    if (!algorithm || !algorithm->IsRunning())
      continue;
    this->Aborted << source;
    this->Window->statusBar()->showMessage(
        source->getSMName() + " was aborted and keeps the data it had; Apply executes it again",
        MessageTime);
  }
  QTimer::singleShot(1, this, &csroAbort::OfferApply); // when Apply has ended
}

// The filter is as if a property had been changed.
void csroAbort::OfferApply() {
  for (const auto &source : this->Aborted) {
    if (!source)
      continue;
    vtkAPTAlgorithm::SafeDownCast(source->getProxy()->GetClientSideObject())->Modified();
    if (source->modifiedState() == pqProxy::UNMODIFIED)
      source->setModifiedState(pqProxy::MODIFIED);
  }
  this->Waiting += this->Aborted;
  this->Aborted.clear();
}

void csroAbort::OnApplied() {
  if (this->Waiting.isEmpty())
    return;
  for (const auto &source : this->Waiting)
    if (source)
      source->getProxy()->MarkDirty(source->getProxy());
  this->Waiting.clear();
  pqApplicationCore::instance()->render();
}

bool csroAbort::IsPointed() const {
  return this->Button->rect().contains(this->Button->mapFromGlobal(QCursor::pos()));
}

void csroAbort::OnProgress() {
  if (!this->Button || this->IsListening || !vtkAPTAlgorithm::IsAnyRunning())
    return;
  pqProgressManager *progress = pqApplicationCore::instance()->getProgressManager();
  if (!this->Button->isEnabled())
    progress->setEnableAbort(true);
  if (!this->IsPointed())
    return;
  this->IsListening = true;
  const bool before = progress->unblockEvents(true); // it keeps clicks from the window as a whole
  QApplication::instance()->installEventFilter(this);
  QApplication::processEvents(QEventLoop::X11ExcludeTimers | QEventLoop::ExcludeSocketNotifiers);
  QApplication::instance()->removeEventFilter(this);
  progress->unblockEvents(before);
  this->IsListening = false;
}

bool csroAbort::eventFilter(QObject *, QEvent *event) {
  switch (event->type()) {
  case QEvent::MouseButtonPress:
  case QEvent::MouseButtonRelease:
  case QEvent::MouseButtonDblClick:
  case QEvent::MouseMove:
    return !this->Button->rect().contains(
        this->Button->mapFromGlobal(static_cast<QMouseEvent *>(event)->globalPos()));
  case QEvent::Wheel:
  case QEvent::KeyPress:
  case QEvent::KeyRelease:
  case QEvent::Shortcut:
  case QEvent::ShortcutOverride:
  case QEvent::ContextMenu:
  case QEvent::TouchBegin:
  case QEvent::Drop:
  case QEvent::Close:
    return true;
  default:
    return false;
  }
}

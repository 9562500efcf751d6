#include "RangeFiles.h"

#include "DataKinds.h"

#include <pqActiveObjects.h>
#include <pqChangeFileNameReaction.h>
#include <pqFileChooserWidget.h>
#include <pqPipelineSource.h>
#include <pqServer.h>

#include <vtkSMPropertyHelper.h>
#include <vtkSMProxy.h>

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QMainWindow>
#include <QPushButton>

namespace {
const char *const RangeEndings[] = {"*.rrng", "*.rng", "*.env"};

QString TextOf(vtkSMProxy *proxy, const char *property) {
  return vtkSMPropertyHelper(proxy, property).GetAsString();
}

// The ranges of the new ions: those beside them, or what the user chooses; Cancel keeps the former.
void AskRanges(pqPipelineSource *reader, QWidget *parent) {
  vtkSMProxy *proxy = reader->getProxy();
  const QString ions = TextOf(proxy, "FileName"), former = TextOf(proxy, "RangesFileName"),
                beside = csroRangesBeside(ions);
  QDialog dialog(parent);
  dialog.setObjectName("csroRangesDialog");
  dialog.setWindowTitle("Range File");
  auto *form = new QFormLayout(&dialog);
  auto *chooser = csroFileChooser("Range file", csroRangeFiles);
  chooser->setSingleFilename(beside.isEmpty() ? former : beside);
  form->addRow(new QLabel("The ions are now those of " + QFileInfo(ions).fileName() + "."));
  form->addRow("&Range file:", chooser);
  auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  QPushButton *keep = buttons->button(QDialogButtonBox::Cancel);
  keep->setText(former.isEmpty() ? "&None" : "&Keep " + QFileInfo(former).fileName());
  keep->setAutoDefault(false);
  buttons->button(QDialogButtonBox::Ok)->setDefault(true);
  form->addRow(buttons);
  dialog.setMinimumWidth(520);
  QObject::connect(buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
  QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
  if (dialog.exec() != QDialog::Accepted || chooser->singleFilename() == former)
    return;
  vtkSMPropertyHelper(proxy, "RangesFileName").Set(chooser->singleFilename().toUtf8().data());
  proxy->UpdateVTKObjects();
  reader->setModifiedState(pqProxy::MODIFIED);
}

// The reader of ions that is selected, if any.
pqPipelineSource *ActiveReader() {
  pqPipelineSource *source = pqActiveObjects::instance().activeSource();
  vtkSMProxy *proxy = source ? source->getProxy() : nullptr;
  return proxy && csroIsOurs(proxy) && proxy->GetProperty("RangesFileName") &&
                 proxy->GetProperty("FileName")
             ? source
             : nullptr;
}
} // namespace

QString csroRangesBeside(const QString &ions) {
  const QFileInfo file(ions);
  QStringList every;
  for (const char *ending : RangeEndings) {
    const QStringList found = file.dir().entryList({ending}, QDir::Files);
    for (const QString &name : found)
      if (QFileInfo(name).completeBaseName().compare(file.completeBaseName(),
                                                     Qt::CaseInsensitive) == 0)
        return file.dir().filePath(name);
    every += found;
  }
  return every.size() == 1 ? file.dir().filePath(every.front()) : QString();
}

pqFileChooserWidget *csroFileChooser(const QString &title, const QString &endings) {
  auto *chooser = new pqFileChooserWidget;
  chooser->setForceSingleFile(true);
  chooser->setServer(pqActiveObjects::instance().activeServer());
  chooser->setTitle(title);
  chooser->setExtension(endings);
  return chooser;
}

// The action asks for the ions first. What it does comes before what is connected later.
void csroAskRangesAfterChange(QMainWindow *window) {
  const auto reactions = window->findChildren<pqChangeFileNameReaction *>();
  for (pqChangeFileNameReaction *reaction : reactions) {
    auto *action = qobject_cast<QAction *>(reaction->parent());
    if (!action || action->property("csroAsksRanges").toBool())
      continue;
    action->setProperty("csroAsksRanges", true);
    // Nothing else is asked where the user has not chosen another file.
    QObject::connect(action, &QAction::triggered, window, [window] {
      pqPipelineSource *reader = ActiveReader();
      if (reader && reader->modifiedState() == pqProxy::MODIFIED)
        AskRanges(reader, window);
    });
  }
}

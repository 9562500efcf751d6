#include "ChangedFile.h"

#include "DataKinds.h"
#include "RangeFiles.h"

#include <pqApplicationCore.h>
#include <pqFileChooserWidget.h>
#include <pqPipelineSource.h>
#include <pqServer.h>
#include <pqServerManagerModel.h>

#include <vtkSMPropertyHelper.h>
#include <vtkSMSourceProxy.h>

#include <QAction>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QLabel>
#include <QMainWindow>
#include <QRadioButton>
#include <QTimer>
#include <QVBoxLayout>

namespace {
QString FirstOf(vtkSMProxy *reader, const char *property) {
  const vtkSMPropertyHelper files(reader, property, true);
  return files.GetNumberOfElements() > 0 ? QString(files.GetAsString()) : QString();
}

// As the server has found it; in the window's own folders also the only one under another name.
QString RangesBeside(pqPipelineSource *reader, const QString &ions) {
  vtkSMProxy *proxy = reader->getProxy();
  proxy->UpdatePropertyInformation(proxy->GetProperty("RangesBeside"));
  const QString found = FirstOf(proxy, "RangesBeside");
  return found.isEmpty() && !reader->getServer()->isRemote() ? csroRangesBeside(ions) : found;
}

// With its folder, where another file has the same name.
QString NameOf(const QString &file, const QString &other) {
  const QFileInfo info(file);
  return info.fileName() +
         (info.fileName() == QFileInfo(other).fileName() ? " of " + info.path() : QString());
}
} // namespace

csroRangesDialog::csroRangesDialog(const QString &ions, const QString &before,
                                   const QString &beside, QWidget *parent)
    : QDialog(parent), Before(before), Beside(beside),
      IsBeside(new QRadioButton(QFileInfo(beside).fileName() + ", &beside these ions")),
      IsBefore(new QRadioButton(NameOf(before, beside) + ", &as before")),
      IsOther(new QRadioButton("An&other:")),
      IsNone(new QRadioButton("&None: what the ion file itself says of species")),
      Other(csroFileChooser("Range file", csroRangeFiles)) {
  this->setObjectName("csroRangesDialog");
  this->setWindowTitle("Range file of the ions");
  this->IsBeside->setVisible(!beside.isEmpty());
  this->IsBeside->setToolTip(beside);
  this->IsBefore->setVisible(!before.isEmpty() && before != beside);
  this->IsBefore->setToolTip(before);
  (!beside.isEmpty()   ? this->IsBeside
   : !before.isEmpty() ? this->IsBefore
                       : this->IsNone)
      ->setChecked(true);
  auto *question = new QLabel("The reader now has the ions of " + QFileInfo(ions).fileName() +
                              ".\nWhich range file says what they are?");
  auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok);
  auto *all = new QVBoxLayout(this);
  for (QWidget *each : {static_cast<QWidget *>(question), static_cast<QWidget *>(this->IsBeside),
                        static_cast<QWidget *>(this->IsBefore),
                        static_cast<QWidget *>(this->IsOther), static_cast<QWidget *>(this->Other),
                        static_cast<QWidget *>(this->IsNone), static_cast<QWidget *>(buttons)})
    all->addWidget(each);
  this->setMinimumWidth(480);
  QObject::connect(this->Other, &pqFileChooserWidget::filenamesChanged, this->IsOther,
                   [this] { this->IsOther->setChecked(true); });
  QObject::connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
}

// Escape takes what is ticked, too.
QString csroRangesDialog::Chosen() const {
  const QString other = this->Other->singleFilename();
  return this->IsBeside->isChecked()                      ? this->Beside
         : this->IsOther->isChecked() && !other.isEmpty() ? other
         : this->IsNone->isChecked()                      ? QString()
                                                          : this->Before;
}

csroChangedFile::csroChangedFile(QMainWindow *window) : QObject(window), Window(window) {
  QObject::connect(pqApplicationCore::instance()->getServerManagerModel(),
                   &pqServerManagerModel::sourceAdded, this, &csroChangedFile::Remember);
}

// Change File stands in menus that ParaView makes; it has done its work when we are called.
void csroChangedFile::FollowActions() {
  const auto reactions = this->Window->findChildren<QObject *>();
  for (QObject *reaction : reactions) {
    auto *action = qobject_cast<QAction *>(reaction->parent());
    if (action && reaction->inherits("pqChangeFileNameReaction"))
      QObject::connect(action, &QAction::triggered, this, &csroChangedFile::Ask,
                       Qt::UniqueConnection);
  }
}

void csroChangedFile::Remember(pqPipelineSource *source) {
  vtkSMProxy *reader = source->getProxy();
  if (!csroIsOurs(reader) || !reader->GetProperty("FileName") ||
      !reader->GetProperty("RangesFileName"))
    return;
  this->FollowActions();
  this->New = source;
  QTimer::singleShot(0, this, [this] { this->New = nullptr; });
}

void csroChangedFile::Ask() {
  const QPointer<pqPipelineSource> reader = this->New;
  this->New = nullptr;
  if (!reader)
    return;
  vtkSMProxy *proxy = reader->getProxy();
  const auto set = [&](const QString &ranges) {
    vtkSMPropertyHelper(proxy, "RangesFileName").Set(ranges.toUtf8().constData());
    proxy->UpdateVTKObjects();
  };
  const QString ions = FirstOf(proxy, "FileName"), before = FirstOf(proxy, "RangesFileName");
  const QString beside = RangesBeside(reader, ions);
  if (!beside.isEmpty())
    set(beside); // views are drawn behind the dialog
  csroRangesDialog dialog(ions, before, beside, this->Window);
  dialog.exec();
  if (reader)
    set(dialog.Chosen());
}

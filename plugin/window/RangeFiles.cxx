#include "RangeFiles.h"

#include <pqActiveObjects.h>
#include <pqFileChooserWidget.h>
#include <pqServer.h>

#include <QDir>
#include <QFileInfo>

namespace {
const char *const RangeEndings[] = {"*.rrng", "*.rng", "*.env"};
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

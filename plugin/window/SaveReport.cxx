#include "SaveReport.h"

#include "Scripts.h"

#include <pqActiveObjects.h>
#include <pqFileDialog.h>
#include <pqServer.h>

#include <QApplication>
#include <QDateTime>
#include <QDesktopServices>
#include <QFileInfo>
#include <QMainWindow>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

void csroSaveReport(QMainWindow *window) {
  pqServer *server = pqActiveObjects::instance().activeServer();
  if (!server || server->isRemote()) {
    QMessageBox::information(window, "CSRO Report",
                             "The data are on a server: run csro_batch --report there.");
    return;
  }
  pqFileDialog dialog(nullptr, window, "Save the report", QString(), "Web page (*.html)", false);
  dialog.setObjectName("csroReportDialog");
  dialog.setFileMode(pqFileDialog::AnyFile);
  if (dialog.exec() != QDialog::Accepted || dialog.getSelectedFiles().isEmpty())
    return;
  const QString path = dialog.getSelectedFiles().front();
  const QDateTime begin = QDateTime::currentDateTime().addSecs(-1);
  QApplication::setOverrideCursor(Qt::WaitCursor);
  const bool is_run = csroRunScript("csro_report", "write_in_window(" + csroPython(path) + ")");
  QApplication::restoreOverrideCursor();
  QMessageBox said(QMessageBox::Information, "CSRO Report", QString(), QMessageBox::Close, window);
  said.setObjectName("csroReportSaid");
  said.setDefaultButton(QMessageBox::Close);
  const bool is_written = is_run && QFileInfo(path).lastModified() >= begin;
  said.setText(is_written ? path + " is written, and the same as JSON beside it."
               : is_run   ? "There is no report. Output Messages says why."
                          : csroNoScripts());
  const QAbstractButton *open =
      is_written ? said.addButton("&Open", QMessageBox::AcceptRole) : nullptr;
  said.exec();
  if (open && said.clickedButton() == open)
    QDesktopServices::openUrl(QUrl::fromLocalFile(path));
}

#include "csroWindow.h"

#include "Abort.h"
#include "AnalysisDialog.h"
#include "ChangedFile.h"
#include "DataKinds.h"
#include "DisplayDefaults.h"
#include "FindInputs.h"
#include "PanelLabels.h"
#include "Pick.h"
#include "SaveReport.h"
#include "SheetColumns.h"

#include <pqActiveObjects.h>
#include <pqApplicationCore.h>
#include <pqCoreUtilities.h>
#include <pqMultiViewWidget.h>
#include <pqObjectBuilder.h>
#include <pqOutputPort.h>
#include <pqPipelineSource.h>
#include <pqPropertiesPanel.h>
#include <pqRenderView.h>
#include <pqServerManagerModel.h>
#include <pqSettings.h>
#include <pqTabbedMultiViewWidget.h>
#include <pqView.h>

#include <vtkNew.h>
#include <vtkPVXMLElement.h>
#include <vtkSMParaViewPipelineControllerWithRendering.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMProxy.h>
#include <vtkSMProxyLocator.h>
#include <vtkSMSourceProxy.h>
#include <vtkSMViewLayoutProxy.h>
#include <vtkSMViewProxy.h>

#include <QAction>
#include <QDockWidget>
#include <QFile>
#include <QIcon>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QStatusBar>
#include <QTabWidget>
#include <QTimer>
#include <QToolBar>
#include <QWidget>

#include <algorithm>
#include <cstring>

namespace {
bool HasData(pqPipelineSource *source) {
  for (unsigned int port = 0; port < source->getSourceProxy()->GetNumberOfOutputPorts(); ++port)
    if (csroHasData({source->getSourceProxy(), port}))
      return true;
  return false;
}

// The charts and tables of a filter, as Apply shows them.
void ShowCharts(pqPipelineSource *source) {
  vtkNew<vtkSMParaViewPipelineControllerWithRendering> controller;
  for (int port = 0; port < source->getNumberOfOutputPorts(); ++port) {
    const char *type = controller->GetPreferredViewType(source->getSourceProxy(), port);
    if (type && std::strcmp(type, "RenderView") != 0)
      controller->ShowInPreferredView(source->getSourceProxy(), port, nullptr);
  }
}

// Other settings are seen at once: copies, which take long, are made when the user asks for them.
void LetCopiesWait(vtkSMProxy *filter) {
  if (std::strcmp(filter->GetXMLName(), "CompareDomains") != 0)
    return;
  vtkSMPropertyHelper(filter, "Follow").Set(0);
  filter->UpdateVTKObjects();
}

// ParaView shows the progress of filters, but nothing while it makes what a state holds.
void SayLoading(QMainWindow *window) {
  pqApplicationCore *core = pqApplicationCore::instance();
  QStatusBar *bar = window->statusBar();
  QObject::connect(core, &pqApplicationCore::aboutToLoadState, bar, [bar] {
    bar->showMessage("Loading the state; its filters execute then");
    bar->repaint();
  });
  QObject::connect(core, &pqApplicationCore::stateLoaded, bar,
                   [bar] { QTimer::singleShot(0, bar, &QStatusBar::clearMessage); });
}

// ParaView's own width of the panel cuts the buttons of its section Display off. Once: whoever
// makes it narrower again means it.
void WidenPanel(QMainWindow *window, pqPropertiesPanel *panel) {
  constexpr int least = 385; // pixels
  static const char key[] = "APTCSRO/PanelIsWide";
  pqSettings *settings = pqApplicationCore::instance()->settings();
  QWidget *dock = panel;
  while (dock && !qobject_cast<QDockWidget *>(dock))
    dock = dock->parentWidget();
  if (!dock || settings->value(key).toBool())
    return;
  settings->setValue(key, true);
  if (dock->width() < least)
    window->resizeDocks({qobject_cast<QDockWidget *>(dock)}, {least}, Qt::Horizontal);
}

// New charts and tables do not take the place of the 3D view as the active one.
void Return3D() {
  const auto views =
      pqApplicationCore::instance()->getServerManagerModel()->findItems<pqRenderView *>();
  if (!views.isEmpty() && !qobject_cast<pqRenderView *>(pqActiveObjects::instance().activeView()))
    pqActiveObjects::instance().setActiveView(views.front());
}
vtkSMViewLayoutProxy *LayoutOf(pqView *view) {
  return vtkSMViewLayoutProxy::FindLayout(view->getViewProxy());
}

// Whether a layout has a view of it, or of what is made of it.
bool IsSeenIn(vtkSMViewLayoutProxy *layout, pqPipelineSource *source) {
  const auto views = source->getViews();
  const auto consumers = source->getAllConsumers();
  return std::any_of(views.begin(), views.end(),
                     [layout](pqView *view) { return LayoutOf(view) == layout; }) ||
         std::any_of(consumers.begin(), consumers.end(),
                     [layout](pqPipelineSource *consumer) { return IsSeenIn(layout, consumer); });
}

// What Apply has made is seen: the tab of a filter that is seen in other tabs only comes to
// the front. Its views are drawn before: a table that is asked for its columns without that warns.
void RaiseTab(pqPipelineSource *source) {
  auto *tabs = pqCoreUtilities::mainWidget()->findChild<pqTabbedMultiViewWidget *>();
  if (!tabs || !source || !csroIsOurs(source->getProxy()))
    return;
  if (!tabs->layoutProxy() || IsSeenIn(tabs->layoutProxy(), source))
    return;
  vtkSMViewLayoutProxy *other = nullptr;
  const auto views = source->getViews();
  for (pqView *view : views) {
    vtkSMViewLayoutProxy *layout = LayoutOf(view);
    if (!other || view->getViewType() != "SpreadSheetView")
      other = layout;
  }
  for (pqView *view : views)
    if (LayoutOf(view) == other)
      view->forceRender();
  auto *bar = tabs->findChild<QTabWidget *>();
  QWidget *page = other ? tabs->findTab(other) : nullptr;
  for (int i = 0; bar && page && i < bar->count(); ++i)
    if (bar->widget(i) == page || bar->widget(i)->isAncestorOf(page))
      bar->setCurrentIndex(i);
}

// ParaView registers our help pages with its own when Help is opened for the first time. They are
// registered here where that has been.
void RegisterHelp() {
  const QString pages = ":/ParaView/Documentation/paraview_apt_csro.qch";
  pqApplicationCore *core = pqApplicationCore::instance();
  const QObjectList children = core->children();
  for (const QObject *child : children)
    if (child->inherits("QHelpEngineCore") && QFile::exists(pages))
      core->registerDocumentation(pages);
}
} // namespace

void csroWindow::startup() {
  RegisterHelp();
  pqObjectBuilder *builder = pqApplicationCore::instance()->getObjectBuilder();
  QObject::connect(builder, &pqObjectBuilder::filterCreated, this, [](pqPipelineSource *filter) {
    if (!csroIsOurs(filter->getProxy()))
      return;
    csroFindInputs(filter);
    LetCopiesWait(filter->getProxy());
  });
  pqServerManagerModel *model = pqApplicationCore::instance()->getServerManagerModel();
  QObject::connect(model, &pqServerManagerModel::viewAdded, this, csroOrderColumns);
  // (a plugin may come before the window)
  QTimer::singleShot(0, this, &csroWindow::FollowWindow);
}

void csroWindow::FollowWindow() {
  auto *window = qobject_cast<QMainWindow *>(pqCoreUtilities::mainWidget());
  if (!window)
    return;
  this->AddActions(window);
  this->Abort = new csroAbort(window, this);
  new csroPick(window, this);
  new csroChangedFile(window);
  SayLoading(window);
  for (pqPropertiesPanel *panel : window->findChildren<pqPropertiesPanel *>()) {
    QObject::connect(panel, QOverload<>::of(&pqPropertiesPanel::applied), this,
                     &csroWindow::OnApplied);
    QTimer::singleShot(0, panel, [window, panel] { WidenPanel(window, panel); });
    QObject::connect(&pqActiveObjects::instance(), &pqActiveObjects::portChanged, panel,
                     [panel] { QTimer::singleShot(0, panel, [panel] { csroLabelPanel(panel); }); });
  }
}

// A menu before Help, and a toolbar.
void csroWindow::AddActions(QMainWindow *window) {
  auto *analysis = new QAction(QIcon(":/csro/icons/analysis.svg"), "CSRO &Analysis...", this);
  analysis->setObjectName("csroAnalysis");
  analysis->setToolTip(
      "CSRO Analysis: from a file of ions to domains and their randomised copies in one step");
  QObject::connect(analysis, &QAction::triggered, this, [window] {
    csroAnalysisDialog dialog(window);
    dialog.exec();
  });
  auto *menu = new QMenu("CSR&O", window);
  menu->setObjectName("csroMenu");
  menu->addAction(analysis);
  QAction *report = menu->addAction("&Report...");
  report->setObjectName("csroReport");
  QObject::connect(report, &QAction::triggered, this, [window] { csroSaveReport(window); });
  const QList<QAction *> menus = window->menuBar()->actions();
  window->menuBar()->insertMenu(menus.isEmpty() ? nullptr : menus.back(), menu);
  QToolBar *bar = window->addToolBar("APT CSRO");
  bar->setObjectName("csroToolBar");
  bar->addAction(analysis);
}

// Filters that were made for others have been executed with them. One that has failed is as before
// its first Apply: the next one shows its outputs as that would have.
void csroWindow::OnApplied() {
  pqServerManagerModel *model = pqApplicationCore::instance()->getServerManagerModel();
  const auto sources = model->findItems<pqPipelineSource *>();
  for (pqPipelineSource *source : sources) {
    if (!csroIsOurs(source->getProxy()))
      continue;
    const bool is_new = source->modifiedState() == pqProxy::UNINITIALIZED;
    const bool has_data = HasData(source);
    if (is_new && has_data) {
      ShowCharts(source);
      source->setModifiedState(pqProxy::UNMODIFIED);
    } else if (!is_new && !has_data && source->getViews().isEmpty()) {
      source->setModifiedState(pqProxy::UNINITIALIZED);
    }
  }
  this->Abort->OnApplied();
  csroHideColorsOfDomains();
  const int views = model->getNumberOfItems<pqView *>();
  if (views > this->Views)
    Return3D();
  this->Views = views;
  RaiseTab(pqActiveObjects::instance().activeSource());
}

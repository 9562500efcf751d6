#include "Pick.h"

#include "DataKinds.h"
#include "PickData.h"

#include <pqActiveObjects.h>
#include <pqApplicationCore.h>
#include <pqOutputPort.h>
#include <pqPVApplicationCore.h>
#include <pqPipelineSource.h>
#include <pqSelectionManager.h>
#include <pqServerManagerModel.h>

#include <vtkDataSet.h>
#include <vtkDataSetAttributes.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMSessionProxyManager.h>
#include <vtkSMSourceProxy.h>
#include <vtkSelectionNode.h>
#include <vtkSmartPointer.h>
#include <vtkTable.h>

#include <QSignalBlocker>
#include <QTimer>

#include <cstring>
#include <vector>

namespace {
constexpr size_t MostVoxels = 1000; // that are explained

vtkDataObject *Selected(pqOutputPort *port) {
  vtkSMSourceProxy *source = port->getSourceProxy();
  const auto number = static_cast<unsigned int>(port->getPortNumber());
  if (!source->GetSelectionInput(number))
    return nullptr;
  vtkSMSourceProxy *extracted = source->GetSelectionOutput(number);
  if (!extracted)
    return nullptr;
  extracted->UpdatePipeline();
  return csroOutputOf(extracted, 0);
}

// The filter that has found domains.
struct Detector {
  csroOutput Ions, Table;
};

// That which an output with domains comes from.
Detector DetectorOf(const csroOutput &output) {
  Detector found;
  found.Table = csroFindKind(output, "reports");
  for (unsigned int port = 0;
       found.Table.Source && port < found.Table.Source->GetNumberOfOutputPorts(); ++port)
    if (csroIsKind({found.Table.Source, port}, "domains"))
      found.Ions = {found.Table.Source, port};
  return found;
}

pqPipelineSource *Item(vtkSMSourceProxy *source) {
  return pqApplicationCore::instance()->getServerManagerModel()->findItem<pqPipelineSource *>(
      source);
}

// Domain ions, and what ParaView's own filters have made of them.
void AddWithDomains(pqOutputPort *port, QList<pqOutputPort *> &ports) {
  auto *points = vtkDataSet::SafeDownCast(
      csroOutputOf(port->getSourceProxy(), static_cast<unsigned int>(port->getPortNumber())));
  if (!points || !points->GetPointData()->GetArray("DomainId") || ports.contains(port))
    return;
  ports << port;
  const QList<pqPipelineSource *> users = port->getConsumers();
  for (pqPipelineSource *user : users)
    for (int i = 0; !csroIsOurs(user->getProxy()) && i < user->getNumberOfOutputPorts(); ++i)
      AddWithDomains(user->getOutputPort(i), ports);
}

vtkSmartPointer<vtkSMProxy> NewProxy(pqOutputPort *port, const char *group, const char *name) {
  return vtkSmartPointer<vtkSMProxy>::Take(
      port->getSourceProxy()->GetSessionProxyManager()->NewProxy(group, name));
}

// ParaView's selection manager would take it for what the user has selected, and clear the others.
void SetQuietly(pqOutputPort *port, vtkSMProxy *selection) {
  const QSignalBlocker quiet(port->getSource());
  const auto number = static_cast<unsigned int>(port->getPortNumber());
  if (selection)
    port->getSourceProxy()->SetSelectionInput(number, vtkSMSourceProxy::SafeDownCast(selection), 0);
  else
    port->getSourceProxy()->CleanSelectionInputs(number);
}

// Values of an array that are selected, as ranges.
void Select(pqOutputPort *port, const char *array, int field, const csroDomainSet &domains) {
  const auto made = NewProxy(port, "sources", "ThresholdSelectionSource");
  const auto all = NewProxy(port, "filters", "AppendSelections");
  if (!made || !all)
    return;
  vtkSMPropertyHelper(made, "ArrayName").Set(array);
  vtkSMPropertyHelper(made, "FieldType").Set(field);
  std::vector<double> ranges;
  for (const vtkIdType domain : domains) {
    const auto value = static_cast<double>(domain);
    if (ranges.empty() || ranges.back() != value - 1)
      ranges.insert(ranges.end(), {value, value});
    else
      ranges.back() = value;
  }
  vtkSMPropertyHelper(made, "Thresholds")
      .Set(ranges.data(), static_cast<unsigned int>(ranges.size()));
  made->UpdateVTKObjects();
  vtkSMPropertyHelper(all, "Input").Set(made);
  vtkSMPropertyHelper(all, "SelectionNames").Set("s0");
  vtkSMPropertyHelper(all, "Expression").Set("s0");
  all->UpdateVTKObjects();
  SetQuietly(port, all);
}
} // namespace

csroPick::csroPick(QMainWindow *window, QObject *parent)
    : QObject(parent), Widget(new csroPickWidget(window)) {
  QObject::connect(pqPVApplicationCore::instance()->selectionManager(),
                   &pqSelectionManager::selectionChanged, this, &csroPick::OnSelected);
  QObject::connect(&pqActiveObjects::instance(), &pqActiveObjects::portChanged, this,
                   [this] { this->Widget->Lower(); });
}

void csroPick::Unselect() {
  for (const auto &port : this->Linked)
    if (port)
      SetQuietly(port, nullptr);
  this->Linked.clear();
}

// (in the middle of the selection that tells of it)
void csroPick::OnSelected(pqOutputPort *port) {
  if (!this->IsWaiting)
    QTimer::singleShot(1, this, &csroPick::Show);
  this->IsWaiting = true;
  this->Picked = port;
}

void csroPick::Show() {
  this->IsWaiting = false;
  const QPointer<pqOutputPort> port = this->Picked;
  const vtkSmartPointer<vtkDataObject> selected(port ? Selected(port) : nullptr);
  this->Linked.removeAll(port);
  if (!selected) {
    this->Unselect();
    this->Widget->Clear();
  } else {
    const csroOutput output{port->getSourceProxy(),
                            static_cast<unsigned int>(port->getPortNumber())};
    if (!this->ShowDomains(output, selected) && !this->ShowVoxels(output, selected))
      this->Unselect();
  }
  pqApplicationCore::instance()->render();
}

bool csroPick::ShowDomains(const csroOutput &output, vtkDataObject *selected) {
  const csroDomainSet domains = csroDomainsIn(selected);
  const Detector detector = DetectorOf(output);
  if (domains.empty() || !detector.Ions.Source)
    return false;
  QList<pqOutputPort *> ports;
  AddWithDomains(Item(detector.Ions.Source)->getOutputPort(static_cast<int>(detector.Ions.Port)),
                 ports);
  this->Unselect();
  for (pqOutputPort *port : ports)
    Select(port, "DomainId", vtkSelectionNode::POINT, domains);
  pqOutputPort *table =
      Item(detector.Table.Source)->getOutputPort(static_cast<int>(detector.Table.Port));
  Select(table, "Domain", vtkSelectionNode::ROW, domains);
  ports << table;
  for (pqOutputPort *port : ports)
    this->Linked << port;
  auto *rows = vtkTable::SafeDownCast(csroOutputOf(detector.Table.Source, detector.Table.Port));
  auto *ions = vtkPointSet::SafeDownCast(csroOutputOf(detector.Ions.Source, detector.Ions.Port));
  if (!rows || !ions)
    return true;
  this->Widget->Show(csroDomainText(rows, domains), csroDomainCurves(ions, domains),
                     domains.size() == 1 ? "z-SDM of the domain (pairs)"
                                         : "z-SDM of the domains (pairs)");
  return true;
}

bool csroPick::ShowVoxels(const csroOutput &output, vtkDataObject *selected) {
  auto *points = vtkDataSet::SafeDownCast(selected);
  const csroOutput pixels = csroFindKind(output, "pixels");
  if (!points || !pixels.Source || std::strcmp(pixels.Source->GetXMLName(), "ClassifyCSRO") != 0)
    return false;
  auto *grid = vtkDataSet::SafeDownCast(csroOutputOf(pixels.Source, 0));
  csroExplained explained;
  if (!grid || !csroExplain(pixels.Source, csroVoxelsAt(grid, points, MostVoxels), &explained))
    return false;
  this->Unselect();
  this->Widget->Show(explained.Text, explained.Counted, "z-SDM (pairs)", explained.Seen,
                     "What the networks see, and look at");
  return true;
}

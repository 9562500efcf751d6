#include "SheetColumns.h"

#include "DataKinds.h"

#include <pqDataRepresentation.h>
#include <pqOutputPort.h>
#include <pqPipelineSource.h>
#include <pqSpreadSheetView.h>
#include <pqSpreadSheetViewModel.h>

#include <vtkAlgorithm.h>
#include <vtkSMSourceProxy.h>
#include <vtkTable.h>

#include <QHeaderView>
#include <QPointer>
#include <QStringList>
#include <QTableView>
#include <QTimer>

namespace {
// As in the table, where it is in this process; else what the tables of domains begin with.
QStringList ColumnsOf(pqDataRepresentation *shown) {
  pqOutputPort *port = shown ? shown->getOutputPortFromInput() : nullptr;
  vtkSMProxy *source = port ? port->getSource()->getProxy() : nullptr;
  if (!source || !csroIsOurs(source))
    return {};
  auto *filter = vtkAlgorithm::SafeDownCast(source->GetClientSideObject());
  auto *table =
      filter ? vtkTable::SafeDownCast(filter->GetOutputDataObject(port->getPortNumber())) : nullptr;
  QStringList names;
  for (vtkIdType i = 0; table && i < table->GetNumberOfColumns(); ++i)
    names << table->GetColumnName(i);
  return filter ? names : QStringList{"Domain", "Size", "Probability", "FDR"};
}

// Row numbers and the like stay in front.
void Arrange(pqSpreadSheetView *view) {
  pqSpreadSheetViewModel *model = view->getViewModel();
  auto *table = view->widget()->findChild<QTableView *>();
  const QStringList names = ColumnsOf(model->activeRepresentation());
  if (!table || names.isEmpty())
    return;
  QHeaderView *header = table->horizontalHeader();
  QStringList labels;
  for (int column = 0; column < model->columnCount(); ++column)
    labels << model->headerData(column, Qt::Horizontal).toString();
  int place = 0;
  while (place < labels.size() && !names.contains(labels[header->logicalIndex(place)]))
    ++place;
  for (const QString &name : names) {
    const int column = labels.indexOf(name);
    if (column >= 0)
      header->moveSection(header->visualIndex(column), place++);
  }
}
} // namespace

void csroOrderColumns(pqView *view) {
  QPointer<pqSpreadSheetView> sheet = qobject_cast<pqSpreadSheetView *>(view);
  if (!sheet)
    return;
  pqSpreadSheetViewModel *model = sheet->getViewModel();
  const auto follow = [sheet] { QTimer::singleShot(0, sheet, [sheet] { Arrange(sheet); }); };
  QObject::connect(model, &QAbstractItemModel::modelReset, sheet.data(), follow);
  QObject::connect(model, &QAbstractItemModel::headerDataChanged, sheet.data(), follow);
  QObject::connect(model, &QAbstractItemModel::columnsInserted, sheet.data(), follow);
  QObject::connect(model, &QAbstractItemModel::layoutChanged, sheet.data(), follow);
  follow();
}

#include "PickData.h"

#include "vtkComputeZSDM.h"
#include "vtkExplainCSRO.h"

#include <vtkAlgorithm.h>
#include <vtkDataArray.h>
#include <vtkDataSet.h>
#include <vtkDataSetAttributes.h>
#include <vtkFieldData.h>
#include <vtkIdTypeArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMSourceProxy.h>
#include <vtkStringArray.h>
#include <vtkTable.h>

#include <cmath>
#include <cstring>

namespace {
constexpr int CurveBins = 100;
constexpr size_t MostRows = 20;
const QColor Colors[] = {{31, 119, 180},  {214, 39, 40},  {44, 160, 44},
                         {148, 103, 189}, {255, 127, 14}, {23, 190, 207}};
constexpr int ColorCount = sizeof Colors / sizeof *Colors;
const QColor ActivationColor(220, 60, 20);

// The colour of an element in the range file, for a pair of it ("Ni-Ni").
QColor ColorOf(vtkDataObject *ions, const QString &pair, int index) {
  auto *names =
      vtkStringArray::SafeDownCast(ions->GetFieldData()->GetAbstractArray("SpeciesNames"));
  vtkDataArray *colors = ions->GetFieldData()->GetArray("SpeciesColors");
  const QStringList both = pair.split('-');
  for (vtkIdType i = 0; names && colors && both.size() == 2 && both[0] == both[1] &&
                        i < names->GetNumberOfValues() && i < colors->GetNumberOfTuples();
       ++i)
    if (both[0] == names->GetValue(i).c_str())
      return QColor::fromRgbF(colors->GetComponent(i, 0), colors->GetComponent(i, 1),
                              colors->GetComponent(i, 2));
  return Colors[index % ColorCount];
}

std::vector<double> Column(vtkTable *table, const char *name) {
  std::vector<double> values;
  auto *column = vtkDataArray::SafeDownCast(table->GetColumnByName(name));
  for (vtkIdType i = 0; column && i < column->GetNumberOfTuples(); ++i)
    values.push_back(column->GetComponent(i, 0));
  return values;
}

// Every column of a table over dz_nm.
std::vector<csroCurve> CurvesOf(vtkTable *table, vtkDataObject *ions) {
  std::vector<csroCurve> curves;
  const std::vector<double> x = Column(table, "dz_nm");
  for (vtkIdType c = 0; c < table->GetNumberOfColumns(); ++c) {
    const QString name = table->GetColumn(c)->GetName();
    if (name == "dz_nm" || !vtkDataArray::SafeDownCast(table->GetColumn(c)))
      continue;
    csroCurve curve;
    curve.Name = name;
    curve.Color = ColorOf(ions, name, static_cast<int>(curves.size()));
    curve.X = x;
    curve.Y = Column(table, table->GetColumn(c)->GetName());
    curves.push_back(curve);
  }
  return curves;
}

QString Number(double value) {
  return std::isfinite(value) ? QString::number(value, 'g', 4) : QString("undefined");
}

QString Row(const QString &name, const QString &value) {
  return "<tr><td>" + name.toHtmlEscaped() + "&nbsp;&nbsp;</td><td>" + value.toHtmlEscaped() +
         "</td></tr>";
}

// Composition of a row, as in "Ni 45.1 %, Co 30.2 %".
QString Composition(vtkTable *table, vtkIdType row) {
  QStringList parts;
  for (vtkIdType c = 0; c < table->GetNumberOfColumns(); ++c) {
    const QString name = table->GetColumn(c)->GetName();
    auto *column = vtkDataArray::SafeDownCast(table->GetColumn(c));
    if (column && name.startsWith("Fraction_") && column->GetComponent(row, 0) > 0)
      parts << name.mid(9) + " " + QString::number(100 * column->GetComponent(row, 0), 'f', 1) +
                   " %";
  }
  return parts.join(", ");
}

QString Cell(vtkTable *table, const char *name, vtkIdType row) {
  vtkAbstractArray *column = table->GetColumnByName(name);
  if (!column)
    return {};
  auto *numbers = vtkDataArray::SafeDownCast(column);
  return numbers ? Number(numbers->GetComponent(row, 0))
                 : QString::fromStdString(column->GetVariantValue(row).ToString());
}

// All of one domain: composition first, then each other column that has no part in it.
QString WholeRow(vtkTable *table, vtkIdType row) {
  QString text = "<p><b>Domain " + Cell(table, "Domain", row) +
                 "</b>: " + Cell(table, "Size", row) + " ions</p><p>" +
                 Composition(table, row).toHtmlEscaped() + "</p><table>";
  for (vtkIdType c = 0; c < table->GetNumberOfColumns(); ++c) {
    const QString name = table->GetColumn(c)->GetName();
    if (name != "Domain" && name != "Size" && !name.startsWith("Fraction_"))
      text += Row(name, Cell(table, table->GetColumn(c)->GetName(), row));
  }
  return text + "</table>";
}
} // namespace

vtkDataObject *csroOutputOf(vtkSMSourceProxy *source, unsigned int port) {
  auto *algorithm = source ? vtkAlgorithm::SafeDownCast(source->GetClientSideObject()) : nullptr;
  return algorithm ? algorithm->GetOutputDataObject(static_cast<int>(port)) : nullptr;
}

csroDomainSet csroDomainsIn(vtkDataObject *selected) {
  vtkDataArray *ids = nullptr;
  if (auto *table = vtkTable::SafeDownCast(selected))
    ids = vtkDataArray::SafeDownCast(table->GetColumnByName("Domain"));
  else if (auto *points = vtkDataSet::SafeDownCast(selected))
    ids = points->GetPointData()->GetArray("DomainId");
  csroDomainSet domains;
  for (vtkIdType i = 0; ids && i < ids->GetNumberOfTuples(); ++i)
    if (ids->GetComponent(i, 0) >= 0)
      domains.insert(static_cast<vtkIdType>(ids->GetComponent(i, 0)));
  return domains;
}

QString csroDomainText(vtkTable *table, const csroDomainSet &domains) {
  const std::vector<double> numbers = Column(table, "Domain"), sizes = Column(table, "Size");
  QString rows;
  size_t found = 0;
  double ions = 0;
  vtkIdType last = -1;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (domains.count(static_cast<vtkIdType>(numbers[i])) == 0)
      continue;
    last = static_cast<vtkIdType>(i);
    ions += sizes[i];
    if (++found <= MostRows)
      rows += "<tr><td>" + Number(numbers[i]) + "&nbsp;</td><td>" + Number(sizes[i]) +
              "&nbsp;</td><td>" + Composition(table, last).toHtmlEscaped() + "</td></tr>";
  }
  if (found == 0)
    return "<p>No domain is selected.</p>";
  if (found == 1)
    return WholeRow(table, last);
  return QString("<p><b>%1 domains</b>: %2 ions</p><table><tr><td>Domain&nbsp;</td>"
                 "<td>Ions&nbsp;</td><td>Composition</td></tr>%3</table>%4")
      .arg(found)
      .arg(ions)
      .arg(rows,
           found > MostRows ? QString("<p>and %1 more</p>").arg(found - MostRows) : QString());
}

std::vector<csroCurve> csroDomainCurves(vtkPointSet *ions, const csroDomainSet &domains) {
  vtkDataArray *ids = ions->GetPointData()->GetArray("DomainId");
  if (!ids || !ions->GetPointData()->GetArray("Species"))
    return {};
  vtkNew<vtkIdList> members;
  for (vtkIdType i = 0; i < ids->GetNumberOfTuples(); ++i)
    if (domains.count(static_cast<vtkIdType>(ids->GetComponent(i, 0))) > 0)
      members->InsertNextId(i);
  vtkNew<vtkPolyData> some;
  vtkNew<vtkPoints> points;
  points->SetDataType(ions->GetPoints()->GetDataType());
  ions->GetPoints()->GetPoints(members, points);
  some->SetPoints(points);
  some->GetPointData()->CopyAllocate(ions->GetPointData(), members->GetNumberOfIds());
  for (vtkIdType i = 0; i < members->GetNumberOfIds(); ++i)
    some->GetPointData()->CopyData(ions->GetPointData(), members->GetId(i), i);
  for (const char *name : {"SpeciesNames", "SpeciesColors"})
    if (vtkAbstractArray *array = ions->GetFieldData()->GetAbstractArray(name))
      some->GetFieldData()->AddArray(array);
  vtkNew<vtkComputeZSDM> zsdm;
  zsdm->SetInputDataObject(some);
  zsdm->SetBins(CurveBins);
  zsdm->Update();
  return CurvesOf(vtkTable::SafeDownCast(zsdm->GetOutputDataObject(1)), some);
}

std::vector<vtkIdType> csroVoxelsAt(vtkDataSet *voxels, vtkDataSet *selected, size_t most) {
  auto *grid = vtkImageData::SafeDownCast(voxels);
  std::set<vtkIdType> found;
  for (vtkIdType i = 0; grid && i < selected->GetNumberOfPoints() && found.size() < most; ++i) {
    double at[3];
    selected->GetPoint(i, at);
    const vtkIdType voxel = grid->FindPoint(at);
    if (voxel >= 0)
      found.insert(voxel);
  }
  return {found.begin(), found.end()};
}

bool csroExplain(vtkSMSourceProxy *classify, const std::vector<vtkIdType> &voxels,
                 csroExplained *explained) {
  auto *grid = vtkImageData::SafeDownCast(csroOutputOf(classify, 0));
  if (!grid || voxels.empty())
    return false;
  vtkNew<vtkExplainCSRO> explain;
  explain->SetInputDataObject(grid);
  for (const vtkIdType voxel : voxels)
    explain->AddVoxelId(voxel);
  const auto number = [classify](const char *name) {
    return vtkSMPropertyHelper(classify, name).GetAsInt();
  };
  explain->SetShippedModel(number("ShippedModel"));
  explain->SetPreprocessing(number("Preprocessing"));
  explain->SetMinimumCounts(number("MinimumCounts"));
  explain->SetModelFile(vtkSMPropertyHelper(classify, "ModelFile").GetAsString());
  explain->Update();
  auto *table = vtkTable::SafeDownCast(explain->GetOutputDataObject(1));
  if (!table || table->GetNumberOfRows() == 0)
    return false;
  explained->Seen = CurvesOf(table, grid);
  for (csroCurve &curve : explained->Seen) {
    curve.IsFilled = curve.Name.startsWith("Activation");
    if (curve.IsFilled)
      curve.Color = ActivationColor;
  }
  // counts: the sum over the voxels
  vtkDataArray *centers = grid->GetFieldData()->GetArray("zSDM_BinCenters");
  QString numbers;
  for (int a = 0; a < grid->GetPointData()->GetNumberOfArrays(); ++a) {
    vtkDataArray *array = grid->GetPointData()->GetArray(a);
    const QString name = array ? array->GetName() : "";
    if (name.startsWith("zSDM_") && centers) {
      csroCurve curve;
      curve.Name = name.mid(5).replace('_', '-');
      curve.Color = Colors[explained->Counted.size() % ColorCount];
      for (int bin = 0; bin < array->GetNumberOfComponents(); ++bin) {
        curve.X.push_back(centers->GetComponent(bin, 0));
        curve.Y.push_back(0);
        for (const vtkIdType voxel : voxels)
          curve.Y.back() += array->GetComponent(voxel, bin);
      }
      explained->Counted.push_back(curve);
    } else if (voxels.size() == 1 && array && array->GetNumberOfComponents() == 1) {
      numbers += Row(name, Number(array->GetComponent(voxels[0], 0)));
    }
  }
  double at[3];
  grid->GetPoint(voxels[0], at);
  explained->Text =
      voxels.size() == 1
          ? QString("<p><b>Voxel %1</b> at %2, %3, %4 nm</p><table>%5</table>")
                .arg(voxels[0])
                .arg(at[0])
                .arg(at[1])
                .arg(at[2])
                .arg(numbers)
          : QString("<p><b>%1 voxels</b>: sums of their counts, means of what the networks "
                    "see</p>")
                .arg(voxels.size());
  return true;
}

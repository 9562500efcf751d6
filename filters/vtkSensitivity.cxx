#include "vtkSensitivity.h"

#include "data/FieldArrays.h"
#include "data/IonArrays.h"
#include "data/TableColumns.h"
#include "data/ValueList.h"
#include "parallel/Exchange.h"

#include "csro/sensitivity.h"

#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

vtkStandardNewMacro(vtkSensitivity);

namespace {
enum InputPort { REPORTS, PLANTED, DOMAIN_IONS, DOMAINS, INPUTS };

// Columns of a table of reports. Inside a local section.
struct Reports {
  std::vector<double> Diameter, Probability, Evidence, Strength;
  std::vector<std::array<double, 3>> Center;
  std::vector<int64_t> Number; // of each row of the table: of the report, -1 for other periods

  csro_reports View(double volume) const {
    csro_reports view{};
    view.count = static_cast<int64_t>(this->Diameter.size());
    view.diameter = this->Diameter.data();
    view.probability = this->Probability.data();
    view.evidence = this->Evidence.data();
    view.strength = this->Strength.data();
    view.center = reinterpret_cast<const double(*)[3]>(this->Center.data());
    view.volume = volume;
    return view;
  }
};

std::vector<double> ReadColumn(csro::Call &call, vtkTable *table, const char *name,
                               const char *what) {
  std::vector<double> values(table->GetNumberOfRows());
  if (values.empty())
    return values;
  auto *column = vtkDataArray::SafeDownCast(table->GetColumnByName(name));
  if (!column || column->GetNumberOfComponents() != 1)
    call.Fail(CSRO_ERROR_DATA,
              std::string("the table of the ") + what + " has no column of numbers " + name);
  for (size_t row = 0; row < values.size(); ++row)
    values[row] = column->GetComponent(static_cast<vtkIdType>(row), 0);
  return values;
}

// Of domains with this period, in planes: those with another are found by another search.
Reports ReadReports(csro::Call &call, vtkTable *table, double period) {
  static const char *const names[] = {"Diameter_nm", "Probability", "Evidence",   "OrderStrength",
                                      "CenterX_nm",  "CenterY_nm",  "CenterZ_nm", "Period_planes"};
  std::array<std::vector<double>, 8> columns;
  for (size_t k = 0; k < columns.size(); ++k)
    columns[k] = ReadColumn(call, table, names[k], "reported domains");
  const auto &[diameter, probability, evidence, strength, x, y, z, periods] = columns;
  Reports reports;
  for (size_t row = 0; row < diameter.size(); ++row) {
    reports.Number.push_back(periods[row] == period ? static_cast<int64_t>(reports.Diameter.size())
                                                    : -1);
    if (periods[row] != period)
      continue;
    reports.Diameter.push_back(diameter[row]);
    reports.Probability.push_back(probability[row]);
    reports.Evidence.push_back(evidence[row]);
    reports.Strength.push_back(strength[row]);
    reports.Center.push_back({x[row], y[row], z[row]});
  }
  return reports;
}

// What is known of the ions of reports.
struct DomainIons {
  std::vector<int64_t> Report, Truth; // DomainId, TrueDomainId
  std::vector<double> Position;       // x, y, z of each
};

// Those of all ranks, on rank 0. Collective.
DomainIons CollectIons(csro::Call &call, vtkPointSet *ions) {
  DomainIons all;
  call.RunLocal([&] {
    const csro::IonView view = csro::ViewPoints(ions);
    const std::pair<const char *, std::vector<int64_t> *> numbers[] = {
        {"DomainId", &all.Report}, {"TrueDomainId", &all.Truth}};
    for (const auto &[name, values] : numbers) {
      vtkDataArray *array = ions->GetPointData()->GetArray(name);
      if (view.Points.count > 0 && (!array || array->GetNumberOfComponents() != 1))
        call.Fail(CSRO_ERROR_DATA, std::string("the domain ions have no point array ") + name +
                                       "; expected what Detect Order reports of ions from Inject "
                                       "Order");
      for (int64_t i = 0; i < view.Points.count; ++i)
        values->push_back(static_cast<int64_t>(array->GetComponent(view.Point(i), 0)));
    }
    for (int64_t i = 0; i < view.Points.count; ++i) {
      double r[3];
      csro_points_get(&view.Points, i, r);
      all.Position.insert(all.Position.end(), r, r + 3);
    }
  });
  return {csro::GatherOnFirst(call, std::move(all.Report)),
          csro::GatherOnFirst(call, std::move(all.Truth)),
          csro::GatherOnFirst(call, std::move(all.Position))};
}

// All injections, on rank 0.
struct Injections {
  std::vector<csro_planted> Planted;
  double Period = 0; // in planes; 0: nothing was planted yet
  double Volume = 0; // of the ions, mean
};

// data: the table of the reports in the data. Inside a local section, on rank 0.
void AddInjection(csro::Call &call, vtkTable *data, vtkTable *table, vtkTable *found,
                  DomainIons ions, Injections &all) {
  const std::vector<double> diameter = ReadColumn(call, table, "Diameter_nm", "planted domains");
  const std::vector<double> order = ReadColumn(call, table, "Order", "planted domains");
  for (const double period : ReadColumn(call, table, "Period_planes", "planted domains")) {
    if (all.Period > 0 && period != all.Period)
      call.Fail(CSRO_ERROR_ARGUMENT, "domains with periods of several numbers of planes are "
                                     "planted: each period has a sensitivity of its own");
    all.Period = period;
  }
  const Reports reported = ReadReports(call, found, all.Period);
  for (int64_t &report : ions.Report)
    if (report >= 0 && report < static_cast<int64_t>(reported.Number.size()))
      report = reported.Number[report];
  const Reports before = ReadReports(call, data, all.Period);
  const csro_reports view = reported.View(0), beside = before.View(0);
  const auto count = static_cast<int64_t>(ions.Report.size());
  const csro_points points{ions.Position.data(), true, count};
  call.Check(csro_sensitivity_neighbours(call.Context(), &beside, &points, ions.Truth.data()));
  std::vector<csro_true_domain> domains(diameter.size());
  for (size_t i = 0; i < domains.size(); ++i)
    domains[i].diameter = diameter[i];
  std::vector<csro_planted> planted(domains.size());
  call.Check(csro_sensitivity_match(call.Context(), count, ions.Report.data(), ions.Truth.data(),
                                    &view, static_cast<int64_t>(domains.size()), domains.data(),
                                    order.data(), planted.data()));
  all.Planted.insert(all.Planted.end(), planted.begin(), planted.end());
  const std::vector<double> volume = csro::GetNumbers(table, "PlantedVolume_nm3");
  if (volume.size() != 1)
    call.Fail(CSRO_ERROR_DATA, "the table of the planted domains has no field array "
                               "PlantedVolume_nm3; expected the second output of Inject Order");
  all.Volume += volume[0];
}

void PutRows(const std::vector<csro_sensitivity_row> &rows, vtkTable *table) {
  csro::Columns columns(table);
  const auto put = [&](const char *name, auto value) {
    columns.Numbers(name, rows.size(), [&](size_t i) { return value(rows[i]); });
  };
  using Row = csro_sensitivity_row;
  put("From_nm", [](const Row &row) { return row.low; });
  put("To_nm", [](const Row &row) { return row.high; });
  columns.Counts("Planted", rows.size(), [&](size_t i) { return rows[i].planted; });
  put("Recall", [](const Row &row) { return row.recall.value; });
  put("RecallLow", [](const Row &row) { return row.recall.low; });
  put("RecallHigh", [](const Row &row) { return row.recall.high; });
  put("Density_nm3", [](const Row &row) { return row.density.value; });
  put("DensityLow_nm3", [](const Row &row) { return row.density.low; });
  put("DensityHigh_nm3", [](const Row &row) { return row.density.high; });
}
} // namespace

vtkSensitivity::vtkSensitivity() {
  this->SetNumberOfInputPorts(INPUTS);
  this->SetNumberOfOutputPorts(1);
  this->Need(PLANTED, "no planted domains: choose the second output of Inject Order as Planted");
  this->Need(DOMAIN_IONS, "no domain ions: choose the second output of Detect Order on the ions of "
                          "Inject Order as DomainIons");
  this->Need(DOMAINS, "no domains found with planted ones: choose the third output of Detect Order "
                      "on the ions of Inject Order as Domains");
  this->Expect("DiameterEdges", this->DiameterEdges, 0, 1000, "nm");
  this->Expect("Level", this->Level, 0.5, 0.999);
}

void vtkSensitivity::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "DiameterEdges:";
  for (const double edge : this->DiameterEdges)
    os << " " << edge;
  os << "\n" << indent << "Level: " << this->Level << "\n";
}

void vtkSensitivity::SetDiameterEdgeCount(int count) {
  csro::SetValueCount(this->DiameterEdges, count);
  this->Modified();
}

void vtkSensitivity::SetDiameterEdge(int index, double diameter) {
  csro::SetValueAt(this->DiameterEdges, index, diameter);
  this->Modified();
}

void vtkSensitivity::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(),
            port == DOMAIN_IONS ? "vtkPointSet" : "vtkTable");
  if (port != REPORTS)
    info->Set(vtkAlgorithm::INPUT_IS_REPEATABLE(), 1);
}

int vtkSensitivity::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkSensitivity::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  const int count = inputs[PLANTED]->GetNumberOfInformationObjects();
  call.RunLocal([&] {
    for (const int port : {DOMAIN_IONS, DOMAINS})
      if (inputs[port]->GetNumberOfInformationObjects() != count)
        call.Fail(CSRO_ERROR_ARGUMENT,
                  std::to_string(count) + " tables of planted domains, and " +
                      std::to_string(inputs[port]->GetNumberOfInformationObjects()) +
                      (port == DOMAINS ? " tables of" : " sets of ions of") +
                      " domains found with them: expected one for each");
    for (size_t i = 1; i < this->DiameterEdges.size(); ++i)
      if (!(this->DiameterEdges[i] > this->DiameterEdges[i - 1]))
        call.Fail(CSRO_ERROR_ARGUMENT, "DiameterEdges: expected diameters that rise");
  });
  Injections all;
  for (int k = 0; k < count; ++k) {
    DomainIons ions = CollectIons(call, vtkPointSet::GetData(inputs[DOMAIN_IONS], k));
    call.RunLocal([&] {
      if (call.Rank() == 0)
        AddInjection(call, vtkTable::GetData(inputs[REPORTS]),
                     vtkTable::GetData(inputs[PLANTED], k), vtkTable::GetData(inputs[DOMAINS], k),
                     std::move(ions), all);
    });
  }
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    const Reports reports = ReadReports(call, vtkTable::GetData(inputs[REPORTS]), all.Period);
    const csro_reports found = reports.View(all.Volume / count);
    const csro_size_classes classes{static_cast<int>(this->DiameterEdges.size()),
                                    this->DiameterEdges.data()};
    const auto planted = static_cast<int64_t>(all.Planted.size());
    std::vector<csro_sensitivity_row> rows(csro_sensitivity_rows(&classes));
    csro_sensitivity measured;
    call.Check(csro_sensitivity_measure(call.Context(), planted, all.Planted.data(), &found,
                                        &classes, this->Level, rows.data(), &measured));
    char text[CSRO_SENSITIVITY_TEXT];
    csro_sensitivity_text(&classes, rows.data(), &measured, this->Level, text);
    vtkTable *output = vtkTable::GetData(outputs);
    PutRows(rows, output);
    csro::PutNumbers(output, "DetectionLimit_nm",
                     {measured.limit.value, measured.limit.low, measured.limit.high});
    csro::PutNumbers(output, "Order",
                     {measured.order.value, measured.order.low, measured.order.high});
    csro::PutTexts(output, "Sensitivity", {text});
  });
}

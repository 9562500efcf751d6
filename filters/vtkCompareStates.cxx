#include "vtkCompareStates.h"

#include "data/TableColumns.h"
#include "parallel/FilterCall.h"

#include "csro/states.h"

#include <vtkAbstractArray.h>
#include <vtkDataArray.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkTable.h>
#include <vtkVariant.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

vtkStandardNewMacro(vtkCompareStates);

namespace {
struct Quantity {
  std::string Name;
  std::vector<double> Values; // by data set
};

// Two states in one quantity.
struct Difference {
  std::string Quantity, A, B;
  csro_state_difference Found;
};

std::string SentenceOf(const Difference &d) {
  char text[300];
  const double p = d.Found.p_exact;
  std::snprintf(text, sizeof text, "%s less %s: %.3g (95 %%: %.3g to %.3g), p = %.3g: %s",
                d.B.c_str(), d.A.c_str(), d.Found.difference, d.Found.low, d.Found.high, p,
                p <= 0.05 ? "more than the scatter of the data sets"
                          : "no more than their scatter");
  return text;
}
} // namespace

// The input, by column and state.
struct vtkCompareStates::Table {
  std::vector<std::string> States;    // in the order of their first data set
  std::vector<size_t> StateOf;        // of each data set
  std::vector<Quantity> Quantities;   // columns of numbers
  const Quantity *Property = nullptr; // one of them

  Table(csro::Call &call, vtkTable *table, const std::string &states, const std::string &property);
  std::vector<double> Of(const Quantity &quantity, size_t state) const;
  void PutStates(vtkTable *table) const;
  void PutDifferences(csro::Call &call, uint64_t seed, vtkTable *table) const;
  void PutCorrelations(csro::Call &call, uint64_t seed, vtkTable *table) const;
};

vtkCompareStates::Table::Table(csro::Call &call, vtkTable *table, const std::string &states,
                               const std::string &property) {
  vtkAbstractArray *named = table->GetColumnByName(states.c_str());
  if (!named)
    call.Fail(CSRO_ERROR_DATA, "the table has no column " + states +
                                   ", which names the state of each data set (StateColumn)");
  for (vtkIdType row = 0; row < table->GetNumberOfRows(); ++row) {
    const std::string state = named->GetVariantValue(row).ToString();
    const auto found = std::find(this->States.begin(), this->States.end(), state);
    this->StateOf.push_back(static_cast<size_t>(found - this->States.begin()));
    if (found == this->States.end())
      this->States.push_back(state);
  }
  for (vtkIdType c = 0; c < table->GetNumberOfColumns(); ++c) {
    auto *numbers = vtkDataArray::SafeDownCast(table->GetColumn(c));
    if (!numbers || numbers == named || numbers->GetNumberOfComponents() != 1 ||
        !numbers->GetName())
      continue;
    Quantity quantity{numbers->GetName(), {}};
    for (vtkIdType row = 0; row < table->GetNumberOfRows(); ++row)
      quantity.Values.push_back(numbers->GetTuple1(row));
    this->Quantities.push_back(std::move(quantity));
  }
  if (property.empty())
    return;
  for (const Quantity &quantity : this->Quantities)
    if (quantity.Name == property)
      this->Property = &quantity;
  if (!this->Property)
    call.Fail(CSRO_ERROR_DATA, "the table has no column of numbers " + property +
                                   ", with which to correlate the others (PropertyColumn)");
}

std::vector<double> vtkCompareStates::Table::Of(const Quantity &quantity, size_t state) const {
  std::vector<double> values;
  for (size_t row = 0; row < quantity.Values.size(); ++row)
    if (this->StateOf[row] == state)
      values.push_back(quantity.Values[row]);
  return values;
}

void vtkCompareStates::Table::PutStates(vtkTable *table) const {
  csro::Columns columns(table);
  const size_t count = this->States.size();
  columns.Texts("State", count, [&](size_t state) { return this->States[state]; });
  columns.Counts("DataSets", count, [&](size_t state) {
    return std::count(this->StateOf.begin(), this->StateOf.end(), state);
  });
  for (const Quantity &quantity : this->Quantities) {
    std::vector<csro_state> found;
    for (size_t state = 0; state < count; ++state) {
      const std::vector<double> values = this->Of(quantity, state);
      found.push_back(csro_state_of(values.data(), static_cast<int64_t>(values.size())));
    }
    const auto put = [&](const std::string &name, double csro_state::*value) {
      columns.Numbers(name, count, [&](size_t state) { return found[state].*value; });
    };
    put(quantity.Name, &csro_state::mean);
    put(quantity.Name + " low", &csro_state::low);
    put(quantity.Name + " high", &csro_state::high);
    put(quantity.Name + " deviation", &csro_state::deviation);
    columns.Counts(quantity.Name + " values", count,
                   [&](size_t state) { return found[state].count; });
  }
}

void vtkCompareStates::Table::PutDifferences(csro::Call &call, uint64_t seed,
                                             vtkTable *table) const {
  std::vector<Difference> found;
  for (const Quantity &quantity : this->Quantities)
    for (size_t b = 0; b < this->States.size(); ++b)
      for (size_t a = 0; a < b; ++a) {
        const std::vector<double> first = this->Of(quantity, a), second = this->Of(quantity, b);
        Difference difference{quantity.Name, this->States[a], this->States[b], {}};
        call.Check(csro_states_compare(
            call.Context(), first.data(), static_cast<int64_t>(first.size()), second.data(),
            static_cast<int64_t>(second.size()), seed, &difference.Found));
        found.push_back(std::move(difference));
      }
  csro::Columns columns(table);
  const auto text = [&](const char *name, std::string Difference::*value) {
    columns.Texts(name, found.size(), [&](size_t row) { return found[row].*value; });
  };
  const auto number = [&](const char *name, double csro_state_difference::*value) {
    columns.Numbers(name, found.size(), [&](size_t row) { return found[row].Found.*value; });
  };
  text("Quantity", &Difference::Quantity);
  text("First", &Difference::A);
  text("Second", &Difference::B);
  number("Difference", &csro_state_difference::difference);
  number("Low", &csro_state_difference::low);
  number("High", &csro_state_difference::high);
  number("PWelch", &csro_state_difference::p_t);
  number("PExact", &csro_state_difference::p_exact);
  columns.Texts("Sentence", found.size(), [&](size_t row) { return SentenceOf(found[row]); });
}

void vtkCompareStates::Table::PutCorrelations(csro::Call &call, uint64_t seed,
                                              vtkTable *table) const {
  std::vector<std::string> names;
  std::vector<csro_correlation> found;
  for (const Quantity &quantity : this->Quantities) {
    if (!this->Property || &quantity == this->Property)
      continue;
    names.push_back(quantity.Name);
    call.Check(csro_correlate(call.Context(), this->Property->Values.data(), quantity.Values.data(),
                              static_cast<int64_t>(quantity.Values.size()), seed,
                              &found.emplace_back()));
  }
  csro::Columns columns(table);
  const auto number = [&](const char *name, double csro_correlation::*value) {
    columns.Numbers(name, found.size(), [&](size_t row) { return found[row].*value; });
  };
  columns.Texts("Quantity", found.size(), [&](size_t row) { return names[row]; });
  columns.Texts("Property", found.size(), [&](size_t) { return this->Property->Name; });
  columns.Counts("DataSets", found.size(), [&](size_t row) { return found[row].count; });
  number("R", &csro_correlation::r);
  number("RLow", &csro_correlation::low);
  number("RHigh", &csro_correlation::high);
  number("Slope", &csro_correlation::slope);
  number("SlopeError", &csro_correlation::slope_error);
  number("AtZero", &csro_correlation::at_zero);
  number("PExact", &csro_correlation::p_exact);
}

vtkCompareStates::vtkCompareStates() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(3);
  this->SetStateColumn("State");
  this->SetPropertyColumn("");
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
}

vtkCompareStates::~vtkCompareStates() {
  this->SetStateColumn(nullptr);
  this->SetPropertyColumn(nullptr);
}

void vtkCompareStates::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "StateColumn: " << (this->StateColumn ? this->StateColumn : "(none)") << "\n"
     << indent << "PropertyColumn: " << (this->PropertyColumn ? this->PropertyColumn : "(none)")
     << "\n"
     << indent << "Seed: " << this->Seed << "\n";
}

void vtkCompareStates::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkTable");
}

int vtkCompareStates::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkCompareStates::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                   vtkInformationVector *outputs) {
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    const Table table(call, vtkTable::GetData(inputs[0]),
                      this->StateColumn ? this->StateColumn : "",
                      this->PropertyColumn ? this->PropertyColumn : "");
    const auto seed = static_cast<uint64_t>(this->Seed);
    table.PutStates(vtkTable::GetData(outputs, 0));
    table.PutDifferences(call, seed, vtkTable::GetData(outputs, 1));
    table.PutCorrelations(call, seed, vtkTable::GetData(outputs, 2));
  });
}

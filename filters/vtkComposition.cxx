#include "vtkComposition.h"

#include "data/ChainSettings.h"
#include "data/FieldArrays.h"
#include "data/MassBackground.h"
#include "data/TableColumns.h"
#include "data/VoxelImage.h"
#include "parallel/CellCounts.h"
#include "parallel/CopyRun.h"
#include "parallel/MatchIons.h"
#include "parallel/RandomizedCopy.h"

#include "csro/composition_test.h"
#include "csro/spectrum_fit.h"

#include <vtkIdTypeArray.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

vtkStandardNewMacro(vtkComposition);

namespace {
using csro::Call;
using Rows = std::vector<csro_corrected_fraction>;

constexpr double Normal95 = 1.959964;

enum OutputPort { COMPOSITION, TEST, DOMAINS, IONS, OUTPUTS };

// Ions of all ranks: by label (0 is unranged), and by range and window of the background.
struct Counted {
  std::vector<int64_t> Labels, Masses;
};

std::vector<int64_t> Subtract(std::vector<int64_t> a, const std::vector<int64_t> &b) {
  for (size_t i = 0; i < a.size(); ++i)
    a[i] -= b[i];
  return a;
}

// Two-sided, of the data among the copies.
double CopiesP(double data, const std::vector<double> &copies) {
  if (copies.empty() || std::isnan(data))
    return NAN;
  const auto above =
      std::count_if(copies.begin(), copies.end(), [&](double c) { return c >= data; });
  const auto below =
      std::count_if(copies.begin(), copies.end(), [&](double c) { return c <= data; });
  return std::min(1.0, 2.0 * (1.0 + static_cast<double>(std::min(above, below))) /
                           (1.0 + static_cast<double>(copies.size())));
}

double MeanOf(const std::vector<double> &values) {
  double sum = 0;
  for (const double value : values)
    sum += value;
  return values.empty() ? NAN : sum / static_cast<double>(values.size());
}
} // namespace

// One execution.
struct vtkComposition::Work {
  csro::Call &Call;
  const vtkComposition &Filter;
  vtkPointSet *Ions;
  vtkPointSet *DomainIons; // may be null

  csro::IonView View{};
  csro::Labels Known{};
  csro::AtomKinds Kinds{};
  std::vector<int64_t> Domain{}; // of each ion of the view
  int64_t DomainCount = 0;
  std::vector<int64_t> OfDomains{}; // [domain][label], of all ranks
  Counted All{}, Inside{}, Outside{};
  double Volume = NAN;                       // nm^3, of all ions by the density inside
  std::vector<std::vector<double>> Copies{}; // [kind]: differences of raw fractions in copies

  int Species() const {
    return this->Known.Known->species_count;
  }
  // Each of these is collective.
  void Read();
  void MatchIons();
  void MakeCopies();

  // Inside a local section, on rank 0.
  Rows Compose(const Counted &counts, const csro::MassBackground &background) const;
  std::vector<csro_fraction> Raw(const std::vector<int64_t> &labels) const;
  void PutRegion(const std::string &name, const Rows &rows, csro::Columns &columns) const;
  void PutComparison(const Rows &inside, const Rows &outside, csro::Columns &columns) const;
  std::string Words(const csro_composition_test &test, const Rows &inside,
                    const Rows &outside) const;
  void PutTest(const Rows &inside, const Rows &outside, vtkTable *table) const;
  void PutDomains(vtkTable *table) const;
};

void vtkComposition::Work::Read() {
  this->Known = csro::LabelAsBefore(this->Call, this->Ions);
  this->Call.RunLocal([&] {
    if (!this->Known.Known)
      this->Call.Fail(CSRO_ERROR_DATA,
                      "the ions have no species: read them with a range file or use Range Ions");
    this->View = csro::ViewIons(this->Call, this->Ions);
    csro_atom_kinds *kinds = nullptr;
    this->Call.Check(csro_atom_kinds_create(this->Call.Context(), this->Known.Known.get(),
                                            CSRO_ISOTOPES_MERGED, &kinds));
    this->Kinds.reset(kinds);
    this->All.Labels.resize(this->Species() + 1);
    this->Call.Check(csro_label_counts(this->Call.Context(), this->View.Label,
                                       this->View.Points.count, this->Species(),
                                       this->All.Labels.data()));
  });
  this->Call.Sum(this->All.Labels.data(), static_cast<int>(this->All.Labels.size()));
}

void vtkComposition::Work::MatchIons() {
  if (!this->DomainIons) {
    this->Call.RunLocal([&] { this->Domain.assign(this->View.Points.count, -1); });
    return;
  }
  this->Domain = csro::MatchDomains(this->Call, this->View, this->Ions, this->DomainIons);
  int64_t limits[2] = {-1, this->View.Points.count};
  for (const int64_t domain : this->Domain)
    limits[0] = std::max(limits[0], domain);
  this->Call.Maximum(&limits[0], 1);
  this->Call.Sum(&limits[1], 1);
  this->DomainCount = limits[0] + 1;
  this->Call.RunLocal([&] {
    if (this->DomainCount > limits[1])
      this->Call.Fail(CSRO_ERROR_DATA, "DomainId goes up to " + std::to_string(limits[0]) +
                                           ", expected fewer domains than ions");
    const int64_t labels = this->Species() + 1;
    this->OfDomains.resize(this->DomainCount * labels);
    for (int64_t i = 0; i < this->View.Points.count; ++i)
      if (this->Domain[i] >= 0)
        ++this->OfDomains[this->Domain[i] * labels + this->View.Label[i]];
  });
  const auto size = static_cast<int64_t>(this->OfDomains.size());
  this->Call.Sum(this->OfDomains.data(), size);
  this->Inside.Labels.assign(this->All.Labels.size(), 0);
  for (int64_t i = 0; i < size; ++i)
    this->Inside.Labels[i % (this->Species() + 1)] += this->OfDomains[i];
  this->Outside.Labels = Subtract(this->All.Labels, this->Inside.Labels);
}

std::vector<csro_fraction> vtkComposition::Work::Raw(const std::vector<int64_t> &labels) const {
  std::vector<csro_fraction> rows(this->Kinds->count);
  csro_atom_fractions(this->Kinds.get(), labels.data(), rows.data());
  return rows;
}

// Domains of copies are found by what found those of the data.
void vtkComposition::Work::MakeCopies() {
  this->Copies.resize(this->Kinds->count);
  double known = this->DomainIons && csro::HasSettings(this->DomainIons) ? 1 : 0;
  this->Call.Minimum(&known, 1);
  if (this->Filter.Copies == 0 || known == 0)
    return;
  csro::ChainSettings chain;
  this->Call.RunLocal([&] { chain = csro::ReadSettings(this->Call, this->DomainIons); });
  const csro::SpeciesList species = csro::SharedSpecies(this->Call, this->Ions);
  const csro::CopyRules rules = csro::MakeCopyRules(this->Filter.Exchange, this->Filter.Within,
                                                    this->Filter.NeighbourhoodIons);
  csro::CopyRun run(this->Call, chain, this->View, species, this->Ions);
  const double step = 0.8 / this->Filter.Copies;
  for (int copy = 0; copy < this->Filter.Copies; ++copy) {
    const double begin = 0.2 + step * copy, labelled = begin + 0.05 * step;
    this->Call.Frame(begin, labelled);
    const std::vector<uint16_t> label = csro::RandomizeSpecies(
        this->Call, this->View, rules, static_cast<uint64_t>(this->Filter.Seed + copy));
    std::vector<int64_t> inside(this->All.Labels.size());
    run.Run(label, labelled, begin + step, &inside);
    const std::vector<csro_fraction> in = this->Raw(inside),
                                     out = this->Raw(Subtract(this->All.Labels, inside));
    for (size_t kind = 0; kind < in.size(); ++kind)
      if (!std::isnan(in[kind].value) && !std::isnan(out[kind].value))
        this->Copies[kind].push_back(in[kind].value - out[kind].value);
  }
  this->Call.Frame(0, 1);
}

Rows vtkComposition::Work::Compose(const Counted &counts,
                                   const csro::MassBackground &background) const {
  Rows rows(this->Kinds->count);
  this->Call.Check(csro_region_composition(
      this->Call.Context(), this->Known.Known.get(), this->Kinds.get(), counts.Labels.data(),
      background.Get(), counts.Masses.empty() ? nullptr : counts.Masses.data(), rows.data()));
  return rows;
}

void vtkComposition::Work::PutRegion(const std::string &name, const Rows &rows,
                                     csro::Columns &columns) const {
  const size_t n = rows.size();
  columns.Counts("Count_" + name, n, [&](size_t i) { return rows[i].raw.count; });
  columns.Numbers("RawFraction_" + name, n, [&](size_t i) { return rows[i].raw.value; });
  columns.Numbers("RawError_" + name, n, [&](size_t i) { return rows[i].raw.standard_error; });
  columns.Numbers("Background_" + name, n,
                  [&](size_t i) { return static_cast<double>(rows[i].raw.count) - rows[i].atoms; });
  columns.Numbers("Fraction_" + name, n, [&](size_t i) { return rows[i].value; });
  columns.Numbers("StandardError_" + name, n, [&](size_t i) { return rows[i].standard_error; });
  columns.Numbers("Low_" + name, n,
                  [&](size_t i) { return rows[i].value - Normal95 * rows[i].standard_error; });
  columns.Numbers("High_" + name, n,
                  [&](size_t i) { return rows[i].value + Normal95 * rows[i].standard_error; });
}

void vtkComposition::Work::PutComparison(const Rows &inside, const Rows &outside,
                                         csro::Columns &columns) const {
  const size_t n = inside.size();
  int64_t all[2] = {0, 0};
  for (size_t i = 0; i < n; ++i) {
    all[0] += inside[i].raw.count;
    all[1] += outside[i].raw.count;
  }
  columns.Numbers("Difference", n, [&](size_t i) { return inside[i].value - outside[i].value; });
  columns.Numbers("DifferenceError", n, [&](size_t i) {
    return std::hypot(inside[i].standard_error, outside[i].standard_error);
  });
  columns.Numbers("P_Fisher", n, [&](size_t i) {
    return csro_fisher_p(inside[i].raw.count, all[0], outside[i].raw.count, all[1]);
  });
  columns.Numbers("CopiesDifference", n, [&](size_t i) { return MeanOf(this->Copies[i]); });
  columns.Numbers("P_Copies", n, [&](size_t i) {
    return CopiesP(inside[i].raw.value - outside[i].raw.value, this->Copies[i]);
  });
}

// Of the kind that differs most in standard errors, as ranged.
std::string vtkComposition::Work::Words(const csro_composition_test &test, const Rows &inside,
                                        const Rows &outside) const {
  double most = -1, difference = NAN, error = NAN, copies = NAN;
  std::string name;
  int64_t all[2] = {0, 0};
  for (size_t i = 0; i < inside.size(); ++i) {
    all[0] += inside[i].raw.count;
    all[1] += outside[i].raw.count;
  }
  for (size_t i = 0; i < inside.size(); ++i) {
    const csro_fraction &in = inside[i].raw, &out = outside[i].raw;
    const double off = in.value - out.value;
    const double sigma = csro_difference_error(in.count, all[0], out.count, all[1]);
    if (!(std::abs(off) / sigma > most))
      continue;
    most = std::abs(off) / sigma;
    difference = off;
    error = sigma;
    copies = CopiesP(off, this->Copies[i]);
    name = this->Kinds->kind[i].name;
  }
  char text[CSRO_COMPOSITION_TEXT];
  csro_composition_text(&test, name.c_str(), difference, error, copies, text);
  return text;
}

void vtkComposition::Work::PutTest(const Rows &inside, const Rows &outside, vtkTable *table) const {
  csro_composition_test test{};
  this->Call.Check(csro_composition_compare(this->Call.Context(), this->Species(),
                                            this->Inside.Labels.data() + 1,
                                            this->Outside.Labels.data() + 1, this->Filter.Draws,
                                            static_cast<uint64_t>(this->Filter.Seed), &test));
  int64_t ions[2] = {0, 0};
  for (int s = 1; s <= this->Species(); ++s) {
    ions[0] += this->Inside.Labels[s];
    ions[1] += this->Outside.Labels[s];
  }
  csro::Columns columns(table);
  columns.Counts("Domains", 1, [&](size_t) { return this->DomainCount; });
  columns.Counts("DomainIons", 1, [&](size_t) { return ions[0]; });
  columns.Counts("MatrixIons", 1, [&](size_t) { return ions[1]; });
  columns.Numbers("Chi2", 1, [&](size_t) { return test.chi2; });
  columns.Counts("DegreesOfFreedom", 1, [&](size_t) { return test.dof; });
  columns.Numbers("P_Chi2", 1, [&](size_t) { return test.p_chi2; });
  columns.Numbers("P_Exact", 1, [&](size_t) { return test.p_exact; });
  columns.Numbers("CramersV", 1, [&](size_t) { return test.effect; });
  columns.Counts("Copies", 1,
                 [&](size_t) { return this->Copies.empty() ? 0 : this->Copies[0].size(); });
  const double each = this->Filter.Variants / (this->Volume * 1e-27); // m^-3
  const auto domains = static_cast<double>(this->DomainCount);
  columns.Counts("Variants", 1, [&](size_t) { return this->Filter.Variants; });
  columns.Numbers("DomainDensity_m3", 1, [&](size_t) { return domains * each; });
  columns.Numbers("DomainDensityError_m3", 1, [&](size_t) { return std::sqrt(domains) * each; });
  std::string words = this->Words(test, inside, outside);
  if (this->Filter.Variants > 1)
    words += "; the number density is that of the domains found times " +
             std::to_string(this->Filter.Variants) + " variants";
  columns.Texts("Words", 1, [&](size_t) { return words; });
  csro::PutTexts(table, "Composition", {words});
  csro::PutNumbers(table, "PValue", {test.p_exact});
}

void vtkComposition::Work::PutDomains(vtkTable *table) const {
  const int64_t labels = this->Species() + 1;
  const auto count = static_cast<size_t>(this->DomainCount);
  std::vector<int64_t> ions(count);
  std::vector<double> p(count);
  std::vector<std::vector<csro_fraction>> rows;
  // Many domains have fewer draws each, or none.
  constexpr int mostOfDomain = 999, mostOfAll = 5000000, fewest = 19;
  const int share = std::min(mostOfDomain, mostOfAll / static_cast<int>(std::min<size_t>(
                                                           mostOfAll, std::max<size_t>(1, count))));
  const int draws = share < fewest ? 0 : std::min(this->Filter.Draws, share);
  for (size_t d = 0; d < count; ++d) {
    const std::vector<int64_t> own(this->OfDomains.begin() + static_cast<int64_t>(d) * labels,
                                   this->OfDomains.begin() + static_cast<int64_t>(d + 1) * labels);
    csro_composition_test test{};
    this->Call.Check(csro_composition_compare(this->Call.Context(), this->Species(), own.data() + 1,
                                              this->Outside.Labels.data() + 1, draws,
                                              static_cast<uint64_t>(this->Filter.Seed), &test));
    p[d] = test.p_exact;
    for (const int64_t n : own)
      ions[d] += n;
    rows.push_back(this->Raw(own));
  }
  csro::Columns columns(table);
  columns.Counts("Domain", count, [](size_t d) { return d; });
  columns.Counts("Ions", count, [&](size_t d) { return ions[d]; });
  columns.Numbers("P_Exact", count, [&](size_t d) { return p[d]; });
  for (int kind = 0; kind < this->Kinds->count; ++kind) {
    const std::string name = this->Kinds->kind[kind].name;
    columns.Numbers("Fraction_" + name, count, [&](size_t d) { return rows[d][kind].value; });
    columns.Numbers("StandardError_" + name, count,
                    [&](size_t d) { return rows[d][kind].standard_error; });
  }
}

vtkComposition::vtkComposition() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(OUTPUTS);
  this->Expect("Background", this->Background, 0, 2);
  this->Expect("Draws", this->Draws, 0, 1000000);
  this->Expect("Variants", this->Variants, 1, 48);
  this->Expect("Copies", this->Copies, 0, 10000);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX - 10000);
  this->Expect("Exchange", this->Exchange, 0, 1);
  this->Expect("Within", this->Within, 0, 1);
  this->Expect("NeighbourhoodIons", this->NeighbourhoodIons, 100, VTK_INT_MAX);
}

void vtkComposition::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Background: " << this->Background << "\n"
     << indent << "Draws: " << this->Draws << "\n"
     << indent << "Variants: " << this->Variants << "\n"
     << indent << "Copies: " << this->Copies << "\n"
     << indent << "Seed: " << this->Seed << "\n"
     << indent << "Exchange: " << this->Exchange << "\n"
     << indent << "Within: " << this->Within << "\n"
     << indent << "NeighbourhoodIons: " << this->NeighbourhoodIons << "\n";
}

void vtkComposition::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
  if (port == 1)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
}

int vtkComposition::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == IONS ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkComposition::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkComposition::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  if (vtkInformation *domains = inputs[1]->GetInformationObject(0))
    csro::DemandIons(domains);
}

void vtkComposition::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  Work work{call, *this, vtkPointSet::GetData(inputs[0]), vtkPointSet::GetData(inputs[1])};
  call.Frame(0, 0.2);
  work.Read();
  work.MatchIons();
  csro::MassBackground background(call, static_cast<csro_background_model>(this->Background),
                                  work.Known, work.Ions);
  work.All.Masses = background.Counts();
  if (work.DomainIons) {
    std::vector<int64_t> inside;
    call.RunLocal([&] {
      for (int64_t i = 0; i < work.View.Points.count; ++i)
        if (work.Domain[i] >= 0)
          inside.push_back(i);
    });
    work.Inside.Masses = background.Count(inside);
    work.Outside.Masses = Subtract(work.All.Masses, work.Inside.Masses);
  }
  work.MakeCopies();
  if (work.DomainIons)
    work.Volume = csro::MeasureVolume(call, work.View.Points);
  call.RunLocal([&] {
    vtkPolyData *output = vtkPolyData::GetData(outputs, IONS);
    output->SetPoints(work.Ions->GetPoints());
    output->GetPointData()->ShallowCopy(work.Ions->GetPointData());
    output->GetFieldData()->ShallowCopy(work.Ions->GetFieldData());
    csro::PutVertices(call, output);
    const auto ids =
        csro::MakeArray<vtkIdTypeArray>(call, "DomainId", 1, work.Ions->GetNumberOfPoints());
    ids->Fill(-1);
    for (int64_t i = 0; i < work.View.Points.count; ++i)
      ids->SetValue(work.View.Point(i), work.Domain[i]);
    output->GetPointData()->AddArray(ids);
    if (call.Rank() != 0)
      return;
    if (!background.Words().empty() && this->Background != CSRO_BACKGROUND_NONE)
      vtkWarningMacro(<< background.Words());
    vtkTable *table = vtkTable::GetData(outputs, COMPOSITION);
    csro::Columns columns(table);
    const Rows all = work.Compose(work.All, background);
    columns.Texts("Name", all.size(), [&](size_t i) { return work.Kinds->kind[i].name; });
    work.PutRegion("All", all, columns);
    csro::PutCounts(table, "Unranged", {work.All.Labels[0]});
    if (!background.Words().empty())
      csro::PutTexts(table, "BackgroundReport", {background.Words()});
    if (!work.DomainIons)
      return;
    const Rows inside = work.Compose(work.Inside, background),
               outside = work.Compose(work.Outside, background);
    work.PutRegion("Domains", inside, columns);
    work.PutRegion("Matrix", outside, columns);
    work.PutComparison(inside, outside, columns);
    work.PutTest(inside, outside, vtkTable::GetData(outputs, TEST));
    work.PutDomains(vtkTable::GetData(outputs, DOMAINS));
  });
}

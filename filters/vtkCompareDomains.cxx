#include "vtkCompareDomains.h"

#include "data/ChainSettings.h"
#include "data/FieldArrays.h"
#include "data/IonArrays.h"
#include "data/SizeTables.h"
#include "data/TableColumns.h"
#include "parallel/CopyRun.h"
#include "parallel/RandomizedCopy.h"

#include "csro/compare.h"
#include "csro/composition.h"
#include "csro/domains.h"

#include <vtkDataObject.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

vtkStandardNewMacro(vtkCompareDomains);

namespace {
constexpr char OutOfDate[] =
    "out of date: the settings of the domains or the ions have changed since "
    "the copies were made; Make Copies compares again";

using Histogram = csro::SizeHistogram;

// Ions per domain, over all ranks; points that another rank owns do not count.
std::vector<int64_t> DomainSizes(csro::Call &call, vtkPointSet *ions, const std::string &who) {
  vtkDataArray *ids = nullptr;
  csro::IonView view;
  call.RunLocal([&] {
    if (ions)
      view = csro::ViewIons(call, ions);
  });
  int64_t domains = 0, points = view.Points.count;
  call.Sum(&points, 1);
  call.RunLocal([&] {
    ids = ions ? ions->GetPointData()->GetArray("DomainId") : nullptr;
    if (!ids && view.Points.count > 0) {
      call.Fail(CSRO_ERROR_DATA,
                who + ": no point array DomainId; expected the first output of ClusterDomains");
    }
    if (ids && ids->GetNumberOfTuples() > 0) {
      const double *range = ids->GetRange();
      if (!(range[0] >= -1 && range[1] < static_cast<double>(points))) {
        call.Fail(CSRO_ERROR_DATA,
                  who + ": point array DomainId holds numbers that are no domains");
      }
      domains = static_cast<int64_t>(range[1]) + 1;
    }
  });
  call.Maximum(&domains, 1);
  std::vector<int64_t> sizes;
  call.RunLocal([&] {
    std::vector<int64_t> domain(view.Points.count);
    for (int64_t i = 0; i < view.Points.count; ++i)
      domain[i] = static_cast<int64_t>(ids->GetTuple1(view.Point(i)));
    sizes.resize(domains);
    call.Check(
        csro_domain_sizes(call.Context(), domain.data(), view.Points.count, domains, sizes.data()));
  });
  if (domains > 0) {
    call.Sum(sizes.data(), static_cast<int>(domains));
  }
  return sizes;
}

// The third output of ClusterDomains, which rank 0 has.
Histogram CopyHistogram(csro::Call &call, vtkTable *table, const std::string &who) {
  std::vector<int64_t> counts(CSRO_SIZE_BINS);
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    auto *column = vtkDataArray::SafeDownCast(table->GetColumnByName("Domains"));
    if (!column || column->GetNumberOfTuples() != CSRO_SIZE_BINS)
      call.Fail(CSRO_ERROR_DATA, who + ": expected a table with a column Domains of " +
                                     std::to_string(CSRO_SIZE_BINS) +
                                     " rows, the third output of ClusterDomains");
    for (int bin = 0; bin < CSRO_SIZE_BINS; ++bin)
      counts[bin] = static_cast<int64_t>(column->GetTuple1(bin));
  });
  call.Sum(counts.data(), CSRO_SIZE_BINS);
  Histogram histogram;
  std::copy(counts.begin(), counts.end(), histogram.begin());
  return histogram;
}

// Counts that follow each other, CSRO_SIZE_BINS for each copy; every rank has them all.
void AppendHistograms(csro::Call &call, const std::vector<vtkIdType> &counts,
                      std::vector<Histogram> &histograms) {
  call.RunLocal([&] {
    if (counts.size() % CSRO_SIZE_BINS != 0)
      call.Fail(CSRO_ERROR_ARGUMENT, "CopyHistograms: " + std::to_string(counts.size()) +
                                         " counts, expected " + std::to_string(CSRO_SIZE_BINS) +
                                         " for each copy");
    const auto negative = std::find_if(counts.begin(), counts.end(), [](auto n) { return n < 0; });
    if (negative != counts.end())
      call.Fail(CSRO_ERROR_ARGUMENT,
                "CopyHistograms: count " + std::to_string(negative - counts.begin() + 1) + " is " +
                    std::to_string(*negative) + ", expected 0 or more domains");
  });
  for (size_t begin = 0; begin < counts.size(); begin += CSRO_SIZE_BINS)
    std::copy_n(&counts[begin], CSRO_SIZE_BINS, histograms.emplace_back().begin());
}

csro_domain_counts CountDomains(const std::vector<int64_t> &sizes) {
  return csro_count_domains(sizes.data(), static_cast<int64_t>(sizes.size()));
}

// Of a histogram alone nothing but the number is known.
csro_domain_counts CountDomains(const Histogram &histogram) {
  return {std::accumulate(histogram.begin(), histogram.end(), int64_t{0}), -1, -1};
}

// Domains per m^3 of the analysed volume; NaN where the ions were extracted elsewhere.
double NumberDensity(vtkDataObject *domains, int64_t count) {
  const std::vector<double> volume = csro::GetNumbers(domains, "AnalysedVolume_nm3");
  const double nm3 = volume.empty() ? NAN : volume[0];
  return nm3 > 0 ? static_cast<double>(count) / (nm3 * 1e-27) : NAN;
}
} // namespace

// All that copies depend on.
struct vtkCompareDomains::Key {
  std::string Settings;
  vtkMTimeType Ions; // when they were made or changed
  std::array<int, 5> Numbers;
  bool operator==(const Key &other) const {
    return this->Settings == other.Settings && this->Ions == other.Ions &&
           this->Numbers == other.Numbers;
  }
};

struct vtkCompareDomains::Kept {
  Key Made;
  vtkMTimeType Filter; // when a property had last changed
  std::vector<csro::CopyCounts> Copies;
};

// Makes the copies.
struct vtkCompareDomains::Maker {
  csro::Call &Call;
  vtkCompareDomains &Filter;
  bool IsOutOfDate = false; // those of other settings or ions are not shown

  // Made, or those of the last execution. Collective.
  std::vector<csro::CopyCounts> Have(vtkPointSet *domains, vtkPointSet *ions);
  void PutTable(const std::vector<csro::CopyCounts> &copies, vtkTable *table) const;

private:
  std::vector<csro::CopyCounts> MakeAll(vtkPointSet *domains, vtkPointSet *ions);
  bool IsOnAll(bool mine);
  void CheckIons(vtkPointSet *domains, const csro::IonView &ions);
};

// The ions are those that the voxels were made of, as far as their numbers tell.
void vtkCompareDomains::Maker::CheckIons(vtkPointSet *domains, const csro::IonView &ions) {
  std::vector<double> known = csro::GetNumbers(domains, "SpeciesCounts");
  auto fewest = static_cast<double>(known.size()); // a file may give them to some ranks only
  this->Call.Minimum(&fewest, 1);
  known.resize(static_cast<size_t>(fewest));
  std::vector<int64_t> counts(known.size());
  this->Call.RunLocal([&] {
    if (ions.Points.count > 0 && !ions.Label)
      this->Call.Fail(CSRO_ERROR_DATA, "the ions have no point array Species");
    if (ions.Points.count > 0 && !known.empty())
      this->Call.Check(csro_label_counts(this->Call.Context(), ions.Label, ions.Points.count,
                                         static_cast<int>(known.size()) - 1, counts.data()));
  });
  this->Call.Sum(counts.data(), static_cast<int>(counts.size()));
  this->Call.RunLocal([&] {
    for (size_t label = 0; label < known.size(); ++label)
      if (static_cast<double>(counts[label]) != known[label])
        this->Call.Fail(CSRO_ERROR_DATA,
                        "the ions are not those of the domains: " + std::to_string(counts[label]) +
                            " ions of species number " + std::to_string(label) +
                            ", the domains were found among " +
                            std::to_string(static_cast<int64_t>(known[label])));
  });
}

bool vtkCompareDomains::Maker::IsOnAll(bool mine) {
  int64_t others = mine ? 0 : 1;
  this->Call.Sum(&others, 1);
  return others == 0;
}

std::vector<csro::CopyCounts> vtkCompareDomains::Maker::Have(vtkPointSet *domains,
                                                             vtkPointSet *ions) {
  std::unique_ptr<Kept> &last = this->Filter.Last;
  const Key key = this->Filter.MakeKey(domains);
  const vtkMTimeType changed = this->Filter.GetMTime();
  const bool asked = !this->IsOnAll(last && last->Filter == changed);
  if (!asked && this->IsOnAll(last->Made == key))
    return last->Copies;
  this->IsOutOfDate = !asked && !this->Filter.Follow;
  if (this->IsOutOfDate)
    return {};
  std::vector<csro::CopyCounts> copies = this->MakeAll(domains, ions);
  last = std::make_unique<Kept>(Kept{key, changed, copies});
  return copies;
}

std::vector<csro::CopyCounts> vtkCompareDomains::Maker::MakeAll(vtkPointSet *domains,
                                                                vtkPointSet *ions) {
  csro::IonView view;
  csro::ChainSettings chain;
  this->Call.RunLocal([&] {
    view = csro::ViewIons(this->Call, ions);
    chain = csro::ReadSettings(this->Call, domains);
  });
  this->CheckIons(domains, view);
  const csro::SpeciesList species = csro::SharedSpecies(this->Call, ions);
  const csro::CopyRules rules = csro::MakeCopyRules(this->Filter.Exchange, this->Filter.Within,
                                                    this->Filter.NeighbourhoodIons);
  csro::CopyRun run(this->Call, chain, view, species, ions);
  std::vector<csro::CopyCounts> copies;
  const double step = 1.0 / this->Filter.Copies;
  for (int copy = 0; copy < this->Filter.Copies; ++copy) {
    const int seed = this->Filter.Seed + copy;
    const double begin = step * copy, labelled = begin + 0.05 * step;
    try {
      this->Call.Frame(begin, labelled);
      const std::vector<uint16_t> label =
          csro::RandomizeSpecies(this->Call, view, rules, static_cast<uint64_t>(seed));
      copies.push_back(run.Run(label, labelled, begin + step));
    } catch (csro::Failure &failure) { // the same on all ranks
      if (failure.Status != CSRO_CANCELLED)
        failure.Message = "copy " + std::to_string(copy + 1) + " (seed " + std::to_string(seed) +
                          "): " + failure.Message;
      throw;
    }
  }
  this->Call.Frame(0, 1);
  return copies;
}

void vtkCompareDomains::Maker::PutTable(const std::vector<csro::CopyCounts> &copies,
                                        vtkTable *table) const {
  csro::Columns columns(table);
  const auto count = [&](const char *name, int64_t csro::CopyCounts::*value) {
    columns.Counts(name, copies.size(), [&](size_t i) { return copies[i].*value; });
  };
  columns.Counts("Copy", copies.size(), [](size_t i) { return i + 1; });
  columns.Counts("Seed", copies.size(), [&](size_t i) { return this->Filter.Seed + i; });
  count("VoxelsDefined", &csro::CopyCounts::VoxelsDefined);
  count("VoxelsOverflowed", &csro::CopyCounts::VoxelsOverflowed);
  count("CountSum", &csro::CopyCounts::CountSum);
  count("PixelsSelected", &csro::CopyCounts::PixelsSelected);
  count("IonsExtracted", &csro::CopyCounts::IonsExtracted);
  count("Domains", &csro::CopyCounts::Domains);
  count("Noise", &csro::CopyCounts::Noise);
  count("Largest", &csro::CopyCounts::Largest);
}

vtkCompareDomains::vtkCompareDomains() {
  this->SetNumberOfInputPorts(3);
  this->SetNumberOfOutputPorts(3);
  this->Expect("Copies", this->Copies, 0, 10000);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX - 10000);
  this->Expect("Exchange", this->Exchange, 0, 1);
  this->Expect("Within", this->Within, 0, 1);
  this->Expect("NeighbourhoodIons", this->NeighbourhoodIons, 100, VTK_INT_MAX);
}

vtkCompareDomains::~vtkCompareDomains() = default;

// Nothing has to be made where copies wait from now on.
void vtkCompareDomains::SetFollow(bool follow) {
  if (follow && !this->Follow)
    this->Modified();
  this->Follow = follow;
}

vtkCompareDomains::Key vtkCompareDomains::MakeKey(vtkDataObject *domains) {
  vtkDataObject *ions = this->GetInputDataObject(2, 0);
  return {csro::SettingsText(domains),
          std::max(ions->GetMTime(), ions->GetUpdateTime()),
          {this->Copies, this->Seed, this->Exchange, this->Within, this->NeighbourhoodIons}};
}

void vtkCompareDomains::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "GivenCopies: " << this->GetNumberOfInputConnections(1) << "\n"
     << indent << "Copies: " << this->Copies << "\n"
     << indent << "Seed: " << this->Seed << "\n"
     << indent << "Exchange: " << this->Exchange << "\n"
     << indent << "Within: " << this->Within << "\n"
     << indent << "NeighbourhoodIons: " << this->NeighbourhoodIons << "\n"
     << indent << "Follow: " << this->Follow << "\n";
  os << indent << "CopyHistogramCounts: " << this->CopyHistogramCounts.size() << "\n";
}

void vtkCompareDomains::ClearGivenCopies() {
  this->SetInputConnection(1, nullptr);
}

void vtkCompareDomains::ClearIons() {
  this->SetInputConnection(2, nullptr);
}

void vtkCompareDomains::AddCopyHistogramCount(vtkIdType count) {
  this->CopyHistogramCounts.push_back(count);
  this->Modified();
}

void vtkCompareDomains::ClearCopyHistograms() {
  if (!this->CopyHistogramCounts.empty()) {
    this->CopyHistogramCounts.clear();
    this->Modified();
  }
}

void vtkCompareDomains::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
  if (port == 1) {
    info->Append(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkTable");
    info->Set(vtkAlgorithm::INPUT_IS_REPEATABLE(), 1);
  }
  if (port > 0)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
}

int vtkCompareDomains::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkCompareDomains::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  if (vtkInformation *ions = inputs[2]->GetInformationObject(0))
    csro::DemandIons(ions);
}

void vtkCompareDomains::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                    vtkInformationVector *outputs) {
  vtkPointSet *data = vtkPointSet::GetData(inputs[0]);
  const std::vector<int64_t> sizes = DomainSizes(call, data, "data");
  std::vector<Histogram> histograms{csro::HistogramOf(sizes)};
  std::vector<csro_domain_counts> counts{CountDomains(sizes)};
  for (int copy = 0; copy < inputs[1]->GetNumberOfInformationObjects(); ++copy) {
    const std::string who = "copy " + std::to_string(copy + 1);
    call.RunLocal([&] {
      csro::CheckSameSettings(call, data,
                              vtkDataObject::GetData(inputs[1]->GetInformationObject(copy)), who);
    });
    if (vtkTable *table = vtkTable::GetData(inputs[1], copy)) {
      histograms.push_back(CopyHistogram(call, table, who));
      counts.push_back(CountDomains(histograms.back()));
    } else {
      const std::vector<int64_t> ofCopy =
          DomainSizes(call, vtkPointSet::GetData(inputs[1], copy), who);
      histograms.push_back(csro::HistogramOf(ofCopy));
      counts.push_back(CountDomains(ofCopy));
    }
  }
  AppendHistograms(call, this->CopyHistogramCounts, histograms);
  for (size_t member = counts.size(); member < histograms.size(); ++member)
    counts.push_back(CountDomains(histograms[member]));
  std::vector<csro::CopyCounts> made;
  vtkPointSet *ions = vtkPointSet::GetData(inputs[2]);
  Maker maker{call, *this};
  if (histograms.size() == 1 && ions && this->Copies > 0) {
    double known = csro::HasSettings(data) ? 1 : 0; // on all ranks
    call.Minimum(&known, 1);
    if (known > 0)
      made = maker.Have(data, ions);
    else if (call.Rank() == 0)
      vtkWarningMacro("no copies are made: the domains do not carry the settings of Classify CSRO "
                      "and Cluster Domains; give the copies");
  }
  for (const csro::CopyCounts &copy : made) {
    histograms.push_back(copy.Histogram);
    counts.push_back({copy.Domains, copy.IonsExtracted - copy.Noise, copy.Largest});
  }

  csro_comparison comparison{NAN, NAN, 0, NAN, NAN};
  const int copies = static_cast<int>(histograms.size()) - 1;
  std::array<csro_null_distribution, CSRO_STATISTICS> statistics{};
  call.RunLocal([&] {
    if (copies > 0) {
      csro_compare(histograms[0].data(), histograms[1].data(), &comparison);
    }
    statistics = csro::CompareMembers(call, histograms, counts);
    if (call.Rank() == 0)
      csro::PutSizeHistograms(call, histograms, vtkTable::GetData(outputs, 1));
  });
  if (call.Rank() != 0) {
    return;
  }
  const auto domains = static_cast<int64_t>(sizes.size());
  vtkTable *table = vtkTable::GetData(outputs, 0);
  csro::Columns columns(table);
  const auto number = [&](const char *name, double value) {
    columns.Numbers(name, 1, [=](size_t) { return value; });
  };
  const auto count = [&](const char *name, int64_t value) {
    columns.Counts(name, 1, [=](size_t) { return value; });
  };
  count("Domains", domains);
  count("CopyDomains", histograms.size() < 2 ? 0
                                             : std::accumulate(histograms[1].begin(),
                                                               histograms[1].end(), int64_t{0}));
  number("NumberDensity_m3", NumberDensity(data, domains));
  number("PCC", comparison.pcc);
  number("Chi2", comparison.chi2);
  count("BinsUsed", comparison.bins_used);
  number("NTotal", comparison.n_total);
  number("Mu", comparison.mu);
  number("MuMean", statistics[CSRO_STATISTIC_MU].data);
  csro::PutNull(table, "Mu", statistics[CSRO_STATISTIC_MU]);
  csro::PutNull(table, "Domains", statistics[CSRO_STATISTIC_DOMAINS]);
  count("OrderedIons", counts[0].ions);
  csro::PutNull(table, "OrderedIons", statistics[CSRO_STATISTIC_IONS]);
  count("LargestDomain", counts[0].largest);
  csro::PutNull(table, "LargestDomain", statistics[CSRO_STATISTIC_LARGEST]);
  if (maker.IsOutOfDate)
    columns.Texts("Sentence", 1, [](size_t) { return std::string(OutOfDate); });
  else
    csro::PutSentence(table, statistics[CSRO_STATISTIC_DOMAINS], copies);
  maker.PutTable(made, vtkTable::GetData(outputs, 2));
}

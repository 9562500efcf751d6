#include "vtkCompareDomains.h"

#include "data/FieldArrays.h"
#include "data/IonArrays.h"
#include "data/TableColumns.h"

#include "csro/compare.h"
#include "csro/domains.h"

#include <vtkDataObject.h>
#include <vtkDoubleArray.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkTable.h>
#include <vtkTypeInt64Array.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

vtkStandardNewMacro(vtkCompareDomains);

namespace {
using Histogram = std::array<int64_t, CSRO_SIZE_BINS>;

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

Histogram SizeHistogram(const std::vector<int64_t> &sizes) {
  Histogram histogram;
  csro_size_histogram(sizes.data(), static_cast<int64_t>(sizes.size()), histogram.data());
  return histogram;
}

csro_domain_counts CountDomains(const std::vector<int64_t> &sizes) {
  return csro_count_domains(sizes.data(), static_cast<int64_t>(sizes.size()));
}

// Of a histogram alone nothing but the number is known.
csro_domain_counts CountDomains(const Histogram &histogram) {
  return {std::accumulate(histogram.begin(), histogram.end(), int64_t{0}), -1, -1};
}

template <typename Array, typename Value>
void AddColumn(vtkTable *table, const char *name, const Value *values, vtkIdType count) {
  vtkNew<Array> column;
  column->SetName(name);
  column->SetNumberOfValues(count);
  std::copy_n(values, count, column->GetPointer(0));
  table->AddColumn(column);
}

void AddNumber(vtkTable *table, const char *name, double value) {
  AddColumn<vtkDoubleArray>(table, name, &value, 1);
}

void AddCount(vtkTable *table, const char *name, int64_t value) {
  AddColumn<vtkTypeInt64Array>(table, name, &value, 1);
}

// What copies give for a statistic.
void AddNull(vtkTable *table, const std::string &name, const csro_null_distribution &null) {
  AddNumber(table, (name + "NullMean").c_str(), null.mean);
  AddNumber(table, (name + "NullP5").c_str(), null.p5);
  AddNumber(table, (name + "NullP95").c_str(), null.p95);
  AddNumber(table, (name + "PValue").c_str(), null.p_value);
}

// Domains per m^3 of the analysed volume; NaN where the ions were extracted elsewhere.
double NumberDensity(vtkDataObject *domains, int64_t count) {
  const std::vector<double> volume = csro::GetNumbers(domains, "AnalysedVolume_nm3");
  const double nm3 = volume.empty() ? NAN : volume[0];
  return nm3 > 0 ? static_cast<double>(count) / (nm3 * 1e-27) : NAN;
}

void PutHistograms(const std::vector<Histogram> &histograms, vtkTable *table) {
  std::array<int64_t, CSRO_SIZE_BINS> edges;
  for (int bin = 0; bin < CSRO_SIZE_BINS; ++bin) {
    edges[bin] = static_cast<int64_t>(bin) * CSRO_SIZE_BIN_WIDTH;
  }
  AddColumn<vtkTypeInt64Array>(table, "Size", edges.data(), CSRO_SIZE_BINS);
  for (size_t i = 0; i < histograms.size(); ++i) {
    const std::string name = i == 0 ? "Data" : "Copy " + std::to_string(i);
    AddColumn<vtkTypeInt64Array>(table, name.c_str(), histograms[i].data(), CSRO_SIZE_BINS);
  }
}
} // namespace

vtkCompareDomains::vtkCompareDomains() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(2);
}

void vtkCompareDomains::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Copies: " << this->GetNumberOfInputConnections(1) << "\n";
  os << indent << "CopyHistogramCounts: " << this->CopyHistogramCounts.size() << "\n";
}

void vtkCompareDomains::ClearCopies() {
  this->SetInputConnection(1, nullptr);
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
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
  }
}

int vtkCompareDomains::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkCompareDomains::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                    vtkInformationVector *outputs) {
  vtkPointSet *data = vtkPointSet::GetData(inputs[0]);
  const std::vector<int64_t> sizes = DomainSizes(call, data, "data");
  std::vector<Histogram> histograms{SizeHistogram(sizes)};
  std::vector<csro_domain_counts> counts{CountDomains(sizes)};
  for (int copy = 0; copy < inputs[1]->GetNumberOfInformationObjects(); ++copy) {
    const std::string who = "copy " + std::to_string(copy + 1);
    if (vtkTable *table = vtkTable::GetData(inputs[1], copy)) {
      histograms.push_back(CopyHistogram(call, table, who));
      counts.push_back(CountDomains(histograms.back()));
    } else {
      const std::vector<int64_t> ofCopy =
          DomainSizes(call, vtkPointSet::GetData(inputs[1], copy), who);
      histograms.push_back(SizeHistogram(ofCopy));
      counts.push_back(CountDomains(ofCopy));
    }
  }
  AppendHistograms(call, this->CopyHistogramCounts, histograms);
  for (size_t member = counts.size(); member < histograms.size(); ++member)
    counts.push_back(CountDomains(histograms[member]));

  csro_comparison comparison{NAN, NAN, 0, NAN, NAN};
  const int copies = static_cast<int>(histograms.size()) - 1;
  std::array<csro_null_distribution, CSRO_STATISTICS> statistics{};
  call.RunLocal([&] {
    if (copies > 0) {
      csro_compare(histograms[0].data(), histograms[1].data(), &comparison);
    }
    using Plain = const int64_t(*)[CSRO_SIZE_BINS];
    call.Check(csro_compare_members(call.Context(), reinterpret_cast<Plain>(histograms.data()),
                                    counts.data(), copies, statistics.data()));
  });
  if (call.Rank() != 0) {
    return;
  }
  const auto domains = static_cast<int64_t>(sizes.size());
  vtkTable *table = vtkTable::GetData(outputs, 0);
  AddCount(table, "Domains", domains);
  AddCount(table, "CopyDomains",
           histograms.size() < 2
               ? 0
               : std::accumulate(histograms[1].begin(), histograms[1].end(), int64_t{0}));
  AddNumber(table, "NumberDensity_m3", NumberDensity(data, domains));
  AddNumber(table, "PCC", comparison.pcc);
  AddNumber(table, "Chi2", comparison.chi2);
  AddCount(table, "BinsUsed", comparison.bins_used);
  AddNumber(table, "NTotal", comparison.n_total);
  AddNumber(table, "Mu", comparison.mu);
  AddNumber(table, "MuMean", statistics[CSRO_STATISTIC_MU].data);
  AddNull(table, "Mu", statistics[CSRO_STATISTIC_MU]);
  AddNull(table, "Domains", statistics[CSRO_STATISTIC_DOMAINS]);
  AddCount(table, "OrderedIons", counts[0].ions);
  AddNull(table, "OrderedIons", statistics[CSRO_STATISTIC_IONS]);
  AddCount(table, "LargestDomain", counts[0].largest);
  AddNull(table, "LargestDomain", statistics[CSRO_STATISTIC_LARGEST]);
  char text[CSRO_COMPARISON_TEXT];
  csro_comparison_text(&statistics[CSRO_STATISTIC_DOMAINS], copies, text);
  csro::Columns(table).Texts("Sentence", 1, [&](size_t) { return std::string(text); });
  PutHistograms(histograms, vtkTable::GetData(outputs, 1));
}

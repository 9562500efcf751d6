#include "data/SizeTables.h"

#include "data/TableColumns.h"

namespace csro {
namespace {
const int64_t (*Plain(const std::vector<SizeHistogram> &histograms))[CSRO_SIZE_BINS] {
  return reinterpret_cast<const int64_t(*)[CSRO_SIZE_BINS]>(histograms.data());
}
} // namespace

SizeHistogram HistogramOf(const std::vector<int64_t> &sizes) {
  SizeHistogram histogram;
  csro_size_histogram(sizes.data(), static_cast<int64_t>(sizes.size()), histogram.data());
  return histogram;
}

std::array<csro_null_distribution, CSRO_STATISTICS>
CompareMembers(Call &call, const std::vector<SizeHistogram> &histograms,
               const std::vector<csro_domain_counts> &counts) {
  std::array<csro_null_distribution, CSRO_STATISTICS> statistics{};
  call.Check(csro_compare_members(call.Context(), Plain(histograms), counts.data(),
                                  static_cast<int>(histograms.size()) - 1, statistics.data()));
  return statistics;
}

void PutSizeHistograms(Call &call, const std::vector<SizeHistogram> &histograms, vtkTable *table) {
  Columns columns(table);
  columns.Counts("Size", CSRO_SIZE_BINS, [](size_t bin) { return bin * CSRO_SIZE_BIN_WIDTH; });
  const auto put = [&](const std::string &name, size_t member) {
    columns.Counts(name, CSRO_SIZE_BINS, [&](size_t bin) { return histograms[member][bin]; });
  };
  put("Data", 0);
  const int copies = static_cast<int>(histograms.size()) - 1;
  if (copies > 1) {
    std::array<double, CSRO_SIZE_BINS> p5{}, p95{};
    call.Check(csro_size_band(call.Context(), Plain(histograms), copies, p5.data(), p95.data()));
    columns.Numbers("NullP5", CSRO_SIZE_BINS, [&](size_t bin) { return p5[bin]; });
    columns.Numbers("NullP95", CSRO_SIZE_BINS, [&](size_t bin) { return p95[bin]; });
  }
  for (int i = 1; i <= copies; ++i)
    put("Copy " + std::to_string(i), i);
}

void PutNull(vtkTable *table, const std::string &name, const csro_null_distribution &null) {
  Columns columns(table);
  const auto put = [&](const char *what, double value) {
    columns.Numbers(name + what, 1, [=](size_t) { return value; });
  };
  put("NullMean", null.mean);
  put("NullP5", null.p5);
  put("NullP95", null.p95);
  put("PValue", null.p_value);
}

void PutSentence(vtkTable *table, const csro_null_distribution &domains, int copies) {
  char text[CSRO_COMPARISON_TEXT];
  csro_comparison_text(&domains, copies, text);
  Columns(table).Texts("Sentence", 1, [&](size_t) { return std::string(text); });
}
} // namespace csro

// Sizes of domains, and of those of randomised copies, as tables.
#ifndef csroSizeTables_h
#define csroSizeTables_h

#include "parallel/FilterCall.h"

#include "csro/compare.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

class vtkTable;

namespace csro {
using SizeHistogram = std::array<int64_t, CSRO_SIZE_BINS>;

SizeHistogram HistogramOf(const std::vector<int64_t> &sizes);

// As csro_compare_members: the data first.
std::array<csro_null_distribution, CSRO_STATISTICS>
CompareMembers(Call &call, const std::vector<SizeHistogram> &histograms,
               const std::vector<csro_domain_counts> &counts);

// Size, Data, NullP5 and NullP95 (from two copies on), Copy 1, ...
void PutSizeHistograms(Call &call, const std::vector<SizeHistogram> &histograms, vtkTable *table);

// Columns NAMENullMean, NAMENullP5, NAMENullP95 and NAMEPValue of a row.
void PutNull(vtkTable *table, const std::string &name, const csro_null_distribution &null);

// Sentence: what the numbers of domains say.
void PutSentence(vtkTable *table, const csro_null_distribution &domains, int copies);
} // namespace csro

#endif

// Rows of a table, each with a number of the data that is compared with that of every copy.
#ifndef csroMemberRows_h
#define csroMemberRows_h

#include "data/TableColumns.h"

#include "csro/members.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace csro {
struct MemberRows {
  std::vector<csro_member_value> Values; // by row
  csro_members_test Test{};              // of all together
  size_t At = 0;                         // the row with the largest |z|
};

// value(row, member) of `members` members, of which the first are the data.
MemberRows CompareRows(size_t rows, int members,
                       const std::function<double(size_t row, int member)> &value);

// Columns CopiesMean, CopiesStdDev, Z and P, the first two with the unit behind their names.
void PutComparison(const MemberRows &rows, const std::string &unit, Columns &columns);

// "Largest difference of 30 `values`: `where`, |z| = ...; in 19 randomised copies ..., p = ...:
// `found`." or, above 0.05, "... no difference beyond chance."
std::string DescribeComparison(const MemberRows &rows, int members, const std::string &values,
                               const std::string &where, const std::string &found);

// The sentence as the field array `name`, LargestZ and PValue.
void PutVerdict(const MemberRows &rows, const std::string &name, const std::string &sentence,
                vtkTable *table);
} // namespace csro

#endif

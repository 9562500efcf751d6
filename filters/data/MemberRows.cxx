#include "data/MemberRows.h"

#include "data/FieldArrays.h"

#include <cstdio>

namespace csro {
MemberRows CompareRows(size_t rows, int members,
                       const std::function<double(size_t row, int member)> &value) {
  MemberRows compared;
  std::vector<double> of(members), largest(members, 0.0);
  for (size_t row = 0; row < rows; ++row) {
    for (int m = 0; m < members; ++m)
      of[m] = value(row, m);
    compared.Values.push_back(csro_members_compare(of.data(), members, 1));
    if (csro_members_keep_largest(of.data(), members, 1, largest.data()))
      compared.At = row;
  }
  compared.Test = csro_members_test_all(largest.data(), members);
  return compared;
}

void PutComparison(const MemberRows &rows, const std::string &unit, Columns &columns) {
  const auto put = [&](const std::string &name, double csro_member_value::*of) {
    columns.Numbers(name, rows.Values.size(), [&](size_t row) { return rows.Values[row].*of; });
  };
  put("CopiesMean" + unit, &csro_member_value::mean);
  put("CopiesStdDev" + unit, &csro_member_value::deviation);
  put("Z", &csro_member_value::z);
  put("P", &csro_member_value::p);
}

std::string DescribeComparison(const MemberRows &rows, int members, const std::string &values,
                               const std::string &where, const std::string &found) {
  char text[400] = "Without two randomised copies nothing says what chance gives.";
  if (members > 2)
    std::snprintf(
        text, sizeof text,
        "Largest difference of %zu %s: %s, |z| = %.3g from the mean of data and copies; in "
        "%d randomised copies the largest is %.3g (median), p = %.3g: %s.",
        rows.Values.size(), values.c_str(), where.c_str(), rows.Test.largest, members - 1,
        rows.Test.median, rows.Test.p,
        csro_members_verdict(rows.Test.p, members - 1, found.c_str(),
                             "no difference beyond chance"));
  return text;
}

void PutVerdict(const MemberRows &rows, const std::string &name, const std::string &sentence,
                vtkTable *table) {
  PutTexts(table, name, {sentence});
  PutNumbers(table, "LargestZ", {rows.Test.largest});
  PutNumbers(table, "PValue", {rows.Test.p});
}
} // namespace csro

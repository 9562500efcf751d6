#include "parallel/SortIons.h"

#include "parallel/Exchange.h"

#include "csro/share.h"

#include <vtkMultiProcessController.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <sstream>

namespace csro {
namespace {
// The own points of this rank in their order.
vtkSmartPointer<vtkPointSet> OrderOwn(Call &call, vtkPointSet *ions) {
  const IonView view = ViewIons(call, ions);
  vtkDataArray *numbers = IonNumbers(ions);
  std::vector<vtkIdType> order(view.Points.count);
  for (int64_t i = 0; i < view.Points.count; ++i)
    order[i] = view.Point(i);
  const auto before = [&](vtkIdType a, vtkIdType b) {
    return IonNumberOf(numbers, a) < IonNumberOf(numbers, b);
  };
  const bool ordered = !numbers || std::is_sorted(order.begin(), order.end(), before);
  if (ordered && view.Index.empty() && view.Points.count == ions->GetNumberOfPoints())
    return ions;
  if (!ordered)
    std::stable_sort(order.begin(), order.end(), before);
  return TakePoints(call, ions, order);
}

// Type, components and name of each array: what must be the same on all ranks.
std::string LayoutOf(vtkPointSet *ions) {
  std::ostringstream text;
  for (vtkDataArray *array : NumberArrays(ions))
    text << array->GetDataType() << ' ' << array->GetNumberOfComponents() << ' '
         << (array->GetName() ? array->GetName() : "") << '\n';
  return text.str();
}

// The layout of the first rank with ions, which the others must have.
std::string ShareLayout(Call &call, vtkPointSet *ions, const std::vector<int64_t> &counts) {
  const std::string mine = LayoutOf(ions);
  int speaker = 0;
  while (speaker < call.Ranks() - 1 && counts[speaker] == 0)
    ++speaker;
  std::string layout = mine;
  layout.resize(call.Gather(static_cast<int64_t>(mine.size()))[speaker]);
  if (call.Ranks() > 1 && !layout.empty())
    call.Controller()->Broadcast(&layout[0], static_cast<vtkIdType>(layout.size()), speaker);
  call.RunLocal([&] {
    if (counts[call.Rank()] > 0 && mine != layout)
      call.Fail(CSRO_ERROR_DATA, "the point arrays of the ions are not the same on all ranks");
  });
  return layout;
}

// Points with the arrays of a layout, not filled, the positions first.
vtkSmartPointer<vtkPolyData> MakeIons(Call &call, const std::string &layout, vtkIdType count) {
  auto ions = vtkSmartPointer<vtkPolyData>::New();
  std::istringstream lines(layout);
  int type = 0, components = 0;
  for (std::string name; lines >> type >> components && lines.get();) {
    std::getline(lines, name);
    const auto array = MakeArray(call, type, name, components, count);
    if (ions->GetPoints()) {
      ions->GetPointData()->AddArray(array);
      continue;
    }
    vtkNew<vtkPoints> points;
    points->SetData(array);
    ions->SetPoints(points);
  }
  return ions;
}

// Whether the parts of the ranks already follow each other. Collective.
bool FollowEachOther(Call &call, vtkPointSet *ions, const std::vector<int64_t> &counts,
                     int64_t &lowest, int64_t &highest) {
  const vtkIdType count = ions->GetNumberOfPoints();
  vtkDataArray *numbers = IonNumbers(ions);
  const std::vector<int64_t> first = call.Gather(count > 0 ? IonNumberOf(numbers, 0) : 0);
  const std::vector<int64_t> last = call.Gather(count > 0 ? IonNumberOf(numbers, count - 1) : 0);
  lowest = std::numeric_limits<int64_t>::max();
  highest = std::numeric_limits<int64_t>::min();
  bool follow = true;
  for (int rank = 0; rank < call.Ranks(); ++rank) {
    if (counts[rank] == 0)
      continue;
    follow = follow && first[rank] >= highest;
    lowest = std::min(lowest, first[rank]);
    highest = std::max(highest, last[rank]);
  }
  return follow;
}

size_t BytesOf(vtkDataArray *array) {
  return static_cast<size_t>(array->GetNumberOfComponents()) * array->GetDataTypeSize();
}

// The points begin .. end - 1 as bytes, one array after the other.
std::vector<char> Pack(vtkPointSet *ions, vtkIdType begin, vtkIdType end) {
  std::vector<char> bytes;
  for (vtkDataArray *array : NumberArrays(ions)) {
    vtkSmartPointer<vtkDataArray> values = array;
    if (!array->HasStandardMemoryLayout()) {
      values.TakeReference(vtkDataArray::CreateDataArray(array->GetDataType()));
      values->DeepCopy(array);
    }
    const char *data = static_cast<const char *>(values->GetVoidPointer(0));
    bytes.insert(bytes.end(), data + begin * BytesOf(array), data + end * BytesOf(array));
  }
  return bytes;
}

// Each rank gets the ions of its share of the numbers.
std::vector<std::vector<char>> PackShares(vtkPointSet *ions, int ranks, int64_t lowest,
                                          int64_t highest) {
  const vtkIdType count = ions->GetNumberOfPoints();
  vtkDataArray *numbers = IonNumbers(ions);
  std::vector<std::vector<char>> parcels(ranks);
  vtkIdType begin = 0;
  for (int rank = 0; rank < ranks; ++rank) {
    const int64_t next = lowest + csro_share_begin(highest - lowest + 1, rank + 1, ranks);
    vtkIdType end = begin;
    while (end < count && IonNumberOf(numbers, end) < next)
      ++end;
    parcels[rank] = Pack(ions, begin, end);
    begin = end;
  }
  return parcels;
}

vtkSmartPointer<vtkPolyData> Unpack(Call &call, const std::vector<std::vector<char>> &parcels,
                                    const std::string &layout) {
  size_t record = 0, size = 0;
  const auto empty = MakeIons(call, layout, 0);
  for (vtkDataArray *array : NumberArrays(empty))
    record += BytesOf(array);
  for (const auto &parcel : parcels)
    size += parcel.size();
  const auto ions = MakeIons(call, layout, static_cast<vtkIdType>(size / record));
  const std::vector<vtkDataArray *> arrays = NumberArrays(ions);
  size_t done = 0;
  for (const auto &parcel : parcels) {
    const size_t count = parcel.size() / record;
    const char *from = parcel.data();
    for (vtkDataArray *array : arrays) {
      const size_t bytes = count * BytesOf(array);
      if (bytes > 0)
        std::memcpy(static_cast<char *>(array->GetVoidPointer(0)) + done * BytesOf(array), from,
                    bytes);
      from += bytes;
    }
    done += count;
  }
  return ions;
}
} // namespace

std::vector<vtkDataArray *> NumberArrays(vtkPointSet *ions) {
  std::vector<vtkDataArray *> arrays;
  if (ions->GetPoints())
    arrays.push_back(ions->GetPoints()->GetData());
  for (int i = 0; i < ions->GetPointData()->GetNumberOfArrays(); ++i) {
    vtkDataArray *array = ions->GetPointData()->GetArray(i); // null for text
    if (array && array->GetName() && array->GetDataType() != VTK_BIT &&
        std::strcmp(array->GetName(), "vtkGhostType") != 0)
      arrays.push_back(array);
  }
  return arrays;
}

vtkDataArray *IonNumbers(vtkPointSet *ions) {
  vtkDataArray *numbers = ions->GetPointData()->GetArray("IonId");
  const bool usable = numbers && numbers->GetNumberOfComponents() == 1 &&
                      numbers->GetDataType() != VTK_FLOAT && numbers->GetDataType() != VTK_DOUBLE;
  return usable ? numbers : nullptr;
}

int64_t IonNumberOf(vtkDataArray *numbers, vtkIdType point) {
  return numbers ? static_cast<int64_t>(numbers->GetComponent(point, 0)) : 0;
}

vtkSmartPointer<vtkPointSet> SortIons(Call &call, vtkPointSet *ions) {
  vtkSmartPointer<vtkPointSet> own;
  call.RunLocal([&] { own = OrderOwn(call, ions); });
  if (call.Ranks() == 1)
    return own;
  const std::vector<int64_t> counts = call.Gather(own->GetNumberOfPoints());
  const std::string layout = ShareLayout(call, own, counts);
  int64_t lowest = 0, highest = 0;
  if (FollowEachOther(call, own, counts, lowest, highest))
    return own;
  std::vector<std::vector<char>> parcels;
  call.RunLocal([&] { parcels = PackShares(own, call.Ranks(), lowest, highest); });
  parcels = Exchange(call, std::move(parcels));
  call.RunLocal([&] { own = OrderOwn(call, Unpack(call, parcels, layout)); });
  return own;
}
} // namespace csro

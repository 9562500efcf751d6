#include "data/IonGroups.h"

#include "data/FieldArrays.h"
#include "data/InputChecks.h"
#include "data/IonArrays.h"
#include "data/SpeciesLabels.h"
#include "parallel/Exchange.h"

#include <vtkDataSetAttributes.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkMultiBlockDataSet.h>
#include <vtkNew.h>
#include <vtkPartitionedDataSet.h>
#include <vtkPartitionedDataSetCollection.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <sstream>

namespace csro {
namespace {
// A data set of the group, and its number among those of all ranks.
struct Block {
  vtkSmartPointer<vtkPointSet> Points;
  size_t Number;
};

// A point array of the whole.
struct Layout {
  std::string Name;
  int Type, Components;
};

const char *const Numbers[] = {"IonId", "AtomId", "DomainId"};

bool IsWhole(int type) {
  return type != VTK_FLOAT && type != VTK_DOUBLE && type != VTK_BIT;
}

bool IsNumber(const std::string &name) {
  return std::find(std::begin(Numbers), std::end(Numbers), name) != std::end(Numbers);
}

// --- The blocks ---

// Calls visit(data or null) for all data sets, and pieces(set) for those that consist of pieces.
void Walk(vtkDataObject *data, const std::function<void(vtkDataObject *)> &visit,
          const std::function<void(vtkPartitionedDataSet *)> &pieces) {
  if (auto *blocks = vtkMultiBlockDataSet::SafeDownCast(data)) {
    for (unsigned int i = 0; i < blocks->GetNumberOfBlocks(); ++i)
      Walk(blocks->GetBlock(i), visit, pieces);
  } else if (auto *sets = vtkPartitionedDataSetCollection::SafeDownCast(data)) {
    for (unsigned int i = 0; i < sets->GetNumberOfPartitionedDataSets(); ++i)
      Walk(sets->GetPartitionedDataSet(i), visit, pieces);
  } else if (auto *parts = vtkPartitionedDataSet::SafeDownCast(data)) {
    pieces(parts);
  } else {
    visit(data);
  }
}

// Ranks may have different numbers of pieces; room is made for as many as any has. Collective.
std::vector<Block> FindBlocks(Call &call, vtkCompositeDataSet *group, const std::string &who,
                              size_t &numbers) {
  std::vector<int64_t> pieces;
  int64_t shape = 0; // of the tree, but for the pieces
  Walk(
      group, [&](vtkDataObject *) { ++shape; },
      [&](vtkPartitionedDataSet *set) { pieces.push_back(set->GetNumberOfPartitions()); });
  int64_t most[2] = {shape, static_cast<int64_t>(pieces.size())};
  call.Maximum(most, 2);
  call.RunLocal([&] {
    if (most[0] != shape || most[1] != static_cast<int64_t>(pieces.size()))
      call.Fail(CSRO_ERROR_DATA, who + "the group has not the same blocks on all ranks");
  });
  call.Maximum(pieces.data(), static_cast<int>(pieces.size()));
  std::vector<Block> blocks;
  numbers = 0;
  size_t set = 0;
  call.RunLocal([&] {
    const auto take = [&](vtkDataObject *data, size_t number) {
      if (!data)
        return;
      if (!data->IsA("vtkPointSet"))
        call.Fail(CSRO_ERROR_DATA, who + "block " + std::to_string(number) + " of the group is a " +
                                       data->GetClassName() + ", expected ions (points)");
      const auto checked =
          CheckArrays(call, data, who + "block " + std::to_string(number) + " of the group: ");
      blocks.push_back({vtkPointSet::SafeDownCast(checked), number});
    };
    Walk(
        group, [&](vtkDataObject *data) { take(data, numbers++); },
        [&](vtkPartitionedDataSet *parts) {
          for (unsigned int i = 0; i < parts->GetNumberOfPartitions(); ++i)
            take(parts->GetPartitionAsDataObject(i), numbers + i);
          numbers += static_cast<size_t>(pieces[set++]);
        });
  });
  return blocks;
}

// --- The arrays ---

// "type components name" of each point array, the positions first, a line each; then an empty line.
std::string Describe(vtkPointSet *points) {
  std::ostringstream text;
  const bool isFloat = points->GetPoints()->GetDataType() == VTK_FLOAT;
  text << (isFloat ? VTK_FLOAT : VTK_DOUBLE) << " 3 \n";
  for (int i = 0; i < points->GetPointData()->GetNumberOfArrays(); ++i) {
    vtkDataArray *array = points->GetPointData()->GetArray(i);
    const std::string name = array && array->GetName() ? array->GetName() : "";
    if (name.empty() || name == "vtkGhostType" || array->GetDataType() == VTK_BIT)
      continue;
    int type = array->GetDataType();
    if (IsNumber(name) && IsWhole(type))
      type = VTK_ID_TYPE;
    if (name == "Species")
      type = VTK_UNSIGNED_SHORT;
    text << type << ' ' << array->GetNumberOfComponents() << ' ' << name << '\n';
  }
  text << '\n';
  return text.str();
}

// What holds the values of both; VTK_VOID: nothing.
int CommonType(int a, int b) {
  if (a == b)
    return a;
  return !IsWhole(a) && !IsWhole(b) ? VTK_DOUBLE : VTK_VOID;
}

void Narrow(Call &call, const std::vector<Layout> &block, const std::string &who,
            std::vector<Layout> &common) {
  const auto find = [](const std::vector<Layout> &list, const std::string &name) {
    return std::find_if(list.begin(), list.end(),
                        [&](const Layout &layout) { return layout.Name == name; });
  };
  for (const char *needed : {"Species", "MassToCharge"})
    if ((find(common, needed) == common.end()) != (find(block, needed) == block.end()))
      call.Fail(CSRO_ERROR_DATA, who + "some blocks of the group have the point array " + needed +
                                     ", others do not");
  for (Layout &layout : common) {
    const auto same = find(block, layout.Name);
    const bool fits = same != block.end() && same->Components == layout.Components;
    layout.Type = fits ? CommonType(layout.Type, same->Type) : VTK_VOID;
  }
  common.erase(std::remove_if(common.begin(), common.end(),
                              [](const Layout &layout) { return layout.Type == VTK_VOID; }),
               common.end());
}

// The arrays that all blocks of all ranks have. Collective.
std::vector<Layout> FindCommon(Call &call, const std::vector<Block> &blocks,
                               const std::string &who) {
  std::string mine;
  for (const Block &block : blocks)
    if (block.Points->GetNumberOfPoints() > 0)
      mine += Describe(block.Points);
  std::vector<std::vector<char>> texts(call.Ranks(), std::vector<char>(mine.begin(), mine.end()));
  texts = Exchange(call, std::move(texts));
  std::vector<Layout> common;
  call.RunLocal([&] {
    bool first = true;
    for (const std::vector<char> &text : texts) {
      std::istringstream lines(std::string(text.begin(), text.end()));
      std::vector<Layout> block;
      for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) {
          Layout layout{};
          std::istringstream words(line);
          words >> layout.Type >> layout.Components;
          words.get();
          std::getline(words, layout.Name);
          block.push_back(layout);
          continue;
        }
        if (first)
          common = block;
        else
          Narrow(call, block, who, common);
        first = false;
        block.clear();
      }
    }
  });
  return common;
}

// --- Species ---

struct AllSpecies {
  std::vector<std::string> Names;                // the first is unranged
  std::vector<std::string> Compositions;         // as SpeciesCompositions has them
  std::vector<std::array<double, 3>> Colors;     // negative: not known
  std::vector<std::vector<std::string>> OfBlock; // names by block number
  std::vector<std::vector<uint16_t>> Label;      // by block number and label of the block
};

// Collective.
AllSpecies FindSpecies(Call &call, const std::vector<Block> &blocks, size_t numbers) {
  AllSpecies all;
  std::map<std::string, uint16_t> known;
  std::vector<vtkPointSet *> points(numbers);
  for (const Block &block : blocks)
    points[block.Number] = block.Points;
  const vtkNew<vtkPolyData> none;
  std::vector<std::vector<std::string>> compositions;
  for (size_t number = 0; number < numbers; ++number) {
    vtkPointSet *block = points[number] ? points[number] : none.Get();
    all.OfBlock.push_back(SharedSpeciesNames(call, block));
    compositions.push_back(CompositionsOf(call, block, all.OfBlock.back()));
  }
  call.RunLocal([&] {
    for (size_t number = 0; number < numbers; ++number) {
      vtkDataArray *colors =
          points[number] ? points[number]->GetFieldData()->GetArray("SpeciesColors") : nullptr;
      std::vector<uint16_t> labels;
      for (const std::string &name : all.OfBlock[number]) {
        const auto label = static_cast<uint16_t>(
            known.emplace(name, static_cast<uint16_t>(all.Names.size())).first->second);
        const auto tuple = static_cast<vtkIdType>(labels.size());
        const std::string &composition = compositions[number][labels.size()];
        if (label == all.Names.size()) {
          all.Names.push_back(name);
          all.Compositions.push_back(composition);
          all.Colors.push_back({-1, -1, -1});
        }
        if (all.Compositions[label] != composition)
          call.Fail(CSRO_ERROR_DATA, "species " + name + " is " + all.Compositions[label] +
                                         " in one data set of the group and " + composition +
                                         " in another: label them by one range file (Range Ions)");
        if (colors && colors->GetNumberOfComponents() == 3 && tuple < colors->GetNumberOfTuples() &&
            all.Colors[label][0] < 0)
          colors->GetTuple(tuple, all.Colors[label].data());
        labels.push_back(label);
      }
      all.Label.push_back(labels);
    }
  });
  return all;
}

void PutNames(const AllSpecies &all, vtkPolyData *output) {
  if (all.Names.empty())
    return;
  vtkNew<vtkFloatArray> colors;
  colors->SetName("SpeciesColors");
  colors->SetNumberOfComponents(3);
  constexpr double grey[3] = {0.6, 0.6, 0.6};
  for (const std::array<double, 3> &color : all.Colors)
    colors->InsertNextTuple(color[0] < 0 ? grey : color.data());
  PutTexts(output, "SpeciesNames", all.Names);
  PutTexts(output, "SpeciesCompositions", all.Compositions);
  output->GetFieldData()->AddArray(colors);
}

// --- The whole ---

// What is added to the numbers of each block so that they are different in all. Collective.
std::vector<int64_t> FindShifts(Call &call, const std::vector<Block> &blocks, size_t numbers,
                                const char *name) {
  constexpr int64_t none = std::numeric_limits<int64_t>::min();
  std::vector<int64_t> extremes(2 * numbers, none); // minus the lowest, the highest
  for (const Block &block : blocks) {
    vtkDataArray *array = block.Points->GetPointData()->GetArray(name);
    for (vtkIdType i = 0; array && i < block.Points->GetNumberOfPoints(); ++i) {
      const auto value = static_cast<int64_t>(array->GetComponent(i, 0));
      if (value < 0)
        continue;
      extremes[2 * block.Number] = std::max(extremes[2 * block.Number], -value);
      extremes[2 * block.Number + 1] = std::max(extremes[2 * block.Number + 1], value);
    }
  }
  call.Maximum(extremes.data(), static_cast<int>(extremes.size()));
  std::vector<int64_t> shifts(numbers, 0);
  int64_t next = 0;
  for (size_t number = 0; number < numbers; ++number) {
    if (extremes[2 * number] == none)
      continue;
    const int64_t lowest = -extremes[2 * number];
    shifts[number] = std::max<int64_t>(0, next - lowest);
    next = extremes[2 * number + 1] + shifts[number] + 1;
  }
  return shifts;
}

// Appends values to an array from tuple `at` on.
void Append(vtkDataArray *from, vtkIdType at, vtkDataArray *to) {
  const vtkIdType count = from->GetNumberOfTuples();
  const int components = to->GetNumberOfComponents();
  if (from->GetDataType() == to->GetDataType()) {
    const size_t size = static_cast<size_t>(components) * to->GetDataTypeSize();
    std::memcpy(static_cast<char *>(to->GetVoidPointer(0)) + at * size, from->GetVoidPointer(0),
                count * size);
    return;
  }
  for (vtkIdType i = 0; i < count; ++i)
    for (int k = 0; k < components; ++k)
      to->SetComponent(at + i, k, from->GetComponent(i, k));
}

void AppendSpecies(Call &call, vtkDataArray *from, const std::vector<uint16_t> &label, vtkIdType at,
                   vtkDataArray *to, const std::string &who) {
  auto *labels = static_cast<uint16_t *>(to->GetVoidPointer(0)) + at;
  for (vtkIdType i = 0; i < from->GetNumberOfTuples(); ++i) {
    const double value = from->GetComponent(i, 0);
    const double last = label.empty() ? 65535 : static_cast<double>(label.size() - 1);
    if (!(value >= 0 && value <= last && value == static_cast<uint16_t>(value))) {
      std::ostringstream text;
      text << who << "point array Species holds " << value << " at point " << i
           << " of a block, expected whole numbers of 0 to " << last;
      call.Fail(CSRO_ERROR_DATA, text.str());
    }
    const auto own = static_cast<uint16_t>(value);
    labels[i] = label.empty() ? own : label[own];
  }
}

void AppendNumbers(vtkDataArray *from, int64_t shift, vtkIdType at, vtkDataArray *to) {
  auto *numbers = static_cast<vtkIdType *>(to->GetVoidPointer(0)) + at;
  for (vtkIdType i = 0; i < from->GetNumberOfTuples(); ++i) {
    const auto value = static_cast<vtkIdType>(from->GetComponent(i, 0));
    numbers[i] = value < 0 ? value : value + shift;
  }
}

void PutGhosts(Call &call, const std::vector<Block> &blocks, vtkIdType count, vtkPolyData *output) {
  const auto ghosts = MakeArray(call, VTK_UNSIGNED_CHAR, "vtkGhostType", 1, count);
  ghosts->Fill(0);
  vtkIdType at = 0;
  bool any = false;
  for (const Block &block : blocks) {
    if (vtkDataArray *own = block.Points->GetPointData()->GetArray("vtkGhostType")) {
      Append(own, at, ghosts);
      any = true;
    }
    at += block.Points->GetNumberOfPoints();
  }
  if (any)
    output->GetPointData()->AddArray(ghosts);
}
} // namespace

std::vector<vtkSmartPointer<vtkPointSet>> SplitGroup(Call &call, vtkCompositeDataSet *group,
                                                     const std::string &who) {
  size_t numbers = 0;
  const std::vector<Block> blocks = FindBlocks(call, group, who, numbers);
  std::vector<vtkSmartPointer<vtkPointSet>> sets(numbers);
  for (const Block &block : blocks)
    sets[block.Number] = block.Points;
  call.RunLocal([&] {
    if (numbers == 0)
      call.Fail(CSRO_ERROR_DATA, who + "the group of data sets is empty, expected ions (points)");
    for (vtkSmartPointer<vtkPointSet> &set : sets)
      if (!set)
        set = vtkSmartPointer<vtkPolyData>::New();
  });
  return sets;
}

vtkSmartPointer<vtkPolyData> MergeGroup(Call &call, vtkCompositeDataSet *group,
                                        const std::string &who) {
  size_t numbers = 0;
  const std::vector<Block> blocks = FindBlocks(call, group, who, numbers);
  const std::vector<Layout> common = FindCommon(call, blocks, who);
  const AllSpecies species = FindSpecies(call, blocks, numbers);
  vtkIdType count = 0;
  for (const Block &block : blocks)
    count += block.Points->GetNumberOfPoints();
  double bytes = 17; // vertices and vtkGhostType
  for (const Layout &layout : common)
    bytes += layout.Components * vtkAbstractArray::GetDataTypeSize(layout.Type);
  call.Reserve(bytes * static_cast<double>(count), who + "the ions of the group as one data set",
               "take fewer blocks");
  auto output = vtkSmartPointer<vtkPolyData>::New();
  for (const Layout &layout : common) {
    const bool numbered = IsNumber(layout.Name) && layout.Type == VTK_ID_TYPE;
    std::vector<int64_t> shifts;
    if (numbered)
      shifts = FindShifts(call, blocks, numbers, layout.Name.c_str());
    call.RunLocal([&] {
      const auto array =
          MakeArray(call, layout.Type, layout.Name.c_str(), layout.Components, count);
      vtkIdType at = 0;
      for (const Block &block : blocks) {
        const vtkIdType points = block.Points->GetNumberOfPoints();
        if (points == 0)
          continue;
        vtkDataArray *own = layout.Name.empty()
                                ? block.Points->GetPoints()->GetData()
                                : block.Points->GetPointData()->GetArray(layout.Name.c_str());
        if (layout.Name == "Species")
          AppendSpecies(call, own, species.Label[block.Number], at, array, who);
        else if (numbered)
          AppendNumbers(own, shifts[block.Number], at, array);
        else
          Append(own, at, array);
        at += points;
      }
      if (!layout.Name.empty()) {
        output->GetPointData()->AddArray(array);
        return;
      }
      vtkNew<vtkPoints> positions;
      positions->SetData(array);
      output->SetPoints(positions);
    });
  }
  call.RunLocal([&] {
    PutGhosts(call, blocks, count, output);
    PutVertices(call, output);
    PutNames(species, output);
  });
  return output;
}
} // namespace csro

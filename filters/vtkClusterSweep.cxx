#include "vtkClusterSweep.h"

#include "data/FieldArrays.h"
#include "data/Solute.h"
#include "data/TableColumns.h"
#include "data/ValueList.h"
#include "parallel/DistributedSeparation.h"
#include "parallel/RandomizedCopy.h"

#include "csro/compare.h"

#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

vtkStandardNewMacro(vtkClusterSweep);

namespace {
// Numbers of clusters by step, smallest size and member (the data, then the copies).
class Counts {
public:
  Counts(size_t steps, size_t sizes, size_t members)
      : SizeCount(sizes), MemberCount(members), Values(steps * sizes * members) {}

  double &At(size_t step, size_t size, size_t member) {
    return this->Values[(step * this->SizeCount + size) * this->MemberCount + member];
  }
  csro_null_distribution Null(size_t step, size_t size) const {
    std::vector<double> values(this->Values.begin() + Begin(step, size),
                               this->Values.begin() + Begin(step, size + 1));
    return csro_null_distribution_of(values.data(), static_cast<int>(this->MemberCount) - 1);
  }

private:
  ptrdiff_t Begin(size_t step, size_t size) const {
    return static_cast<ptrdiff_t>((step * this->SizeCount + size) * this->MemberCount);
  }

  size_t SizeCount, MemberCount;
  std::vector<double> Values;
};

// Where data and copies differ most.
struct Best {
  size_t Step = 0, Size = 0;
  csro_null_distribution Null{0, NAN, NAN, NAN, NAN};
};

Best FindBest(const Counts &counts, size_t steps, size_t sizes) {
  Best best;
  double most = 0;
  for (size_t step = 0; step < steps; ++step)
    for (size_t size = 0; size < sizes; ++size) {
      const csro_null_distribution null = counts.Null(step, size);
      const double beyond = null.data - null.mean;
      if (beyond > most) {
        most = beyond;
        best = {step, size, null};
      }
    }
  return best;
}

std::string SentenceOf(const Best &best, double distance, int least, int copies) {
  char text[400];
  if (copies < 1)
    return "without randomised copies nothing says how many clusters chance gives";
  if (std::isnan(best.Null.mean))
    return "at no distance and smallest size the data have more clusters than the copies";
  std::snprintf(text, sizeof text,
                "data and copies differ most at %.3g nm with clusters of %d and more solute ions: "
                "%.0f clusters, copies have %.3g on average (5 to 95 %%: %.3g to %.3g). Chosen "
                "among all of these, it is no test: for p take Maximum Separation on other data",
                distance, least, best.Null.data, best.Null.mean, best.Null.p5, best.Null.p95);
  return text;
}
} // namespace

vtkClusterSweep::vtkClusterSweep() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(1);
  this->SetSpecies("");
  this->Expect("Distances", this->Distances, 0, 10, "nm");
  this->Expect("Steps", this->Steps, 1, 1000);
  this->Expect("MinimumSizes", this->MinimumSizes, 1, VTK_INT_MAX);
  this->Expect("Order", this->Order, 0, 1000);
  this->Expect("Copies", this->Copies, 0, 10000);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX - 10000);
}

vtkClusterSweep::~vtkClusterSweep() {
  this->SetSpecies(nullptr);
}

void vtkClusterSweep::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Species: " << (this->Species ? this->Species : "(none)") << "\n"
     << indent << "Distances: " << this->Distances[0] << " " << this->Distances[1] << "\n"
     << indent << "Steps: " << this->Steps << "\n"
     << indent << "MinimumSizes:";
  for (const int size : this->MinimumSizes)
    os << " " << size;
  os << "\n"
     << indent << "Order: " << this->Order << "\n"
     << indent << "Copies: " << this->Copies << "\n"
     << indent << "Seed: " << this->Seed << "\n";
}

void vtkClusterSweep::SetMinimumSizeCount(int count) {
  csro::SetValueCount(this->MinimumSizes, count);
  this->Modified();
}

void vtkClusterSweep::SetMinimumSize(int index, int size) {
  csro::SetValueAt(this->MinimumSizes, index, size);
  this->Modified();
}

void vtkClusterSweep::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkClusterSweep::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkClusterSweep::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                  vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  const csro::SpeciesList species = csro::SharedSpecies(call, ions);
  csro::IonView view;
  call.RunLocal([&] {
    view = csro::ViewLabelledIons(call, ions);
    if (this->MinimumSizes.empty())
      call.Fail(CSRO_ERROR_ARGUMENT, "MinimumSizes: empty, expected numbers of solute ions");
  });
  const std::vector<uint8_t> isSolute = csro::FindSolute(call, this->Species, view, species);
  const auto steps = static_cast<size_t>(this->Steps), sizes = this->MinimumSizes.size();
  double ends[2] = {this->Distances[0], this->Distances[1]};
  if (ends[0] <= 0 || ends[1] <= 0) {
    const double middle = csro::SuggestDistance(call, view, isSolute);
    ends[0] = ends[0] > 0 ? ends[0] : middle / 2;
    ends[1] = ends[1] > 0 ? ends[1] : middle * 2;
  }
  const auto distanceAt = [&, lo = std::min(ends[0], ends[1]),
                           hi = std::max(ends[0], ends[1])](size_t step) {
    return steps > 1 ? lo + (hi - lo) * static_cast<double>(step) / static_cast<double>(steps - 1)
                     : lo;
  };
  Counts counts(steps, sizes, this->Copies + 1);
  const double part = 1.0 / (static_cast<double>(this->Copies + 1) * this->Steps);
  for (int member = 0; member <= this->Copies; ++member) {
    std::vector<uint16_t> label;
    call.Frame(part * this->Steps * member, part * this->Steps * member);
    if (member > 0)
      label = csro::RandomizeSpecies(
          call, view, {}, static_cast<uint64_t>(this->Seed) + static_cast<uint64_t>(member) - 1);
    std::vector<uint8_t> flags;
    call.RunLocal([&] {
      flags = csro::FlagSolute(isSolute, member > 0 ? label.data() : view.Label, view.Points.count);
    });
    for (int step = 0; step < this->Steps; ++step) {
      call.Frame(part * (this->Steps * member + step), part * (this->Steps * member + step + 1));
      const double distance = distanceAt(static_cast<size_t>(step));
      const std::vector<int64_t> found =
          csro::FindSoluteClusters(call, view, ions, flags,
                                   {this->Order, distance, distance, 1, 0, 0})
              .Solutes;
      for (size_t size = 0; size < sizes; ++size)
        counts.At(step, size, member) =
            static_cast<double>(std::count_if(found.begin(), found.end(), [&](int64_t solutes) {
              return solutes >= this->MinimumSizes[size];
            }));
    }
  }
  if (call.Rank() != 0)
    return;
  call.Frame(0, 1);
  vtkTable *table = vtkTable::GetData(outputs, 0);
  csro::Columns columns(table);
  columns.Numbers("Distance_nm", steps, distanceAt);
  for (size_t size = 0; size < sizes; ++size) {
    const std::string least = " of " + std::to_string(this->MinimumSizes[size]);
    const auto put = [&](const char *name, double csro_null_distribution::*value) {
      columns.Numbers(name + least, steps,
                      [&](size_t step) { return counts.Null(step, size).*value; });
    };
    put("Clusters", &csro_null_distribution::data);
    if (this->Copies == 0)
      continue;
    put("CopiesMean", &csro_null_distribution::mean);
    put("CopiesP5", &csro_null_distribution::p5);
    put("CopiesP95", &csro_null_distribution::p95);
    columns.Numbers("Beyond" + least, steps, [&](size_t step) {
      const csro_null_distribution null = counts.Null(step, size);
      return null.data - null.mean;
    });
  }
  const Best best = FindBest(counts, steps, sizes);
  csro::PutTexts(
      table, "Sentence",
      {SentenceOf(best, distanceAt(best.Step), this->MinimumSizes[best.Size], this->Copies)});
}

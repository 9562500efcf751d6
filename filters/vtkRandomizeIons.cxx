#include "vtkRandomizeIons.h"

#include "Exchange.h"
#include "Ions.h"

#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

vtkStandardNewMacro(vtkRandomizeIons);

namespace {
using csro::Call;
using Parcels = std::vector<std::vector<char>>; // by rank
using Lists = std::vector<std::vector<int64_t>>;
constexpr int64_t IonsPerRound = 1 << 20;

// A label of the ions: where it is read and where the permuted one is written, point by point.
struct Label {
  vtkSmartPointer<vtkDataArray> Own, Permuted;
  size_t Size = 0;

  Label(vtkDataArray *own, int type, const char *name, vtkIdType points) {
    this->Own = this->Permuted = vtk::TakeSmartPointer(vtkDataArray::CreateDataArray(type));
    this->Permuted->SetName(name);
    this->Size = this->Permuted->GetDataTypeSize();
    if (!own)
      return;
    this->Permuted->DeepCopy(own); // points of other ranks keep what they have
    this->Own = own;
    if (!own->HasStandardMemoryLayout()) {
      this->Own.TakeReference(vtkDataArray::CreateDataArray(type));
      this->Own->DeepCopy(own);
    }
    this->Permuted->SetNumberOfTuples(points);
  }
  const char *From(vtkIdType point) const {
    return static_cast<const char *>(this->Own->GetVoidPointer(0)) + point * this->Size;
  }
  char *To(vtkIdType point) const {
    return static_cast<char *>(this->Permuted->GetVoidPointer(0)) + point * this->Size;
  }
};

// The ions of all ranks are numbered from the first rank on. Ion i gets the labels of ion
// permutation(i): its rank asks the rank that holds that one, round by round, so that no rank ever
// holds more than a round's share of questions and answers.
class Permuter {
public:
  Permuter(Call &call, const csro::IonView &ions, const std::vector<int64_t> &counts, int seed,
           std::vector<Label> labels)
      : Ranks(call), Ions(ions), Labels(std::move(labels)), Starts{0} {
    for (const int64_t count : counts) {
      this->Starts.push_back(this->Starts.back() + count);
      this->Rounds = std::max(this->Rounds, (count + IonsPerRound - 1) / IonsPerRound);
    }
    for (const Label &label : this->Labels)
      this->Record += label.Size;
    csro_permutation_init(&this->Permutation, static_cast<uint64_t>(seed),
                          static_cast<uint64_t>(this->Starts.back()));
  }

  // Collective.
  void Run() {
    for (int64_t round = 0; round < this->Rounds; ++round)
      this->RunRound(round);
  }

private:
  void RunRound(int64_t round) {
    // Every rank asks for the same part of its ions: each is then asked for about that of its own.
    const csro::Share part = csro::ShareOf(this->Ions.Points.count, static_cast<int>(round),
                                           static_cast<int>(this->Rounds));
    const double begin = static_cast<double>(round), all = static_cast<double>(this->Rounds);
    Parcels answers;
    Lists questions, asking(this->Ranks.Ranks()); // own ions, by the rank they ask
    this->Ranks.Together([&] {
      this->Ranks.Progress(begin / all);
      questions = this->Ask(part, asking);
    });
    questions = csro::Exchange(this->Ranks, std::move(questions));
    this->Ranks.Together([&] {
      this->Ranks.Progress((begin + 0.5) / all);
      answers = this->Answer(questions);
    });
    answers = csro::Exchange(this->Ranks, std::move(answers));
    this->Ranks.Together([&] { this->Place(asking, answers); });
  }

  Lists Ask(const csro::Share &part, Lists &asking) const {
    const int64_t first = this->Starts[this->Ranks.Rank()];
    Lists wanted(this->Ranks.Ranks());
    for (int64_t ion = part.First; ion < part.First + part.Count; ++ion) {
      const auto other = static_cast<int64_t>(
          csro_permutation_at(&this->Permutation, static_cast<uint64_t>(first + ion)));
      const auto end = std::upper_bound(this->Starts.begin(), this->Starts.end(), other);
      const auto rank = end - this->Starts.begin() - 1;
      wanted[rank].push_back(other - this->Starts[rank]);
      asking[rank].push_back(ion);
    }
    return wanted;
  }

  // The labels of the ions asked for, those of one ion together.
  Parcels Answer(const Lists &asked) const {
    Parcels answers(asked.size());
    for (size_t rank = 0; rank < asked.size(); ++rank) {
      answers[rank].resize(asked[rank].size() * this->Record);
      char *to = answers[rank].data();
      for (const int64_t ion : asked[rank])
        for (const Label &label : this->Labels) {
          std::memcpy(to, label.From(this->Ions.Point(ion)), label.Size);
          to += label.Size;
        }
    }
    return answers;
  }

  void Place(const Lists &asking, const Parcels &answers) const {
    for (size_t rank = 0; rank < answers.size(); ++rank) {
      if (answers[rank].size() != asking[rank].size() * this->Record)
        this->Ranks.Fail(CSRO_ERROR_DATA,
                         "labels of " + std::to_string(answers[rank].size() / this->Record) +
                             " ions arrived of " + std::to_string(asking[rank].size()));
      const char *from = answers[rank].data();
      for (const int64_t ion : asking[rank])
        for (const Label &label : this->Labels) {
          std::memcpy(label.To(this->Ions.Point(ion)), from, label.Size);
          from += label.Size;
        }
    }
  }

  Call &Ranks;
  const csro::IonView &Ions;
  std::vector<Label> Labels;
  std::vector<int64_t> Starts; // first ion of each rank, and the number of all
  int64_t Rounds = 0;
  size_t Record = 0; // bytes
  csro_permutation Permutation;
};

// The labels that the ions have, the same on all ranks. Collective.
std::vector<Label> FindLabels(Call &call, vtkPointSet *ions) {
  std::vector<Label> labels;
  const vtkIdType points = ions->GetNumberOfPoints();
  for (const char *name : {"Species", "MassToCharge"}) {
    vtkDataArray *own = ions->GetPointData()->GetArray(name);
    if (own && (own->GetNumberOfComponents() != 1 || own->GetDataType() == VTK_BIT))
      own = nullptr;
    int64_t type = own ? own->GetDataType() : VTK_VOID;
    call.Maximum(&type, 1); // ranks without ions may be without arrays
    call.Together([&] {
      if (points > 0 && type != (own ? own->GetDataType() : VTK_VOID))
        call.Fail(CSRO_ERROR_DATA,
                  std::string("point array ") + name + " is not the same on all ranks");
      if (type != VTK_VOID)
        labels.emplace_back(own, static_cast<int>(type), name, points);
    });
  }
  return labels;
}
} // namespace

vtkRandomizeIons::vtkRandomizeIons() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(1);
}

void vtkRandomizeIons::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Seed: " << this->Seed << "\n";
}

int vtkRandomizeIons::FillInputPortInformation(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
  return 1;
}

int vtkRandomizeIons::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkPolyData");
  return 1;
}

void vtkRandomizeIons::Execute(csro::Call &call, vtkInformationVector **inputs,
                               vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  vtkPolyData *output = vtkPolyData::GetData(outputs);
  csro::IonView ions;
  call.Together([&] { ions = csro::ViewIons(call, input); });
  const std::vector<int64_t> counts = call.Gather(ions.Points.count);
  const std::vector<Label> labels = FindLabels(call, input);
  call.Together([&] {
    if (std::accumulate(counts.begin(), counts.end(), int64_t{0}) == 0)
      call.Fail(CSRO_ERROR_DATA, "the input has no ions");
    if (labels.empty())
      call.Fail(CSRO_ERROR_DATA,
                "the ions have no labels to permute: no point array Species or MassToCharge");
  });
  output->SetPoints(input->GetPoints());
  output->GetPointData()->ShallowCopy(input->GetPointData());
  output->GetFieldData()->ShallowCopy(input->GetFieldData());
  csro::PutVertices(output);
  Permuter(call, ions, counts, this->Seed, labels).Run();
  for (const Label &label : labels)
    output->GetPointData()->AddArray(label.Permuted);
  output->GetPointData()->SetActiveScalars("Species");
}

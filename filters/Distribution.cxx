#include "Distribution.h"

#include <vtkAppendPolyData.h>
#include <vtkMultiProcessController.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

namespace csro {
namespace {
constexpr int MessageTag = 7140;
constexpr size_t LargestMessage = size_t{1} << 28; // MPI counts are int

void Send(vtkMultiProcessController *controller, const std::vector<char> &bytes, int to) {
  const long long size = static_cast<long long>(bytes.size());
  controller->Send(&size, 1, to, MessageTag);
  for (size_t at = 0; at < bytes.size(); at += LargestMessage) {
    const size_t length = std::min(LargestMessage, bytes.size() - at);
    controller->Send(bytes.data() + at, static_cast<vtkIdType>(length), to, MessageTag);
  }
}

void Receive(vtkMultiProcessController *controller, std::vector<char> &bytes, int from) {
  long long size = 0;
  controller->Receive(&size, 1, from, MessageTag);
  bytes.resize(size);
  for (size_t at = 0; at < bytes.size(); at += LargestMessage) {
    const size_t length = std::min(LargestMessage, bytes.size() - at);
    controller->Receive(bytes.data() + at, static_cast<vtkIdType>(length), from, MessageTag);
  }
}

// Ions for one rank on their way: numbers of own and halo ions, positions, labels.
class Parcel {
public:
  Parcel(const IonView &ions, bool isDouble) : Ions(ions), IsDouble(isDouble) {}

  std::vector<char> Pack(const std::vector<int64_t> &own, const std::vector<int64_t> &halo) const {
    const size_t position = 3 * (this->IsDouble ? sizeof(double) : sizeof(float));
    const int64_t counts[2] = {static_cast<int64_t>(own.size()), static_cast<int64_t>(halo.size())};
    std::vector<char> bytes(sizeof counts +
                            (own.size() + halo.size()) * (position + sizeof(uint16_t)));
    std::memcpy(bytes.data(), counts, sizeof counts);
    char *to = bytes.data() + sizeof counts;
    for (const auto *list : {&own, &halo}) {
      for (const int64_t ion : *list) {
        this->PutPosition(ion, to);
        to += position;
      }
    }
    for (const auto *list : {&own, &halo}) {
      for (const int64_t ion : *list) {
        const uint16_t label = this->Ions.Label ? this->Ions.Label[ion] : 0;
        std::memcpy(to, &label, sizeof label);
        to += sizeof label;
      }
    }
    return bytes;
  }

private:
  void PutPosition(int64_t ion, char *to) const {
    double position[3];
    csro_points_get(&this->Ions.Points, ion, position);
    if (this->IsDouble) {
      std::memcpy(to, position, sizeof position);
      return;
    }
    const float rounded[3] = {static_cast<float>(position[0]), static_cast<float>(position[1]),
                              static_cast<float>(position[2])};
    std::memcpy(to, rounded, sizeof rounded);
  }

  const IonView &Ions;
  bool IsDouble;
};

int Owner(const SlabPlan &plan, double z) {
  const auto above = std::upper_bound(plan.Cut.begin() + 1, plan.Cut.end() - 1, z);
  return static_cast<int>(above - plan.Cut.begin()) - 1;
}

std::vector<std::vector<char>> PackAll(const IonView &ions, const SlabPlan &plan, int ranks,
                                       bool isDouble) {
  std::vector<std::vector<int64_t>> own(ranks), halo(ranks);
  for (int64_t i = 0; i < ions.Points.count; ++i) {
    double position[3];
    csro_points_get(&ions.Points, i, position);
    const int owner = Owner(plan, position[2]);
    own[owner].push_back(i);
    for (int rank = 0; rank < ranks; ++rank) {
      if (rank != owner && position[2] >= plan.Lo[rank] && position[2] <= plan.Hi[rank]) {
        halo[rank].push_back(i);
      }
    }
  }
  const Parcel parcel(ions, isDouble);
  std::vector<std::vector<char>> parcels(ranks);
  for (int rank = 0; rank < ranks; ++rank) {
    parcels[rank] = parcel.Pack(own[rank], halo[rank]);
  }
  return parcels;
}

// Puts the parcels together: the own ions of all, then the halo ions of all.
void Unpack(const std::vector<std::vector<char>> &parcels, bool isDouble, SlabIons &ions) {
  const size_t position = 3 * (isDouble ? sizeof(double) : sizeof(float));
  ions.Points.is_double = isDouble;
  for (int part = 0; part < 2; ++part) {
    for (const auto &parcel : parcels) {
      int64_t counts[2];
      std::memcpy(counts, parcel.data(), sizeof counts);
      const int64_t skip = part == 0 ? 0 : counts[0];
      const char *positions = parcel.data() + sizeof counts;
      const char *labels = positions + (counts[0] + counts[1]) * position;
      ions.Bytes.insert(ions.Bytes.end(), positions + skip * position,
                        positions + (skip + counts[part]) * position);
      const size_t before = ions.Labels.size();
      ions.Labels.resize(before + counts[part]);
      if (counts[part] > 0) {
        std::memcpy(&ions.Labels[before], labels + skip * sizeof(uint16_t),
                    counts[part] * sizeof(uint16_t));
      }
    }
    if (part == 0) {
      ions.Own = static_cast<int64_t>(ions.Labels.size());
    }
  }
  ions.Points.count = static_cast<int64_t>(ions.Labels.size());
  ions.Points.xyz = ions.Bytes.data();
  ions.Label = ions.Labels.data();
}
} // namespace

Share ShareOf(int64_t count, int part, int parts) {
  const int64_t first = count / parts * part + std::min<int64_t>(part, count % parts);
  return {first, count / parts + (part < count % parts ? 1 : 0)};
}

void ExchangePairwise(Call &call, const std::vector<std::vector<char>> &outgoing,
                      std::vector<std::vector<char>> &incoming) {
  const int me = call.Rank();
  incoming.assign(call.Ranks(), {});
  incoming[me] = outgoing[me];
  int steps = 1;
  while (steps < call.Ranks()) {
    steps *= 2;
  }
  for (int step = 1; step < steps; ++step) {
    const int partner = me ^ step;
    if (partner >= call.Ranks()) {
      continue;
    }
    if (me < partner) {
      Send(call.Controller(), outgoing[partner], partner);
      Receive(call.Controller(), incoming[partner], partner);
    } else {
      Receive(call.Controller(), incoming[partner], partner);
      Send(call.Controller(), outgoing[partner], partner);
    }
  }
}

SlabIons Distribute(Call &call, const IonView &view, const SlabPlan &plan) {
  SlabIons ions;
  if (call.Ranks() == 1) {
    ions.Points = view.Points;
    ions.Label = view.Label;
    ions.Own = view.Points.count;
    return ions;
  }
  int64_t isDouble = view.Points.count > 0 && view.Points.is_double ? 1 : 0;
  call.Maximum(&isDouble, 1);

  std::vector<std::vector<char>> outgoing, incoming;
  call.Together([&] { outgoing = PackAll(view, plan, call.Ranks(), isDouble != 0); });
  ExchangePairwise(call, outgoing, incoming);
  outgoing.clear();
  call.Together([&] { Unpack(incoming, isDouble != 0, ions); });

  int64_t totals[2] = {view.Points.count, ions.Own};
  call.Sum(totals, 2);
  call.Together([&] {
    if (totals[0] != totals[1]) {
      call.Fail(CSRO_ERROR_DATA, "distribution over ranks: " + std::to_string(totals[1]) +
                                     " ions arrived of " + std::to_string(totals[0]));
    }
  });
  return ions;
}

vtkSmartPointer<vtkPolyData> GatherIons(Call &call, vtkPolyData *ions) {
  vtkSmartPointer<vtkPolyData> all = ions;
  if (call.Ranks() > 1) {
    std::vector<vtkSmartPointer<vtkDataObject>> parts;
    call.Controller()->Gather(ions, parts, 0);
    if (call.Rank() != 0)
      return vtkSmartPointer<vtkPolyData>::New();
    vtkNew<vtkAppendPolyData> append;
    for (vtkDataObject *part : parts)
      append->AddInputData(vtkPolyData::SafeDownCast(part));
    append->Update();
    if (append->GetOutput()->GetNumberOfPoints() > 0)
      all = append->GetOutput();
  }
  vtkDataArray *numbers = all->GetPointData()->GetArray("IonId");
  if (!numbers)
    return all;
  std::vector<vtkIdType> order(all->GetNumberOfPoints());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](vtkIdType a, vtkIdType b) {
    return numbers->GetComponent(a, 0) < numbers->GetComponent(b, 0);
  });
  return TakePoints(all, order);
}
} // namespace csro

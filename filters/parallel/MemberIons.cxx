#include "parallel/MemberIons.h"

#include "parallel/Owned.h"

#include "csro/bisection.h"
#include "csro/parse.h"

#include <algorithm>
#include <numeric>

namespace csro {
void CheckGroups(Call &call, const std::vector<NamedLabels> &groups, const SpeciesList &species) {
  std::vector<bool> taken(species.Names.size());
  for (const NamedLabels &group : groups)
    for (const uint16_t label : group.Labels) {
      if (taken[label])
        call.Fail(CSRO_ERROR_ARGUMENT,
                  "species " + species.Names[label] +
                      " stands there by itself and as a part of its element, expected one of them");
      taken[label] = true;
    }
}

MemberIons::MemberIons(Call &call, const IonView &ions, const SpeciesList &species,
                       const MemberSettings &settings)
    : Processes(call), Settings(settings) {
  const double bytes = 2.0 * this->Members() + 96;
  call.Reserve(bytes * static_cast<double>(ions.Points.count), "the ions of all copies",
               "take fewer Copies");
  this->FindGroups(ions, species);
  this->TakeRanged(ions);
  this->MakeCopies(ions);
  this->CutParts();
}

void MemberIons::FindGroups(const IonView &ions, const SpeciesList &species) {
  Call &call = this->Processes;
  const bool ranged = AreRanged(call, ions);
  const std::vector<NamedLabels> major = MajorElements(call, ions, species);
  call.RunLocal([&] {
    this->Named = this->Settings.Groups.empty() ? major : this->Settings.Groups;
    CheckGroups(call, this->Named, species);
    if (!ranged || this->Named.empty())
      call.Fail(CSRO_ERROR_DATA, WhyNoPairs(species));
    this->GroupOf.assign(std::max<size_t>(species.Names.size(), 1), 0);
    for (size_t group = 0; group < this->Named.size(); ++group)
      for (const uint16_t label : this->Named[group].Labels)
        this->GroupOf[label] = static_cast<uint8_t>(group + 1);
  });
}

void MemberIons::TakeRanged(const IonView &ions) {
  Call &call = this->Processes;
  call.RunLocal([&] {
    for (int64_t ion = 0; ions.Label && ion < ions.Points.count; ++ion) {
      double r[3];
      if (ions.Label[ion] == 0)
        continue;
      csro_points_get(&ions.Points, ion, r);
      this->Ranged.push_back(ion);
      this->Labels.push_back(ions.Label[ion]);
      this->Positions.insert(this->Positions.end(), r, r + 3);
    }
  });
  const auto count = static_cast<int64_t>(this->Ranged.size());
  const std::vector<int64_t> counts = call.Gather(count);
  const int64_t first = std::accumulate(counts.begin(), counts.begin() + call.Rank(), int64_t{0});
  call.RunLocal([&] {
    this->Number.resize(count);
    std::iota(this->Number.begin(), this->Number.end(), first);
  });
}

void MemberIons::MakeCopies(const IonView &ions) {
  Call &call = this->Processes;
  const auto members = static_cast<size_t>(this->Members());
  const auto put = [&](const uint16_t *label, size_t member) {
    for (size_t i = 0; i < this->Ranged.size(); ++i) {
      const uint16_t of = label[this->Ranged[i]];
      this->Group[i * members + member] = of < this->GroupOf.size() ? this->GroupOf[of] : 0;
    }
  };
  call.RunLocal([&] {
    this->Group.resize(this->Ranged.size() * members);
    put(ions.Label, 0);
  });
  for (size_t copy = 1; copy < members; ++copy) {
    call.Stage(0.2 * static_cast<double>(copy - 1) / static_cast<double>(members - 1),
               0.2 * static_cast<double>(copy) / static_cast<double>(members - 1));
    const std::vector<uint16_t> label =
        RandomizeSpecies(call, ions, this->Settings.Rules, this->Settings.Seed + copy - 1);
    call.RunLocal([&] { put(label.data(), copy); });
  }
}

void MemberIons::CutParts() {
  Call &call = this->Processes;
  if (this->Settings.Parts == 1) {
    call.RunLocal([&] { this->Part.assign(this->Ranged.size(), 0); });
    return;
  }
  constexpr double finest = 0.05; // nm
  const csro_points points = {this->Positions.data(), true,
                              static_cast<int64_t>(this->Ranged.size())};
  double bounds[6];
  BoundsOfAll(call, points, bounds);
  const csro_mesh mesh = csro_mesh_over(bounds, finest);
  Owned<csro_bisection_destroy> parts;
  call.RunLocal([&] {
    csro_bisection *made = nullptr;
    call.Check(csro_bisection_create(call.Context(), &mesh, this->Settings.Parts, &made));
    parts.reset(made);
  });
  FinishBisection(call, points, nullptr, parts.get());
  call.RunLocal([&] {
    this->Part.resize(this->Ranged.size());
    for (int64_t i = 0; i < points.count; ++i) {
      int64_t cell[3];
      csro_mesh_cell(&mesh, &this->Positions[3 * i], cell);
      this->Part[i] = static_cast<uint8_t>(csro_bisection_part_at(parts.get(), cell));
    }
  });
}

// Behind the ions, as ions that are no centres.
void MemberIons::AddImages(double reach) {
  Call &call = this->Processes;
  const std::array<double, 3> &period = this->Settings.Period;
  if (period[0] == 0 && period[1] == 0 && period[2] == 0)
    return;
  const csro_points points = {this->Positions.data(), true,
                              static_cast<int64_t>(this->Ranged.size())};
  double bounds[6];
  BoundsOfAll(call, points, bounds);
  call.RunLocal([&] {
    csro_periodic_ions all{};
    call.Check(
        csro_periodic_ions_make(call.Context(), &points, bounds, period.data(), reach, &all));
    const Owned<csro_periodic_ions_release> owner(&all);
    const auto members = static_cast<size_t>(this->Members());
    this->Positions.assign(all.xyz, all.xyz + 3 * all.count);
    this->Group.reserve(static_cast<size_t>(all.count) * members);
    for (int64_t i = 0; i < all.images; ++i) {
      const auto of = static_cast<size_t>(all.of[i]);
      for (size_t m = 0; m < members; ++m)
        this->Group.push_back(this->Group[of * members + m]);
      this->Number.push_back(this->Number[of]);
      this->Labels.push_back(this->Labels[of]);
      this->Part.push_back(static_cast<uint8_t>(this->Part[of] | CSRO_IMAGE));
    }
  });
}

void MemberIons::Distribute(double reach) {
  Call &call = this->Processes;
  this->AddImages(reach);
  IonView ions;
  ions.Points = {this->Positions.data(), true, static_cast<int64_t>(this->Number.size())};
  ions.Label = this->Labels.data();
  this->Where = csro::Distribute(call, ions, PlanAround(call, ions.Points, reach));
  if (call.Ranks() == 1)
    return;
  const int64_t count = this->Where.Points.count;
  const auto members = static_cast<size_t>(this->Members());
  std::vector<int64_t> number;
  std::vector<uint8_t> part, group, before, after;
  call.RunLocal([&] {
    number.resize(count);
    part.resize(count);
    after.resize(count);
    group.resize(count * members);
    before.resize(this->Number.size());
  });
  SendToOwner(call, this->Where, this->Number.data(), number.data());
  UpdateHalo(call, this->Where, number.data());
  SendToOwner(call, this->Where, this->Part.data(), part.data());
  UpdateHalo(call, this->Where, part.data());
  for (size_t m = 0; m < members; ++m) {
    for (size_t i = 0; i < before.size(); ++i)
      before[i] = this->Group[i * members + m];
    SendToOwner(call, this->Where, before.data(), after.data());
    UpdateHalo(call, this->Where, after.data());
    for (size_t i = 0; i < after.size(); ++i)
      group[i * members + m] = after[i];
  }
  this->Number.swap(number);
  this->Part.swap(part);
  this->Group.swap(group);
}

std::vector<float> MemberIons::Return(const std::vector<float> &own, int64_t ions,
                                      float missing) const {
  std::vector<float> ranged, all;
  this->Processes.RunLocal([&] {
    ranged.resize(this->Ranged.size());
    all.assign(ions, missing);
  });
  ReturnToSource(this->Processes, this->Where, own.data(), ranged.data());
  for (size_t i = 0; i < ranged.size(); ++i)
    all[this->Ranged[i]] = ranged[i];
  return all;
}

csro_labelled_ions MemberIons::View() const {
  return {this->Where.Points, this->Where.Own,      this->Number.data(),
          this->Part.data(),  this->Settings.Parts, static_cast<int>(this->Named.size()) + 1,
          this->Members(),    this->Group.data()};
}
} // namespace csro

#include "DataKinds.h"

#include <vtkDataObject.h>
#include <vtkPVArrayInformation.h>
#include <vtkPVDataInformation.h>
#include <vtkPVDataSetAttributesInformation.h>
#include <vtkSMInputProperty.h>
#include <vtkSMPropertyIterator.h>
#include <vtkSMSessionProxyManager.h>
#include <vtkSMSourceProxy.h>
#include <vtkSmartPointer.h>

#include <deque>
#include <set>
#include <vector>

namespace {
// What filters make, for outputs that are not there yet.
struct Maker {
  const char *Filter;
  unsigned int Port;
  std::vector<std::string> Kinds;
};

const std::vector<Maker> &Makers() {
  static const std::vector<Maker> makers = {
      {"APTReader", 0, {"ions", "masses"}},
      {"TextAPTReader", 0, {"ions", "masses"}},
      {"hdf5APTReader", 0, {"ions", "masses"}},
      {"xyzAPTReader", 0, {"ions"}},
      {"SimulateAPT", 0, {"ions", "masses"}},
      {"SimulateAPT", 1, {"truth"}},
      {"SimulateConfiguration", 0, {"ions", "masses"}},
      {"SimulateRealisticAPT", 0, {"ions", "masses"}},
      {"SimulateRealisticAPT", 1, {"truth"}},
      {"LatticeMonteCarlo", 0, {"ions", "box"}},
      {"LatticeMonteCarlo", 3, {"box"}},
      {"RangeIons", 0, {"ions", "masses"}},
      {"RandomizeIons", 0, {"ions", "masses"}},
      {"InjectOrder", 0, {"ions", "masses"}},
      {"InjectOrder", 1, {"truth"}},
      {"FindPole", 0, {"ions", "masses"}},
      {"VoxelizeAPT", 0, {"voxels"}},
      {"ComputeZSDM", 0, {"voxels", "curves"}},
      {"ClassifyCSRO", 0, {"voxels", "curves", "probabilities"}},
      {"ClassifyCSRO", 1, {"pixels"}},
      {"ClusterDomains", 0, {"ions", "masses", "domains", "copies"}},
      {"ClusterDomains", 1, {"reports"}},
      {"ClusterDomains", 2, {"copies"}},
      {"DetectOrder", 0, {"voxels", "probabilities"}},
      {"DetectOrder", 1, {"ions", "masses", "domains", "copies"}},
      {"DetectOrder", 2, {"reports"}},
      {"MaximumSeparation", 0, {"ions", "masses"}},
      {"PatternBank", 0, {"patterns"}}};
  return makers;
}

bool WillBe(const csroOutput &output, const std::string &kind) {
  const std::string name = output.Source->GetXMLName();
  if (kind == "surface")
    return WillBe(output, "domains");
  for (const Maker &maker : Makers())
    if (maker.Filter == name && maker.Port == output.Port)
      return std::set<std::string>(maker.Kinds.begin(), maker.Kinds.end()).count(kind) > 0;
  return false;
}

// The arrays of one association.
class Arrays {
public:
  Arrays(vtkPVDataInformation *data, int association)
      : Of(data->GetAttributeInformation(association)) {}
  bool Has(const char *name) const {
    return Of && Of->GetArrayInformation(name);
  }
  bool Begin(const std::string &beginning) const {
    for (int i = 0; Of && i < Of->GetNumberOfArrays(); ++i)
      if (std::string(Of->GetArrayInformation(i)->GetName())
              .compare(0, beginning.size(), beginning) == 0)
        return true;
    return false;
  }

private:
  vtkPVDataSetAttributesInformation *Of;
};

bool IsNow(vtkPVDataInformation *data, const std::string &kind) {
  const Arrays points(data, vtkDataObject::POINT), cells(data, vtkDataObject::CELL),
      rows(data, vtkDataObject::ROW), fields(data, vtkDataObject::FIELD);
  const bool is_image = data->DataSetTypeIsA("vtkImageData");
  const bool is_domains = points.Has("DomainId") && !is_image;
  if (kind == "masses")
    return points.Has("MassToCharge") && !is_image;
  if (kind == "ions")
    return (points.Has("Species") || points.Has("MassToCharge")) && !is_image;
  if (kind == "ranges")
    return fields.Has("MassRanges") && points.Has("Species") && !is_image;
  if (kind == "box")
    return fields.Has("CSRO_Box") && points.Has("Species") && !is_image;
  if (kind == "voxels")
    return is_image && points.Has("IonCount");
  if (kind == "curves")
    return points.Begin("zSDM_") || (is_image && fields.Begin("zSDM_"));
  if (kind == "probabilities")
    return is_image && points.Begin("P_");
  if (kind == "pixels")
    return is_image && cells.Begin("Score_");
  if (kind == "domains")
    return is_domains;
  if (kind == "surface")
    return is_domains || (data->DataSetTypeIsA("vtkPolyData") && !points.Has("Species") &&
                          !points.Has("MassToCharge"));
  if (kind == "copies")
    return is_domains || (rows.Has("Size") && rows.Has("Domains"));
  if (kind == "truth")
    return rows.Has("Diameter_nm") && rows.Has("OrderType");
  if (kind == "reports")
    return rows.Has("Size") && rows.Has("AspectRatio");
  return kind == "patterns" && rows.Begin("zSDM_");
}

bool IsInPipeline(vtkSMProxy *proxy) {
  return proxy->GetSessionProxyManager()->GetProxyName("sources", proxy) != nullptr;
}

// Every output that the filter takes.
std::vector<csroOutput> InputsOf(vtkSMSourceProxy *filter) {
  std::vector<csroOutput> inputs;
  const auto each = vtkSmartPointer<vtkSMPropertyIterator>::Take(filter->NewPropertyIterator());
  for (each->Begin(); !each->IsAtEnd(); each->Next()) {
    auto *property = vtkSMInputProperty::SafeDownCast(each->GetProperty());
    for (unsigned int i = 0; property && i < property->GetNumberOfProxies(); ++i)
      if (auto *source = vtkSMSourceProxy::SafeDownCast(property->GetProxy(i)))
        inputs.push_back({source, property->GetOutputPortForConnection(i)});
  }
  return inputs;
}

// Domain ions are not taken for the ions that they were found in, nor all ions with the number of
// their domain, which Composition hands on, for domains.
bool Fits(const csroOutput &output, const std::string &kind) {
  const bool are_all = std::string(output.Source->GetXMLName()) == "Composition";
  if (are_all && (kind == "domains" || kind == "surface"))
    return false;
  return csroIsKind(output, kind) && (kind != "ions" || !csroIsKind(output, "domains"));
}

// The output itself or another of its filter.
csroOutput FindBeside(const csroOutput &output, const std::string &kind) {
  if (Fits(output, kind))
    return output;
  for (unsigned int port = 0; port < output.Source->GetNumberOfOutputPorts(); ++port)
    if (Fits({output.Source, port}, kind))
      return {output.Source, port};
  return {};
}

csroOutput FindAbove(const csroOutput &from, const std::string &kind) {
  std::deque<csroOutput> next{from};
  std::set<vtkSMSourceProxy *> seen;
  for (; !next.empty(); next.pop_front()) {
    const csroOutput output = next.front();
    if (!seen.insert(output.Source).second)
      continue;
    const csroOutput found = FindBeside(output, kind);
    if (found.Source)
      return found;
    const std::vector<csroOutput> inputs = InputsOf(output.Source);
    next.insert(next.end(), inputs.begin(), inputs.end());
  }
  return {};
}

// Not through filters that make other ions: their voxels are those of other ions.
csroOutput FindBelow(const csroOutput &from, const std::string &kind, vtkSMSourceProxy *not_from) {
  csroOutput latest;
  std::deque<vtkSMSourceProxy *> next{from.Source};
  std::set<vtkSMProxy *> seen{from.Source, not_from};
  for (; !next.empty(); next.pop_front()) {
    vtkSMSourceProxy *source = next.front();
    for (unsigned int i = 0; i < source->GetNumberOfConsumers(); ++i) {
      auto *user = vtkSMSourceProxy::SafeDownCast(source->GetConsumerProxy(i));
      if (!user || !IsInPipeline(user) || !seen.insert(user).second ||
          FindBeside({user, 0}, "ions").Source)
        continue;
      const csroOutput found = FindBeside({user, 0}, kind);
      if (found.Source && (!latest.Source || latest.Source->GetGlobalID() < user->GetGlobalID()))
        latest = found;
      next.push_back(user);
    }
  }
  return latest;
}
} // namespace

bool csroIsOurs(vtkSMProxy *source) {
  return source->GetProperty("ThreadsUsed"); // of Common.xml
}

bool csroHasData(const csroOutput &output) {
  vtkPVDataInformation *data = output.Source->GetDataInformation(output.Port);
  return data && data->GetNumberOfPoints() + data->GetNumberOfCells() + data->GetNumberOfRows() > 0;
}

bool csroIsKind(const csroOutput &output, const std::string &kind) {
  if (!output.Source || output.Port >= output.Source->GetNumberOfOutputPorts())
    return false;
  return IsNow(output.Source->GetDataInformation(output.Port), kind) ||
         (!csroHasData(output) && WillBe(output, kind));
}

csroOutput csroFindKind(const csroOutput &from, const std::string &kind,
                        vtkSMSourceProxy *not_from) {
  if (!from.Source)
    return {};
  const csroOutput above = FindAbove(from, kind);
  return above.Source ? above : FindBelow(from, kind, not_from);
}

#include "FindInputs.h"

#include "DataKinds.h"
#include "vtkSMDataKindDomain.h"

#include <pqActiveObjects.h>
#include <pqApplicationCore.h>
#include <pqObjectBuilder.h>
#include <pqOutputPort.h>
#include <pqPipelineSource.h>
#include <pqServerManagerModel.h>

#include <vtkNew.h>
#include <vtkPVXMLElement.h>
#include <vtkSMArrayListDomain.h>
#include <vtkSMInputProperty.h>
#include <vtkSMOrderedPropertyIterator.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMPropertyIterator.h>
#include <vtkSMSourceProxy.h>
#include <vtkSmartPointer.h>

#include <string>
#include <vector>

namespace {
struct Input {
  vtkSMInputProperty *Property;
  std::string Kind;
  bool IsFound;
  std::string IsMade; // "1", "stand_in" or ""
};

// In the order of the XML.
std::vector<Input> InputsOf(vtkSMProxy *filter) {
  std::vector<Input> inputs;
  vtkNew<vtkSMOrderedPropertyIterator> each;
  each->SetProxy(filter);
  for (each->Begin(); !each->IsAtEnd(); each->Next()) {
    auto *property = vtkSMInputProperty::SafeDownCast(each->GetProperty());
    const vtkSMDataKindDomain *domain = property ? vtkSMDataKindDomain::Of(property) : nullptr;
    if (!domain)
      continue;
    vtkPVXMLElement *hints = property->GetHints();
    vtkPVXMLElement *find = hints ? hints->FindNestedElementByName("Find") : nullptr;
    const char *is_made = find ? find->GetAttribute("make") : nullptr;
    if (inputs.empty())
      inputs.push_back({property, domain->GetKind(), true, "1"});
    else
      inputs.push_back({property, domain->GetKind(), find != nullptr, is_made ? is_made : ""});
  }
  return inputs;
}

csroOutput Given(vtkSMInputProperty *property) {
  if (property->GetNumberOfProxies() == 0)
    return {};
  return {vtkSMSourceProxy::SafeDownCast(property->GetProxy(0)),
          property->GetOutputPortForConnection(0)};
}

void Set(const Input &input, const csroOutput &output) {
  const csroOutput now = Given(input.Property);
  if (now.Source == output.Source && now.Port == output.Port)
    return;
  vtkSMPropertyHelper helper(input.Property);
  if (output.Source)
    helper.Set(output.Source, output.Port);
  else
    helper.RemoveAllValues();
}

csroOutput Have(const std::string &kind, const csroOutput &from, vtkSMSourceProxy *not_from);

QList<pqOutputPort *> PortsOf(const csroOutput &output) {
  auto *source =
      pqApplicationCore::instance()->getServerManagerModel()->findItem<pqPipelineSource *>(
          output.Source);
  return source ? QList<pqOutputPort *>{source->getOutputPort(static_cast<int>(output.Port))}
                : QList<pqOutputPort *>{};
}

// What makes a kind of data with its usual settings, of what belongs to `from`. Not of the filter
// that it is made for, which may be a consumer of the ions already.
csroOutput Make(const std::string &kind, const csroOutput &from, vtkSMSourceProxy *made_for) {
  const char *maker = nullptr;
  QMap<QString, QList<pqOutputPort *>> inputs;
  if (kind == "voxels") {
    maker = "VoxelizeAPT";
    inputs["Input"] = PortsOf(Have("ions", from, made_for));
  } else if (kind == "curves") {
    maker = "ComputeZSDM";
    inputs["Input"] = PortsOf(Have("ions", from, made_for));
    inputs["Voxels"] = PortsOf(Have("voxels", from, made_for));
  } else if (kind == "pixels") {
    maker = "ClassifyCSRO";
    inputs["Input"] = PortsOf(Have("curves", from, made_for));
  }
  if (!maker || inputs["Input"].isEmpty())
    return {};
  pqPipelineSource *made = pqApplicationCore::instance()->getObjectBuilder()->createFilter(
      "filters", maker, inputs, inputs["Input"].front()->getServer());
  return csroFindKind({made->getSourceProxy(), 0}, kind);
}

csroOutput Have(const std::string &kind, const csroOutput &from, vtkSMSourceProxy *not_from) {
  const csroOutput found = csroFindKind(from, kind, not_from);
  return found.Source ? found : Make(kind, from, not_from);
}

// Domains that were selected for what is around them are no input of ions as well: those that they
// were found in are.
void TakeIonsOf(const std::vector<Input> &inputs) {
  const csroOutput first = Given(inputs.front().Property);
  for (size_t i = 1; i < inputs.size(); ++i) {
    const csroOutput other = Given(inputs[i].Property);
    if (!first.Source || other.Source != first.Source || other.Port != first.Port)
      continue;
    auto *above = vtkSMInputProperty::SafeDownCast(first.Source->GetProperty("Input"));
    const csroOutput ions = above ? Given(above) : csroOutput{};
    if (ions.Source && csroIsKind(ions, inputs.front().Kind))
      Set(inputs.front(), ions);
  }
}

// Names of arrays that are taken from the inputs.
void ChooseArrays(vtkSMProxy *filter) {
  const auto each = vtkSmartPointer<vtkSMPropertyIterator>::Take(filter->NewPropertyIterator());
  for (each->Begin(); !each->IsAtEnd(); each->Next())
    if (each->GetProperty()->FindDomain<vtkSMArrayListDomain>())
      each->GetProperty()->ResetToDomainDefaults();
}
} // namespace

void csroFindInputs(pqPipelineSource *filter) {
  vtkSMSourceProxy *proxy = filter->getSourceProxy();
  const std::vector<Input> inputs = InputsOf(proxy);
  csroOutput selected;
  for (const Input &input : inputs)
    if (!selected.Source)
      selected = Given(input.Property);
  if (!selected.Source)
    return;
  const bool stands_in = !csroIsKind(selected, inputs.front().Kind);
  for (const Input &input : inputs) {
    if (input.Property->GetNumberOfProxies() > 0 && csroIsKind(Given(input.Property), input.Kind))
      continue;
    csroOutput found = input.IsFound ? csroFindKind(selected, input.Kind, proxy) : csroOutput{};
    if (!found.Source && (input.IsMade == "1" || (input.IsMade == "stand_in" && stands_in)))
      found = Make(input.Kind, selected, proxy);
    Set(input, found);
  }
  TakeIonsOf(inputs);
  ChooseArrays(proxy);
  proxy->UpdateVTKObjects();
  pqActiveObjects::instance().setActiveSource(filter);
}

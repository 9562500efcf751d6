#include "vtkSMDataKindDomain.h"

#include "DataKinds.h"

#include <vtkClientServerInterpreter.h>
#include <vtkClientServerInterpreterInitializer.h>
#include <vtkCommunicator.h>
#include <vtkMultiProcessController.h>
#include <vtkObjectFactory.h>
#include <vtkPVXMLElement.h>
#include <vtkProcessModule.h>
#include <vtkSMDomainIterator.h>
#include <vtkSMProperty.h>
#include <vtkSMProxy.h>
#include <vtkSMSourceProxy.h>
#include <vtkSMUncheckedPropertyHelper.h>
#include <vtkSmartPointer.h>

vtkStandardNewMacro(vtkSMDataKindDomain);

namespace {
vtkObjectBase *Make(void *) {
  return vtkSMDataKindDomain::New();
}

// With pvbatch --symmetric each rank knows its own part of the data only, which may be without
// ions; all ranks must choose the same writer.
bool OnAnyRank(bool mine) {
  vtkMultiProcessController *controller = vtkMultiProcessController::GetGlobalController();
  if (!vtkProcessModule::GetProcessModule()->GetSymmetricMPIMode() || !controller)
    return mine;
  const int own = mine ? 1 : 0;
  int any = own;
  controller->AllReduce(&own, &any, 1, vtkCommunicator::MAX_OP);
  return any != 0;
}

// The window makes curves of ions.
bool CanStandIn(const csroOutput &output, const std::string &kind) {
  return csroFindKind(output, kind).Source ||
         (kind == "curves" && csroFindKind(output, "ions").Source);
}
} // namespace

int vtkSMDataKindDomain::ReadXMLAttributes(vtkSMProperty *property, vtkPVXMLElement *element) {
  const char *kind = element->GetAttribute("kind");
  this->Kind = kind ? kind : "";
  element->GetScalarAttribute("stand_in", &this->StandIn);
  return this->Superclass::ReadXMLAttributes(property, element);
}

int vtkSMDataKindDomain::IsInDomain(vtkSMProperty *property) {
  const vtkSMUncheckedPropertyHelper input(property);
  const bool in_menu =
      this->StandIn && property->GetParent() && property->GetParent()->IsPrototype();
  bool fits = input.GetNumberOfElements() > 0;
  for (unsigned int i = 0; i < input.GetNumberOfElements(); ++i) {
    const csroOutput output{vtkSMSourceProxy::SafeDownCast(input.GetAsProxy(i)),
                            input.GetOutputPort(i)};
    fits = fits && (csroIsKind(output, this->Kind) || (in_menu && CanStandIn(output, this->Kind)));
  }
  return OnAnyRank(fits) ? vtkSMDomain::IN_DOMAIN : vtkSMDomain::NOT_IN_DOMAIN;
}

vtkSMDataKindDomain *vtkSMDataKindDomain::Of(vtkSMProperty *property) {
  const auto each = vtkSmartPointer<vtkSMDomainIterator>::Take(property->NewDomainIterator());
  for (each->Begin(); !each->IsAtEnd(); each->Next())
    if (auto *domain = vtkSMDataKindDomain::SafeDownCast(each->GetDomain()))
      return domain;
  return nullptr;
}

void csroRegisterDataKindDomain() {
  vtkClientServerInterpreterInitializer::GetGlobalInterpreter()->AddNewInstanceFunction(
      "vtkSMDataKindDomain", Make);
}

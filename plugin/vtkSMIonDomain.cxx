#include "vtkSMIonDomain.h"

#include <vtkClientServerInterpreter.h>
#include <vtkClientServerInterpreterInitializer.h>
#include <vtkCommunicator.h>
#include <vtkDataObject.h>
#include <vtkMultiProcessController.h>
#include <vtkObjectFactory.h>
#include <vtkPVArrayInformation.h>
#include <vtkPVDataInformation.h>
#include <vtkProcessModule.h>
#include <vtkSMSourceProxy.h>
#include <vtkSMUncheckedPropertyHelper.h>

vtkStandardNewMacro(vtkSMIonDomain);

namespace {
vtkObjectBase *Make(void *) {
  return vtkSMIonDomain::New();
}

bool HasMass(vtkSMSourceProxy *source, unsigned int port) {
  vtkPVDataInformation *data = source ? source->GetDataInformation(port) : nullptr;
  vtkPVArrayInformation *mass =
      data ? data->GetArrayInformation("MassToCharge", vtkDataObject::POINT) : nullptr;
  return mass && mass->GetNumberOfComponents() == 1;
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
} // namespace

int vtkSMIonDomain::IsInDomain(vtkSMProperty *property) {
  const vtkSMUncheckedPropertyHelper input(property);
  const bool isIons =
      input.GetNumberOfElements() == 1 &&
      HasMass(vtkSMSourceProxy::SafeDownCast(input.GetAsProxy()), input.GetOutputPort());
  return OnAnyRank(isIons) ? vtkSMDomain::IN_DOMAIN : vtkSMDomain::NOT_IN_DOMAIN;
}

void csroRegisterIonDomain() {
  vtkClientServerInterpreterInitializer::GetGlobalInterpreter()->AddNewInstanceFunction(
      "vtkSMIonDomain", Make);
}

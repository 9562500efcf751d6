#include "vtkAPTAlgorithm.h"

#include "Adaptor.h"

#include <vtkDataObject.h>
#include <vtkDemandDrivenPipeline.h>
#include <vtkExecutive.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkStreamingDemandDrivenPipeline.h>

vtkAPTAlgorithm::vtkAPTAlgorithm() = default;
vtkAPTAlgorithm::~vtkAPTAlgorithm() = default;

vtkTypeBool vtkAPTAlgorithm::ProcessRequest(vtkInformation *request, vtkInformationVector **inputs,
                                            vtkInformationVector *outputs) {
  if (request->Has(vtkDemandDrivenPipeline::REQUEST_INFORMATION())) {
    this->Inform(inputs, outputs);
    return 1;
  }
  if (request->Has(vtkStreamingDemandDrivenPipeline::REQUEST_UPDATE_EXTENT())) {
    this->ShareDemand(request, outputs);
    this->Demand(inputs, outputs);
    return 1;
  }
  if (request->Has(vtkDemandDrivenPipeline::REQUEST_DATA())) {
    this->RequestData(inputs, outputs);
    return 1;
  }
  return this->Superclass::ProcessRequest(request, inputs, outputs);
}

void vtkAPTAlgorithm::Inform(vtkInformationVector **, vtkInformationVector *) {}

void vtkAPTAlgorithm::Demand(vtkInformationVector **, vtkInformationVector *) {}

void vtkAPTAlgorithm::AnnouncePieces(vtkInformationVector *outputs) {
  for (int port = 0; port < outputs->GetNumberOfInformationObjects(); ++port) {
    outputs->GetInformationObject(port)->Set(vtkAlgorithm::CAN_HANDLE_PIECE_REQUEST(), 1);
  }
}

void vtkAPTAlgorithm::ShareDemand(vtkInformation *request, vtkInformationVector *outputs) {
  // One execution fills all outputs; without the same request they would each ask for their own.
  const int from = request->Get(vtkExecutive::FROM_OUTPUT_PORT());
  vtkInformation *demand = outputs->GetInformationObject(from > 0 ? from : 0);
  for (int port = 0; port < outputs->GetNumberOfInformationObjects(); ++port) {
    vtkInformation *output = outputs->GetInformationObject(port);
    if (output != demand) {
      output->CopyEntry(demand, vtkStreamingDemandDrivenPipeline::UPDATE_PIECE_NUMBER());
      output->CopyEntry(demand, vtkStreamingDemandDrivenPipeline::UPDATE_NUMBER_OF_PIECES());
      output->CopyEntry(demand, vtkStreamingDemandDrivenPipeline::UPDATE_NUMBER_OF_GHOST_LEVELS());
    }
  }
}

void vtkAPTAlgorithm::UpdateInput() {
  int port = 0;
  vtkAlgorithm *input = this->GetInputAlgorithm(0, 0, port);
  if (auto *executive =
          input ? vtkStreamingDemandDrivenPipeline::SafeDownCast(input->GetExecutive()) : nullptr)
    executive->Update(port);
}

void vtkAPTAlgorithm::Keep(vtkInformationVector *outputs) {
  this->Kept.resize(outputs->GetNumberOfInformationObjects());
  for (int port = 0; port < outputs->GetNumberOfInformationObjects(); ++port) {
    vtkDataObject *output = vtkDataObject::GetData(outputs, port);
    this->Kept[port].TakeReference(output->NewInstance());
    this->Kept[port]->ShallowCopy(output);
  }
}

void vtkAPTAlgorithm::Restore(vtkInformationVector *outputs) {
  for (int port = 0; port < outputs->GetNumberOfInformationObjects(); ++port) {
    vtkInformation *demand = outputs->GetInformationObject(port);
    vtkDataObject *output = vtkDataObject::GetData(demand);
    output->Initialize();
    if (port < static_cast<int>(this->Kept.size()))
      output->ShallowCopy(this->Kept[port]);
    // An image that lacks what was asked for would be asked for again by every other port.
    if (int *extent = demand->Get(vtkStreamingDemandDrivenPipeline::UPDATE_EXTENT()))
      output->GetInformation()->Set(vtkDataObject::ALL_PIECES_EXTENT(), extent, 6);
  }
}

void vtkAPTAlgorithm::RequestData(vtkInformationVector **inputs, vtkInformationVector *outputs) {
  this->SetAbortExecute(0); // a cancel that came late was meant for the last execution
  csro::Call call(this);
  this->ThreadsUsed = call.Context()->threads;
  try {
    this->Execute(call, inputs, outputs);
    this->Keep(outputs);
  } catch (const csro::Failure &failure) {
    const bool cancelled = failure.Status == CSRO_CANCELLED;
    if (!cancelled)
      this->Kept.clear();
    this->Restore(outputs);
    if (cancelled) {
      // The executive empties the outputs of an aborted algorithm; ours are the previous ones.
      this->SetAbortOutput(false);
    } else if (call.Rank() == 0) {
      vtkErrorMacro(<< failure.Message);
    }
  }
}

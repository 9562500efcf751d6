#include "vtkAPTAlgorithm.h"

#include "data/InputChecks.h"
#include "data/VoxelImage.h"
#include "parallel/FilterCall.h"

#include <vtkDataObject.h>
#include <vtkDemandDrivenPipeline.h>
#include <vtkDoubleArray.h>
#include <vtkExecutive.h>
#include <vtkFieldData.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkMultiProcessController.h>
#include <vtkStreamingDemandDrivenPipeline.h>
#include <vtkStringArray.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <sstream>

#include <sys/resource.h>

namespace {
int64_t ResidentPeak() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<int64_t>(usage.ru_maxrss) * 1024; // Linux counts in KiB
}
} // namespace

std::vector<vtkAPTAlgorithm *> vtkAPTAlgorithm::Running;

bool vtkAPTAlgorithm::CancelRunning() {
  for (vtkAPTAlgorithm *each : Running)
    each->SetAbortExecute(1);
  return !Running.empty();
}

bool vtkAPTAlgorithm::IsAnyRunning() {
  return std::any_of(Running.begin(), Running.end(),
                     [](vtkAPTAlgorithm *each) { return !each->AbortExecute; });
}

bool vtkAPTAlgorithm::IsRunning() const {
  return std::find(Running.begin(), Running.end(), this) != Running.end();
}

vtkAPTAlgorithm::vtkAPTAlgorithm() {
  this->Expect("Threads", this->Threads, 0, 4096);
}

vtkAPTAlgorithm::~vtkAPTAlgorithm() = default;

vtkTypeBool vtkAPTAlgorithm::ProcessRequest(vtkInformation *request, vtkInformationVector **inputs,
                                            vtkInformationVector *outputs) {
  if (request->Has(vtkDemandDrivenPipeline::REQUEST_INFORMATION())) {
    this->SetAbortExecute(0); // a cancel that came late was meant for the last execution
    this->Announce(inputs, outputs);
    return 1;
  }
  if (request->Has(vtkStreamingDemandDrivenPipeline::REQUEST_UPDATE_EXTENT())) {
    this->ShareDemand(request, outputs);
    if (this->FindMissing().empty()) // else Execute says so
      this->RequestUpdateExtent(inputs, outputs);
    return 1;
  }
  if (request->Has(vtkDemandDrivenPipeline::REQUEST_DATA())) {
    Running.push_back(this);
    this->Run(inputs, outputs);
    Running.pop_back();
    return 1;
  }
  return this->Superclass::ProcessRequest(request, inputs, outputs);
}

bool vtkAPTAlgorithm::TakesGroups(int port) {
  vtkInformation *takes = this->GetInputPortInformation(port);
  return std::strcmp(takes->Get(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), 0), "vtkPointSet") == 0;
}

void vtkAPTAlgorithm::DescribeInput(int, vtkInformation *) {}

int vtkAPTAlgorithm::FillInputPortInformation(int port, vtkInformation *info) {
  this->DescribeInput(port, info);
  for (const Needed &needed : this->Needs)
    if (needed.Port == port)
      info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1); // for the executive; FindFault asks for it
  // Else the executive would run the filter once for each data set of a group, and say twice that
  // other data do not fit: csro::Inputs does.
  info->Append(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkDataObject");
  return 1;
}

std::string vtkAPTAlgorithm::FindMissing() {
  for (const Needed &needed : this->Needs)
    if (this->GetNumberOfInputConnections(needed.Port) == 0)
      return needed.Advice;
  return {};
}

std::string vtkAPTAlgorithm::FindFault() {
  const std::string missing = this->FindMissing();
  if (!missing.empty())
    return missing;
  for (const Expectation &expected : this->Expectations) {
    const std::vector<double> values = expected.Values();
    for (size_t i = 0; i < values.size(); ++i) {
      const double value = values[i];
      const bool tiny = value != 0 && std::abs(value) < DBL_MIN;
      if (value >= expected.Lo && value <= expected.Hi && !tiny)
        continue;
      std::ostringstream text;
      text.precision(10);
      text << expected.Name;
      if (values.size() > 1)
        text << " (number " << i + 1 << ")";
      text << " is " << value << ", expected " << expected.Lo << " to " << expected.Hi
           << (*expected.Unit ? " " : "") << expected.Unit;
      return text.str();
    }
  }
  return {};
}

void vtkAPTAlgorithm::Announce(vtkInformationVector **inputs, vtkInformationVector *outputs) {
  const bool sound = this->FindFault().empty(); // else Execute says so
  if (sound)
    this->RequestInformation(inputs, outputs);
  else
    AnnouncePieces(outputs);
  // The executive ends with errors of its own where an image has no extent.
  for (int port = 0; port < outputs->GetNumberOfInformationObjects(); ++port) {
    vtkInformation *output = outputs->GetInformationObject(port);
    const bool announced = output->Has(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT());
    if (vtkImageData::SafeDownCast(vtkDataObject::GetData(output)) && !(sound && announced))
      csro::AnnounceGrid(nullptr, output);
  }
}

void vtkAPTAlgorithm::RequestInformation(vtkInformationVector **, vtkInformationVector *) {}

void vtkAPTAlgorithm::RequestUpdateExtent(vtkInformationVector **, vtkInformationVector *) {}

void vtkAPTAlgorithm::AnnouncePieces(vtkInformationVector *outputs) {
  for (int port = 0; port < outputs->GetNumberOfInformationObjects(); ++port) {
    outputs->GetInformationObject(port)->Set(vtkAlgorithm::CAN_HANDLE_PIECE_REQUEST(), 1);
  }
}

void vtkAPTAlgorithm::ShareDemand(vtkInformation *request, vtkInformationVector *outputs) {
  if (outputs->GetNumberOfInformationObjects() == 0)
    return; // a writer
  // One execution fills all outputs, and each rank makes its own part whatever it is asked for.
  // With other requests the ports would take turns in executing, not always on every rank.
  using Pipeline = vtkStreamingDemandDrivenPipeline;
  auto *controller = vtkMultiProcessController::GetGlobalController();
  const int from = request->Get(vtkExecutive::FROM_OUTPUT_PORT());
  vtkInformation *demand = outputs->GetInformationObject(from > 0 ? from : 0);
  int part = demand->Get(Pipeline::UPDATE_PIECE_NUMBER());
  int parts = demand->Get(Pipeline::UPDATE_NUMBER_OF_PIECES());
  if (controller && controller->GetNumberOfProcesses() > 1) {
    part = controller->GetLocalProcessId();
    parts = controller->GetNumberOfProcesses();
  }
  for (int port = 0; port < outputs->GetNumberOfInformationObjects(); ++port) {
    vtkInformation *output = outputs->GetInformationObject(port);
    output->Set(Pipeline::UPDATE_PIECE_NUMBER(), part);
    output->Set(Pipeline::UPDATE_NUMBER_OF_PIECES(), parts);
    output->Set(Pipeline::UPDATE_NUMBER_OF_GHOST_LEVELS(), 0);
    if (output->Has(Pipeline::WHOLE_EXTENT()))
      output->Set(Pipeline::UPDATE_EXTENT(), output->Get(Pipeline::WHOLE_EXTENT()), 6);
  }
}

void vtkAPTAlgorithm::UpdateInput() {
  int port = 0;
  vtkAlgorithm *input = this->GetInputAlgorithm(0, 0, port);
  if (auto *executive =
          input ? vtkStreamingDemandDrivenPipeline::SafeDownCast(input->GetExecutive()) : nullptr)
    executive->Update(port);
}

// Never null: a server would end over an array that it cannot send.
vtkStringArray *vtkAPTAlgorithm::GetSpeciesNames() {
  vtkDataObject *ions = this->GetOutputDataObject(0);
  vtkAbstractArray *names = ions ? ions->GetFieldData()->GetAbstractArray("SpeciesNames") : nullptr;
  this->Names = vtkSmartPointer<vtkStringArray>::New();
  if (vtkStringArray::SafeDownCast(names))
    this->Names->DeepCopy(names);
  return this->Names;
}

vtkDoubleArray *vtkAPTAlgorithm::GetSpeciesColors() {
  vtkDataObject *ions = this->GetOutputDataObject(0);
  vtkDataArray *colors = ions ? ions->GetFieldData()->GetArray("SpeciesColors") : nullptr;
  this->Colors = vtkSmartPointer<vtkDoubleArray>::New();
  if (colors)
    this->Colors->DeepCopy(colors);
  return this->Colors;
}

bool vtkAPTAlgorithm::IsInputStopped() {
  for (int port = 0; port < this->GetNumberOfInputPorts(); ++port)
    for (int i = 0; i < this->GetNumberOfInputConnections(port); ++i) {
      vtkAlgorithm *input = this->GetInputAlgorithm(port, i);
      while (input && !vtkAPTAlgorithm::SafeDownCast(input)) // as ParaView puts between
        input = input->GetTotalNumberOfInputConnections() > 0 ? input->GetInputAlgorithm(0, 0)
                                                              : nullptr;
      auto *ours = vtkAPTAlgorithm::SafeDownCast(input);
      if (ours && ours->AbortExecute && ours->Kept.empty())
        return true;
    }
  return false;
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

void vtkAPTAlgorithm::Run(vtkInformationVector **inputs, vtkInformationVector *outputs) {
  this->SetAbortExecute(0);
  csro::Call call(this);
  this->ThreadsUsed = call.Context()->threads;
  this->UpdateProgress(0); // a rank whose part is empty can be asked for a cancel too
  try {
    try {
      call.RunLocal([&] {
        const std::string fault = this->FindFault();
        if (!fault.empty())
          call.Fail(CSRO_ERROR_ARGUMENT, fault);
      });
      if (this->IsInputStopped())
        throw csro::Failure{CSRO_CANCELLED, {}};
      const csro::Inputs checked(call, this, inputs);
      this->RequestData(call, checked.Get(), outputs);
      this->Keep(outputs);
      int64_t bytes = ResidentPeak();
      call.Sum(&bytes, 1);
      this->PeakMemory = static_cast<double>(bytes);
    } catch (const std::exception &caught) { // no memory, outside of a local section
      throw csro::Failure{CSRO_ERROR_MEMORY, caught.what()};
    }
  } catch (const csro::Failure &failure) {
    const bool cancelled = failure.Status == CSRO_CANCELLED;
    if (!cancelled)
      this->Kept.clear();
    this->Restore(outputs);
    if (cancelled) {
      // One rank was asked; what the pipeline does next must not depend on which.
      this->SetAbortExecute(1);
      // The executive empties the outputs of an aborted algorithm; ours are the previous ones.
      this->SetAbortOutput(false);
    } else if (call.Rank() == 0) {
      vtkErrorMacro(<< failure.Message);
    }
  }
}

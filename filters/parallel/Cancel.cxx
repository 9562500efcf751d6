#include "parallel/Cancel.h"

#include <vtkMPIController.h>
#include <vtkMultiProcessController.h>

namespace csro {
namespace {
constexpr int MessageTag = 7141;
} // namespace

struct CancelNews::Mail {
  vtkMPIController *Controller;
  int Me;
  std::vector<bool> Heard; // from each rank
  int Message = 1;
  std::vector<vtkMPICommunicator::Request> Sent;

  Mail(vtkMPIController *controller, int ranks)
      : Controller(controller), Me(controller->GetLocalProcessId()), Heard(ranks) {}

  void Receive(int rank) {
    int message = 0;
    this->Controller->Receive(&message, 1, rank, MessageTag);
    this->Heard[rank] = true;
  }
};

CancelNews::CancelNews(vtkMultiProcessController *controller) {
  auto *mpi = vtkMPIController::SafeDownCast(controller);
  if (mpi && mpi->GetNumberOfProcesses() > 1)
    this->Post = std::make_unique<Mail>(mpi, mpi->GetNumberOfProcesses());
}

CancelNews::~CancelNews() = default;

void CancelNews::Tell() {
  if (this->Known)
    return;
  this->Known = true;
  if (!this->Post)
    return;
  this->Told = true;
  const int ranks = static_cast<int>(this->Post->Heard.size());
  this->Post->Sent.resize(ranks);
  for (int rank = 0; rank < ranks; ++rank)
    if (rank != this->Post->Me)
      this->Post->Controller->NoBlockSend(&this->Post->Message, 1, rank, MessageTag,
                                          this->Post->Sent[rank]);
}

bool CancelNews::IsKnown() {
  int waiting = 0, from = 0;
  if (!this->Known && this->Post &&
      this->Post->Controller->Iprobe(vtkMultiProcessController::ANY_SOURCE, MessageTag, &waiting,
                                     &from) &&
      waiting) {
    this->Post->Receive(from);
    this->Known = true;
  }
  return this->Known;
}

void CancelNews::Settle(const std::vector<bool> &told) {
  if (!this->Post)
    return;
  const int ranks = static_cast<int>(told.size());
  for (int rank = 0; rank < ranks; ++rank)
    if (rank != this->Post->Me && told[rank] && !this->Post->Heard[rank])
      this->Post->Receive(rank);
  for (int rank = 0; this->Told && rank < ranks; ++rank)
    if (rank != this->Post->Me)
      this->Post->Sent[rank].Wait();
}
} // namespace csro

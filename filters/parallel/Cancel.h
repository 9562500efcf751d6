// A cancel that one rank is asked for, on its way to ranks that are still computing.
#ifndef csroCancel_h
#define csroCancel_h

#include <memory>
#include <vector>

class vtkMultiProcessController;

namespace csro {
// Belongs to one execution of a filter. Inside a local section a rank that is asked to cancel tells
// all others once, and they hear of it at their next progress callback: one small message to each,
// which nobody waits for. It needs no collective operation, so a rank may be anywhere. What nobody
// listened to is taken in at the end of the section (Settle). MPI is called by the main thread
// only: the core reports progress from the thread that called it.
class CancelNews {
public:
  explicit CancelNews(vtkMultiProcessController *controller);
  CancelNews(const CancelNews &) = delete;
  void operator=(const CancelNews &) = delete;
  ~CancelNews();

  // Tells the others, unless the news is already out.
  void Tell();
  // Whether this rank was asked, or has heard by now that another one was.
  bool IsKnown();
  // Whether this rank has told the others.
  bool HasTold() const {
    return this->Told;
  }
  // Takes in what was told in this section and not heard yet; told[rank] as the ranks have agreed
  // on. After the agreement at the end of a section.
  void Settle(const std::vector<bool> &told);

private:
  struct Mail;

  std::unique_ptr<Mail> Post; // null with one rank
  bool Told = false;
  bool Known = false;
};
} // namespace csro

#endif

/**
 * @class vtkSimulateRealisticAPT
 * @brief vtkSimulateAPT with the defaults of a realistic specimen
 */
#ifndef vtkSimulateRealisticAPT_h
#define vtkSimulateRealisticAPT_h

#include "vtkSimulateAPT.h"

class APTCSROFILTERS_EXPORT vtkSimulateRealisticAPT : public vtkSimulateAPT {
public:
  static vtkSimulateRealisticAPT *New();
  vtkTypeMacro(vtkSimulateRealisticAPT, vtkSimulateAPT);

protected:
  vtkSimulateRealisticAPT();
  ~vtkSimulateRealisticAPT() override;
};

#endif

/**
 * @class vtkSimulateConfiguration
 * @brief what an atom probe would see of a simulated configuration
 *
 * As vtkSimulateAPT, but for the crystal and its atoms: the configuration, repeated to fill the
 * specimen. Output port 1: a table of the order parameters that it has, on rank 0.
 */
#ifndef vtkSimulateConfiguration_h
#define vtkSimulateConfiguration_h

#include "vtkSimulateAPT.h"

class APTCSROFILTERS_EXPORT vtkSimulateConfiguration : public vtkSimulateAPT {
public:
  static vtkSimulateConfiguration *New();
  vtkTypeMacro(vtkSimulateConfiguration, vtkSimulateAPT);

  /// No group: its blocks would be one configuration.
  bool TakesGroups(int) override {
    return false;
  }

protected:
  vtkSimulateConfiguration();
  ~vtkSimulateConfiguration() override;
  void DescribeInput(int port, vtkInformation *info) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;
};

#endif

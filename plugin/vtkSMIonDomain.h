/**
 * @class vtkSMIonDomain
 * @brief accepts outputs that are ions: with a point array MassToCharge of one component
 *
 * ParaView's own domains cannot ask for the name of an array. With it writers of ions offer
 * themselves for ions only.
 */
#ifndef vtkSMIonDomain_h
#define vtkSMIonDomain_h

#include <vtkSMDomain.h>

class vtkSMIonDomain : public vtkSMDomain {
public:
  static vtkSMIonDomain *New();
  vtkTypeMacro(vtkSMIonDomain, vtkSMDomain);
  int IsInDomain(vtkSMProperty *property) override;

protected:
  vtkSMIonDomain() = default;
  ~vtkSMIonDomain() override = default;
};

// Makes <IonDomain/> known to the reader of proxy definitions.
void csroRegisterIonDomain();

#endif

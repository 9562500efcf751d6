/**
 * @class vtkSMDataKindDomain
 * @brief accepts outputs of one kind: ions, voxels, curves ... (DataKinds.h)
 *
 * ParaView's own domains cannot ask for the name of an array. `<DataKindDomain kind="ions"/>`. In
 * menus `stand_in="1"` accepts, too, what such data can be found or made from: the window puts
 * these in its place (FindInputs.h).
 */
#ifndef vtkSMDataKindDomain_h
#define vtkSMDataKindDomain_h

#include <vtkSMDomain.h>

#include <string>

class vtkSMDataKindDomain : public vtkSMDomain {
public:
  static vtkSMDataKindDomain *New();
  vtkTypeMacro(vtkSMDataKindDomain, vtkSMDomain);
  int IsInDomain(vtkSMProperty *property) override;

  const std::string &GetKind() const {
    return this->Kind;
  }

  // The domain of a property, NULL when it has none.
  static vtkSMDataKindDomain *Of(vtkSMProperty *property);

protected:
  vtkSMDataKindDomain() = default;
  ~vtkSMDataKindDomain() override = default;
  int ReadXMLAttributes(vtkSMProperty *property, vtkPVXMLElement *element) override;

private:
  std::string Kind;
  int StandIn = 0;
};

// Makes <DataKindDomain/> known to the reader of proxy definitions.
void csroRegisterDataKindDomain();

#endif

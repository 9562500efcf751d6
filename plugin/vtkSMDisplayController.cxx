#include "vtkSMDisplayController.h"

#include "DataKinds.h"
#include "SpecimenView.h"
#include "ViewPlaces.h"

#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkSMProxySelectionModel.h>
#include <vtkSMSessionProxyManager.h>
#include <vtkSMSourceProxy.h>
#include <vtkSMViewProxy.h>
#include <vtkSmartPointer.h>
#include <vtkVersion.h>

#include <cstring>
#include <string>

vtkStandardNewMacro(vtkSMDisplayController);

namespace {
class Factory : public vtkObjectFactory {
public:
  static Factory *New();
  vtkTypeMacro(Factory, vtkObjectFactory);
  const char *GetVTKSourceVersion() VTK_FUTURE_CONST override {
    return VTK_SOURCE_VERSION;
  }
  const char *GetDescription() VTK_FUTURE_CONST override {
    return "APTCSRO: displays";
  }

protected:
  Factory() {
    this->RegisterOverride("vtkSMParaViewPipelineControllerWithRendering", "vtkSMDisplayController",
                           "displays of APTCSRO", 1,
                           [] { return static_cast<vtkObject *>(vtkSMDisplayController::New()); });
  }
};
vtkStandardNewMacro(Factory);

bool IsFirst(vtkSMSourceProxy *source, vtkSMViewProxy *view) {
  return source && view && csroIsOurs(source) && csroIsEmptyView(view);
}

vtkSMProxy *Started(vtkSMProxy *display, vtkSMSourceProxy *source, int port, vtkSMViewProxy *view,
                    bool is_first) {
  if (display && is_first && csroIsPlane(source, port))
    csroStartPlane(view, port);
  else if (display && is_first)
    csroStartView(view);
  return display;
}
} // namespace

bool vtkSMDisplayController::Execute(vtkSMSourceProxy *source, int port, vtkSMViewProxy *view) {
  if (port > 0 && this->Failed == source)
    return false;
  this->UpdatePipelineBeforeDisplay(source, port, view);
  this->Failed = source;
  for (unsigned int i = 0; i < source->GetNumberOfOutputPorts(); ++i)
    if (csroHasData({source, i}))
      this->Failed = nullptr;
  return !this->Failed;
}

vtkSMViewProxy *vtkSMDisplayController::NewView(vtkSMSourceProxy *source, int port,
                                                const char *type) {
  const auto made =
      vtkSmartPointer<vtkSMProxy>::Take(source->GetSessionProxyManager()->NewProxy("views", type));
  auto *view = vtkSMViewProxy::SafeDownCast(made);
  if (!view)
    return nullptr;
  vtkSMProxySelectionModel *active =
      source->GetSessionProxyManager()->GetSelectionModel("ActiveView");
  vtkSMProxy *before = active ? active->GetCurrentProxy() : nullptr;
  this->InitializeProxy(view);
  this->RegisterViewProxy(view);
  csroPlaceView(view, csroIsPlane(source, port));
  if (before)
    active->SetCurrentProxy(before, vtkSMProxySelectionModel::CLEAR_AND_SELECT);
  return view;
}

vtkSMViewProxy *vtkSMDisplayController::ShowInPreferredView(vtkSMSourceProxy *source, int port,
                                                            vtkSMViewProxy *active) {
  if (!source || !csroIsOurs(source)) {
    vtkSMViewProxy *view = this->vtkSMParaViewPipelineControllerWithRendering::ShowInPreferredView(
        source, port, active);
    if (source && view)
      csroHideCut(source, view);
    return view;
  }
  if (!this->Execute(source, port, active))
    return nullptr;
  const char *preferred = this->GetPreferredViewType(source, port);
  const std::string type = preferred ? preferred : "RenderView";
  if (type == "None" || csroIsBlank(source, port))
    return nullptr;
  vtkSMViewProxy *view = csroFindView(source, port, type.c_str(), active);
  if (!view)
    view = this->NewView(source, port, type.c_str());
  else if (type != "RenderView")
    this->HideAll(view); // such an output of another filter
  vtkSMProxy *display = view ? this->Show(source, port, view) : nullptr;
  if (!display)
    return nullptr;
  if (csroIsPlane(source, port))
    csroPaintPlane(display);
  else if (type == "RenderView") {
    csroPaintSurface(display);
    csroUncover(display, view);
    csroFitView(display, view);
  }
  return view;
}

vtkSMProxy *vtkSMDisplayController::Show(vtkSMSourceProxy *source, int port, vtkSMViewProxy *view) {
  const bool is_first = IsFirst(source, view);
  vtkSMProxy *display =
      this->vtkSMParaViewPipelineControllerWithRendering::Show(source, port, view);
  return Started(display, source, port, view, is_first);
}

vtkSMProxy *vtkSMDisplayController::Show(vtkSMSourceProxy *source, int port, vtkSMViewProxy *view,
                                         const char *type) {
  const bool is_first = IsFirst(source, view);
  vtkSMProxy *display =
      this->vtkSMParaViewPipelineControllerWithRendering::Show(source, port, view, type);
  return Started(display, source, port, view, is_first);
}

void csroRegisterDisplayController() {
  vtkNew<Factory> factory;
  vtkObjectFactory::RegisterFactory(factory);
}

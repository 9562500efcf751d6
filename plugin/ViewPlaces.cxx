#include "ViewPlaces.h"

#include "SpecimenView.h"

#include <vtkNew.h>
#include <vtkSMParaViewPipelineControllerWithRendering.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMProxyIterator.h>
#include <vtkSMSessionProxyManager.h>
#include <vtkSMSourceProxy.h>
#include <vtkSMViewLayoutProxy.h>
#include <vtkSMViewProxy.h>
#include <vtkSmartPointer.h>

#include <cstring>
#include <string>
#include <vector>

namespace {
constexpr double Share3D = 0.58; // of the width of its layout
constexpr size_t MostInTab = 4;

bool IsOfType(vtkSMProxy *view, const char *type) {
  return view && std::strcmp(view->GetXMLName(), type) == 0;
}

std::vector<vtkSMViewProxy *> Views(vtkSMProxy *of_session, const char *type) {
  std::vector<vtkSMViewProxy *> views;
  vtkNew<vtkSMProxyIterator> each;
  each->SetSessionProxyManager(of_session->GetSessionProxyManager());
  for (each->Begin("views"); !each->IsAtEnd(); each->Next())
    if (IsOfType(each->GetProxy(), type))
      views.push_back(vtkSMViewProxy::SafeDownCast(each->GetProxy()));
  return views;
}

// Whether a display of the view is of such an output.
template <class Test> bool ShowsAny(vtkSMViewProxy *view, Test is_such) {
  const vtkSMPropertyHelper displays(view, "Representations");
  for (unsigned int i = 0; i < displays.GetNumberOfElements(); ++i) {
    vtkSMProxy *display = displays.GetAsProxy(i);
    if (!display->GetProperty("Input"))
      continue;
    const vtkSMPropertyHelper input(display, "Input");
    if (is_such(input.GetAsProxy(), static_cast<int>(input.GetOutputPort())))
      return true;
  }
  return false;
}

bool ShowsSuch(vtkSMViewProxy *view, vtkSMSourceProxy *source, int port) {
  return ShowsAny(view, [&](vtkSMProxy *shown, int of) {
    return IsOfType(shown, source->GetXMLName()) && of == port;
  });
}

// A 3D view of reciprocal space, where nothing else has a place.
bool ShowsPlanes(vtkSMViewProxy *view) {
  return ShowsAny(view, [](vtkSMProxy *shown, int port) {
    return csroIsPlane(vtkSMSourceProxy::SafeDownCast(shown), port);
  });
}

// To the right of a 3D view that shows something, above or below another chart.
bool PlaceBeside3D(vtkSMViewProxy *view) {
  for (vtkSMViewProxy *picture : Views(view, "RenderView")) {
    vtkSMViewLayoutProxy *layout = vtkSMViewLayoutProxy::FindLayout(picture);
    if (!layout || csroIsEmptyView(picture) || ShowsPlanes(picture))
      continue;
    const int location = layout->GetViewLocation(picture);
    if (location == 0)
      return layout->AssignView(layout->SplitHorizontal(0, Share3D) + 1, view);
    const bool is_left = location == 1 &&
                         layout->GetSplitDirection(0) == vtkSMViewLayoutProxy::HORIZONTAL &&
                         layout->GetSplitFraction(0) >= 0.5;
    if (!is_left || layout->IsSplitCell(2))
      continue;
    return layout->AssignView(layout->GetView(2) ? layout->SplitVertical(2, 0.5) + 1 : 2, view);
  }
  return false;
}

vtkSMViewLayoutProxy *Tab(vtkSMViewProxy *view, const std::string &name) {
  vtkSMSessionProxyManager *manager = view->GetSessionProxyManager();
  if (auto *layout = vtkSMViewLayoutProxy::SafeDownCast(manager->GetProxy("layouts", name.c_str())))
    return layout;
  const auto made = vtkSmartPointer<vtkSMProxy>::Take(manager->NewProxy("misc", "ViewLayout"));
  vtkNew<vtkSMParaViewPipelineControllerWithRendering> controller;
  controller->InitializeProxy(made);
  controller->RegisterLayoutProxy(made, name.c_str());
  return vtkSMViewLayoutProxy::SafeDownCast(made);
}

// One, two above each other, then two by two.
void PlaceInTab(vtkSMViewProxy *view, const std::string &name) {
  for (int number = 1;; ++number) {
    vtkSMViewLayoutProxy *layout =
        Tab(view, number == 1 ? name : name + " " + std::to_string(number));
    const size_t count = layout->GetViews().size();
    if (count >= MostInTab)
      continue;
    if (count == 1 && layout->GetView(0))
      layout->AssignView(layout->SplitVertical(0, 0.5) + 1, view);
    else if (count >= 2 && layout->GetView(static_cast<int>(count) - 1))
      layout->AssignView(layout->SplitHorizontal(static_cast<int>(count) - 1, 0.5) + 1, view);
    else
      layout->AssignViewToAnyCell(view, 0);
    return;
  }
}
} // namespace

bool csroIsPlane(vtkSMSourceProxy *source, int port) {
  return IsOfType(source, "DiffuseIntensity") && (port == 1 || port == 2);
}

vtkSMViewProxy *csroFindView(vtkSMSourceProxy *source, int port, const char *type,
                             vtkSMViewProxy *active) {
  const bool is_3d = std::strcmp(type, "RenderView") == 0;
  const bool has_own = !is_3d || csroIsPlane(source, port);
  const auto takes = [is_3d](vtkSMViewProxy *view) { return !is_3d || !ShowsPlanes(view); };
  if (!has_own && IsOfType(active, type) && takes(active))
    return active;
  for (vtkSMViewProxy *view : Views(source, type))
    if (has_own ? ShowsSuch(view, source, port) : takes(view))
      return view;
  return nullptr;
}

void csroPlaceView(vtkSMViewProxy *view, bool is_plane) {
  if (is_plane)
    PlaceInTab(view, "Reciprocal space");
  else if (IsOfType(view, "SpreadSheetView"))
    PlaceInTab(view, "Tables");
  else if (!IsOfType(view, "RenderView") && !PlaceBeside3D(view))
    PlaceInTab(view, "Charts");
}

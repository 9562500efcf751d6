#include "SpecimenView.h"

#include "DataKinds.h"
#include "DisplayTable.h"
#include "ScaleBar.h"

#include <vtkAlgorithm.h>
#include <vtkBoundingBox.h>
#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPVArrayInformation.h>
#include <vtkPVDataInformation.h>
#include <vtkPVDataSetAttributesInformation.h>
#include <vtkPVXMLElement.h>
#include <vtkPointData.h>
#include <vtkSMPVRepresentationProxy.h>
#include <vtkSMParaViewPipelineControllerWithRendering.h>
#include <vtkSMPropertyHelper.h>
#include <vtkSMRenderViewProxy.h>
#include <vtkSMRepresentationProxy.h>
#include <vtkSMSourceProxy.h>
#include <vtkSMTransferFunctionProxy.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace {
constexpr char DepthTitle[] = "depth z (nm)    "; // spaces: beside labels of three digits
constexpr size_t TitleLength = 12;                // without the spaces
constexpr int TextSize = 14;
constexpr int LeastXYZ = 1 | 2 | 4; // the axes at the least x, y and z

csroOutput OutputOf(vtkSMProxy *display) {
  if (!display || !display->GetProperty("Input"))
    return {};
  const vtkSMPropertyHelper input(display, "Input", true);
  if (input.GetNumberOfElements() == 0)
    return {};
  return {vtkSMSourceProxy::SafeDownCast(input.GetAsProxy()), input.GetOutputPort()};
}

std::vector<vtkSMProxy *> DisplaysOf(vtkSMViewProxy *view) {
  const vtkSMPropertyHelper displays(view, "Representations");
  std::vector<vtkSMProxy *> found;
  for (unsigned int i = 0; i < displays.GetNumberOfElements(); ++i)
    if (OutputOf(displays.GetAsProxy(i)).Source)
      found.push_back(displays.GetAsProxy(i));
  return found;
}

std::string TypeOf(vtkSMProxy *display) {
  const char *type = vtkSMPropertyHelper(display, "Representation", true).GetAsString();
  return type ? type : "";
}

vtkSMProxy *AxesOf(vtkSMProxy *view) {
  const vtkSMPropertyHelper grid(view, "AxesGrid", true);
  return grid.GetNumberOfElements() > 0 ? grid.GetAsProxy() : nullptr;
}

void ShowAxes(vtkSMViewProxy *view) {
  vtkSMProxy *axes = AxesOf(view);
  if (!axes)
    return;
  vtkSMPropertyHelper(axes, "XTitle").Set("x (nm)");
  vtkSMPropertyHelper(axes, "YTitle").Set("y (nm)  ");
  vtkSMPropertyHelper(axes, "ZTitle").Set(DepthTitle);
  for (const char *name : {"XTitleFontSize", "YTitleFontSize", "ZTitleFontSize", "XLabelFontSize",
                           "YLabelFontSize", "ZLabelFontSize"})
    vtkSMPropertyHelper(axes, name, true).Set(TextSize);
  vtkSMPropertyHelper(axes, "AxesToLabel").Set(LeastXYZ);
  vtkSMPropertyHelper(axes, "Visibility").Set(1);
  axes->UpdateVTKObjects();
}

void SetInk(vtkSMProxy *written, double ink) {
  const double color[3] = {ink, ink, ink};
  for (const char *name : {"TitleColor", "LabelColor", "XTitleColor", "YTitleColor", "ZTitleColor",
                           "XLabelColor", "YLabelColor", "ZLabelColor", "GridColor"})
    if (written->GetProperty(name))
      vtkSMPropertyHelper(written, name).Set(color, 3);
  written->UpdateVTKObjects();
}

// A background that is none of ParaView's palettes, which have colours for text.
void FitInk(vtkSMProxy *view) {
  if (vtkSMPropertyHelper(view, "UseColorPaletteForBackground", true).GetAsInt())
    return;
  double behind[3];
  vtkSMPropertyHelper(view, "Background").Get(behind, 3);
  const double ink = 0.3 * behind[0] + 0.59 * behind[1] + 0.11 * behind[2] > 0.5 ? 0 : 1;
  SetInk(AxesOf(view), ink);
  const vtkSMPropertyHelper displays(view, "Representations");
  for (unsigned int i = 0; i < displays.GetNumberOfElements(); ++i)
    if (displays.GetAsProxy(i)->GetProperty("LabelColor"))
      SetInk(displays.GetAsProxy(i), ink);
  const char *orientation = "OrientationAxesLabelColor";
  const double color[3] = {ink, ink, ink};
  vtkSMPropertyHelper(view, orientation).Set(color, 3);
  view->UpdateProperty(orientation);
}

void OnViewChange(vtkObject *caller, unsigned long, void *, void *property) {
  auto *view = vtkSMProxy::SafeDownCast(caller);
  const std::string changed = static_cast<const char *>(property);
  if (csroShowsAxes(view) && (changed == "Background" || changed == "Representations" ||
                              changed == "UseColorPaletteForBackground"))
    FitInk(view);
}

vtkCallbackCommand *ViewObserver() {
  static const vtkNew<vtkCallbackCommand> command;
  command->SetCallback(OnViewChange);
  return command;
}

// Sharp peaks, as those of an ordered configuration, take the colours away from what is between
// them: where the highest value is far above nearly all others, the colours end at these.
void ShowDiffuse(vtkSMProxy *display, const std::string &name) {
  constexpr double nearly_all = 0.98, far = 4;
  const csroOutput output = OutputOf(display);
  auto *filter = vtkAlgorithm::SafeDownCast(output.Source->GetClientSideObject());
  auto *image =
      filter
          ? vtkImageData::SafeDownCast(filter->GetOutputDataObject(static_cast<int>(output.Port)))
          : nullptr;
  vtkDataArray *values = image ? image->GetPointData()->GetArray(name.c_str()) : nullptr;
  if (!values || values->GetNumberOfTuples() == 0)
    return;
  std::vector<double> sorted;
  for (vtkIdType i = 0; i < values->GetNumberOfTuples(); ++i)
    sorted.push_back(values->GetTuple1(i));
  std::sort(sorted.begin(), sorted.end());
  const double most = sorted[static_cast<size_t>(nearly_all * double(sorted.size() - 1))];
  vtkSMProxy *colors = vtkSMPropertyHelper(display, "LookupTable").GetAsProxy();
  if (colors && most > 0 && sorted.back() > far * most)
    vtkSMTransferFunctionProxy::RescaleTransferFunction(colors, sorted.front(), most);
}

bool IsInput(vtkSMProxy *source, vtkSMSourceProxy *filter) {
  const vtkSMPropertyHelper input(filter, "Input", true);
  return input.GetNumberOfElements() > 0 && source == input.GetAsProxy();
}
} // namespace

bool csroShowsAxes(vtkSMProxy *view) {
  vtkSMProxy *axes = AxesOf(view);
  return axes && vtkSMPropertyHelper(axes, "Visibility").GetAsInt() &&
         std::strncmp(vtkSMPropertyHelper(axes, "ZTitle").GetAsString(), DepthTitle, TitleLength) ==
             0;
}

void csroFollowView(vtkSMProxy *view) {
  csroAddScaleBar(view);
  if (!view->HasObserver(vtkCommand::PropertyModifiedEvent, ViewObserver()))
    view->AddObserver(vtkCommand::PropertyModifiedEvent, ViewObserver());
}

bool csroIsEmptyView(vtkSMViewProxy *view) {
  return vtkSMRenderViewProxy::SafeDownCast(view) && DisplaysOf(view).empty();
}

bool csroIsBlank(vtkSMSourceProxy *source, int port) {
  vtkPVDataInformation *data = source->GetDataInformation(port);
  const csroDisplay *display = csroFindDisplay(source->GetXMLName());
  if (port == 0 || (display && display->DomainPort == port)) // domains may come
    return false;
  if (data->DataSetTypeIsA("vtkTable"))
    return data->GetAttributeInformation(vtkDataObject::ROW)->GetNumberOfArrays() == 0;
  if (!data->DataSetTypeIsA("vtkImageData"))
    return data->GetNumberOfPoints() < 2;
  int extent[6], axes = 0;
  data->GetExtent(extent);
  for (int axis = 0; axis < 3; ++axis)
    axes += extent[2 * axis + 1] > extent[2 * axis];
  for (const int association : {vtkDataObject::POINT, vtkDataObject::CELL}) {
    vtkPVDataSetAttributesInformation *arrays = data->GetAttributeInformation(association);
    for (int i = 0; axes > 1 && i < arrays->GetNumberOfArrays(); ++i) {
      const double *range = arrays->GetArrayInformation(i)->GetComponentRange(0);
      if (range[1] > range[0])
        return false;
    }
  }
  return true;
}

void csroStartView(vtkSMViewProxy *view) {
  auto *picture = vtkSMRenderViewProxy::SafeDownCast(view);
  const double focus[3] = {0, 0, 0}, position[3] = {0, -1, 0}, up[3] = {0, 0, 1};
  vtkSMPropertyHelper(view, "CameraFocalPoint").Set(focus, 3);
  vtkSMPropertyHelper(view, "CameraPosition").Set(position, 3);
  vtkSMPropertyHelper(view, "CameraViewUp").Set(up, 3);
  vtkSMPropertyHelper(view, "CameraParallelProjection").Set(1); // planes are seen from their edges
  ShowAxes(view);
  csroFollowView(view);
  FitInk(view);
  view->UpdateVTKObjects();
  picture->ResetCamera();
}

void csroStartPlane(vtkSMViewProxy *view, int port) {
  enum { Plane111 = 2 };
  auto *picture = vtkSMRenderViewProxy::SafeDownCast(view);
  const double focus[3] = {0, 0, 0}, position[3] = {0, 0, 1}, up[3] = {0, 1, 0};
  vtkSMPropertyHelper(view, "CameraFocalPoint").Set(focus, 3);
  vtkSMPropertyHelper(view, "CameraPosition").Set(position, 3);
  vtkSMPropertyHelper(view, "CameraViewUp").Set(up, 3);
  vtkSMPropertyHelper(view, "CameraParallelProjection").Set(1);
  vtkSMPropertyHelper(view, "InteractionMode").Set(1); // as a picture
  if (vtkSMProxy *axes = AxesOf(view)) {
    vtkSMPropertyHelper(axes, "XTitle")
        .Set(port == Plane111 ? "[1 -1 0] (2 pi / a)" : "q_x (2 pi / a)");
    vtkSMPropertyHelper(axes, "YTitle").Set(port == Plane111 ? "[1 1 -2]" : "q_y");
    vtkSMPropertyHelper(axes, "ZTitle").Set("");
    for (const char *name :
         {"XTitleFontSize", "YTitleFontSize", "XLabelFontSize", "YLabelFontSize"})
      vtkSMPropertyHelper(axes, name, true).Set(TextSize);
    vtkSMPropertyHelper(axes, "AxesToLabel").Set(1 | 2);
    vtkSMPropertyHelper(axes, "Visibility").Set(1);
    axes->UpdateVTKObjects();
  }
  vtkSMPropertyHelper(view, "OrientationAxesVisibility").Set(0);
  view->UpdateVTKObjects();
  picture->ResetCamera();
}

void csroPaintPlane(vtkSMProxy *display) {
  vtkSMRepresentationProxy::SetRepresentationType(display,
                                                  "Surface"); // a slice is half a point off
  display->UpdateVTKObjects();
  auto *plane = vtkSMPVRepresentationProxy::SafeDownCast(display);
  const char *array = vtkSMPropertyHelper(display, "ColorArrayName").GetInputArrayNameToProcess();
  const std::string shown = array ? array : "";
  if (!plane || shown.empty() ||
      vtkSMPropertyHelper(display, "UseSeparateColorMap", true).GetAsInt())
    return;
  // Colours of its own: in one plane there may be maxima that another does not cut.
  vtkSMPropertyHelper(display, "UseSeparateColorMap", true).Set(1);
  display->UpdateVTKObjects();
  plane->SetScalarColoring(shown.c_str(), vtkDataObject::POINT);
  plane->RescaleTransferFunctionToDataRange(false, true);
  ShowDiffuse(display, shown);
}

void csroPaintSurface(vtkSMProxy *display) {
  auto *surface = vtkSMPVRepresentationProxy::SafeDownCast(display);
  if (!surface || TypeOf(display) != "Isosurface")
    return;
  surface->SetScalarColoring(nullptr, 0);
  const double color[3] = {0.90, 0.62, 0.00};
  vtkSMPropertyHelper(display, "AmbientColor").Set(color, 3);
  vtkSMPropertyHelper(display, "DiffuseColor").Set(color, 3);
  display->UpdateVTKObjects();
}

void csroUncover(vtkSMProxy *display, vtkSMViewProxy *view) {
  vtkNew<vtkSMParaViewPipelineControllerWithRendering> controller;
  const std::string type = TypeOf(display);
  for (vtkSMProxy *other : DisplaysOf(view)) {
    vtkSMSourceProxy *source = OutputOf(other).Source;
    if (source == OutputOf(display).Source || !csroIsOurs(source) ||
        !vtkSMPropertyHelper(other, "Visibility").GetAsInt())
      continue;
    const std::string before = TypeOf(other);
    const bool is_solid = vtkSMPropertyHelper(other, "Opacity", true).GetAsDouble() == 1;
    const auto is_one = [](const std::string &shown) {
      return shown == "Isosurface" || shown == "Point Gaussian" || shown == "Slice";
    };
    // ParaView hides the input of a filter in the active view alone
    if (before == "Outline" ||
        (type == "Points" && before == "Points" && IsInput(source, OutputOf(display).Source)) ||
        (is_one(type) && (is_one(before) || (before == "Points" && is_solid))))
      controller->Hide(other, view);
  }
}

void csroFitView(vtkSMProxy *display, vtkSMViewProxy *view) {
  const auto diagonal = [](vtkSMSourceProxy *source, unsigned int port) {
    const vtkBoundingBox box(source->GetDataInformation(port)->GetBounds());
    return box.IsValid() ? box.GetDiagonalLength() : 0;
  };
  const auto [filter, port] = OutputOf(display);
  const vtkSMPropertyHelper input(filter, "Input", true);
  if (input.GetNumberOfElements() == 0)
    return;
  auto *source = vtkSMSourceProxy::SafeDownCast(input.GetAsProxy());
  const double before = source ? diagonal(source, input.GetOutputPort()) : 0;
  constexpr double much = 2;
  if (before > 0 && diagonal(filter, port) > much * before)
    vtkSMRenderViewProxy::SafeDownCast(view)->ResetCamera();
}

void csroHideCut(vtkSMSourceProxy *filter, vtkSMViewProxy *view) {
  enum { SurfacesAlone = 2 };
  vtkPVXMLElement *hints = filter->GetHints();
  vtkPVXMLElement *visibility = hints ? hints->FindNestedElementByName("Visibility") : nullptr;
  int replaced = 0;
  if (!visibility || !visibility->GetScalarAttribute("replace_input", &replaced) ||
      replaced != SurfacesAlone)
    return;
  vtkNew<vtkSMParaViewPipelineControllerWithRendering> controller;
  for (vtkSMProxy *other : DisplaysOf(view)) {
    vtkSMSourceProxy *source = OutputOf(other).Source;
    if (csroIsOurs(source) && IsInput(source, filter))
      controller->Hide(other, view);
  }
}

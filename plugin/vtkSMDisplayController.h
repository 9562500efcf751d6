/**
 * @class vtkSMDisplayController
 * @brief what Apply shows of our sources and filters, and where
 *
 * Takes the place of ParaView's controller. Outputs go where csroFindView and csroPlaceView say. A
 * source whose execution has failed is not shown: a display that is made without data keeps none of
 * the defaults.
 */
#ifndef vtkSMDisplayController_h
#define vtkSMDisplayController_h

#include <vtkSMParaViewPipelineControllerWithRendering.h>

class vtkSMDisplayController : public vtkSMParaViewPipelineControllerWithRendering {
public:
  static vtkSMDisplayController *New();
  // (no vtkTypeMacro: by the name of another class Python would not find the methods)
  vtkSMViewProxy *ShowInPreferredView(vtkSMSourceProxy *source, int port,
                                      vtkSMViewProxy *view) override;
  vtkSMProxy *Show(vtkSMSourceProxy *source, int port, vtkSMViewProxy *view) override;
  vtkSMProxy *Show(vtkSMSourceProxy *source, int port, vtkSMViewProxy *view,
                   const char *type) override;

protected:
  vtkSMDisplayController() = default;
  ~vtkSMDisplayController() override = default;

private:
  vtkSMViewProxy *NewView(vtkSMSourceProxy *source, int port, const char *type);
  bool Execute(vtkSMSourceProxy *source, int port, vtkSMViewProxy *view);

  vtkSMSourceProxy *Failed = nullptr; // the source that was shown last, when it has no data
};

// Has ParaView use it.
void csroRegisterDisplayController();

#endif

#include "VersionCheck.h"

#include <vtkOutputWindow.h>
#include <vtkPVVersion.h>
#include <vtkSMProxyManager.h>

#include <sstream>

void csroCheckParaViewVersion() {
  const int major = vtkSMProxyManager::GetVersionMajor();
  const int minor = vtkSMProxyManager::GetVersionMinor();
  const int patch = vtkSMProxyManager::GetVersionPatch();
  if (major == PARAVIEW_VERSION_MAJOR && minor == PARAVIEW_VERSION_MINOR &&
      patch == PARAVIEW_VERSION_PATCH)
    return;
  std::ostringstream text;
  text << "The plugin APTCSRO was built for ParaView " << PARAVIEW_VERSION_FULL
       << " but runs in ParaView " << major << "." << minor << "." << patch
       << ". Results cannot be trusted: build the plugin for this ParaView.\n";
  vtkOutputWindowDisplayErrorText(text.str().c_str());
}

"""Finds and loads the plugin, and says on how many ranks it runs."""

import glob
import os
from types import SimpleNamespace

from csro_files import Failure

HERE = os.path.dirname(os.path.abspath(__file__))


def find_plugin():
    path = os.environ.get("CSRO_PLUGIN")
    if path:
        if not os.path.isfile(path):
            raise Failure(f"{path} (environment variable CSRO_PLUGIN): no such file")
        return path
    tail = os.path.join("paraview-*", "plugins", "APTCSRO", "APTCSRO.so")
    build = os.path.join(os.path.dirname(HERE), "build", "*", "lib", tail)
    installed = os.path.join(HERE, "..", "..", "..", "lib")  # HERE is share/apt-csro/sample_states
    found = [path for pattern in (build, os.path.join(installed, tail),
                                  os.path.join(installed, "*", tail))
             for path in glob.glob(pattern)]
    if not found:
        raise Failure("the plugin APTCSRO.so is neither in the build nor in the install tree beside "
                      "this script: build it, or set the environment variable CSRO_PLUGIN")
    return max(found, key=os.path.getmtime)


def is_loaded():
    """Whether this ParaView has the plugin already."""
    from paraview.modules.vtkRemotingCore import vtkPVPluginTracker
    tracker = vtkPVPluginTracker.GetInstance()
    return any(tracker.GetPluginName(i) == "APTCSRO" and tracker.GetPluginLoaded(i)
               for i in range(tracker.GetNumberOfPlugins()))


def load_plugin():
    """Loads the plugin if need be. Returns the constructors of sources and filters, as in load_plugin().VoxelizeAPT;
    nothing is added to paraview.simple."""
    from paraview import simple
    names = {"simple": simple}  # (into an empty one ParaView puts nothing)
    if is_loaded():  # pvbatch prints an error when a plugin is loaded twice
        simple._add_functions(names)
        return SimpleNamespace(**names)
    plugin = find_plugin()
    try:
        simple.LoadPlugin(plugin, ns=names)
    except RuntimeError:
        raise Failure(f"{plugin}: is no plugin that this ParaView can load") from None
    return SimpleNamespace(**names)


def ranks():
    from vtkmodules.vtkParallelCore import vtkMultiProcessController
    controller = vtkMultiProcessController.GetGlobalController()
    return controller.GetNumberOfProcesses() if controller else 1

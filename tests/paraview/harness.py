"""Loads the plugin and checks; a test script runs its checks from top to bottom and is silent."""
import os
import sys

import numpy
from paraview import simple
from paraview.vtk.util.numpy_support import vtk_to_numpy
from temporary import remove, temporary_folder

simple.LoadPlugin(os.environ['CSRO_PLUGIN'], remote=False, ns=vars(simple))


def _stop(text):
    frame = sys._getframe(2)
    print(f'{frame.f_code.co_filename}:{frame.f_lineno}: {text}', file=sys.stderr)
    sys.stderr.flush()
    remove(temporary)
    os._exit(1)


def check(condition, text='check failed'):
    if not condition:
        _stop(text)


def equal(found, expected):
    if found != expected:
        _stop(f'found {found}, expected {expected}')


def output(proxy, port=0):
    """The VTK object that an updated filter has made."""
    proxy.UpdatePipeline()
    return proxy.GetClientSideObject().GetOutputDataObject(port)


def names(data, kind='Point'):
    attributes = getattr(data, f'Get{kind}Data')()
    return [attributes.GetArrayName(i) for i in range(attributes.GetNumberOfArrays())]


def array(data, name, kind='Point'):
    found = getattr(data, f'Get{kind}Data')().GetAbstractArray(name)
    if found is None:
        _stop(f'no {kind} array {name}, there are {names(data, kind)}')
    if found.IsA('vtkStringArray'):
        return [found.GetValue(i) for i in range(found.GetNumberOfValues())]
    return vtk_to_numpy(found)


def column(table, name):
    return array(table, name, 'Row')


def points(data):
    return vtk_to_numpy(data.GetPoints().GetData())


class Errors:
    """Collects the errors and warnings of a filter instead of showing them."""

    def __init__(self, proxy):
        self.texts, self.warnings = [], []
        vtk_object = proxy.GetClientSideObject()
        self._hear(vtk_object, 'ErrorEvent', self.texts)
        self._hear(vtk_object, 'WarningEvent', self.warnings)

    @staticmethod
    def _hear(vtk_object, event, texts):
        def heard(_object, _event, text):
            texts.append(text)
        heard.CallDataType = 'string0'
        vtk_object.AddObserver(event, heard)


def write_pos(path, rows):
    with open(path, 'wb') as file:
        file.write(numpy.asarray(rows, '>f4').tobytes())
    return path


temporary = temporary_folder('test')

"""A made-up pattern bank of two classes, a peak here or there; row 5 has no contrast."""
import numpy
from paraview import simple, vtk
from paraview.vtk.util.numpy_support import numpy_to_vtk

BINS = 93


def _strings(name, values):
    array = vtk.vtkStringArray()
    array.SetName(name)
    for value in values:
        array.InsertNextValue(value)
    return array


def _numbers(name, values):
    array = numpy_to_vtk(numpy.ascontiguousarray(values), deep=1)
    array.SetName(name)
    return array


def bank_table(rows):
    rng = numpy.random.default_rng(3)
    label = (numpy.arange(rows) % 3 == 0).astype('u1')
    peak = numpy.where(label == 1, 60, 30)[:, None]
    counts = 20 + 15 * rng.random((rows, BINS)) + 60 * numpy.exp(-(numpy.arange(BINS) - peak) ** 2 / 4)
    counts[5] = 7
    table = vtk.vtkTable()
    table.AddColumn(_numbers('Label', label))
    table.AddColumn(_numbers('zSDM_Ni_Ni', counts.astype('u4')))
    for field in (_strings('ClassNames', ['FCC', 'L12']), _strings('zSDM_Pairs', ['Ni-Ni']),
                  _numbers('zSDM_Bins', [1.5, 200., 54., BINS])):
        table.GetFieldData().AddArray(field)
    return table


def source(table):
    producer = simple.TrivialProducer()
    producer.GetClientSideObject().SetOutput(table)
    return producer

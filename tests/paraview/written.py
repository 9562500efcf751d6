"""Ions with every kind of number, as the bytes of an .epos file."""
import numpy
from harness import simple
from paraview.vtk.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData

EPOS = numpy.dtype([('xyzm', '>f4', 4), ('tof', '>f4'), ('v', '>f4', 2), ('det', '>f4', 2), ('pulses', '>i4'),
                    ('ions', '>i4')])


def make_epos(count):
    generator = numpy.random.default_rng(3)
    records = numpy.zeros(count, EPOS)
    records['xyzm'] = generator.normal(0, 20, (count, 4))
    edges = numpy.array([0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0xff7fffff, 0x3f800001],
                        '>u4').view('>f4')
    for axis in range(4):
        records['xyzm'][axis:9 * 40:40, axis] = edges
    records['tof'] = generator.uniform(100, 2000, count)
    records['tof'][5::50] = numpy.array([0x7fc12345], '>u4').view('>f4')  # NaN: all bits stay
    records['v'] = generator.uniform(3000, 9000, (count, 2))
    records['det'] = generator.normal(0, 15, (count, 2))
    records['pulses'] = generator.integers(0, 1000, count)
    records['ions'] = generator.integers(-1, 4, count)
    records['pulses'][:2] = -2**31, 2**31 - 1
    return records


def write_bytes(path, values):
    with open(path, 'wb') as file:
        file.write(values.tobytes())
    return path


def read_bytes(path):
    with open(path, 'rb') as file:
        return file.read()


def make_source(records, numbers):
    """A source of some of the ions, in any order, without cells."""
    some = records[numbers]
    arrays = {'IonId': numbers, 'MassToCharge': some['xyzm'][:, 3], 'TOF_ns': some['tof'], 'V_DC': some['v'][:, 0],
              'V_pulse': some['v'][:, 1], 'X_det_mm': some['det'][:, 0], 'Y_det_mm': some['det'][:, 1],
              'PulsesSinceLast': some['pulses'], 'IonsPerPulse': some['ions']}
    ions = vtkPolyData()
    ions.SetPoints(vtkPoints())
    ions.GetPoints().SetData(_vtk('Points', some['xyzm'][:, :3]))
    for name, values in arrays.items():
        ions.GetPointData().AddArray(_vtk(name, values))
    source = simple.TrivialProducer()
    source.GetClientSideObject().SetOutput(ions)
    return source


def _vtk(name, values):
    array = numpy_to_vtk(numpy.array(values, values.dtype.newbyteorder('='), order='C'), deep=1)
    array.SetName(name)
    return array

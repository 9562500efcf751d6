"""Arrays of distributed outputs, put together on rank 0 in an order that no distribution changes."""
import os

import numpy
from mpi4py import MPI
from paraview.vtk.util.numpy_support import vtk_to_numpy


def _arrays(attributes):
    found = (attributes.GetArray(i) for i in range(attributes.GetNumberOfArrays()))
    return {values.GetName(): vtk_to_numpy(values) for values in found if values is not None}


def _parts(proxy, port):
    """Arrays of the non-empty parts of all ranks, on rank 0; an empty list elsewhere."""
    proxy.UpdatePipeline()
    data = proxy.GetClientSideObject().GetOutputDataObject(port)
    part = None
    if data.GetNumberOfPoints() > 0:
        part = {'points': _arrays(data.GetPointData()), 'cells': _arrays(data.GetCellData()),
                'field': _arrays(data.GetFieldData())}
        if data.IsA('vtkImageData'):
            part['extent'] = data.GetExtent()
        else:
            part['points']['xyz'] = vtk_to_numpy(data.GetPoints().GetData())
    return [part for part in MPI.COMM_WORLD.gather(part, root=0) or [] if part]


def _save(folder, name, key, values):
    numpy.save(os.path.join(folder, f'{name}_{key}.npy'), values)


def save_points(folder, name, proxy, port=0, by='IonId'):
    parts = _parts(proxy, port)
    if not parts:
        return
    order = numpy.argsort(numpy.concatenate([part['points'][by] for part in parts]))
    for key in parts[0]['points']:
        _save(folder, name, key, numpy.concatenate([part['points'][key] for part in parts])[order])


def save_image(folder, name, proxy, port=0):
    parts = _parts(proxy, port)
    if not parts:
        return
    size = numpy.array([part['extent'] for part in parts])[:, 1::2].max(0)[::-1]
    for kind, extra in ('points', 1), ('cells', 0):
        for key, sample in parts[0][kind].items():
            image = numpy.full(tuple(size + extra) + sample.shape[1:], 77, sample.dtype)
            for part in parts:
                e = part['extent']
                place = tuple(slice(e[2 * i], e[2 * i + 1] + extra) for i in (2, 1, 0))
                image[place] = part[kind][key].reshape(image[place].shape)
            _save(folder, name, key, image)
    for key, values in parts[0]['field'].items():
        _save(folder, name, 'field_' + key, values)


def save_table(folder, name, proxy, port=0):
    """Tables live on rank 0."""
    proxy.UpdatePipeline()
    if MPI.COMM_WORLD.rank == 0:
        data = proxy.GetClientSideObject().GetOutputDataObject(port)
        for key, values in _arrays(data.GetRowData()).items():
            _save(folder, name, 'row_' + key.replace('/', ' per '), values)

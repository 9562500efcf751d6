"""What filters say: tables, field arrays, errors, warnings, progress."""

import re


def columns_of(table):
    """A vtkTable as {column name: list of values}, or an image, its points with their positions in nm."""
    if table.IsA("vtkImageData"):
        arrays = table.GetPointData()
        positions = [table.GetPoint(i) for i in range(table.GetNumberOfPoints())]
        columns = {f"{axis}_nm": [position[k] for position in positions] for k, axis in enumerate("XYZ") if table.GetDimensions()[k] > 1}
        for a in range(arrays.GetNumberOfArrays()):
            array = arrays.GetArray(a)
            columns[array.GetName()] = [array.GetValue(i) for i in range(array.GetNumberOfTuples())]
        return columns
    columns = {}
    for c in range(table.GetNumberOfColumns()):
        column = table.GetColumn(c)
        columns[column.GetName()] = [column.GetValue(r) for r in range(table.GetNumberOfRows())]
    return columns


def output(proxy, port=0):
    """The output of the root rank: tables and field arrays are complete there."""
    return proxy.GetClientSideObject().GetOutputDataObject(port)


def field(proxy, name, port=0):
    """A field array as a list."""
    array = output(proxy, port).GetFieldData().GetAbstractArray(name)
    return [array.GetValue(i) for i in range(array.GetNumberOfValues())]


def information(proxy, name):
    """An information-only property."""
    proxy.UpdatePropertyInformation()
    return proxy.GetProperty(name).GetElement(0)


def points_of(proxy):
    return proxy.GetDataInformation().GetNumberOfPoints()


def number(value):
    """JSON has no NaN: undefined numbers are null."""
    return None if value != value else value


def finite(value):
    return None if value == float("inf") else number(value)


def read_message(text):
    """The message inside what VTK sends with an ErrorEvent or a WarningEvent."""
    text = re.sub(r"^\s*(ERROR|Warning): In .*?, line \d+\s*", "", text)
    text = re.sub(r"^\w+ \((0x)?[0-9a-f]+\): ", "", text)
    return " ".join(text.split())


class Watch:
    """Collects the errors and warnings of an algorithm instead of printing them, and hears of its progress. Python
    handles its signals there."""

    def __init__(self, proxy, errors, on_progress=lambda part: None, warnings=None):
        from vtkmodules.util.misc import calldata_type
        from vtkmodules.util.vtkConstants import VTK_STRING

        @calldata_type(VTK_STRING)
        def collect(_object, _event, text):
            errors.append(read_message(text))

        @calldata_type(VTK_STRING)
        def warn(_object, _event, text):
            if read_message(text) not in warnings:  # copies repeat those of the data
                warnings.append(read_message(text))

        self.proxy = proxy
        self.algorithm = proxy.GetClientSideObject()
        self.tags = [self.algorithm.AddObserver("ErrorEvent", collect),
                     self.algorithm.AddObserver("ProgressEvent", lambda source, _: on_progress(source.GetProgress()))]
        if warnings is not None:
            self.tags.append(self.algorithm.AddObserver("WarningEvent", warn))

    def end(self):
        for tag in self.tags:
            self.algorithm.RemoveObserver(tag)

"""Runs inside the ParaView window (--script): answers the questions of window.py, while the window goes on."""
import contextlib
import io
import os
import traceback

from paraview import simple

folder = os.environ['CSRO_WINDOW_FOLDER']
question = os.path.join(folder, 'question.py')
names = {'simple': simple}


def inputs(name):
    """{input property: [(name of the source, port)]}"""
    proxy = simple.FindSource(name).SMProxy
    manager = proxy.GetSessionProxyManager()
    found = {}
    each = proxy.NewPropertyIterator()
    while not each.IsAtEnd():
        prop = each.GetProperty()
        if prop.IsA('vtkSMInputProperty'):
            found[each.GetKey()] = [(manager.GetProxyName('sources', prop.GetProxy(i)),
                                     prop.GetOutputPortForConnection(i)) for i in range(prop.GetNumberOfProxies())]
        each.Next()
    return found


def is_offered(filter_name, source, port=0):
    """Whether the menu would offer a filter for an output."""
    manager = source.SMProxy.GetSessionProxyManager()
    prototype = manager.GetPrototypeProxy('filters', filter_name)
    prop = prototype.GetProperty('Input') or prototype.GetProperty('Domains')
    prop.RemoveAllUncheckedProxies()
    prop.AddUncheckedInputConnection(source.SMProxy, port)
    offered = prop.IsInDomains() > 0
    prop.RemoveAllUncheckedProxies()
    return offered


def views():
    """[(type, width, height)]"""
    return sorted((view.GetXMLName(), *view.ViewSize) for view in simple.GetViews())


def shown(view):
    """[(name of the source, port)] of what is visible in a view."""
    manager = view.SMProxy.GetSessionProxyManager()
    return [(manager.GetProxyName('sources', each.Input.SMProxy), each.Input.Port) for each in view.Representations
            if hasattr(each, 'Input') and each.Visibility]


def selected(name, port):
    """How many points or rows of an output are selected."""
    proxy = simple.FindSource(name).SMProxy
    if not proxy.GetSelectionInput(port):
        return 0
    extracted = proxy.GetSelectionOutput(port)
    extracted.UpdatePipeline()
    data = extracted.GetDataInformation(0)
    return max(data.GetNumberOfPoints(), data.GetNumberOfRows(), 0)


def column(name, port, array):
    values = simple.FindSource(name).GetClientSideObject().GetOutputDataObject(port).GetColumnByName(array)
    return [values.GetValue(i) for i in range(values.GetNumberOfTuples())]


names.update(selected=selected, column=column, inputs=inputs, is_offered=is_offered, views=views, shown=shown)


def answer(*_):
    if not os.path.exists(question):
        return
    code = open(question).read()
    os.remove(question)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(code, names)
        except BaseException:
            traceback.print_exc(file=printed)
    part = os.path.join(folder, 'answer.part')
    with open(part, 'w') as file:
        file.write(printed.getvalue())
    os.rename(part, os.path.join(folder, 'answer'))


interactor = simple.GetActiveViewOrCreate('RenderView').GetInteractor()
interactor.AddObserver('TimerEvent', answer)
interactor.CreateRepeatingTimer(100)
open(os.path.join(folder, 'ready'), 'w').close()

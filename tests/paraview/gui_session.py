"""Runs inside the ParaView window (--script): the sample state, then a pipeline of defaults as Apply
shows it. Writes a picture and, when all holds, the file that test_gui.py waits for."""
import os
import traceback

from paraview import simple

folder = os.environ['CSRO_GUI_FOLDER']


def check(condition, text):
    if not condition:
        raise AssertionError(text)


def equal(found, expected):
    check(found == expected, f'found {found}, expected {expected}')


def rows(source, port):
    source.UpdatePipeline()
    return simple.OutputPort(source, port).GetDataInformation().GetNumberOfRows()


def visible(view):
    return [r for r in view.Representations if getattr(r, 'Visibility', 0) and hasattr(r, 'Input')]


def check_state():
    simple.LoadState(os.environ['CSRO_STATE'])
    types = sorted(view.GetXMLName() for view in simple.GetViews())
    equal(types, ['RenderView', 'XYBarChartView', 'XYChartView'])
    for view in simple.GetViews():
        check(visible(view), f'{view.GetXMLName()} of the state is empty')
    simple.RenderAllViews()
    check(rows(simple.FindSource('Domain ions'), 1) > 0, 'the state has no domains')
    simple.SaveScreenshot(os.path.join(folder, 'state.png'), simple.GetLayout())
    simple.ResetSession()


def labels(array):
    return list(simple.GetColorTransferFunction(array).Annotations)


def check_defaults():
    """What a user gets who presses Apply: nothing is set but the inputs."""
    view = simple.CreateRenderView()
    ions = simple.SimulateAPT(Height=20)
    shown = simple.Show(ions, view)
    equal((shown.Representation, list(shown.ColorArrayName)), ('Points', ['POINTS', 'Species']))
    equal(labels('Species')[1::2], ['unranged', 'Co', 'Cr', 'Ni', 'H'])
    voxels = simple.VoxelizeAPT(Input=ions)
    equal(simple.Show(voxels, view).Representation, 'Outline')
    curves = simple.ComputeZSDM(Input=ions, Voxels=voxels)
    check_chart('XYChartView', curves, 1, 'dz_nm', {'Co-Co', 'Cr-Cr', 'Ni-Ni'})
    classified = simple.ClassifyCSRO(Input=curves)
    classified.UpdatePipeline()
    domains = simple.ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1))
    equal(domains.ScoreArray, 'Score_CSRO_Ni_Ni')  # the specimen's domains are of nickel
    shown = simple.Show(domains, view)
    equal((shown.Representation, list(shown.ColorArrayName)),
          ('Point Gaussian', ['POINTS', 'DomainId']))
    equal(labels('DomainId')[:2], ['-1', 'noise'])
    equal(len(labels('DomainId')), 2 * (rows(domains, 1) + 1))
    check_chart('XYBarChartView', domains, 2, 'Size', {'Domains'})
    compared = simple.CompareDomains(Domains=domains)
    check_chart('XYBarChartView', compared, 1, 'Size', {'Data'})
    equal(rows(compared, 0), 1)
    simple.Render(view)


def check_chart(view_type, source, port, axis, series):
    shown = simple.Show(simple.OutputPort(source, port), simple.CreateView(view_type))
    equal((shown.XArrayName, shown.UseIndexForXAxis), (axis, 0))
    equal(set(shown.SeriesVisibility), series)


try:
    check_state()
    check_defaults()
    text = 'ok'
except BaseException:  # whatever it was, the test shows it
    text = traceback.format_exc()
with open(os.path.join(folder, 'result.part'), 'w') as file:
    file.write(text)
os.rename(os.path.join(folder, 'result.part'), os.path.join(folder, 'result'))
os._exit(0)

"""The real ParaView window, driven by mouse and keyboard: filters find their inputs, a failed Apply can be put right,
and views stay usable. Needs a display of 1600 x 1000 (xvfb-run)."""
import os
import sys
import time

from window import Window

HEADING = (31, 95, 139)  # in plugin/help/make_help.py
NICKEL = (51, 160, 44)
ACTIVATION = (220, 60, 20)  # in plugin/window/PickData.cxx
has_help = len(sys.argv) > 3


def equal(found, expected):
    if found != expected:
        raise AssertionError(f'found {found}, expected {expected}')


def offers(window):
    return window.value('[name for name in ("VoxelizeAPT", "ComputeZSDM", "ClassifyCSRO", "ClusterDomains",'
                           ' "DetectOrder", "DataQuality", "RandomizeIons", "CompareDomains", "MassSpectrum")'
                           ' if is_offered(name, simple.GetActiveSource())]')


def check_views(window):
    """The 3D view has more than half of its layout, and nothing is squeezed."""
    found = window.value('views()')
    area = max(width * height for kind, width, height in found if kind == 'RenderView')
    if area < 0.5 * 1292 * 765:
        raise AssertionError(f'the 3D view is too small: {found}')
    for kind, width, height in found:
        if width < 350 or height < 250:
            raise AssertionError(f'{kind} is too small: {found}')


def drag(window, left, top, right, bottom):
    window.do('mousemove', str(left), str(top), 'mousedown', '1')
    for x, y in ((left + 9, top + 9), ((left + right) // 2, (top + bottom) // 2), (right, bottom)):
        time.sleep(0.2)
        window.do('mousemove', str(x), str(y))
    time.sleep(0.2)
    window.do('mouseup', '1')
    window.rest()


def check_described(window, color, least):
    """Curves of a colour in the tab beside the Properties."""
    red, green, blue = (window.picture()[490:950, :330, i] - color[i] for i in range(3))
    found = int(((abs(red) < 20) & (abs(green) < 20) & (abs(blue) < 20)).sum())
    if found < least:
        raise AssertionError(f'nothing is described: {found} pixels')


def check_pick(window):
    """Domains that are picked in 3D are selected in their table, whole, and the other way round; both and voxels are
    described."""
    def picked(name, port):
        return window.value(f'selected({name!r}, {port})')
    window.do('mousemove', '700', '900', 'click', '1')
    window.rest()
    window.do('key', 'd')
    drag(window, 400, 210, 1040, 930)
    rows = picked('Domains Ni-Ni', 1)
    if rows < 10:
        raise AssertionError(f'{rows} domains are selected in the table')
    ions = window.value('sum(column("Domains Ni-Ni", 1, "Size"))')
    if not 0.5 * ions < picked('Domains without noise', 0) <= ions:
        raise AssertionError('not whole domains')
    check_described(window, NICKEL, 50)
    window.do('mousemove', '528', '157', 'click', '1')  # Tables
    window.rest()
    window.do('mousemove', '600', '720', 'click', '1')  # a row of Domains Ni-Ni
    window.rest()
    equal(picked('Domains Ni-Ni', 1), 1)
    row = window.value('column("Domains Ni-Ni", 1, "Size")[2]')
    equal((picked('Domains Ni-Ni', 0), picked('Domains without noise', 0)), (row, row))
    window.do('mousemove', '443', '157', 'click', '1')  # CSRO
    window.ask('view = simple.FindViewOrCreate("RenderView1", "RenderView")\n'
               'simple.HideAll(view)\n'
               'simple.Show(simple.FindSource("Probability"), view).SetRepresentationType("Points")\n'
               'simple.Render(view)')
    window.rest()
    window.do('mousemove', '700', '900', 'click', '1')
    window.rest()
    window.do('key', 'd')
    drag(window, 729, 500, 749, 520)
    if picked('Probability', 0) == 0 or picked('Domains Ni-Ni', 1) != 0:
        raise AssertionError('no voxels are selected, or domains still are')
    check_described(window, ACTIVATION, 50)


def check_analysis(window):
    """CSRO > CSRO Analysis on the built-in specimen, with one copy."""
    window.do('mousemove', '800', '600', 'click', '1')
    window.do('key', 'alt+o')
    window.rest()
    window.do('key', 'a')
    window.rest()
    window.do('key', 'alt+b')
    window.rest()
    window.do('key', 'alt+c')
    window.do('key', 'ctrl+a')
    window.do('type', '1')
    window.do('key', 'Return')
    window.rest(120)
    equal(window.value('sorted(name for name, _ in simple.GetSources())'),
          ['Comparison Ni-Ni', 'Data quality', 'Domains Ni-Ni', 'Domains by likelihood', 'Domains without noise', 'Pole',
           'Probability', 'Specimen', 'Voxels', 'z-SDM'])
    equal(window.value('sorted(name for name, _ in simple.GetLayouts())'), ['CSRO', 'Shapes', 'Tables'])
    equal(window.value('simple.FindSource("Comparison Ni-Ni").Copies'), 1)
    check_views(window)
    check_report(window)
    check_pick(window)
    equal(window.errors(), [])
    window.ask('simple.ResetSession()')


def check_table(window):
    """A table comes to the front without a word; ions then take the place of those that they are made of, although the
    table is active."""
    window.do('mousemove', '200', '400', 'click', '1')
    window.launch('Simulate APT')
    window.ask('simple.FindSource("SimulateAPT1").Height = 8')
    window.apply()
    window.launch('Data Quality')
    window.apply()
    equal(window.value('simple.GetActiveView().GetXMLName()'), 'SpreadSheetView')
    window.ask('simple.SetActiveSource(simple.FindSource("SimulateAPT1"))')
    window.launch('Randomize Ions')
    window.apply()
    equal(window.value('shown(simple.FindViewOrCreate("RenderView1", "RenderView"))'), [('RandomizeIons1', 0)])
    equal(window.errors(), [])
    window.ask('simple.ResetSession()')


def check_abort(window):
    """Abort stops a filter in the middle; Apply executes it again, and an abort of that keeps its data."""
    def domains():
        return window.value('simple.FindSource("DetectOrder1").GetDataInformation(2).GetNumberOfRows()')
    window.do('mousemove', '200', '400', 'click', '1')
    window.ask('simple.VoxelizeAPT(Input=simple.SimulateRealisticAPT(Height=50)).UpdatePipeline()\n'
               'simple.SetActiveSource(simple.FindSource("SimulateRealisticAPT1"))\nsimple.Show()')
    window.launch('Detect Order')
    window.apply(then_rest=False)
    window.abort()
    equal(domains(), 0)
    window.apply()
    found = domains()
    if found < 10:
        raise AssertionError(f'{found} domains')
    window.tell('simple.FindSource("DetectOrder1").Diameter = [2, 4]\nsimple.Render()')
    window.abort()
    window.answer()
    equal(domains(), found)
    window.apply()
    if domains() == found:
        raise AssertionError('Apply does not execute again what was aborted')
    equal(window.errors(), [])
    window.ask('simple.ResetSession()')


def check_report(window):
    """CSRO > Report: a page and the same as JSON, with a picture of the 3D view."""
    path = os.path.join(window.folder, 'mine.html')
    window.do('mousemove', '500', '400', 'click', '1')
    window.do('key', 'alt+o')
    window.rest()
    window.do('key', 'r')
    window.rest()
    window.do('type', path)
    window.rest()
    window.do('key', 'Return')
    window.wait(lambda: os.path.exists(path[:-4] + 'json'), 60)
    window.rest()
    window.do('key', 'Return')
    window.rest()
    page = open(path, encoding='utf-8').read()
    equal(('Ni-Ni by the published chain' in page, page.count('data:image/png')), (True, 1))


def check_help(window):
    """? opens the page of a source and of a filter. Its headings have a colour of their own; ParaView's pages have not."""
    window.ask('ions = simple.SimulateAPT(Height=8)\n'
               'simple.SetActiveSource(simple.MassSpectrum(Input=ions))')
    headings = []
    for _ in range(2):
        window.rest()
        window.help()
        window.do('search', '--sync', '--name', 'Online Help', 'windowmove', '500', '100')
        window.rest()
        page = window.picture()[100:868, 500:1524]
        headings.append((page == HEADING).all(axis=2))
        window.ask('simple.SetActiveSource(ions)')
    if min(each.sum() for each in headings) < 300 or (headings[0] == headings[1]).all():
        raise AssertionError(f'? shows no page of ours: headings of {[int(each.sum()) for each in headings]} pixels')
    equal(window.errors(), [])


with Window(*sys.argv[1:3]) as window:
    check_table(window)
    check_abort(window)
    check_analysis(window)
    if has_help:
        check_help(window)
with Window(*sys.argv[1:3]) as window:
    window.ask(
               'for name in ("Specimen", "Other"):\n'
               '    simple.SetActiveSource(simple.SimulateRealisticAPT(registrationName=name, Height=8))\n'
               '    simple.Show()\n'
               'simple.SetActiveSource(simple.FindSource("Specimen"))\n'
               'simple.UpdatePipeline()')
    equal(offers(window), ['VoxelizeAPT', 'ComputeZSDM', 'ClassifyCSRO', 'ClusterDomains', 'DetectOrder',
                                 'DataQuality', 'RandomizeIons', 'MassSpectrum'])
    window.do('mousemove', '200', '400', 'click', '1')
    window.ask('simple.SetActiveSource(simple.FindSource("Specimen"))')
    window.launch('Voxelize APT')
    window.apply()
    equal(offers(window), ['VoxelizeAPT', 'ComputeZSDM', 'ClassifyCSRO', 'ClusterDomains', 'DetectOrder',
                                 'DataQuality', 'RandomizeIons'])
    # from the voxels: their ions, and what lies between
    window.launch('Cluster Domains')
    equal(window.value('inputs("ClusterDomains1")'),
          {'Input': [('Specimen', 0)], 'Pixels': [('ClassifyCSRO1', 1)]})
    equal(window.value('inputs("ClassifyCSRO1")'), {'Input': [('ComputeZSDM1', 0)], 'Ions': []})
    equal(window.value('inputs("ComputeZSDM1")'), {'Input': [('Specimen', 0)], 'Voxels': [('VoxelizeAPT1', 0)]})
    window.apply()
    check_views(window)
    equal(window.value('[shown(view) for view in simple.GetViews() if "Chart" in view.GetXMLName()]'),
          [[('ClusterDomains1', 2)], [('ComputeZSDM1', 1)]])
    # the domains in 3D, nothing over them, no legend of their colours
    equal(window.value('shown(simple.FindViewOrCreate("RenderView1", "RenderView"))'), [('ClusterDomains1', 0)])
    equal(window.value('[each.Visibility for each in simple.FindViewOrCreate("RenderView1", "RenderView").Representations'
                       ' if hasattr(each, "LabelColor") and "noise" in list(each.LookupTable.Annotations)]'), [0])
    # from other ions: nothing that belongs to the first; in 3D although a chart is active
    window.ask('simple.SetActiveView(next(view for view in simple.GetViews() if "Chart" in view.GetXMLName()))\n'
               'simple.SetActiveSource(simple.FindSource("Other"))')
    window.launch('Cluster Domains')
    equal(window.value('inputs("ClusterDomains2")'), {'Input': [('Other', 0)], 'Pixels': []})
    window.apply()
    equal(('ClusterDomains2', 0) in window.value('shown(simple.FindViewOrCreate("RenderView1", "RenderView"))'), True)
    check_views(window)
    # the domains know their ions
    window.ask('simple.SetActiveSource(simple.FindSource("ClusterDomains1"))')
    window.launch('Compare Domains')
    equal(window.value('inputs("CompareDomains1")'),
          {'Domains': [('ClusterDomains1', 0)], 'GivenCopies': [], 'Ions': [('Specimen', 0)]})
    window.ask('simple.FindSource("CompareDomains1").Copies = 1')
    window.apply()
    check_views(window)
    equal(window.errors(), [])
    # an error, put right: voxels are found or made, one line says what is wrong, the display is that of a first Apply
    window.ask('simple.SetActiveSource(simple.FindSource("Other"))')
    window.launch('Detect Order')
    equal(window.value('inputs("DetectOrder1")'), {'Input': [('Other', 0)], 'Voxels': [('VoxelizeAPT2', 0)]})
    window.ask('simple.FindSource("DetectOrder1").Species = "Xx"')
    window.apply()
    equal([line.split('): ')[-1].split(',')[0] for line in window.errors()], ["no species 'Xx'"])
    window.ask('order = simple.FindSource("DetectOrder1")\norder.Species = "Ni"\norder.SigmaXY = 0.3')
    window.apply()
    equal(window.value('[(each.Representation, list(each.ColorArrayName)) for each in'
                       ' simple.GetActiveView().Representations if hasattr(each, "Input")'
                       ' and each.Input.SMProxy == simple.FindSource("DetectOrder1").SMProxy]'),
          [('Outline', ['POINTS', '']), ('Point Gaussian', ['POINTS', 'DomainId'])])
    check_views(window)
    equal(len(window.errors()), 1)
    # what Clip cuts is not in the way of what it leaves
    window.ask('simple.Show(simple.FindSource("Specimen"), simple.FindViewOrCreate("RenderView1", "RenderView"))\n'
               'simple.SetActiveView(simple.FindViewOrCreate("RenderView1", "RenderView"))\n'
               'simple.SetActiveSource(simple.FindSource("Specimen"))')
    window.launch('Clip')
    window.apply()
    drawn = window.value('shown(simple.FindViewOrCreate("RenderView1", "RenderView"))')
    equal([('Specimen', 0) in drawn, ('Clip1', 0) in drawn], [False, True])
    # a sphere is no specimen
    window.ask('simple.SetActiveSource(simple.Sphere())\nsimple.UpdatePipeline()')
    equal(offers(window), [])
    # a surface is found, too, and a chart in another tab comes to the front
    window.ask('simple.SetActiveSource(simple.FindSource("ClusterDomains1"))')
    window.launch('Proximity Histogram')
    equal(window.value('inputs("ProximityHistogram1")'),
          {'Input': [('Specimen', 0)], 'Surface': [('ClusterDomains1', 0)]})
    window.apply()
    equal(window.value('any(("ProximityHistogram1", 0) in shown(view) for view in'
                       ' simple.GetViewsInLayout(simple.GetLayout(simple.GetActiveView())))'), True)
    equal(len(window.errors()), 1)
    # what is made for a filter does not take the filter itself for its input
    window.ask('simple.SetActiveSource(simple.SimulateRealisticAPT(registrationName="Third", Height=8))\nsimple.UpdatePipeline()')
    window.launch('Classify CSRO')
    ((curves, _),) = window.value('inputs("ClassifyCSRO2")')['Input']
    equal((curves, window.value(f'inputs({curves!r})')), ('ComputeZSDM2', {'Input': [('Third', 0)], 'Voxels': [('VoxelizeAPT3', 0)]}))

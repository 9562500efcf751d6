"""The real ParaView window, driven by mouse and keyboard: filters find their inputs, a failed Apply can be put right,
and views stay usable. Needs a display of 1600 x 1000 (xvfb-run)."""
import os
import sys

from window import Window

HEADING = (31, 95, 139)  # in plugin/help/make_help.py
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
    equal(window.value('[name for name, _ in simple.GetLayouts()]'), ['CSRO', 'Tables'])
    equal(window.value('simple.FindSource("Comparison Ni-Ni").Copies'), 1)
    check_views(window)
    check_report(window)
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
    # from other ions: nothing that belongs to the first
    window.ask('simple.SetActiveSource(simple.FindSource("Other"))')
    window.launch('Cluster Domains')
    equal(window.value('inputs("ClusterDomains2")'), {'Input': [('Other', 0)], 'Pixels': []})
    window.apply()
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
    window.ask('simple.FindSource("DetectOrder1").Species = "Ni"')
    window.apply()
    equal(window.value('[(each.Representation, list(each.ColorArrayName)) for each in'
                       ' simple.GetActiveView().Representations if hasattr(each, "Input")'
                       ' and each.Input.SMProxy == simple.FindSource("DetectOrder1").SMProxy]'),
          [('Outline', ['POINTS', '']), ('Point Gaussian', ['POINTS', 'DomainId'])])
    check_views(window)
    equal(len(window.errors()), 1)
    # a sphere is no specimen
    window.ask('simple.SetActiveSource(simple.Sphere())\nsimple.UpdatePipeline()')
    equal(offers(window), [])

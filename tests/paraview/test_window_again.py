"""The real window where something is loaded or changed: a state, then other settings of its analysis, then the file of a reader. Needs
a display of 1600 x 1000 (xvfb-run)."""
import os
import subprocess
import sys
import time

from window import Window

state = sys.argv[3]


def equal(found, expected):
    if found != expected:
        raise AssertionError(f'found {found}, expected {expected}')


def bar(window):
    """Whether the status bar shows progress, with an Abort that can be pressed."""
    pixels = window.picture()[970:]
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return ((blue > 180) & (red < 90)).sum() > 300 and ((red > 180) & (green < 80) & (blue < 80)).sum() > 20


def check_state(window):
    """While a state is loaded its filters show how far they are."""
    window.do('mousemove', '600', '500', 'click', '1')
    window.rest()
    window.do('key', 'alt+f')
    window.rest()
    window.do('key', 'l')
    window.rest()
    window.do('type', state)
    window.rest()
    window.do('key', 'Return')
    window.rest()
    window.do('key', 'Return')
    seen, end = 0, time.time() + 120
    while seen < 3 and time.time() < end:
        seen += bar(window)
    equal(seen, 3)
    window.rest(120)


def told(window):
    return window.value('column("Comparison Ni-Ni", 0, "Sentence")[0]').split(':')[0]


def domains(window, name, port):
    return window.value(f'simple.FindSource({name!r}).GetDataInformation({port}).GetNumberOfRows()')


def check_settings(window):
    """The domains follow at once; the copies say that they are out of date until they are asked for."""
    before = domains(window, 'Domains Ni-Ni', 1)
    if told(window) == 'out of date':
        raise AssertionError('out of date as loaded')
    window.ask('''simple.SetActiveSource(simple.FindSource("Domains Ni-Ni"))
drawn = []
view = next(view for view in simple.GetViews() if view.GetXMLName() == "RenderView")
view.GetRenderWindow().AddObserver("EndEvent", lambda *_: drawn.append(1))''')
    window.rest()
    window.ask('drawn.clear()')
    window.enter(688, 2)
    window.apply()
    equal(window.value('len(drawn)'), 1)  # in front, as before, and once
    window.enter(688, 2.5)
    window.apply()
    window.enter(688, 2)
    window.apply()
    equal(window.value('len(drawn)'), 3)
    equal(told(window), 'out of date')
    if domains(window, 'Domains Ni-Ni', 1) <= before:
        raise AssertionError('the domains do not follow')
    colors = window.value('len(simple.GetColorTransferFunction("DomainId").Annotations) // 2')
    if colors <= domains(window, 'Domains Ni-Ni', 1):
        raise AssertionError(f'{colors} colours for the domains and noise')
    window.ask('simple.SetActiveSource(simple.FindSource("Comparison Ni-Ni"))')
    window.rest()
    window.do('mousemove', '185', '689', 'click', '1')  # Make Copies
    window.rest()
    if told(window) == 'out of date':
        raise AssertionError('Make Copies makes none')
    # another FDR selects again (that it does not search again is in test_detect.py)
    before = domains(window, 'Domains by likelihood', 2)
    window.ask('simple.FindSource("Domains by likelihood").FDR = 0.9\nsimple.RenderAllViews()')
    if domains(window, 'Domains by likelihood', 2) <= before:
        raise AssertionError('the list does not follow FDR')
    equal(window.errors(), [])
    window.ask('simple.ResetSession()')


def asks(window):
    """Whether the dialog that asks for a range file is there."""
    window.rest()
    return subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '^Range file of the ions$'], stdout=subprocess.PIPE).stdout != b''


def check_changed_file(window):
    """Change File asks for the range file: the one beside the new ions, the one as before, or another. Scripts are not asked."""
    folder = window.folder

    def path(name):
        return os.path.join(folder, name, name)

    def ranges(file):
        found = window.value('[(os.path.basename(each.FileName[0]), each.RangesFileName) for each in simple.GetSources().values()]')
        equal(found[0][0], os.path.basename(file))
        return found[0][1]

    def change(file, *keys):
        """With the mouse, then keys in the dialog."""
        window.do('mousemove', '80', '196', 'click', '3')
        window.rest()
        window.do('mousemove', '144', '436', 'click', '1')
        window.rest()
        window.do('type', file)
        window.rest()
        window.do('key', 'Return')
        equal(asks(window), True)
        for key in keys:
            window.do('type' if len(key) > 10 else 'key', key)
            window.rest()
        window.do('key', 'Return')
        equal(asks(window), False)
        return ranges(file)

    window.ask(f'''import os
for name in "abc":
    os.mkdir(os.path.join({folder!r}, name))
    ions = simple.SimulateRealisticAPT(Height=5)
    for ending in (".pos", ".rrng")[:1 if name == "c" else 2]:
        simple.SaveData(os.path.join({folder!r}, name, name + ending), proxy=ions)
    simple.Delete(ions)
ions = simple.OpenDataFile({path("a")!r} + ".pos")
simple.Show(ions)
simple.ResetCamera()
simple.SetActiveSource(ions)''')
    window.rest()
    equal((asks(window), ranges(path('a') + '.pos')), (False, path('a') + '.rrng'))
    equal(change(path('b') + '.pos'), path('b') + '.rrng')
    equal(change(path('c') + '.pos'), path('b') + '.rrng')  # it has none beside it
    equal(change(path('b') + '.pos', 'alt+o', 'Tab', path('a') + '.rrng'), path('a') + '.rrng')
    equal(change(path('a') + '.pos', 'alt+n'), '')
    window.ask(f'simple.ReplaceReaderFileName(simple.GetActiveSource(), [{path("b") + ".pos"!r}], "FileName")\nsimple.RenderAllViews()')
    equal((asks(window), ranges(path('b') + '.pos')), (False, ''))
    equal(window.errors(), [])


with Window(*sys.argv[1:3]) as window:
    check_state(window)
    check_settings(window)
    check_changed_file(window)

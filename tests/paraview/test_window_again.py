"""The real window where something is loaded or changed: a state, then other settings of its analysis. Needs a display of 1600 x 1000 (xvfb-run)."""
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
    window.ask('simple.FindSource("Domains Ni-Ni").Threshold = 2\nsimple.RenderAllViews()')
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


with Window(*sys.argv[1:3]) as window:
    check_state(window)
    check_settings(window)

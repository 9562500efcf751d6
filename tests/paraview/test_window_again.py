"""The real window when something is changed: other settings of a finished analysis, another file of a reader, a state that is
loaded. Needs a display of 1600 x 1000 (xvfb-run)."""
import os
import subprocess
import sys
import time

from window import Window

state = sys.argv[3]


def equal(found, expected):
    if found != expected:
        raise AssertionError(f'found {found}, expected {expected}')


def told(window):
    return window.value('column("Comparison Ni-Ni", 0, "Sentence")[0]')


def check_settings(window):
    """The domains follow at once, the copies when they are asked for."""
    window.ask(f'import sys\nsys.path.insert(0, {os.path.dirname(state)!r})\nimport csro_pipeline\n'
               'ions = simple.SimulateAPT(registrationName="Specimen", Height=20)\n'
               'csro_pipeline.build(ions, pairs="Ni-Ni", copies=2, detect=False)', 120)
    window.rest()
    before = told(window)
    equal(window.value('simple.FindSource("Comparison Ni-Ni").Follow'), 0)
    domains = window.value('simple.FindSource("Domains Ni-Ni").GetDataInformation(1).GetNumberOfRows()')
    window.ask('simple.FindSource("Domains Ni-Ni").Threshold = 2\nsimple.RenderAllViews()')
    if told(window).split(':')[0] != 'out of date' or before.split(':')[0] == 'out of date':
        raise AssertionError((before, told(window)))
    if window.value('simple.FindSource("Domains Ni-Ni").GetDataInformation(1).GetNumberOfRows()') <= domains:
        raise AssertionError('the domains do not follow')
    window.ask('simple.SetActiveSource(simple.FindSource("Comparison Ni-Ni"))')
    window.rest()
    window.press('Make Copies')
    if told(window).split(':')[0] == 'out of date':
        raise AssertionError('Make Copies makes none')
    window.ask('simple.FindSource("Domains Ni-Ni").Threshold = 3.75\nsimple.RenderAllViews()')
    equal(told(window).split(':')[0], 'out of date')
    equal(window.errors(), [])
    window.ask('simple.ResetSession()')


with Window(*sys.argv[1:3]) as window:
    check_settings(window)

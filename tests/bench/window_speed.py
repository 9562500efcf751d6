"""How long the real window takes from Apply to the picture of the data, in CSRO Analysis of a large specimen.

    xvfb-run -a -s "-screen 0 1600x1000x24" /usr/bin/python3 tests/bench/window_speed.py PARAVIEW PLUGIN [HEIGHT]

PLUGIN is the .so in a build tree; HEIGHT of the specimen in nm (200: 1.4 million ions). Settings are typed into the panel and Apply is
clicked. Prints a Markdown table: seconds from the click until the 3D view is drawn, of which its drawing, and the processor time of all
threads, which other work on the machine changes little; how often the views are drawn; and when ParaView has nothing to do any more. Then
how long the 3D view takes to be drawn alone, with depth peeling in one and in four layers, too. With CSRO_FILM the last picture is kept
in that folder."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'paraview'))
from window import Window  # noqa: E402

# The settings by where they are in the panel.
CHANGES = (('Domains Ni-Ni', 'Threshold', 688, 3.0), ('Domains Ni-Ni', 'Threshold', 688, 2.0), ('Domains Ni-Ni', 'Eps', 746, 0.5),
           ('Domains Ni-Ni', 'MinSamples', 774, 5), ('Domains by likelihood', 'FDR', 661, 0.2), ('Domains by likelihood', 'FDR', 661, 0.01))
height = sys.argv[3] if len(sys.argv) > 3 else '200'
WATCH = '''drawn = []
for each in simple.GetViews():
    if each.GetXMLName() != "SpreadSheetView":
        for event in "StartEvent", "EndEvent":
            each.GetRenderWindow().AddObserver(event, lambda *_, event=event, is_3d=each == view: drawn.append(
                (is_3d, event == "EndEvent", time.time(), time.process_time())))'''


def change(window, name, setting, place, value):
    """Sets it as a user does. Returns the seconds to the picture, those of its drawing, of all threads, until there is nothing more to do;
    how often the 3D view and charts were drawn."""
    window.ask(f'simple.SetActiveSource(simple.FindSource({name!r}))')
    window.rest()
    window.enter(place, value)
    before = window.value('[drawn.clear(), time.process_time()]')[1]
    window.apply(then_rest=False)
    clicked = window.clicked
    window.wait(lambda: window.value('sum(is_end for is_3d, is_end, *_ in drawn if is_3d)') > 0, 60)
    window.rest()
    drawn = window.value('drawn')
    if window.value(f'simple.FindSource({name!r}).{setting}') != value:
        raise AssertionError(f'{setting} is not {value}')
    begun, ended = ([event for event in drawn if event[0] and event[1] == is_end] for is_end in (False, True))
    return (ended[-1][2] - clicked, sum(event[2] for event in ended) - sum(event[2] for event in begun), ended[-1][3] - before,
            max(event[2] for event in drawn) - clicked, len(ended), sum(event[1] and not event[0] for event in drawn))


with Window(*sys.argv[1:3]) as window:
    window.ask(f'import sys, time\nsys.path.insert(0, {os.path.join(ROOT, "sample_states")!r})\nimport csro_pipeline\n'
               f'ions = simple.SimulateAPT(registrationName="Specimen", Height={height}, DomainDensity=0.01)\n'
               'ions.UpdatePipeline()')
    count = window.value('ions.GetDataInformation().GetNumberOfPoints()')
    seconds = float(window.ask('begin = time.time()\ncsro_pipeline.build(ions, pairs="Ni-Ni", copies=2)\nprint(time.time() - begin)',
                               600))
    print(f'{count / 1e6:.2f} million ions; the whole analysis with 2 copies: {seconds:.1f} s\n')
    window.ask('view = next(view for view in simple.GetViews() if view.GetXMLName() == "RenderView")\n'
               'shown = simple.Show(simple.OutputPort(simple.FindSource("Domains by likelihood"), 1), view)\n'
               'simple.RenderAllViews()', 300)
    window.rest(300)
    window.ask(WATCH)
    print('| setting | seconds | drawing | of all threads | all views | drawn, 3D + charts | domains | comparison |\n'
          '|---|---:|---:|---:|---:|---|---:|---|')
    for name, setting, place, value in CHANGES:
        took = change(window, name, setting, place, value)
        port = 1 if setting != 'FDR' else 2
        domains = window.value(f'simple.FindSource({name!r}).GetDataInformation({port}).GetNumberOfRows()')
        told = window.value('column("Comparison Ni-Ni", 0, "Sentence")[0]')
        print(f'| {name}: {setting} {value} | {took[0]:.2f} | {took[1]:.2f} | {took[2]:.2f} | {took[3]:.2f} | {took[4]} + {took[5]} | '
              f'{domains} | {told[:40]} |', flush=True)
    print('\n| the 3D view alone | seconds | of all threads |\n|---|---:|---:|')
    for title, peeling, layers in (('as it is', 0, 1), ('depth peeling, one layer', 1, 1), ('depth peeling, four layers', 1, 4)):
        took = window.value(f'[setattr(view, "DepthPeeling", {peeling}), setattr(view, "MaximumNumberOfPeels", {layers}), simple.Render(view), '
                            'time.time(), time.process_time(), simple.Render(view), time.time(), time.process_time()]'.replace(
                                'simple.Render(view)', 'simple.Render(view) and None'))
        print(f'| {title} | {took[6] - took[3]:.2f} | {took[7] - took[4]:.2f} |', flush=True)
    if 'CSRO_FILM' in os.environ:
        subprocess.run(['import', '-window', 'root', os.path.join(os.environ['CSRO_FILM'], 'speed.png')], check=True)

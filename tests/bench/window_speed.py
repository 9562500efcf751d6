"""How long the real window takes from another setting to the picture of the data, in CSRO Analysis of a large specimen.

    xvfb-run -a -s "-screen 0 1600x1000x24" /usr/bin/python3 tests/bench/window_speed.py PARAVIEW PLUGIN [HEIGHT]

PLUGIN is the .so in a build tree; HEIGHT of the specimen in nm (200: 1.4 million ions). Prints a Markdown table: seconds until
all views are drawn, and the same summed over the threads, which other work on the machine changes little. With CSRO_FILM the last picture is kept in that folder."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'paraview'))
from window import Window  # noqa: E402

CHANGES = (('Domains Ni-Ni', 'Threshold', 3.0), ('Domains Ni-Ni', 'Threshold', 2.0), ('Domains Ni-Ni', 'Eps', 0.5),
           ('Domains Ni-Ni', 'MinSamples', 5), ('Domains by likelihood', 'FDR', 0.2), ('Domains by likelihood', 'FDR', 0.01))
height = sys.argv[3] if len(sys.argv) > 3 else '200'

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
    print('| setting | seconds | of all threads | domains | comparison |\n|---|---:|---:|---:|---|')
    for name, setting, value in CHANGES:
        window.rest()
        took = window.value(f'[time.time(), time.process_time(), setattr(simple.FindSource({name!r}), {setting!r}, {value}), '
                            'simple.RenderAllViews(), time.time(), time.process_time()]')
        port = 1 if setting != 'FDR' else 2
        domains = window.value(f'simple.FindSource({name!r}).GetDataInformation({port}).GetNumberOfRows()')
        told = window.value('column("Comparison Ni-Ni", 0, "Sentence")[0]')
        print(f'| {name}: {setting} {value} | {took[4] - took[0]:.2f} | {took[5] - took[1]:.2f} | {domains} | {told[:40]} |', flush=True)
    if 'CSRO_FILM' in os.environ:
        subprocess.run(['import', '-window', 'root', os.path.join(os.environ['CSRO_FILM'], 'speed.png')], check=True)

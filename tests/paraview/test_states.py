"""test_states.py PVPYTHON SAMPLE_STATES: each ready pipeline opens in a process of its own without a word, and shows domains. With the
published ions (where present) the state of extracted ions has the published numbers. Run by Debian's python3, with a display."""
import os
import subprocess
import sys

from temporary import temporary_folder

pvpython, states = sys.argv[1:3]
folder = temporary_folder('states')
ASK = '''
import os, runpy, sys
sys.path.insert(0, os.path.dirname(sys.argv[1]))
if len(sys.argv) > 2:
    import csro_ready
    csro_ready.SWEEPS = 20
    csro_ready.specimen = lambda apt: apt.SimulateRealisticAPT(registrationName="Specimen", Height=float(sys.argv[2]))
runpy.run_path(sys.argv[1], run_name="__main__")
from paraview import simple
from csro_outputs import columns_of, output
simple.RenderAllViews()
found = [proxy for proxy in simple.GetSources().values() if proxy.SMProxy.GetXMLName() in ("ClusterDomains", "CompareDomains")]
for proxy in found:
    table = columns_of(output(proxy, 0 if proxy.SMProxy.GetXMLName() == "CompareDomains" else 1))
    print(proxy.SMProxy.GetXMLName(), len(table.get("Size", ())), table.get("Mu", [0])[0])
for view in simple.GetViews():  # bars of standard errors, on the left and on the right
    if view.SMProxy.GetXMLName() == "XYChartView":
        chart = view.GetClientSideObject().GetContextItem()
        plots = [chart.GetPlot(i) for i in range(chart.GetNumberOfPlots())]
        print("bars", *(chart.GetPlotCorner(plot) for plot in plots if plot.GetClassName() == "ErrorBars" and plot.GetVisible()))
print("views", len(simple.GetViews()), sum(len(view.Representations) > 0 for view in simple.GetViews()))
'''
script = os.path.join(folder, 'ask.py')
with open(script, 'w', encoding='utf-8') as file:
    file.write(ASK)


BARS = {'figure1': 4 * ['0'], 'figure5': ['0', '1'], 'l12': ['0', '0'], 'b2': ['0', '0']}


def opened(name, *height, **environment):
    """What a state holds, of a specimen of that height: numbers of domains, mu of comparisons, views."""
    done = subprocess.run([pvpython, script, os.path.join(states, name + '.py'), *height], capture_output=True, text=True, timeout=200,
                          env={**os.environ, **environment}, cwd=folder)
    assert done.returncode == 0 and not done.stderr, (name, done.stdout, done.stderr)
    rows = [line.split() for line in done.stdout.splitlines()]
    views = next(row for row in rows if row[0] == 'views')
    assert views[1] == views[2], f'{name}: an empty view'
    bars = sorted(corner for row in rows if row[0] == 'bars' for corner in row[1:])
    assert bars == BARS.get(name, []), (name, bars)
    return ([int(row[1]) for row in rows if row[0] == 'ClusterDomains'], [float(row[2]) for row in rows if row[0] == 'CompareDomains'],
            int(views[1]))


# (The specimens of all but the first are half as high here, and Monte Carlo is short.)
for name, clustered, compared, views, *height in (('extracted', 2, 1, 3), ('beside_copy', 2, 1, 4, '20'), ('methods', 1, 1, 5, '20'),
                                                  ('figure3', 6, 3, 9, '20')):
    domains, mu, shown = opened(name, *height)
    assert (len(domains), len(mu), shown) == (clustered, compared, views), (name, domains, mu, shown)
    assert max(domains) > (10 if height else 20), (name, domains)
    assert name == 'methods' or min(domains) < 10, (name, domains)

for name, views in ('figure1', 4), ('figure4', 4), ('figure5', 3), ('l12', 4), ('b2', 4):
    _, _, shown = opened(name, '8')
    assert shown == views, (name, shown)

real = os.path.join(os.environ.get('CSRO_REFERENCE_DIR', ''), 'real_nini')
if not os.path.isdir(real):
    print(f'skipped: no reference cases in {real}', file=sys.stderr)
    sys.exit(77)
name = 'NiNi_10_10_-120_0nm_above_3.75_win_1_stride_0.5.csv'
domains, mu, _ = opened('extracted', CSRO_EXTRACTED=os.path.join(real, name), CSRO_RANDOMIZED=os.path.join(real, 'Random_' + name))
assert sorted(domains) == [1315, 1377] and abs(mu[0] - 0.322419) < 1e-6, (domains, mu)

"""The same ions in 3Depict and SciPy, and how long each takes.

    xvfb-run -a -s "-screen 0 1600x1000x24 -noreset" pvpython tests/bench/peer_3depict.py [--ions 3e4] [--folder DIR]

needs the packages 3depict, xdotool and python3-scipy. 3Depict has no batch mode: a state file for each statistic is loaded into its
window, the questions that it asks at the start are answered by keys, and its External Program filter writes the result
and the times before and after. Compared are ions of Ni of a simulated box: pairs by distance with Radial Distribution,
distances of the 1st to 10th neighbour with Nearest Neighbours, and clusters with Maximum Separation, without and with
core linkage. Prints a table in Markdown; --folder keeps the state files and what 3Depict has written.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

import numpy
import scipy.spatial

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "sample_states"))
import csro_outputs  # noqa: E402
import csro_plugin  # noqa: E402
from paraview.vtk.util.numpy_support import vtk_to_numpy  # noqa: E402

REACH, BINS, NEAREST, FINE_BINS = 1.0, 50, 10, 20000
DISTANCE, LEAST, CORE_DISTANCE, ORDER = 0.25, 5, 0.3, 3

# Title of a window of 3Depict, and the key that answers it.
QUESTIONS = (("3depict Warning", "Return"), ("Tip of the Day", "Escape"))
UNSAFE = "Security warning"  # whether to remove filters that run programs: the left one of two buttons is No

STATE = """<threeDepictstate>
<writer version="0.0.23"/>
<backcolour r="0" g="0" b="0"/>
<showaxis value="1"/>
<filtertree>
<posload>
<userstring value=""/>
<file name="{folder}/ions.pos" type="0"/>
<columns value="4"/>
<xyzm values="0,1,2,3"/>
<enabled value="1"/>
<monitor value="0"/>
<valuetype value="Mass-to-Charge (Da/e)"/>
<dosample value="0"/>
<maxions value="100000000"/>
<colour r="1" g="0" b="0" a="1"/>
<ionsize value="2"/>
<threedaprecon scaleradius="1" detectionefficiency="0.5" ionvolume="0.02"/>
</posload>
<children>
{before}
{filters}
</children>
</filtertree>
</threeDepictstate>
"""

PROGRAM = """<externalprog>
<userstring value=""/>
<commandline name="{command}"/>
<workingdir name="{folder}"/>
<alwayscache value="0"/>
<cleaninput value="1"/>
</externalprog>"""

SPATIAL = """<spatialanalysis>
<userstring value=""/>
<algorithm value="2"/>
<stopmode value="{stop}"/>
<nnmax value="{nearest}"/>
<normalisennhist value="0"/>
<wantrandomnnhist value="0"/>
<distmax value="{reach}"/>
<numbins value="{bins}"/>
<excludesurface value="0"/>
<reductiondistance value="1"/>
<normaliserdf value="0"/>
<colour r="1" g="0" b="0" a="1"/>
<densitycutoff value="1"/>
<keepdensityupper value="1"/>
</spatialanalysis>
<children>
{after}
</children>"""

CLUSTERS = """<rangefile>
<userstring value=""/>
<file name="{folder}/ions.rrng"/>
<dropunranged value="0"/>
<enabledions>
<ion id="0" enabled="1" colour="#00FF00FF"/>
</enabledions>
<enabledranges>
<range id="0" enabled="1"/>
</enabledranges>
</rangefile>
<children>
<clusteranalysis>
<userstring value=""/>
<algorithm value="0"/>
<coredist value="{core_distance}"/>
<coringknn value="{order}" enabled="{coring}"/>
<linkdist value="{distance}"/>
<bulklink value="0" enabled="0"/>
<derosion value="0" enabled="0"/>
<wantcropsize value="1"/>
<nmin value="{least}"/>
<nmax value="1000000000"/>
<wantclustersizedist value="0" logarithmic="0"/>
<wantclustercomposition value="0" normalise="0"/>
<wantclustermorphology value="0"/>
<wantclusterid value="1"/>
<enabledions>
<core>
<ion name="Ni" enabled="1"/>
</core>
<bulk>
<ion name="Ni" enabled="0"/>
</bulk>
</enabledions>
</clusteranalysis>
<children>
{after}
</children>
</children>"""


def xdotool(*arguments):
    return subprocess.run(["xdotool", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False).stdout.split()


def answer_question():
    """Answers the window that is there, if any: one at a time, so that no key goes to the next one."""
    for title, key in (*QUESTIONS, (UNSAFE, None)):
        found = xdotool("search", "--onlyvisible", "--name", title)
        if not found:
            continue
        time.sleep(0.5)  # until it has its buttons
        if key:
            xdotool("windowfocus", found[-1], "key", key)
            return
        at = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", found[-1]))
        xdotool("mousemove", int(at["X"]) + int(at["WIDTH"]) // 4, int(at["Y"]) + int(at["HEIGHT"]) * 82 // 100)
        time.sleep(0.2)
        xdotool("click", 1)
        return


def run_3depict(folder, filters, result):
    """Loads the state, and returns how many seconds the filters took; the result is in the folder then."""
    times = [os.path.join(folder, name) for name in ("before", "after")]
    for path in times:
        if os.path.exists(path):
            os.remove(path)
    before = PROGRAM.format(folder=folder, command="test -e before || touch before")
    after = PROGRAM.format(folder=folder, command=f"cat {'%i' if result.endswith('.pos') else '%P'} &gt; {result} ; "
                           "test -e after || touch after")
    state = os.path.join(folder, result + ".xml")
    with open(state, "w", encoding="ascii") as file:
        file.write(STATE.format(folder=folder, before=before, filters=filters.replace("{after}", after)))
    with open(os.path.join(folder, result + ".log"), "w", encoding="ascii") as log:
        program = subprocess.Popen(["3depict", state], env=dict(os.environ, HOME=folder), stdout=log, stderr=log)
        try:
            end = time.monotonic() + 120
            while not os.path.exists(times[1]):
                if program.poll() is not None or time.monotonic() > end:
                    sys.exit(f"peer_3depict.py: 3Depict has written nothing: {result}.log")
                answer_question()
                time.sleep(0.5)
        finally:
            program.kill()
            program.wait()
    begin, end = (os.stat(path).st_mtime for path in times)
    return end - begin


def output(proxy):
    proxy.UpdatePipeline()
    return csro_outputs.output(proxy)


def timed(proxy, port=0):
    begin = time.perf_counter()
    proxy.UpdatePipeline()
    return csro_outputs.output(proxy, port), time.perf_counter() - begin


def write_ions(folder, ions):
    """The ions of Ni as .pos, with a range for them."""
    names = ions.GetFieldData().GetAbstractArray("SpeciesNames")
    label = next(i for i in range(names.GetNumberOfValues()) if names.GetValue(i) == "Ni")
    taken = vtk_to_numpy(ions.GetPointData().GetAbstractArray("Species")) == label
    rows = numpy.empty((taken.sum(), 4), ">f4")
    rows[:, :3] = vtk_to_numpy(ions.GetPoints().GetData())[taken]
    rows[:, 3] = 58
    rows.tofile(os.path.join(folder, "ions.pos"))
    with open(os.path.join(folder, "ions.rrng"), "w", encoding="ascii") as file:
        file.write("[Ions]\nNumber=1\nIon1=Ni\n[Ranges]\nNumber=1\n"
                   "Range1=57.0000 59.0000 Vol:0.01000 Ni:1 Color:00FF00\n")
    return len(rows)


def columns(path):
    return numpy.loadtxt(path, ndmin=2)


def print_row(what, ours, scipy_s, theirs, ours_seconds, seconds):
    print(f"| {what} | {ours} | {scipy_s} | {theirs} | {ours_seconds:.2f} | {seconds:.2f} | {seconds / ours_seconds:.1f} |",
          flush=True)


def positions_of(folder):
    return numpy.fromfile(os.path.join(folder, "ions.pos"), ">f4").reshape(-1, 4)[:, :3].astype(float)


def compare_pairs(apt, specimen, folder):
    seconds = run_3depict(folder, SPATIAL.format(stop=1, nearest=1, reach=REACH, bins=BINS, after="{after}"), "rdf.xy")
    theirs = columns(os.path.join(folder, "rdf.xy"))[:, 1]
    table, ours_seconds = timed(apt.RadialDistribution(Input=specimen, Pairs="Ni-Ni", Reach=REACH, Bins=BINS, Copies=0))
    ours = numpy.array(csro_outputs.columns_of(table)["Pairs"])
    tree = scipy.spatial.cKDTree(positions_of(folder))
    apart = tree.query_pairs(REACH, output_type="ndarray")
    distances = numpy.linalg.norm(tree.data[apart[:, 0]] - tree.data[apart[:, 1]], axis=1)
    truth = 2 * numpy.histogram(distances[distances > 0], BINS, (0, REACH))[0]
    print_row(f"Radial Distribution, pairs to {REACH:g} nm in {BINS} bins", f"{ours.sum():.0f}", f"{truth.sum()}",
              f"{theirs.sum():.0f}", ours_seconds, seconds)
    assert numpy.abs(ours - truth).max() <= 2  # one pair at the end of a bin
    assert (theirs <= truth + 2).all()


def compare_neighbours(apt, specimen, folder):
    """3Depict has a histogram of each neighbour, up to its largest distance."""
    seconds = run_3depict(folder, SPATIAL.format(stop=0, nearest=NEAREST, reach=REACH, bins=FINE_BINS, after="{after}"),
                          "nearest.xy")
    theirs = columns(os.path.join(folder, "nearest.xy")).reshape(NEAREST, FINE_BINS, 2)
    table, ours_seconds = timed(apt.NearestNeighbours(Input=specimen, Pairs="Ni-Ni", NearestNeighbours=NEAREST,
                                                      Reach=5, Copies=0))
    ours = numpy.array(csro_outputs.columns_of(table)["MeanDistance_nm"])
    where = positions_of(folder)
    truth = scipy.spatial.cKDTree(where).query(where, NEAREST + 1)[0][:, 1:].mean(0)
    mean = (theirs[:, :, 0] * theirs[:, :, 1]).sum(1) / theirs[:, :, 1].sum(1) + theirs[:, 1, 0] / 2
    for k in 0, NEAREST - 1:
        print_row(f"Nearest Neighbours, mean distance of neighbour {k + 1}", f"{ours[k]:.6f} nm", f"{truth[k]:.6f} nm",
                  f"{mean[k]:.6f} nm", ours_seconds, seconds)
    assert numpy.abs(ours - truth).max() < 1e-9


def compare_clusters(apt, specimen, folder, coring):
    """With core linkage 3Depict has the cores alone, and we the solute ions that join them, too."""
    name, least = ("cores.pos", 1) if coring else ("clusters.pos", LEAST)
    seconds = run_3depict(folder, CLUSTERS.format(folder=folder, distance=DISTANCE, least=least,
                                                  order=ORDER + 1,  # it takes the neighbour before the k-th
                                                  core_distance=CORE_DISTANCE, coring=int(coring), after="{after}"), name)
    rows = numpy.fromfile(os.path.join(folder, name), ">f4").reshape(-1, 4).astype(float)
    ions, ours_seconds = timed(apt.MaximumSeparation(
        Input=specimen, Species="Ni", Distance=DISTANCE, MinimumSize=least, Order=ORDER if coring else 0,
        CoreDistance=CORE_DISTANCE, Copies=0))
    where = map(tuple, vtk_to_numpy(ions.GetPoints().GetData()).astype(float))
    ours = dict(zip(where, vtk_to_numpy(ions.GetPointData().GetAbstractArray("DomainId"))))
    clusters = len(set(ours.values()))
    what = f"with cores ({ORDER} ions within {CORE_DISTANCE:g} nm)" if coring else "every ion a core"
    print_row(f"Maximum Separation, {DISTANCE:g} nm, {least} ions or more, {what}: clusters, ions in them",
              f"{clusters}, {len(ours)}", "", f"{len(set(rows[:, 3]))}, {len(rows)}", ours_seconds, seconds)
    pairs = {(ours.get(tuple(row[:3])), row[3]) for row in rows}
    assert clusters == len(set(rows[:, 3])) == len(pairs), "not the same clusters"
    assert coring or len(rows) == len(ours)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ions", type=float, default=3e4)
    parser.add_argument("--folder")
    options = parser.parse_args()
    apt = csro_plugin.load_plugin()
    folder = os.path.abspath(options.folder) if options.folder else tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    try:
        height = options.ions / (4 / 0.36**3 * 0.52 * 144)
        made = output(apt.SimulateAPT(Shape="Box", Width=[12, 12], Height=height, DomainDensity=0.05))
        count = write_ions(folder, made)
        specimen = apt.APTReader(FileName=os.path.join(folder, "ions.pos"), RangesFileName=os.path.join(folder, "ions.rrng"))
        specimen.UpdatePipeline()
        print(f"{count} ions\n\n| | here | SciPy | 3Depict | here, s | 3Depict, s | times |\n|---|---:|---:|---:|---:|---:|---:|")
        compare_pairs(apt, specimen, folder)
        compare_neighbours(apt, specimen, folder)
        for coring in False, True:
            compare_clusters(apt, specimen, folder, coring)
    finally:
        if not options.folder:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()

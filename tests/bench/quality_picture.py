"""What Data Quality says of good and bad specimens: the pictures and the table of docs/data-quality.md.

    pvpython tests/bench/quality_picture.py FOLDER

draws quality-planes.png and quality-ions.png into FOLDER and prints the table. Each case is SimulateAPT with its defaults
but the properties given here, Data Quality with PlaneSpacing 0.18 and the nominal composition Co 1, Cr 1, Ni 1.
"""

import os
import sys
import textwrap

import matplotlib
import numpy

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "sample_states"))
import csro_outputs  # noqa: E402
import csro_plugin  # noqa: E402
from paraview.vtk.util.numpy_support import vtk_to_numpy  # noqa: E402

CASES = {
    "Clean": {},
    "Tilt 1": {"Tilt": 1},
    "Tilt 3": {"Tilt": 3},
    "Tilt 5": {"Tilt": 5},
    "Curvature 100": {"CurvatureRadius": 100},
    "Curvature 30": {"CurvatureRadius": 30},
    "Drift 1": {"SpacingDrift": 1},
    "Two grains": {"SecondGrain": 1},
    "Spacing": {"LatticeConstant": 0.37},
    "Pole 111": {"Pole": "111"},
    "Noise 0.08": {"SigmaZ": 0.08},
    "Noise 0.2": {"SigmaZ": 0.2},
    "Noise of Ni": {"SpeciesSigmaZ": "Ni 0.05"},
    "Efficiency of Ni": {"SpeciesEfficiency": "Ni 0.9"},
    "Low-density pole": {"PoleLoss": 0.5, "PolePosition": [2, 1]},
    "Gradient of Ni": {"GradientAxis": "z"},
    "Background": {"Background": 0.11, "BackgroundAxis": "x", "BackgroundTo": 0.67},
    "Efficiency": {"EfficiencyAxis": "z", "EfficiencyTo": 0.35},
    "Pile-up": {"PileUp": 0.5, "PileUpReach": 8},
}
PLANES = {
    "Clean": "Clean",
    "Tilt 3": "Tilted by 3 degrees",
    "Curvature 30": "Curved, radius 30 nm",
    "Two grains": "Second grain, 10 degrees away",
    "Noise 0.2": "Noise of 0.2 nm along z",
}
IONS = {
    "Clean": "Clean",
    "Low-density pole": "Low-density pole",
    "Background": "Uneven background",
    "Gradient of Ni": "Gradient of Ni",
}
COLORS = {"ok": "#2a7", "warning": "#c80", "bad": "#c22"}


class Case:
    """A specimen with what is drawn of it and what Data Quality says."""

    def __init__(self, apt, properties):
        specimen = apt.SimulateAPT(**properties)
        ions = updated(specimen)
        self.ions = vtk_to_numpy(ions.GetPoints().GetData())
        species = vtk_to_numpy(ions.GetPointData().GetArray("Species"))
        names = ions.GetFieldData().GetAbstractArray("SpeciesNames")
        self.ranged = species > 0
        self.nickel = [names.GetValue(i) for i in range(names.GetNumberOfValues())].index("Ni") == species
        blocks = updated(apt.FindPole(Input=specimen, Align=0), 1)
        self.blocks = vtk_to_numpy(blocks.GetPoints().GetData())
        self.tilt, self.orientation = (
            vtk_to_numpy(blocks.GetPointData().GetArray(name)) for name in ("Tilt_deg", "Orientation")
        )
        table = updated(
            apt.DataQuality(Input=specimen, PlaneSpacing=0.18, NominalComposition="Co 1, Cr 1, Ni 1")
        )
        self.words = table.GetFieldData().GetAbstractArray("DataQuality").GetValue(0)
        rows = csro_outputs.columns_of(table)
        self.heeded = [words for verdict, words in zip(rows["Verdict"], rows["Words"]) if verdict != "ok"]
        self.verdict = max(rows["Verdict"], key=list(COLORS).index)


def updated(proxy, port=0):
    proxy.UpdatePipeline()
    return csro_outputs.output(proxy, port)


def show_planes(axes, case):
    """Ions of a slice through the axis, a few planes high."""
    x, y, z = case.ions.T
    inside = (abs(y) < 0.7) & (abs(z + 20) < 1.2) & (abs(x) < 6)
    axes.plot(x[inside], z[inside], ",", color="#123")
    axes.set(xlim=(-6, 6), ylim=(-21.2, -18.8))


def show_tilt(axes, case):
    """Tilt of the planes in the blocks on one side of the axis."""
    x, y, z = case.blocks.T
    inside = (0 < y) & (y < 4.5)
    planes = inside & (case.orientation >= 0)
    axes.plot(x[inside & ~planes], z[inside & ~planes], "x", color="#999", markersize=4)
    axes.set(xlim=(-9, 9), ylim=(-42, 2))
    return axes.scatter(x[planes], z[planes], c=case.tilt[planes], s=50, marker="s", vmin=0, vmax=10)


def show_cells(axes, case, sides, cells, values, scale):
    """Sum of the values of the ions in columns across two axes, of those that hold enough ions."""
    columns = case.ions[:, sides]
    ions = numpy.histogram2d(*columns.T, cells)[0]
    shown = values(*columns.T, ions)
    shown[ions < 0.5 * numpy.median(ions[ions > 0])] = numpy.nan
    return axes.pcolormesh(*cells, shown.T, vmin=scale[0], vmax=scale[1])


def show_density(axes, case):
    cells = numpy.arange(-8, 8.1), numpy.arange(-8, 8.1)
    return show_cells(axes, case, [0, 1], cells, lambda x, y, ions: ions / 1000, (0, 3))


def show_ranged(axes, case):
    return show_share(axes, case, numpy.ones(len(case.ions)), case.ranged, (0.5, 1))


def show_nickel(axes, case):
    return show_share(axes, case, case.ranged, case.nickel, (0.1, 0.6))


def show_share(axes, case, whole, part, scale):
    cells = numpy.arange(-8, 8.1, 2), numpy.arange(-40, 0.1, 4)

    def share(x, z, ions):
        among = numpy.histogram2d(x, z, cells, weights=whole)[0]
        return numpy.histogram2d(x, z, cells, weights=part)[0] / numpy.maximum(among, 1)

    return show_cells(axes, case, [0, 2], cells, share, scale)


def write_words(axes, title, case):
    axes.axis("off")
    whole = textwrap.wrap(case.words, 54)
    heeded = [line for words in case.heeded for line in textwrap.wrap("- " + words, 58, subsequent_indent="  ")]
    for text, size, at, weight, color in (
        (title, 10, 0, "bold", "black"),
        ("\n".join(whole), 8, 18, "bold", COLORS[case.verdict]),
        ("\n".join(heeded), 7.5, 22 + 12 * len(whole), "normal", "black"),
    ):
        axes.annotate(text, (0, 1), (0, -at), "axes fraction", "offset points", fontsize=size, va="top",
                      weight=weight, color=color)


def draw(cases, titles, panels, path):
    """A row for each case: the panels, each (name, how to show, label of the colours), and the words."""
    widths = [2.2 if label is None else 1.2 for _, _, label in panels] + [2.7]
    figure, axes = pyplot.subplots(len(titles), len(widths), figsize=(11, 2 * len(titles)), layout="constrained",
                                   gridspec_kw={"width_ratios": widths})
    for (name, title), row in zip(titles.items(), axes):
        for (sides, show, label), panel in zip(panels, row):
            shown = show(panel, cases[name])
            panel.tick_params(labelsize=7)
            panel.set_xlabel("x (nm)", fontsize=7, labelpad=0)
            panel.set_ylabel(sides, fontsize=7, labelpad=0)
            if label:
                bar = figure.colorbar(shown, ax=panel)
                bar.set_label(label, fontsize=7)
                bar.ax.tick_params(labelsize=7)
        write_words(row[-1], title, cases[name])
    figure.savefig(path, dpi=75)


def main(folder):
    apt = csro_plugin.load_plugin()
    cases = {name: Case(apt, properties) for name, properties in CASES.items()}
    draw(cases, PLANES, (("z (nm)", show_planes, None), ("z (nm)", show_tilt, "tilt (degrees)")),
         os.path.join(folder, "quality-planes.png"))
    draw(cases, IONS, (("y (nm)", show_density, "1000 ions per nm2"), ("z (nm)", show_ranged, "ranged share"),
                       ("z (nm)", show_nickel, "fraction of Ni")), os.path.join(folder, "quality-ions.png"))
    print("| properties | for the whole | rows that are not ok |\n|---|---|---|")
    for name, properties in CASES.items():
        given = ", ".join(f"`{key}={value!r}`" for key, value in properties.items()) or "none"
        print(f"| {given} | **{cases[name].verdict}**: {cases[name].words} | {'; '.join(cases[name].heeded)} |")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The pictures of docs/statistics.md, from the product itself:

    pvpython tests/bench/statistics_pictures.py [NAME ...]

Without names all of them. They show the built-in specimen (Simulate Realistic APT with its defaults). CSRO_PLUGIN is the
path of the plugin, as for csro_batch.py.
"""

import os
import sys

import matplotlib
import numpy

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "sample_states"))
import csro_outputs  # noqa: E402
import csro_plugin  # noqa: E402
from paraview.vtk.util.numpy_support import vtk_to_numpy  # noqa: E402

COLORS = {"Co": "#26c", "Cr": "#c26", "Ni": "#283"}
GREY = "#999"


def table(proxy, port=0):
    proxy.UpdatePipeline()
    columns = csro_outputs.columns_of(csro_outputs.output(proxy, port))
    return {name: numpy.array(values) for name, values in columns.items()}


def order(apt, specimen, axes):
    """alpha of like pairs by plane offsets, and what can be detected."""
    measured = apt.OrderParameters(Input=specimen, By="Plane offsets", Copies=99)
    found = table(measured)
    for k, (name, color) in enumerate(COLORS.items()):
        rows = found["Pair"] == f"{name}-{name}"
        planes, alpha = found["Planes"][rows] + 0.12 * (k - 1), found["Alpha"][rows]
        axes[0].errorbar(planes, alpha, [alpha - found["Low"][rows], found["High"][rows] - alpha], fmt="o", ms=4,
                         color=color, label=f"{name}-{name}")
    axes[0].fill_between(found["Planes"][rows], -1.96 * found["CopiesStdDev"][rows], 1.96 * found["CopiesStdDev"][rows],
                         color=GREY, alpha=0.3, label="copies, 95 %")
    axes[0].axhline(0, color=GREY, lw=0.6)
    axes[0].set(xlabel="planes between", ylabel="order parameter alpha")
    axes[0].legend(fontsize=7)
    chart = table(measured, 2)
    for name, values in chart.items():
        if name.startswith("Alpha_at_"):
            share = int(name[9:]) / 100
            axes[1].semilogy(chart["SigmaZ_nm"], values, color=pyplot.cm.viridis(0.9 - 0.8 * share), lw=1,
                             label=f"{share:.0%} detected")
    axes[1].plot(chart["SigmaZ_nm"], chart["ThisDataSet"], "o", color="#c22", label="this data set")
    axes[1].set(xlabel="sigma_z (nm)", ylabel="smallest |alpha|\nthat is detectable")
    axes[1].legend(fontsize=7)


def neighbours(apt, specimen, axes):
    """Distances of the first and tenth neighbour of Ni-Ni, against copies and ions at random."""
    for axis, k in zip(axes, (1, 10)):
        found = table(apt.NearestNeighbours(Input=specimen, Pairs="Ni-Ni", ShownNeighbour=k, Bins=50, Reach=1), 1)
        r = found["Distance_nm"]
        axis.bar(r, found["Density_Ni_Ni"], r[1] - r[0], color="#9bd", label="data")
        axis.plot(r, found["CopiesMean_Ni_Ni"], color="k", lw=1, label="copies")
        axis.plot(r, found["Random_Ni_Ni"], "--", color="#c22", lw=1, label="ions at random")
        axis.set(xlabel=f"distance of neighbour {k}, Ni-Ni (nm)", ylabel="share per nm")
        axis.legend(fontsize=7)


def spectrum(apt, specimen, axes):
    """The mass spectrum with its background, and fractions as ranged and corrected."""
    fit = apt.SpectrumFit(Input=specimen)
    found = table(fit)
    inside = found["MassToCharge_Da"] < 66
    axes[0].semilogy(found["MassToCharge_Da"][inside], found["All ions"][inside] + 0.5, lw=0.5, color="#26c")
    axes[0].semilogy(found["MassToCharge_Da"][inside], found["Background"][inside] + 0.5, color="#c22", lw=1,
                     label="background")
    axes[0].set(xlabel="mass to charge (Da)", ylabel="ions in 0.01 Da")
    axes[0].legend(fontsize=7)
    found = table(fit, 3)
    place = numpy.arange(len(found["Name"]))
    axes[1].axhline(0, color=GREY, lw=0.6)
    axes[1].errorbar(place, 100 * (found["Fraction"] - found["RawFraction"]), 196 * found["StandardError"], fmt="o", ms=4,
                     color="#26c", label="corrected, with its 95 % interval")
    axes[1].set_xticks(place, found["Name"])
    axes[1].set(ylabel="at. % more than as ranged")
    axes[1].legend(fontsize=7)


def maps(apt, specimen, axes):
    """Composition along z, and the density across it."""
    found = table(apt.Profile(Input=specimen, Width=2))
    full = found["Ranged"] > 1000
    for name, color in COLORS.items():
        axes[0].errorbar(found["Position_nm"][full], 100 * found[f"Fraction_{name}"][full],
                         196 * found[f"StandardError_{name}"][full], color=color, lw=1, label=name)
    axes[0].set(xlabel="z (nm)", ylabel="at. %")
    axes[0].legend(fontsize=7)
    density = apt.DensityMaps(Input=specimen, Projection="Along z", Spacing=0.5, Delocalisation=0.5)
    density.UpdatePipeline()
    image = csro_outputs.output(density)
    n, origin, step = image.GetDimensions(), image.GetOrigin(), image.GetSpacing()
    values = vtk_to_numpy(image.GetPointData().GetArray("Density_nm2")).reshape(n[1], n[0])
    extent = [origin[0], origin[0] + n[0] * step[0], origin[1], origin[1] + n[1] * step[1]]
    drawn = axes[1].imshow(values, origin="lower", extent=extent)
    axes[1].figure.colorbar(drawn, ax=axes[1], label="ions per nm2")
    axes[1].set(xlabel="x (nm)", ylabel="y (nm)")


def band(axis, x, found, pair):
    axis.fill_between(x, found[f"CopiesLow_{pair}"], found[f"CopiesHigh_{pair}"], color=GREY, alpha=0.5, label="copies")


def radial(apt, specimen, axes):
    """g(r) of Ni-Ni and of all ions, and of Ni-Ni over that of all ions."""
    found = table(apt.RadialDistribution(Input=specimen, Pairs="Ni-Ni", Bins=80), 1)
    r = found["Distance_nm"]
    axes[0].plot(r, found["All_ions"], color="k", lw=1, label="all ions")
    axes[0].plot(r, found["G_Ni_Ni"], "--", color="#283", lw=1, label="Ni-Ni")
    axes[0].set(xlabel="distance (nm)", ylabel="g(r)", ylim=(0, 1.3))
    axes[0].legend(fontsize=7)
    with numpy.errstate(invalid="ignore", divide="ignore"):
        over = {name: found[name] / found["All_ions"] for name in ("G_Ni_Ni", "CopiesLow_Ni_Ni", "CopiesHigh_Ni_Ni")}
    band(axes[1], r, over, "Ni_Ni")
    axes[1].plot(r, over["G_Ni_Ni"], color="#283", lw=1, label="Ni-Ni")
    axes[1].set(xlabel="distance (nm)", ylabel="g of Ni-Ni / g of all ions", xlim=(0.2, 2), ylim=(0.97, 1.03))
    axes[1].legend(fontsize=7)


def frequency(apt, specimen, axes):
    """Blocks by the ions of Ni in them: compact, and in sequence."""
    for axis, blocks in zip(axes, ("Compact in space", "In sequence")):
        found = table(apt.FrequencyDistribution(Input=specimen, Species="Ni", Blocks=blocks), 1)
        band(axis, found["Ions"], found, "Ni")
        axis.plot(found["Ions"], found["Binomial_Ni"], color="k", lw=1, label="binomial")
        axis.plot(found["Ions"], found["Observed_Ni"], "o", ms=3, color="#283", label="observed")
        axis.set(xlabel=f"ions of Ni in a block of 100, {blocks.lower()}", ylabel="blocks", xlim=(15, 55))
        axis.legend(fontsize=7)


def sdm(apt, specimen, axes):
    """Pairs of Ni-Ni by their difference along z, against copies, and the ratio in a plane with z."""
    found = table(apt.SpatialMaps(Input=specimen, Pairs="Ni-Ni", Axes="z"), 1)
    z = found["dz_nm"]
    with numpy.errstate(invalid="ignore", divide="ignore"):
        over = {name: found[name] / found["Expected_Ni_Ni"] for name in ("Pairs_Ni_Ni", "CopiesLow_Ni_Ni", "CopiesHigh_Ni_Ni")}
    band(axes[0], z, over, "Ni_Ni")
    axes[0].plot(z, over["Pairs_Ni_Ni"], color="#283", lw=1, label="data")
    axes[0].set(xlabel="difference along z (nm)", ylabel="pairs of Ni-Ni / by chance")
    axes[0].legend(fontsize=7)
    axes[1].plot(z, found["Pairs_Ni_Ni"], color="#283", lw=1)
    axes[1].set(xlabel="difference along z (nm)", ylabel="pairs of Ni-Ni")


PICTURES = {"order": order, "neighbours": neighbours, "radial": radial, "frequency": frequency, "sdm": sdm,
            "spectrum": spectrum, "maps": maps}


def main():
    apt = csro_plugin.load_plugin()
    specimen = apt.SimulateRealisticAPT()
    for name in sys.argv[1:] or PICTURES:
        figure, axes = pyplot.subplots(1, 2, figsize=(8, 2.9), layout="constrained")
        PICTURES[name](apt, specimen, axes)
        figure.savefig(os.path.join(ROOT, "docs", "images", f"statistics-{name}.png"), dpi=100)
        pyplot.close(figure)


if __name__ == "__main__":
    main()

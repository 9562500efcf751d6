"""The null on real data: the isotopes of tungsten sit at random by nature, so nothing may find order among them.

    pvpython tests/bench/isotopes.py FOLDER [--exchange ranged|all] [--within all|IONS] [--copies 19] [--out FILE.json]
                                     [--cases whole,+x+y,...]

FOLDER has W_TAP_110cal.pos and W_isotopes.rrng. Cases: a182, a184 and a186 in the whole specimen and in its four
quadrants about x = 0.5, y = -0.5 nm, each a data set of its own with its own copies (seed 1). For each: the statistics
of the published chain among those of the copies, and what Detect Order reports at the measured plane spacing.
"""

import argparse
import json
import os
import sys
import tempfile

import numpy

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "sample_states"))
import csro_outputs  # noqa: E402
import csro_pipeline  # noqa: E402
import csro_plugin  # noqa: E402

ISOTOPES = ("a182", "a184", "a186")
AXIS = (0.5, -0.5)  # nm: the 110 pole
SPACING = 0.2238  # nm, of the 110 planes, measured
QUADRANTS = {"whole": None, "+x+y": (1, 1), "-x+y": (-1, 1), "-x-y": (-1, -1), "+x-y": (1, -1)}
STATISTICS = ("domains", "ordered_ions", "largest", "mu")


def write_quadrant(folder, rows, signs):
    if signs:
        rows = rows[(signs[0] * (rows[:, 0] - AXIS[0]) > 0) & (signs[1] * (rows[:, 1] - AXIS[1]) > 0)]
    path = os.path.join(folder, "part.pos")
    with open(path, "wb") as file:
        file.write(rows.astype(">f4").tobytes())
    return path


def detected(found, isotope):
    """Sizes of the domains that Detect Order reports."""
    apt = csro_plugin.load_plugin()
    detect = apt.DetectOrder(Input=found.ions, Voxels=found.voxels, Species=isotope, PlaneSpacing=SPACING, Copies=0)
    detect.UpdatePipeline()
    return csro_outputs.columns_of(csro_outputs.output(detect, 2))["Size"]


def run(folder, options):
    rows = numpy.fromfile(os.path.join(folder, "W_TAP_110cal.pos"), ">f4").reshape(-1, 4)
    ranges = os.path.join(folder, "W_isotopes.rrng")
    entries = []
    for quadrant in options.cases.split(","):
        with tempfile.TemporaryDirectory() as temporary:
            path = write_quadrant(temporary, rows, QUADRANTS[quadrant])
            found = csro_pipeline.analyse(
                path, ranges, pairs=[f"{isotope}-{isotope}" for isotope in ISOTOPES], copies=options.copies, seed=1,
                exchange=options.exchange, within=options.within, detect=False,
                force=True)
            for isotope in ISOTOPES:
                entry = found.results["pairs"][f"{isotope}-{isotope}"]
                entries.append({"part": quadrant, "isotope": isotope, "statistics": entry["statistics"],
                                "detected": detected(found, isotope)})
                print(line(entries[-1]), flush=True)
            found.delete()
    return entries


def line(entry):
    cells = [f"{entry['part']} {entry['isotope']}"]
    for name in STATISTICS:
        found = entry["statistics"][name]
        if found["p"] is None:
            cells += ["", ""]
            continue
        digits = "{:.2f}" if name == "mu" else "{:.0f}"
        value, low, high = (digits.format(number) for number in (found["value"], *found["band"]))
        cells += [f"{value} ({low} to {high})", f"{found['p']:.2f}"]
    return "| " + " | ".join([*cells, str(len(entry["detected"]))]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--exchange", default="ranged")
    parser.add_argument("--within", default="all")
    parser.add_argument("--copies", type=int, default=19)
    parser.add_argument("--cases", default=",".join(QUADRANTS))
    parser.add_argument("--out")
    options = parser.parse_args()
    print("| case | domains (copies, 5 to 95 %) | p | ordered ions | p | largest | p | mean mu | p | Detect Order |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    entries = run(options.folder, options)
    for name in STATISTICS:
        p = [entry["statistics"][name]["p"] for entry in entries if entry["statistics"][name]["p"] is not None]
        print(f"{name}: p <= 0.05 in {sum(value <= 0.05 for value in p)} of {len(p)}")
    print(f"Detect Order reports nothing in {sum(not entry['detected'] for entry in entries)} of {len(entries)}")
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(entries, file)


if __name__ == "__main__":
    main()

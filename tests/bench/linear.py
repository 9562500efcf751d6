"""How memory and time of statistics grow with the number of ions.

    pvpython tests/bench/linear.py MILLIONS [MILLIONS ...]

simulates a box of so many millions of ions, each in a process of its own, and runs Nearest Neighbours (Ni-Ni, k = 10) and
Order Parameters (shells to 0.6 nm, all pairs) without copies. Prints rows of a Markdown table: seconds of all threads
together, which other programs on the machine change little, per million ions, too, and the largest resident memory after
each step as the kernel counted it.
"""

import os
import resource
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "sample_states"))


def measure(millions):
    import csro_plugin
    apt = csro_plugin.load_plugin()
    width = 60
    height = millions * 1e6 / (4 / 0.36**3 * 0.52 * width**2)
    specimen = apt.SimulateAPT(Shape="Box", Width=[width, width], Height=height, DomainDensity=0)
    cells, before = [], time.process_time()
    for proxy in (specimen, apt.NearestNeighbours(Input=specimen, Pairs="Ni-Ni", NearestNeighbours=10, Copies=0),
                  apt.OrderParameters(Input=specimen, By="Radial shells", Radii=[0, 0.6], Copies=0)):
        proxy.UpdatePipeline()
        if proxy is specimen:
            ions = proxy.GetDataInformation().GetNumberOfPoints() / 1e6
        after = time.process_time()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        cells.append(f"{after - before:.1f} | {(after - before) / ions:.2f} | {memory:.1f}")
        before = after
    print(f"| {ions:.2f} | " + " | ".join(cells) + " |", flush=True)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--one":
        measure(float(sys.argv[2]))
        return
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print("| million ions | simulate, s | s per million | GiB | nearest neighbours, s | s per million | GiB | "
          "order parameters, s | s per million | GiB |\n|" + "---:|" * 10, flush=True)
    for millions in sys.argv[1:]:
        subprocess.run(["pvpython", os.path.abspath(__file__), "--one", millions], check=True)


if __name__ == "__main__":
    main()

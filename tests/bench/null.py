"""The null on specimens without order: p must not be smaller than uniform, and Detect Order must be silent.

    pvpython tests/bench/null.py [--kind background|gradient|pole] [--seeds 40] [--first 1] [--copies 19]

Boxes of 24 x 8 x 8 nm of random CoCrNi, one per seed. background: the share of unranged ions grows from 0.1 to 0.4 along
x; gradient: Ni from 20 to 45 % along x, copies in neighbourhoods of 5000 ions; pole: most ions missing around an axis
along z. Ni-Ni by the published chain, seed of the copies 1000 times that of the specimen. Prints a line per seed and the
one-sided Kolmogorov-Smirnov p of each statistic.
"""

import argparse
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "sample_states"))
import csro_outputs  # noqa: E402
import csro_pipeline  # noqa: E402
import csro_plugin  # noqa: E402

KINDS = {
    "background": ({"Background": 0.1, "BackgroundAxis": "x", "BackgroundTo": 0.4}, "all"),
    "gradient": ({"GradientAxis": "x", "GradientSpecies": "Ni", "Gradient": [0.2, 0.45]}, 5000),
    "pole": ({"PoleLoss": 0.7, "PoleRadius": 2}, "all"),
}
STATISTICS = ("domains", "ordered_ions", "largest", "mu")


def trial(kind, seed, copies):
    apt = csro_plugin.load_plugin()
    properties, within = KINDS[kind]
    specimen = apt.SimulateAPT(Shape="Box", Width=[24, 8], Height=8, DomainDensity=0, Seed=seed, **properties)
    found = csro_pipeline.analyse(specimen, pairs="Ni-Ni", copies=copies, seed=1000 * seed, within=within, detect=False)
    detect = apt.DetectOrder(Input=found.ions, Voxels=found.voxels, Species="Ni", PlaneSpacing=0.18, Copies=0)
    detect.UpdatePipeline()
    reported = len(csro_outputs.columns_of(csro_outputs.output(detect, 2))["Size"])
    statistics = found.results["pairs"]["Ni-Ni"]["statistics"]
    from paraview import simple
    simple.Delete(detect)
    found.delete()
    simple.Delete(specimen)
    return statistics, reported


def smaller_than_uniform(values):
    """One-sided Kolmogorov-Smirnov p that so many values are this small (asymptotic)."""
    values = sorted(values)
    excess = max((i + 1) / len(values) - p for i, p in enumerate(values))
    return math.exp(-2 * len(values) * max(excess, 0) ** 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--copies", type=int, default=19)
    options = parser.parse_args()
    for kind in [options.kind] if options.kind else KINDS:
        p, silent = {name: [] for name in STATISTICS}, 0
        for seed in range(options.first, options.first + options.seeds):
            statistics, reported = trial(kind, seed, options.copies)
            silent += not reported
            for name in STATISTICS:
                p[name].append(statistics[name]["p"])
            domains = statistics["domains"]
            print(f"{kind} {seed}: {domains['value']} domains (copies {domains['copies_mean']:.1f}), p",
                  " ".join(f"{name} {p[name][-1]:.2f}" for name in STATISTICS), "Detect Order", reported, flush=True)
        for name in STATISTICS:
            print(f"| {kind} | {name} | {sum(value <= 0.05 for value in p[name])} of {options.seeds} | "
                  f"{smaller_than_uniform(p[name]):.3f} |")
        print(f"| {kind} | Detect Order silent | {silent} of {options.seeds} | |", flush=True)


if __name__ == "__main__":
    main()

"""Draws docs/images/null.png from the results of isotopes.py, published exchange and ours:

    python3 tests/bench/isotopes_picture.py ALL.json RANGED.json PICTURE.png
"""

import json
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402


def draw(axes, path, title):
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    for i, entry in enumerate(entries):
        found = entry["statistics"]["domains"]
        mean = found["copies_mean"]
        low, high = (bound / mean for bound in found["band"])
        axes.plot([i, i], [low, high], color="#9ab", linewidth=7, solid_capstyle="butt")
        significant = found["p"] <= 0.05
        axes.plot(i, found["value"] / mean, "o", color="#c22" if significant else "#333")
    axes.axhline(1, color="#9ab", linewidth=0.8)
    axes.set_xticks(range(len(entries)))
    axes.set_xticklabels([f"{entry['part']} {entry['isotope'][1:]}" for entry in entries], rotation=90, fontsize=7)
    count = sum(entry["statistics"]["domains"]["p"] <= 0.05 for entry in entries)
    axes.set_title(f"{title}: p = 0.05 in {count} of {len(entries)}", fontsize=9)


def main(published, ours, picture):
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6), sharey=True)
    draw(axes[0], published, "labels exchanged among all ions (published)")
    draw(axes[1], ours, "among the ranged ions (default)")
    axes[0].set_ylabel("domains, relative to the mean of 19 copies\n(bar: 5 to 95 % of the copies)", fontsize=8)
    figure.tight_layout()
    figure.savefig(picture, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:])

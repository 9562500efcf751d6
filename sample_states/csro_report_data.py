"""The chapter of a report on the data: files, composition, mass spectrum, quality, lattice planes. Used by csro_report.py;
needs no ParaView."""

import math
import os

import csro_svg
from csro_markup import NOTHING, element, fixed, interval, measured, number
from csro_page import figure, mark, paragraph, plural, table
from csro_report_theory import theory


def data(record):
    results = record["results"]
    return [element("h2", "1. The data"), files(record), composition(record), spectrum(record), quality_table(results),
            pole(results), theory(record)]


def files(record):
    rows = [(element("code", os.path.basename(file["path"])), f"{number(file['bytes'])}", element("code", file["sha256"]))
            for file in record["provenance"]["files"]]
    if not rows:
        return paragraph("The ions are simulated, with the parameters of section 6; no file was read.")
    return table("Files", ("file", "#bytes", "SHA-256"), rows)


def composition(record):
    results = record["results"]
    species, ions = results["species"], results["ions"]
    ranged = sum(count for name, count in species.items() if name != "unranged")
    rows = []
    for name, count in species.items():
        if name == "unranged":
            rows.append((name, number(count), NOTHING, NOTHING))
        elif ranged:
            part = count / ranged
            rows.append((name, number(count), fixed(100 * part, 2), fixed(100 * math.sqrt(part * (1 - part) / ranged), 2)))
    bounds = record["bounds_nm"]
    where = bounds and ", ".join(f"{axis} {fixed(bounds[2 * k], 2)} to {fixed(bounds[2 * k + 1], 2)}"
                                 for k, axis in enumerate("xyz"))
    text = plural(ions, "ion") + (f", {number(ranged)} of them ranged" if species else "") + (f"; {where} nm." if where else ".")
    if not ranged:
        return paragraph(text)
    return [paragraph(text),
            table("Composition", ("species", "#ions", "#% of the ranged ions", "#\u00b1 (counting, 1 standard error)"), rows),
            paragraph("Species are counted as ions; molecular ions are not split into atoms, and overlapping peaks are not "
                      "deconvolved: the error is that of counting alone.", class_="note")]


def spectrum(record):
    found = record["spectrum"]
    if not found:
        return None
    counts = dict(found["counts"])
    every = counts.pop("All ions")
    named = [(name, colour_of(record, name, k), values) for k, (name, values) in enumerate(counts.items()) if any(values)]
    bins = f" Of each {found['bins_per_point']} bins the highest is drawn." if found["bins_per_point"] > 1 else ""
    return figure(csro_svg.spectrum("Mass spectrum", found["mass_da"], every, named),
                  f"Mass spectrum, bins of {number(found['bin_width_da'], 2)} Da, logarithmic; ranged ions in the colours of "
                  f"the range file.{bins}", class_="wide")


def quality_table(results):
    quality = results.get("quality")
    if not quality:
        return None
    if "error" in quality:
        return paragraph(f"Data Quality: {quality['error']}")
    rows = [(row["quantity"], measured(row["value"], row["low"], row["high"]), interval(row["low"], row["high"]),
             row["unit"].replace("1/nm3", "per nm\u00b3"), mark(row["verdict"]), row["words"]) for row in quality["rows"]]
    return table("Quality of the data along this pole (interval: as Data Quality gives it, 2 standard errors)",
                 ("quantity", "#value", "#interval", "unit", "verdict", "what it means"), rows)


def pole(results):
    found = results.get("pole")
    if not found:
        return None
    rows = [(name.replace("_", " in "), number(value)) for name, value in found.items() if name != "matrix"]
    return table("Lattice planes (Find Pole)", ("quantity", "#value"), rows)


def colour_of(record, species, k):
    """As the range file has it, darkened where white paper would swallow it."""
    red_green_blue = record["species_colors"].get(species)
    if not red_green_blue:
        return csro_svg.PALETTE[k % len(csro_svg.PALETTE)]
    light = sum(weight * value for weight, value in zip((0.3, 0.59, 0.11), red_green_blue))
    factor = min(1, 0.7 / light) if light else 1
    return "#" + "".join(f"{round(255 * min(1, max(0, factor * value))):02x}" for value in red_green_blue)
